"""Linked data: what the graph says of one IRI, as triples for machines and as sections for pages."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from reformgraph.comparison import Comparison, compare
from reformgraph.engines.base import Engine, RdfDataset
from reformgraph.errors import NotFoundError
from reformgraph.namespaces import BASE, GRAPH, KINDS, RDF, RG, SKOS, compact
from reformgraph.queries import QueryService, fill
from reformgraph.results import rows

Row = dict[str, Any]


@dataclass(frozen=True)
class Thing:
    """A thing as pages show it: names, types, statements, references, figures and the spans that name it."""

    iri: str
    kind: str
    labels: dict[str, str]
    types: tuple[str, ...]
    statements: list[Row]
    references: list[Row]
    figures: list[Row]
    named: list[Row]


@dataclass(frozen=True)
class ClaimCard:
    """One figure with its words, its speaker, and other figures of the same metric with a verdict on each."""

    row: Row
    evidence: list[Row]
    others: list[tuple[Row, Comparison]]
    labels: dict[str, dict[str, str]]


class Resources:
    """Answers what stands at an IRI; `pages` is the folder of the queries that feed the pages."""

    def __init__(self, engine: Engine, queries: QueryService, pages: Path) -> None:
        self.engine = engine
        self.queries = queries
        self._texts = {path.stem: path.read_text("utf-8") for path in pages.glob("*.rq")}

    def iri(self, kind: str, slug: str) -> str:
        """The IRI of a kind and slug; NotFoundError with the nearest names where the graph has nothing there."""
        iri = f"{BASE}{kind}/{slug}"
        try:
            term = ox.NamedNode(iri)
        except ValueError:
            raise NotFoundError(kind, slug) from None
        pattern = f"GRAPH {term} {{ ?s ?p ?o }}" if kind == "graph" else f"{term} ?p ?o"
        if kind not in KINDS or not self.engine.query(f"ASK {{ {pattern} }}"):
            raise NotFoundError(kind, slug, self._nearest(kind, slug))
        return iri

    def _nearest(self, kind: str, slug: str) -> list[str]:
        if kind not in KINDS:
            return []
        slugs = [row["thing"].rpartition("/")[2] for row in self.members(kind)]
        return [f"{kind}/{near}" for near in difflib.get_close_matches(slug, slugs, n=5, cutoff=0.5)]

    def describe(self, iri: str) -> ox.QueryTriples:
        """The thing's own triples, the labels of their values, and the claims about it with evidence."""
        if iri.startswith(GRAPH):
            return self._graph(iri)
        found = self.engine.query(fill(self._texts["describe"], {"thing": [ox.NamedNode(iri)]}))
        assert isinstance(found, ox.QueryTriples)
        return found

    def _graph(self, iri: str) -> ox.QueryTriples:
        found = self.engine.query("CONSTRUCT WHERE { ?s ?p ?o }", RdfDataset(default=(iri,)))
        assert isinstance(found, ox.QueryTriples)
        return found

    def thing(self, iri: str) -> Thing:
        """Everything that a page of the thing shows."""
        statements = self._rows("statements", iri)
        labels = {"zh": "", "en": ""} | self.labels([iri]).get(iri, {})
        types = tuple(row["value"] for row in statements if row["property"] == RDF + "type")
        shown = [row for row in statements if row["property"] not in _SHOWN_ELSEWHERE]
        return Thing(
            iri=iri,
            kind=iri.removeprefix(BASE).partition("/")[0],
            labels=labels,
            types=types,
            statements=shown,
            references=[row for row in self._rows("references", iri) if row["property"] not in _SHOWN_ELSEWHERE],
            figures=self._rows("figures", iri),
            named=self._rows("named", iri),
        )

    def _rows(self, name: str, iri: str) -> list[Row]:
        found = self.engine.query(fill(self._texts[name], {"thing": [ox.NamedNode(iri)]}))
        assert isinstance(found, ox.QuerySolutions)
        return rows(found)

    def card(self, iri: str) -> ClaimCard:
        """The claim card of an observation."""
        row = self._ask("observations", observation=iri)[0]
        figures = self._ask("compare-metric", metric=row["metric"])
        mine = next(other for other in figures if other["observation"] == iri)
        others = [(other, compare(mine, other)) for other in figures if other["observation"] != iri]
        named = [row[name] for name in _NAMED if row[name]] + [f"{BASE}doc/{row['document']}"]
        named += [other["area"] for other, _ in others if other["area"]]
        return ClaimCard(row, self._ask("evidence", observation=iri), others, self.labels(named))

    def labels(self, iris: Iterable[str]) -> dict[str, dict[str, str]]:
        """IRI -> language -> preferred label."""
        terms = {"thing": [ox.NamedNode(iri) for iri in dict.fromkeys(iris)]}
        found = self.engine.query(fill(self._texts["labels"], terms))
        assert isinstance(found, ox.QuerySolutions)
        labels: dict[str, dict[str, str]] = {}
        for row in rows(found):
            labels.setdefault(row["thing"], {})[row["tag"]] = row["label"]
        return labels

    def _ask(self, name: str, **given: str) -> list[Row]:
        question = self.queries.ask(name, {key: [value] for key, value in given.items()})
        found = self.queries.run(question)
        assert isinstance(found, ox.QuerySolutions)
        return rows(found)

    def terms(self, graph: str, prefix: str) -> list[Row]:
        """The terms of a graph below a namespace: `term`, `type`, `zh`, `en`, `definitionZh`, `definitionEn`."""
        text = fill(self._texts["terms"], {"graph": [ox.NamedNode(graph)], "home": [ox.Literal(prefix)]})
        found = self.engine.query(text)
        assert isinstance(found, ox.QuerySolutions)
        return rows(found)

    def members(self, kind: str) -> list[Row]:
        """The things of a kind: `thing`, `zh`, `en`."""
        if kind == "graph":
            return [{"thing": iri, "zh": None, "en": compact(iri)} for iri in self.engine.graphs()]
        home = ox.Literal(f"{BASE}{kind}/")
        found = self.engine.query(fill(self._texts["members"], {"home": [home]}))
        assert isinstance(found, ox.QuerySolutions)
        return rows(found)


# The fields of an observation whose values are things with labels.
_NAMED = ("metric", "agency", "area", "initiative", "system", "rankAmong", "claimant", "dataSource")

# What a page shows in sections of its own, or says of every thing.
_SHOWN_ELSEWHERE = {
    RDF + "type",
    SKOS + "prefLabel",
    "http://www.w3.org/2000/01/rdf-schema#label",
    RG + "names",
    RG + "about",
    RG + "metric",
    RG + "agency",
    RG + "claimant",
    RG + "firstEvidence",
    "http://purl.org/linked-data/sdmx/2009/dimension#refArea",
}
