"""One figure as a nanopublication (http://nanopub.net/guidelines/working_draft/): head, assertion, provenance, pubinfo.

The assertion is what is said, the provenance who says it and in which characters, the publication information which
release of the graph it was taken from. The graphs have plain IRIs below the permalink of the nanopublication, so that
a tool that makes trusty URIs can rename them. It is not signed and has no `dcterms:created`: the graph knows no clock
of a build, and the same release gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from reformgraph import __version__
from reformgraph.linked.descriptions import Description
from reformgraph.namespaces import BASE, GRAPH, OA, RG
from reformgraph.publishing.publication import CREATOR, Publication
from reformgraph.publishing.statements import about, iri

PROFILE = "http://www.nanopub.org/nschema#Nanopublication"
NP = "http://www.nanopub.org/nschema#"

# Who says it and where it stands: the provenance of the assertion, not the assertion itself.
_PROVENANCE = frozenset(RG + name for name in ("claimant", "voice", "dataSource", "evidence"))
# Ours, computed from others or repeated; a reader of one claim does without.
_LEFT_OUT = frozenset((RG + "firstEvidence",))


@dataclass(frozen=True)
class Nanopublication:
    """The four graphs of a nanopublication of `claim`; `address` is its own IRI."""

    claim: str
    address: str
    quads: tuple[ox.Quad, ...]

    def graph(self, name: str) -> str:
        """The IRI of `head`, `assertion`, `provenance` or `pubinfo`."""
        return f"{self.address}#{name}"


def nanopublication(described: Description, publication: Publication) -> Nanopublication:
    """The nanopublication of a claim that a description tells of, its evidence included."""
    claim = described.iri
    address = publication.permalink(f"{claim.removeprefix(BASE)}?profile=nanopub")
    own = [quad.triple for quad in described.quads if _is_of_report(quad) and quad.subject == ox.NamedNode(claim)]
    spans = set(_values(own, RG + "evidence"))
    evidence = [quad.triple for quad in described.quads if _subject(quad).partition("#")[0] in spans]
    graphs = {
        "head": _head(address),
        "assertion": [t for t in own if t.predicate.value not in _PROVENANCE | _LEFT_OUT],
        "provenance": _provenance(address, own, evidence),
        "pubinfo": _pubinfo(address, claim, publication),
    }
    quads = (_quad(triple, f"{address}#{name}") for name, triples in graphs.items() for triple in triples)
    return Nanopublication(claim, address, tuple(dict.fromkeys(quads)))


def _is_of_report(quad: ox.Quad) -> bool:
    return isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(f"{GRAPH}doc-")


def _subject(quad: ox.Quad) -> str:
    return quad.subject.value if isinstance(quad.subject, ox.NamedNode) else ""


def _quad(triple: ox.Triple, graph: str) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(graph))


def _values(triples: Iterable[ox.Triple], predicate: str) -> list[str]:
    """The IRIs that a property leads to."""
    found = (triple.object for triple in triples if triple.predicate.value == predicate)
    return [term.value for term in found if isinstance(term, ox.NamedNode)]


def _head(address: str) -> list[ox.Triple]:
    node = ox.NamedNode(address)
    parts = {"hasAssertion": "assertion", "hasProvenance": "provenance", "hasPublicationInfo": "pubinfo"}
    return about(address, ("rdf:type", PROFILE)) + [
        ox.Triple(node, ox.NamedNode(NP + property_), ox.NamedNode(f"{address}#{graph}"))
        for property_, graph in parts.items()
    ]


def _provenance(address: str, own: list[ox.Triple], evidence: list[ox.Triple]) -> list[ox.Triple]:
    """The claim's own words on speaker and spans, and the same of the assertion in PROV."""
    said = [triple for triple in own if triple.predicate.value in _PROVENANCE]
    return [
        *about(
            f"{address}#assertion",
            ("prov:wasDerivedFrom", sorted(_values(said, RG + "evidence"))),
            ("prov:wasAttributedTo", _values(said, RG + "claimant")),
            ("prov:wasInfluencedBy", _values(said, RG + "dataSource")),
            ("dcterms:source", sorted(set(_values(evidence, OA + "hasSource")))),
        ),
        *said,
        *evidence,
    ]


def _pubinfo(address: str, claim: str, publication: Publication) -> list[ox.Triple]:
    making, tool = f"{address}#making", f"{address}#reformgraph"
    return [
        *about(
            address,
            ("dcterms:license", publication.licence),
            ("dcterms:creator", ox.Literal(CREATOR)),
            ("dcterms:subject", claim),
            ("dcterms:bibliographicCitation", ox.Literal(publication.citation)),
            ("prov:wasDerivedFrom", publication.iri),
            ("prov:wasGeneratedBy", making),
        ),
        *about(making, ("rdf:type", iri("prov:Activity")), ("prov:used", publication.iri)),
        *about(making, ("prov:wasAssociatedWith", tool)),
        *about(tool, ("rdf:type", iri("prov:SoftwareAgent")), ("rdfs:label", ox.Literal(f"reformgraph {__version__}"))),
        *about(
            publication.iri,
            ("rdf:type", iri("dcat:Dataset")),
            ("dcat:isVersionOf", publication.dataset),
            ("dcat:version", ox.Literal(publication.short)),
            ("dcterms:identifier", ox.Literal(publication.release)),
        ),
    ]
