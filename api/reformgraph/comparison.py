"""May two figures be compared? One pure function of two rows, with machine-readable reasons.

Rows are those of the canned query `compare-metric`. The verdict is the worst of its reasons: a difference of what is
measured forbids a comparison (`not-comparable`), a difference of circumstances asks for care (`with-care`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

Row = Mapping[str, Any]
VERDICTS = ("comparable", "with-care", "not-comparable")
VERDICT_LABELS = {
    "comparable": {"zh": "可比", "en": "comparable"},
    "with-care": {"zh": "可比，但须注意", "en": "comparable with care"},
    "not-comparable": {"zh": "不可比", "en": "not comparable"},
}


@dataclass(frozen=True)
class Reason:
    """Why two figures are not simply comparable: a code, how grave it is, and a sentence in each language."""

    code: str
    verdict: str
    zh: str
    en: str


@dataclass(frozen=True)
class Comparison:
    """The verdict on two figures and its reasons, the gravest first."""

    verdict: str
    reasons: tuple[Reason, ...]
    overlap: bool | None

    @property
    def label(self) -> dict[str, str]:
        """The verdict in words."""
        return VERDICT_LABELS[self.verdict]


def compare(left: Row, right: Row) -> Comparison:
    """The verdict on two rows; `overlap` tells whether both values can hold under their bounds (None: unknown)."""
    reasons = tuple(sorted(_reasons(left, right), key=lambda reason: -VERDICTS.index(reason.verdict)))
    verdict = reasons[0].verdict if reasons else "comparable"
    return Comparison(verdict, reasons, _overlap(left, right))


def _reasons(left: Row, right: Row) -> Iterator[Reason]:
    yield from _measured(left, right)
    yield from _told(left, right)
    yield from _time(left, right)


def _measured(left: Row, right: Row) -> Iterator[Reason]:
    """Differences of what is measured."""
    grave = "not-comparable"
    if left["metric"] != right["metric"]:
        relation = next((row["relation"] for row in (left, right) if row.get("relation") not in (None, "same")), None)
        if relation == "narrower":
            yield Reason(
                "metric",
                "with-care",
                "一个指标是另一个的下位指标。",
                "One metric is narrower than the other.",
            )
        else:
            yield Reason("metric", grave, "所计的事物不同。", "They count different things.")
    if left["kind"] != right["kind"]:
        yield Reason("kind", grave, "数值类型不同。", f"One is a {left['kind']}, the other a {right['kind']}.")
    elif not _same_scale(left, right):
        yield Reason("unit", grave, "单位不同，无法折算。", "Their units differ and do not convert.")
    if left.get("denominator") != right.get("denominator"):
        yield Reason("denominator", grave, "比率的分母不同。", "Their rates have different denominators.")
    if left["kind"] == "rank" and left.get("rankAmong") != right.get("rankAmong"):
        yield Reason("scope", grave, "排名的范围不同。", "They are ranks among different groups.")
    if left["value"] is None or right["value"] is None:
        yield Reason("value", grave, "至少一方没有说出数字。", "At least one tells no number.")


def _same_scale(left: Row, right: Row) -> bool:
    """Equal units, or a rate that both rows give on the metric's own scale."""
    if left["unit"] == right["unit"]:
        return True
    return bool(left["metric"] == right["metric"] and left["kind"] == right["kind"] == "ratio")


def _told(left: Row, right: Row) -> Iterator[Reason]:
    """Differences of how it is told and by whom."""
    if left["modality"] != right["modality"]:
        yield Reason(
            "modality",
            "not-comparable",
            "一个已实现，另一个并非如此。",
            "One is achieved, the other is planned or under way.",
        )
    if "exact" not in (left["bound"], right["bound"]) or left["bound"] != right["bound"]:
        yield Reason("bound", "with-care", "至少一方只给出界限。", "At least one gives a bound, not a point.")
    if left["voice"] != right["voice"]:
        yield Reason(
            "voice",
            "with-care",
            "出自不同的声音。",
            f"One is told by {left['voice']}, one by {right['voice']}.",
        )
    elif left["voice"] == "self-report":
        yield Reason(
            "voice",
            "with-care",
            "均为自述，未经独立核实。",
            "Both are self-reports without an independent check.",
        )


def _time(left: Row, right: Row) -> Iterator[Reason]:
    """Differences of period and baseline."""
    if not (left.get("periodEnd") and right.get("periodEnd")):
        yield Reason("period", "with-care", "至少一方没有时期。", "At least one has no period.")
    elif left["periodEnd"][:4] != right["periodEnd"][:4]:
        years = f"{left['periodEnd'][:4]} / {right['periodEnd'][:4]}"
        yield Reason("period", "with-care", f"时期不同（{years}）。", f"They are of different years ({years}).")
    if left["kind"] in ("change", "change-pp") and _length(left) != _length(right):
        yield Reason(
            "baseline",
            "not-comparable",
            "基期缺失或长短不同。",
            "A baseline is missing or differs in length.",
        )


def _length(row: Row) -> int | None:
    """Days of the baseline period, None where it is not told whole."""
    start, end = row.get("baselineStart"), row.get("baselineEnd")
    return (date.fromisoformat(end) - date.fromisoformat(start)).days if start and end else None


def _overlap(left: Row, right: Row) -> bool | None:
    """Whether the intervals of the normalised values meet; an absent limit is open."""
    if left["value"] is None or right["value"] is None or not _same_scale(left, right):
        return None
    return _below(left, right) and _below(right, left)


def _below(one: Row, other: Row) -> bool:
    lower, upper = one.get("normalisedLower"), other.get("normalisedUpper")
    return bool(lower is None or upper is None or lower <= upper)
