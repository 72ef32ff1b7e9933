"""Validation reports as data of the release: an `rg:Finding` of `g:validation` for each result."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from reformgraph.namespaces import RDF, RG, SH, SKOS, VALIDATION
from reformgraph.validation import Report, Result


def finding_quads(report: Report) -> Iterator[ox.Quad]:
    """The report as `rg:Finding`s of `g:validation`; IRIs only, so that two builds give the same quads."""
    for result in report.results:
        subject = ox.NamedNode(result.iri)
        for predicate, node in _finding(result):
            yield ox.Quad(subject, ox.NamedNode(predicate), node, ox.NamedNode(VALIDATION))


def _finding(result: Result) -> Iterator[tuple[str, ox.NamedNode | ox.Literal]]:
    yield RDF + "type", ox.NamedNode(RG + "Finding")
    yield SH + "focusNode", ox.NamedNode(result.focus)
    for claim in (result.focus, *result.claims):
        yield RG + "concerns", ox.NamedNode(claim)
    yield SH + "sourceShape", ox.NamedNode(result.shape)
    yield SH + "resultSeverity", ox.NamedNode(SH + result.severity)
    yield SH + "sourceConstraintComponent", ox.NamedNode(SH + result.component)
    if result.path:
        yield SH + "resultPath", ox.NamedNode(result.path)
    if result.arithmetic:
        yield RG + "arithmetic", ox.Literal(result.arithmetic)
    for language, message in result.messages.items():
        yield SH + "resultMessage", ox.Literal(message, language=language)
        yield SKOS + "prefLabel", ox.Literal(message, language=language)
