"""What a description holds: own triples, labels of all, claims with evidence, and every page of a hub."""

from __future__ import annotations

import httpx
import pyoxigraph as ox
import pytest
from linked_harness import Served, of_the_graph, read, subjects

from reformgraph.namespaces import BASE, RDFS, RG, SKOS

FIGURE = f"{BASE}obs/826ec1811efe-1157-1164"
SPAN = f"{BASE}span/826ec1811efe-1157-1164"
HUB = f"{BASE}agency/eerduosi-shi-gonganju"
REPORT = f"{BASE}doc/826ec1811efe"
NAMED = ox.NamedNode


def values(quads: tuple[ox.Quad, ...], subject: str, property_: str) -> set[str]:
    return {q.object.value for q in quads if q.subject == NAMED(subject) and q.predicate == NAMED(property_)}  # type: ignore[union-attr]


def test_a_figure_comes_with_its_spans_period_metric_unit_speaker_and_report(whole: Served) -> None:
    quads = whole.resources.describe(FIGURE).quads
    assert values(quads, SPAN, RG + "exact") == {"13000余台"}
    assert values(quads, f"{BASE}period/asof-2009-12-15", "http://www.w3.org/ns/dcat#endDate") == {"2009-12-15"}
    for thing in (
        f"{BASE}metric/computers",
        "http://qudt.org/vocab/unit/NUM",
        f"{BASE}agency/dalian-shi-gonganju",
        REPORT,
    ):
        assert len(values(quads, thing, SKOS + "prefLabel")) == 2, thing


def test_every_linked_thing_class_and_property_that_has_labels_has_them_in_the_description(whole: Served) -> None:
    quads = whole.resources.describe(FIGURE).quads
    mentioned = {term for quad in quads for term in quad.triple if isinstance(term, ox.NamedNode)}
    labelled = {q.subject for q in whole.store.quads_for_pattern(None, NAMED(SKOS + "prefLabel"), None)}
    shown = {q.subject for q in quads if q.predicate == NAMED(SKOS + "prefLabel")}
    assert mentioned & labelled == shown & labelled
    assert NAMED(RG + "metric") in shown
    assert NAMED(RG + "Observation") in shown


def test_a_span_tells_its_report_its_selectors_and_what_rests_on_it(whole: Served) -> None:
    quads = whole.resources.describe(SPAN).quads
    assert values(quads, SPAN, "http://www.w3.org/ns/oa#hasSource") == {REPORT}
    assert values(quads, f"{SPAN}#quote", "http://www.w3.org/ns/oa#exact") == {"13000余台"}
    assert SPAN in values(quads, FIGURE, RG + "evidence")


def test_a_claim_about_a_thing_comes_with_its_spans(whole: Served) -> None:
    quads = whole.resources.describe(HUB).quads
    evidence = {q.object.value for q in quads if q.predicate == NAMED(RG + "evidence")}  # type: ignore[union-attr]
    assert len(evidence) > 20
    assert evidence <= {q.subject.value for q in quads if q.predicate == NAMED(RG + "exact")}  # type: ignore[union-attr]


def test_the_pages_of_a_hub_are_together_all_that_points_at_it(http: httpx.Client, whole: Served) -> None:
    url, pages, found = f"/{HUB.removeprefix(BASE)}.nt?limit=40", 0, set()
    while url:
        answer = http.get(url)
        found |= {q.subject for q in read(answer.content, ox.RdfFormat.N_TRIPLES) if q.object == NAMED(HUB)}
        url = answer.links.get("next", {}).get("url", "")
        pages += 1
    everything = {q.subject for q in whole.store.quads_for_pattern(None, None, NAMED(HUB))}
    assert pages >= 4
    assert {s for s in found if "://127.0.0.1" not in str(s)} == everything


def test_a_part_of_a_hub_says_in_both_languages_what_it_is_and_where_the_next_is(http: httpx.Client) -> None:
    answer = http.get(f"/{HUB.removeprefix(BASE)}.ttl")
    quads = read(answer.content, ox.RdfFormat.TURTLE)
    notes = {q.object.language: q.object.value for q in quads if q.predicate == NAMED(RDFS + "comment")}  # type: ignore[union-attr]
    assert "1 to 50" in notes["en"]
    assert "第 1 至 50 项" in notes["zh"]
    following = [q.object.value for q in quads if q.predicate.value.endswith("vocab#next")]  # type: ignore[union-attr]
    assert following == [answer.links["next"]["url"]]


def test_what_is_whole_has_no_next(http: httpx.Client) -> None:
    answer = http.get(f"/{FIGURE.removeprefix(BASE)}.ttl")
    assert "next" not in answer.links
    assert "rdfs:comment" not in answer.text


def test_a_report_is_its_metadata_the_counts_of_its_graph_and_a_link_to_its_figures(http: httpx.Client) -> None:
    quads = read(http.get(f"/{REPORT.removeprefix(BASE)}.ttl").content, ox.RdfFormat.TURTLE)
    assert len(quads) < 100
    see = next(q.object.value for q in quads if q.predicate == NAMED(RDFS + "seeAlso"))  # type: ignore[union-attr]
    figures = http.get(f"{see}&limit=1000").json()["rows"]
    note = next(
        q.object.value for q in quads if q.predicate == NAMED(RDFS + "comment") and "graph of" in q.object.value
    )  # type: ignore[union-attr]
    assert f"Observation {len(figures)}," in note


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=99999", "cursor=x"])
def test_a_part_that_cannot_be_is_refused(http: httpx.Client, query: str) -> None:
    answer = http.get(f"/{HUB.removeprefix(BASE)}.ttl?{query}")
    assert (answer.status_code, answer.json()["parameter"]) == (422, query.partition("=")[0])


def test_a_graph_is_described_by_exactly_its_contents(http: httpx.Client, whole: Served) -> None:
    graph = f"{BASE}graph/registry"
    stored = list(whole.store.quads_for_pattern(None, None, None, NAMED(graph)))
    found = read(http.get("/graph/registry.nq").content, ox.RdfFormat.N_QUADS)
    assert of_the_graph(found) == of_the_graph(stored)
    assert f"{graph}#places" in subjects(found)
