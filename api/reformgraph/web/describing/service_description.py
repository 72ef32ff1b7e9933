"""SPARQL 1.1 Service Description of this endpoint (https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

from urllib.parse import quote

import pyoxigraph as ox
from starlette.requests import Request

from reformgraph.linked.holdings import Holdings
from reformgraph.namespaces import GRAPH, expand
from reformgraph.web.describing.statements import about, address, both

_FORMATS = "http://www.w3.org/ns/formats/"
_ENTAILMENT = "http://www.w3.org/ns/entailment/Simple"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_GRAPHS = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML", "N-Quads", "TriG")


def service_description(request: Request, held: Holdings) -> list[ox.Triple]:
    """The endpoint, its language and formats, and the dataset with the triples of each graph.

    There is no extension function, no graph is fetched from outside, and no entailment is done at query time.
    """
    here = address(request, "sparql")
    return about(
        here,
        ("rdf:type", _sd("Service")),
        ("rdfs:label", both("reformgraph 的 SPARQL 端点", "SPARQL endpoint of reformgraph")),
        ("sd:endpoint", here),
        ("sd:supportedLanguage", _sd("SPARQL11Query")),
        ("sd:feature", _sd("UnionDefaultGraph")),
        ("sd:defaultEntailmentRegime", _ENTAILMENT),
        ("sd:resultFormat", [_FORMATS + name for name in (*_RESULTS, *_GRAPHS)]),
        ("sd:defaultDataset", f"{here}#dataset"),
        ("sd:availableGraphs", f"{here}#dataset"),
        ("rdfs:seeAlso", [address(request, path) for path in ("catalog", ".well-known/void")]),
    ) + dataset_description(request, held)


def dataset_description(request: Request, held: Holdings) -> list[ox.Triple]:
    """The RDF dataset: its default graph, which is the union, and its named graphs, with their triples."""
    here = address(request, "sparql")
    names = {iri: quote(iri.removeprefix(GRAPH), safe="") for iri, _ in held.graphs}
    triples = about(
        f"{here}#dataset",
        ("rdf:type", [_sd("Dataset"), _sd("GraphCollection")]),
        ("sd:defaultGraph", f"{here}#union"),
        ("sd:namedGraph", [f"{here}#named-{name}" for name in names.values()]),
    )
    triples += about(f"{here}#union", ("rdf:type", _sd("Graph")), ("void:triples", held.triples))
    for iri, number in held.graphs:
        named, graph = f"{here}#named-{names[iri]}", f"{here}#graph-{names[iri]}"
        triples += about(named, ("rdf:type", _sd("NamedGraph")), ("sd:name", iri), ("sd:graph", graph))
        triples += about(graph, ("rdf:type", _sd("Graph")), ("void:triples", number))
    return triples


def _sd(name: str) -> str:
    iri = expand("sd:" + name)
    assert iri is not None
    return iri
