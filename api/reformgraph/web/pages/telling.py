"""Figures told as a reader would say them: 13,000余台, "more than 13,000", with bounds, limits and voices in sentences.

Chinese keeps the bound word of the text (余, 多, 近, 以上) at its place; large amounts are told in 万 and 亿, or in
million and billion, only where nothing is rounded away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reformgraph.web.pages import phrases

Row = Mapping[str, Any]
# Bound -> the words of the text that stand before the number, or after it (before or after the unit).
_BEFORE = {
    "approx": ("大约", "约", "将近"),
    "under": ("近", "不到", "不足"),
    "over": ("突破", "高于", "大于", "超过", "超"),
    "up-to": ("不超过", "至多"),
    "at-least": ("不少于", "至少"),
}
_INSIDE = {"over": ("余", "多")}
_AFTER = {"at-least": ("以上",), "up-to": ("以内", "以下"), "approx": ("左右", "上下")}
_DEFAULT = {"approx": "约", "under": "不到", "over": "超过", "up-to": "至多", "at-least": "至少"}
_SCALES = {"zh": ((10**8, "亿"), (10**5, "万")), "en": ((10**9, " billion"), (10**6, " million"))}


def amount(value: float, language: str) -> str:
    """A number as it is said: 400000000 -> 4亿, 400 million; 118000 -> 11.8万, 118,000."""
    for least, word in _SCALES[language]:
        one = 10**4 if word == "万" else least
        if abs(value) >= least and float(f"{value / one:.4g}") * one == value:
            told = phrases.number(float(f"{value / one:.4g}"))
            return (told.replace(",", "") if language == "zh" else told) + word
    return phrases.number(value)


def told(row: Row, language: str) -> str:
    """A figure in words with its bound and unit."""
    if row["kind"] == "rank" or row["value"] is None:
        return phrases.figure(row, language)
    if row["kind"] in ("change", "change-pp") and row["bound"] != "exact":
        way = _WAYS[language][row["value"] > 0]
        return way + told({**row, "kind": "share", "value": abs(row["value"])}, language)
    return _chinese(row) if language == "zh" else _english(row)


_WAYS = {"zh": ("下降", "上升"), "en": ("down ", "up ")}


def _english(row: Row) -> str:
    return phrases.figure(row, "en").replace(phrases.number(row["value"]), amount(row["value"], "en"), 1)


def _chinese(row: Row) -> str:
    bound, exact, unit = row["bound"], row["exact"] or "", phrases.unit(row, "zh").strip()
    sign = "+" if row["kind"] in ("change", "change-pp") and row["value"] > 0 else ""
    number = sign + amount(row["value"], "zh")
    if (inside := _found(_INSIDE, bound, exact)) and unit != "%":
        return f"{number}{inside}{unit}"
    if after := _found(_AFTER, bound, exact):
        return f"{number}{unit}{after}"
    before = "前" if bound == "top-n" else _found(_BEFORE, bound, exact) or _DEFAULT.get(bound, "")
    return f"{before}{number}{unit}"


def _found(words: Mapping[str, tuple[str, ...]], bound: str, exact: str) -> str | None:
    return next((word for word in words.get(bound, ()) if word in exact), None)


def period(row: Row, language: str, prefix: str = "period") -> str:
    """A period in words: a whole year as 2008年 or 2008, a day as that day, else as `phrases.period` has it."""
    start, end = row.get(f"{prefix}Start"), row.get(f"{prefix}End")
    if start and start == end:
        return str(start)
    if start and end and (start[4:], end[4:]) == ("-01-01", "-12-31"):
        years = start[:4] if start[:4] == end[:4] else f"{start[:4]}–{end[:4]}"
        return f"{years}年" if language == "zh" else years
    return phrases.period(row, language, prefix)


def limits(row: Row, language: str) -> str:
    """What the bound allows, in a sentence; empty for an exact figure."""
    sign = "%" if row["unit"].endswith("/PERCENT") else ""
    lower, upper = (None if row.get(end) is None else amount(row[end], language) + sign for end in ("lower", "upper"))
    if row["bound"] == "exact" or (lower is None and upper is None):
        return ""
    sentence = _LIMITS[language][(lower is not None) + 2 * (upper is not None)]
    openings = _OPEN.get(row["bound"], ("from", "to"))
    below, above = (_ENDS[language][opening] for opening in openings)
    return sentence.format(lower=below.format(lower), upper=above.format(upper))


_OPEN = {"over": ("from-open", "to-open"), "under": ("from", "to-open")}
_ENDS = {
    "zh": {"from": "不小于{}", "from-open": "大于{}", "to": "不大于{}", "to-open": "小于{}"},
    "en": {"from": "{} or more", "from-open": "more than {}", "to": "at most {}", "to-open": "less than {}"},
}
_LIMITS = {
    "zh": ("", "读作：{lower}", "读作：{upper}", "读作：{lower}，{upper}"),
    "en": ("", "Read as: {lower}", "Read as: {upper}", "Read as: {lower}, {upper}"),
}
_STEPS = {
    "self-report": (
        1,
        "自己说自己的工作，文中没有别的声音。",
        "The body speaks of its own work; nobody else vouches for it in the text.",
    ),
    "media": (
        2,
        "媒体所写，通常转述机关提供的材料。",
        "A news outlet writes it, usually from what the body handed out.",
    ),
    "superior": (2, "上级机关所说，上下级的成绩相连。", "A superior body says it; the success is partly its own."),
    "government": (2, "政府所说，公安机关是其组成部门。", "The government says it, of which the police are a part."),
    "public": (3, "应邀的公众代表所说。", "Members of the public who were invited say it."),
    "oversight": (
        3,
        "人大等监督机关所说，常依据机关的汇报。",
        "An oversight body says it, often from a hearing of the bureau.",
    ),
    "statistics": (4, "统计机关所说。", "A statistics office says it."),
}


def independence(row: Row, language: str) -> tuple[int, str]:
    """How far the voice stands from the work that it tells, 1 to 4, and a sentence that says why."""
    step, zh, en = _STEPS.get(row["voice"], (1, "", ""))
    if row["dataSource"] and row["dataSource"] not in (row["claimant"], row["agency"]):
        step = max(step, 3)
        zh += "但数字据称来自另一机构，原件不在图中。"
        en += " The number is said to come from another body, whose own words are not in the graph."
    return step, zh if language == "zh" else en.strip()


_STAGES = {
    "input": ("投入", "Input"),
    "output": ("产出", "Output"),
    "outcome": ("结果", "Outcome"),
    "satisfaction": ("满意度", "Satisfaction"),
    "context": ("背景", "Context"),
}
_ASSESSMENTS = {
    "accepted": ("认可", "accepted"),
    "disputed": ("有争议", "disputed"),
    "superseded": ("已被取代", "superseded"),
    "unverifiable": ("无法核实", "unverifiable"),
}
_EFFECTS = {
    "derived": ("由它算得", "computed from it"),
    "total": ("它所属的总数", "the total it is part of"),
    "part": ("它的一部分", "a part of it"),
    "measured-against": ("对照它的完成数", "what is done of it"),
    "share": ("由它得出的比重", "a share of it"),
}


def stage(word: str, language: str) -> str:
    """`outcome` -> 结果 or "Outcome"."""
    return _STAGES.get(word, (word, word))[language == "en"]


def assessment(word: str, language: str) -> str:
    """`disputed` -> 有争议 or "disputed"."""
    return _ASSESSMENTS.get(word, (word, word))[language == "en"]


def effect(word: str, language: str) -> str:
    """How a figure rests on another: `derived` -> 由它算得 or "computed from it"."""
    return _EFFECTS.get(word, (word, word))[language == "en"]


def aspect(word: str, language: str) -> str:
    """What is looked at to tell how exact a report is: `bound` -> 界限 or "Bounds"."""
    return _ASPECTS.get(word, (word, word))[language == "en"]


def trait(word: str, language: str) -> str:
    """What is found there: `over` -> 余、多、超过 or "more than"."""
    return _TRAITS.get(word, (word, word))[language == "en"]


_ASPECTS = {
    "bound": ("数字的界限", "Bounds of the figures"),
    "period": ("所指的时期", "Periods"),
    "baseline": ("变化的基期", "Baselines of changes"),
}
_TRAITS = {
    "exact": ("确数", "exact"),
    "over": ("余、多、超过", "more than"),
    "under": ("近、不到", "just under"),
    "approx": ("约", "about"),
    "at-least": ("以上", "at least"),
    "up-to": ("以内", "at most"),
    "top-n": ("前几名", "among the first"),
    "no-number": ("没有数字", "no number"),
    "told": ("文中所述", "told"),
    "inferred": ("由我们推断", "inferred"),
    "absent": ("没有", "absent"),
}


def plain(message: str) -> str:
    """A message of the audit without the CURIEs in brackets, which a page has as links."""
    return _CURIE.sub("", message)


_CURIE = re.compile(
    r" ?\((?:obs|claim|period|span|doc|agency|metric|group|place|body|system|init|code|unit):[^()\s]*\)"
)


def dots(step: int) -> str:
    """A step of 1 to 4 as four dots."""
    return "●" * step + "○" * (4 - step)
