"""The ledger of set-aside mentions: every numeral of a report is inside a figure or set aside with its reason.

`data/ledger/<key>.tsv` has the columns start, end, reason, note: offsets in code points and one of `REASONS`.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reformgraph.errors import SourceFileError
from reformgraph.reading.mentions import mentions

REASONS = ("date", "name", "list-number", "furniture", "repeated", "no-quantity")
_COLUMNS = ["start", "end", "reason", "note"]
Span = tuple[int, int]


@dataclass(frozen=True)
class SetAside:
    """A place that holds a numeral and no figure, and why."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True)
class Account:
    """What became of the numerals of one text: figures, set aside for each reason, and those that are neither."""

    figures: int
    set_aside: Counter[str]
    unaccounted: tuple[str, ...]


def read_ledger(path: Path) -> list[SetAside]:
    """The rows of a ledger, none where there is no file; SourceFileError with the line of a faulty one."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file, delimiter="\t")
        if table.fieldnames != _COLUMNS:
            raise SourceFileError(path, 1, f"The columns are {' '.join(_COLUMNS)}.")
        return [_row(path, number, row) for number, row in enumerate(table, 2)]


def _row(path: Path, number: int, row: dict[str, str]) -> SetAside:
    try:
        found = SetAside(int(row["start"]), int(row["end"]), row["reason"])
    except (TypeError, ValueError):
        raise SourceFileError(path, number, "start and end are whole numbers.") from None
    if found.reason not in REASONS or not 0 <= found.start < found.end:
        raise SourceFileError(path, number, f"A row has start < end and a reason: {', '.join(REASONS)}.")
    return found


def account(text: str, figures: Sequence[Span], ledger: Sequence[SetAside]) -> Account:
    """Match the numerals of a text with the spans of its figures, then with the ledger."""
    counted: Counter[str] = Counter()
    inside, left = 0, []
    for mention in mentions(text):
        place = (mention.start, mention.end)
        reason = next((row.reason for row in ledger if _meet(place, (row.start, row.end))), None)
        if any(_meet(place, span) for span in figures):
            inside += 1
        elif reason:
            counted[reason] += 1
        else:
            left.append(f"{mention.start}-{mention.end} {mention.text!r}")
    return Account(inside, counted, (*left, *_conflicts(text, figures, ledger)))


def _conflicts(text: str, figures: Sequence[Span], ledger: Sequence[SetAside]) -> Iterator[str]:
    """Rows of the ledger that lie beyond the text, or set aside what is inside a figure."""
    for row in ledger:
        if row.end > len(text):
            yield f"{row.start}-{row.end} is set aside beyond the end of the text"
        elif any(_meet((row.start, row.end), span) for span in figures):
            yield f"{row.start}-{row.end} is set aside ({row.reason}) and inside a figure"


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
