"""The pages of all kinds: sections, links that lead somewhere, a prefix before each, language kept, weight."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from serving import serving

PAGES = {
    "home": "/",
    "obs": "/obs/826ec1811efe-1172-1178",
    "agency": "/agency/dalian-shi-gonganju",
    "body": "/body/panzhihua-shi-renda-neisiwei",
    "initiative": "/initiative/sanxiang-jianshe",
    "mechanism": "/mechanism/tonghua-yizhanshi-fuwu",
    "system": "/system/xiamen-gongan-gaosu-chengyu-wangluo",
    "facility": "/facility/xiamen-kanshousuo-teshenshi",
    "metric": "/metric/computers-per-officer",
    "place": "/place/cn-210200",
    "doc": "/doc/9fc155751619",
    "award": "/award/yiji-shifan-gonganju",
    "problem": "/problem/dba2d35c16cf-2869-2887",
    "recommendation": "/recommendation/dba2d35c16cf-3358-3381",
    "person": "/person/qi-guangyin-dalian",
    "claim": "/claim/826ec1811efe-976-1002",
    "span": "/span/826ec1811efe-1157-1164",
    "code": "/code/voice-self-report",
    "period": "/period/y2008",
    "list": "/agency",
    "figures": "/obs",
}
FLAGS = ["--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
WEIGHT = 150_000


class Outline(HTMLParser):
    """Headings in order, ids, addresses, tables without caption, header cells without scope, inline styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.faults: list[str] = []
        self._table: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [link for name in ("href", "src", "action") if (link := given.get(name))]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if self._table == "table" and tag != "caption":
            self.faults.append("a table without caption")
        self._table = tag if tag == "table" else None
        if tag == "th" and "scope" not in given:
            self.faults.append("a header cell without scope")
        if "style" in given or (tag == "script" and given.get("type") != "application/ld+json"):
            self.faults.append(f"inline style or script in {tag}")


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, headers={"Accept": "text/html"}, timeout=60) as client:
        yield client


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", PAGES)
def test_a_page_is_sound(http: httpx.Client, kind: str, language: str) -> None:
    answer = http.get(PAGES[kind], params={"lang": language})
    outline = Outline(answer.text)
    assert answer.status_code == 200
    assert len(answer.content) < WEIGHT
    assert (outline.headings[0], outline.headings.count(1)) == (1, 1)
    assert [b for a, b in zip(outline.headings, outline.headings[1:], strict=False) if b > a + 1] == []
    assert outline.faults == []
    assert len(outline.ids) == len(set(outline.ids))
    assert [link for link in outline.links if link.startswith("#") and link[1:] not in outline.ids] == []


@pytest.mark.parametrize(
    ("kind", "sections"),
    [
        ("agency", ["推行的举措与规范", "运行的系统与设施", "获得的荣誉", "数字", "下属机构", "公职人员", "核查发现"]),
        ("initiative", ["谁在推行", "组成部分", "之前", "数字", "各地怎样称呼它的组成部分"]),
        ("metric", ["各地、各时期的数字", "上位指标", "分母"]),
        ("place", ["属于", "包含", "管辖它的机构", "关于它的报告", "数字"]),
        ("doc", ["有多精确", "数字，按原文顺序", "含糊的说法", "核查发现", "它提到什么"]),
        ("award", ["谁获得", "原文怎么称呼它"]),
        ("problem", ["针对它的建议", "同一报告的其他问题与建议"]),
        ("recommendation", ["针对的问题"]),
        ("system", ["由谁运行"]),
    ],
)
def test_a_kind_has_its_sections(http: httpx.Client, kind: str, sections: list[str]) -> None:
    page = http.get(PAGES[kind], params={"lang": "zh"}).text
    found = [re.sub(r"\s*<span.*", "", heading).strip() for heading in re.findall(r"<h2[^>]*>(.*?)</h2>", page)]
    assert [section for section in sections if section not in found] == []


def test_the_figures_of_a_report_are_in_reading_order(http: httpx.Client) -> None:
    page = http.get(PAGES["doc"], params={"lang": "zh"}).text
    shown = [int(start) for start in re.findall(r'class="value" href="/obs/9fc155751619-(\d+)-', page)]
    rows = http.get("/queries/observations.json?document=9fc155751619&limit=1000").json()["rows"]
    assert shown == sorted(shown)
    assert len(shown) == len(rows) > 0


