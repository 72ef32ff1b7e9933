"""Named graphs, language tags and numbers reach the clients of the endpoint as they left; test_howto_stores.py has the stores."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from quads import Quads, amiss, canonical, of_triples
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from recipes import need
from SPARQLWrapper import JSON, SPARQLWrapper

from serving import serving

XSD = "http://www.w3.org/2001/XMLSchema#"
EVERYTHING = "SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }"
TSV = "text/tab-separated-values"


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    """A server whose deadline lets the whole graph be asked for at once on a busy machine."""
    with serving("--deadline", "120") as address:
        yield address


@pytest.fixture(scope="module")
def file(service: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sent") / "reformgraph.nq"
    path.write_bytes(httpx.get(f"{service}/exports/reformgraph.nq", timeout=60).content)
    return path


@pytest.fixture(scope="module")
def sent(file: Path) -> Quads:
    return canonical(ox.parse(path=file))


def of_rows(answer: bytes) -> Quads:
    """The quads of an answer to EVERYTHING in TSV."""
    solutions = ox.parse_query_results(answer, format=ox.QueryResultsFormat.TSV)
    assert isinstance(solutions, ox.QuerySolutions)
    return canonical(ox.Quad(*(row[name] for name in "spog")) for row in solutions)


def test_the_graph_has_all_that_could_be_lost(sent: Quads) -> None:
    objects = [quad.object for quad in sent]
    literals = [thing for thing in objects if isinstance(thing, ox.Literal)]
    assert {"zh", "en"} <= {literal.language for literal in literals}
    types = {literal.datatype.value for literal in literals}
    assert {XSD + name for name in ("integer", "decimal", "date", "boolean", "anyURI")} <= types
    assert any(isinstance(thing, ox.BlankNode) for thing in objects)
    assert any(literal.value == "7000000000" for literal in literals)  # beyond 32 bits


def test_curl(service: str, sent: Quads) -> None:
    command = [need("curl", "curl"), "-s", "-H", f"Accept: {TSV}", "--data-urlencode", f"query={EVERYTHING}"]
    done = subprocess.run([*command, f"{service}/sparql"], capture_output=True, check=True)
    assert amiss(sent, of_rows(done.stdout)) == []


def test_sparqlwrapper(service: str, sent: Quads) -> None:
    wrapper = SPARQLWrapper(f"{service}/sparql", returnFormat=JSON)
    wrapper.setQuery(EVERYTHING)
    rows = wrapper.queryAndConvert()["results"]["bindings"]
    assert amiss(sent, canonical(ox.Quad(*(term(row[name]) for name in "spog")) for row in rows)) == []


def term(cell: dict[str, str]) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if cell["type"] == "uri":
        return ox.NamedNode(cell["value"])
    if cell["type"] == "bnode":
        return ox.BlankNode(cell["value"])
    datatype = ox.NamedNode(cell["datatype"]) if "datatype" in cell else None
    return ox.Literal(cell["value"], datatype=datatype, language=cell.get("xml:lang"))


def test_sparqlstore(service: str, sent: Quads) -> None:
    store = SPARQLStore(f"{service}/sparql")
    found: list[ox.Quad] = []
    for name in map(str, store.contexts()):
        graph = rdflib.Graph(store, identifier=rdflib.URIRef(name))
        found += of_triples(name, graph.serialize(format="nt", encoding="utf-8"))
    assert amiss(sent, canonical(found)) == []


@pytest.mark.parametrize("source", ["endpoint", "file"])
def test_comunica(source: str, service: str, file: Path, sent: Quads, comunica: Path) -> None:
    asked = {
        "endpoint": [comunica / "comunica-sparql", f"{service}/sparql"],
        "file": [comunica / "comunica-sparql-file", file],
    }
    done = subprocess.run([*asked[source], EVERYTHING, "-t", TSV], capture_output=True, check=True)
    assert amiss(sent, of_rows(done.stdout)) == []
