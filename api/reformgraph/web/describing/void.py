"""VoID: what the data set holds, in numbers (https://www.w3.org/TR/void/)."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pyoxigraph as ox
from starlette.requests import Request

from reformgraph.exports.catalogue import STEM, SUFFIXES
from reformgraph.linked.holdings import TARGETS, Counted, Holdings, Linkset
from reformgraph.namespaces import BASE, GRAPH, compact, expand
from reformgraph.web.describing.publications import cubes_subset
from reformgraph.web.describing.statements import about, address, both

PLACE = ".well-known/void"
_FORMATS = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML", "N-Quads", "TriG")


def void_description(request: Request, held: Holdings) -> list[ox.Triple]:
    """The data set with its counts, partitions by class and property, graphs as subsets, and linksets."""
    here = address(request, PLACE)
    return [
        *about(
            here,
            ("rdf:type", _void("DatasetDescription")),
            ("dcterms:title", both("reformgraph 的 VoID 描述", "VoID description of reformgraph")),
            ("foaf:primaryTopic", held.dataset),
        ),
        *_dataset(request, held),
        *_partitions(here, held.dataset, "class", held.classes, "void:entities"),
        *_partitions(here, held.dataset, "property", held.properties, "void:triples"),
        *_subsets(request, held),
        *_links(here, held),
        *cubes_subset(request, held),
    ]


def store_address(request: Request, graph: str | None = None) -> str:
    """Where the graph store gives a graph, or the union of all."""
    query = "default" if graph is None else urlencode({"graph": graph})
    return address(request, f"graphs?{query}")


def dumps(request: Request) -> list[str]:
    """Where the files are that hold the whole graph as RDF, plain and compressed."""
    wholes = [f"{STEM}.{suffix}{end}" for suffix in SUFFIXES for end in ("", ".gz")]
    return [address(request, f"exports/{name}") for name in wholes]


def _dataset(request: Request, held: Holdings) -> list[ox.Triple]:
    return about(
        held.dataset,
        ("rdf:type", _void("Dataset")),
        ("dcterms:title", held.said("dcterms:title")),
        ("dcterms:description", held.said("dcterms:description")),
        ("dcterms:license", held.said("dcterms:license")),
        ("foaf:homepage", address(request, "")),
        ("void:uriSpace", ox.Literal(BASE)),
        ("void:sparqlEndpoint", address(request, "sparql")),
        ("void:dataDump", [store_address(request), *dumps(request)]),
        ("void:feature", ["http://www.w3.org/ns/formats/" + name for name in _FORMATS]),
        ("void:exampleResource", held.examples),
        ("void:vocabulary", held.vocabularies()),
        ("void:triples", held.triples),
        ("void:entities", held.entities),
        ("void:classes", len(held.classes)),
        ("void:properties", len(held.properties)),
        ("void:distinctSubjects", held.subjects),
        ("void:distinctObjects", held.objects),
    )


def _subsets(request: Request, held: Holdings) -> list[ox.Triple]:
    """The named graphs; a graph's own IRI is its identifier, for g:catalog is the data set itself."""
    here = address(request, PLACE)
    triples = []
    for iri, number in held.graphs:
        node = f"{here}#graph-{_fragment(iri)}"
        triples += about(held.dataset, ("void:subset", node))
        triples += about(
            node,
            ("rdf:type", _void("Dataset")),
            ("dcterms:identifier", ox.Literal(iri)),
            ("void:triples", number),
            ("void:dataDump", store_address(request, iri)),
        )
    return triples


def _partitions(here: str, dataset: str, kind: str, counted: Counted, measure: str) -> list[ox.Triple]:
    nodes = [f"{here}#{kind}-{_fragment(iri)}" for iri, _ in counted]
    triples = about(dataset, (f"void:{kind}Partition", nodes))
    for node, (iri, number) in zip(nodes, counted, strict=True):
        triples += about(node, ("rdf:type", _void("Dataset")), (f"void:{kind}", iri), (measure, number))
    return triples


def _links(here: str, held: Holdings) -> list[ox.Triple]:
    triples = []
    names = {start: (f"{here}#{name.lower()}", name, home) for start, name, home in TARGETS}
    for link in held.linksets:
        triples += about(held.dataset, ("void:subset", _linkset(here, link)))
        triples += about(
            _linkset(here, link),
            ("rdf:type", _void("Linkset")),
            ("void:subjectsTarget", held.dataset),
            ("void:objectsTarget", names[link.target][0]),
            ("void:linkPredicate", link.predicate),
            ("void:triples", link.triples),
        )
    for start in {link.target for link in held.linksets}:
        node, name, home = names[start]
        triples += about(
            node,
            ("rdf:type", _void("Dataset")),
            ("dcterms:title", ox.Literal(name)),
            ("foaf:homepage", home),
            ("void:uriSpace", ox.Literal(start)),
        )
    return triples


def _linkset(here: str, link: Linkset) -> str:
    name = next(name for start, name, _ in TARGETS if start == link.target)
    return f"{here}#links-{name.lower()}-{_fragment(link.predicate)}"


def _fragment(iri: str) -> str:
    """A name for a fragment: the CURIE, `rg:Claim` -> `rg-Claim`, or what comes after the base of graphs."""
    name = iri.removeprefix(GRAPH) if iri.startswith(GRAPH) else compact(iri).replace(":", "-", 1)
    return quote(name, safe="")


def _void(name: str) -> str:
    iri = expand("void:" + name)
    assert iri is not None
    return iri
