"""Every shape with a constraint fires on a made-up report with that one fault, and on no valid one.

A case is a Turtle file below the folder of its shapes' file: `valid.<case>.ttl` gives no result at all,
`invalid.<reason>.ttl` gives what `invalid.<reason>.approved.txt` lists (focus, path, shape, severity, English message).
The cases of `plausibility/` are held against all shapes, the others against the core ones: few of them are reports
that a careful reader would let pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from families import family_of
from rdflib import RDF, Dataset, Graph, URIRef

from reformgraph.content import content_root
from reformgraph.namespaces import RGS, SH, SKOS, compact
from reformgraph.validation import Report, read_shapes

FOLDER = Path(__file__).parent
VALID = sorted(FOLDER.glob("*/valid.*.ttl"))
INVALID = sorted(FOLDER.glob("*/invalid.*.ttl"))
PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")

# Shape -> the cases that break it and nothing else.
FAULTS = {
    "Acyclic-broader": "metric-broader-than-itself",
    "Acyclic-follows": "initiative-follows-itself",
    "Acyclic-sfWithin": "place-within-itself",
    "Acyclic-subOrganizationOf": "agency-under-itself",
    "Agency-iri": "agency",
    "Audit-areaOfAgency": "area-outside",
    "Audit-base": "base-missing base-untold",
    "Audit-baseline": "baseline-missing",
    "Audit-baselineLength": "baseline-of-another-length",
    "Audit-cannotBothHold": "two-values-at-once",
    "Audit-copiedPassage": "passage-twice",
    "Audit-damaged": "damaged",
    "Audit-disagreement": "two-texts-disagree",
    "Audit-groupSize": "rank-of-unknown-size",
    "Audit-inferredBaseline": "baseline-inferred",
    "Audit-inferredPeriod": "period-inferred",
    "Audit-issued": "issue-date-missing",
    "Audit-kindAboveWhole": "kind-above-whole",
    "Audit-lateAward": "award-after-issue",
    "Audit-lateFigure": "achieved-after-issue",
    "Audit-level": "level-missing",
    "Audit-measureWord": "measure-word-missing",
    "Audit-overPlan": "achieved-beyond-plan",
    "Audit-pageDate": "page-date",
    "Audit-parts": "parts-above-total parts-at-least-above-total parts-below-total",
    "Audit-perInhabitant": "per-inhabitant-far-above",
    "Audit-period": "period-missing",
    "Audit-planRest": "plan-with-a-rest",
    "Audit-planWithoutResult": "plan-without-result",
    "Audit-praisedAndLacking": "praised-and-lacking",
    "Audit-rankAmongItself": "rank-among-itself",
    "Audit-rankTwoFields": "rank-in-two-fields",
    "Audit-rankWithoutNumber": "rank-without-number",
    "Audit-rateAbove100": "rate-above-100",
    "Audit-shareOfCount": "share-of-no-whole-number",
    "Audit-shareOfParts": "share-of-other-parts",
    "Audit-shareRest": "share-with-a-rest",
    "Audit-toldTwice": "fact-twice",
    "Audit-totalRest": "total-with-a-rest",
    "Audit-twoFirsts": "two-firsts",
    "Audit-vagueWords": "vague-words",
    "Award-iri": "award",
    "Claim-claimant": "claimant-in-words claimant-missing claimant-two",
    "Claim-evidence": "evidence-missing evidence-no-span vague-claim-without-evidence",
    "Claim-inferredField": "inferred-field-in-words",
    "Claim-voice": "voice-missing voice-of-another-scheme voice-two",
    "DirectRelation": "relation-without-claim",
    "Event-iri": "event",
    "Evidence-end": "end-decimal end-missing",
    "Evidence-exact": "exact-empty exact-missing exact-tagged exact-too-long",
    "Evidence-hasSource": "source-missing source-no-document",
    "Evidence-inText": "beyond-text",
    "Evidence-iri": "evidence",
    "Evidence-length": "quote-shorter-than-offsets",
    "Evidence-prefix": "prefix-missing prefix-too-long",
    "Evidence-start": "start-decimal start-missing start-negative",
    "Evidence-suffix": "suffix-missing suffix-too-long",
    "Facility-iri": "facility",
    "InformationSystem-iri": "information-system",
    "Initiative-iri": "initiative",
    "Labelled-en": (
        "english-missing english-two facility-without-english person-without-english ranking-group-without-english"
    ),
    "Labelled-tags": "tag-absent tag-french tag-with-script",
    "Labelled-zh": "chinese-missing chinese-two problem-without-chinese",
    "Mechanism-iri": "mechanism",
    "Membership-iri": "membership",
    "Membership-member": "member-missing member-two",
    "Membership-organization": "organization-missing organization-two",
    "Metric-iri": "metric",
    "NormativeDocument-iri": "normative-document",
    "Observation-agency": "agency-missing agency-two",
    "Observation-baselinePeriod": "baseline-period-two",
    "Observation-bound": "bound-missing bound-of-another-scheme",
    "Observation-changeRange": "change-below-minus-100",
    "Observation-dataSource": "data-source-two",
    "Observation-initiative": "initiative-two",
    "Observation-iri": "observation observation-named-as-claim",
    "Observation-measureKind": "measure-kind-missing measure-kind-of-another-scheme",
    "Observation-metric": "metric-in-words metric-missing metric-two",
    "Observation-modality": "modality-missing modality-of-another-scheme",
    "Observation-rankAmong": "ranking-group-two",
    "Observation-rankRange": "rank-0 rank-beyond-group rank-not-whole",
    "Observation-ratioRange": "ratio-0",
    "Observation-refArea": "area-in-words area-two",
    "Observation-refPeriod": "period-in-words period-two",
    "Observation-shareRange": "share-above-100 share-below-0",
    "Observation-system": "system-two",
    "Observation-unit": "unit-in-words unit-missing unit-two",
    "Observation-unitFitsKind": (
        "change-in-percentage-point change-pp-in-percent count-in-cny count-in-percent "
        "duration-in-num money-in-num rank-in-num ratio-in-cny share-in-num"
    ),
    "Observation-unitText": "unit-text-english unit-text-two",
    "Observation-value": "value-double value-in-words value-two",
    "Observation-valuePresent": "value-missing",
    "Period-iri": "period",
    "Period-order": "end-before-start",
    "Person-iri": "person",
    "Place-gbCode": "code-of-another-type code-of-five-digits code-two",
    "Place-iri": "place",
    "Problem-iri": "problem",
    "RankingGroup-iri": "ranking-group",
    "Recommendation-iri": "recommendation",
    "RelationClaim-direct": "part-stated-outright",
    "RelationClaim-iri": "relation-claim",
    "RelationClaim-object": "object-in-words object-missing",
    "RelationClaim-predicate": "predicate-missing predicate-two",
    "RelationClaim-subject": "subject-missing subject-two",
    "SourceDocument-charLength": "length-0 length-decimal length-missing length-two",
    "SourceDocument-key": "hash-of-another",
    "SourceDocument-noBlankNodes": "blank-object",
    "SourceDocument-sha256": "hash-missing hash-too-short",
    "VagueClaim-iri": "vague-claim",
}
# An IRI with a key that is no key cannot be the one that the hash gives either; without a field there is no size of it;
# what stands elsewhere is not derived again.
TOGETHER = {
    "source-document": {"SourceDocument-iri", "SourceDocument-key"},
    "rank-without-field": {"Audit-rankField", "Audit-groupSize"},
    "relation-stated-outright": {"RelationClaim-direct", "DirectRelation"},
}

Validated = Callable[[Path], tuple[ox.Store, Report]]


def name(case: Path) -> str:
    """`share-above-100` of `observation/invalid.share-above-100.ttl`."""
    return case.name.removeprefix("invalid.").removesuffix(".ttl")


def ids(cases: list[Path]) -> list[str]:
    return [f"{case.parent.name}/{case.stem}" for case in cases]


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


@pytest.mark.parametrize("case", VALID, ids=ids(VALID))
def test_valid_report_has_no_result(case: Path, validated: Validated) -> None:
    assert table(validated(case)[1]) == ""


@pytest.mark.parametrize("case", INVALID, ids=ids(INVALID))
def test_results_are_the_approved_ones(case: Path, validated: Validated, approve: bool) -> None:
    approved = case.with_name(f"{case.stem}.approved.txt")
    found = table(validated(case)[1])
    if approve:
        approved.write_text(found, "utf-8")
    assert approved.is_file(), "no approved results yet: look at them after pytest tests/shapes --approve"
    assert found == approved.read_text("utf-8")


@pytest.mark.parametrize("case", INVALID, ids=ids(INVALID))
def test_fault_fires_only_its_own_shape(case: Path, validated: Validated) -> None:
    expected = TOGETHER.get(name(case)) or {shape for shape, cases in FAULTS.items() if name(case) in cases.split()}
    found = [result.shape.removeprefix(RGS) for result in validated(case)[1].results]
    assert len(expected) >= 1, "name the case in FAULTS"
    assert sorted(found) == sorted(expected)


def test_table_of_faults_names_each_case_once() -> None:
    listed = [case for cases in FAULTS.values() for case in cases.split()]
    assert sorted([*listed, *TOGETHER]) == sorted(name(case) for case in INVALID)


def test_every_constrained_shape_is_fired_by_a_case() -> None:
    assert constrained() == set(FAULTS) | set().union(*TOGETHER.values())


def test_approved_results_belong_to_a_case() -> None:
    approved = {path.name.removesuffix(".approved.txt") for path in FOLDER.glob("*/*.approved.txt")}
    assert approved == {case.stem for case in INVALID}


def test_what_is_our_fault_is_a_violation_and_the_rest_is_not(validated: Validated) -> None:
    found: dict[str, set[str]] = {case.parent.name: set() for case in INVALID}
    for case in INVALID:
        found[case.parent.name] |= {result.severity for result in validated(case)[1].results}
    assert found.pop("label") == {"Warning"}
    assert found.pop("plausibility") == {"Warning", "Info"}
    assert set().union(*found.values()) == {"Violation"}


def test_every_rule_has_its_number_and_no_number_is_left_out() -> None:
    notations = {
        quad.subject: quad.object for quad in shapes().quads_for_pattern(None, ox.NamedNode(SKOS + "notation"), None)
    }
    numbered = {str(shape).strip("<>").removeprefix(RGS): number.value for shape, number in notations.items()}
    assert set(numbered) == constrained()
    # The verifier holds S5: the text is not in the graph.
    assert set(numbered.values()) == {f"S{n}" for n in range(1, 40)} - {"S5"}


def test_the_page_of_rules_has_a_section_for_every_number_and_names_every_shape_of_plausibility() -> None:
    page = (content_root() / "docs" / "reference" / "rules.md").read_text("utf-8")
    assert re.findall(r"^## (S\d+) ", page, re.MULTILINE) == [f"S{n}" for n in range(1, 40)]
    assert {shape for shape in constrained() if shape.startswith("Audit-")} == set(
        re.findall(r"`rgs:(Audit-\w+)`", page)
    )


@pytest.mark.parametrize("shape", sorted(constrained()))
def test_message_has_the_same_placeholders_in_both_languages(shape: str) -> None:
    texts = {message.language: message.value for message in messages(shape)}
    placeholders = {language: set(PLACEHOLDER.findall(text)) for language, text in texts.items()}
    assert set(texts) == {"zh", "en"}
    assert placeholders["zh"] == placeholders["en"] <= bound_by(shape) | {"this"}


@pytest.mark.parametrize("case", INVALID, ids=ids(INVALID))
def test_rendered_message_keeps_no_placeholder(case: Path, validated: Validated) -> None:
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


def by_pyshacl(store: ox.Store, family: str) -> Iterator[tuple[str, str, str]]:
    """Focus, source shape and severity of what pyshacl finds itself in the union of the store's graphs."""
    data = Dataset(default_union=True)
    data.parse(data=(store.dump(format=ox.RdfFormat.N_QUADS) or b"").decode(), format="nquads")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes_graph(family), allow_warnings=True)
    for node in report.subjects(RDF.type, URIRef(SH + "ValidationResult")):
        focus, shape, severity = (
            report.value(node, URIRef(SH + part)) for part in ("focusNode", "sourceShape", "resultSeverity")
        )
        yield str(focus), str(shape), str(severity).removeprefix(SH)


BY_SPARQL = [case for case in INVALID if any(name(case) in FAULTS.get(s, "").split() for s in having("sparql"))]


# pyshacl 0.40.1 asks datasets by names that rdflib 7.6 has deprecated.
@pytest.mark.filterwarnings("ignore:Dataset[.]:DeprecationWarning")
@pytest.mark.parametrize("case", BY_SPARQL, ids=ids(BY_SPARQL))
def test_pyshacl_finds_the_same_by_its_own_sparql(case: Path, validated: Validated) -> None:
    store, report = validated(case)
    found = set(by_pyshacl(store, family_of(case)))
    assert found
    assert found == {(result.focus, result.shape, result.severity) for result in report.results}
