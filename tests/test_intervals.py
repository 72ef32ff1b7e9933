"""Interval arithmetic: every result of points is inside, ends are exact, nothing becomes a point or a NaN."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformgraph.comparability.intervals import Interval, allowed, fraction, number

numbers = st.fractions(min_value=-1000, max_value=1000, max_denominator=50)
ends = numbers | st.sampled_from([-math.inf, math.inf])


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    lower, upper = sorted([draw(ends), draw(ends)])
    try:
        return Interval(lower, upper, draw(st.booleans()), draw(st.booleans()))
    except ValueError:
        return Interval(Fraction(draw(numbers)), math.inf)


steps = st.fractions(min_value=0, max_value=100, max_denominator=50) | st.just(math.inf)


def around(draw: st.DrawFn, value: Fraction) -> Interval:
    below, above = draw(steps), draw(steps)
    return Interval(
        -math.inf if below == math.inf else value - Fraction(below),
        math.inf if above == math.inf else value + Fraction(above),
        bool(below) and draw(st.booleans()),
        bool(above) and draw(st.booleans()),
    )


@st.composite
def with_value(draw: st.DrawFn) -> tuple[Interval, Fraction]:
    value = draw(numbers)
    return around(draw, value), value


@st.composite
def pairs_with_value(draw: st.DrawFn) -> tuple[Interval, Interval, Fraction]:
    value = draw(numbers)
    return around(draw, value), around(draw, value), value


@given(with_value(), with_value())
def test_difference_and_quotient_hold_those_of_every_value(
    one: tuple[Interval, Fraction], other: tuple[Interval, Fraction]
) -> None:
    assert one[1] - other[1] in one[0].minus(other[0])
    ratio = one[0].over(other[0])
    assert (ratio is None) == (Fraction(0) in other[0])
    assert ratio is None or one[1] / other[1] in ratio


@given(with_value(), st.fractions(min_value=Fraction(1, 100), max_value=100))
def test_a_multiple_holds_that_of_every_value(one: tuple[Interval, Fraction], factor: Fraction) -> None:
    assert one[1] * factor in one[0].times(factor)


@given(intervals(), intervals())
def test_difference_and_quotient_mirror(one: Interval, other: Interval) -> None:
    there, back = one.minus(other), other.minus(one)
    assert (there.lower, there.lower_open) == (-back.upper, back.upper_open)
    assert one.above(other) <= (not other.above(one))
    assert one.overlaps(other) == other.overlaps(one)


@given(pairs_with_value())
def test_a_value_of_both_is_an_overlap(drawn: tuple[Interval, Interval, Fraction]) -> None:
    one, other, value = drawn
    assert one.overlaps(other)
    assert value in one.within(other)


@given(intervals(), intervals())
def test_only_points_make_a_point(one: Interval, other: Interval) -> None:
    both = one.point is not None and other.point is not None
    assert (one.minus(other).point is not None) == both
    ratio = one.over(other)
    assert ratio is None or ratio.point is None or both or one.point == 0


@given(intervals())
def test_json_ends_are_numbers_rounded_outward(one: Interval) -> None:
    told = one.as_json()
    assert (told["lower"] is None) == (one.lower == -math.inf)
    assert told["lower"] is None or Fraction(repr(told["lower"])) <= one.lower
    assert told["upper"] is None or Fraction(repr(told["upper"])) >= one.upper


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ((1, 2), (2, 4), (Fraction(1, 4), 1)),
        ((-1, 2), (-4, -2), (-1, Fraction(1, 2))),
        ((0, 5), (1, math.inf), (0, 5)),
        ((3, math.inf), (1, 2), (Fraction(3, 2), math.inf)),
    ],
)
def test_quotients_of_known_intervals(one: tuple, other: tuple, ratio: tuple) -> None:  # type: ignore[type-arg]
    found = Interval(*map(_end, one)).over(Interval(*map(_end, other)))
    assert found is not None
    assert (found.lower, found.upper) == ratio


def _end(value: float) -> Fraction | float:
    return value if math.isinf(value) else Fraction(value)


def test_a_divisor_that_only_comes_near_zero_gives_no_upper_limit() -> None:
    found = Interval(Fraction(1), Fraction(2)).over(Interval(Fraction(0), Fraction(4), lower_open=True))
    assert found is not None
    assert (found.lower, found.upper) == (Fraction(1, 4), math.inf)


@pytest.mark.parametrize(("lower", "upper"), [(2, 1), (math.inf, math.inf)])
def test_an_interval_without_a_value_is_refused(lower: float, upper: float) -> None:
    with pytest.raises(ValueError, match="no value"):
        Interval(_end(lower), _end(upper))


@pytest.mark.parametrize("value", [math.nan, math.inf, None, True, "12", []])
def test_what_is_no_finite_number_is_none(value: object) -> None:
    assert fraction(value) is None


def test_numbers_are_read_as_they_are_printed() -> None:
    assert fraction(91.4) == Fraction(914, 10)
    assert [number(Fraction(914, 10)), number(Fraction(4)), number(math.inf)] == [91.4, 4, None]


@pytest.mark.parametrize(
    ("bound", "value", "limits", "told"),
    [
        ("exact", 110, (110, 110), (110, 110, False, False)),
        ("over", 13000, (13000, 14000), (13000, 14000, True, True)),
        ("over", 100, (100, None), (100, None, True, True)),
        ("at-least", 80, (80, None), (80, None, False, True)),
        ("under", 200, (100, 200), (100, 200, False, True)),
        ("under", 200, (None, 200), (0, 200, False, True)),
        ("up-to", 200, (None, 200), (0, 200, False, False)),
        ("approx", 50, (45, 55), (45, 55, False, False)),
        ("over", 100, (None, None), (0, None, False, True)),
        ("over", 100, (9, 1), (0, None, False, True)),
    ],
)
def test_bounds_as_limits(bound: str, value: int, limits: tuple, told: tuple) -> None:  # type: ignore[type-arg]
    found = allowed("level", bound, value, *limits)
    assert found is not None
    assert tuple(found.as_json().values()) == told


def test_a_kind_closes_what_a_bound_leaves_open() -> None:
    assert allowed("share", "at-least", 95, 95) == Interval(Fraction(95), Fraction(100))
    assert allowed("rank", "top-n", 30, 1, 30) == Interval(Fraction(1), Fraction(30))
    assert allowed("change", "over", -20) == Interval(Fraction(-100))
    assert allowed("rank", "top-n", None) is None


def test_a_kind_makes_no_point_and_leaves_a_value_beyond_it_alone() -> None:
    assert allowed("share", "at-least", 100, 100) == Interval(Fraction(100))
    assert allowed("share", "over", 120, 120) == Interval(Fraction(120), lower_open=True)
