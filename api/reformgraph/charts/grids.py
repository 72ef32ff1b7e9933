"""Charts of overviews: a grid of counts whose empty cells are seen, and a timeline of spans and days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reformgraph.charts.look import Frame, Look, Spec, framed, shorten, text_width, wrap

_ROW = {"wide": 34, "narrow": 56}  # px; on a telephone the name of a row stands above its cells
_LINE = 40  # px of a row of a timeline


@dataclass(frozen=True)
class Cell:
    """A count, its words, and how dark it is (0 to 1); of 0 only an outline is drawn."""

    text: str
    share: float


@dataclass(frozen=True)
class Span:
    """One row of a timeline: a name, from and to (ISO days, None where not told), the days that figures speak of."""

    label: str
    start: str | None
    end: str | None
    days: tuple[str, ...] = ()


def grid_chart(look: Look, frame: Frame, columns: Sequence[str], rows: Mapping[str, Sequence[Cell]]) -> Spec:
    """The specification of a grid: names of rows at the left, of columns above, a cell for each pair."""
    above = look.size == "narrow"
    left = 0.0 if above else min(look.width * 0.45, max((text_width(name, 12) for name in rows), default=0) + 28)
    step, height = (look.width - left) / max(len(columns), 1), _ROW[look.size]
    cells = [
        {"x": left + place * step, "x2": left + (place + 1) * step - 4, "words": cell.text, "share": cell.share}
        | {"y": number * height + (22 if above else 0), "y2": (number + 1) * height - 4}
        for number, row in enumerate(rows.values())
        for place, cell in enumerate(row)
    ]
    names = [
        {"words": shorten(name, look.width if above else left - 8, 12), "x": 0}
        | {"y": number * height + (10 if above else height / 2 - 2)}
        for number, name in enumerate(rows)
    ]
    longest = max((text_width(word, 11) for name in columns for word in name.split()), default=0)
    size = 11.0 if longest < step else 9.0
    heads = [_head(name, left + (place + 0.5) * step - 2, step, size) for place, name in enumerate(columns)]
    panel = {
        "width": look.width,
        "height": height * len(rows),
        "layer": [_texts(heads, "center", look.colours.soft, size), _texts(names, "left"), *_cells(look, cells)],
    }
    return framed(look, frame, [panel | {"title": {"text": "", "offset": 12}}])


def _head(name: str, middle: float, step: float, size: float) -> dict[str, Any]:
    lines = wrap(name, step, size)
    return {"words": lines, "x": middle, "y": -8 - 7 * (len(lines) - 1)}


def _pixels(field: str) -> Spec:
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}


def _texts(values: list[dict[str, Any]], align: str, colour: str | None = None, size: float = 12) -> Spec:
    mark: Spec = {"type": "text", "align": align, "baseline": "middle", "fontSize": size, "lineHeight": 14}
    return {
        "data": {"values": values},
        "mark": mark | ({"color": colour} if colour else {}),
        "encoding": {"x": _pixels("x"), "y": _pixels("y"), "text": {"field": "words"}},
    }


def _cells(look: Look, cells: list[dict[str, Any]]) -> list[Spec]:
    colours = look.colours
    box: Spec = {"x": _pixels("x"), "x2": {"field": "x2"}, "y": _pixels("y"), "y2": {"field": "y2"}}
    shade: Spec = {"field": "share", "type": "quantitative", "legend": None}
    shade |= {"scale": {"domain": [0, 1], "range": [colours.tint, colours.accent]}}
    middles = [cell | {"x": (cell["x"] + cell["x2"]) / 2, "y": (cell["y"] + cell["y2"]) / 2} for cell in cells]
    groups = {
        colours.soft: [cell for cell in middles if not cell["share"]],
        colours.ink: [cell for cell in middles if 0 < cell["share"] <= 0.5],
        colours.page: [cell for cell in middles if cell["share"] > 0.5],
    }
    outline = {"type": "rect", "filled": False, "stroke": colours.soft, "strokeDash": [3, 3], "strokeWidth": 1}
    told, empty = ([cell for cell in cells if bool(cell["share"]) is full] for full in (True, False))
    return [
        {"data": {"values": told}, "mark": {"type": "rect"}, "encoding": box | {"color": shade}},
        {"data": {"values": empty}, "mark": outline, "encoding": box},
        *(_texts(group, "center", colour) for colour, group in groups.items() if group),
    ]


def timeline_chart(look: Look, frame: Frame, spans: Sequence[Span]) -> Spec:
    """The specification of a timeline: a bar from the earliest to the latest day, a dot for each day of a figure."""
    bars, dots = [], []
    for number, span in enumerate(spans):
        row = {"label": shorten(span.label, look.width, 12), "top": number * _LINE + 10, "middle": number * _LINE + 27}
        days = sorted(day for day in (span.start, span.end, *span.days) if day)
        bars.append(row | {"from": days[0], "to": days[-1]})
        dots += [row | {"day": day} for day in sorted(set(span.days))]
    panel = {
        "width": look.width,
        "height": _LINE * len(spans),
        "layer": [_names(bars), *_bars(look, bars), _days(look, dots)],
    }
    return framed(look, frame, [panel])


_TIME = {"type": "temporal", "axis": {"title": None, "format": "%Y", "tickCount": "year", "labelOverlap": True}}
_MIDDLE = _pixels("middle")


def _names(bars: list[dict[str, Any]]) -> Spec:
    mark = {"type": "text", "align": "left", "baseline": "middle", "fontSize": 12}
    encoding = {"x": {"value": 0}, "y": _pixels("top"), "text": {"field": "label"}}
    return {"data": {"values": bars}, "mark": mark, "encoding": encoding}


def _bars(look: Look, bars: list[dict[str, Any]]) -> list[Spec]:
    mark = {"type": "rule", "strokeWidth": 5, "opacity": 0.45, "color": look.colours.accent}
    encoding = {"x": _TIME | {"field": "from"}, "x2": {"field": "to"}, "y": _MIDDLE}
    return [{"data": {"values": bars}, "mark": mark, "encoding": encoding}]


def _days(look: Look, dots: list[dict[str, Any]]) -> Spec:
    mark = {"type": "point", "filled": True, "size": 60, "opacity": 1, "color": look.colours.accent}
    encoding = {"x": _TIME | {"field": "day"}, "y": _MIDDLE}
    return {"data": {"values": dots}, "mark": mark, "encoding": encoding}
