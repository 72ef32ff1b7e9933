"""Linked data: what the graph says of one IRI, as triples for machines and as sections for pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from reformgraph.addresses import Address, Addresses
from reformgraph.comparison import Comparison, compare
from reformgraph.descriptions import PAGE, Description, Descriptions
from reformgraph.engines.base import Engine
from reformgraph.errors import NotFoundError
from reformgraph.namespaces import BASE, RDF, RG, SKOS, compact
from reformgraph.queries import QueryService, fill
from reformgraph.results import rows

Row = dict[str, Any]
OWL = "http://www.w3.org/2002/07/owl#"


@dataclass(frozen=True)
class Thing:
    """A thing as pages show it: names, statements, references, figures, relations, spans that name it, counts."""

    iri: str
    kind: str
    labels: dict[str, str]
    types: tuple[str, ...]
    statements: list[Row]
    references: list[Row]
    figures: list[Row]
    claims: list[Row]
    named: list[Row]
    counts: list[Row]


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
        self._members: dict[str, list[Row]] = {}
        self._addresses = Addresses(engine, self._texts)
        self._descriptions = Descriptions(engine, self._texts)

    def find(self, kind: str, slug: str) -> Address:
        """What a path means; NotFoundError with the nearest IRIs where the graph has nothing there."""
        return self._addresses.find(kind, slug)

    def document(self, name: str, part: str) -> Address:
        """The head of a file of the ontology or the shapes, such as `ns/metrics`, or the version IRI of the ontology.

        NotFoundError where nothing in the graph has such an IRI.
        """
        iri = f"{BASE}{name}/{part}"
        if self._addresses.exists(iri):
            return self._addresses.status(iri)
        if iri in self.versions():
            return Address(f"{BASE}{name}")
        heads = [f"{BASE}{name}", *(row["subject"] for row in self._rows("incoming", f"{BASE}{name}", "value"))]
        raise NotFoundError("document", f"{name}/{part}", [head for head in heads if "#" not in head])

    def versions(self) -> list[str]:
        """The version IRIs of the ontology in the release."""
        found = self.engine.query(f"SELECT ?version {{ <{BASE}ns> <{OWL}versionIRI> ?version }}")
        assert isinstance(found, ox.QuerySolutions)
        return [row["version"] for row in rows(found)]

    def describe(self, iri: str, limit: int = PAGE, offset: int = 0) -> Description:
        """What the graphs say of an IRI, with its labels, claims and evidence; see `descriptions`."""
        return self._descriptions.describe(iri, limit, offset)

    def types(self, iri: str) -> list[str]:
        """The classes of a thing."""
        found = self.engine.query(f"SELECT DISTINCT ?type {{ <{iri}> a ?type }} ORDER BY STR(?type)")
        assert isinstance(found, ox.QuerySolutions)
        return [row["type"] for row in rows(found)]

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
            figures=self._figures(iri),
            claims=self._rows("claims", iri),
            named=self._rows("named", iri),
            counts=self._descriptions.counts(iri),
        )

    def _rows(self, name: str, iri: str, variable: str = "thing") -> list[Row]:
        found = self.engine.query(fill(self._texts[name], {variable: [ox.NamedNode(iri)]}))
        assert isinstance(found, ox.QuerySolutions)
        return rows(found)

    def _figures(self, iri: str) -> list[Row]:
        """The figures that concern a thing. One query for all of it takes twenty times as long as these three."""
        found = [ox.NamedNode(row["observation"]) for row in self._rows("figures-of", iri)]
        if not found:
            return []
        answer = self.engine.query(fill(self._texts["figures"], {"observation": found}))
        assert isinstance(answer, ox.QuerySolutions)
        figures = rows(answer)
        labels = self.labels(row[name] for row in figures for name in ("metric", "agency"))
        for row in figures:
            for name in ("metric", "agency"):
                label = labels.get(row[name], {})
                row |= {f"{name}Zh": label.get("zh"), f"{name}En": label.get("en")}
        return figures

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
        """The terms of a graph below a namespace: `term`, `type`, labels, definitions, `deprecated`, `successor`."""
        text = fill(self._texts["terms"], {"graph": [ox.NamedNode(graph)], "home": [ox.Literal(prefix)]})
        found = self.engine.query(text)
        assert isinstance(found, ox.QuerySolutions)
        return rows(found)

    def members(self, kind: str) -> list[Row]:
        """The things of a kind: `thing`, `zh`, `en`, and `exact`, the words of what has no label."""
        if kind == "graph":
            return [{"thing": iri, "zh": None, "en": compact(iri), "exact": None} for iri in self.engine.graphs()]
        if kind not in self._members:  # a scan, and some thousand rows in all, which change only with the release
            found = self.engine.query(fill(self._texts["members"], {"home": [ox.Literal(f"{BASE}{kind}/")]}))
            assert isinstance(found, ox.QuerySolutions)
            self._members[kind] = rows(found)
        return self._members[kind]


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
