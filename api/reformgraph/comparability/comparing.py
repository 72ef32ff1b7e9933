"""Figures of one metric side by side: every figure of the places asked for, every pair with its verdict, every gap."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import pyoxigraph as ox

from reformgraph.comparability.intervals import fraction
from reformgraph.comparison import Comparison, compare, gravest
from reformgraph.content import content_root
from reformgraph.engines.base import Engine
from reformgraph.errors import ParameterError
from reformgraph.names import Reading, label_of, resolve
from reformgraph.queries import QueryService, Question, fill
from reformgraph.results import rows

Row = dict[str, Any]
QUERY = "compare-metric"
MAX_FIGURES = 60  # 1,770 pairs; more is refused, and the caller names places
_RELATIONS = ("same", "narrower", "close")
_SEPARATORS = re.compile(r"[,，、;；|]")
_AREA_SERVED = "https://schema.org/areaServed"


@dataclass(frozen=True)
class Pair:
    """Two figures by their places in `Table.figures`, and how they compare."""

    left: int
    right: int
    comparison: Comparison


@dataclass(frozen=True)
class Gap:
    """A place that was asked for and has no number of the metric: `why` is a code, `told` what is there instead."""

    place: str
    why: str
    told: list[Row]

    @property
    def words(self) -> dict[str, str]:
        """Why, in a sentence for each language."""
        return dict(zip(("zh", "en"), _WHY[self.why], strict=True))


@dataclass(frozen=True)
class Table:
    """The answer: how the question was read, all figures, all pairs, the gaps, and the verdict on the whole.

    `verdict` is the gravest over the pairs of different places (of the same place where there are no others), None
    where there is no pair. `sources` counts the reports that the figures are from.
    """

    question: Question
    places: list[Reading]
    figures: list[Row]
    pairs: list[Pair]
    missing: list[Gap]
    verdict: str | None
    sources: int


def side_by_side(engine: Engine, queries: QueryService, given: Mapping[str, Sequence[str]]) -> Table:
    """The figures that answer `metric`, `places` and `as_of`; ParameterError for what cannot be read or is too much."""
    places = read_places(engine, given.get("places", ()))
    asked = {key: given[key] for key in ("metric", "as_of") if key in given}
    question = queries.ask(QUERY, asked | {"place": [place.read for place in places]})
    figures = sorted(_rows(queries, question), key=lambda row: _RELATIONS.index(row["relation"]))
    if len(figures) > MAX_FIGURES:
        raise ParameterError("places", f"{len(figures)} figures are too many for one table; name some places.")
    pairs = [
        Pair(one, other, compare(figures[one], figures[other])) for one, other in combinations(range(len(figures)), 2)
    ]
    metric = question.readings["metric"][0].read
    return Table(
        question=question,
        places=places,
        figures=figures,
        pairs=pairs,
        missing=_gaps(engine, queries, metric, [place.read for place in places], figures),
        verdict=_overall(figures, pairs),
        sources=len({figure["document"] for figure in figures}),
    )


def _rows(queries: QueryService, question: Question) -> list[Row]:
    found = queries.run(question)
    assert isinstance(found, ox.QuerySolutions)
    return rows(found)


def _overall(figures: list[Row], pairs: list[Pair]) -> str | None:
    apart = [pair for pair in pairs if figures[pair.left]["area"] != figures[pair.right]["area"]]
    counted = apart or pairs
    return gravest(pair.comparison.verdict for pair in counted) if counted else None


def read_places(engine: Engine, given: Sequence[str]) -> list[Reading]:
    """The places that names mean; the name of a body means the place that it serves.

    A value that names nothing as it stands may list several names, with a comma or 、 between them.
    """
    found: dict[str, Reading] = {}
    for text in (value for value in given if value.strip()):
        for reading in _read_list(engine, text):
            found.setdefault(reading.read, reading)
    return list(found.values())


def _read_list(engine: Engine, text: str) -> list[Reading]:
    parts = [part for part in _SEPARATORS.split(text) if part.strip()]
    try:
        return [_read_place(engine, text)]
    except ParameterError:
        if len(parts) < 2:
            raise
    return [_read_place(engine, part) for part in parts]


def _read_place(engine: Engine, text: str) -> Reading:
    try:
        return resolve(engine, "places", "place", text)
    except ParameterError as unknown:
        for kind in ("agency", "body"):
            try:
                body = resolve(engine, "places", kind, text)
            except ParameterError:
                continue
            return _served(engine, body)
        raise unknown


def _served(engine: Engine, body: Reading) -> Reading:
    found = engine.query(f"SELECT ?area {{ {body.term} <{_AREA_SERVED}> ?area }} ORDER BY ?area LIMIT 2")
    assert isinstance(found, ox.QuerySolutions)
    areas = [row["area"] for row in found]
    if len(areas) != 1 or not isinstance(areas[0], ox.NamedNode):
        raise ParameterError("places", f"{body.given!r} is a body for which the graph tells no one area; name a place.")
    return Reading(body.given, areas[0], label_of(engine, areas[0].value))


def _gaps(engine: Engine, queries: QueryService, metric: str, places: list[str], figures: list[Row]) -> list[Gap]:
    """The places without a number of the metric or a narrower one, and the first thing that tells why."""
    answered = {row["area"] for row in figures if row["relation"] != "close" and fraction(row["value"]) is not None}
    open_places = [place for place in places if place not in answered]
    if not open_places:
        return []
    anytime = _rows(queries, queries.ask(QUERY, {"metric": [metric], "place": open_places}))
    near = _page(engine, "figures-near", metricIs=[metric], place=open_places)
    return [
        _gap(place, _instead(place, anytime), [row for row in near if row["place"] == place]) for place in open_places
    ]


def _instead(place: str, anytime: list[Row]) -> list[Row]:
    """What the canned query has for a place, with the reason why it is no answer."""
    told = []
    for row in anytime:
        if row["area"] == place:
            numberless = fraction(row["value"]) is None
            why = "close" if row["relation"] == "close" else "vague" if numberless else "date"
            told.append({"why": why, "claim": row["observation"]} | {k: row[k] for k in _TOLD})
    return told


_TOLD = ("metric", "area", "document", "start", "exact")
_WHY = {
    "date": (
        "有数字，但时期晚于所问的日期，或没有时期。",
        "There is a figure, but after the day asked for or without a period.",
    ),
    "close": ("只有相近而不同的指标的数字。", "There are only figures of a metric that is close, not the same."),
    "vague": ("只有含糊的说法，没有数字。", "There are only vague words, no number."),
    "part": ("只有其中一部分地区的数字。", "There are only figures of a part of the place."),
    "broader": ("只有上位指标的数字。", "There are only figures of a broader metric."),
    "absent": ("图谱所收的报告没有说。", "No report in the graph tells it."),
}


def _gap(place: str, instead: list[Row], near: list[Row]) -> Gap:
    told = instead + [{"why": row["why"], "claim": row["claim"]} | {k: row[k] or place for k in _TOLD} for row in near]
    told.sort(key=lambda row: (list(_WHY).index(row["why"]), row["document"], row["start"]))
    return Gap(place, told[0]["why"] if told else "absent", told)


@cache
def _page_text(name: str) -> str:
    return (content_root() / "queries" / "pages" / f"{name}.rq").read_text("utf-8")


def _page(engine: Engine, name: str, **things: Iterable[str]) -> list[Row]:
    terms = {variable: [ox.NamedNode(iri) for iri in iris] for variable, iris in things.items()}
    found = engine.query(fill(_page_text(name), terms))
    assert isinstance(found, ox.QuerySolutions)
    return rows(found)


def scope_notes(engine: Engine, metrics: Iterable[str]) -> dict[str, dict[str, str]]:
    """Metric -> language -> what to heed when its figures are compared."""
    notes: dict[str, dict[str, str]] = {}
    for row in _page(engine, "scope-notes", thing=dict.fromkeys(metrics)):
        notes.setdefault(row["thing"], {})[row["tag"]] = row["note"]
    return notes


def choices(engine: Engine) -> tuple[list[Row], list[Row]]:
    """The metrics that have figures (`thing`, `zh`, `en`, `places`, whether of `several`), and the places that have."""
    metrics = _page(engine, "metrics-with-figures")
    return [metric | {"several": metric["places"] > 1} for metric in metrics], _page(engine, "places-with-figures")
