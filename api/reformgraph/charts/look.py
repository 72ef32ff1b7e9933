"""The look of charts: sizes, colours, fonts, wrapped text, and the frame of title, panels and sources.

A chart is a Vega-Lite 6 specification as plain JSON values (https://vega.github.io/vega-lite/docs/spec.html) with its
data inside: the same specification is drawn here and downloaded. Texts are wrapped here, not by the renderer, so that
a picture does not depend on how wide the fonts of the machine are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

Spec = dict[str, Any]
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
VERSION = "6.4"  # of Vega-Lite, as vl-convert names it
FONTS = "Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
THEMES = ("light", "dark")
SIZES = ("wide", "narrow")
_WIDTHS = {"wide": 680, "narrow": 320}
# A word with its spaces, or one character with the closing marks that may not begin a line (GB/T 15834).
_PIECE = re.compile(r"[^\s\u2e80-\uffff]+\s*|\S[，。；：、！？）》」”]*\s*")


@dataclass(frozen=True)
class Colours:
    """The colours of a theme, those of the pages (`style.css`)."""

    ink: str
    soft: str
    line: str
    page: str
    accent: str
    tint: str
    bad: str


COLOURS = {
    "light": Colours("#1b1f24", "#545d68", "#d5dae0", "#ffffff", "#1d4e89", "#dce8f5", "#a32020"),
    "dark": Colours("#e6e9ed", "#a5afba", "#3a424c", "#14181d", "#8ab8f0", "#243a55", "#f09a9a"),
}


@dataclass(frozen=True)
class Look:
    """How a chart is wanted: `zh` or `en`, `light` or `dark`, `wide` or `narrow` (a telephone)."""

    language: str = "zh"
    theme: str = "light"
    size: str = "wide"

    @property
    def width(self) -> int:
        """The width of a panel in pixels."""
        return _WIDTHS[self.size]

    @property
    def colours(self) -> Colours:
        """The colours of the theme."""
        return COLOURS[self.theme]


@dataclass(frozen=True)
class Frame:
    """What stands around the panels: what the chart shows, how to read it, and where it is from."""

    title: str
    subtitle: tuple[str, ...]
    footer: tuple[str, ...]


def text_width(text: str, size: float) -> float:
    """About how many pixels a text takes: a Chinese character its size, any other a little more than half."""
    return sum(size if east_asian_width(sign) in "WF" else size * 0.56 for sign in text)


def wrap(text: str, width: float, size: float) -> list[str]:
    """A text in lines that are at most `width` pixels wide, broken between words or Chinese characters."""
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and text_width(lines[-1] + piece.rstrip(), size) > width:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]


def shorten(text: str, width: float, size: float) -> str:
    """The text, or as much of it as fits into one line, with an ellipsis."""
    lines = wrap(text, width - size, size)
    return lines[0] if len(lines) == 1 else f"{lines[0]}…"


def wrap_all(texts: Sequence[str], width: float, size: float) -> list[str]:
    """Several texts, each beginning a line."""
    return [line for text in texts for line in wrap(text, width, size)]


def framed(look: Look, frame: Frame, panels: Sequence[Spec]) -> Spec:
    """The whole specification: title, panels below each other, sources."""
    colours, width = look.colours, look.width
    return {
        "$schema": SCHEMA,
        "description": " ".join((frame.title, *frame.subtitle, *frame.footer)),
        "background": colours.page,
        "padding": 14,
        "title": {
            "text": wrap(frame.title, width, 17),
            "subtitle": wrap_all(frame.subtitle, width, 12.5),
            "anchor": "start",
            "offset": 14,
        },
        "spacing": 18,
        "vconcat": [*panels, _footer(look, frame)],
        "config": _config(look),
    }


def _footer(look: Look, frame: Frame) -> Spec:
    lines = wrap_all(frame.footer, look.width, 11)
    mark = {"type": "text", "align": "left", "baseline": "top", "fontSize": 11, "lineHeight": 16}
    return {
        "width": look.width,
        "height": 16 * len(lines),
        "data": {"values": [{}]},
        "mark": mark | {"color": look.colours.soft, "text": lines},
        "encoding": {"x": {"value": 0}, "y": {"value": 0}},
    }


def _config(look: Look) -> Spec:
    colours = look.colours
    title = {"color": colours.ink, "fontSize": 17, "lineHeight": 23, "subtitleFontSize": 12.5, "subtitleLineHeight": 18}
    axis = {"labelColor": colours.soft, "titleColor": colours.soft, "gridColor": colours.line}
    return {
        "aria": False,  # the picture is told as a whole (`description`), its table stands beside it
        "font": FONTS,
        "title": title | {"subtitleColor": colours.soft, "subtitlePadding": 6},
        "axis": axis | {"domainColor": colours.soft, "tickColor": colours.soft, "titleFontWeight": "normal"},
        "text": {"color": colours.ink, "fontSize": 12},
        "view": {"stroke": None},
    }
