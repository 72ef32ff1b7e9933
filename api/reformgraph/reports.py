"""Validation reports as text, JSON and Turtle."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

import pyoxigraph as ox

from reformgraph.errors import ParameterError
from reformgraph.namespaces import RDF, SH, compact
from reformgraph.results import graph_bytes
from reformgraph.validation import Report, finding_quads

Writer = Callable[[Report, str], bytes]


def writer(format_: str) -> Writer:
    """The function that writes a report in a format; ParameterError for one that is not offered."""
    if format_ not in _WRITERS:
        raise ParameterError("--format", f"{format_!r} is not offered here.", list(_WRITERS))
    return _WRITERS[format_]


def _text(report: Report, language: str) -> bytes:
    lines = [f"{r.severity}: {r.messages[language]}\n    {compact(r.shape)}\n" for r in report.results]
    counts = ", ".join(f"{count} {severity}" for severity, count in report.counts().items())
    return "".join([*lines, f"{'Conforms' if report.conforms else 'Does not conform'} ({counts})\n"]).encode()


def _json(report: Report, language: str) -> bytes:
    results = [{"finding": result.iri, **asdict(result)} for result in report.results]
    body = {"conforms": report.conforms, "counts": report.counts(), "results": results}
    return (json.dumps(body, ensure_ascii=False, indent=2) + "\n").encode()


def _turtle(report: Report, language: str) -> bytes:
    subject = ox.BlankNode("report")
    conforms = ox.Literal(report.conforms)
    triples = [
        ox.Triple(subject, ox.NamedNode(RDF + "type"), ox.NamedNode(SH + "ValidationReport")),
        ox.Triple(subject, ox.NamedNode(SH + "conforms"), conforms),
        *(ox.Triple(subject, ox.NamedNode(SH + "result"), ox.NamedNode(result.iri)) for result in report.results),
        *(quad.triple for quad in finding_quads(report)),
    ]
    return graph_bytes(triples, ox.RdfFormat.TURTLE)


_WRITERS: dict[str, Writer] = {"text": _text, "json": _json, "turtle": _turtle}