def test_the_figures_of_a_metric_come_with_those_of_other_places(http: httpx.Client) -> None:
    page = http.get(PAGES["metric"], params={"lang": "en"}).text
    for words in ("Dalian", "Xiamen", "more than 100%", "/compare?metric=metric:computers-per-officer"):
        assert words in page, words


def test_a_person_has_office_and_day_and_is_not_for_search_engines(http: httpx.Client) -> None:
    answer = http.get(PAGES["person"], params={"lang": "en"})
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "2009-12-15" in answer.text
    assert "Public Security Bureau of Dalian" in answer.text


def local(outline: Outline, address: str) -> set[str]:
    """The addresses of this service that a page leads to, without the part after #."""
    links = {urljoin(address, link).partition("#")[0] for link in outline.links}
    return {link for link in links if link.startswith(address.partition("//")[0] + "//" + address.split("/")[2])}


def test_no_link_of_a_page_is_dead(http: httpx.Client) -> None:
    links: set[str] = set()
    for kind in ("home", "obs", "agency", "initiative", "metric", "place", "problem", "span", "claim"):
        address = urljoin(str(http.base_url), PAGES[kind])
        links |= local(Outline(http.get(address, params={"lang": "en"}).text), address)
    codes = {link: http.get(link, follow_redirects=True).status_code for link in sorted(links)}
    assert {link: code for link, code in codes.items() if code >= 400} == {}


def test_the_chosen_language_goes_along_with_each_link(http: httpx.Client) -> None:
    page = http.get(PAGES["agency"], params={"lang": "zh"}).text
    assert 'href="/initiative/sanxiang-jianshe?lang=zh"' in page
    assert 'href="/queries/observations?agency=agency:dalian-shi-gonganju&amp;lang=zh"' in page
    assert 'href="/agency/dalian-shi-gonganju.ttl"' in page
    assert "lang=" not in "".join(link for link in Outline(http.get("/metric").text).links if link.startswith("/"))


def test_every_link_goes_through_the_root_path() -> None:
    asked = {"Host": "example.org", "Accept": "text/html"}
    with serving("--root-path", "/rg") as url, httpx.Client(base_url=url, headers=asked, timeout=60) as client:
        for path in PAGES.values():
            outline = Outline(client.get(path, params={"lang": "zh"}).text)
            links = [link for link in outline.links if link.startswith(("/", "http://example.org"))]
            assert len(links) > 10
            assert [link for link in links if not link.startswith(("/rg/", "http://example.org/rg/"))] == [], path
            sheet = next(link for link in links if link.endswith("style.css"))
            assert client.get(sheet.removeprefix("/rg")).status_code == 200  # as the proxy hands it on


@pytest.fixture(scope="module")
def page(server: str) -> Iterator[Page]:
    chromium = shutil.which("chromium")
    assert chromium, "install Debian's chromium: make .venv/browser"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        context = browser.new_context(base_url=server, viewport={"width": 1280, "height": 800}, locale="en-GB")
        yield context.new_page()
        browser.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_wider_than_the_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in PAGES.values():
        page.goto(f"{path}?lang=en")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_from_a_bureau_to_the_words_of_its_initiative(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/")
    page.get_by_role("link", name="Bodies", exact=True).click()
    page.get_by_role("link", name="Public Security Bureau of Dalian", exact=True).click()
    page.get_by_role("link", name="Three Constructions", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("Three Constructions")
    expect(page.get_by_role("table", name="Local wordings")).to_contain_text("和谐警民关系")


def test_the_keyboard_reaches_the_content_first(page: Page) -> None:
    page.goto(PAGES["agency"])
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    assert page.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"


def test_dark_is_dark_and_print_has_no_navigation(page: Page) -> None:
    page.goto(PAGES["obs"])
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 22, 27)"
    page.emulate_media(color_scheme="light", media="print")
    expect(page.locator("header nav")).to_be_hidden()
    page.emulate_media(media="screen")
    expect(page.locator("header nav")).to_be_visible()
