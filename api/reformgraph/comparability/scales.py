"""One unit for two figures: rates on the scale of their metric, other units by QUDT's multipliers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from reformgraph.comparability.intervals import fraction

Row = Mapping[str, Any]

NUMBER = "http://qudt.org/vocab/unit/NUM"
PERCENT = "http://qudt.org/vocab/unit/PERCENT"


@dataclass(frozen=True)
class Scale:
    """A unit in which two figures can be told, and what their normalised values are multiplied by to get there."""

    unit: str
    left: Fraction = Fraction(1)
    right: Fraction = Fraction(1)


def normal_unit(row: Row) -> str:
    """The unit of a row's normalised value: a rate told in percent becomes a number for each `scale`."""
    return NUMBER if row["unit"] == PERCENT and row.get("scale") else str(row["unit"])


def normal_factor(row: Row) -> Fraction:
    """What the stated value is multiplied by: 100 % of one per officer is 100 per 100 officers (`rg:scalingFactor`)."""
    rate = fraction(row.get("scale"))
    return rate / 100 if rate and row["unit"] == PERCENT else Fraction(1)


def common_scale(left: Row, right: Row) -> Scale | None:
    """The scale of two rows, None where their units do not convert.

    Units convert where QUDT gives both a multiplier and the same kind of quantity; the smaller unit is taken. Bytes,
    money, months and years have no multiplier in the graph and never convert.
    """
    one, other = normal_unit(left), normal_unit(right)
    if left.get("scale") != right.get("scale"):
        return None
    if one == other:
        return Scale(one)
    first, second = fraction(left.get("unitMultiplier")), fraction(right.get("unitMultiplier"))
    if not first or not second or left.get("scale") or left.get("unitKind") != right.get("unitKind"):
        return None
    smaller, unit = min((first, one), (second, other))
    return Scale(unit, first / smaller, second / smaller)
