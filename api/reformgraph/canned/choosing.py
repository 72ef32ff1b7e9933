"""What can be chosen for a parameter of a canned query: codes, things that have rows, words that stand in a column.

A list is made from the answer of the query itself without conditions, so that every choice finds something. Where the
query must be told something first, the list is of the things of that kind that claims tell of.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from reformgraph.canned.files import CannedQuery
from reformgraph.canned.heads import Parameter
from reformgraph.canned.literals import LITERALS
from reformgraph.canned.tables import Table, text
from reformgraph.errors import ReformgraphError
from reformgraph.namespaces import BASE, SKOS, compact
from reformgraph.queries import QueryService

_LABELS = f"SELECT ?thing ?label {{ ?thing <{SKOS}prefLabel> ?label }}"
_NAMES = f"SELECT DISTINCT ?thing ?label {{ ?thing <{SKOS}prefLabel>|<{SKOS}altLabel> ?label }}"
_TOLD = """PREFIX rg: <https://w3id.org/reformgraph/ns#> PREFIX geo: <http://www.opengis.net/ont/geosparql#>
SELECT DISTINCT ?thing { { ?claim a rg:Claim ; ?told ?thing } UNION { ?span rg:names ?thing }
  UNION { ?claim a rg:Claim ; ?told ?place . ?place geo:sfWithin+ ?thing } FILTER(ISIRI(?thing)) }"""
_CODES = """PREFIX skos: <{skos}> SELECT ?word ?label ?about {{ ?code skos:inScheme <{scheme}> ; skos:notation ?word ;
  skos:prefLabel ?label ; skos:definition ?about FILTER(LANG(?label) = LANG(?about)) }}"""
# Parameters of the kind `thing` whose name says which kinds are meant.
_MEANT = {"agency": ("agency", "body"), "system": ("system", "facility")}
_UNLISTED = ("obs", "span", "claim", "finding", "derived", "graph", "run", "period")  # found, not chosen by name
_PERSONS = f"{BASE}person/"  # office holders are found on the page of the office, not by a list of names
_MOST = 400


@dataclass(frozen=True)
class Choice:
    """One value that a parameter takes, with its labels, and for a code its definition, in Chinese and English."""

    value: str
    zh: str = ""
    en: str = ""
    about_zh: str = ""
    about_en: str = ""


class Choosing:
    """Lists for the parameters of the canned queries of one release, each made when it is first asked for."""

    def __init__(self, queries: QueryService) -> None:
        self._queries = queries
        self._tables: dict[str, Table | None] = {}
        self._lists: dict[tuple[str, str, str], list[Choice]] = {}
        self._spans: dict[str, tuple[str, str] | None] = {}

    def choices(self, query: CannedQuery, parameter: Parameter, language: str) -> list[Choice]:
        """What the parameter can be, in the order of the labels in a language; empty where no list helps."""
        key = (f"{query.name}@{query.version}", parameter.name, language)
        if key not in self._lists:
            found = self._codes(parameter) if parameter.scheme else self._things_or_words(query, parameter, language)
            found = found if len(found) <= _MOST else []  # a part of a list would look like the whole
            self._lists[key] = sorted(found, key=lambda c: (getattr(c, language) or c.value, c.value))
        return self._lists[key]

    def span(self, query: CannedQuery, parameter: Parameter) -> tuple[str, str] | None:
        """The first and the last day that the rows tell, for a parameter that is a day."""
        if parameter.kind != "date":
            return None
        key = f"{query.name}@{query.version}"
        if key not in self._spans:
            table = self._table(query) or Table((), [])
            dated = [name for name in table.columns if table.type_of(name) == "date"]
            days = sorted(text(cell) for name in dated for cell in table.cells(name) if cell is not None)
            self._spans[key] = (days[0], days[-1]) if days else None
        return self._spans[key]

    @cached_property
    def labels(self) -> dict[str, dict[str, str]]:
        """The preferred labels of all that is named: IRI -> language -> label."""
        labels: dict[str, dict[str, str]] = {}
        for iri, label in self._pairs(_LABELS):
            labels.setdefault(iri, {})[label.language or ""] = label.value
        return labels

    @cached_property
    def _bearers(self) -> dict[str, set[str]]:
        """Which things a name may mean."""
        bearers: dict[str, set[str]] = {}
        for iri, label in self._pairs(_NAMES):
            bearers.setdefault(label.value, set()).add(iri)
        return bearers

    @cached_property
    def _told(self) -> set[str]:
        found = self._queries.engine.query(_TOLD)
        assert isinstance(found, ox.QuerySolutions)
        return {row["thing"].value for row in found}

    def _pairs(self, query: str) -> Iterable[tuple[str, ox.Literal]]:
        found = self._queries.engine.query(query)
        assert isinstance(found, ox.QuerySolutions)
        return [(row["thing"].value, row["label"]) for row in found if isinstance(row["label"], ox.Literal)]

    def _codes(self, parameter: Parameter) -> list[Choice]:
        found = self._queries.engine.query(_CODES.format(skos=SKOS, scheme=f"{BASE}code/{parameter.scheme}"))
        assert isinstance(found, ox.QuerySolutions)
        told: dict[str, dict[str, str]] = {}
        for row in found:
            tag = row["label"].language
            told.setdefault(row["word"].value, {}).update({tag: row["label"].value, f"about_{tag}": row["about"].value})
        return [Choice(word, **members) for word, members in told.items()]

    def _things_or_words(self, query: CannedQuery, parameter: Parameter, language: str) -> list[Choice]:
        if parameter.kind in _UNLISTED or (parameter.kind in LITERALS and parameter.kind != "string"):
            return []
        column = next((name for name in (parameter.name, parameter.variable) if name in query.columns), None)
        table = self._table(query) if column else None
        cells = {text(cell) for cell in table.cells(column) if cell is not None} if table and column else set()
        if parameter.kind == "string":
            return [Choice(word) for word in cells if word]
        if parameter.kind == "doc":
            return [Choice(iri.rpartition("/")[2], **self._named(iri)) for iri in self._of_kinds(("doc",))]
        iris = {iri for iri in cells if iri in self.labels} or set(self._of_parameter(parameter))
        iris = {iri for iri in iris if not iri.startswith(_PERSONS)}
        return [Choice(self._value(iri, parameter, language), **self._named(iri)) for iri in iris]

    def _of_parameter(self, parameter: Parameter) -> list[str]:
        kinds = _MEANT.get(parameter.name, ()) if parameter.kind == "thing" else (parameter.kind,)
        return [iri for iri in self._of_kinds(kinds) if iri in self._told]

    def _of_kinds(self, kinds: tuple[str, ...]) -> list[str]:
        return [iri for iri in self.labels if iri.startswith(tuple(f"{BASE}{kind}/" for kind in kinds))]

    def _named(self, iri: str) -> dict[str, str]:
        return {tag: self.labels[iri].get(tag, "") for tag in ("zh", "en")}

    def _value(self, iri: str, parameter: Parameter, language: str) -> str:
        """The label where it means this thing alone among those that the parameter takes, else a CURIE."""
        label = self.labels[iri].get(language, "")
        home = BASE if parameter.kind == "thing" else f"{BASE}{parameter.kind}/"
        return label if {i for i in self._bearers.get(label, ()) if i.startswith(home)} == {iri} else compact(iri)

    def _table(self, query: CannedQuery) -> Table | None:
        """The answer without conditions; None where something must be told first, or it is a stranger's query."""
        key = f"{query.name}@{query.version}"
        if key not in self._tables:
            asks = query.form == "select" and query.trusted and not any(p.required for p in query.parameters)
            try:
                self._tables[key] = self._queries.table(self._queries.ask(key, {})) if asks else None
            except ReformgraphError:  # an endpoint that fails answers the question itself with its problem
                return None
        return self._tables[key]
