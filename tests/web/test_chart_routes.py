"""Pictures from outside: what stands in them, their formats, looks, validators, and what is refused."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

RATES = "/compare.svg?metric=computers-per-officer"
SAFETY = "metric=public-safety-sense-rate&places=大连市&places=厦门市"


@pytest.fixture(scope="module")
def http(server: str) -> Any:
    with httpx.Client(base_url=server, timeout=60) as client:
        yield client


def words(http: httpx.Client, address: str) -> str:
    answer = http.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml; charset=utf-8")
    return answer.text


def test_source_unit_period_and_bound_stand_in_the_picture(http: httpx.Client) -> None:
    svg = words(http, f"{RATES}&lang=en")
    for told in (
        "Dalian · as of 2009-12-15 (inferred)",
        "more than 100%",
        "for each 100 (of: Police strength)",
        "Comparable with care",
        "Source: How Xiamen",
    ):
        assert told in svg


def test_a_picture_speaks_the_language_that_is_asked_for(http: httpx.Client) -> None:
    assert "厦门市 · 截至 2010-04-29（推断）" in words(http, f"{RATES}&lang=zh")
    chinese = http.get(RATES, headers={"Accept-Language": "zh"})
    assert "可比，但须注意" in chinese.text
    assert "Accept-Language" in chinese.headers["vary"]


def test_figures_that_do_not_compare_stand_on_axes_of_their_own_and_the_picture_says_so(http: httpx.Client) -> None:
    svg = words(http, f"/compare.svg?{SAFETY}&lang=en")
    assert "2 groups that do not compare with each other" in svg
    assert "Not comparable with those above" in svg
    spec = http.get(f"/compare?{SAFETY}&format=vegalite").json()
    rows = [[row["words"] for row in panel["data"]["values"]] for panel in spec["vconcat"][:-1]]
    assert rows == [["91.4%"], ["第1名", "第1名"]]


def test_a_metric_has_its_picture_in_each_format(http: httpx.Client) -> None:
    path = "/metric/computers-per-officer"
    assert "Computers per 100 officers" in words(http, f"{path}.svg?lang=en")
    png = http.get(f"{path}.png")
    assert (png.headers["content-type"], png.content[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    spec = http.get(f"{path}?format=vegalite")
    assert spec.headers["content-type"] == "application/vnd.vegalite.v6+json; charset=utf-8"
    assert spec.json()["$schema"] == "https://vega.github.io/schema/vega-lite/v6.json"


def test_other_formats_of_a_metric_are_as_they_were(http: httpx.Client) -> None:
    assert http.get("/metric/computers-per-officer").headers["content-type"].startswith("text/turtle")
    assert http.get("/metric/computers-per-officer.ttl").status_code == 200


def test_a_picture_is_the_same_until_the_next_release(http: httpx.Client) -> None:
    first, again = http.get(RATES), http.get(RATES)
    assert (first.headers["etag"], first.content) == (again.headers["etag"], again.content)
    assert http.get(RATES, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    looks = {
        http.get(f"{RATES}&theme={theme}&size={size}").headers["etag"]
        for theme in ("light", "dark")
        for size in ("wide", "narrow")
    }
    assert len(looks) == 4


@pytest.mark.parametrize("path", ["/matrix", "/timeline", "/coverage"])
def test_an_overview_is_also_a_picture(http: httpx.Client, path: str) -> None:
    assert "<svg" in words(http, f"{path}.svg")
    assert http.get(f"{path}.png").content.startswith(b"\x89PNG")
    assert "vconcat" in http.get(path, params={"format": "vegalite"}).json()
    assert http.get(path, headers={"Accept": "image/svg+xml"}).headers["content-type"].startswith("image/svg+xml")


@pytest.mark.parametrize(
    ("path", "status", "parameter"),
    [
        (f"{RATES}&theme=pink", 422, "theme"), (f"{RATES}&size=huge", 422, "size"), (f"{RATES}&colour=red", 422, "colour"),
        ("/compare.svg", 422, "metric"), ("/matrix.svg?theme=pink", 422, "theme"), ("/metric/nothing-of-ours.svg", 404, None),
        ("/metric/law-enforcement-rank.png", 404, None), ("/findings.svg", 404, None), ("/matrix.gif", 404, None),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_told(http: httpx.Client, path: str, status: int, parameter: str | None) -> None:
    answer = http.get(path)
    assert (answer.status_code, answer.json().get("parameter")) == (status, parameter)
    assert answer.headers["content-type"] == "application/problem+json; charset=utf-8"


def test_every_page_with_figures_shows_its_chart_with_the_table_beside_it(http: httpx.Client) -> None:
    for path in (
        "/compare?metric=computers-per-officer",
        "/metric/computers-per-officer",
        "/matrix",
        "/timeline",
        "/coverage",
    ):
        page = http.get(path, headers={"Accept": "text/html"}).text
        assert 'class="chart"' in page, path
        assert "<table" in page, path
        assert 'alt=""' not in page
