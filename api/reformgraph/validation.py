"""SHACL: run the shapes over a store, and say in two languages what is wrong and how to mend it.

pyshacl checks the core constraints over an rdflib copy of the union. SPARQL constraints run here, each `sh:select`
once over the whole store with `$this` free, its solutions kept where `$this` is a focus node: per focus node, as
pyshacl runs them, the five reports take minutes. A select therefore binds `$this` in a required pattern; tests hold
both ways against each other. Messages are `sh:message` templates in zh and en, filled here with labels and
bindings, since pyshacl loses languages and fills no placeholder of a core constraint.
Specification: https://www.w3.org/TR/shacl/
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from reformgraph.errors import SourceFileError
from reformgraph.messages import LANGUAGES, Messages
from reformgraph.namespaces import BASE, RDF, RDFS, RG, SH, SHAPES, SKOS, VALIDATION

SEVERITIES = ("Violation", "Warning", "Info")
_SPARQL_COMPONENT = "SPARQLConstraintComponent"


@dataclass(frozen=True)
class Result:
    """One validation result: what is wrong with which node, by which shape."""

    focus: str
    shape: str
    severity: str
    component: str
    path: str | None = None
    value: str | None = None
    messages: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def iri(self) -> str:
        """IRI of the finding: the shape's name and a digest of focus, path and value."""
        key = "\n".join((self.focus, self.shape, self.path or "", self.value or ""))
        return f"{BASE}finding/{self.shape.rpartition('#')[2]}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


@dataclass(frozen=True)
class Report:
    """All results, worst first; `conforms` is true when none is a Violation."""

    results: tuple[Result, ...]

    @property
    def conforms(self) -> bool:
        """Whether no result is a Violation: those are our faults, the others the sources'."""
        return not any(result.severity == "Violation" for result in self.results)

    def counts(self) -> dict[str, int]:
        """Number of results of each severity."""
        found = Counter(result.severity for result in self.results)
        return {severity: found[severity] for severity in SEVERITIES}

    def without(self, known: frozenset[str]) -> Report:
        """The results whose finding IRIs are not among the known ones."""
        return Report(tuple(result for result in self.results if result.iri not in known))


def validate(store: ox.Store, root: Path) -> Report:
    """Run the shapes below a content root over the union of the store's graphs."""
    shapes = read_shapes(root)
    messages = Messages(store, shapes)
    results = {*_core_results(store, shapes, messages), *_sparql_results(store, shapes, messages)}
    return Report(tuple(sorted(results, key=_order)))


def _order(result: Result) -> tuple[Any, ...]:
    return (
        SEVERITIES.index(result.severity),
        result.shape,
        result.focus,
        result.path or "",
        result.value or "",
    )


def read_shapes(root: Path) -> ox.Store:
    """The shapes and the prefix table, which their `sh:select` texts use, in the default graph of a store."""
    shapes = ox.Store()
    for path in [root / "ontology" / "prefixes.ttl", *sorted((root / "shapes").rglob("*.ttl"))]:
        try:
            shapes.load(path=str(path), format=ox.RdfFormat.TURTLE)
        except SyntaxError as error:
            raise SourceFileError(path, error.lineno or 0, str(error.msg)) from None
    return shapes


def _core_results(store: ox.Store, shapes: ox.Store, messages: Messages) -> Iterator[Result]:
    """What pyshacl finds with the SPARQL constraints taken out; it and rdflib load only where they are needed."""
    import pyshacl  # noqa: PLC0415
    from rdflib import URIRef  # noqa: PLC0415

    core = _rdflib_graph(quad.triple for quad in shapes if quad.predicate.value != SH + "sparql")
    data = _rdflib_graph(quad.triple for quad in store if quad.graph_name.value != SHAPES)
    _, report, _ = pyshacl.validate(data, shacl_graph=core, inplace=True, allow_warnings=True)
    for node in report.subjects(URIRef(RDF + "type"), URIRef(SH + "ValidationResult")):
        parts = {str(p).removeprefix(SH): str(o) for p, o in report.predicate_objects(node)}
        yield messages_of(parts, messages)


def messages_of(parts: dict[str, str], messages: Messages) -> Result:
    """A Result from the local names of a `sh:ValidationResult`'s properties and their values."""
    bindings = {
        "this": parts["focusNode"],
    }
    bindings |= {name: parts[key] for name, key in (("value", "value"), ("path", "resultPath")) if key in parts}
    return Result(
        focus=parts["focusNode"],
        shape=parts["sourceShape"],
        severity=parts["resultSeverity"].removeprefix(SH),
        component=parts["sourceConstraintComponent"].removeprefix(SH),
        path=parts.get("resultPath"),
        value=parts.get("value"),
        messages={language: messages.render(parts["sourceShape"], language, bindings) for language in LANGUAGES},
    )


