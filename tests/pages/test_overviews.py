"""The overviews: their numbers are those of the canned queries, no cell is hidden, no link is dead, all in Chromium."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from html import unescape
from typing import Any

import httpx
import pytest
from playwright.sync_api import sync_playwright

from reformgraph.searching.facets import facet

OVERVIEWS = ("/matrix", "/timeline", "/coverage", "/findings", "/compare?metric=computers-per-officer")
STAGES = ("input", "output", "outcome", "satisfaction")


@pytest.fixture(scope="module")
def http(server: str) -> Any:
    with httpx.Client(base_url=server, timeout=60) as client:
        yield client


def rows(http: httpx.Client, query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = http.get(f"/queries/{query}", params={"limit": 10000}).json()["rows"]
    return found


def page(http: httpx.Client, path: str, language: str = "en") -> str:
    answer = http.get(path, headers={"Accept": "text/html", "Accept-Language": language})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    return answer.text


def test_the_matrix_counts_as_its_query_does(http: httpx.Client) -> None:
    told = {
        (row["initiative"]["id"], row["agency"]["id"], stage): len(figures)
        for row in http.get("/matrix").json()["rows"]
        for stage, figures in row["cells"].items()
    }
    asked = {
        (r["initiative"], r["agency"], r["stage"]): r["figures"]
        for r in rows(http, "evidence-matrix")
        if r["stage"] in STAGES
    }
    assert told == asked


def test_empty_cells_are_seen(http: httpx.Client) -> None:
    told = http.get("/matrix").json()
    empty = sum(not figures for row in told["rows"] for figures in row["cells"].values())
    assert 0 < empty == told["empty"] == page(http, "/matrix").count('class="none"')
    assert told["cells"] - empty == page(http, "/matrix").count('class="full"')


def test_the_matrix_of_one_body_has_its_rows_only(http: httpx.Client) -> None:
    told = http.get("/matrix", params={"agency": "大连市公安局"}).json()["rows"]
    assert {row["agency"]["zh"] for row in told} == {"大连市公安局"}
    one = http.get("/matrix", params={"initiative": "三项建设"}).json()["rows"]
    assert {row["initiative"]["zh"] for row in one} == {"三项建设"}
    assert {row["agency"]["zh"] for row in one} >= {"大连市公安局", "厦门市公安局"}


def test_the_timeline_runs_over_the_periods_of_the_figures(http: httpx.Client) -> None:
    initiatives = http.get("/timeline").json()["initiatives"]
    starts = [one["from"] for one in initiatives if one["from"]]
    assert starts == sorted(starts)
    three = next(one for one in initiatives if one["zh"] == "三项建设")
    days = [day for figure in three["figures"] for day in (figure["periodStart"], figure["periodEnd"]) if day]
    assert (three["from"], three["to"]) == (min(days), max(days))
    assert {link["relation"] for link in three["relations"]} >= {"isPartOf", "deepens"}


def test_coverage_counts_every_figure_that_has_a_place(http: httpx.Client) -> None:
    told = http.get("/coverage").json()
    figures = Counter(row["area"] for row in rows(http, "observations") if row["area"])
    assert {place["id"]: place["figures"] for place in told["places"] if place["figures"]} == figures
    assert sum(sum(theme["figures"].values()) for theme in told["themes"]) == figures.total()
    assert len({iri for place in told["places"] for iri in place["reports"]}) == 5


def test_the_pages_of_the_findings_are_the_whole(http: httpx.Client) -> None:
    found, address = [], "/findings"
    while address:
        part = http.get(address).json()
        found += part["findings"]
        address = part["next"]
    assert found == rows(http, "findings")
    assert part["total"] == len(found)


def test_a_facet_tells_what_another_choice_would_leave(http: httpx.Client) -> None:
    told = http.get("/findings", params={"severity": "warning"}).json()
    by_severity = Counter(row["severity"] for row in rows(http, "findings"))
    assert {one["value"]: one["count"] for one in told["facets"]["severity"]} == by_severity
    for one in told["facets"]["rule"]:
        assert (
            http.get("/findings", params={"severity": "warning", "rule": one["value"]}).json()["total"] == one["count"]
        )


def test_a_chosen_value_stays_where_it_leaves_nothing() -> None:
    table = [{"a": "x", "b": "1"}, {"a": "y", "b": "2"}]
    found = facet(table, ("a", "b"), {"a": ["x"], "b": ["2"]})
    assert found.rows == []
    assert [(one.value, one.count, one.chosen) for one in found.facets["b"]] == [("1", 1, False), ("2", 0, True)]


def test_a_facet_is_taken_back_by_its_own_link(http: httpx.Client) -> None:
    text = page(http, "/findings?rule=S18&severity=warning&lang=en")
    assert '<a href="/findings?severity=warning&amp;lang=en" aria-current="true"><code>S18</code>' in text
    assert "Parts do not add up" in text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", OVERVIEWS)
def test_an_overview_is_a_light_page_that_ignores_what_it_does_not_know(
    http: httpx.Client, path: str, language: str
) -> None:
    text = page(http, path, language)
    assert len(text.encode()) < 150_000
    assert 'aria-current="page"' in text
    if "?" not in path:
        assert http.get(path, params={"nothing": "x"}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/matrix?agency=nobody", "/timeline?agency=nobody", "/findings?rule=S0", "/findings?cursor=x"]
)
def test_a_name_that_names_nothing_is_refused(http: httpx.Client, path: str) -> None:
    answer = http.get(path)
    assert (answer.status_code, answer.json()["parameter"]) == (422, path.partition("?")[2].partition("=")[0])


def test_other_first_segments_are_still_not_found(http: httpx.Client) -> None:
    for path in ("/matrices", "/matrix/x", "/timeline.txt", "/findings/x", "/chart", "/overviews"):
        assert http.get(path).status_code == 404, path


@pytest.mark.parametrize("path", OVERVIEWS)
def test_no_link_of_an_overview_is_dead(http: httpx.Client, path: str) -> None:
    links = {unescape(link) for link in re.findall(r'(?:href|src|srcset)="(/[^"#]*)', page(http, path))}
    kinds: dict[str, list[str]] = {}
    for link in sorted(links):  # of many links of a kind, such as /obs/..., the first two
        kinds.setdefault(link.split("?")[0].rpartition("/")[0] or link, []).append(link)
    tried = [link for same in kinds.values() for link in same[:2]]
    assert [
        link for link in tried if http.get(link, headers={"Accept": "text/html,*/*;q=0.8"}).status_code >= 400
    ] == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_charts_are_seen_in_a_browser_without_a_breach_of_the_policy(server: str, width: int, scheme: Any) -> None:
    chromium = shutil.which("chromium")
    assert chromium, "install Debian's chromium: make .venv/browser"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, base_url=server)
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        for path in OVERVIEWS:
            page.goto(path, wait_until="networkidle")
            for image in page.locator(".chart img").all():
                shown = image.evaluate("image => [image.naturalWidth, image.currentSrc, image.alt]")
                assert shown[0] > 300, path
                assert f"theme={scheme}" in shown[1], path
                assert ("size=narrow" in shown[1]) == (width < 640), path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        browser.close()
    assert told == []


def test_a_cell_of_the_matrix_opens_to_its_figures_without_a_script(server: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_context(java_script_enabled=False, base_url=server, locale="en-GB").new_page()
        page.goto("/matrix?agency=agency:dalian-shi-gonganju")
        cell = page.locator("td.full details").first
        cell.locator("summary").click()
        cell.get_by_role("link").first.click()
        page.wait_for_url("**/obs/**")
        browser.close()
