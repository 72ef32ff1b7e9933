"""Charts in words: what a table of figures or an overview says, as a specification in the language of the request."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reformgraph.charts.figures import Mark, Panel, apart, figures_chart, opens
from reformgraph.charts.grids import Cell, Span, grid_chart, timeline_chart
from reformgraph.charts.look import Frame, Look, Spec
from reformgraph.comparability.comparing import Row, Table
from reformgraph.comparability.scales import NUMBER, PERCENT, normal_unit
from reformgraph.comparability.verdicts import VERDICT_LABELS
from reformgraph.portraits.figuretable import FigureTable
from reformgraph.portraits.overviews import STAGES, Evidence, Programme, sources
from reformgraph.web.pages import phrases, telling
from reformgraph.web.site import Site

_SOURCES = 4  # reports that a picture names; of more it tells the number
_NO = "not-comparable"


class Picturing:
    """The charts of a site in a look."""

    def __init__(self, site: Site, look: Look) -> None:
        self.site, self.look = site, look
        self.names: FigureTable = site.resources.figures

    def t(self, zh: str, en: str) -> str:
        """The words in the language of the picture."""
        return zh if self.look.language == "zh" else en

    def name(self, iri: str) -> str:
        """The name of a thing."""
        return self.names.name(iri, self.look.language)

    def comparison(self, table: Table) -> Spec:
        """The figures of one metric, those that do not compare on axes of their own."""
        metric = table.question.readings["metric"][0].read
        told = [place for place, row in enumerate(table.figures) if row["normalised"] is not None]
        verdicts = {(pair.left, pair.right): pair.comparison.verdict for pair in table.pairs}
        groups = apart(verdicts, sorted(told, key=lambda place: self._order(table.figures[place])))
        panels = [self._panel(table, metric, groups, number) for number in range(len(groups))]
        subtitle = (*self._verdict(table, len(groups)), *self._silent(len(table.figures) - len(told)), self._key())
        return figures_chart(self.look, self._frame(self.name(metric), subtitle, table.figures), panels)

    def _order(self, row: Row) -> tuple[Any, ...]:
        area = row["area"] or row["agency"]
        return row["relation"] != "same", area, row["periodEnd"] or "", row["observation"]

    def _panel(self, table: Table, metric: str, groups: list[list[int]], number: int) -> Panel:
        rows = [table.figures[place] for place in groups[number]]
        names = dict.fromkeys(self.name(row["metric"]) for row in rows)
        told = self._heading(metric, rows)
        title = self.t(f"第 {number + 1} 组：{told}", f"Group {number + 1}: {told}") if len(groups) > 1 else ""
        marks = tuple(self._mark(row, len(names) > 1) for row in rows)
        return Panel(self._unit(rows), rows[0]["kind"], marks, title, tuple(self._reasons(table, groups, number)))

    def _heading(self, metric: str, rows: list[Row]) -> str:
        """What a group has in common: its metrics where they are others, its kinds, and what is not achieved."""
        language, comma = self.look.language, self.t("、", ", ")
        names = dict.fromkeys(self.name(row["metric"]) for row in rows)
        kinds = dict.fromkeys(phrases.kind(row["kind"], language) for row in rows)
        unreal = dict.fromkeys(
            phrases.modality(row["modality"], language) for row in rows if row["modality"] != "achieved"
        )
        others = [] if list(names) == [self.name(metric)] else [names]
        return " · ".join(comma.join(words) for words in (*others, kinds, *([unreal] if unreal else [])))

    def _reasons(self, table: Table, groups: list[list[int]], number: int) -> Iterable[str]:
        """Why a group does not compare with those above it."""
        before = {place for group in groups[:number] for place in group}
        found = dict.fromkeys(
            self.t(reason.zh, reason.en)
            for pair in table.pairs
            if {pair.left, pair.right} & before and {pair.left, pair.right} & set(groups[number])
            for reason in pair.comparison.reasons
            if reason.verdict == _NO
        )
        if found:
            opening = self.t("与上面的不可比：", "Not comparable with those above: ")
            yield opening + self.t("", " ").join(list(found)[:2])

    def _mark(self, row: Row, several: bool) -> Mark:
        language = self.look.language
        low, high = row["normalisedLower"], row["normalisedUpper"]
        sides = opens(row["bound"], low, high)
        if row["kind"] == "share" and "right" in sides:  # no share is above 100 %
            high, sides = 100.0, sides - {"right"}
        when = telling.period(row, language)
        if "refPeriod" in (row["inferred"] or "").split():
            when += self.t("（推断）", " (inferred)")
        parts = [self.name(row["area"] or row["agency"]), when]
        if row["baselineStart"] or row["baselineEnd"]:
            parts.append(self.t("比 ", "against ") + telling.period(row, language, "baseline"))
        parts += [phrases.modality(row["modality"], language)] if row["modality"] != "achieved" else []
        parts += [self.name(row["metric"])] if several else []
        text = telling.told(row, language)
        return Mark(" · ".join(parts), text, row["normalised"], low, high, row["bound"] == "exact", sides)

    def _unit(self, rows: list[Row]) -> str:
        row, colon = rows[0], self.t("：", ": ")
        unit = normal_unit(row)
        words = [word for word in dict.fromkeys(one["unitWord"] for one in rows) if word and unit == NUMBER]
        told = self.t("、", ", ").join(words) if words else "%" if unit == PERCENT else self.name(unit)
        if words and self.look.language == "en":
            told = f"number ({told})"
        if row["scale"] and row["scale"] != 1:
            told += self.t(f"，每 {row['scale']:g}", f", for each {row['scale']:g}")
        if row["scale"] and row["denominator"]:
            told += self.t("（分母：", " (of: ") + self.name(row["denominator"]) + self.t("）", ")")
        return self.t("单位", "Unit") + colon + told

    def _verdict(self, table: Table, groups: int) -> list[str]:
        if table.verdict is None:
            return []
        label = VERDICT_LABELS[table.verdict][self.look.language]
        if groups > 1:
            told = self.t(
                f"分为 {groups} 组，组与组之间不可比，各有各的坐标轴。",
                f"{groups} groups that do not compare with each other, each on an axis of its own.",
            )
            return [told]
        found = dict.fromkeys(
            self.t(reason.zh, reason.en) for pair in table.pairs for reason in pair.comparison.reasons
        )
        why = self.t("", " ").join(list(found)[:3])
        return [self.t(f"{label}：{why}", f"{label.capitalize()}: {why}") if why else label.capitalize()]

    def _silent(self, number: int) -> list[str]:
        if not number:
            return []
        return [
            self.t(
                f"另有 {number} 条没有说出数字，见页上的表。",
                f"{number} more tell no number: see the table on the page.",
            )
        ]

    def _key(self) -> str:
        return self.t(
            "● 确切的数；○ 原文只给界限：箭头指向数值可能所在的一侧，粗线为读出的上下限。",
            "● exact; ○ the text gives a bound: an arrow points to where the value may lie, a bar joins the limits.",
        )

    def _frame(self, title: str, subtitle: Iterable[str], figures: Iterable[Row]) -> Frame:
        release = f"reformgraph {self.site.release.id[:12]} · CC BY 4.0"
        claims = self.t("图中为各方的主张，不是核实过的事实。 ", "These are claims, not checked facts. ")
        return Frame(title, tuple(subtitle), (*self._sources(sources(figures)), claims + release))

    def _sources(self, reports: list[str]) -> list[str]:
        by_iri = {report["iri"]: report for report in self.names.reports}
        lines = []
        for iri in reports[:_SOURCES]:
            report = by_iri.get(iri, {})
            parts = [self.name(iri), *([self.name(report["publisher"])] if report.get("publisher") else [])]
            lines.append(self.t("，", ", ").join([*parts, *([report["issued"]] if report.get("issued") else [])]))
        more = len(reports) - _SOURCES
        lines += (
            [self.t(f"及另外 {more} 份报告", f"and {more} more report{'s' if more > 1 else ''}")] if more > 0 else []
        )
        return [self.t("来源：", "Source: ") + line if not place else line for place, line in enumerate(lines)]

    def matrix(self, rows: list[Evidence]) -> Spec:
        """For each bureau the initiatives for which it shows a figure of a stage, out of all its initiatives."""
        own: dict[str, list[Evidence]] = {}
        for row in rows:
            own.setdefault(row.agency, []).append(row)
        cells = {
            self.name(agency): [_share(sum(bool(row.cells[stage]) for row in found), len(found)) for stage in STAGES]
            for agency, found in own.items()
        }
        title = self.t("各机构拿出了什么证据", "What evidence each body shows")
        how = self.t(
            "每格：报告中有数字的举措数 / 该机构的举措数。虚线框：一个数字也没有。",
            "Each cell: initiatives with a figure in the reports / initiatives of the body. Dashed: no figure at all.",
        )
        heads = [telling.stage(stage, self.look.language) for stage in STAGES]
        figures = [figure for row in rows for found in row.cells.values() for figure in found]
        return grid_chart(self.look, self._frame(title, [how], figures), heads, cells)

    def timeline(self, rows: list[Programme]) -> Spec:
        """The initiatives that have dated figures, on one axis of time."""
        dated = [row for row in rows if row.dated]
        spans = [Span(self._span_label(row), row.start, row.end, _days(row)) for row in dated]
        title = self.t("举措的数字讲的是哪个时期", "Of what time the figures of each initiative speak")
        how = self.t(
            "没有文本说明举措的起止：粗线从有关数字的最早时期到最晚时期，圆点为各数字时期之末。",
            "No text dates an initiative: a bar runs over the periods of its figures, a dot is the end of a period.",
        )
        undated = len(rows) - len(dated)
        told = self.t(f"另有 {undated} 个举措没有带时期的数字。", f"{undated} more have no dated figure.")
        more = [told] if undated else []
        figures = [figure for row in dated for figure in row.dated]
        return timeline_chart(self.look, self._frame(title, [how, *more], figures), spans)

    def _span_label(self, row: Programme) -> str:
        areas = dict.fromkeys(self.name(figure["area"]) for figure in row.dated if figure["area"])
        inferred = self.t("（推断）", " (inferred)") if row.inferred else ""
        return f"{self.name(row.initiative)} · {self.t('、', ', ').join(areas)}{inferred}"

    def coverage(self) -> Spec:
        """How many figures each theme has of each place."""
        overviews = self.site.overviews
        places = [place for place in overviews.coverage if place.figures]
        counts = {theme: [len(place.themed(theme)) for place in places] for theme in overviews.themes}
        most = max((count for row in counts.values() for count in row), default=1)
        cells = {self.name(theme): [_count(count, most) for count in row] for theme, row in counts.items()}
        title = self.t("各地各主题有几个数字", "How many figures there are of each place and theme")
        how = self.t("虚线框：图谱所收的报告没有数字。", "Dashed: the reports in the graph tell no figure.")
        figures = [figure for place in places for figure in place.figures]
        heads = [self.name(place.place) for place in places]
        return grid_chart(self.look, self._frame(title, [how], figures), heads, cells)


def _share(part: int, whole: int) -> Cell:
    return Cell(f"{part} / {whole}", part / whole if whole else 0)


def _count(count: int, most: int) -> Cell:
    return Cell(str(count) if count else "–", count / most)


def _days(row: Programme) -> tuple[str, ...]:
    return tuple(figure["periodEnd"] or figure["periodStart"] for figure in row.dated)
