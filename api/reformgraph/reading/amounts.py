"""Numerals as Chinese reports write them, Arabic, Chinese or mixed, to numbers: 1.56万, 三十点六, 1亿2000万.

Without their measure words and bounds: those belong to `numerals.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from reformgraph.errors import InputError
from reformgraph.reading.wording import TAILS

Number = int | Decimal

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
LARGEST = 10**18  # rg:value must fit the 64-bit integers of the engines
LONGEST = 40  # characters of a numeral; 16 digits take 31 in Chinese, and what is longer is a code
MOST_DIGITS = 18  # of an Arabic numeral, half for a Chinese fraction: within the 28 digits of Decimal

_SEGMENT = re.compile(r"([0-9.,]+)([十百千万亿]*)")
_TAIL = re.compile(f"[{''.join(TAILS)}]")
_ONE_TO_NINE = "[一二三四五六七八九两]"
_SECTION = re.compile(
    f"(?:(?P<thousands>{_ONE_TO_NINE}?)千)?[零〇]?(?:(?P<hundreds>{_ONE_TO_NINE}?)百)?[零〇]?"
    f"(?:(?P<tens>{_ONE_TO_NINE}?)十)?[零〇]?(?P<ones>{_ONE_TO_NINE}?)"
)


@dataclass
class UnreadableFigure(InputError):  # noqa: N818 - names what the phrase is
    """A phrase without a figure, or with one that has no single reading (几十, 三四百, 十三五)."""

    phrase: str

    def __str__(self) -> str:
        return f"No figure can be read in {self.phrase[:30]!r}."


def amount(numeral: str) -> Number:
    """The number that a numeral writes, its 余, 多 or 几 left aside: 1.56万, 三十点六, 1亿2000多万."""
    text = _TAIL.sub("", numeral)
    if len(text) > LONGEST:
        raise UnreadableFigure(numeral)
    value = _arabic(text) if text[0] in "0123456789" else _spoken(text)
    if value >= LARGEST:
        raise UnreadableFigure(numeral)
    return plain(value)


def _arabic(text: str) -> Number:
    value, room = Decimal(0), Decimal(LARGEST)
    for written, places in _SEGMENT.findall(text):
        digits = written.replace(",", "")
        if len(digits) > MOST_DIGITS + 1:  # one may be the decimal point
            raise UnreadableFigure(text)
        size = chinese(places) if places else 1
        part = Decimal(digits) * size
        if part >= room:  # 3万5万 is two numbers, not one
            raise UnreadableFigure(text)
        value, room = value + part, Decimal(size)
    return value


def _spoken(text: str) -> Number:
    head, _, fraction = text.partition("点")
    digits = fraction.rstrip("十百千万亿")
    if not digits:
        return chinese(head)
    if len(digits) > MOST_DIGITS // 2:
        raise UnreadableFigure(text)
    places = fraction[len(digits) :]
    decimals = "".join(str(DIGITS[digit]) for digit in digits)
    return Decimal(f"{chinese(head)}.{decimals}") * (chinese(places) if places else 1)


def chinese(run: str) -> int:
    """The integer of a run of Chinese numerals: 一千零五, 两万, 万亿, 二〇〇八.

    Two bare digits (三四) are a vague number and 十三五 is a name: both raise UnreadableFigure.
    """
    if _is_spelt(run):
        return int("".join(str(DIGITS[digit]) for digit in run))
    for place, size in (("亿", 10**8), ("万", 10**4)):
        head, found, rest = run.rpartition(place)
        if found and (head or not rest):
            return (chinese(head) if head else 1) * size + _rest(rest, size)
    return _section(run)


def _is_spelt(run: str) -> bool:
    """Whether the run spells digit by digit, as years and numbers of rooms do."""
    digits = set(run) <= set(DIGITS) - {"两"}
    return digits and (len(run) > 2 or not {"零", "〇"}.isdisjoint(run))


def _rest(run: str, size: int) -> int:
    """What follows 万 or 亿; a lone digit is the next place, so 一万二 is 12000."""
    if not run:
        return 0
    value = DIGITS[run] * size // 10 if run in DIGITS else chinese(run.lstrip("零〇"))
    if value >= size:
        raise UnreadableFigure(run)
    return value


def _section(run: str) -> int:
    """A number below 10000."""
    match = _SECTION.fullmatch(run) if run else None
    if match is None or (match["hundreds"] == "" and match["thousands"] is not None):
        raise UnreadableFigure(run)
    thousands, hundreds, tens = (
        0 if digit is None else DIGITS[digit or "一"] for digit in match.group("thousands", "hundreds", "tens")
    )
    return thousands * 1000 + hundreds * 100 + tens * 10 + _ones(match, run)


def _ones(match: re.Match[str], run: str) -> int:
    """The last digit of a section, which counts tens in 三百二 and hundreds in 三千五."""
    last = match["ones"]
    if not last:
        return 0
    if match["tens"] is not None or len(run) == 1 or run[-2] in "零〇":
        return DIGITS[last]
    if not (match["hundreds"] or match["thousands"]):  # 百二: neither 102 nor 120 for certain
        raise UnreadableFigure(run)
    return DIGITS[last] * (100 if match["hundreds"] is None else 10)


def plain(value: Number) -> Number:
    """An int where `value` is whole, else a Decimal without trailing zeros."""
    exact = Decimal(value)
    return int(exact) if exact == exact.to_integral_value() else exact.normalize()
