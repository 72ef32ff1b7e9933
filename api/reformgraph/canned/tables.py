"""Answers as tables of RDF terms: ordered, narrowed and cut to columns after the query, and written again.

Nothing here reaches the query: `sort`, `filter` and `fields` work on the finished answer, and the terms stay what
they are, so that datatypes and language tags are in every format.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import pyoxigraph as ox

from reformgraph.canned.columns import Column
from reformgraph.namespaces import XSD
from reformgraph.results import Cell, cell

# A cell as a Python value; dates other than xsd:date are text, in which ISO forms keep their order.
Value = int | Decimal | bool | date | str
_NUMBERS = {"decimal", "double", "float"}
_TYPES: dict[type, str] = {bool: "boolean", int: "integer", Decimal: "number", date: "date", str: "text"}
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class Colophon:
    """What a file that leaves the service says of itself: which question, of which release, from where."""

    query: str
    version: str
    question: dict[str, str]
    release: str
    parameters: dict[str, str]
    source: str
    licence: str = LICENCE


@dataclass(frozen=True)
class Table:
    """Rows of terms, None where a cell is absent; `columns` in order, `known` the dictionary of columns."""

    columns: tuple[str, ...]
    rows: list[tuple[Cell | None, ...]]
    known: Mapping[str, Column] = field(default_factory=dict)

    @classmethod
    def of(cls, solutions: ox.QuerySolutions, known: Mapping[str, Column] | None = None) -> Table:
        """All solutions of an answer, in its order."""
        names = tuple(variable.value for variable in solutions.variables)
        return cls(names, [tuple(solution) for solution in solutions], known or {})

    def __len__(self) -> int:
        return len(self.rows)

    def cells(self, column: str) -> list[Cell | None]:
        """The cells of one column, from the first row to the last."""
        place = self.columns.index(column)
        return [row[place] for row in self.rows]

    def type_of(self, column: str) -> str:
        """`integer`, `number`, `date`, `boolean` or `text`: by the dictionary if the cells agree, else by the cells."""
        declared = self.known[column].type if column in self.known else ""
        found = {_TYPES[type(value)] for value in map(typed, self.cells(column)) if value is not None}
        if (declared == "number" and found == {"integer"}) or found == {"integer", "number"}:
            return "number"
        return found.pop() if len(found) == 1 else "text" if found else declared or "text"

    def with_rows(self, rows: list[tuple[Cell | None, ...]]) -> Table:
        """The same columns over other rows."""
        return Table(self.columns, rows, self.known)

    def only(self, columns: Sequence[str]) -> Table:
        """The columns named, in that order."""
        places = [self.columns.index(column) for column in columns]
        return Table(tuple(columns), [tuple(row[place] for place in places) for row in self.rows], self.known)

    def objects(self) -> list[dict[str, Any]]:
        """The rows as objects of JSON values, column -> value."""
        return [dict(zip(self.columns, map(cell, row), strict=True)) for row in self.rows]

    def column(self, name: str) -> Column:
        """What the dictionary says of a column; a column that it does not know is called by its name."""
        return self.known.get(name) or Column(name)


def typed(term: Cell | None) -> Value | None:
    """The value of a cell: numbers and dates as such, IRIs and the rest as text, None where it is absent."""
    if not isinstance(term, ox.Literal):
        return None if term is None else text(term)
    kind = term.datatype.value.removeprefix(XSD)
    try:
        if kind == "integer":
            return int(term.value)
        if kind in _NUMBERS:
            number = Decimal(term.value)
            return number if number.is_finite() else term.value
        if kind == "date":
            return date.fromisoformat(term.value)
    except (ValueError, InvalidOperation):
        return term.value
    return term.value == "true" if kind == "boolean" else term.value


def text(term: Cell) -> str:
    """A cell as text: an IRI in full, a literal without datatype and tag."""
    return str(term) if isinstance(term, ox.Triple) else term.value


def serialized(table: Table, format_: ox.QueryResultsFormat) -> bytes:
    """The table in a SPARQL result format, by the library's own serializer."""
    bindings = [
        {name: _binding(term) for name, term in zip(table.columns, row, strict=True) if term is not None}
        for row in table.rows
    ]
    answer = {"head": {"vars": table.columns}, "results": {"bindings": bindings}}
    read = ox.parse_query_results(json.dumps(answer), format=ox.QueryResultsFormat.JSON)
    assert isinstance(read, ox.QuerySolutions)
    written = read.serialize(format=format_)
    assert written is not None
    return written


def _binding(term: Cell) -> dict[str, Any]:
    """A term as SPARQL 1.1 Query Results JSON Format has it (3.2.2), a triple term as version 1.2 has it."""
    if isinstance(term, ox.Triple):
        parts = {name: _binding(getattr(term, name)) for name in ("subject", "predicate", "object")}
        return {"type": "triple", "value": parts}
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    tagged = {"xml:lang": term.language} if term.language else {"datatype": term.datatype.value}
    return {"type": "literal", "value": term.value} | tagged
