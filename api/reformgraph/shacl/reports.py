"""Validation reports as text, JSON, HTML, JUnit XML and RDF, in Chinese or English."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from reformgraph.errors import ParameterError
from reformgraph.shacl.junit import junit
from reformgraph.shacl.reportgraphs import report_bytes
from reformgraph.shacl.reportpage import page
from reformgraph.validation import SEVERITIES, Report, Result


@dataclass(frozen=True)
class Rendering:
    """How a report is to be told: language, the severity from which a result counts, the rules that were checked."""

    language: str = "en"
    severity: str = "Violation"
    rules: Sequence[str] = ()

    def counts(self, result: Result) -> bool:
        """Whether a result is at least that severe."""
        return SEVERITIES.index(result.severity) <= SEVERITIES.index(self.severity)

    def passes(self, report: Report) -> bool:
        """Whether no result counts."""
        return not any(self.counts(result) for result in report.results)


Writer = Callable[[Report, Rendering], bytes]


def writer(format_: str) -> Writer:
    """The function that writes a report in a format; ParameterError for one that is not offered."""
    if format_ not in _WRITERS:
        raise ParameterError("--format", f"{format_!r} is not offered here.", list(_WRITERS))
    return _WRITERS[format_]


def severity(name: str) -> str:
    """`Violation`, `Warning` or `Info`, however it is written; ParameterError for another word."""
    if name.capitalize() not in SEVERITIES:
        raise ParameterError("--severity", f"{name!r} is no severity.", list(SEVERITIES))
    return name.capitalize()


def summary(report: Report, how: Rendering) -> str:
    """`Conforms (0 Violation, 3 Warning, 1 Info)`, in the language asked for."""
    counts = report.counts().items()
    passes = how.passes(report)
    if how.language == "zh":
        listed = "，".join(f"{severity} {count} 条" for severity, count in counts)
        return f"{'符合' if passes else '不符合'}（{listed}）"
    listed = ", ".join(f"{count} {severity}" for severity, count in counts)
    return f"{'Conforms' if passes else 'Does not conform'} ({listed})"


def _text(report: Report, how: Rendering) -> bytes:
    lines = [f"{r.severity}: {r.messages[how.language]}\n    {r.shape}\n" for r in report.results]
    return "".join([*lines, summary(report, how) + "\n"]).encode()


def as_json(report: Report, how: Rendering) -> dict[str, Any]:
    """The report as JSON has it; messages in both languages."""
    return {
        "conforms": how.passes(report),
        "severity": how.severity,
        "counts": report.counts(),
        "results": [_json_result(result) for result in report.results],
    }


def _json_result(result: Result) -> dict[str, Any]:
    return {
        "finding": result.iri,
        "focus": result.focus,
        "shape": result.shape,
        "severity": result.severity,
        "component": result.component,
        "path": result.path,
        "value": result.value,
        "claims": list(result.claims),
        "arithmetic": result.arithmetic or None,
        "messages": result.messages,
    }


def _json(report: Report, how: Rendering) -> bytes:
    return (json.dumps(as_json(report, how), ensure_ascii=False, indent=2) + "\n").encode()


def _html(report: Report, how: Rendering) -> bytes:
    return page(report, how.language, summary(report, how)).encode()


def _junit(report: Report, how: Rendering) -> bytes:
    return junit(report, how.language, how.rules, how.counts)


def _rdf(format_: ox.RdfFormat) -> Writer:
    return lambda report, _: report_bytes(report, format_)


_WRITERS: dict[str, Writer] = {
    "text": _text,
    "json": _json,
    "html": _html,
    "junit": _junit,
    "turtle": _rdf(ox.RdfFormat.TURTLE),
    "ttl": _rdf(ox.RdfFormat.TURTLE),
    "nt": _rdf(ox.RdfFormat.N_TRIPLES),
    "jsonld": _rdf(ox.RdfFormat.JSON_LD),
    "rdf": _rdf(ox.RdfFormat.RDF_XML),
}
FORMATS = tuple(_WRITERS)