def _rdflib_graph(triples: Iterator[ox.Triple]) -> Any:
    from rdflib import Graph  # noqa: PLC0415

    text = ox.serialize(set(triples), format=ox.RdfFormat.N_TRIPLES)
    assert text is not None
    return Graph(bind_namespaces="none").parse(data=text.decode(), format="nt")


def _sparql_results(store: ox.Store, shapes: ox.Store, messages: Messages) -> Iterator[Result]:
    prefixes = shape_prefixes(shapes)
    for quad in shapes.quads_for_pattern(None, ox.NamedNode(SH + "sparql"), None):
        shape = quad.subject
        severity = _object(shapes, shape, SH + "severity") or SH + "Violation"
        select = _object(shapes, quad.object, SH + "select") or ""
        focus_nodes = _focus_nodes(store, shapes, shape)
        for row in _solutions(store, select, prefixes, shape.value):  # type: ignore[union-attr]
            if row["this"] in focus_nodes:
                parts = {"focusNode": row["this"], "sourceShape": shape.value}  # type: ignore[union-attr]
                parts |= {"resultSeverity": severity, "sourceConstraintComponent": SH + _SPARQL_COMPONENT}
                parts |= {"value": row["value"]} if "value" in row else {}
                result = messages_of(parts, messages)
                texts = {language: messages.render(result.shape, language, row) for language in LANGUAGES}
                yield Result(**{**result.__dict__, "messages": texts})


def _object(store: ox.Store, subject: Any, predicate: str) -> str | None:
    for quad in store.quads_for_pattern(subject, ox.NamedNode(predicate), None):
        return str(quad.object.value)  # type: ignore[union-attr]
    return None


def _focus_nodes(store: ox.Store, shapes: ox.Store, shape: Any) -> set[str]:
    """The targets of a node shape: instances of its target classes, subjects of its target predicates."""
    nodes: set[str] = set()
    for target in shapes.quads_for_pattern(shape, ox.NamedNode(SH + "targetClass"), None):
        rows = store.query(
            f"SELECT ?x {{ ?x a ?class . ?class <{RDFS}subClassOf>* {target.object} }}",
            use_default_graph_as_union=True,
        )
        nodes.update(row["x"].value for row in rows)  # type: ignore[union-attr]
    for target in shapes.quads_for_pattern(shape, ox.NamedNode(SH + "targetSubjectsOf"), None):
        quads = store.quads_for_pattern(None, target.object, None)  # type: ignore[arg-type]
        nodes.update(quad.subject.value for quad in quads)  # type: ignore[union-attr]
    return nodes


def _solutions(store: ox.Store, select: str, prefixes: dict[str, str], shape: str) -> Iterator[dict[str, str]]:
    try:
        rows = store.query(select, prefixes=prefixes, use_default_graph_as_union=True)
    except SyntaxError as error:
        raise SourceFileError(shape, error.lineno or 0, f"sh:select does not parse: {error.msg}") from None
    assert isinstance(rows, ox.QuerySolutions)
    for row in rows:
        yield {v.value: row[v].value for v in rows.variables if row[v] is not None}


def shape_prefixes(shapes: ox.Store) -> dict[str, str]:
    """The prefixes that the shapes declare by `sh:declare`, for their `sh:select` texts."""
    rows = shapes.query(f"SELECT ?p ?n {{ ?x <{SH}prefix> ?p ; <{SH}namespace> ?n }}")
    assert isinstance(rows, ox.QuerySolutions)
    return {row["p"].value: row["n"].value for row in rows}


def finding_quads(report: Report) -> Iterator[ox.Quad]:
    """The report as `rg:Finding`s of `g:validation`; IRIs only, so that two builds give the same quads."""
    for result in report.results:
        subject = ox.NamedNode(result.iri)
        for predicate, node in _finding(result):
            yield ox.Quad(subject, ox.NamedNode(predicate), node, ox.NamedNode(VALIDATION))


def _finding(result: Result) -> Iterator[tuple[str, ox.NamedNode | ox.Literal]]:
    yield RDF + "type", ox.NamedNode(RG + "Finding")
    yield SH + "focusNode", ox.NamedNode(result.focus)
    yield RG + "concerns", ox.NamedNode(result.focus)
    yield SH + "sourceShape", ox.NamedNode(result.shape)
    yield SH + "resultSeverity", ox.NamedNode(SH + result.severity)
    yield SH + "sourceConstraintComponent", ox.NamedNode(SH + result.component)
    if result.path:
        yield SH + "resultPath", ox.NamedNode(result.path)
    for language, message in result.messages.items():
        yield SH + "resultMessage", ox.Literal(message, language=language)
        yield SKOS + "prefLabel", ox.Literal(message, language=language)
