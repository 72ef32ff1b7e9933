"""Rules: what each file of `queries/rules` adds to a few triples, and that all of them together come to rest."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from reformgraph.assembly import assemble
from reformgraph.content import content_root
from reformgraph.errors import SourceFileError
from reformgraph.namespaces import DERIVED, INFERRED, compact, expand, sparql_prologue
from reformgraph.rules import apply_rules, read_rules

RULES = content_root() / "queries" / "rules"
STATED = ox.NamedNode("https://w3id.org/reformgraph/graph/doc-x")
TESTED = {
    "derived-counts", "derived-plans", "derived-rates", "derived-sums", "direct-relations", "first-evidence", "labels", "limits", "own-subproperties", "period-lengths", "selectors", "superclasses",
}  # fmt: skip


def stated(turtle: str) -> ox.Store:
    """A store with the triples of some Turtle, which may use the whole prefix table, in one named graph."""
    store = ox.Store()
    store.load(sparql_prologue() + turtle, format=ox.RdfFormat.TURTLE, to_graph=STATED)
    return store


def short(node: ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple) -> str:
    return compact(node.value) if isinstance(node, ox.NamedNode) else str(node)


def added(turtle: str, rule: str, graph: str = INFERRED) -> set[tuple[str, str, str]]:
    """What one rule adds to some Turtle; all of it stands in the one graph."""
    store = stated(turtle)
    apply_rules(store, [r for r in read_rules(RULES) if r.path.stem == rule])
    new = [quad for quad in store if quad.graph_name != STATED]
    assert {quad.graph_name.value for quad in new} <= {graph}
    return {(short(q.subject), short(q.predicate), short(q.object)) for q in new}


def limits(value: str, bound: str, quote: str) -> tuple[Decimal | None, Decimal | None]:
    """Lower and upper limit of a figure with this value and bound whose evidence is this quote; None is open."""
    store = stated(
        f"""obs:x a rg:Observation ; rg:value {value} ; rg:bound code:bound-{bound} ; rg:evidence span:x .
        span:x rg:exact "{quote}" ."""
    )
    apply_rules(store, [rule for rule in read_rules(RULES) if rule.path.stem == "limits"])
    found = {
        quad.predicate.value: quad.object for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(DERIVED))
    }
    assert all(isinstance(node, ox.Literal) for node in found.values())
    lower, upper = (found.get(ox.NamedNode(expand(name) or "").value) for name in ("rg:lower", "rg:upper"))
    return tuple(Decimal(node.value) if node is not None else None for node in (lower, upper))  # type: ignore[union-attr, return-value]


def test_every_rule_has_a_test() -> None:
    assert {rule.path.stem for rule in read_rules(RULES)} == TESTED


@pytest.mark.parametrize(
    ("value", "bound", "quote", "lower", "upper"),
    [
        ("13000", "over", "13000余人", "13000", "14000"),
        ("36800", "over", "36800余台", "36800", "36900"),
        ("36801", "over", "36801多台", "36801", "36802"),
        ("1.5", "over", "1.5多", "1.5", "1.6"),
        ("400000000", "under", "近4亿元", "300000000", "400000000"),
        ("92.5", "under", "近92.5%", "92.4", "92.5"),
        ("13000", "approx", "约13000人", "12500", "13500"),
        ("7", "approx", "约7个", "6.5", "7.5"),
        ("310", "exact", "310个", "310", "310"),
        ("-12.5", "exact", "下降12.5%", "-12.5", "-12.5"),
        ("0", "exact", "零发案", "0", "0"),
        ("10", "top-n", "前十", "1", "10"),
    ],
)
def test_limits_are_one_step_of_the_last_digit_that_is_not_zero(
    value: str, bound: str, quote: str, lower: str, upper: str
) -> None:
    assert limits(value, bound, quote) == (Decimal(lower), Decimal(upper))


@pytest.mark.parametrize(
    ("value", "bound", "quote"),
    [("50000000", "at-least", "5000万以上"), ("100", "over", "超过100%"), ("2.5", "over", "高于2.5%")],
)
def test_at_least_and_above_are_open_upwards(value: str, bound: str, quote: str) -> None:
    assert limits(value, bound, quote) == (Decimal(value), None)


@pytest.mark.parametrize(("bound", "quote"), [("under", "不到30分钟"), ("up-to", "30分钟以内")])
def test_below_and_within_are_open_downwards(bound: str, quote: str) -> None:
    assert limits("30", bound, quote) == (None, Decimal(30))


def test_a_limit_that_is_whole_is_an_integer_also_where_the_value_is_a_decimal() -> None:
    facts = "obs:x a rg:Observation ; rg:value 2.0 ; rg:bound code:bound-exact ; rg:evidence span:x ."
    assert {o for _, p, o in added(facts, "limits", DERIVED) if p == "rg:lower"} == {
        '"2"^^<http://www.w3.org/2001/XMLSchema#integer>'
    }


def test_a_negative_figure_has_limits_only_where_it_is_exact() -> None:
    assert limits("-20", "over", "下降20多%") == (None, None)
    assert limits("-20", "exact", "下降20%") == (Decimal(-20), Decimal(-20))


def test_only_an_achieved_or_unqualified_relation_is_a_direct_triple() -> None:
    claim = "claim:{0} rdf:subject agency:x ; rdf:predicate rg:implements ; rdf:object init:{0} {1} ."
    done = claim.format("done", "; rg:modality code:modality-achieved")
    planned = claim.format("planned", "; rg:modality code:modality-planned")
    running = claim.format("running", "; rg:modality code:modality-in-progress")
    plain = claim.format("plain", "")
    assert added("\n".join((done, planned, running, plain)), "direct-relations", DERIVED) == {
        ("agency:x", "rg:implements", "init:done"),
        ("agency:x", "rg:implements", "init:plain"),
    }


def test_every_preferred_label_is_a_label_and_no_other_is() -> None:
    facts = 'place:x skos:prefLabel "河湾市"@zh , "Hewan"@en ; skos:altLabel "河湾"@zh .'
    assert added(facts, "labels") == {
        ("place:x", "rdfs:label", '"河湾市"@zh'),
        ("place:x", "rdfs:label", '"Hewan"@en'),
    }


def test_a_span_has_a_position_and_a_quote_selector_with_iris() -> None:
    span = 'span:x a rg:Evidence ; rg:start 2 ; rg:end 4 ; rg:exact "计算" ; rg:prefix "有" ; rg:suffix "机" .'
    found = added(span, "selectors")
    assert {o for s, p, o in found if (s, p) == ("span:x", "oa:hasSelector")} == {"span:x#position", "span:x#quote"}
    number = '"{}"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert {(p, o) for s, p, o in found if s == "span:x#position"} == {
        ("rdf:type", "oa:TextPositionSelector"), ("oa:start", number.format(2)), ("oa:end", number.format(4)),
    }  # fmt: skip
    assert {(p, o) for s, p, o in found if s == "span:x#quote"} == {
        ("rdf:type", "oa:TextQuoteSelector"), ("oa:exact", '"计算"'), ("oa:prefix", '"有"'), ("oa:suffix", '"机"'),
    }  # fmt: skip


def test_own_superproperties_are_filled_and_others_are_not() -> None:
    facts = """rg:agency rdfs:subPropertyOf rg:about . rg:about rdfs:subPropertyOf schema:observationAbout .
        skos:prefLabel rdfs:subPropertyOf rdfs:label . rg:first rdfs:subPropertyOf rg:agency .
        obs:x rg:agency agency:x ; skos:prefLabel "x" . obs:y rg:first agency:y ."""
    assert added(facts, "own-subproperties") == {
        ("obs:x", "rg:about", "agency:x"),
        ("obs:y", "rg:agency", "agency:y"),
        ("obs:y", "rg:about", "agency:y"),
    }


def test_a_thing_has_every_superclass_of_its_type() -> None:
    facts = """rg:Observation rdfs:subClassOf rg:Claim . rg:Claim rdfs:subClassOf rg:Statement .
        obs:x a rg:Observation . claim:x a rg:Claim ."""
    assert added(facts, "superclasses") == {
        ("obs:x", "rdf:type", "rg:Claim"),
        ("obs:x", "rdf:type", "rg:Statement"),
        ("claim:x", "rdf:type", "rg:Statement"),
    }


def test_the_first_evidence_starts_first_and_of_two_with_one_start_is_the_longer() -> None:
    facts = """claim:x rg:evidence span:late , span:short , span:long . claim:y rg:evidence span:late .
        span:late rg:start 900 ; rg:end 901 . span:short rg:start 7 ; rg:end 9 . span:long rg:start 7 ; rg:end 20 ."""
    assert added(facts, "first-evidence") == {
        ("claim:x", "rg:firstEvidence", "span:long"),
        ("claim:y", "rg:firstEvidence", "span:late"),
    }


METRICS = """metric:m skos:prefLabel "数"@zh , "Number"@en . metric:s skos:prefLabel "率"@zh , "Share"@en ;
    schema:measurementDenominator metric:m . metric:r skos:prefLabel "比"@zh , "Rate"@en ; rg:scalingFactor 100 .
