"""Interval arithmetic over exact numbers: what a figure with a bound may be, and what follows from two of them.

An interval is the set of all values that a figure allows. Every operation gives the smallest interval that holds the
result for every choice of values from its operands, so a bound never turns into a point on the way. Ends are exact
fractions; only where they leave as JSON they are rounded, and then outward.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

End = Fraction | float  # a float only where it is an infinity

# What a figure of a kind can be at all: counts and amounts of nought or more, shares up to 100, ranks from 1.
# https://w3id.org/reformgraph/code/measure-kind
_POSSIBLE: dict[str, tuple[End, End]] = {
    "level": (Fraction(0), math.inf),
    "share": (Fraction(0), Fraction(100)),
    "ratio": (Fraction(0), math.inf),
    "money": (Fraction(0), math.inf),
    "duration": (Fraction(0), math.inf),
    "rank": (Fraction(1), math.inf),
    "change": (Fraction(-100), math.inf),
}


@dataclass(frozen=True)
class Interval:
    """All values from `lower` to `upper`; an open end is not itself in it, an infinite one never is.

    Raises ValueError where no value is left.
    """

    lower: End = -math.inf
    upper: End = math.inf
    lower_open: bool = False
    upper_open: bool = False

    def __post_init__(self) -> None:
        empty = self.lower == self.upper and (self.lower_open or self.upper_open or math.isinf(self.lower))
        if empty or self.lower > self.upper:
            raise ValueError(f"no value between {self.lower} and {self.upper}")
        object.__setattr__(self, "lower_open", self.lower_open or math.isinf(self.lower))
        object.__setattr__(self, "upper_open", self.upper_open or math.isinf(self.upper))

    @property
    def point(self) -> Fraction | None:
        """The one value that is in it, None where there are several."""
        return Fraction(self.lower) if self.lower == self.upper else None

    def __contains__(self, value: Fraction) -> bool:
        above = value >= self.lower if not self.lower_open else value > self.lower
        return bool(above and (value <= self.upper if not self.upper_open else value < self.upper))

    def above(self, other: Interval) -> bool:
        """Whether every value of this one is greater than every value of the other."""
        meet = self.lower == other.upper and (self.lower_open or other.upper_open)
        return self.lower > other.upper or meet

    def overlaps(self, other: Interval) -> bool:
        """Whether one value is in both."""
        return not self.above(other) and not other.above(self)

    def within(self, other: Interval) -> Interval:
        """The values that are in both; ValueError where there are none."""
        lower, lower_open = max((self.lower, self.lower_open), (other.lower, other.lower_open))
        upper, closed = min((self.upper, not self.upper_open), (other.upper, not other.upper_open))
        return Interval(lower, upper, lower_open, not closed)

    def times(self, factor: Fraction) -> Interval:
        """Every value times a factor greater than zero."""
        return Interval(_product(self.lower, factor), _product(self.upper, factor), self.lower_open, self.upper_open)

    def minus(self, other: Interval) -> Interval:
        """Every difference of a value of this one and a value of the other."""
        return Interval(
            _sum(self.lower, -other.upper),
            _sum(self.upper, -other.lower),
            self.lower_open or other.upper_open,
            self.upper_open or other.lower_open,
        )

    def over(self, other: Interval) -> Interval | None:
        """Every quotient of a value of this one by a value of the other; None where the other holds zero."""
        if Fraction(0) in other:
            return None
        inverse = Interval(_inverse(other.upper, -1), _inverse(other.lower, 1), other.upper_open, other.lower_open)
        corners = [
            _corner(one, other_end)
            for one in ((self.lower, self.lower_open), (self.upper, self.upper_open))
            for other_end in ((inverse.lower, inverse.lower_open), (inverse.upper, inverse.upper_open))
        ]
        lower, lower_open = min(corners)
        upper, closed = max((end, not is_open) for end, is_open in corners)
        return Interval(lower, upper, lower_open, not closed)

    def as_json(self) -> dict[str, Any]:
        """`lower` and `upper` as numbers, None where there is no end, and whether they are open."""
        return {
            "lower": number(self.lower, up=False),
            "upper": number(self.upper, up=True),
            "lowerOpen": self.lower_open,
            "upperOpen": self.upper_open,
        }


def _sum(one: End, other: End) -> End:
    if math.isinf(one):
        return one
    return other if math.isinf(other) else one + other


def _product(one: End, other: End) -> End:
    """The product of two ends; zero times an infinity is zero, for every value beyond an end is finite."""
    if one == 0 or other == 0:
        return Fraction(0)
    if not (math.isinf(one) or math.isinf(other)):
        return one * other
    return math.inf if (one > 0) == (other > 0) else -math.inf


def _corner(one: tuple[End, bool], other: tuple[End, bool]) -> tuple[End, bool]:
    """The product of two ends and whether it is open: a closed zero makes a zero that is reached."""
    (end, is_open), (other_end, other_open) = one, other
    zeros = [is_open_ for end_, is_open_ in (one, other) if end_ == 0]
    return _product(end, other_end), all(zeros) if zeros else is_open or other_open


def _inverse(end: End, sign: int) -> End:
    """One through an end; of zero, the infinity on the side of the values."""
    if end == 0:
        return sign * math.inf
    return Fraction(0) if math.isinf(end) else 1 / end


def fraction(value: object) -> Fraction | None:
    """A number of a row as it is printed (91.4 is 914/10), None for what is no finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | Fraction):
        return None
    if isinstance(value, int | Fraction):
        return Fraction(value)
    return Fraction(str(value)) if math.isfinite(value) else None


def number(end: End, up: bool | None = None) -> int | float | None:
    """An end as a JSON number, rounded upward or downward where it has no short decimal; None for an infinity."""
    if math.isinf(end):
        return None
    exact = Fraction(end)
    if exact.denominator == 1:
        return exact.numerator
    near = float(exact)
    printed = Fraction(repr(near))
    if up is None or printed == exact or (printed > exact) == up:
        return near
    return math.nextafter(near, math.inf if up else -math.inf)


def allowed(kind: str, bound: str, value: object, lower: object = None, upper: object = None) -> Interval | None:
    """What a stated figure may be, by its bound and the limits that the graph reads from it; None without a number.

    The limits are `rg:lower` and `rg:upper` (docs/explanation/reading-rules.md, 4). `over` and `under` leave out the
    stated number, the others hold it. A figure that is not exact and has no limits, or limits that leave one value or
    none, may be anything its kind can be; only among the first 1 is the first.
    """
    stated, low, high = fraction(value), fraction(lower), fraction(upper)
    if stated is None:
        return None
    if bound == "exact":
        return Interval(stated, stated)
    try:
        told = Interval(
            -math.inf if low is None else low,
            math.inf if high is None else high,
            lower_open=bound == "over",
            upper_open=bound in ("over", "under"),
        )
    except ValueError:
        told = Interval()
    unread = told.point is not None and bound != "top-n"
    return _possible(kind, stated, Interval() if unread else told)


def _possible(kind: str, stated: Fraction, told: Interval) -> Interval:
    """The part of an interval that its kind can have, unless the figure itself is beyond or only a point is left."""
    least, most = _POSSIBLE.get(kind, (-math.inf, math.inf))
    if not least <= stated <= most:
        return told
    try:
        cut = told.within(Interval(least, most))
    except ValueError:
        return told
    return told if cut.point is not None else cut
