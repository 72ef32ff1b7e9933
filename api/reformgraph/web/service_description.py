"""SPARQL 1.1 Service Description of this endpoint (https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

import pyoxigraph as ox
from fastapi import Request

from reformgraph.namespaces import RDF
from reformgraph.results import Format, graph_bytes
from reformgraph.web.site import Site

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = {
    "srj": "SPARQL_Results_JSON",
    "srx": "SPARQL_Results_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
}
_GRAPHS = {
    "ttl": "Turtle",
    "nt": "N-Triples",
    "jsonld": "JSON-LD",
    "rdf": "RDF_XML",
    "nq": "N-Quads",
    "trig": "TriG",
}


def service_description(request: Request, site: Site, chosen: Format) -> bytes:
    """The endpoint, its language, formats, and the named graphs of its dataset."""
    here = ox.NamedNode(f"{request.base_url}sparql")
    dataset = ox.NamedNode(f"{here.value}#dataset")
    triples = [
        _of(here, RDF + "type", _SD + "Service"),
        _of(here, _SD + "endpoint", here.value),
        _of(here, _SD + "supportedLanguage", _SD + "SPARQL11Query"),
        _of(here, _SD + "feature", _SD + "UnionDefaultGraph"),
        _of(here, _SD + "defaultDataset", dataset.value),
        _of(dataset, RDF + "type", _SD + "Dataset"),
        *(_of(here, _SD + "resultFormat", _FORMATS + name) for name in (*_RESULTS.values(), *_GRAPHS.values())),
    ]
    for iri in site.engine.graphs():
        named = ox.NamedNode(f"{here.value}#graph-{iri.rpartition('/')[2]}")
        triples += [
            _of(dataset, _SD + "namedGraph", named.value),
            _of(named, RDF + "type", _SD + "NamedGraph"),
            _of(named, _SD + "name", iri),
        ]
    engine = chosen.engine
    assert isinstance(engine, ox.RdfFormat)
    return graph_bytes(triples, engine)


def _of(subject: ox.NamedNode, predicate: str, target: str) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), ox.NamedNode(target))
