"""Validation reports as SHACL has them: `sh:ValidationReport` and its results.

Specification: https://www.w3.org/TR/shacl/#validation-report. `sh:conforms` is false as soon as there is a result,
whatever its severity. Results have the IRIs of findings; the report itself is a blank node.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from reformgraph.namespaces import RDF, SH, prefixes
from reformgraph.shacl.uniongraph import Node, Term
from reformgraph.validation import Report, Result

_TYPE = ox.NamedNode(RDF + "type")


def report_bytes(report: Report, format_: ox.RdfFormat) -> bytes:
    """A report in a syntax of RDF, with the prefixes that it uses where the syntax has prefixes."""
    triples = list(report_triples(report))
    text = "\n".join(map(str, triples))
    used = {prefix: namespace for prefix, namespace in prefixes().items() if f"<{namespace}" in text}
    found = ox.serialize(triples, format=format_, prefixes=used)
    assert found is not None
    return found


def report_triples(report: Report) -> Iterator[ox.Triple]:
    """The triples of a report."""
    node = ox.BlankNode("report")
    yield ox.Triple(node, _TYPE, _sh("ValidationReport"))
    yield ox.Triple(node, _sh("conforms"), ox.Literal(not report.results))
    for result in report.results:
        subject = ox.NamedNode(result.iri)
        yield ox.Triple(node, _sh("result"), subject)
        for name, value in _properties(result):
            yield ox.Triple(subject, _TYPE if name == "type" else _sh(name), value)


def _properties(result: Result) -> Iterator[tuple[str, Term]]:
    yield "type", _sh("ValidationResult")
    yield "focusNode", _node(result.focus)
    yield "resultSeverity", _sh(result.severity)
    yield "sourceConstraintComponent", _sh(result.component)
    yield "sourceShape", _node(result.shape)
    if result.path:
        yield "resultPath", _node(result.path)
    if result.value_term:
        yield "value", _term(result.value_term)
    for language, message in result.messages.items():
        yield "resultMessage", ox.Literal(message, language=language)


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(SH + name)


def _node(name: str) -> Node:
    return ox.BlankNode(name.removeprefix("_:")) if name.startswith("_:") else ox.NamedNode(name)


def _term(text: str) -> Term:
    """A term from its N-Triples form."""
    (quad,) = ox.parse(f"<x:s> <x:p> {text} .", format=ox.RdfFormat.N_TRIPLES)
    term: Term = quad.object
    return term
