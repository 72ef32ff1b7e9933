"""A newcomer's paths from the home page to an answer in a real Chromium: only what is seen is clicked and filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import skip_unless
from playwright.sync_api import Browser, Page, expect

from reformgraph.web import editing


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """The home page, in the language of an English browser."""
    context = browser.new_context(base_url=server, locale="en-GB", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto("/")
    yield page
    context.close()


@pytest.fixture
def chinese(browser: Browser, server: str) -> Iterator[Page]:
    """The home page, in the language of a Chinese browser, on a phone."""
    context = browser.new_context(base_url=server, locale="zh-CN", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto("/")
    yield page
    context.close()


def follow(page: Page, *names: str | re.Pattern[str]) -> None:
    """Click links by their names, one after another, each on the page that the one before led to."""
    for name in names:
        page.get_by_role("link", name=name).first.click()


def to_the_card(page: Page) -> None:
    """To the claim that complaints fell by 40 % in Dalian."""
    page.locator(".reports").get_by_role("link", name="Dalian deputies invited").click()
    page.get_by_role("listitem").filter(has_text="下降了40%").get_by_role("link", name="−40%").click()
    expect(page.locator("h1")).to_contain_text("−40%")


def download(page: Page, name: str, into: Path) -> str:
    """The text of what a link hands out, with its byte order mark."""
    with page.expect_download() as begun:
        page.get_by_role("link", name=name, exact=True).click()
    begun.value.save_as(into)
    return into.read_bytes().decode("utf-8")


def test_complaints_fell_in_dalian_who_says_so(page: Page) -> None:
    to_the_card(page)
    said = page.get_by_role("row", name="Who says so")
    expect(said).to_contain_text("self-report")
    said.get_by_role("link", name="Public Security Bureau of Dalian").click()
    expect(page.locator("h1")).to_have_text("Public Security Bureau of Dalian")


def test_does_another_city_report_the_same_and_why_not_compare(page: Page) -> None:
    follow(page, "Compare")
    page.get_by_label("Metric").select_option(label="Criminal cases filed (2)")
    page.get_by_role("button", name="Compare").click()
    verdicts = page.get_by_role("region", name="Verdicts")
    refused = verdicts.get_by_role("row").filter(has_text="not comparable").first
    expect(refused.locator(".note").first).to_contain_text("kind")
    refused.get_by_role("link").first.click()
    expect(page.locator("blockquote mark")).to_be_visible()
    expect(page.locator(".verdict.not-comparable").first).to_be_visible()


def test_the_query_of_a_figure_runs_in_the_editor(page: Page) -> None:
    skip_unless(editing.is_installed(), "the SPARQL editor")
    to_the_card(page)
    follow(page, "Fetch it", "Open in the SPARQL page")
    expect(page.locator("#editor .CodeMirror")).to_be_visible()
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".yasr tbody tr")).to_have_count(1)
    expect(page.locator(".yasr tbody")).to_contain_text("下降了40%")


def test_a_table_is_taken_away_for_excel(chinese: Page, tmp_path: Path) -> None:
    follow(chinese, "花了多少钱，花在什么上？")
    expect(chinese.locator(".rows tbody tr").nth(2)).to_be_visible()
    text = download(chinese, "Excel 用 CSV", tmp_path / "money.csv")
    assert text.startswith("\ufeff")
    assert text.count("\n") > 3
    assert "厦门市公安局" in text


def test_pinyin_finds_an_initiative(page: Page) -> None:
    page.get_by_role("main").get_by_role("searchbox").fill("sanxiang jianshe")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.locator(".results").get_by_role("link", name="Three Constructions", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("Three Constructions")


def test_the_systems_of_a_bureau(page: Page) -> None:
    follow(page, "Bodies", "Public Security Bureau of Xiamen", re.compile("^Systems and facilities"))
    page.get_by_role("heading", name=re.compile("^Systems and facilities")).locator("..").get_by_role(
        "link"
    ).first.click()
    expect(page.locator(".crumb")).to_contain_text(re.compile("Systems|Facilities"))
    follow(page, "Public Security Bureau of Xiamen")
    expect(page.locator("h1")).to_have_text("Public Security Bureau of Xiamen")


def test_what_came_before_an_initiative_and_when(page: Page) -> None:
    follow(page, "Overviews", "Timeline")
    expect(page.locator(".chart img")).to_be_visible()
    page.get_by_role("main").get_by_role("row").filter(has_text="Three Constructions").get_by_role("link", name="Three Constructions").first.click()  # fmt: skip
    follow(page, re.compile("^Before it"))
    page.get_by_role("heading", name=re.compile("^Before it")).locator("..").get_by_role("link").first.click()
    expect(page.locator("h1")).to_contain_text("Three Basics Project")


def test_from_the_findings_of_a_report_to_the_rule(page: Page) -> None:
    page.locator(".reports").get_by_role("link", name="Survey: Ordos police").click()
    follow(page, re.compile("^Findings \\d"))
    page.locator(".findings > li").first.get_by_role("link").last.click()
    follow(page, "What the rule looks for")
    expect(page.get_by_role("main")).to_contain_text("How to mend it")


def test_a_metric_over_the_cities_has_a_chart(page: Page) -> None:
    follow(page, "Metrics", "Computers per 100 officers")
    picture = page.locator(".chart img")
    picture.scroll_into_view_if_needed()
    picture.evaluate("picture => picture.decode()")
    assert picture.evaluate("picture => picture.naturalWidth") > 300
    table = page.get_by_role("region", name="Figures")
    for place in ("Xiamen", "Dalian"):
        expect(table.get_by_role("link", name=place, exact=True)).to_be_visible()


def test_an_empty_cell_is_explained(page: Page) -> None:
    follow(page, "Overviews")
    empty = page.locator("td.none").first
    expect(empty).to_contain_text("no figure")
    row = page.get_by_role("row").filter(has=page.locator("td.none")).first
    row.get_by_role("rowheader").get_by_role("link").click()
    expect(page.get_by_role("heading", name="What is shown for it")).to_be_visible()
    expect(page.locator(".stages .empty").first).to_contain_text("0")


def test_the_language_is_switched_on_the_way_and_stays(chinese: Page) -> None:
    follow(chinese, "指标", "每百名民警计算机数", "English", "Can they be compared? Verdicts and reasons")
    expect(chinese.locator("h1")).to_have_text("Computers per 100 officers")
    expect(chinese.get_by_text("comparable with care").first).to_be_visible()
    follow(chinese, "中文")
    expect(chinese.locator(".verdict").first).to_have_text("可比，但须注意")


def test_a_figure_is_cited(page: Page) -> None:
    to_the_card(page)
    follow(page, "Cite this")
    expect(page.locator(".citation")).to_be_in_viewport()
    expect(page.locator(".citation")).to_contain_text(re.compile(r"Dalian.*release", re.DOTALL))
    page.get_by_text("BibTeX", exact=True).click()
    expect(page.get_by_text("@dataset{reformgraph-826ec1811efe-1536-1542")).to_be_visible()


def test_a_reading_is_challenged(page: Page) -> None:
    to_the_card(page)
    follow(page, "Challenge this reading")
    told = page.locator("section", has=page.get_by_role("heading", name="Challenge this reading"))
    expect(told).to_be_in_viewport()
    expect(told.locator("pre")).to_contain_text("IRI: https://w3id.org/reformgraph/obs/826ec1811efe-1536-1542")
