"""What every page needs of a release, read once and held in memory: names, figures, themes of metrics, lines of bodies.

A release never changes, and its figures are some hundred rows: one row asked of the engine costs 40 ms of planning,
all of them 90 ms, a look into this table nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import pyoxigraph as ox

from reformgraph.engines.base import Engine
from reformgraph.namespaces import BASE, compact
from reformgraph.queries import QueryService, fill
from reformgraph.results import rows

Row = dict[str, Any]
Label = dict[str, str]


class FigureTable:
    """The figures of a release as the canned query `observations` gives them, and the names that go with them.

    `texts` are the queries of `queries/pages` by name.
    """

    def __init__(self, engine: Engine, queries: QueryService, texts: Mapping[str, str]) -> None:
        self._engine = engine
        self._queries = queries
        self._texts = texts
        self._compared: dict[str, list[Row]] = {}

    def select(self, name: str, **things: Iterable[str]) -> list[Row]:
        """The rows of a query of the pages, each of its blocks filled with IRIs."""
        terms = {variable: [ox.NamedNode(iri) for iri in iris] for variable, iris in things.items()}
        found = self._engine.query(fill(self._texts[name], terms))
        assert isinstance(found, ox.QuerySolutions)
        return rows(found)

    def canned(self, name: str, **given: str) -> list[Row]:
        """The rows of a canned query."""
        found = self._queries.run(self._queries.ask(name, {key: [value] for key, value in given.items()}))
        assert isinstance(found, ox.QuerySolutions)
        return rows(found)

    @cached_property
    def names(self) -> dict[str, Label]:
        """IRI -> language -> preferred label, of everything that has one; a figure has its words instead."""
        found: dict[str, Label] = {}
        for row in self.select("all-labels"):
            found.setdefault(row["thing"], {})[row["tag"]] = row["label"]
        for row in self.rows:
            found.setdefault(row["observation"], {"zh": row["exact"], "en": row["exact"]})
        return found

    def name(self, iri: str, language: str) -> str:
        """The name of a thing in a language, else in the other one, else its CURIE."""
        label = self.names.get(iri, {})
        return label.get(language) or next(iter(label.values()), None) or compact(iri)

    @cached_property
    def rows(self) -> list[Row]:
        """All figures in reading order, with `theme` (the top metric) and `stage` (input, output, outcome ...)."""
        return [row | self.metrics.get(row["metric"], _UNKNOWN) for row in self.canned("observations")]

    @cached_property
    def featured(self) -> Row | None:
        """The figure that stands as an example: a count with a bound such as 余 that a police body tells of itself.

        The first that is so in most respects, None where there is no count with such a bound.
        """
        counts = [row for row in self.rows if row["kind"] == "level" and row["bound"] == "over"]

        def fits(row: Row) -> int:
            of_police = row["agency"].startswith(f"{BASE}agency/")
            return sum((row["upper"] is not None, of_police, row["agency"] == row["claimant"]))

        return max(counts, key=fits, default=None)

    @cached_property
    def metrics(self) -> dict[str, Row]:
        """Metric -> `theme` and `stage`; of several top metrics the first."""
        found: dict[str, Row] = {}
        for row in self.select("themes"):
            found.setdefault(row["metric"], {"theme": row["theme"], "stage": row["stage"]})
        return found

    @cached_property
    def _by_iri(self) -> dict[str, Row]:
        return {row["observation"]: row for row in self.rows}

    def row(self, iri: str) -> Row | None:
        """One figure."""
        return self._by_iri.get(iri)

    def of(self, iris: Iterable[str]) -> list[Row]:
        """Some figures, in reading order."""
        wanted = set(iris)
        return [row for row in self.rows if row["observation"] in wanted]

    def neighbours(self, row: Row) -> tuple[Row | None, Row | None]:
        """The figures before and after one in its report."""
        same = [other for other in self.rows if other["document"] == row["document"]]
        place = same.index(row)
        return (same[place - 1] if place else None), (same[place + 1] if place + 1 < len(same) else None)

    @cached_property
    def reports(self) -> list[Row]:
        """The reports as the canned query `documents` gives them, each with its IRI as `iri`."""
        return [row | {"iri": document_iri(row["document"])} for row in self.canned("documents")]

    @cached_property
    def issued(self) -> dict[str, str | None]:
        """Report -> the day on which it was published, where one is told."""
        return {row["iri"]: row["issued"] for row in self.reports}

    @cached_property
    def issues(self) -> list[Row]:
        """All problems and recommendations in reading order, `about` and `addresses` being lists."""
        found: dict[str, Row] = {}
        for row in self.select("issues"):
            issue = found.setdefault(row["issue"], row | {"about": [], "addresses": []})
            for name in ("about", "addresses"):
                issue[name] += [row[name]] if row[name] and row[name] not in issue[name] else []
        return list(found.values())

    @cached_property
    def findings(self) -> list[Row]:
        """All findings of the audit, the gravest first, `claims` being a list."""
        found = [row | {"claims": (row["claims"] or "").split()} for row in self.canned("findings")]
        return sorted(found, key=lambda row: _GRAVEST.index(row["severity"]))

    @cached_property
    def exactness(self) -> list[Row]:
        """How exact each report is, as `vagueness` tells it."""
        return self.canned("vagueness")

    @cached_property
    def resting(self) -> list[Row]:
        """Which figure (`affected`) rests on which (`observation`), and how."""
        return self.select("resting")

    def comparing(self, metric: str) -> list[Row]:
        """The figures of a metric, of its narrower and of close ones, as `compare-metric` gives them."""
        if metric not in self._compared:
            self._compared[metric] = self.canned("compare-metric", metric=metric)
        return self._compared[metric]

    @cached_property
    def vague(self) -> list[Row]:
        """All claims of size without a figure in reading order."""
        return list({row["claim"]: row for row in self.select("vague-claims")}.values())

    @cached_property
    def parents(self) -> dict[str, str]:
        """Body -> the body above it; of several the first."""
        found: dict[str, str] = {}
        for row in self.select("lines"):
            found.setdefault(row["body"], row["parent"])
        return found

    def above(self, body: str) -> list[str]:
        """The bodies above one, the highest first."""
        line: list[str] = []
        while (body := self.parents.get(body, "")) and body not in line:
            line.insert(0, body)
        return line

    def below(self, body: str, depth: int = 1) -> list[tuple[int, str]]:
        """The bodies below one with the number of steps, each after its own head."""
        found: list[tuple[int, str]] = []
        for unit in sorted(child for child, parent in self.parents.items() if parent == body):
            found += [(depth, unit), *(self.below(unit, depth + 1) if depth < _DEEPEST else [])]
        return found


def document_iri(key: str) -> str:
    """The IRI of a report from its key."""
    return f"{BASE}doc/{key}"


_UNKNOWN = {"theme": None, "stage": None}
_GRAVEST = ("violation", "warning", "info")
_DEEPEST = 8  # levels of the police are six; a ring in the data ends here
