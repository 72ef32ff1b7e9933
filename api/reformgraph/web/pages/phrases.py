"""Figures, bounds, voices and periods in words, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from reformgraph.canned.files import CannedQuery
from reformgraph.namespaces import sparql_prologue

_BOUNDS = {
    "exact": ("", ""),
    "approx": ("约", "about "),
    "over": ("超过", "more than "),
    "at-least": ("至少", "at least "),
    "under": ("不到", "just under "),
    "up-to": ("至多", "at most "),
    "top-n": ("前", "among the first "),
}
_UNITS = {
    "PERCENT": ("%", "%"),
    "CCY_CNY": ("元", " yuan"),
    "percentage-point": ("个百分点", " percentage points"),
    "M2": ("平方米", " m²"),
    "KiloM2": ("平方公里", " km²"),
    "GigaBYTE": (" GB", " GB"),
    "GigaBIT-PER-SEC": (" Gbit/s", " Gbit/s"),
    "YR": ("年", " years"),
    "MO": ("个月", " months"),
    "DAY": ("天", " days"),
    "HR": ("小时", " hours"),
    "GM": ("克", " g"),
    "mu": ("亩", " mu"),
}
_KINDS = {
    "level": ("水平", "level"),
    "share": ("比重", "share"),
    "ratio": ("比率", "ratio"),
    "change": ("变化", "change"),
    "change-pp": ("百分点变化", "change in percentage points"),
    "rank": ("名次", "rank"),
    "money": ("金额", "money"),
    "duration": ("时长", "duration"),
}
_VOICES = {
    "self-report": ("自述", "self-report", "机关讲自己的工作", "the body tells of its own work"),
    "superior": ("上级", "superior", "上级机关的说法", "a superior body says so"),
    "oversight": ("监督机关", "oversight", "人大等监督机关的说法", "an oversight body says so"),
    "government": ("政府", "government", "政府的说法", "a government says so"),
    "statistics": ("统计机关", "statistics", "统计机关的说法", "a statistics office says so"),
    "media": ("媒体", "media", "媒体的说法", "a news outlet says so"),
    "public": ("公众", "public", "公众代表的说法", "members of the public say so"),
}
_ORDERS = {
    "left-greater": ("前者大", "the first"),
    "right-greater": ("后者大", "the second"),
    "equal": ("相等", "equal"),
    "cannot-tell": ("说不清", "cannot be told"),
}
_MODALITIES = {
    "achieved": ("已实现", "achieved"),
    "in-progress": ("进行中", "in progress"),
    "planned": ("计划", "planned"),
    "target": ("目标", "target"),
    "required": ("要求", "required"),
}
_SECTIONS = {
    "agency": ("公安机关", "Police bodies"),
    "award": ("荣誉", "Awards"),
    "body": ("其他机构", "Other bodies"),
    "claim": ("主张", "Claims"),
    "code": ("代码", "Codes"),
    "derived": ("推导的数字", "Derived figures"),
    "doc": ("报告", "Reports"),
    "event": ("事件", "Events"),
    "facility": ("设施", "Facilities"),
    "finding": ("检查结果", "Findings"),
    "graph": ("命名图", "Named graphs"),
    "group": ("排名范围", "Ranking groups"),
    "initiative": ("举措", "Initiatives"),
    "mechanism": ("工作机制", "Mechanisms"),
    "metric": ("指标", "Metrics"),
    "norm": ("规范性文件", "Normative documents"),
    "obs": ("数字", "Figures"),
    "period": ("时期", "Periods"),
    "person": ("公职人员", "Office holders"),
    "place": ("地方", "Places"),
    "problem": ("问题", "Problems"),
    "recommendation": ("建议", "Recommendations"),
    "run": ("读取过程", "Extraction runs"),
    "span": ("文段", "Spans"),
    "system": ("信息系统与装备", "Systems and equipment"),
    "term": ("词汇", "Vocabulary"),
    "unit": ("单位", "Units"),
}


_SEVERITIES = {"Violation": ("违例", "violation"), "Warning": ("存疑", "warning"), "Info": ("提示", "information")}
_FAMILIES = {"core": ("只查形式", "form only"), "plausibility": ("只查内容", "content only"), "all": ("全部", "all")}


def _pick(table: Mapping[str, tuple[str, ...]], key: str, language: str, place: int = 0) -> str:
    return table[key][place + (language == "en")] if key in table else key


def kind(word: str, language: str) -> str:
    """A measure kind in words."""
    return _pick(_KINDS, word, language)


def order(word: str | None, language: str) -> str:
    """Which of two figures is greater, in words."""
    return _pick(_ORDERS, word, language) if word else "–"


def modality(word: str, language: str) -> str:
    """A modality in words."""
    return _pick(_MODALITIES, word, language)


def section(word: str, language: str) -> str:
    """A kind of thing in words, plural in English."""
    return _pick(_SECTIONS, word, language)


def voice(word: str, language: str) -> str:
    """A voice in words and what it means."""
    return f"{_pick(_VOICES, word, language)} – {_pick(_VOICES, word, language, 2)}"


_BOUND_NAMES = {
    "exact": ("确数", "exact"),
    "approx": ("约", "about"),
    "over": ("超过", "more than"),
    "at-least": ("至少", "at least"),
    "under": ("不到", "just under"),
    "up-to": ("至多", "at most"),
    "top-n": ("前若干名", "among the first"),
}
_FACETS = {
    "agency": ("机关", "Police body"),
    "initiative": ("举措", "Initiative"),
    "period": ("年份", "Year"),
    "voice": ("谁在说", "Voice"),
    "bound": ("界限", "Bound"),
}
# Themes of the canned queries, with the tags that belong to them.
_THEMES = {
    "figures": ("数字", "Figures"),
    "audit": ("核查", "Audit"),
    "reform": ("机关与改革", "Bodies and reforms"),
    "other": ("其他", "Other"),
}
_TAGS = {
    "figures": ["figures", "metrics", "comparison", "evidence", "wording", "documents"],
    "audit": ["audit", "validation"],
    "reform": [
        "agencies",
        "initiatives",
        "systems",
        "facilities",
        "norms",
        "problems",
        "events",
        "awards",
        "persons",
        "entities",
    ],
}


def code(scheme: str, word: str, language: str) -> str:
    """A voice or a bound in a word or two."""
    return _pick(_VOICES if scheme == "voice" else _BOUND_NAMES, word, language)


def facet(name: str, language: str) -> str:
    """A facet of search in words."""
    return _pick(_FACETS, name, language)


def by_theme(queries: Sequence[CannedQuery], language: str) -> list[tuple[str, str, list[CannedQuery]]]:
    """The canned queries under themes, by their first tag that has one: key, title, queries."""
    themes = {tag: key for key, tags in _TAGS.items() for tag in tags}
    found: dict[str, list[CannedQuery]] = {key: [] for key in _THEMES}
    for query in queries:
        found[next((themes[tag] for tag in query.tags if tag in themes), "other")].append(query)
    return [(key, _pick(_THEMES, key, language), own) for key, own in found.items() if own]


def file_size(size: int) -> str:
    """Bytes in decimal units: 11879601 -> 11.9 MB."""
    for unit, one in (("MB", 10**6), ("kB", 10**3)):
        if size >= one:
            return f"{size / one:.1f} {unit}"
    return f"{size} B"


def number(value: float) -> str:
    """A number with thousands separators and without trailing zeros."""
    text = f"{value:,.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
    return text.replace("-", "−")


def figure(row: Mapping[str, Any], language: str) -> str:
    """A figure in words with its bound and unit: 13000余台 -> more than 13,000."""
    value = row["value"]
    if row["kind"] == "rank":
        return _rank(row, language)
    sign = "+" if row["kind"] in ("change", "change-pp") and value > 0 else ""
    return f"{_pick(_BOUNDS, row['bound'], language)}{sign}{number(value)}{unit(row, language)}".strip()


def unit(row: Mapping[str, Any], language: str) -> str:
    """The unit of a figure as it stands after the number; a measure word such as 台 in Chinese only."""
    name = row["unit"].rpartition("/")[2]
    if name in _UNITS:
        return _pick(_UNITS, name, language)
    return f" {row['unitWord'] or ''}" if language == "zh" else ""


def _rank(row: Mapping[str, Any], language: str) -> str:
    value = row["value"]
    if value is None:
        return "名列前茅，未说名次" if language == "zh" else "among the first; no rank is told"
    if row["bound"] == "top-n":
        return f"前{value}名" if language == "zh" else f"among the first {value}"
    return f"第{value}名" if language == "zh" else f"rank {value}"


def limits(row: Mapping[str, Any], language: str) -> str:
    """The numeric limits that the bound stands for, empty for an exact figure."""
    lower, upper = row.get("lower"), row.get("upper")
    if row["bound"] == "exact" or (lower is None and upper is None):
        return ""
    low = number(lower) if lower is not None else "…"
    high = number(upper) if upper is not None else "…"
    return f"{low} – {high}"


def interval(told: Mapping[str, Any], language: str) -> str:
    """A value with its unit, or the limits between which it lies: > 100, 13,000 – 14,000."""
    unit = (told.get("unit") or "").rpartition("/")[2]
    word = _pick(_UNITS, unit, language) if unit in _UNITS else ""
    lower, upper = told["lower"], told["upper"]
    if told["value"] is not None:
        return number(told["value"]) + word
    if lower is None and upper is None:
        return "未知" if language == "zh" else "unknown"
    if lower is None or upper is None:
        sign = ("<" if told["upperOpen"] else "≤") if lower is None else (">" if told["lowerOpen"] else "≥")
        return f"{sign} {number(upper if lower is None else lower)}{word}"
    return f"{number(lower)} – {number(upper)}{word}"


def period(row: Mapping[str, Any], language: str, prefix: str = "period") -> str:
    """Start and end in words; 'as of' where only an end is known."""
    start, end = row.get(f"{prefix}Start"), row.get(f"{prefix}End")
    if start and end:
        return f"{start} – {end}"
    if end:
        return f"截至 {end}" if language == "zh" else f"as of {end}"
    return start or ("未说明" if language == "zh" else "not stated")


def severity(word: str, language: str) -> str:
    """`Warning` -> 存疑 or 'warning'."""
    return _pick(_SEVERITIES, word, language)


def family(word: str, language: str) -> str:
    """`plausibility` -> 内容 or 'content'."""
    return _pick(_FAMILIES, word, language)


def short(term: str) -> str:
    """The part of an IRI after its last slash or hash."""
    return term.rpartition("#")[2].rpartition("/")[2]


def pairs(given: Mapping[str, list[str]]) -> str:
    """Parameters as a query string."""
    return urlencode([(key, value) for key, values in given.items() for value in values])


def example(query: CannedQuery) -> str:
    """The example of a canned query as a query string."""
    return pairs(query.example)


def sparql_pairs(iri: str) -> str:
    """A query string that opens the SPARQL page with a question about one thing."""
    query = (
        f"{sparql_prologue()}\nSELECT ?property ?value\nWHERE {{\n  <{iri}> ?property ?value .\n}}\nORDER BY ?property"
    )
    return urlencode({"query": query})
