"""The clients that analysts use get what they ask for, Chinese and all."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Iterator
from urllib.request import Request, urlopen
from xml.dom.minidom import Document

import httpx
import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
)

AGENCY = "https://w3id.org/reformgraph/agency/dalian-shi-gonganju"
NAMES = f"SELECT ?name {{ <{AGENCY}> <http://www.w3.org/2004/02/skos/core#prefLabel> ?name }} ORDER BY LANG(?name)"
ASK = f"ASK {{ <{AGENCY}> ?p ?o }}"
CONSTRUCT = f"CONSTRUCT WHERE {{ <{AGENCY}> ?p ?o }}"
REGISTRY = "https://w3id.org/reformgraph/graph/registry"
WAYS = [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=30) as client:
        yield client


def wrapper(server: str, query: str, format_: str, way: tuple[str, str]) -> SPARQLWrapper:
    client = SPARQLWrapper(server + "/sparql")
    client.setMethod(way[0])
    client.setRequestMethod(way[1])
    client.setQuery(query)
    client.setReturnFormat(format_)
    return client


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("format_", [JSON, XML, CSV, TSV])
def test_sparqlwrapper_reads_solutions(server: str, format_: str, way: tuple[str, str]) -> None:
    found = wrapper(server, NAMES, format_, way).queryAndConvert()
    text = (
        found.toxml()
        if isinstance(found, Document)
        else json.dumps(found, ensure_ascii=False)
        if isinstance(found, dict)
        else found.decode()
    )
    assert "大连市公安局" in text


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("format_", [JSON, XML])
def test_sparqlwrapper_reads_a_boolean(server: str, format_: str, way: tuple[str, str]) -> None:
    found = wrapper(server, ASK, format_, way).queryAndConvert()
    assert found["boolean"] is True if format_ == JSON else "true" in found.toxml()


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # SPARQLWrapper's own call
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("format_", "syntax"), [(RDFXML, None), (XML, None), (TURTLE, "turtle"), (N3, "turtle"), (JSONLD, None)]
)
def test_sparqlwrapper_reads_a_graph(server: str, format_: str, syntax: str | None, way: tuple[str, str]) -> None:
    found = wrapper(server, CONSTRUCT, format_, way).queryAndConvert()
    graph = Graph().parse(data=found, format=syntax) if syntax else found
    assert {str(s) for s in graph.subjects()} == {AGENCY}


@pytest.mark.parametrize("way", WAYS)
def test_sparqlwrapper_names_a_dataset(server: str, way: tuple[str, str]) -> None:
    client = wrapper(server, "ASK { ?x a <https://w3id.org/reformgraph/ns#Observation> }", JSON, way)
    client.addParameter("default-graph-uri", REGISTRY)
    assert client.queryAndConvert()["boolean"] is False


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("returns", ["xml", "json", "csv", "tsv"])
def test_rdflib_reads_solutions_from_a_remote_store(server: str, method: str, returns: str) -> None:
    store = SPARQLStore(server + "/sparql", method=method, returnFormat=returns)  # type: ignore[arg-type]
    assert "大连市公安局" in {str(row[0]) for row in store.query(NAMES)}


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_walks_a_remote_graph(server: str, method: str) -> None:
    graph = Graph(SPARQLStore(server + "/sparql", method=method), identifier=URIRef(REGISTRY))  # type: ignore[arg-type]
    types = set(graph.objects(URIRef(AGENCY), URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")))
    assert types == {URIRef("https://w3id.org/reformgraph/ns#Agency")}
    assert bool(graph.query(ASK)) is True


@pytest.mark.parametrize(
    "path", ["/graphs?graph=" + REGISTRY, "/catalog", "/.well-known/void", "/prefixes.ttl", "/graph/registry"]
)
def test_rdflib_parses_an_address(server: str, path: str) -> None:
    assert len(Graph().parse(server + path)) > 50


def test_the_csv_module_reads_csv_as_it_comes(server: str) -> None:
    query = Request(
        server + "/sparql",
        data=b"query=" + NAMES.replace(" ", "+").replace("#", "%23").encode(),
        headers={"Accept": "text/csv"},
    )
    with urlopen(query) as answer:
        lines = answer.read().decode(answer.headers.get_content_charset()).splitlines(keepends=True)
    assert {row["name"] for row in csv.DictReader(lines)} >= {"大连市公安局"}


def test_curl_writes_what_it_gets_by_default_as_json(server: str) -> None:
    command = ["curl", "-sS", "--get", "--data-urlencode", f"query={NAMES}", server + "/sparql"]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert "大连市公安局" in {row["name"]["value"] for row in found["results"]["bindings"]}
