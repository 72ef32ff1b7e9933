"""The recipes that load the graph into a store do what the pages say, and what comes out of it is what went in."""

from __future__ import annotations

import gzip
from pathlib import Path

import httpx
import pyoxigraph as ox
from quads import Quads, amiss, canonical, of_triples
from recipes import HOW_TO, Block, need, run, run_page

XSD = "http://www.w3.org/2001/XMLSchema#"
OF_RELEASE = "https://w3id.org/reformgraph/graph/release"  # what a push adds, see your-own-store.md


def test_oxigraph(shop: Path, ports: dict[str, int]) -> None:
    need("curl", "curl")
    assert run_page("oxigraph", shop, ports=ports)
    sent = canonical(ox.parse(path=shop / "reform" / "reformgraph.nq"))
    for location in ("reformgraph-store", "loaded", "pushed"):
        run(Block("sh", f"oxigraph dump --location {location} --file {location}.nq"), shop)
        found = canonical(ox.parse(path=shop / f"{location}.nq"))
        assert amiss(sent, frozenset(quad for quad in found if quad.graph_name.value != OF_RELEASE)) == []


def test_virtuoso(shop: Path, ports: dict[str, int]) -> None:
    need("virtuoso-t", "Virtuoso 7", "tests/install-virtuoso.sh")
    compared = []

    def compare(block: Block) -> None:
        if "rdf_loader_run" in block.text or "reformgraph push" in block.text:
            with gzip.open(shop / "reform" / "reformgraph.nq.gz") as file:
                sent = canonical(map(as_virtuoso_has_it, ox.parse(file, format=ox.RdfFormat.N_QUADS)))
            compared.append(amiss(sent, out_of_virtuoso(ports["8890"], sent)))

    assert run_page("virtuoso", shop, ports=ports, after=compare)
    assert compared == [[], []]


def test_the_page_names_a_number_that_virtuoso_gives_another_type() -> None:
    number = ox.Literal("7000000000", datatype=ox.NamedNode(XSD + "integer"))
    assert f'`"{number.value}"^^xsd:decimal`' in (HOW_TO / "virtuoso.md").read_text("utf-8")
    assert beyond_32_bits(number)


def as_virtuoso_has_it(quad: ox.Quad) -> ox.Quad:
    if not (isinstance(quad.object, ox.Literal) and beyond_32_bits(quad.object)):
        return quad
    decimal = ox.Literal(quad.object.value, datatype=ox.NamedNode(XSD + "decimal"))
    return ox.Quad(quad.subject, quad.predicate, decimal, quad.graph_name)


def beyond_32_bits(literal: ox.Literal) -> bool:
    return literal.datatype.value == XSD + "integer" and not -(2**31) <= int(literal.value) < 2**31


def out_of_virtuoso(port: int, sent: Quads) -> Quads:
    """The graphs that were sent, one by one, for Virtuoso answers with no quads."""
    found: list[ox.Quad] = []
    for name in {quad.graph_name.value for quad in sent}:
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
        asked = {"query": query, "format": "application/n-triples"}
        found += of_triples(name, httpx.get(f"http://127.0.0.1:{port}/sparql", params=asked, timeout=60).content)
    return canonical(found)
