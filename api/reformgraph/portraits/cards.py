"""The claim card of a figure: its words, its speaker, what rests on it, what the audit and editors say, its rivals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reformgraph.comparability.verdicts import VERDICTS
from reformgraph.comparison import Comparison, compare
from reformgraph.errors import NotFoundError
from reformgraph.portraits.figuretable import FigureTable

Row = dict[str, Any]


@dataclass(frozen=True)
class ClaimCard:
    """One figure: `row` as in `observations`, its spans, other figures of its metric with a verdict on each.

    `affected` are the figures that rest on it, `before` and `after` its neighbours in the report, `notes` what the
    reader wrote beside it (`zh`, `en`).
    """

    row: Row
    evidence: list[Row]
    others: list[tuple[Row, Comparison]]
    affected: list[Row]
    findings: list[Row]
    assessments: list[Row]
    before: Row | None
    after: Row | None
    notes: list[Row]


def card(table: FigureTable, iri: str) -> ClaimCard:
    """The claim card of an observation; NotFoundError where it is none."""
    row = table.row(iri)
    if row is None:
        raise NotFoundError("observation", iri)
    before, after = table.neighbours(row)
    return ClaimCard(
        row=row,
        evidence=table.canned("evidence", observation=iri),
        others=rivals(table, row),
        affected=[other for other in table.resting if other["observation"] == iri],
        findings=[finding for finding in table.findings if iri in finding["claims"]],
        assessments=table.select("assessments", claim=[iri]),
        before=before,
        after=after,
        notes=table.select("notes", thing=[iri]),
    )


def rivals(table: FigureTable, row: Row) -> list[tuple[Row, Comparison]]:
    """The other figures of the metric, those that compare best first."""
    figures = table.comparing(row["metric"])
    mine = next(other for other in figures if other["observation"] == row["observation"])
    pairs = [(other, compare(mine, other)) for other in figures if other is not mine]
    return sorted(pairs, key=lambda pair: (VERDICTS.index(pair[1].verdict), pair[0]["area"] == row["area"]))
