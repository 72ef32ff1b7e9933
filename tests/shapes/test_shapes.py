"""Every shape with a constraint fires on a made-up report with that one fault, and on no valid one.

The example of each rule, `shapes/examples/<rule>.trig`, is a case that passes and one that fails. Further cases are Turtle
files below the folder of their shapes' file: `valid.<case>.ttl` gives no result at all, `invalid.<reason>.ttl` gives what
the approved list beside it tells (focus, path, shape, severity, English message); those of examples are in `examples/`.
Cases about content are held against all shapes, the others against the core ones: few of them are reports that a careful
reader would let pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

import pyoxigraph as ox
import pyshacl
import pytest
from cases import FOLDER, INVALID, VALID, Case
from rdflib import RDF, Dataset, Graph, URIRef

from reformgraph.content import content_root
from reformgraph.namespaces import RGS, SH, SKOS, compact
from reformgraph.validation import Report, read_shapes

PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")

# Shape -> the further cases that break it and nothing else.
FAULTS = {
    "Audit-base": "base-untold",
    "Audit-parts": "parts-at-least-above-total parts-below-total",
    "Claim-claimant": "claimant-in-words claimant-two",
    "Claim-evidence": "evidence-no-span vague-claim-without-evidence",
    "Claim-voice": "voice-of-another-scheme voice-two",
    "Evidence-end": "end-decimal",
    "Evidence-exact": "exact-empty exact-tagged exact-too-long",
    "Evidence-hasSource": "source-no-document",
    "Evidence-prefix": "prefix-too-long",
    "Evidence-start": "start-decimal start-negative",
    "Evidence-suffix": "suffix-too-long",
    "Labelled-en": "english-two facility-without-english person-without-english ranking-group-without-english",
    "Labelled-tags": "tag-french tag-with-script",
    "Labelled-zh": "chinese-two problem-without-chinese",
    "Membership-member": "member-two",
    "Membership-organization": "organization-two",
    "Observation-agency": "agency-two",
    "Observation-bound": "bound-of-another-scheme",
    "Observation-iri": "observation-named-as-claim",
    "Observation-measureKind": "measure-kind-of-another-scheme",
    "Observation-metric": "metric-in-words metric-two",
    "Observation-modality": "modality-of-another-scheme",
    "Observation-rankRange": "rank-beyond-group rank-not-whole",
    "Observation-refArea": "area-in-words",
    "Observation-refPeriod": "period-two",
    "Observation-shareRange": "share-below-0",
    "Observation-unit": "unit-in-words unit-two",
    "Observation-unitFitsKind": "change-pp-in-percent count-in-cny count-in-percent duration-in-num money-in-num rank-in-num ratio-in-cny share-in-num",
    "Observation-unitText": "unit-text-two",
    "Observation-value": "value-double value-in-words",
    "Place-gbCode": "code-of-five-digits code-two",
    "RelationClaim-object": "object-in-words",
    "RelationClaim-predicate": "predicate-two",
    "RelationClaim-subject": "subject-two",
    "SourceDocument-charLength": "length-0 length-decimal length-two",
    "SourceDocument-sha256": "hash-too-short",
}
# An IRI with a key that is no key cannot be the one that the hash gives either; without a field there is no size of it;
# what stands elsewhere is not derived again.
TOGETHER = {
    "SourceDocument-iri": {"SourceDocument-iri", "SourceDocument-key"},
    "Audit-rankField": {"Audit-rankField", "Audit-groupSize"},
    "relation-stated-outright": {"RelationClaim-direct", "DirectRelation"},
}

Validated = Callable[[Case], tuple[ox.Store, Report]]


def told(case: Case) -> str:
    return case.id


def rules_of(case: Case) -> set[str]:
    """The shapes that a case breaks."""
    if case.half:
        return TOGETHER.get(case.name, {case.name})
    return TOGETHER.get(case.name) or {shape for shape, cases in FAULTS.items() if case.name in cases.split()}


def table(report: Report) -> str:
    """The results of a report as sorted lines: focus, path, shape, severity, English message."""
    rows = (
        (
            compact(result.focus),
            compact(result.path or ""),
            compact(result.shape),
            result.severity,
            result.messages["en"],
        )
        for result in report.results
    )
    return "".join("\t".join(row) + "\n" for row in sorted(rows))


@cache
def shapes() -> ox.Store:
    return read_shapes(content_root())


def having(predicate: str) -> set[str]:
    """Local names of the shapes with a property of the SHACL vocabulary."""
    quads = shapes().quads_for_pattern(None, ox.NamedNode(SH + predicate), None)
    return {str(quad.subject).strip("<>").removeprefix(RGS) for quad in quads}


def constrained() -> set[str]:
    """Local names of the shapes that can be the source of a result: property shapes, and node shapes with a target."""
    targeted = having("targetClass") | having("targetSubjectsOf")
    return having("path") | (targeted & (having("sparql") | having("pattern")))


def messages(shape: str) -> list[ox.Literal]:
    quads = shapes().quads_for_pattern(ox.NamedNode(RGS + shape), ox.NamedNode(SH + "message"), None)
    return [quad.object for quad in quads if isinstance(quad.object, ox.Literal)]


def bound_by(shape: str) -> set[str]:
    """Names that can fill a shape's message: those of SHACL's core, or the variables that its select projects."""
    if shape not in having("sparql"):
        return {"this", "value", "path"}
    query = f"SELECT ?text {{ <{RGS}{shape}> <{SH}sparql>/<{SH}select> ?text }}"
    rows = shapes().query(query)
    assert isinstance(rows, ox.QuerySolutions)
    texts = [str(row["text"]) for row in rows]
    return {found for text in texts for found in re.findall(r"[?$](\w+)", text.partition("WHERE")[0])}


@pytest.mark.parametrize("case", VALID, ids=told)
def test_valid_report_has_no_result(case: Case, validated: Validated) -> None:
    assert table(validated(case)[1]) == ""


@pytest.mark.parametrize("case", INVALID, ids=told)
def test_results_are_the_approved_ones(case: Case, validated: Validated, approve: bool) -> None:
    approved = case.approved
    found = table(validated(case)[1])
    if approve:
        approved.write_text(found, "utf-8")
    assert approved.is_file(), "no approved results yet: look at them after pytest tests/shapes --approve"
    assert found == approved.read_text("utf-8")


@pytest.mark.parametrize("case", INVALID, ids=told)
def test_fault_fires_only_its_own_shape(case: Case, validated: Validated) -> None:
    expected = rules_of(case)
    found = [result.shape.removeprefix(RGS) for result in validated(case)[1].results]
    assert len(expected) >= 1, "name the case in FAULTS"
    assert sorted(found) == sorted(expected)


def test_table_of_faults_names_each_case_once() -> None:
    listed = [case for cases in FAULTS.values() for case in cases.split()]
    files = [case.name for case in INVALID if not case.half]
    assert sorted([*listed, *(TOGETHER.keys() & set(files))]) == sorted(files)


def test_every_constrained_shape_has_an_example_that_passes_and_one_that_fails() -> None:
    for cases in (VALID, INVALID):
        assert sorted(case.name for case in cases if case.half) == sorted(constrained())


def test_approved_results_belong_to_a_case() -> None:
    assert set(FOLDER.glob("*/*.approved.txt")) == {case.approved for case in INVALID}


def test_what_is_our_fault_is_a_violation_and_the_rest_is_not(validated: Validated) -> None:
    found: dict[str, set[str]] = {}
    for result in (result for case in INVALID for result in validated(case)[1].results):
        kind = result.shape.removeprefix(RGS).partition("-")[0]
        found.setdefault(kind, set()).add(result.severity)
    assert found.pop("Labelled") == {"Warning"}
    assert found.pop("Audit") == {"Warning", "Info"}
    assert set().union(*found.values()) == {"Violation"}


def test_every_rule_has_its_number_and_no_number_is_left_out() -> None:
    notations = {
        quad.subject: quad.object for quad in shapes().quads_for_pattern(None, ox.NamedNode(SKOS + "notation"), None)
    }
    numbered = {str(shape).strip("<>").removeprefix(RGS): number.value for shape, number in notations.items()}
    assert set(numbered) == constrained()
    # The verifier holds S5: the text is not in the graph.
    assert set(numbered.values()) == {f"S{n}" for n in range(1, 40)} - {"S5"}


@pytest.mark.parametrize("shape", sorted(constrained()))
def test_message_has_the_same_placeholders_in_both_languages(shape: str) -> None:
    texts = {message.language: message.value for message in messages(shape)}
    placeholders = {language: set(PLACEHOLDER.findall(text)) for language, text in texts.items()}
    assert set(texts) == {"zh", "en"}
    assert placeholders["zh"] == placeholders["en"] <= bound_by(shape) | {"this"}


@pytest.mark.parametrize("case", INVALID, ids=told)
def test_rendered_message_keeps_no_placeholder(case: Case, validated: Validated) -> None:
    for result in validated(case)[1].results:
        assert set(result.messages) == {"zh", "en"}
        # The braces of the IRI policy's [0-9a-f]{12} stay.
        assert not [text for text in result.messages.values() if re.search(r"\{[^0-9]", text)]


@cache
def shapes_graph(family: str) -> Graph:
    """The shapes of a family for rdflib, with their SPARQL constraints and the prefix table."""
    quads = read_shapes(content_root(), family)
    text = ox.serialize({quad.triple for quad in quads}, format=ox.RdfFormat.N_TRIPLES)
    return Graph(bind_namespaces="none").parse(data=(text or b"").decode(), format="nt")


def by_pyshacl(store: ox.Store, family: str, shapes: list[str] | None = None) -> Iterator[tuple[str, str, str]]:
    """Focus, source shape and severity of what pyshacl finds itself in the union of the store's graphs."""
    data = Dataset(default_union=True)
    data.parse(data=(store.dump(format=ox.RdfFormat.N_QUADS) or b"").decode(), format="nquads")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes_graph(family), allow_warnings=True, use_shapes=shapes)
    for node in report.subjects(RDF.type, URIRef(SH + "ValidationResult")):
        focus, shape, severity = (
            report.value(node, URIRef(SH + part)) for part in ("focusNode", "sourceShape", "resultSeverity")
        )
        yield str(focus), str(shape), str(severity).removeprefix(SH)


BY_SPARQL = [case for case in INVALID if rules_of(case) & having("sparql")]


# pyshacl 0.40.1 asks datasets by names that rdflib 7.6 has deprecated.
@pytest.mark.filterwarnings("ignore:Dataset[.]:DeprecationWarning")
@pytest.mark.parametrize("case", BY_SPARQL, ids=told)
def test_pyshacl_finds_the_same_by_its_own_sparql(case: Case, validated: Validated) -> None:
    store, report = validated(case)
    found = set(by_pyshacl(store, case.family, [RGS + rule for rule in rules_of(case)]))
    assert found
    assert found == {(result.focus, result.shape, result.severity) for result in report.results}


# All shapes take seconds.
@pytest.mark.filterwarnings("ignore:Dataset[.]:DeprecationWarning")
@pytest.mark.parametrize("case", BY_SPARQL[::12], ids=told)
def test_pyshacl_finds_no_more_by_all_shapes(case: Case, validated: Validated) -> None:
    store, report = validated(case)
    found = set(by_pyshacl(store, case.family))
    assert found == {(result.focus, result.shape, result.severity) for result in report.results}
