"""What can be found between two figures: for each finding its code, how grave it is, a sentence in each language."""

from __future__ import annotations

from typing import NamedTuple

# From harmless to grave; the verdict on two figures is the gravest of its reasons.
VERDICTS = ("comparable", "with-care", "not-comparable")
VERDICT_LABELS = {
    "comparable": {"zh": "可比", "en": "comparable"},
    "with-care": {"zh": "可比，但须注意", "en": "comparable with care"},
    "not-comparable": {"zh": "不可比", "en": "not comparable"},
}
CODES = (
    "value", "metric", "kind", "unit", "denominator", "modality", "baseline", "scope", "period", "bound", "voice",
    "area",
)  # fmt: skip


class Sentence(NamedTuple):
    """A finding in words; `{left}` and `{right}` stand for what differs."""

    code: str
    verdict: str
    zh: str
    en: str


_NO, _CARE = "not-comparable", "with-care"

SENTENCES = {
    "no-value": Sentence("value", _NO, "至少一方没有说出数字。", "At least one tells no number."),
    "other-metric": Sentence("metric", _NO, "所计的事物不同。", "They count different things."),
    "close-metric": Sentence(
        "metric",
        _NO,
        "两个指标相近而不相同，可以并列，不可相减相除。",
        "Their metrics are close, not the same: they can stand side by side, but not be subtracted or divided.",
    ),
    "part-of-metric": Sentence(
        "metric", _CARE, "一个指标是另一个的下位指标。", "One metric is narrower than the other."
    ),
    "kind": Sentence("kind", _NO, "数值类型不同。", "One is a {left}, the other a {right}."),
    "unit": Sentence("unit", _NO, "单位不同，无法折算。", "Their units differ and do not convert."),
    "times-or-things": Sentence(
        "unit",
        _CARE,
        "一方计次数（次），另一方不计：{left}，{right}。",
        "One counts occurrences (次), the other does not: {left}, {right}.",
    ),
    "denominator": Sentence("denominator", _NO, "比率的分母不同。", "Their rates have different denominators."),
    "modality": Sentence(
        "modality", _NO, "实现状态不同，例如一个已实现，另一个仍是计划。", "One is {left}, the other {right}."
    ),
    "unreal-both": Sentence(
        "modality",
        _CARE,
        "两个都尚未实现，但一为计划、一为目标或要求。",
        "Neither is achieved; one is {left}, the other {right}.",
    ),
    "no-baseline": Sentence(
        "baseline",
        _NO,
        "至少一方没有说明变化的基期。",
        "At least one change has no baseline.",
    ),
    "baseline-lengths": Sentence(
        "baseline",
        _NO,
        "基期长短不同（{left}，{right}）。",
        "Their baselines differ in length ({left}, {right}).",
    ),
    "baselines": Sentence(
        "baseline",
        _CARE,
        "基期不同（{left}，{right}）。",
        "Their baselines are not the same ({left}, {right}).",
    ),
    "rank-groups": Sentence(
        "scope",
        _NO,
        "排名的范围不同，或至少一方未说明范围。",
        "They are ranks among different groups, or the group of one is not told.",
    ),
    "part-of-area": Sentence("scope", _CARE, "一个地区是另一个的一部分。", "One place is a part of the other."),
    "area-levels": Sentence(
        "scope", _CARE, "两个地区级别不同。", "Their places are of different levels of administration."
    ),
    "size-of-area": Sentence(
        "scope",
        _CARE,
        "总量随地区大小而变，未按人口或面积折算。",
        "Totals grow with the size of a place; nothing is divided by people or territory.",
    ),
    "agency-levels": Sentence(
        "scope",
        _CARE,
        "所讲的机构级别不同，或一方不是公安机关。",
        "The bodies whose work they tell are of different levels, or one is no police body.",
    ),
    "frequency": Sentence(
        "period",
        _NO,
        "一个按年或按季计，另一个不是。",
        "One is told for each year or quarter, the other is not.",
    ),
    "period-unknown": Sentence("period", _CARE, "至少一方没有时期。", "At least one has no period."),
    "periods-apart": Sentence(
        "period",
        _CARE,
        "时期不同（{left}，{right}）。",
        "They are of different periods ({left}, {right}).",
    ),
    "periods-overlap": Sentence(
        "period",
        _CARE,
        "时期只有一部分重合（{left}，{right}）。",
        "Their periods overlap in part ({left}, {right}).",
    ),
    "day-and-span": Sentence(
        "period",
        _CARE,
        "一个截至某日，另一个覆盖一段时期（{left}，{right}）。",
        "One is as of a day, the other over a span of time ({left}, {right}).",
    ),
    "lengths": Sentence(
        "period",
        _CARE,
        "时期长短不同（{left} 天，{right} 天），累计数随时期增长。",
        "Their periods differ in length ({left} and {right} days); a running count grows with time.",
    ),
    "prices": Sentence(
        "period",
        _CARE,
        "金额属不同年份（{left}，{right}），未按物价折算。",
        "The amounts are of different years ({left}, {right}) and not adjusted for prices.",
    ),
    "period-inferred": Sentence(
        "period",
        _CARE,
        "至少一方的时期是推断的，原文未明说。",
        "The period of at least one is inferred, not told.",
    ),
    "bounded": Sentence("bound", _CARE, "至少一方只给出界限。", "At least one gives a bound, not a point."),
    "voice": Sentence("voice", _CARE, "出自不同的声音。", "One is told by {left}, one by {right}."),
    "data-source": Sentence(
        "voice",
        _CARE,
        "只有一方说明数字来自他人。",
        "Only one says that its number comes from somebody else.",
    ),
    "self-reports": Sentence(
        "voice",
        _CARE,
        "均为自述，未经独立核实。",
        "Both are self-reports without an independent check.",
    ),
    "no-area": Sentence("area", _CARE, "至少一方没有说明地区。", "At least one tells no place."),
}
