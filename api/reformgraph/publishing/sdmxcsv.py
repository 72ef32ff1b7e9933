"""Cubes as SDMX-CSV 2.0, which statistics tools read as it is and everybody else as a tidy table.

https://github.com/sdmx-twg/sdmx-csv/blob/master/data-message/docs/sdmx-csv-field-guide.md
Codes are the last parts of our IRIs; `OBSERVATION` has the whole IRI of the figure. Periods are SDMX time periods:
a year, a month, or day and length; `PERIOD_START` and `PERIOD_END` have the days, and a figure "as of" only its end.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from reformgraph.publishing.datacube import Cube, Figure
from reformgraph.results import csv_text

AGENCY = "REFORMGRAPH"
VERSION = "1.0"
COLUMNS = (
    "STRUCTURE", "STRUCTURE_ID", "ACTION", "REF_AREA", "AGENCY", "TIME_PERIOD", "CLAIMANT", "DOCUMENT", "MEASURE_KIND",
    "MODALITY", "PLACE", "OBS_VALUE", "UNIT_MEASURE", "BOUND", "VOICE", "LOWER", "UPPER", "UNIT_WORD", "PERIOD_START",
    "PERIOD_END", "BASELINE", "RANK_AMONG", "INITIATIVE", "SYSTEM", "DATA_SOURCE", "OBSERVATION",
)  # fmt: skip
_CODES = {
    "REF_AREA": "area", "AGENCY": "agency", "CLAIMANT": "claimant", "DOCUMENT": "document", "UNIT_MEASURE": "unit",
    "BASELINE": "baseline", "RANK_AMONG": "rankAmong", "INITIATIVE": "initiative", "SYSTEM": "system",
    "DATA_SOURCE": "dataSource",
}  # fmt: skip
_WORDS = {
    "MEASURE_KIND": ("kind", "measure-"),
    "MODALITY": ("modality", "modality-"),
    "BOUND": ("bound", "bound-"),
    "VOICE": ("voice", "voice-"),
}
_TEXTS = {
    "OBS_VALUE": "value", "LOWER": "lower", "UPPER": "upper", "UNIT_WORD": "unitWord", "PERIOD_START": "from",
    "PERIOD_END": "to", "OBSERVATION": "observation",
}  # fmt: skip


def sdmx_csv(cubes: Iterable[Cube]) -> bytes:
    """The figures of cubes as SDMX-CSV, each cube a structure of its own."""
    return csv_text(COLUMNS, [_row(cube, figure) for cube in cubes for figure in cube.figures])


def structure_id(cube: Cube) -> str:
    """The name of a cube's structure: `REFORMGRAPH:COMPUTERS(1.0)`."""
    return f"{AGENCY}:{cube.slug.upper().replace('-', '_')}({VERSION})"


def _row(cube: Cube, figure: Figure) -> dict[str, object]:
    row: dict[str, object] = {"STRUCTURE": "datastructure", "STRUCTURE_ID": structure_id(cube), "ACTION": "I"}
    row |= {column: figure.text(name).rpartition("/")[2] for column, name in _CODES.items()}
    row |= {
        column: figure.text(name).rpartition("/")[2].removeprefix(start) for column, (name, start) in _WORDS.items()
    }
    row |= {column: figure.text(name) for column, name in _TEXTS.items()}
    return row | {"PLACE": figure.place, "TIME_PERIOD": time_period(figure.text("from"), figure.text("to"))}


def time_period(start: str, end: str) -> str:
    """Two days, of which one may be empty, as an SDMX time period: 2009, 2009-10, 2009-01-01/P349D, 2009-12-15.

    >>> time_period("2009-01-01", "2009-12-31"), time_period("2009-10-01", "2009-10-31")
    ('2009', '2009-10')
    >>> time_period("2009-01-01", "2009-12-15"), time_period("", "2009-12-15")
    ('2009-01-01/P349D', '2009-12-15')
    """
    if not (start and end):
        return start or end
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    after = last + timedelta(1)
    if (first.month, first.day) == (1, 1) and after == date(first.year + 1, 1, 1):
        return f"{first.year:04d}"
    if first.day == 1 and after.day == 1 and (after - first).days <= 31:
        return start[:7]
    return start if first == last else f"{start}/P{(after - first).days}D"
