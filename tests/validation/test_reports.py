"""A report in every format: nothing is lost, and nothing in it can break out."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from reformgraph.errors import ParameterError
from reformgraph.namespaces import RGS, SH, XSD
from reformgraph.shacl.reports import FORMATS, Rendering, severity, writer
from reformgraph.validation import Report, Result

FAULT = Result(
    focus="https://example.org/figure",
    shape=RGS + "Observation-shareRange",
    severity="Violation",
    component="SPARQLConstraintComponent",
    value="130",
    value_term=f'"130"^^<{XSD}integer>',
    messages={"zh": "比重 130 <太大>", "en": "the share 130 is <too> large\x00"},
)
NEWS = Result(
    focus="_:b",
    shape=RGS + "Audit-issued",
    severity="Info",
    component="MinCountConstraintComponent",
    path="http://purl.org/dc/terms/issued",
    messages={"zh": "没有日期", "en": "no day"},
)
REPORT = Report((FAULT, NEWS))
RULES = [FAULT.shape, NEWS.shape, RGS + "Evidence-end"]


def written(format_: str, report: Report = REPORT, **how: object) -> bytes:
    return writer(format_)(report, Rendering(rules=RULES, **how))  # type: ignore[arg-type]


def test_text_ends_with_a_summary_in_the_language() -> None:
    assert written("text").decode().endswith("Does not conform (1 Violation, 0 Warning, 1 Info)\n")
    assert written("text", language="zh").decode().endswith("不符合（Violation 1 条，Warning 0 条，Info 1 条）\n")


def test_json_holds_both_languages_and_all_fields() -> None:
    body = json.loads(written("json"))
    assert (body["conforms"], body["counts"]["Info"], len(body["results"])) == (False, 1, 2)
    assert body["results"][0]["messages"] == FAULT.messages
    assert body["results"][1]["path"] == NEWS.path


@pytest.mark.parametrize(("threshold", "passes"), [("Violation", True), ("Warning", True), ("Info", False)])
def test_the_threshold_decides_whether_news_fail(threshold: str, passes: bool) -> None:
    news = Report((NEWS,))
    assert Rendering(severity=threshold).passes(news) is passes
    assert json.loads(written("json", news, severity=threshold))["conforms"] is passes
    failures = ElementTree.fromstring(written("junit", news, severity=threshold)).attrib["failures"]
    assert failures == ("0" if passes else "1")


def test_junit_has_a_case_for_each_result_and_each_rule_that_found_nothing() -> None:
    suites = ElementTree.fromstring(written("junit"))
    assert [case.attrib["name"] for case in suites.iter("testcase")] == [
        "rgs:Observation-shareRange https://example.org/figure",
        "rgs:Audit-issued _:b",
        "rgs:Evidence-end",
    ]
    (failure,) = suites.iter("failure")
    assert failure.attrib["message"] == "the share 130 is <too> large\ufffd"
    assert [out.text for out in suites.iter("system-out")] == [f"Info: no day\n{NEWS.shape}"]


@pytest.mark.parametrize("format_", sorted(set(FORMATS) - {"turtle", "ttl", "jsonld", "rdf"}))
def test_the_iri_of_each_rule_stands_in_full_in_the_report(format_: str) -> None:
    text = written(format_).decode()
    assert FAULT.shape in text
    assert NEWS.shape in text


def test_html_shows_messages_as_text() -> None:
    page = written("html").decode()
    assert "&lt;too&gt;" in page
    assert f'href="{FAULT.shape}"' in page


@pytest.mark.parametrize("format_", ["turtle", "nt", "jsonld", "rdf"])
def test_rdf_is_the_report_that_shacl_describes(format_: str) -> None:
    syntax = {"turtle": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD}
    without_null = Report((Result(**{**FAULT.__dict__, "messages": {"en": "too large"}}), NEWS))
    store = ox.Store()
    store.load(written(format_, without_null), format=syntax.get(format_, ox.RdfFormat.RDF_XML))
    rows = store.query(
        f"PREFIX sh: <{SH}> SELECT ?focus ?value ?severity {{ ?report a sh:ValidationReport ; sh:conforms false ; sh:result ?r . "
        "?r a sh:ValidationResult ; sh:focusNode ?focus ; sh:resultSeverity ?severity . OPTIONAL { ?r sh:value ?value } } ORDER BY ?value"
    )
    news, fault = list(rows)  # type: ignore[arg-type]
    assert isinstance(news["focus"], ox.BlankNode)
    assert fault["value"] == ox.Literal(130)
    assert fault["severity"] == ox.NamedNode(SH + "Violation")


def test_an_empty_report_conforms_in_every_format() -> None:
    for format_ in FORMATS:
        assert written(format_, Report(()))
    assert b"sh:conforms true" in written("turtle", Report(()))


def test_unknown_words_are_told_with_what_is_known() -> None:
    assert severity("warning") == "Warning"
    with pytest.raises(ParameterError, match="Violation, Warning, Info"):
        severity("grave")
    with pytest.raises(ParameterError, match="junit"):
        writer("pdf")
