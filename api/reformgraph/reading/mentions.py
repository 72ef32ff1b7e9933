"""Every numeral of a text with the figure phrase around it, our reading, and a guess of what is no quantity.

Nothing is left out: a numeral inside a word (进一步, 三基) is there too, as `no-quantity`, so that whoever
enters a report can account for each of them. Guesses help the eye; they decide nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from reformgraph.numerals import Figure, UnreadableFigure, counts, figure_of
from reformgraph.reading.wording import HALF_WIDTH, phrase

Guess = Literal["date", "list-number", "name", "no-quantity", "vague"]

_QUOTED = re.compile("“[^“”\\n]{1,20}”|《[^《》\\n]{1,40}》|「[^「」\\n]{1,20}」")
_YEAR = re.compile("(?:19|20)[0-9]{2}(?:[0-9]{3,4})?")  # 2016、2017; also 2017128, a date that lost 年 and 月
_HOTLINES = ("110", "119", "120", "122", "12345", "12389")
_LIST_OPENERS = ("", "\n", "。", ";", ":", ")", "(")
_LIST_CLOSERS = ("、", "是", ")", ".")
_ISSUES = ("届", "次", "季", "章", "条", "期", "批")  # 第十届, 第二十六次
_READ_ON = "的位是为者,"  # 第一的佳绩 is a rank, 第二派出所 a name


@dataclass(frozen=True, slots=True)
class Mention:
    """One numeral; `start` and `end` are offsets in code points and `text` the slice between them.

    `figure` is what `read` makes of `text`, None where there is nothing to read or a date or list number is
    guessed. `guess` is None for what looks like a quantity; a figure may stand beside the guess of a name.
    """

    start: int
    end: int
    text: str
    figure: Figure | None
    guess: Guess | None


@dataclass(frozen=True, slots=True)
class _Place:
    """A match of a phrase in its half-width text, with the offsets that stand in quotes."""

    match: re.Match[str]
    quoted: set[int]

    @property
    def before(self) -> str:
        return self.match.string[max(0, self.match.start() - 1) : self.match.start()]

    @property
    def after(self) -> str:
        return self.match.string[self.match.end() : self.match.end() + 1]

    @property
    def bare(self) -> bool:
        """Whether the numeral stands without unit, bound and verb."""
        return self.match["core"] == self.match[0]


def mentions(text: str) -> Iterator[Mention]:
    """The numerals of `text` in order, without overlap."""
    half = text.translate(HALF_WIDTH)
    quoted = {offset for quote in _QUOTED.finditer(half) for offset in range(*quote.span())}
    for match in phrase().finditer(half):
        guess = _guess(_Place(match, quoted))
        figure = _figure(match) if guess in (None, "name", "no-quantity") else None
        if figure is None and guess is None:
            guess = "name" if match["core"].isascii() else "vague"  # too long to count; 三四百
        yield Mention(match.start(), match.end(), text[match.start() : match.end()], figure, guess)


def _figure(match: re.Match[str]) -> Figure | None:
    if not match["core"]:
        return None
    try:
        return figure_of(match, match["verb"] or "")
    except UnreadableFigure:
        return None


def _guess(place: _Place) -> Guess | None:
    return next((guess for guess, holds in _RULES if holds(place)), None)


def _is_year(place: _Place) -> bool:
    return place.bare and _YEAR.fullmatch(place.match[0]) is not None


def _is_list_number(place: _Place) -> bool:
    """`(一)`, `一是` behind a full stop, `1.` at the head of a line."""
    text, start = place.match.string, place.match.start()
    opener = text[max(0, start - 8) : start].rstrip(" \t\u00a0\u3000")[-1:]
    return place.bare and len(place.match[0]) <= 2 and opener in _LIST_OPENERS and place.after in _LIST_CLOSERS


def _is_code(place: _Place) -> bool:
    """Hotlines (110指挥中心) and Arabic numerals glued to Latin letters (H7)."""
    hotline = place.bare and place.match[0] in _HOTLINES
    return hotline or (place.match[0][0].isascii() and place.before.isascii() and place.before.isalpha())


def _is_class(place: _Place) -> bool:
    """十大, 十佳, 一级: they number or grade what they name."""
    spoken = place.match["number"] is not None and not place.match["core"][0].isascii()
    return spoken and (place.match["measure"] == "级" or (place.bare and place.after in ("大", "佳")))


def _is_numbered_name(place: _Place) -> bool:
    """第十届, 第二派出所: an ordinal that runs on into a noun."""
    if not place.match["ordinal"]:
        return False
    runs_on = place.after.isalpha() and place.after not in _READ_ON
    return place.match["measure"] in _ISSUES or (place.match["unit"] is None and runs_on)


_RULES: tuple[tuple[Guess, Callable[[_Place], bool]], ...] = (
    ("date", lambda place: place.match["date"] is not None),
    ("vague", lambda place: place.match["vague"] is not None),
    ("no-quantity", lambda place: place.match["idiom"] is not None),
    ("date", _is_year),
    ("list-number", _is_list_number),
    ("name", _is_code),
    ("name", _is_class),
    ("name", _is_numbered_name),
    ("name", lambda place: place.match.start() in place.quoted),
    ("no-quantity", lambda place: place.before == "每" or not counts(place.match)),
)