"""
FIGURE = "a rg:Observation ; qudt:hasUnit unit:NUM ; rg:bound code:bound-exact ; rg:modality code:modality-achieved"


def derived(turtle: str, rule: str) -> dict[str, set[str]]:
    """Property -> values of the one derived observation that a rule makes."""
    found: dict[str, set[str]] = {}
    for _, predicate, value in added(METRICS + turtle, rule, DERIVED):
        found.setdefault(predicate, set()).add(value.partition("^^")[0].strip('"'))
    return found


def test_the_parts_of_a_whole_are_summed_beside_the_stated_total() -> None:
    parts = "".join(
        f"obs:p{n} rg:partOfTotal obs:t ; rg:value {n} ; rg:lower {n} ; rg:upper {n} . " for n in (938, 1469)
    )
    total = f"obs:t {FIGURE} ; rg:metric metric:m ; rg:value 2678 ; rg:partitionComplete true . "
    found = derived(parts + total, "derived-sums")
    assert (found["rg:value"], found["rg:lower"], found["rg:upper"]) == ({"2407"}, {"2407"}, {"2407"})
    assert found["prov:wasDerivedFrom"] == {"obs:p938", "obs:p1469", "obs:t"}
    assert derived(parts + total.replace("true", "false"), "derived-sums") == {}


def test_a_part_without_an_upper_limit_leaves_the_sum_open() -> None:
    parts = "obs:p1 rg:partOfTotal obs:t ; rg:value 5 ; rg:lower 5 . obs:p2 rg:partOfTotal obs:t ; rg:value 6 ; rg:lower 6 . "
    found = derived(
        parts + f"obs:t {FIGURE} ; rg:metric metric:m ; rg:value 20 ; rg:partitionComplete true .", "derived-sums"
    )
    assert found["rg:lower"] == {"11"}
    assert "rg:upper" not in found


@pytest.mark.parametrize(
    ("value", "unit", "rate"), [("100", "PERCENT", "100"), ("110", "NUM", "110"), ("95.5", "PERCENT", "95.5")]
)
def test_a_rate_is_told_on_the_scale_of_its_metric(value: str, unit: str, rate: str) -> None:
    figure = f"obs:x a rg:Observation ; rg:metric metric:r ; rg:value {value} ; rg:lower {value} ; rg:bound code:bound-over ;"
    found = derived(f"{figure} qudt:hasUnit unit:{unit} .", "derived-rates")
    assert (found["rg:value"], found["rg:lower"], found["rg:bound"]) == ({rate}, {rate}, {"code:bound-over"})
    assert "rg:upper" not in found


def test_an_achieved_figure_is_a_percentage_of_its_plan() -> None:
    plan = f"obs:p {FIGURE} ; rg:metric metric:m ; rg:value 18 . "
    found = derived(
        plan + f"obs:x {FIGURE} ; rg:metric metric:m ; rg:value 1 ; rg:measuredAgainst obs:p .", "derived-plans"
    )
    assert found["rg:value"] == {"5.56"}
    assert found["prov:wasDerivedFrom"] == {"obs:x", "obs:p"}


def test_a_share_of_a_count_implies_a_count_within_its_rounding() -> None:
    where = "sdmx-dimension:refArea place:a ; sdmx-dimension:refPeriod period:y ; rg:firstEvidence span:s"
    base = f"span:s oa:hasSource doc:d . obs:b {FIGURE} ; rg:measureKind code:measure-level ; rg:metric metric:m ; rg:value 188 ; {where} . "
    share = f"obs:x {FIGURE} ; rg:measureKind code:measure-share ; rg:metric metric:s ; rg:value 96.8 ; {where} ."
    found = derived(base + share, "derived-counts")
    assert (found["rg:value"], found["rg:lower"], found["rg:upper"]) == ({"182"}, {"181.89"}, {"182.08"})
    assert derived(base + share.replace("place:a", "place:b"), "derived-counts") == {}


def test_a_triple_that_is_stated_is_not_added_again() -> None:
    assert added('place:x skos:prefLabel "x"@en ; rdfs:label "x"@en .', "labels") == set()


def test_the_rules_come_to_rest_and_a_second_run_adds_nothing(tiny_root: Path) -> None:
    store, rules = assemble(tiny_root), read_rules(tiny_root / "queries" / "rules")
    before = set(store)
    assert set(apply_rules(store, rules).values()) == {0}
    assert set(store) == before


def test_the_order_of_the_rules_does_not_matter() -> None:
    facts = """rg:deepens rdfs:subPropertyOf rg:follows . init:a a rg:Initiative . rg:Initiative rdfs:subClassOf
        rg:Claim . claim:x rdf:subject init:a ; rdf:predicate rg:deepens ; rdf:object init:b ."""
    forth, back = stated(facts), stated(facts)
    apply_rules(forth, read_rules(RULES))
    apply_rules(back, read_rules(RULES)[::-1])
    assert set(forth) == set(back)
    assert ox.NamedNode(expand("rg:follows") or "") in {quad.predicate for quad in forth}


def rule_file(folder: Path, text: str) -> Path:
    path = folder / "made-up.rq"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("head", "line", "reason"), [("", 1, "names the graph"), ("#+ summary: x\n#+ graph: vocab\n", 2, "Unknown graph")]
)
def test_a_rule_without_a_known_graph_is_refused(tmp_path: Path, head: str, line: int, reason: str) -> None:
    path = rule_file(tmp_path, head + "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }\n")
    with pytest.raises(SourceFileError, match=reason) as refused:
        read_rules(tmp_path)
    assert (refused.value.path, refused.value.line) == (path, line)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT * { ?s ?p ?o }", "CONSTRUCT"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p }", r"made-up\.rq:2: "),
        ('CONSTRUCT { ?o a ?o } WHERE { ?s a ?x BIND (IRI(CONCAT(STR(?s), "x")) AS ?o) }', "after 10 rounds"),
    ],
)
def test_a_rule_that_cannot_run_or_does_not_rest_is_refused(tmp_path: Path, query: str, reason: str) -> None:
    rule_file(tmp_path, "#+ graph: derived\n" + query)
    with pytest.raises(SourceFileError, match=reason):
        apply_rules(stated("obs:x a rg:Observation ."), read_rules(tmp_path))


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2015-03-01", "2015-03-01", "1"),
        ("2015-01-01", "2015-12-31", "365"),
        ("2012-01-01", "2012-12-31", "366"),
        ("1900-02-28", "1900-03-01", "2"),
        ("2000-02-28", "2000-03-01", "3"),
    ],
)
def test_the_length_of_a_period_counts_both_its_ends(first: str, last: str, days: str) -> None:
    dates = f'dcat:startDate "{first}"^^xsd:date ; dcat:endDate "{last}"^^xsd:date'
    (found,) = added(f"period:x a rg:Period ; {dates} .", "period-lengths", DERIVED)
    assert found[:2] == ("period:x", "rg:days")
    assert found[2].startswith(f'"{days}"')
