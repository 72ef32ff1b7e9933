"""Linked data: what the graph says of one IRI, as triples for machines and as sections for pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from reformgraph.engines.base import Engine
from reformgraph.errors import NotFoundError
from reformgraph.linked.addresses import Address, Addresses
from reformgraph.linked.descriptions import PAGE, Description, Descriptions
from reformgraph.namespaces import BASE, RDF, RG, SKOS, compact
from reformgraph.portraits.figuretable import FigureTable
from reformgraph.queries import QueryService, fill
from reformgraph.results import rows

Row = dict[str, Any]
OWL = "http://www.w3.org/2002/07/owl#"


@dataclass(frozen=True)
class Thing:
    """A thing as pages show it: names, statements, references, relations, spans that name it, counts."""

    iri: str
    kind: str
    labels: dict[str, str]
    types: tuple[str, ...]
    statements: list[Row]
    references: list[Row]
    claims: list[Row]
    named: list[Row]
    counts: list[Row]


class Resources:
    """Answers what stands at an IRI; `pages` is the folder of the queries that feed the pages."""

    def __init__(self, engine: Engine, queries: QueryService, pages: Path) -> None:
        self.engine = engine
        self._texts = {path.stem: path.read_text("utf-8") for path in pages.glob("*.rq")}
        self.figures = FigureTable(engine, queries, self._texts)
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
            claims=self._rows("claims", iri),
            named=self._rows("named", iri),
            counts=self._descriptions.counts(iri),
        )

    def _rows(self, name: str, iri: str, variable: str = "thing") -> list[Row]:
        found = self.engine.query(fill(self._texts[name], {variable: [ox.NamedNode(iri)]}))
        assert isinstance(found, ox.QuerySolutions)
        return rows(found)

    def labels(self, iris: Iterable[str]) -> dict[str, dict[str, str]]:
        """IRI -> language -> preferred label."""
        terms = {"thing": [ox.NamedNode(iri) for iri in dict.fromkeys(iris)]}
        found = self.engine.query(fill(self._texts["labels"], terms))
        assert isinstance(found, ox.QuerySolutions)
        labels: dict[str, dict[str, str]] = {}
        for row in rows(found):
            labels.setdefault(row["thing"], {})[row["tag"]] = row["label"]
        return labels

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
