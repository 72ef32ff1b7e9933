"""The catalogue of canned queries as RDF: executables with text, labels, endpoint and parameters."""

from __future__ import annotations

from typing import Any

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import DCTERMS, RDF, RDFS, SDO, SH

from reformgraph.canned.files import read_folder
from reformgraph.content import content_root

QUERIES = {query.name: query for query in read_folder(content_root() / "queries")}
FORMATS = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD, "rdf": ox.RdfFormat.RDF_XML}  # fmt: skip


@pytest.fixture(scope="module")
def http(server: str) -> Any:
    with httpx.Client(base_url=server, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def graph(http: httpx.Client) -> rdflib.Graph:
    return rdflib.Graph().parse(data=http.get("/queries.ttl").content, format="turtle")


@pytest.mark.parametrize("suffix", FORMATS)
def test_all_formats_hold_the_same_graph(http: httpx.Client, graph: rdflib.Graph, suffix: str) -> None:
    answer = http.get(f"/queries.{suffix}")
    media_type = answer.headers["content-type"].partition(";")[0]
    assert http.get("/queries", headers={"Accept": media_type}).content == answer.content
    assert http.get("/queries", params={"format": suffix}).content == answer.content
    triples = {quad.triple for quad in ox.parse(answer.content, format=FORMATS[suffix])}
    assert triples == {quad.triple for quad in ox.parse(graph.serialize(format="nt"), format=ox.RdfFormat.N_TRIPLES)}


def test_every_query_is_an_executable_with_its_text(http: httpx.Client, graph: rdflib.Graph, server: str) -> None:
    found = set(graph.subjects(RDF.type, SH.SPARQLExecutable))
    assert found == {rdflib.URIRef(f"{server}/queries/{name}") for name in QUERIES}
    for name, query in QUERIES.items():
        node = rdflib.URIRef(f"{server}/queries/{name}")
        assert str(graph.value(node, SH[query.form])) == http.get(str(node) + ".rq").text
        assert {label.language for label in graph.objects(node, RDFS.label)} == {"zh", "en"}
        assert {str(word) for word in graph.objects(node, SDO.keywords)} == set(query.tags)
        assert graph.value(node, SDO.version) == rdflib.Literal(query.version)
        assert graph.value(node, SDO.target) == rdflib.URIRef(f"{server}/sparql")
        assert rdflib.URIRef(f"{node}@{query.version}") in set(graph.objects(node, DCTERMS.hasVersion))


def test_the_iri_of_a_query_and_of_a_version_answers(http: httpx.Client, graph: rdflib.Graph) -> None:
    for node in graph.subjects(RDF.type, SH.SPARQLExecutable):
        assert http.get(f"{node}.rq").status_code == 200
        assert all(http.get(f"{version}.rq").status_code == 200 for version in graph.objects(node, DCTERMS.hasVersion))


def test_a_catalogue_query_runs_at_its_endpoint(http: httpx.Client, graph: rdflib.Graph, server: str) -> None:
    node = rdflib.URIRef(f"{server}/queries/totals")
    answer = http.get(str(graph.value(node, SDO.target)), params={"query": str(graph.value(node, SH.select))})
    assert len(answer.json()["results"]["bindings"]) == len(http.get(str(node)).json()["rows"])


def test_parameters_have_path_name_and_type(graph: rdflib.Graph, server: str) -> None:
    for name, query in QUERIES.items():
        nodes = list(graph.objects(rdflib.URIRef(f"{server}/queries/{name}"), SH.parameter))
        assert {str(graph.value(node, SH.path)).rpartition("#")[2] for node in nodes} == {
            p.name for p in query.parameters
        }
        for node in nodes:
            assert {label.language for label in graph.objects(node, SH.name)} == {"zh", "en"}
            assert graph.value(node, SH.datatype) or graph.value(node, SH.nodeKind) == SH.IRI


def test_the_prefixes_are_declared(graph: rdflib.Graph, server: str) -> None:
    node = graph.value(rdflib.URIRef(f"{server}/queries/totals"), SH.prefixes)
    declared = {
        str(graph.value(d, SH.prefix)): str(graph.value(d, SH.namespace)) for d in graph.objects(node, SH.declare)
    }
    assert declared["rg"] == "https://w3id.org/reformgraph/ns#"


@pytest.mark.parametrize(("path", "status"), [("/queries.csv", 404), ("/queries?format=csv", 422), ("/queries?x=1", 422), ("/queries.ttl?x=1", 422)])  # fmt: skip
def test_other_formats_and_parameters_are_refused(http: httpx.Client, path: str, status: int) -> None:
    answer = http.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json; charset=utf-8")
