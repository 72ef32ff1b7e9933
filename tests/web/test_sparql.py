"""`/sparql` from outside: protocol, formats, refusals, deadline."""

from __future__ import annotations

import threading
import time
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from SPARQLWrapper import CSV, JSON, TURTLE, XML, SPARQLWrapper

from serving import serving

SELECT = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/reformgraph/ns#Observation> }"
CONSTRUCT = "CONSTRUCT WHERE { <https://w3id.org/reformgraph/agency/dalian-shi-gonganju> ?p ?o }"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def http(server: str) -> Any:
    with httpx.Client(base_url=server, timeout=30) as client:
        yield client


@pytest.mark.parametrize("media_type", ["application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"])  # fmt: skip
def test_select_in_every_format(http: httpx.Client, media_type: str) -> None:
    answer = http.get("/sparql", params={"query": SELECT}, headers={"Accept": media_type})
    assert answer.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert "207" in answer.text


@pytest.mark.parametrize(
    "format_", [ox.RdfFormat.TURTLE, ox.RdfFormat.N_TRIPLES, ox.RdfFormat.JSON_LD, ox.RdfFormat.RDF_XML], ids=str
)
def test_construct_in_every_format(http: httpx.Client, format_: ox.RdfFormat) -> None:
    answer = http.get("/sparql", params={"query": CONSTRUCT}, headers={"Accept": format_.media_type})
    assert len({q.triple for q in ox.parse(answer.content, format=format_)}) > 10


def test_the_three_ways_to_ask_agree(http: httpx.Client) -> None:
    query = "SELECT ?p { <https://w3id.org/reformgraph/agency/dalian-shi-gonganju> ?p '大连公安'@zh }"
    direct = http.post("/sparql", content=query.encode(), headers={"Content-Type": "application/sparql-query"})
    form = http.post("/sparql", data={"query": query})
    assert http.get("/sparql", params={"query": query}).json() == direct.json() == form.json()
    assert len(direct.json()["results"]["bindings"]) == 1


def test_sparqlwrapper_gets_what_it_asks_for(server: str) -> None:
    client = SPARQLWrapper(server + "/sparql")
    client.setQuery(SELECT)
    for format_ in (JSON, XML, CSV):
        client.setReturnFormat(format_)
        assert client.query().convert()
    client.setQuery(CONSTRUCT)
    client.setReturnFormat(TURTLE)
    assert b"dalian" in client.query().convert()


def test_rdflib_reads_a_resource_by_its_address(server: str) -> None:
    from rdflib import Graph

    graph = Graph().parse(f"{server}/agency/dalian-shi-gonganju")
    assert len(graph) > 20


def test_a_syntax_error_has_line_and_column(http: httpx.Client) -> None:
    answer = http.get("/sparql", params={"query": "SELECT ?x\nWHERE { ?x ?y }"})
    body = answer.json()
    assert (answer.status_code, body["line"]) == (400, 2)
    assert body["column"] > 1


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "DROP ALL",
        "LOAD <http://127.0.0.1:1/x>",
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * FROM <http://nowhere/> { ?s ?p ?o }",
        "SELECT (<http://no/function>(1) AS ?x) { ?s ?p ?o",
        "{" * 5000,
        "\x00",
    ],
)
def test_what_is_not_run_is_refused_with_400(http: httpx.Client, query: str) -> None:
    assert http.post("/sparql", data={"query": query}).status_code == 400


def test_an_update_by_its_own_media_type_is_refused(http: httpx.Client) -> None:
    headers = {"Content-Type": "application/sparql-update"}
    assert http.post("/sparql", content="DROP ALL", headers=headers).status_code == 415
    assert http.put("/sparql").status_code == 405


