"""Why two figures are not simply comparable: rules on two rows of the canned query `compare-metric`.

Each rule looks at one thing and yields what it finds, so that swapping the rows swaps `left` and `right` and changes
nothing else. docs/explanation/comparing.md has the table of codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from reformgraph.comparability.intervals import fraction
from reformgraph.comparability.scales import Row, common_scale
from reformgraph.comparability.verdicts import CODES, SENTENCES, VERDICTS

# Lengths of time that differ by no more than this share of the longer one count as equal.
_TOLERANCE = 0.1
_CHANGES = ("change", "change-pp")
_AMOUNTS = ("level", "money")
_UNREAL = {"planned", "target", "required"}


@dataclass(frozen=True)
class Reason:
    """One reason: its code, how grave it is, a sentence in each language, and what differs on either side.

    `finding` is the rule's own name, finer than the code; `left` and `right` are words, IRIs, dates or None.
    """

    finding: str
    left: Any = None
    right: Any = None

    @property
    def code(self) -> str:
        """The thing looked at, one of `verdicts.CODES`."""
        return SENTENCES[self.finding].code

    @property
    def verdict(self) -> str:
        """How grave it is, one of `verdicts.VERDICTS`."""
        return SENTENCES[self.finding].verdict

    @property
    def zh(self) -> str:
        """The sentence in Chinese."""
        return SENTENCES[self.finding].zh.format(left=self.left, right=self.right)

    @property
    def en(self) -> str:
        """The sentence in English."""
        return SENTENCES[self.finding].en.format(left=self.left, right=self.right)

    def mirrored(self) -> Reason:
        """The same reason for the rows the other way round."""
        return Reason(self.finding, self.right, self.left)

    def as_json(self) -> dict[str, Any]:
        """Code, verdict, both sentences, and what differs."""
        return {"code": self.code, "verdict": self.verdict, "zh": self.zh, "en": self.en} | {
            "left": self.left,
            "right": self.right,
        }


def find(left: Row, right: Row) -> tuple[Reason, ...]:
    """All reasons, the gravest first; a figure held against itself has only those that lie in its own wording."""
    rules = (_value, _bound) if left["observation"] == right["observation"] else _RULES
    found = [reason for rule in rules for reason in rule(left, right)]
    return tuple(sorted(found, key=lambda reason: (-VERDICTS.index(reason.verdict), CODES.index(reason.code))))


def _value(left: Row, right: Row) -> Iterator[Reason]:
    if fraction(left["value"]) is None or fraction(right["value"]) is None:
        yield Reason("no-value", left["value"], right["value"])


def _bound(left: Row, right: Row) -> Iterator[Reason]:
    if (left["bound"], right["bound"]) != ("exact", "exact"):
        yield Reason("bounded", left["bound"], right["bound"])


def _metric(left: Row, right: Row) -> Iterator[Reason]:
    one, other = left["metric"], right["metric"]
    if one == other:
        return
    if one in _listed(right, "metricBroader") or other in _listed(left, "metricBroader"):
        yield Reason("part-of-metric", one, other)
    elif {left.get("relation"), right.get("relation")} == {"same", "close"}:
        yield Reason("close-metric", one, other)
    else:
        yield Reason("other-metric", one, other)


def _kind(left: Row, right: Row) -> Iterator[Reason]:
    if left["kind"] != right["kind"]:
        yield Reason("kind", left["kind"], right["kind"])


def _unit(left: Row, right: Row) -> Iterator[Reason]:
    if left["kind"] == right["kind"] and common_scale(left, right) is None:
        yield Reason("unit", left["unit"], right["unit"])
    words = [row.get("unitWord") or "" for row in (left, right)]
    if ("次" in words[0]) != ("次" in words[1]) and all(words):
        yield Reason("times-or-things", *words)


def _denominator(left: Row, right: Row) -> Iterator[Reason]:
    if left.get("denominator") != right.get("denominator"):
        yield Reason("denominator", left.get("denominator"), right.get("denominator"))


def _modality(left: Row, right: Row) -> Iterator[Reason]:
    one, other = left["modality"], right["modality"]
    if one != other:
        yield Reason("unreal-both" if {one, other} <= _UNREAL else "modality", one, other)


def _voice(left: Row, right: Row) -> Iterator[Reason]:
    one, other = left["voice"], right["voice"]
    if one != other:
        yield Reason("voice", one, other)
    elif bool(left.get("dataSource")) != bool(right.get("dataSource")):
        yield Reason("data-source", left.get("dataSource"), right.get("dataSource"))
    elif one == "self-report" and left["claimant"] != right["claimant"]:
        yield Reason("self-reports", left["claimant"], right["claimant"])


def _period(left: Row, right: Row) -> Iterator[Reason]:
    if left.get("frequency") != right.get("frequency"):
        yield Reason("frequency", left.get("frequency"), right.get("frequency"))
    one, other = _span(left, "period"), _span(right, "period")
    told = _iso(left, "period"), _iso(right, "period")
    if one is None or other is None:
        yield Reason("period-unknown", *told)
        return
    if one != other:
        yield Reason(_periods(one, other), *told)
        yield from _lengths(one, other, told)
    if left["kind"] == right["kind"] == "money" and one[1].year != other[1].year:
        yield Reason("prices", one[1].year, other[1].year)
    inferred = tuple("refPeriod" in _listed(row, "inferred") for row in (left, right))
    if any(inferred) and left["document"] != right["document"]:
        yield Reason("period-inferred", *inferred)


def _periods(one: tuple[date | None, date], other: tuple[date | None, date]) -> str:
    """The finding on two periods that are not the same; 'as of' a day counts as that day."""
    if (one[0] is None) != (other[0] is None):
        return "day-and-span"
    apart = (one[0] or one[1]) > other[1] or (other[0] or other[1]) > one[1]
    return "periods-apart" if apart else "periods-overlap"


def _lengths(one: tuple[date | None, date], other: tuple[date | None, date], told: tuple[Any, Any]) -> Iterator[Reason]:
    days = _days(one), _days(other)
    if days[0] and days[1] and _unlike(days[0], days[1]):
        yield Reason("lengths", *days)


def _baseline(left: Row, right: Row) -> Iterator[Reason]:
    if left["kind"] not in _CHANGES or right["kind"] not in _CHANGES:
        return
    one, other = _span(left, "baseline"), _span(right, "baseline")
    told = _iso(left, "baseline"), _iso(right, "baseline")
    if one is None or other is None or one[0] is None or other[0] is None:
        yield Reason("no-baseline", *told)
    elif _unlike(_days(one) or 0, _days(other) or 0):
        yield Reason("baseline-lengths", *told)
    elif one != other:
        yield Reason("baselines", *told)


def _rank(left: Row, right: Row) -> Iterator[Reason]:
    groups = left.get("rankAmong"), right.get("rankAmong")
    if left["kind"] == right["kind"] == "rank" and (None in groups or groups[0] != groups[1]):
        yield Reason("rank-groups", *groups)


def _area(left: Row, right: Row) -> Iterator[Reason]:
    one, other = left.get("area"), right.get("area")
    around = _listed(left, "areaWithin"), _listed(right, "areaWithin")
    if one is None or other is None:
        yield Reason("no-area", one, other)
    elif one in around[1] or other in around[0]:
        yield Reason("part-of-area", one, other)
    elif len({_level(left), _level(right)} - {None}) == 2:
        yield Reason("area-levels", one, other)
    elif one != other and left["kind"] == right["kind"] and left["kind"] in _AMOUNTS:
        yield Reason("size-of-area", one, other)


def _level(row: Row) -> str | None:
    """Province, prefecture or county by the GB/T 2260 code of the area, None where it has none."""
    code = row.get("areaCode") or ""
    if not re.fullmatch(r"\d{6}", code, re.ASCII):
        return None
    return "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"


def _agency(left: Row, right: Row) -> Iterator[Reason]:
    one, other = left.get("agencyLevel"), right.get("agencyLevel")
    if one != other and left["agency"] != right["agency"]:
        yield Reason("agency-levels", one, other)


def _listed(row: Row, column: str) -> list[str]:
    """A column that holds words with spaces between them."""
    return (row.get(column) or "").split()


def _span(row: Row, prefix: str) -> tuple[date | None, date] | None:
    """First and last day, the first None where only an end is told; None where no end is told or it is no date."""
    start, end = row.get(f"{prefix}Start"), row.get(f"{prefix}End")
    try:
        return (date.fromisoformat(start) if start else None, date.fromisoformat(end)) if end else None
    except ValueError:
        return None


def _iso(row: Row, prefix: str) -> str | None:
    """The period as an ISO 8601 interval, `../2009-12-15` where only an end is told, None where nothing is."""
    start, end = row.get(f"{prefix}Start"), row.get(f"{prefix}End")
    return f"{start or '..'}/{end or '..'}" if start or end else None


def _days(span: tuple[date | None, date]) -> int | None:
    return (span[1] - span[0]).days + 1 if span[0] else None


def _unlike(one: int, other: int) -> bool:
    return abs(one - other) > _TOLERANCE * max(one, other)


_RULES = (
    _value, _metric, _kind, _unit, _denominator, _modality, _baseline, _rank, _period, _bound, _voice, _area, _agency,
)  # fmt: skip
