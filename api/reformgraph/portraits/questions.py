"""Questions that a newcomer may begin with, each with the page that answers it: only what this release can answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from reformgraph.namespaces import BASE, compact
from reformgraph.portraits.figuretable import FigureTable

Row = dict[str, Any]
MOST = 8


@dataclass(frozen=True)
class Question:
    """A question in Chinese and English, and below the root of the service the address of its answer."""

    zh: str
    en: str
    path: str


def questions(table: FigureTable, queries: Collection[str]) -> list[Question]:
    """Up to eight questions, of different pages; `queries` are the names of the canned ones there are."""
    asked = [
        *_fall(table),
        *_compared(table),
        *_matrix(table),
        *_findings(table),
        *_searched(table),
        *_money(table, queries),
        *_canned(table, queries),
        *_body(table),
    ]
    return asked[:MOST]


def compared_metric(table: FigureTable) -> str | None:
    """The metric that is most worth comparing: of several places, and a rate before a total, which grows with them.

    Of equal ones it is that of most places, and then that with most figures.
    """
    rows: dict[str, list[Row]] = {}
    for row in table.rows:
        if row["area"]:
            rows.setdefault(row["metric"], []).append(row)
    places = {metric: len({row["area"] for row in found}) for metric, found in rows.items()}

    def worth(metric: str) -> tuple[bool, int, int]:
        rate = all(row["kind"] in ("share", "ratio") for row in rows[metric])
        return rate, places[metric], len(rows[metric])

    return max((metric for metric, several in places.items() if several > 1), key=worth, default=None)


def _labels(table: FigureTable, iri: str) -> tuple[str, str]:
    """The name in Chinese, and in English with a capital letter, as it opens a question."""
    zh, en = table.name(iri, "zh"), table.name(iri, "en")
    return zh, en[:1].upper() + en[1:]


def _local(iri: str) -> str:
    return "/" + quote(iri.removeprefix(BASE), safe="/~")


def _asked(path: str, pairs: Mapping[str, str]) -> str:
    return f"/{path}?{urlencode(pairs)}"


def _fall(table: FigureTable) -> Iterator[Question]:
    """The greatest fall in percent: who says so?"""
    falls = [row for row in table.rows if row["kind"] == "change" and (row["value"] or 0) < 0]
    if falls:
        row = min(falls, key=lambda row: row["value"])
        zh, en = _labels(table, row["metric"])
        size = f"{-row['value']:g}%"
        yield Question(f"{zh}下降{size}：谁说的？", f"{en} down {size}: who says so?", _local(row["observation"]))


def _compared(table: FigureTable) -> Iterator[Question]:
    metric = compared_metric(table)
    if metric:
        zh, en = _labels(table, metric)
        yield Question(f"{zh}，各地能不能比？", f"{en}: do the places compare?", _compare(metric))


def _compare(metric: str) -> str:
    return _asked("compare", {"metric": compact(metric)})


def _matrix(table: FigureTable) -> Iterator[Question]:
    """The initiative with most figures: did it show outcomes?"""
    best = _most(row["initiative"] for row in table.rows)
    if best:
        zh, en = _labels(table, best)
        path = _asked("matrix", {"initiative": compact(best)})
        yield Question(f"{zh}拿出了结果，还是只有投入？", f"{en}: are outcomes shown, or only input?", path)


def _findings(table: FigureTable) -> Iterator[Question]:
    if any(row["rule"] == "S18" for row in table.findings):
        yield Question("哪些分项加起来不等于总数？", "Where do parts not add up to their total?", "/findings?rule=S18")
    elif table.findings:
        yield Question("自动检查发现了什么？", "What do the automatic checks find?", "/findings")


def _searched(table: FigureTable) -> Iterator[Question]:
    """The system that most figures measure: where is it told of?"""
    best = _most(row["system"] for row in table.rows)
    if best:
        zh, en = _labels(table, best)
        yield Question(f"哪里讲到{zh}？", f"{en}: where is it told of?", _asked("search", {"q": zh}))


def _money(table: FigureTable, queries: Collection[str]) -> Iterator[Question]:
    if "money" in queries and any(row["kind"] == "money" for row in table.rows):
        yield Question("花了多少钱，花在什么上？", "How much money was spent, and on what?", "/queries/money")


def _canned(table: FigureTable, queries: Collection[str]) -> Iterator[Question]:
    if "promises" in queries and any(row["modality"] not in ("achieved", "in-progress") for row in table.rows):
        yield Question("当初的计划，后来做到了吗？", "What was planned, and was it done?", "/queries/promises")
    if "vaguest-reports" in queries and table.reports:
        yield Question("哪份报告说得最含糊？", "Which report is the vaguest?", "/queries/vaguest-reports")


def _body(table: FigureTable) -> Iterator[Question]:
    """The police body with most figures: what does the graph have of it?"""
    best = _most(row["agency"] for row in table.rows if row["agency"].startswith(f"{BASE}agency/"))
    if best:
        zh, en = _labels(table, best)
        yield Question(f"{zh}说了哪些数字？", f"{en}: which figures does it tell?", _local(best))


def _most(iris: Iterable[str | None]) -> str | None:
    """What occurs most often; of equal ones the first."""
    counts = Counter(iri for iri in iris if iri)
    return max(counts, key=lambda iri: counts[iri], default=None)
