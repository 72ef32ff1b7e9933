"""IRIs: the base, the closed list of kinds, the one prefix table (`ontology/prefixes.ttl`), CURIEs."""

from __future__ import annotations

from functools import cache

import pyoxigraph as ox

from reformgraph.content import content_root

BASE = "https://w3id.org/reformgraph/"
RG = BASE + "ns#"
RGS = BASE + "shapes#"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
OA = "http://www.w3.org/ns/oa#"
OWL = "http://www.w3.org/2002/07/owl#"
SDMX_DIMENSION = "http://purl.org/linked-data/sdmx/2009/dimension#"
SH = "http://www.w3.org/ns/shacl#"

# The first path segment of every IRI of a thing; the list is closed (README of ontology/).
KINDS = (
    "doc", "span", "obs", "claim", "finding", "derived", "agency", "body", "person", "place", "initiative",
    "mechanism", "norm", "system", "facility", "award", "event", "problem", "recommendation", "metric",
    "period", "group", "unit", "code", "graph", "run",
)  # fmt: skip

GRAPH = BASE + "graph/"
VOCAB, REGISTRY, CATALOG, CURATED, SHAPES, DERIVED, INFERRED, VALIDATION = (
    GRAPH + name for name in ("vocab", "registry", "catalog", "curated", "shapes", "derived", "inferred", "validation")
)
RELEASE = GRAPH + "release"  # only in stores that `reformgraph push` filled: which release they hold


@cache
def prefixes() -> dict[str, str]:
    """The prefix table, prefix -> namespace IRI, sorted by prefix."""
    table: dict[str, dict[str, str]] = {}
    for quad in ox.parse(path=str(content_root() / "ontology" / "prefixes.ttl"), format=ox.RdfFormat.TURTLE):
        if quad.predicate.value in (SH + "prefix", SH + "namespace"):
            table.setdefault(str(quad.subject), {})[quad.predicate.value] = quad.object.value
    rows = ((row[SH + "prefix"], row[SH + "namespace"]) for row in table.values())
    return dict(sorted(rows))


def expand(curie: str) -> str | None:
    """The IRI of a CURIE whose prefix is in the table, else None; `obs:x` -> `https://w3id.org/reformgraph/obs/x`."""
    prefix, colon, local = curie.partition(":")
    namespace = prefixes().get(prefix)
    return namespace + local if colon and namespace is not None else None


def compact(iri: str) -> str:
    """The CURIE of an IRI by the longest matching namespace, or the IRI itself."""
    fits = [(len(namespace), prefix) for prefix, namespace in prefixes().items() if iri.startswith(namespace)]
    if not fits:
        return iri
    length, prefix = max(fits)
    return f"{prefix}:{iri[length:]}"


def sparql_prologue() -> str:
    """`PREFIX` lines for the whole table, for the editor and for answers that quote queries."""
    return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in prefixes().items())
