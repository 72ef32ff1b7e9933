"""Rows chosen by several conditions, and how many there would be with one condition more: the facets of a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]
Key = Callable[[Row], str | None]


@dataclass(frozen=True)
class Choice:
    """A value of a facet, the rows that it would leave beside the other conditions, and whether it is chosen."""

    value: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Faceted:
    """The rows that meet all conditions, and for each facet its values, those with most rows first."""

    rows: list[Row]
    facets: dict[str, list[Choice]]


def facet(rows: Iterable[Row], keys: Sequence[str], chosen: Mapping[str, Sequence[str]]) -> Faceted:
    """Rows by the values of columns; a row meets a facet where its value is one of those chosen, or none is.

    The counts of a facet heed the conditions of all others, not its own: so a reader sees what another choice gives.
    """
    table = list(rows)
    facets = {key: _choices(_meeting(table, chosen, without=key), key, chosen.get(key, ())) for key in keys}
    return Faceted(_meeting(table, chosen), facets)


def _meeting(rows: list[Row], chosen: Mapping[str, Sequence[str]], without: str = "") -> list[Row]:
    asked = {key: set(values) for key, values in chosen.items() if values and key != without}
    return [row for row in rows if all(row[key] in values for key, values in asked.items())]


def _choices(rows: list[Row], key: str, chosen: Sequence[str]) -> list[Choice]:
    """A chosen value stays in the list though it leaves no row, so that it can be taken back."""
    counts = Counter(row[key] for row in rows if row[key] is not None)
    values = {value: counts[value] for value in (*counts, *chosen)}
    return [
        Choice(value, count, value in chosen)
        for value, count in sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
