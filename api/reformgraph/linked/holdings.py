"""What the graph holds, counted once for a release: the figures of VoID, DCAT and the service description.

Everything is asked of the engine; nothing is said that the graph does not tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from reformgraph.engines.base import Engine, RdfDataset
from reformgraph.namespaces import BASE, CATALOG, prefixes
from reformgraph.results import Term

Counted = tuple[tuple[str, int], ...]

# Data sets of others that ours links to: where their IRIs start, their name, their home page.
TARGETS = (
    ("https://sws.geonames.org/", "GeoNames", "https://www.geonames.org/"),
    ("http://www.wikidata.org/entity/", "Wikidata", "https://www.wikidata.org/"),
)
_EXAMPLES = ("obs", "agency", "initiative", "metric", "place", "doc")
_PREFIXES = """PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX rg: <https://w3id.org/reformgraph/ns#>
PREFIX sdmx-dimension: <http://purl.org/linked-data/sdmx/2009/dimension#>
"""


@dataclass(frozen=True)
class Linkset:
    """The links by one property from our things to a data set of `TARGETS`."""

    target: str
    predicate: str
    triples: int


@dataclass(frozen=True)
class Holdings:
    """Counts over the union of all graphs; classes and properties are IRIs with their entities and triples."""

    dataset: str
    statements: tuple[tuple[str, Term], ...]  # property, value: what the catalogue says of the data set
    triples: int
    subjects: int
    objects: int
    entities: int  # subjects below our base
    graphs: Counted
    classes: Counted
    properties: Counted
    linksets: tuple[Linkset, ...]
    start: str | None  # first and last day that a figure speaks of
    end: str | None
    areas: tuple[str, ...]
    documents: tuple[str, ...]
    examples: tuple[str, ...]

    def said(self, curie: str) -> list[Term]:
        """What the catalogue says by a property, such as `dcterms:title`."""
        prefix, _, name = curie.partition(":")
        return [value for predicate, value in self.statements if predicate == prefixes()[prefix] + name]

    def vocabularies(self) -> list[str]:
        """The namespaces of all classes and properties in use, sorted."""
        return sorted({_namespace(iri) for iri, _ in self.classes + self.properties})


def count(engine: Engine) -> Holdings:
    """All counts, by some twenty queries over the whole graph."""
    dataset = next(iter(_column(engine, f"SELECT ?d {{ GRAPH <{CATALOG}> {{ ?d a dcat:Dataset }} }}")), CATALOG)
    period = "?figure sdmx-dimension:refPeriod ?period . ?period dcat:"
    return Holdings(
        dataset=dataset,
        statements=tuple(_statements(engine, dataset)),
        triples=_number(engine, "(COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"),
        subjects=_number(engine, "(COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"),
        objects=_number(engine, "(COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }"),
        entities=_number(engine, f'(COUNT(DISTINCT ?s) AS ?n) {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{BASE}")) }}'),
        graphs=tuple((graph, _size(engine, graph)) for graph in engine.graphs()),
        classes=_counted(engine, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c"),
        properties=_counted(engine, "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"),
        linksets=tuple(link for start, _, _ in TARGETS for link in _links(engine, start)),
        start=next(iter(_column(engine, f"SELECT ?d {{ {period}startDate ?d }} ORDER BY ?d LIMIT 1")), None),
        end=next(iter(_column(engine, f"SELECT ?d {{ {period}endDate ?d }} ORDER BY DESC(?d) LIMIT 1")), None),
        areas=_column(engine, "SELECT DISTINCT ?a { ?figure sdmx-dimension:refArea ?a } ORDER BY STR(?a)"),
        documents=_column(engine, "SELECT DISTINCT ?d { ?d a rg:SourceDocument } ORDER BY STR(?d)"),
        examples=tuple(found for kind in _EXAMPLES for found in _example(engine, kind)),
    )


def _solutions(engine: Engine, query: str, dataset: RdfDataset | None = None) -> ox.QuerySolutions:
    found = engine.query(_PREFIXES + query, dataset)
    assert isinstance(found, ox.QuerySolutions)
    return found


def _column(engine: Engine, query: str) -> tuple[str, ...]:
    return tuple(str(solution[0].value) for solution in _solutions(engine, query))


def _number(engine: Engine, rest: str, dataset: RdfDataset | None = None) -> int:
    return int(next(iter(_solutions(engine, f"SELECT {rest}", dataset)))[0].value)


def _size(engine: Engine, graph: str) -> int:
    return _number(engine, "(COUNT(*) AS ?n) { ?s ?p ?o }", RdfDataset(default=(graph,)))


def _counted(engine: Engine, query: str) -> Counted:
    """IRI and count, the largest first."""
    rows: Iterable[tuple[str, int]] = ((str(key.value), int(n.value)) for key, n in _solutions(engine, query))
    return tuple(sorted(rows, key=lambda row: (-row[1], row[0])))


def _statements(engine: Engine, dataset: str) -> list[tuple[str, Term]]:
    found = _solutions(engine, f"SELECT ?p ?o {{ GRAPH <{CATALOG}> {{ <{dataset}> ?p ?o }} }}")
    return sorted(((str(predicate.value), value) for predicate, value in found), key=str)


def _links(engine: Engine, start: str) -> list[Linkset]:
    fits = f'ISIRI(?o) && STRSTARTS(STR(?o), "{start}") && STRSTARTS(STR(?s), "{BASE}")'
    query = f"SELECT ?p (COUNT(*) AS ?n) {{ ?s ?p ?o FILTER({fits}) }} GROUP BY ?p"
    return [Linkset(start, predicate, number) for predicate, number in _counted(engine, query)]


def _example(engine: Engine, kind: str) -> tuple[str, ...]:
    fits = f'STRSTARTS(STR(?s), "{BASE}{kind}/")'
    return _column(engine, f"SELECT DISTINCT ?s {{ ?s a ?c FILTER({fits}) }} ORDER BY STR(?s) LIMIT 1")


def _namespace(iri: str) -> str:
    """The namespace of the prefix table that a term is in, else all up to its last `#` or `/`."""
    fits = [namespace for namespace in prefixes().values() if iri.startswith(namespace)]
    return max(fits, key=len, default=iri[: max(iri.rfind("#"), iri.rfind("/")) + 1])
