"""Two independent readings of a report side by side: which figures both have, and where their fields differ."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reformgraph.namespaces import compact

FIELDS = (
    "metric value unit unitWord bound kind modality frequency agency area initiative system periodStart periodEnd "
    "baselineStart baselineEnd rankAmong partOf measuredAgainst claimant voice dataSource inferred"
).split()
Figure = dict[str, str]


@dataclass(frozen=True)
class Difference:
    """A field in which the readings differ; the figure is named by the place that the graph gives, or the reading."""

    key: str
    figure: str
    field: str
    graph: str
    second: str


def read_second(path: Path) -> list[Figure]:
    """The rows of a second reading, fields in plain form."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_plain(row) for row in csv.DictReader(file, delimiter="\t")]


def read_first(rows: Iterable[dict[str, Any]], key: str) -> list[Figure]:
    """The rows of the table of observations that belong to a document, fields in plain form."""
    return [_plain(row) for row in rows if row["document"] == key]


def _plain(row: dict[str, Any]) -> Figure:
    figure = {field: _cell(field, row[field]) for field in FIELDS}
    return figure | {"start": str(row["start"]), "end": str(row["end"])}


def _cell(field: str, value: Any) -> str:
    text = "" if value is None else str(value)
    if field == "value" and text:
        return f"{float(text):g}"
    if field in ("partOf", "measuredAgainst"):
        return text.rpartition("/")[2].partition("-")[2] if "/" in text else text
    if field == "inferred":
        return " ".join(sorted(text.split()))
    return compact(text) if text.startswith("http") else text


def place(figure: Figure) -> str:
    return f"{figure['start']}-{figure['end']}"


def pair(first: list[Figure], second: list[Figure]) -> list[tuple[Figure | None, Figure | None]]:
    """Figures whose spans meet, the same metric first; None on a side that has no such figure."""
    left, pairs = list(second), []
    for figure in first:
        meeting = [other for other in left if _meet(figure, other)]
        chosen = next(
            (other for other in meeting if other["metric"] == figure["metric"]), meeting[0] if meeting else None
        )
        if chosen is not None:
            left.remove(chosen)
        pairs.append((figure, chosen))
    return pairs + [(None, other) for other in left]


def _meet(one: Figure, other: Figure) -> bool:
    return int(one["start"]) < int(other["end"]) and int(other["start"]) < int(one["end"])


def differences(key: str, first: list[Figure], second: list[Figure]) -> tuple[list[Difference], Counter[str]]:
    """All differences, and how many of the figures that both have agree in each field."""
    found: list[Difference] = []
    agreed: Counter[str] = Counter()
    for one, other in pair(first, second):
        if one is None or other is None:
            known = one or other
            assert known is not None
            found.append(Difference(key, place(known), "figure", "yes" if one else "", "yes" if other else ""))
            continue
        agreed["both"] += 1
        for field in ("span", *FIELDS):
            mine, theirs = (place(one), place(other)) if field == "span" else (one[field], other[field])
            agreed[field] += mine == theirs
            if mine != theirs:
                found.append(Difference(key, place(one), field, mine, theirs))
    return found, agreed