def test_a_named_dataset_is_exactly_that(http: httpx.Client) -> None:
    graph = "https://w3id.org/reformgraph/graph/registry"
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    named = http.get("/sparql", params={"query": count, "default-graph-uri": graph}).json()
    inside = http.get("/sparql", params={"query": f"SELECT (COUNT(*) AS ?n) FROM <{graph}> {{ ?s ?p ?o }}"}).json()
    listed = http.get(
        "/sparql", params={"query": f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"}
    ).json()
    assert named == inside == listed


def test_without_a_query_the_service_describes_itself(http: httpx.Client) -> None:
    text = http.get("/sparql").text
    assert "sparql-service-description#" in text
    assert "UnionDefaultGraph" in text


def test_a_runaway_ends_at_the_deadline_and_canned_queries_stay_quick() -> None:
    with serving("--deadline", "1") as address, httpx.Client(base_url=address, timeout=30) as http:
        answers: list[httpx.Response] = []
        ask = threading.Thread(
            target=lambda: answers.append(httpx.get(address + "/sparql", params={"query": RUNAWAY}, timeout=30))
        )
        ask.start()
        begun = time.monotonic()
        assert http.get("/queries/observations").status_code == 200
        assert ask.is_alive(), "the canned query waited for the runaway"
        ask.join()
        assert time.monotonic() - begun < 5
        assert answers[0].status_code == 503
        assert answers[0].headers["retry-after"]
        assert http.get("/sparql", params={"query": SELECT}).status_code == 200


GRAPH = "https://w3id.org/reformgraph/graph/registry"


def count(http: httpx.Client, pattern: str, **dataset: str) -> int:
    answer = http.get("/sparql", params={"query": f"SELECT (COUNT(*) AS ?n) {pattern}", **dataset})
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


def test_the_default_graph_does_not_reach_named_graphs_and_the_reverse(http: httpx.Client) -> None:
    anywhere, plain = "{ GRAPH ?g { ?s ?p ?o } }", "{ ?s ?p ?o }"
    assert count(http, f"FROM <{GRAPH}> {anywhere}") == count(http, anywhere, **{"default-graph-uri": GRAPH}) == 0
    assert count(http, f"FROM NAMED <{GRAPH}> {plain}") == count(http, plain, **{"named-graph-uri": GRAPH}) == 0
    assert count(http, f"FROM NAMED <{GRAPH}> {anywhere}") == count(http, f"FROM <{GRAPH}> {plain}") > 0


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_an_unknown_graph_in_the_request_is_refused(http: httpx.Client, name: str) -> None:
    answer = http.get("/sparql", params={"query": SELECT, name: "http://nowhere/"})
    assert answer.status_code == 400
    assert "http://nowhere/" in answer.json()["detail"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_rdflib_asks_from_a_remote_store(server: str, method: str) -> None:
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    rows = list(SPARQLStore(server + "/sparql", method=method).query(SELECT))  # type: ignore[arg-type]
    assert [row[0].toPython() for row in rows] == [207]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # SPARQLWrapper's own call
def test_sparqlwrapper_reads_a_constructed_graph(server: str) -> None:
    client = SPARQLWrapper(server + "/sparql")
    client.setQuery(CONSTRUCT)
    client.setReturnFormat("rdf+xml")
    assert len(client.queryAndConvert()) > 10


def test_chinese_in_iris_and_literals_survives_a_form_of_curl(server: str) -> None:
    import json
    import subprocess

    query = 'SELECT ?given ?s { BIND(<http://例.cn/%E5%85%AC安> AS ?given) ?s ?p "大连市公安局"@zh }'
    command = ["curl", "-sS", "--data-urlencode", f"query={query}", server + "/sparql"]
    done = subprocess.run(command, capture_output=True, check=True)
    rows = json.loads(done.stdout)["results"]["bindings"]
    assert {row["given"]["value"] for row in rows} == {"http://例.cn/%E5%85%AC安"}
    assert "https://w3id.org/reformgraph/agency/dalian-shi-gonganju" in {row["s"]["value"] for row in rows}


def test_a_silent_service_is_refused_too(http: httpx.Client) -> None:
    answer = http.get("/sparql", params={"query": "SELECT * { SERVICE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }"})
    assert answer.status_code == 400
    assert "SERVICE" in answer.json()["detail"]
