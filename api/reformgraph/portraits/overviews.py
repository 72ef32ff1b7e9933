"""Overviews of a whole release: the evidence matrix, the timeline, the coverage of places, the findings.

Each is computed once from the canned queries and held, as `FigureTable` holds the figures: a release never changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from reformgraph.portraits.figuretable import FigureTable, document_iri
from reformgraph.searching.facets import Faceted, facet

Row = dict[str, Any]
STAGES = ("input", "output", "outcome", "satisfaction")
FACETS = ("severity", "rule", "document", "agency")


@dataclass(frozen=True)
class Evidence:
    """What one bureau shows for one initiative: the figures of each stage, an empty list where it shows none."""

    initiative: str
    agency: str
    cells: dict[str, list[Row]]

    @property
    def shown(self) -> int:
        """The number of figures."""
        return sum(map(len, self.cells.values()))


@dataclass(frozen=True)
class Programme:
    """An initiative in time: its figures, and from when to when they speak; no text dates an initiative itself."""

    initiative: str
    figures: list[Row]
    relations: list[Row]

    @property
    def dated(self) -> list[Row]:
        """The figures that have a period."""
        return [row for row in self.figures if row["periodStart"] or row["periodEnd"]]

    @property
    def start(self) -> str | None:
        """The first day that a figure speaks of."""
        return min((row["periodStart"] or row["periodEnd"] for row in self.dated), default=None)

    @property
    def end(self) -> str | None:
        """The last day that a figure speaks of."""
        return max((row["periodEnd"] or row["periodStart"] for row in self.dated), default=None)

    @property
    def related(self) -> list[tuple[str, str, bool, list[str]]]:
        """Relation, other initiative, whether it is told from the other's side, and the claims that say so."""
        found: dict[tuple[str, str, bool], list[str]] = {}
        for link in self.relations:
            inward = link["other"] == self.initiative
            key = link["relation"], link["initiative"] if inward else link["other"], inward
            found.setdefault(key, []).append(link["claim"])
        return [(*key, claims) for key, claims in found.items()]

    @property
    def inferred(self) -> bool:
        """Whether a period among these is inferred."""
        return any("refPeriod" in (row["inferred"] or "").split() for row in self.dated)


@dataclass
class Coverage:
    """What the graph has of one place."""

    place: str
    code: str | None
    figures: list[Row] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)

    def distinct(self, column: str) -> list[str]:
        """The values of a column of the figures, each once, in reading order."""
        return list(dict.fromkeys(row[column] for row in self.figures if row[column]))

    def themed(self, theme: str | None) -> list[Row]:
        """The figures of a theme."""
        return [row for row in self.figures if row["theme"] == theme]

    @property
    def days(self) -> tuple[str | None, str | None]:
        """The first and the last day that its figures speak of."""
        starts = [row["periodStart"] or row["periodEnd"] for row in self.figures]
        ends = [row["periodEnd"] or row["periodStart"] for row in self.figures]
        return min(filter(None, starts), default=None), max(filter(None, ends), default=None)


class Overviews:
    """The overviews of a release; rows are those of the canned queries."""

    def __init__(self, table: FigureTable) -> None:
        self.table = table

    @cached_property
    def _about(self) -> dict[str, list[Row]]:
        """Initiative -> the figures that are about it, in reading order."""
        iris: dict[str, list[str]] = {}
        for row in self.table.select("figures-about"):
            iris.setdefault(row["initiative"], []).append(row["observation"])
        return {initiative: self.table.of(observations) for initiative, observations in iris.items()}

    @cached_property
    def matrix(self) -> list[Evidence]:
        """A row for each initiative and each body that implements it or has figures about it, by body."""
        pairs = dict.fromkeys((row["agency"], row["initiative"]) for row in self.table.canned("evidence-matrix"))
        found = [Evidence(initiative, agency, self._cells(initiative, agency)) for agency, initiative in pairs]
        most = {agency: sum(row.shown for row in found if row.agency == agency) for agency, _ in pairs}
        return sorted(found, key=lambda row: (-most[row.agency], row.agency, -row.shown, row.initiative))

    def _cells(self, initiative: str, agency: str) -> dict[str, list[Row]]:
        own = [row for row in self._about.get(initiative, []) if row["agency"] == agency]
        return {stage: [row for row in own if row["stage"] == stage] for stage in STAGES}

    @cached_property
    def timeline(self) -> list[Programme]:
        """The initiatives by the first day that their figures speak of, those without such a day at the end."""
        links = self.table.select("initiative-links")
        initiatives = dict.fromkeys(row.initiative for row in self.matrix)
        found = [
            Programme(
                iri, self._about.get(iri, []), [link for link in links if iri in (link["initiative"], link["other"])]
            )
            for iri in initiatives
        ]
        return sorted(found, key=lambda row: (row.start or "9999", row.end or "9999", row.initiative))

    @cached_property
    def coverage(self) -> list[Coverage]:
        """The places that a report or a figure is about, those with most figures first."""
        found: dict[str, Coverage] = {}
        for row in self.table.rows:
            if row["area"]:
                place = found.setdefault(row["area"], Coverage(row["area"], row["areaCode"]))
                place.figures.append(row)
        for report in self.table.reports:
            if report["area"]:
                found.setdefault(report["area"], Coverage(report["area"], None)).reports.append(report["iri"])
        return sorted(found.values(), key=lambda place: (-len(place.figures), place.place))

    @cached_property
    def themes(self) -> list[str]:
        """The top metrics that have figures, those with most first."""
        counts: dict[str, int] = {}
        for row in self.table.rows:
            if row["theme"] and row["area"]:
                counts[row["theme"]] = counts.get(row["theme"], 0) + 1
        return sorted(counts, key=lambda theme: (-counts[theme], theme))

    @cached_property
    def _findings(self) -> list[Row]:
        return self.table.canned("findings")

    @cached_property
    def rules(self) -> dict[str, list[Row]]:
        """Rule -> what its shapes are called: `zh`, `en`."""
        found: dict[str, list[Row]] = {}
        for row in self.table.canned("audit-summary"):
            names = found.setdefault(row["rule"], [])
            name = {"zh": row["ruleZh"], "en": row["ruleEn"]}
            names += [] if name in names else [name]
        return found

    def findings(self, chosen: Mapping[str, Sequence[str]]) -> Faceted:
        """The findings that meet the conditions on FACETS, and the facets."""
        return facet(self._findings, FACETS, chosen)


def chosen_rows(rows: Iterable[Evidence], agencies: Sequence[str], initiatives: Sequence[str]) -> list[Evidence]:
    """The rows of some bodies and some initiatives; an empty list of these means all."""
    return [
        row
        for row in rows
        if (not agencies or row.agency in agencies) and (not initiatives or row.initiative in initiatives)
    ]


def sources(figures: Iterable[Row]) -> list[str]:
    """The reports of some figures, each once, in reading order."""
    return list(dict.fromkeys(document_iri(row["document"]) for row in figures))
