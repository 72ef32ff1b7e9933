"""The chart of figures of one metric: each a dot with its bound, in as many panels as there are that do not compare.

No two figures that are not comparable share an axis, so that no eye can compare what the verdict forbids; why they do
not compare stands over the panel. A bound is drawn as such: an arrow to where the value may lie without an end, a bar
to the end where one is told, a hollow dot where the stated number is no exact one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from reformgraph.charts.look import Frame, Look, Spec, framed, shorten, text_width, wrap

_STEP, _ARROW = 50, 30  # px: height of a row, length of an arrow
_LABEL, _DRAWN = 13, 34  # px from the top of a row to its label and to its mark


@dataclass(frozen=True)
class Mark:
    """One figure: whose and when (`label`), in words (`text`), and what it may be.

    `lower` and `upper` are the told limits, None where there is none; `opens` says on which sides the value may lie
    without an end: any of `left`, `right`.
    """

    label: str
    text: str
    value: float
    lower: float | None = None
    upper: float | None = None
    exact: bool = True
    opens: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Panel:
    """Figures on one axis; `kind` is their measure kind, `notes` say why they stand apart from those before."""

    unit: str
    kind: str
    marks: tuple[Mark, ...]
    title: str = ""
    notes: tuple[str, ...] = ()


def opens(bound: str, lower: float | None, upper: float | None) -> frozenset[str]:
    """The sides on which a bound leaves the value without an end: `over` without an upper limit `right`."""
    sides = _SIDES.get(bound, ())
    return frozenset(side for side in sides if (lower if side == "left" else upper) is None)


_SIDES = {
    "over": ("right",),
    "at-least": ("right",),
    "under": ("left",),
    "up-to": ("left",),
    "approx": ("left", "right"),
}


def apart(verdicts: Mapping[tuple[int, int], str], figures: Iterable[int]) -> list[list[int]]:
    """Figures in groups, no two of a group being not comparable; each goes to the first group that has room for it."""
    groups: list[list[int]] = []
    for figure in figures:
        fits = (
            group
            for group in groups
            if all(verdicts[min(pair), max(pair)] != "not-comparable" for pair in ((figure, one) for one in group))
        )
        group = next(fits, None)
        if group is None:
            groups.append([figure])
        else:
            group.append(figure)
    return groups


def figures_chart(look: Look, frame: Frame, panels: Sequence[Panel]) -> Spec:
    """The specification of the chart."""
    return framed(look, frame, [_panel(look, panel) for panel in panels])


def domain(panel: Panel) -> tuple[float, float]:
    """The ends of the axis: with zero, for ranks from 1, for shares to 100; with room for arrows."""
    ends = [end for mark in panel.marks for end in (mark.value, mark.lower, mark.upper) if end is not None]
    if panel.kind == "share" and max(ends) <= 100:
        return 0, 100
    least, most = (1, max(2, *ends)) if panel.kind == "rank" else (min(0, *ends), max(0, *ends))
    room = (most - least or 1) * 0.12
    sides = {side for mark in panel.marks for side in mark.opens}
    return least - (room if "left" in sides and least else 0), most + (room if "right" in sides else room / 3)


def _panel(look: Look, panel: Panel) -> Spec:
    least, most = domain(panel)
    rows = [_row(look, place, mark, (least, most)) for place, mark in enumerate(panel.marks)]
    notes = [line for note in panel.notes for line in wrap(note, look.width, 12)]
    title = {"text": wrap(panel.title, look.width, 13), "fontSize": 13, "lineHeight": 18, "anchor": "start"}
    title |= {"subtitle": notes, "subtitleColor": look.colours.bad, "subtitleFontSize": 12} if notes else {}
    return ({"title": title} if panel.title else {}) | {
        "width": look.width,
        "height": _STEP * len(rows),
        "data": {"values": rows},
        "encoding": {"x": _axis(look, panel, least, most)},
        "layer": [_label(), *_bounds(look), *_dots(look), *_words()],
    }


def _row(look: Look, place: int, mark: Mark, ends: tuple[float, float]) -> dict[str, Any]:
    """A row of data: the figure, the side on which its words have room, and the pixels of its label and its mark."""
    least, most = ends
    low = mark.value if mark.lower is None else min(mark.value, mark.lower)
    high = mark.value if mark.upper is None else max(mark.value, mark.upper)
    needed = text_width(mark.text, 12.5) + 11
    side = next(
        (side for side, room in _room(look, mark, (low - least, most - high), most - least) if room > needed), ""
    )
    return {
        "label": shorten(mark.label if side else f"{mark.text} · {mark.label}", look.width, 12),
        "words": mark.text,
        "value": mark.value,
        "low": low,
        "high": high,
        "exact": mark.exact,
        "left": "left" in mark.opens,
        "right": "right" in mark.opens,
        "side": side,
        "top": place * _STEP + _LABEL,
        "middle": place * _STEP + _DRAWN,
    }


def _room(look: Look, mark: Mark, beside: tuple[float, float], whole: float) -> list[tuple[str, float]]:
    """The pixels that are free at the right and at the left of a mark."""
    left, right = (look.width * part / whole for part in beside)
    return [(side, room - (_ARROW if side in mark.opens else 0)) for side, room in (("right", right), ("left", left))]


def _axis(look: Look, panel: Panel, least: float, most: float) -> Spec:
    amount = {
        "zh": "abs(datum.value) >= 1e8 ? format(datum.value / 1e8, ',.4~g') + '亿' : "
        "abs(datum.value) >= 1e5 ? format(datum.value / 1e4, ',.4~g') + '万' : format(datum.value, ',~f')",
        "en": "abs(datum.value) >= 1e9 ? format(datum.value / 1e9, ',.4~g') + ' bn' : "
        "abs(datum.value) >= 1e6 ? format(datum.value / 1e6, ',.4~g') + ' m' : format(datum.value, ',~f')",
    }
    axis = {"title": panel.unit, "titleAnchor": "start", "tickCount": 5, "labelExpr": amount[look.language]}
    counted = panel.kind == "rank" or all(mark.value == int(mark.value) for mark in panel.marks)
    few = counted and most - least < 10
    whole = {"values": list(range(ceil(least), int(most) + 1))} if few else {"tickMinStep": 1} if counted else {}
    scale = {"domain": [least, most], "nice": False, "zero": False}
    return {"field": "value", "type": "quantitative", "scale": scale, "axis": axis | whole | {"labelFlush": False}}


_MIDDLE = {"field": "middle", "type": "quantitative", "scale": None, "axis": None}


def _label() -> Spec:
    mark = {"type": "text", "align": "left", "baseline": "middle", "fontSize": 12}
    return {
        "mark": mark,
        "encoding": {"x": {"value": 0}, "y": _MIDDLE | {"field": "top"}, "text": {"field": "label"}},
    }


def _bounds(look: Look) -> list[Spec]:
    """The bar between told limits with its end ticks, and an arrow on each side without an end."""
    colour: Spec = {"color": look.colours.accent}
    bar: Spec = {
        "transform": [{"filter": "datum.low < datum.high"}],
        "mark": colour | {"type": "rule", "strokeWidth": 5, "opacity": 0.45},
        "encoding": {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}, "y": _MIDDLE},
    }
    ticks = [
        {
            "transform": [{"filter": f"datum.low < datum.high && datum.{end} != datum.value"}],
            "mark": colour | {"type": "tick", "orient": "vertical", "size": 14, "thickness": 2},
            "encoding": {"x": {"field": end, "type": "quantitative"}, "y": _MIDDLE},
        }
        for end in ("low", "high")
    ]
    return [bar, *ticks, *_arrow("left", -_ARROW, colour), *_arrow("right", _ARROW, colour)]


def _arrow(side: str, length: int, colour: Spec) -> list[Spec]:
    transform = [{"filter": f"datum.{side}"}]
    shaft: Spec = {"type": "rule", "strokeWidth": 2, "x2Offset": length} | colour
    head: Spec = {"type": "point", "shape": f"triangle-{side}", "filled": True, "size": 70, "opacity": 1}
    head |= {"xOffset": length}
    return [
        {"transform": transform, "mark": shaft, "encoding": {"x2": {"field": "value"}, "y": _MIDDLE}},
        {"transform": transform, "mark": head | colour, "encoding": {"y": _MIDDLE}},
    ]


def _dots(look: Look) -> list[Spec]:
    """A full dot for an exact figure, a hollow one for any other."""
    dot: Spec = {"type": "point", "shape": "circle", "size": 90, "strokeWidth": 2, "opacity": 1}
    dot |= {"stroke": look.colours.accent}
    fills = (("datum.exact", look.colours.accent), ("!datum.exact", look.colours.page))
    return [
        {"transform": [{"filter": test}], "mark": dot | {"fill": fill}, "encoding": {"y": _MIDDLE}}
        for test, fill in fills
    ]


def _words() -> list[Spec]:
    """The figure in words beside its mark, clear of an arrow."""
    text: Spec = {"type": "text", "baseline": "middle", "fontSize": 12.5, "fontWeight": "bold"}
    places = (("right", "left", "high", 1), ("left", "right", "low", -1))
    return [
        {
            "transform": [{"filter": f"datum.side == '{side}' && {arrow} datum.{side}"}],
            "mark": text | {"align": align, "dx": sign * gap},
            "encoding": {
                "x": {"field": end, "type": "quantitative"},
                "y": _MIDDLE,
                "text": {"field": "words"},
            },
        }
        for side, align, end, sign in places
        for arrow, gap in (("!", 11), ("", _ARROW + 10))
    ]
