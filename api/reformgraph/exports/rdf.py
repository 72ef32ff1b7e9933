"""The whole graph in the RDF formats: those with named graphs hold the dataset, the others the union of its graphs."""

from __future__ import annotations

import json
from collections import defaultdict

import pyoxigraph as ox

from reformgraph.exports.workshop import Workshop
from reformgraph.linked import jsonld
from reformgraph.namespaces import OA, RDF, RG, SKOS, prefixes
from reformgraph.results import json_bytes


def nquads(workshop: Workshop) -> bytes:
    """The canonical N-Quads as they are: their SHA-256 is the release."""
    return workshop.canonical


def trig(workshop: Workshop) -> bytes:
    """All quads, graph by graph."""
    return _serialized(sorted(workshop.quads, key=lambda quad: _iri(quad.graph_name)), ox.RdfFormat.TRIG, workshop)


def turtle(workshop: Workshop) -> bytes:
    """The union of all graphs."""
    return _serialized(workshop.triples, ox.RdfFormat.TURTLE, workshop)


def ntriples(workshop: Workshop) -> bytes:
    """The union of all graphs, a triple a line."""
    return _serialized(workshop.triples, ox.RdfFormat.N_TRIPLES, workshop)


def rdfxml(workshop: Workshop) -> bytes:
    """The union of all graphs."""
    return _serialized(workshop.triples, ox.RdfFormat.RDF_XML, workshop)


def _serialized(statements: list[ox.Quad] | list[ox.Triple], format_: ox.RdfFormat, workshop: Workshop) -> bytes:
    text = workshop.canonical.decode()
    used = {prefix: namespace for prefix, namespace in prefixes().items() if namespace in text}
    written = ox.serialize(statements, format=format_, prefixes=used)
    assert written is not None
    return written


def dataset_jsonld(workshop: Workshop) -> bytes:
    """All named graphs as compacted JSON-LD: a list of graphs, each a list of its nodes, the context inline."""
    graphs: dict[str, list[ox.Triple]] = defaultdict(list)
    for quad in workshop.quads:
        graphs[_iri(quad.graph_name)].append(quad.triple)
    listed = [{"@id": name, "@graph": _nodes(triples)} for name, triples in sorted(graphs.items())]
    return json_bytes({"@context": jsonld.context(), "@graph": listed})


def _nodes(triples: list[ox.Triple]) -> list[object]:
    document = json.loads(jsonld.document(triples))
    document.pop("@context")
    nodes: list[object] = document.get("@graph", [document])
    return nodes


def claims_jsonld(workshop: Workshop) -> bytes:
    """One record for each claim: the tree of the frame `{"@type": "rg:Claim", "@embed": "@always"}`.

    A claim with its spans, and of everything else that it points at the labels, so that a record is read alone.
    Specification: https://www.w3.org/TR/json-ld11-framing/
    """
    described: dict[str, list[ox.Triple]] = defaultdict(list)
    for triple in workshop.triples:
        if isinstance(triple.subject, ox.NamedNode):
            described[triple.subject.value].append(triple)
    kind = ox.NamedNode(RG + "Claim")
    claims = sorted(iri for iri, told in described.items() if any(_is_a(triple, kind) for triple in told))
    records = [_record(claim, described) for claim in claims]
    return json_bytes({"@context": jsonld.context(), "@graph": records})


def _record(claim: str, described: dict[str, list[ox.Triple]]) -> object:
    own = described[claim]
    spans = [_iri(t.object) for t in own if t.predicate.value == RG + "evidence"]
    around = [triple for span in spans for triple in described[span] if triple.predicate.value != OA + "hasSelector"]
    links = [t for t in own + around if isinstance(t.object, ox.NamedNode) and t.predicate.value != RDF + "type"]
    pointed = {_iri(t.object) for t in links} - {claim, *spans}
    labels = [t for iri in sorted(pointed) for t in described.get(iri, []) if t.predicate.value == SKOS + "prefLabel"]
    document = json.loads(jsonld.document(own + around + labels, claim))
    document.pop("@context")
    return document


def _is_a(triple: ox.Triple, kind: ox.NamedNode) -> bool:
    return triple.predicate.value == RDF + "type" and triple.object == kind


def _iri(term: object) -> str:
    """The IRI of a term, empty for what has none."""
    return term.value if isinstance(term, ox.NamedNode) else ""
