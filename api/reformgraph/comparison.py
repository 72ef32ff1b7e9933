"""May two figures be compared, and what follows? One pure function of two rows, with machine-readable reasons.

Rows are those of the canned query `compare-metric`. The algebra:

- A *reason* (`reasons.py`) is `with-care`, a difference of circumstances, or `not-comparable`, a difference of what is
  measured. The verdict is the gravest of the reasons, `comparable` where there are none.
- Each figure stands for the interval of all values that its words allow (`intervals.py`); only an exact one is a point.
- *Difference* (left - right) and *ratio* (left / right) are intervals that hold the result for every choice of values.
  They are withheld, with a code, where the figures are not comparable, where the kind forbids a ratio (ranks and
  changes), and where the right one may be zero.
- *Overlap* says that one number could be both; *order* that all values of one side are greater than all of the other.
- `compare(right, left)` is the mirror: the same verdict, reasons with sides swapped, the negative difference.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reformgraph.comparability.intervals import Interval, allowed, number
from reformgraph.comparability.reasons import Reason, find
from reformgraph.comparability.scales import PERCENT, Row, common_scale, normal_factor, normal_unit
from reformgraph.comparability.verdicts import VERDICT_LABELS, VERDICTS

_POINT = "https://w3id.org/reformgraph/unit/percentage-point"
# A quotient of ranks or of changes says nothing of the things that are ranked or change.
_NO_RATIO = ("rank", "change", "change-pp")
_WITHHELD = {
    "not-comparable": ("两个数字不可比。", "The figures are not comparable."),
    "kind": ("名次和变化幅度不可相除。", "Ranks and changes have no ratio."),
    "zero": ("除数可能为零。", "The divisor may be zero."),
}


@dataclass(frozen=True)
class Comparison:
    """The verdict on two figures, its reasons, and difference, ratio and order as far as they can be told.

    `overlap` and `order` are None where the figures are not comparable; `order` is `left-greater`, `right-greater`,
    `equal` or `cannot-tell`. `unit` is that of the values, `difference_unit` that of their difference. `exact` tells
    whether both figures are points.
    """

    verdict: str
    reasons: tuple[Reason, ...]
    overlap: bool | None = None
    order: str | None = None
    unit: str | None = None
    difference_unit: str | None = None
    difference: Interval | None = None
    ratio: Interval | None = None
    no_difference: str | None = "not-comparable"
    no_ratio: str | None = "not-comparable"
    exact: bool = False

    @property
    def label(self) -> dict[str, str]:
        """The verdict in words."""
        return VERDICT_LABELS[self.verdict]

    def as_json(self) -> dict[str, Any]:
        """The comparison as `/compare` gives it; intervals as `Interval.as_json`, with `value` where both are exact."""
        return {
            "verdict": self.verdict,
            "reasons": [reason.as_json() for reason in self.reasons],
            "overlap": self.overlap,
            "order": self.order,
            "difference": self._told(self.difference, self.difference_unit),
            "noDifference": _withheld(self.no_difference),
            "ratio": self._told(self.ratio, None),
            "noRatio": _withheld(self.no_ratio),
        }

    def _told(self, interval: Interval | None, unit: str | None) -> dict[str, Any] | None:
        if interval is None:
            return None
        point = interval.point if self.exact else None
        return {"unit": unit, "value": None if point is None else number(point)} | interval.as_json()


def _withheld(code: str | None) -> dict[str, str] | None:
    return None if code is None else dict(zip(("code", "zh", "en"), (code, *_WITHHELD[code]), strict=True))


def compare(left: Row, right: Row) -> Comparison:
    """The comparison of two rows; pure, and total over every row that the canned query can give."""
    reasons = find(left, right)
    verdict = gravest(reason.verdict for reason in reasons)
    scale, one, other = common_scale(left, right), interval(left), interval(right)
    if verdict == "not-comparable" or scale is None or one is None or other is None:
        return Comparison(verdict, reasons)
    one, other = one.times(scale.left), other.times(scale.right)
    ratio = None if left["kind"] in _NO_RATIO else one.over(other)
    return Comparison(
        verdict=verdict,
        reasons=reasons,
        overlap=one.overlaps(other),
        order=_order(one, other),
        unit=scale.unit,
        difference_unit=_POINT if scale.unit == PERCENT else scale.unit,
        difference=one.minus(other),
        ratio=ratio,
        no_difference=None,
        no_ratio=None if ratio else "kind" if left["kind"] in _NO_RATIO else "zero",
        exact=left["bound"] == right["bound"] == "exact",
    )


def gravest(verdicts: Iterable[str]) -> str:
    """The gravest of some verdicts, `comparable` of none."""
    return max(verdicts, key=VERDICTS.index, default="comparable")


def _order(one: Interval, other: Interval) -> str:
    if one.above(other):
        return "left-greater"
    if other.above(one):
        return "right-greater"
    return "equal" if one.point is not None and one.point == other.point else "cannot-tell"


def interval(row: Row) -> Interval | None:
    """What a figure may be, in its normal unit; None where it tells no number."""
    found = allowed(row["kind"], row["bound"], row["value"], row.get("lower"), row.get("upper"))
    return found.times(normal_factor(row)) if found else None


def normalised(row: Row) -> dict[str, Any]:
    """A figure on the scale of its metric: `unit`, `per` (None, or how many of the denominator), `value`, and limits.

    `value` is None for everything but an exact figure. A rate told as over 100 % is over 100 for each 100 officers.
    """
    found = interval(row)
    point = found.point if found and row["bound"] == "exact" else None
    limits = found.as_json() if found else dict.fromkeys(("lower", "upper", "lowerOpen", "upperOpen"))
    return {
        "unit": normal_unit(row),
        "per": row.get("scale"),
        "value": None if point is None else number(point),
    } | limits
