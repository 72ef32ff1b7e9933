"""The graph as a network of labelled nodes and edges, for tools that know neither RDF nor named graphs.

Nodes are things and figures; an edge is one relation on one claim's word, so that two claims of the same relation are
two edges. `docs/reference/exports.md` tells what is in it and what is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyoxigraph as ox

from reformgraph.canned.tables import Table
from reformgraph.engines.base import Engine
from reformgraph.exports.workshop import Workshop
from reformgraph.namespaces import BASE, OA, RG, SDMX_DIMENSION, SKOS, compact
from reformgraph.results import Cell, cell

# Attributes in the order of the files, and their types.
NODE_FIELDS = {
    "iri": "string", "type": "string", "labelZh": "string", "labelEn": "string", "aliases": "string",
    "areaCode": "string", "figures": "integer", "value": "double", "lower": "double", "upper": "double",
    "unit": "string", "unitWord": "string", "kind": "string", "bound": "string", "modality": "string",
    "voice": "string", "claimant": "string", "document": "string", "start": "integer", "end": "integer",
    "exact": "string", "periodStart": "string", "periodEnd": "string", "yearStart": "integer", "yearEnd": "integer",
}  # fmt: skip
EDGE_FIELDS = {
    "predicate": "string", "labelZh": "string", "labelEn": "string", "origin": "string", "claim": "string",
    "modality": "string", "claimant": "string", "voice": "string", "document": "string", "start": "integer",
    "end": "integer", "exact": "string", "yearStart": "integer", "yearEnd": "integer",
}  # fmt: skip
# Columns of the observations whose IRI a figure points at, and by which property.
FIGURE_EDGES = {
    "metric": RG + "metric",
    "agency": RG + "agency",
    "initiative": RG + "initiative",
    "system": RG + "system",
    "area": SDMX_DIMENSION + "refArea",
    "claimant": RG + "claimant",
    "dataSource": RG + "dataSource",
    "partOf": RG + "partOfTotal",
    "measuredAgainst": RG + "measuredAgainst",
    "document": OA + "hasSource",
}
_COUNTED = ("metric", "agency", "initiative", "system", "area", "document")
_SHARED = ("modality", "voice", "document", "start", "end", "exact")

Attributes = dict[str, Any]


@dataclass(frozen=True)
class Node:
    """A thing or figure; `id` is its CURIE, which is a valid XML name token where an IRI is none."""

    id: str
    label: str
    attributes: Attributes


@dataclass(frozen=True)
class Edge:
    """A relation; `weight` is the number of spans of a claim or mention, and 1 for figures and the registry."""

    id: str
    source: str
    target: str
    label: str
    weight: float
    attributes: Attributes = field(default_factory=dict)


@dataclass(frozen=True)
class Network:
    """Nodes in the order of their ids; edges in that of their origins and tables."""

    nodes: list[Node]
    edges: list[Edge]
    release: str


def read_network(workshop: Workshop) -> Network:
    """The network of a release."""
    figures = workshop.table("observations")
    nodes = [*_things(workshop.table("nodes"), _counts(figures)), *map(_figure, _rows(figures))]
    found = [*_claims(workshop), *_figures(figures), *_registry(workshop), *_mentions(workshop)]
    labels = _labels(workshop.engine, {edge[1] for edge in found})
    edges = [_edge(number, parts, labels) for number, parts in enumerate(found, 1)]
    return Network(sorted(nodes, key=lambda node: node.id), edges, workshop.release.id)


def _rows(table: Table) -> Iterator[Attributes]:
    """Rows as JSON values, IRIs as CURIEs, the key of a document as the CURIE of the document."""
    for row in table.rows:
        values = {name: _value(term) for name, term in zip(table.columns, row, strict=True) if term is not None}
        if "document" in values:
            values["document"] = f"doc:{values['document']}"
        yield values


def _value(term: Cell) -> Any:
    return compact(term.value) if isinstance(term, ox.NamedNode) else cell(term)


def _counts(figures: Table) -> Counter[str]:
    return Counter(row[column] for row in _rows(figures) for column in _COUNTED if column in row)


def _things(table: Table, counts: Counter[str]) -> Iterator[Node]:
    for row, iri in zip(_rows(table), table.cells("thing"), strict=True):
        assert isinstance(iri, ox.NamedNode)
        attributes = {"iri": iri.value, "type": row["type"], "labelZh": row["zh"], "labelEn": row["en"]}
        attributes |= {name: row[name] for name in ("aliases", "areaCode") if name in row}
        attributes |= {"figures": counts[row["thing"]]} | _years(row.get("issued"), row.get("issued"))
        yield Node(row["thing"], row["zh"], attributes)


def _figure(row: Attributes) -> Node:
    """A figure is called by its metric and its own words: 计算机：13000余台."""
    zh = f"{row['metricZh']}：{row['exact']}"
    en = f"{row['metricEn']}: {row['bound']} {row.get('value', '')} {row['unit'].partition(':')[2]}"
    names = (*_SHARED, "value", "lower", "upper", "unit", "unitWord", "kind", "bound", "claimant", "periodStart",
             "periodEnd")  # fmt: skip
    attributes = {"iri": _iri(row["observation"]), "type": "figure", "labelZh": zh, "labelEn": " ".join(en.split())}
    attributes |= {name: row[name] for name in names if name in row}
    return Node(row["observation"], zh, attributes | _years(row.get("periodStart"), row.get("periodEnd")))


def _iri(curie: str) -> str:
    return f"{BASE}obs/{curie.partition(':')[2]}"


def _years(start: str | None, end: str | None) -> Attributes:
    """The years of a period as whole numbers, each where it is known."""
    days = {"yearStart": start, "yearEnd": end}
    return {name: date.fromisoformat(day[:10]).year for name, day in days.items() if day and len(day) >= 10}


# Source, predicate (IRI), target, weight, attributes.
_Parts = tuple[str, str, str, float, Attributes]


def _claims(workshop: Workshop) -> Iterator[_Parts]:
    table = workshop.table("relations")
    for row, predicate in zip(_rows(table), table.cells("predicate"), strict=True):
        assert isinstance(predicate, ox.NamedNode)
        attributes = {"origin": "claim", "claim": row["claim"], "claimant": row["claimant"]}
        attributes |= {name: row[name] for name in _SHARED} | _years(row.get("periodStart"), row.get("periodEnd"))
        yield row["subject"], predicate.value, row["object"], float(row["spans"]), attributes


def _figures(table: Table) -> Iterator[_Parts]:
    for row in _rows(table):
        attributes = {"origin": "figure", "claim": row["observation"], "claimant": row["claimant"]}
        attributes |= {name: row[name] for name in _SHARED} | _years(row.get("periodStart"), row.get("periodEnd"))
        for column, predicate in FIGURE_EDGES.items():
            if column in row:
                yield row["observation"], predicate, row[column], 1.0, attributes


def _registry(workshop: Workshop) -> Iterator[_Parts]:
    table = workshop.table("links")
    for row, predicate in zip(_rows(table), table.cells("predicate"), strict=True):
        assert isinstance(predicate, ox.NamedNode)
        yield row["subject"], predicate.value, row["object"], 1.0, {"origin": row["origin"]}


def _mentions(workshop: Workshop) -> Iterator[_Parts]:
    for row in _rows(workshop.table("mentions")):
        attributes = {"origin": "mention", "document": row["document"]}
        yield row["document"], RG + "names", row["thing"], float(row["spans"]), attributes


def _labels(engine: Engine, predicates: Iterable[str]) -> dict[str, dict[str, str]]:
    """The labels of properties by language."""
    terms = " ".join(str(ox.NamedNode(iri)) for iri in sorted(predicates))
    found = engine.query(
        f"SELECT ?property ?label {{ VALUES ?property {{ {terms} }} ?property <{SKOS}prefLabel> ?label }}"
    )
    assert isinstance(found, ox.QuerySolutions)
    labels: dict[str, dict[str, str]] = {}
    for row in found:
        labels.setdefault(row["property"].value, {})[row["label"].language] = row["label"].value
    return labels


def _edge(number: int, parts: _Parts, labels: dict[str, dict[str, str]]) -> Edge:
    source, predicate, target, weight, attributes = parts
    name = compact(predicate)
    told = labels.get(predicate, {})
    told = {"labelZh": told.get("zh", name), "labelEn": told.get("en", name)}
    return Edge(f"e{number}", source, target, told["labelZh"], weight, {"predicate": name, **told, **attributes})
