"""JSON-LD: the triples come back as they were, in two parsers, and the tree reads like a record."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from linked_harness import Served, read

from reformgraph.linked import jsonld
from reformgraph.namespaces import BASE, DCTERMS, RG, SKOS, XSD

NAMED, LITERAL = ox.NamedNode, ox.Literal
NODES = [NAMED(BASE + "agency/a"), NAMED(BASE + "obs/b"), NAMED("http://example.org/c"), NAMED("urn:x:d"), NAMED(BASE)]
PROPERTIES = [NAMED(p) for p in (RG + "value", RG + "about", SKOS + "prefLabel", DCTERMS + "title", "urn:x:p")]
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
LITERALS = st.one_of(
    TEXTS.map(LITERAL),
    st.tuples(TEXTS, st.sampled_from(["zh", "en"])).map(lambda pair: LITERAL(pair[0], language=pair[1])),
    st.integers().map(lambda number: LITERAL(str(number), datatype=NAMED(XSD + "integer"))),
    st.sampled_from(["007", "+1", "x", "-0"]).map(lambda text: LITERAL(text, datatype=NAMED(XSD + "integer"))),
    st.sampled_from(["true", "1"]).map(lambda text: LITERAL(text, datatype=NAMED(XSD + "boolean"))),
    st.sampled_from(["91.40", "1.0"]).map(lambda text: LITERAL(text, datatype=NAMED(XSD + "decimal"))),
)
TRIPLES = st.lists(
    st.builds(ox.Triple, st.sampled_from(NODES), st.sampled_from(PROPERTIES), LITERALS | st.sampled_from(NODES)),
    unique=True,
    min_size=1,
    max_size=12,
)


@given(TRIPLES, st.sampled_from([None, BASE + "agency/a"]))
def test_any_triples_come_back_as_they_were(triples: list[ox.Triple], root: str | None) -> None:
    content = jsonld.document(triples, root)
    assert {quad.triple for quad in read(content, ox.RdfFormat.JSON_LD)} == set(triples)


def test_blank_nodes_and_lists_keep_their_shape(whole: Served) -> None:
    described = whole.resources.describe(f"{BASE}shapes").triples()
    canonical = [ox.Dataset(ox.Quad(*t) for t in triples) for triples in (described, _again(described))]
    for dataset in canonical:
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert set(canonical[0]) == set(canonical[1])


def _again(triples: list[ox.Triple]) -> list[ox.Triple]:
    return [quad.triple for quad in read(jsonld.document(triples), ox.RdfFormat.JSON_LD)]


# rdflib's own JSON-LD parser uses a class that rdflib has deprecated.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("path", ["obs/826ec1811efe-1157-1164", "agency/dalian-shi-gonganju", "person/chen-jie-dalian"])
def test_rdflib_reads_the_same_from_json_ld_as_from_turtle(http: httpx.Client, path: str) -> None:
    graphs = [
        rdflib.Graph().parse(data=http.get(f"/{path}.{s}").text, format=f)
        for s, f in (("jsonld", "json-ld"), ("ttl", "turtle"))
    ]
    found = [{triple for triple in graph if "://127.0.0.1" not in triple[0]} for graph in graphs]
    assert len(found[0]) > 50
    assert found[0] == found[1]


@pytest.fixture(scope="module")
def figure(http: httpx.Client) -> Any:
    return http.get("/obs/826ec1811efe-1157-1164.jsonld").json()


def test_a_figure_reads_like_a_record(figure: Any) -> None:
    assert figure["@id"] == "obs:826ec1811efe-1157-1164"
    assert figure["@type"][0] in ("rg:Claim", "rg:Observation")
    assert figure["rg:value"] == 13000
    assert figure["rg:metric"] == {"@id": "metric:computers", "skos:prefLabel": {"zh": "计算机数", "en": "Computers"}}
    assert [span["rg:exact"] for span in figure["rg:evidence"]] == ["13000余台", "13000余台"]


def test_the_inline_context_is_a_part_of_the_published_one(figure: Any, http: httpx.Client) -> None:
    answer = http.get("/context.jsonld")
    assert answer.headers["content-type"] == "application/ld+json; charset=utf-8"
    assert figure["@context"].items() <= answer.json()["@context"].items()


def test_json_is_the_same_for_those_who_know_no_other_name(http: httpx.Client) -> None:
    answer = http.get("/metric/computers", headers={"Accept": "application/json"})
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["content-location"].endswith("/metric/computers.json")
    assert json.loads(answer.text)["@id"] == "metric:computers"
