"""`/compare` from outside, on the five reports."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import pytest

from reformgraph.comparability import comparing
from reformgraph.content import content_root
from reformgraph.errors import ParameterError
from reformgraph.queries import Catalogue, QueryService
from reformgraph.release import Release

PLACE = "https://w3id.org/reformgraph/place/cn-"
FIVE = ["大连市", "厦门市", "攀枝花市", "通化市", "鄂尔多斯市"]


@pytest.fixture(scope="module")
def http(server: str) -> Any:
    with httpx.Client(base_url=server, timeout=30) as client:
        yield client


def ask(http: httpx.Client, metric: str, *places: str, **more: str) -> dict[str, Any]:
    answer = http.get("/compare", params={"metric": metric, "places": list(places), **more})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json; charset=utf-8")
    found: dict[str, Any] = answer.json()
    return found


def told(figure: dict[str, Any]) -> dict[str, Any]:
    return {key: figure["normalised"][key] for key in ("value", "lower", "upper", "per")}


def test_two_rates_stand_on_one_scale_with_care(http: httpx.Client) -> None:
    body = ask(http, "民警人均拥有率", "大连市", "Xiamen")
    told_of = {figure["area"]["en"]: told(figure) for figure in body["figures"]}
    assert told_of["Dalian"] == {"value": None, "lower": 100, "upper": None, "per": 100}
    assert told_of["Xiamen"] == {"value": 110, "lower": 110, "upper": 110, "per": 100}
    assert (body["verdict"], body["sources"], body["missing"]) == ("with-care", 2, [])
    assert {reason["code"] for reason in body["pairs"][0]["reasons"]} == {"period", "bound", "voice"}
    assert (body["pairs"][0]["order"], body["pairs"][0]["overlap"]) == ("cannot-tell", True)


def test_the_answer_says_how_it_read_each_name(http: httpx.Client) -> None:
    read = ask(http, "metric:computers-per-officer", "大连公安", "厦门、攀枝花市", as_of="2012-12-31")["parameters"]
    assert read["metric"]["read"].endswith("/metric/computers-per-officer")
    assert [(place["given"], place["read"]) for place in read["places"]] == [
        ("大连公安", PLACE + "210200"), ("厦门", PLACE + "350200"), ("攀枝花市", PLACE + "510400"),
    ]  # fmt: skip
    assert read["as_of"]["read"] == "2012-12-31"


def test_a_figure_leads_back_to_its_words(http: httpx.Client) -> None:
    figure = ask(http, "public-safety-sense-rate", "大连市")["figures"][0]
    assert (figure["value"], figure["exact"], figure["start"], figure["end"]) == (91.4, "91.4%", 749, 754)
    assert figure["dataSource"]["zh"] == "国家统计局大连调查队"
    assert figure["period"] == {"start": "2008-01-01", "end": "2008-12-31", "inferred": False}
    assert (figure["voice"], figure["document"]) == ("self-report", "826ec1811efe")


def test_points_and_cameras_stand_side_by_side_without_a_ratio(http: httpx.Client) -> None:
    body = ask(http, "video-surveillance-points", "厦门市", "鄂尔多斯市")
    (pair,) = body["pairs"]
    assert [(figure["exact"], figure["relation"]) for figure in body["figures"]] == [("47200多个", "same"), ("11.8万个", "close")]  # fmt: skip
    assert (pair["verdict"], pair["reasons"][0]["code"]) == ("not-comparable", "metric")
    assert (pair["difference"], pair["ratio"], pair["noRatio"]["code"]) == (None, None, "not-comparable")
    assert told(body["figures"][0]) == {"value": None, "lower": 47200, "upper": 47300, "per": None}


def test_a_rate_does_not_compare_with_ranks_and_every_gap_has_its_reason(http: httpx.Client) -> None:
    body = ask(http, "public-safety-sense-rate", *FIVE)
    assert body["verdict"] == "not-comparable"
    assert {code["code"] for pair in body["pairs"][:2] for code in pair["reasons"]} >= {"kind", "metric"}
    assert {gap["zh"]: gap["why"] for gap in body["missing"]} == {
        "厦门市": "close", "攀枝花市": "vague", "通化市": "absent", "鄂尔多斯市": "absent",
    }  # fmt: skip
    assert ("不断增强", "vague") in {(told["exact"], told["why"]) for told in body["missing"][1]["told"]}


def test_a_figure_that_nobody_else_tells_has_no_verdict(http: httpx.Client) -> None:
    body = ask(http, "supervision-complaints", *FIVE)
    assert [figure["value"] for figure in body["figures"]] == [-40]
    assert (body["pairs"], body["verdict"], body["sources"]) == ([], None, 1)
    assert {gap["why"] for gap in body["missing"]} == {"absent"}


def test_persons_and_times_are_told_apart(http: httpx.Client) -> None:
    pairs = ask(http, "officers-commended")["pairs"]
    assert [any(reason["code"] == "unit" for reason in pair["reasons"]) for pair in pairs] == [True, False, True]
    assert {pair["verdict"] for pair in pairs} == {"with-care"}
    assert [reason["en"][:6] for pair in pairs for reason in pair["reasons"] if reason["code"] == "scope"] == [
        "Totals"
    ] * 3


def test_what_the_scheme_warns_of_comes_with_the_figures(http: httpx.Client) -> None:
    (note,) = ask(http, "officers-commended")["notes"]
    assert note["metric"]["en"] == "Officers commended"
    assert "人次" in note["zh"]


def test_all_figures_of_a_place_are_given_and_paired(http: httpx.Client) -> None:
    body = ask(http, "public-safety-sense-rank", "厦门市")
    ranks = [figure for figure in body["figures"] if figure["relation"] == "same"]
    assert [figure["period"]["start"] for figure in ranks] == ["1999-01-01", "2009-01-01"]
    assert len(body["pairs"]) == len(body["figures"]) * (len(body["figures"]) - 1) / 2
    assert body["places"][0] | {"figures": len(body["figures"]), "sources": 1} == body["places"][0]


def test_a_figure_after_the_day_is_told_as_the_reason(http: httpx.Client) -> None:
    body = ask(http, "computers-per-officer", "大连市", "厦门市", as_of="2009-12-31")
    assert [figure["area"]["zh"] for figure in body["figures"]] == ["大连市"]
    assert [(gap["zh"], gap["why"], gap["told"][0]["exact"]) for gap in body["missing"]] == [
        ("厦门市", "date", "110台")
    ]


def test_figures_of_a_part_of_the_place_are_named(http: httpx.Client) -> None:
    (gap,) = ask(http, "office-floor-area-added", "鄂尔多斯市")["missing"]
    assert (gap["why"], gap["told"][0]["area"]["zh"]) == ("part", "康巴什新区")


@pytest.mark.parametrize("metric", ["police-premises", "informatisation", "police-data", "public-safety-perception", "appraisals", "police-expenditure", "crime-cases", "traffic-safety"])  # fmt: skip
def test_every_pair_of_a_broad_metric_has_a_verdict(http: httpx.Client, metric: str) -> None:
    body = ask(http, metric)
    assert body["verdicts"]["not-comparable"] > 0
    assert sum(body["verdicts"].values()) == len(body["pairs"])
    for pair in body["pairs"]:
        assert all(reason["zh"] and reason["en"] for reason in pair["reasons"])
        assert (pair["difference"] is None) == (pair["verdict"] == "not-comparable")


def test_limits_agree_with_the_columns_of_the_canned_query(http: httpx.Client) -> None:
    rows = http.get("/queries/compare-metric", params={"metric": "computers-per-officer"}).json()["rows"]
    limits = {row["observation"]: (row["normalisedLower"], row["normalisedUpper"]) for row in rows}
    for figure in ask(http, "computers-per-officer")["figures"]:
        assert limits[figure["observation"]] == (figure["normalised"]["lower"], figure["normalised"]["upper"])


@pytest.mark.parametrize(
    ("parameters", "parameter", "word"),
    [
        ({}, "metric", "computers-per-officer"),
        ({"metric": "computrs"}, "metric", "Computers"),
        ({"metric": ["computers", "police-strength"]}, "metric", "one value"),
        ({"metric": "computers", "places": "海市"}, "places", "大连市"),
        ({"metric": "computers", "places": "大连市,海市"}, "places", "海市"),
        ({"metric": "computers", "places": "大连市公安局交警支队"}, "places", "name a place"),
        ({"metric": "computers", "place": "大连市"}, "place", "places"),
        ({"metric": "computers", "as_of": "2009"}, "as_of", "2009-12-31"),
        ({"metric": "computers", "lang": "fr"}, "lang", "zh"),
        ({"metric": "computers", "format": "xlsx"}, "format", "csv"),
        ({"metric": "computers", "format": ["csv", "json"]}, "format", "more than once"),
    ],
)
def test_a_users_mistake_is_told_with_what_would_do(
    http: httpx.Client, parameters: dict[str, Any], parameter: str, word: str
) -> None:
    answer = http.get("/compare", params=parameters)
    assert (answer.status_code, answer.json()["parameter"]) == (422, parameter)
    assert word in answer.json()["detail"]


def test_csv_has_a_line_for_each_pair(http: httpx.Client) -> None:
    answer = http.get("/compare.csv", params={"metric": "computers-per-officer"})
    (line,) = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert (line["verdict"], line["codes"], line["ratioUpper"]) == ("with-care", "period bound voice", "1.1")
    assert {line["leftLower"], line["rightLower"]} == {"100", "110"}


def test_the_etag_saves_the_answer_and_links_lead_to_the_other_formats(http: httpx.Client) -> None:
    first = http.get("/compare.csv?metric=computers")
    again = http.get("/compare.csv?metric=computers", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    linked = {
        httpx.URL(part.split(";")[0].strip(" <>")) for part in first.headers["link"].split(",") if "alternate" in part
    }
    assert {http.get(url).headers["content-type"] for url in linked} == {"application/json; charset=utf-8", "text/html; charset=utf-8"}  # fmt: skip


def test_head_and_other_methods(http: httpx.Client) -> None:
    head = http.head("/compare?metric=computers")
    assert (head.status_code, head.content) == (200, b"")
    refused = http.post("/compare?metric=computers")
    assert (refused.status_code, "GET" in refused.headers["allow"]) == (405, True)


def test_the_page_lists_metrics_of_several_places_first(http: httpx.Client) -> None:
    page = http.get("/compare", headers={"Accept": "text/html"}, params={"lang": "en"}).text
    first = page[page.index("<optgroup") : page.index("</optgroup>")]
    assert "Told of several places" in first
    assert "Computers per 100 officers (2)" in first
    assert "Safety leaflets distributed" not in first


@pytest.mark.parametrize(("lang", "words"), [("zh", ["可比，但须注意", "至少一方只给出界限。", "&gt; 100 / 100", "说不清"]), ("en", ["comparable with care", "At least one gives a bound", "&gt; 100 / 100", "cannot be told"])])  # fmt: skip
def test_the_page_shows_verdict_and_reasons_in_its_language(http: httpx.Client, lang: str, words: list[str]) -> None:
    page = http.get("/compare", params={"metric": "computers-per-officer", "format": "html", "lang": lang}).text
    assert [word for word in words if word not in page] == []
    assert 'href="/obs/826ec1811efe-1172-1178' in page
    assert "<script" not in page


def test_the_page_tells_gaps(http: httpx.Client) -> None:
    parameters = {"metric": "supervision-complaints", "places": FIVE, "format": "html", "lang": "en"}
    page = http.get("/compare", params=parameters).text
    assert "nothing to compare it with" in page
    assert page.count("No report in the graph tells it.") == 4


def test_more_figures_than_one_table_can_pair_are_refused(
    tiny_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "MAX_FIGURES", 1)
    with tiny_release.engine() as engine:
        queries = QueryService(engine, Catalogue.read(content_root() / "queries"), tiny_release.id)
        with pytest.raises(ParameterError, match="2 figures are too many"):
            comparing.side_by_side(engine, queries, {"metric": ["computers-per-officer"]})
