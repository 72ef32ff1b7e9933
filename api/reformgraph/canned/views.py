"""What is asked of an answer besides its query: `sort`, `filter` and `fields`, read and applied.

    sort=-value,periodEnd            descending by value, then ascending by period; absent cells come last
    filter=value:ge:100              repeated conditions hold together
    filter=bound:in:over,at-least    any of several; a value with a comma stands in a JSON list: ["a,b","c"]
    filter=initiative:eq:            the cell is absent; with `ne`, present
    fields=observation,value         these columns, in this order

Numbers are compared as numbers, dates as dates (2009-12-31), all else as text by code point; an IRI may be given as
a CURIE. `has` looks for a part of the text, whatever its case.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from reformgraph.canned.tables import Table, text, typed
from reformgraph.errors import ParameterError
from reformgraph.namespaces import expand
from reformgraph.results import Cell

OPERATORS = ("eq", "ne", "lt", "le", "gt", "ge", "has", "in")
Row = tuple[Cell | None, ...]
_EXPECTED = {"number": "a number such as 91.4", "date": "a date such as 2009-12-31", "boolean": "true or false"}
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "lt": lambda cell, wanted: cell < wanted,
    "le": lambda cell, wanted: cell <= wanted,
    "gt": lambda cell, wanted: cell > wanted,
    "ge": lambda cell, wanted: cell >= wanted,
}


@dataclass(frozen=True)
class Condition:
    """One `filter=`: a column, an operator, the value as it was given."""

    column: str
    operator: str
    value: str

    def test(self, table: Table) -> Callable[[Row], bool]:
        """Whether a row of this table fits; ParameterError where the value is none that the column can have."""
        place, kind = table.columns.index(self.column), table.type_of(self.column)
        fits = self._fits(kind)
        return lambda row: fits(row[place])

    def _fits(self, kind: str) -> Callable[[Cell | None], bool]:
        if not self.value and self.operator in ("eq", "ne"):
            return lambda term: (term is None) == (self.operator == "eq")
        if self.operator == "has":
            part = self.value.casefold()
            return lambda term: term is not None and part in text(term).casefold()
        if self.operator in _COMPARED:
            limit, compare = self._read(kind, self.value), _COMPARED[self.operator]
            return lambda term: term is not None and compare(_comparable(kind, term), limit)
        values = _listed(self.value) if self.operator == "in" else [self.value]
        wanted = {self._read(kind, value) for value in values} | {expand(value) for value in values}
        return lambda term: (term is not None and _comparable(kind, term) in wanted) == (self.operator != "ne")

    def _read(self, kind: str, value: str) -> object:
        kind = "number" if kind == "integer" else kind
        try:
            if kind == "number":
                return _number(value)
            if kind == "date":
                return _date(value)
            return {"true": True, "false": False}[value] if kind == "boolean" else value
        except (ValueError, KeyError, InvalidOperation):
            reason = f"{value!r} is no value of the column {self.column!r}."
            raise ParameterError("filter", reason, [_EXPECTED[kind]]) from None


def _number(value: str) -> Decimal:
    number = Decimal(value)
    if not number.is_finite() or not value.isascii() or "_" in value:
        raise ValueError(value)
    return number


def _date(value: str) -> date:
    found = date.fromisoformat(value)
    if found.isoformat() != value:  # fromisoformat also takes 20091231 and weeks
        raise ValueError(value)
    return found


def _listed(value: str) -> list[str]:
    """The values of `in`: joined by commas, or a JSON list of texts."""
    if value.startswith("["):
        try:
            return [str(item) for item in json.loads(value)]
        except ValueError:
            raise ParameterError("filter", f"{value!r} is no JSON list.") from None
    return [item.strip() for item in value.split(",") if item.strip()]


def _comparable(kind: str, term: Cell) -> Any:
    return text(term) if kind == "text" else typed(term)


@dataclass(frozen=True)
class View:
    """Order (column, descending), conditions, and the columns to give, empty for all."""

    order: tuple[tuple[str, bool], ...] = ()
    conditions: tuple[Condition, ...] = ()
    fields: tuple[str, ...] = ()

    @property
    def arranges(self) -> bool:
        """Whether rows change their place or number, so that the whole answer is needed for a part of it."""
        return bool(self.order or self.conditions)

    @property
    def is_plain(self) -> bool:
        """Whether nothing is asked: the answer stays as the query gives it."""
        return not (self.arranges or self.fields)

    def arrange(self, table: Table) -> Table:
        """The rows that fit all conditions, ordered; equal rows keep the order of the query."""
        tests = [condition.test(table) for condition in self.conditions]
        rows = [row for row in table.rows if all(test(row) for test in tests)]
        for column, descending in reversed(self.order):
            place = table.columns.index(column)
            present = [row for row in rows if row[place] is not None]
            absent = [row for row in rows if row[place] is None]
            rows = sorted(present, key=lambda row, at=place: _rank(row[at]), reverse=descending) + absent  # type: ignore[misc]
        return table.with_rows(rows)

    def project(self, table: Table) -> Table:
        """The columns asked for."""
        return table.only(self.fields) if self.fields else table


def _rank(term: Cell) -> tuple[int, Any]:
    """Numbers before dates before text, each in its own order."""
    value = typed(term)
    if isinstance(value, bool) or not isinstance(value, int | Decimal | date):
        return (2, text(term))
    return (1, value) if isinstance(value, date) else (0, value)


def read_view(columns: Sequence[str], sort: str = "", filters: Sequence[str] = (), fields: str = "") -> View:
    """The view of an answer with these columns; ParameterError names what is unknown and what there is."""
    if not (sort or filters or fields):
        return View()
    names = _names("fields", fields, columns)
    order = _names("sort", ",".join(part.strip().removeprefix("-") for part in sort.split(",")), columns)
    descending = [part.strip().startswith("-") for part in sort.split(",") if part.strip()]
    conditions = tuple(_condition(given, columns) for given in filters if given.strip())
    return View(tuple(zip(order, descending, strict=True)), conditions, names)


def _names(parameter: str, given: str, columns: Sequence[str]) -> tuple[str, ...]:
    names = [name.strip() for name in given.split(",") if name.strip()]
    for place, name in enumerate(names):
        if name not in columns:
            raise ParameterError(parameter, f"there is no column {name!r}.", list(columns))
        if name in names[:place]:
            raise ParameterError(parameter, f"the column {name!r} is named twice.")
    return tuple(names)


def _condition(given: str, columns: Sequence[str]) -> Condition:
    column, first, rest = given.partition(":")
    operator, second, value = rest.partition(":")
    if not first or not second:
        raise ParameterError("filter", f"{given!r} is not column:operator:value.", OPERATORS)
    column, operator, value = column.strip(), operator.strip(), value.strip()
    if column not in columns:
        raise ParameterError("filter", f"there is no column {column!r}.", list(columns))
    if operator not in OPERATORS:
        raise ParameterError("filter", f"there is no operator {operator!r}.", OPERATORS)
    if not value and operator not in ("eq", "ne"):
        raise ParameterError("filter", f"{given!r} lacks a value; only eq and ne ask for an absent cell so.")
    return Condition(column, operator, value)
