"""Verdicts on two rows: the algebra as properties, the rules one by one, and the cases of the five reports."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformgraph.comparability.verdicts import CODES, SENTENCES
from reformgraph.comparison import VERDICTS, Comparison, compare, normalised

BASE = "https://w3id.org/reformgraph/"
UNIT = "http://qudt.org/vocab/unit/"
# Xiamen, Dalian: computers for every hundred officers.
XIAMEN: dict[str, Any] = {
    "observation": f"{BASE}obs/2d604a421b00-646-650", "metric": f"{BASE}metric/computers-per-officer",
    "relation": "same", "metricBroader": f"{BASE}metric/informatisation",
    "area": f"{BASE}place/cn-350200", "areaWithin": f"{BASE}place/cn {BASE}place/cn-350000",
    "value": 110, "unit": UNIT + "NUM", "unitWord": "台",
    "unitKind": "http://qudt.org/vocab/quantitykind/Count", "unitMultiplier": 1,
    "bound": "exact", "lower": 110, "upper": 110, "scale": 100,
    "normalised": 110.0, "normalisedLower": 110.0, "normalisedUpper": 110.0,
    "kind": "ratio", "modality": "achieved", "frequency": None, "denominator": f"{BASE}metric/police-strength",
    "agency": f"{BASE}agency/xiamen-shi-gonganju", "agencyLevel": "prefecture",
    "periodStart": None, "periodEnd": "2010-04-29", "baselineStart": None, "baselineEnd": None, "rankAmong": None,
    "claimant": f"{BASE}body/xiamen-guangbo-dianshi-jituan", "voice": "media", "dataSource": None,
    "document": "2d604a421b00", "start": 646, "end": 650, "exact": "110台", "inferred": "refPeriod",
}  # fmt: skip
DALIAN = XIAMEN | {
    "observation": f"{BASE}obs/826ec1811efe-1172-1178",
    "area": f"{BASE}place/cn-210200", "areaWithin": f"{BASE}place/cn {BASE}place/cn-210000",
    "value": 100, "unit": UNIT + "PERCENT", "unitWord": None, "unitMultiplier": 0.01,
    "unitKind": "http://qudt.org/vocab/quantitykind/DimensionlessRatio",
    "bound": "over", "lower": 100, "upper": None, "normalised": 100.0, "normalisedLower": 100.0, "normalisedUpper": None,
    "agency": f"{BASE}agency/dalian-shi-gonganju", "periodEnd": "2009-12-15",
    "claimant": f"{BASE}agency/dalian-shi-gonganju", "voice": "self-report", "document": "826ec1811efe", "exact": "超过100%",
}  # fmt: skip
# A count that differs in nothing: what a test changes is all that differs.
COUNT = XIAMEN | {"kind": "level", "scale": None, "denominator": None, "inferred": None}
TWIN = COUNT | {"observation": f"{BASE}obs/2d604a421b00-1-2", "document": "000000000000"}

_days = st.dates(date(2000, 1, 1), date(2020, 12, 31)).map(date.isoformat)


def _either(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    """A row as the canned query may give it, with limits that fit its bound."""
    bound = draw(_either("exact", "approx", "over", "at-least", "under", "up-to", "top-n"))
    value = draw(st.integers(-100, 10**9) | st.floats(0, 100).map(lambda number: round(number, 2)) | st.none())
    start, end = sorted([draw(_days), draw(_days)])
    limits: dict[str, Any] = {
        "exact": (value, value), "approx": (value and value - 1, value and value + 1),
        "over": (value, draw(_either(None, value and value + 10))), "at-least": (value, None),
        "under": (draw(_either(None, value and value - 10)), value), "up-to": (None, value), "top-n": (1, value),
    }  # fmt: skip
    return XIAMEN | {
        "value": value, "bound": bound, "lower": limits[bound][0], "upper": limits[bound][1],
        "metric": draw(_either("m:a", "m:b")), "relation": draw(_either("same", "narrower", "close")),
        "metricBroader": draw(_either(None, "m:a", "m:b m:c")),
        "unit": draw(_either(UNIT + "NUM", UNIT + "PERCENT", UNIT + "DAY", UNIT + "HR")),
        "unitKind": draw(_either("k:a", None)), "unitMultiplier": draw(_either(None, 3600, 86400)),
        "unitWord": draw(_either(None, "人", "人次")), "scale": draw(_either(None, 1, 100)),
        "kind": draw(_either("level", "share", "ratio", "change", "change-pp", "rank", "money", "duration")),
        "modality": draw(_either("achieved", "in-progress", "planned", "target")),
        "area": draw(_either(None, "p:a", "p:b")), "areaWithin": draw(_either(None, "p:c", "p:a p:c")),
        "areaCode": draw(_either(None, "350200", "350000", "350203")),
        "frequency": draw(_either(None, "A")), "rankAmong": draw(_either(None, "g:a", "g:b")),
        "agencyLevel": draw(_either(None, "prefecture", "county")), "voice": draw(_either("media", "self-report")),
        "dataSource": draw(_either(None, "b:a")), "document": draw(_either("a", "b")),
        "periodStart": draw(_either(None, start)), "periodEnd": draw(_either(None, end, "?")),
        "baselineStart": draw(_either(None, start)), "baselineEnd": draw(_either(None, end)),
        "inferred": draw(_either(None, "claimant refPeriod")),
    }  # fmt: skip


others = rows().map(lambda row: row | {"observation": "obs:other"})


def codes(found: Comparison) -> list[str]:
    return [reason.code for reason in found.reasons]


def findings(left: dict[str, Any], right: dict[str, Any]) -> list[str]:
    return [reason.finding for reason in compare(left, right).reasons]


@given(rows(), others)
def test_the_mirror_has_the_same_verdict_and_swapped_reasons(left: dict[str, Any], right: dict[str, Any]) -> None:
    there, back = compare(left, right), compare(right, left)
    assert back.verdict == there.verdict
    assert [reason.mirrored() for reason in back.reasons] == list(there.reasons)
    assert (back.overlap, back.no_difference, back.unit) == (there.overlap, there.no_difference, there.unit)
    swapped = {"left-greater": "right-greater", "right-greater": "left-greater"}
    assert back.order == swapped.get(str(there.order), there.order)


@given(rows(), others)
def test_the_verdict_is_the_gravest_reason_and_withholds_what_does_not_follow(
    left: dict[str, Any], right: dict[str, Any]
) -> None:
    found = compare(left, right)
    verdicts = [reason.verdict for reason in found.reasons]
    assert found.verdict == max(verdicts, key=VERDICTS.index, default="comparable")
    assert verdicts == sorted(verdicts, key=VERDICTS.index, reverse=True)
    assert (found.difference is None) == (found.verdict == "not-comparable") == (found.order is None)
    assert (found.ratio is None) == (found.no_ratio is not None)


@given(rows(), others)
def test_the_json_is_whole_and_has_no_nan(left: dict[str, Any], right: dict[str, Any]) -> None:
    found = compare(left, right).as_json()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert {reason["code"] for reason in found["reasons"]} <= set(CODES)
    assert all("None" not in reason["zh"] + reason["en"] for reason in found["reasons"])


@given(rows())
def test_an_exact_figure_compares_with_itself(row: dict[str, Any]) -> None:
    row |= {"bound": "exact", "value": 5, "lower": 5, "upper": 5}
    found = compare(row, row)
    assert (found.verdict, found.order, found.overlap) == ("comparable", "equal", True)


@given(rows())
def test_only_an_exact_figure_has_a_value(row: dict[str, Any]) -> None:
    told = normalised(row)
    assert (told["value"] is not None) == (row["bound"] == "exact" and row["value"] is not None)
    if row["bound"] not in ("exact", "top-n") and row["value"] is not None:
        assert told["lower"] is None or told["lower"] != told["upper"]


@given(rows(), others)
def test_a_bound_never_gives_a_point(left: dict[str, Any], right: dict[str, Any]) -> None:
    found = compare(left, right).as_json()
    if "exact" not in (left["bound"], right["bound"]):
        assert not found["difference"] or found["difference"]["value"] is None
        assert not found["ratio"] or found["ratio"]["value"] is None
        assert found["verdict"] != "comparable"


def test_computers_per_officer_of_dalian_and_xiamen_compare_with_care() -> None:
    found = compare(XIAMEN, DALIAN)
    assert found.verdict == "with-care"
    assert set(codes(found)) == {"bound", "period", "voice"}
    assert (found.order, found.overlap, found.unit) == ("cannot-tell", True, UNIT + "NUM")
    assert normalised(DALIAN)["lower"] == 100
    assert normalised(DALIAN) | {"per": 100, "value": None, "upper": None, "lowerOpen": True} == normalised(DALIAN)
    assert found.as_json()["ratio"] | {"lower": 0, "upper": 1.1} == found.as_json()["ratio"]


def test_a_rate_in_percent_is_put_on_the_scale_of_its_metric() -> None:
    per_officer = DALIAN | {"scale": 1, "value": 300, "lower": 300, "bound": "exact", "upper": 300}
    assert normalised(per_officer)["value"] == 3


def test_points_and_cameras_are_shown_but_not_divided() -> None:
    points = COUNT | {"value": 47200, "bound": "over", "lower": 47200, "upper": 47300, "metric": "metric:points"}
    cameras = TWIN | {
        "value": 118000,
        "lower": 118000,
        "upper": 118000,
        "metric": "metric:cameras",
        "relation": "close",
    }
    found = compare(points, cameras)
    assert (found.verdict, codes(found)[0], found.reasons[0].finding) == ("not-comparable", "metric", "close-metric")
    assert (found.ratio, found.order, found.as_json()["noRatio"]["code"]) == (None, None, "not-comparable")


def test_a_rate_and_a_rank_are_not_comparable() -> None:
    rate = COUNT | {"kind": "share", "unit": UNIT + "PERCENT", "value": 91.4, "lower": 91.4, "upper": 91.4}
    rank = TWIN | {
        "kind": "rank",
        "unit": BASE + "unit/rank",
        "value": 1,
        "lower": 1,
        "upper": 1,
        "rankAmong": "group:a",
    }
    assert codes(compare(rate, rank))[0] == "kind"
    assert compare(rate, rank).verdict == "not-comparable"


CHANGE = {"kind": "change", "unit": UNIT + "PERCENT", "periodStart": "2009-01-01", "periodEnd": "2009-12-15"}
FALL = COUNT | CHANGE | {"value": -40, "lower": -40, "upper": -40}
SAME_DAYS = {"baselineStart": "2008-01-01", "baselineEnd": "2008-12-15"}


@pytest.mark.parametrize(
    ("baseline", "finding"),
    [
        ({}, "no-baseline"),
        ({"baselineEnd": "2008-12-15"}, "no-baseline"),
        ({"baselineStart": "2008-06-01", "baselineEnd": "2008-12-15"}, "baseline-lengths"),
        ({"baselineStart": "2007-01-01", "baselineEnd": "2007-12-15"}, "baselines"),
    ],
)
def test_changes_need_like_baselines(baseline: dict[str, str], finding: str) -> None:
    assert findings(FALL | SAME_DAYS, TWIN | CHANGE | baseline) == [finding]


def test_changes_of_like_baselines_have_a_difference_in_points_but_no_ratio() -> None:
    found = compare(FALL | SAME_DAYS, TWIN | CHANGE | SAME_DAYS | {"value": -30.6, "lower": -30.6, "upper": -30.6})
    assert found.verdict == "comparable"
    assert found.as_json()["difference"] | {"unit": BASE + "unit/percentage-point", "value": -9.4} == found.as_json()["difference"]  # fmt: skip
    assert (found.no_ratio, found.order) == ("kind", "right-greater")


RANK = {"kind": "rank", "unit": BASE + "unit/rank", "value": 2, "lower": 2, "upper": 2, "rankAmong": "group:a"}


@pytest.mark.parametrize(("group", "verdict"), [("group:a", "comparable"), ("group:b", "not-comparable"), (None, "not-comparable")])  # fmt: skip
def test_ranks_compare_only_within_one_group(group: str | None, verdict: str) -> None:
    assert compare(COUNT | RANK, TWIN | RANK | {"rankAmong": group}).verdict == verdict


def test_a_rank_without_a_number_compares_with_nothing() -> None:
    vague = TWIN | RANK | {"value": None, "lower": None, "upper": None, "bound": "top-n"}
    found = compare(COUNT | RANK, vague)
    assert (found.verdict, codes(found)) == ("not-comparable", ["value", "bound"])


@pytest.mark.parametrize(
    ("left", "right", "found"),
    [
        ({}, {}, []),
        ({}, {"metricBroader": COUNT["metric"], "metric": "metric:part", "relation": "narrower"}, ["part-of-metric"]),
        ({"relation": "narrower"}, {"metric": "metric:sibling", "relation": "narrower"}, ["other-metric"]),
        ({}, {"kind": "share"}, ["kind"]),
        ({}, {"unit": UNIT + "M2", "unitKind": "kind:area"}, ["unit"]),
        ({"unitWord": "人"}, {"unitWord": "人(次)"}, ["times-or-things"]),
        ({"denominator": "metric:a"}, {}, ["denominator"]),
        ({}, {"modality": "planned"}, ["modality"]),
        ({"modality": "target"}, {"modality": "planned"}, ["unreal-both"]),
        ({}, {"bound": "over", "lower": 110, "upper": 120}, ["bounded"]),
        ({}, {"voice": "self-report"}, ["voice"]),
        ({"voice": "self-report"}, {"voice": "self-report", "claimant": "agency:a"}, ["self-reports"]),
        ({}, {"dataSource": "body:statistics"}, ["data-source"]),
        ({}, {"area": None}, ["no-area"]),
        ({}, {"area": "place:other"}, ["size-of-area"]),
        ({"kind": "share"}, {"kind": "share", "area": "place:other"}, []),
        ({}, {"area": "place:district", "areaWithin": COUNT["area"]}, ["part-of-area"]),
        ({"areaCode": "350200"}, {"area": "place:district", "areaCode": "150621"}, ["area-levels"]),
        ({"areaCode": "350200"}, {"area": "place:other", "areaCode": "150600"}, ["size-of-area"]),
        ({"areaCode": "350200"}, {"area": "place:new", "areaCode": "?"}, ["size-of-area"]),
        ({}, {"agency": "body:government", "agencyLevel": None}, ["agency-levels"]),
        ({"frequency": "A"}, {}, ["frequency"]),
        ({}, {"periodEnd": None}, ["period-unknown"]),
        ({}, {"periodEnd": "someday"}, ["period-unknown"]),
        ({}, {"periodEnd": "2010-12-31"}, ["periods-apart"]),
        ({}, {"periodStart": "2010-01-01"}, ["day-and-span"]),
        ({"periodStart": "2010-01-01"}, {"periodStart": "2009-12-31"}, ["periods-overlap"]),
        ({"periodStart": "2010-01-01"}, {"periodStart": "2009-01-01"}, ["periods-overlap", "lengths"]),
        ({}, {"inferred": "refPeriod"}, ["period-inferred"]),
        ({"kind": "money"}, {"kind": "money", "periodEnd": "2013-04-29"}, ["periods-apart", "prices"]),
    ],
)  # fmt: skip
def test_each_difference_has_its_reason(left: dict[str, Any], right: dict[str, Any], found: list[str]) -> None:
    assert findings(COUNT | left, TWIN | right) == found


def test_every_finding_has_a_code_a_verdict_and_both_languages() -> None:
    for name, sentence in SENTENCES.items():
        assert sentence.code in CODES, name
        assert sentence.verdict in VERDICTS[1:]
        assert sentence.zh.endswith("。")
        assert sentence.en.endswith(".")


def test_units_that_convert_are_told_in_the_smaller_one() -> None:
    time = {"kind": "duration", "unitKind": "quantitykind:Time", "area": "place:a"}
    days = COUNT | time | {"unit": UNIT + "DAY", "unitMultiplier": 86400, "value": 2, "lower": 2, "upper": 2}
    hours = TWIN | time | {"unit": UNIT + "HR", "unitMultiplier": 3600, "value": 36, "lower": 36, "upper": 36}
    found = compare(days, hours)
    assert (found.verdict, found.unit, found.order) == ("comparable", UNIT + "HR", "left-greater")
    assert found.as_json()["difference"]["value"] == 12
    assert math.isclose(found.as_json()["ratio"]["value"], 4 / 3)


def test_nothing_is_divided_by_what_may_be_zero() -> None:
    found = compare(COUNT, TWIN | {"bound": "up-to", "lower": None})
    assert (found.ratio, found.no_ratio) == (None, "zero")
    assert found.as_json()["noRatio"]["zh"] == "除数可能为零。"
    assert found.as_json()["difference"] | {"lower": 0, "upper": 110} == found.as_json()["difference"]
