"""The newcomer's path in a real Chromium, and the README's picture (PICTURE=path rewrites it)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

CARD = "/obs/826ec1811efe-1536-1542"
PICTURE = Path(__file__).parents[2] / "docs" / "images" / "claim-card.png"


@pytest.fixture(scope="module")
def page(browser: Browser, server: str) -> Iterator[Page]:
    context = browser.new_context(base_url=server, viewport={"width": 1280, "height": 800}, locale="en-GB")
    page = context.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    yield page
    context.close()
    assert [url for url in requests if not url.startswith(server)] == []


def test_from_the_home_page_to_the_words_behind_a_figure(page: Page) -> None:
    page.goto("/")
    page.locator(".reports").get_by_role("link", name="Dalian deputies invited").click()
    page.get_by_role("listitem").filter(has_text="下降了40%").get_by_role("link", name="−40%").click()
    expect(page.locator("h1")).to_contain_text("−40%")
    expect(page.locator("blockquote mark")).to_have_text("下降了40%")
    expect(page.get_by_role("row", name="Who says so")).to_contain_text("Public Security Bureau of Dalian")
    expect(page.get_by_role("row", name="When")).to_contain_text("2009-01-01 – 2009-12-15 inferred")


def test_another_city_with_the_same_metric_comes_with_a_verdict(page: Page) -> None:
    page.goto("/obs/826ec1811efe-1172-1178")
    row = page.get_by_role("row", name="110台")
    expect(row).to_contain_text("Xiamen")
    expect(row.locator(".verdict")).to_have_text("comparable with care")


def test_the_language_switch_keeps_the_place(page: Page) -> None:
    page.goto(CARD)
    page.get_by_role("link", name="中文").click()
    expect(page.locator("h1")).to_contain_text("督察投诉数")
    assert page.url.partition("?")[0].endswith(CARD)


def test_a_query_is_asked_by_its_form(page: Page) -> None:
    page.goto("/queries/agency-profile")
    page.locator("input[name=agency]").fill("厦门市公安局")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("tbody tr").first).to_be_visible()


def test_sparql_runs_from_its_page(page: Page) -> None:
    page.goto("/sparql")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("table tbody tr")).to_have_count(20)


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_is_wider_than_its_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/", CARD, "/agency/dalian-shi-gonganju", "/queries/observations", "/sparql", "/ns"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.set_viewport_size({"width": 1280, "height": 800})


def test_the_picture_of_the_readme_shows_a_real_page(page: Page, tmp_path: Path) -> None:
    page.goto(CARD)
    taken = Path(os.environ.get("PICTURE", tmp_path / "card.png"))
    page.screenshot(path=taken)
    assert len(taken.read_bytes()) > 20_000, "a page without text would be smaller"
    assert len(PICTURE.read_bytes()) > 20_000, "make picture takes it anew"
