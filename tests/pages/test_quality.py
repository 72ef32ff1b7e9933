"""Every type of page in a real Chromium: WCAG 2.2 AA by axe-core, nothing from elsewhere, phone, weight, keyboard, print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from browsing import skip_unless
from page_types import CARD, PAGES
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, ViewportSize, expect

from reformgraph.release import build
from serving import serving
from tiny_graph import copy_tiny

CHECKOUT = Path(__file__).parents[2]
AXE = CHECKOUT / ".venv" / "axe" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LIGHT = 150_000
EDITOR = re.compile(r"/static/editor[./]|/sparql/editor\.json")
REFUSED = re.compile(r"Failed to load resource.*status of 4\d\d")  # what is refused or not there is answered so
# Contrast is the same in both languages, and all else the same in both colours: two looks see all.
LOOKS = {"zh": ("zh-CN", "light", "rgb(255, 255, 255)"), "en": ("en-GB", "dark", "rgb(18, 22, 27)")}
WITHDRAWN = """
PREFIX claim: <https://w3id.org/reformgraph/claim/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>

claim:d84aa6210c2f-1-2
    dcterms:isReplacedBy claim:d84aa6210c2f-6-13 ;
    owl:deprecated true ;
.
"""
REACHABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
# What the keyboard came to: the place among all that can be reached, the width of its outline.
WATCH = """reachable => {
    window.all = [...document.querySelectorAll(reachable)].filter(one => one.checkVisibility());
    window.reached = new Map();
    addEventListener("focusin", event => {
        const look = getComputedStyle(event.target);
        reached.set(event.target, look.outlineStyle == "none" ? 0 : parseFloat(look.outlineWidth));
    });
    return all.length + 4 * document.querySelectorAll("input[type=date]").length;  // a day has parts of its own
}"""
MISSED = "() => all.filter(one => !(reached.get(one) >= 2)).map(one => one.outerHTML.slice(0, 200))"


@dataclass
class Visit:
    """A page that was opened, with all that it asked for and all that its console said."""

    page: Page
    language: str
    server: str
    weight: int = 0
    answers: list[Response] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.on("response", lambda answer: self.answers.append(answer))  # noqa: PLW0108
        self.page.on("console", lambda message: self._said(message))  # noqa: PLW0108
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.goto(path)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not REFUSED.match(message.text):
            self.faults.append(message.text)

    def weigh(self) -> None:
        """Bytes that came; asked before other sizes and colours fetch other pictures."""
        self.weight = sum(len(one.body()) for one in self.answers if one.ok and not EDITOR.search(one.url))


@pytest.fixture(scope="module")
def axe() -> str:
    skip_unless(AXE.is_file(), "axe-core")
    return AXE.read_text("utf-8")


@pytest.fixture(scope="module")
def withdrawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a claim that was withdrawn."""
    root = copy_tiny(tmp_path_factory.mktemp("withdrawn") / "root")
    (root / "data" / "ttl" / "registry" / "withdrawn.ttl").write_text(WITHDRAWN, "utf-8")
    with serving("--release", str(build(root, tmp_path_factory.mktemp("home")).path)) as url:
        yield f"{url}/claim/d84aa6210c2f-1-2"


@pytest.fixture(scope="module", params=LOOKS)
def tab(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Page]:
    """A tab in each language in turn, once light, once dark."""
    locale, colours, _ = LOOKS[request.param]
    size = ViewportSize(width=1280, height=900)
    context = browser.new_context(base_url=server, locale=locale, viewport=size, color_scheme=colours)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module", params=[*PAGES, "report of validation", "withdrawn"])
def visit(request: pytest.FixtureRequest, tab: Page, server: str, withdrawn: str) -> Iterator[Visit]:
    """Each type of page in turn, opened once for all tests."""
    context = tab.context
    page = context.new_page()
    language = "zh" if page.evaluate("navigator.language") == "zh-CN" else "en"
    seen = Visit(page, language, server if request.param != "withdrawn" else withdrawn.partition("/claim")[0])
    seen.open({"report of validation": "/validate", "withdrawn": withdrawn}.get(request.param) or PAGES[request.param])
    if request.param == "report of validation":
        page.locator("textarea").fill("<http://x/1> a <https://w3id.org/reformgraph/ns#Observation> .")
        seen.answers.clear()
        page.locator("main form button").click()
        expect(page.locator("main table")).to_be_visible()
    seen.weigh()
    yield seen
    page.close()


def judged(page: Page, axe: str, rules: object = RULES) -> list[tuple[str, str]]:
    """The rules that are broken and where, all that is folded being opened."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate(axe)  # by the debugger's protocol, which the policy of the page does not bind
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [(broken["id"], node["html"][:200]) for broken in found["violations"] for node in broken["nodes"]]


def test_no_rule_of_wcag_is_broken(visit: Visit, axe: str) -> None:
    assert judged(visit.page, axe) == []


def test_contrast_holds_in_the_other_colours_too(visit: Visit, axe: str) -> None:
    now = visit.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    visit.page.emulate_media(color_scheme="light" if now else "dark")
    try:
        assert judged(visit.page, axe, {"type": "rule", "values": ["color-contrast"]}) == []
    finally:
        visit.page.emulate_media(color_scheme="dark" if now else "light")


def test_a_page_is_in_its_language_and_colours(visit: Visit) -> None:
    assert visit.page.locator("html").get_attribute("lang") == {"zh": "zh-Hans", "en": "en"}[visit.language]
    assert visit.page.evaluate("getComputedStyle(document.body).backgroundColor") == LOOKS[visit.language][2]


def test_nothing_comes_from_elsewhere_and_nothing_is_refused(visit: Visit) -> None:
    asked = [answer.url for answer in visit.answers]
    assert [url for url in asked if not url.startswith((visit.server + "/", "data:"))] == []
    assert visit.faults == []
    scripts = visit.page.locator("script:not([src]):not([type='application/ld+json'])")
    assert scripts.count() == visit.page.locator("[style]:not(#editor *):not(.yasgui *)").count() == 0


def test_the_policy_lets_no_script_of_a_page_in(visit: Visit) -> None:
    policy = visit.answers[0].headers["content-security-policy"]
    script = (
        "script-src 'self'" if urlsplit(visit.answers[0].url).path in ("/sparql", "/search") else "script-src 'none'"
    )
    for words in ("default-src 'self'", script, "frame-ancestors 'none'", "base-uri 'none'"):
        assert words in policy


def test_a_page_is_light(visit: Visit) -> None:
    assert 0 < visit.weight < LIGHT


def test_a_page_fits_a_phone(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
    visit.page.set_viewport_size({"width": 1280, "height": 900})


def test_a_page_prints_without_what_is_for_the_screen(visit: Visit) -> None:
    visit.page.emulate_media(media="print")
    for name in ("nav", "form", ".language", ".skip"):
        assert not visit.page.locator(f"{name}:visible").count(), name
    assert visit.page.evaluate("getComputedStyle(document.body).color") == "rgb(23, 32, 42)", "dark ink on white paper"
    visit.page.emulate_media(media="screen")


def test_what_breaks_a_rule_is_found(browser: Browser, server: str, axe: str) -> None:
    page = browser.new_page()
    page.goto(server)
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=/static/icon.svg><input>')")
    page.evaluate("document.querySelector('h1').style.color = '#cccccc'")
    assert {rule for rule, _ in judged(page, axe)} == {"image-alt", "label", "color-contrast"}
    page.close()


@pytest.mark.parametrize("name", ["home", "queries", "query with conditions", "query with a chart", "search found", "comparison", "coverage", "findings", "claim card", "agency", "metric", "validate", "exports"])  # fmt: skip
def test_the_keyboard_reaches_all_that_can_be_used(browser: Browser, server: str, name: str) -> None:
    page = browser.new_page(base_url=server, locale="en-GB", viewport={"width": 1280, "height": 900})
    page.goto(PAGES[name])
    for _ in range(page.evaluate(WATCH, REACHABLE) + 2):
        page.keyboard.press("Tab")
    assert page.evaluate(MISSED) == []
    page.close()


def test_the_first_key_offers_to_skip_the_navigation(browser: Browser, server: str) -> None:
    page = browser.new_page(base_url=server, locale="en-GB")
    page.goto(CARD)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_the_language_switch_keeps_the_place(server: str, name: str) -> None:
    with httpx.Client(base_url=server, headers={"Accept": "text/html", "Accept-Language": "zh"}, timeout=60) as http:
        first = http.get(PAGES[name])
        switch = re.search(r'class="language" href="([^"]*)"', first.text)
        assert switch
        second = http.get(switch[1].replace("&amp;", "&"))
    assert (second.status_code, second.url.path) == (first.status_code, first.url.path)
    assert second.url.params.remove("lang") == first.url.params
    assert '<html lang="en">' in second.text


@pytest.fixture
def plain(browser: Browser, server: str) -> Iterator[Page]:
    context = browser.new_context(base_url=server, locale="en-GB", java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_search_is_a_form_without_script(plain: Page) -> None:
    plain.goto("/")
    plain.get_by_role("main").get_by_role("searchbox").fill("sanxiang jianshe")
    plain.get_by_role("main").get_by_role("button", name="Search").click()
    expect(plain.locator(".results a").first).to_have_text(re.compile("Three Constructions|三项建设"))


def test_places_are_compared_without_script(plain: Page) -> None:
    plain.goto("/compare")
    plain.get_by_label("Metric").select_option("metric:computers-per-officer")
    plain.get_by_role("main").get_by_role("button", name="Compare").click()
    expect(plain.locator(".verdict").first).to_be_visible()


def test_overviews_are_narrowed_without_script(plain: Page) -> None:
    for path in ("/matrix", "/timeline"):
        plain.goto(path)
        before = plain.locator("tbody tr").count()
        plain.get_by_label("Body").select_option("agency:dalian-shi-gonganju")
        plain.get_by_role("button", name="Show").click()
        assert 0 < plain.locator("tbody tr").count() < before
    plain.goto("/findings")
    plain.get_by_role("complementary").get_by_role("link").first.click()
    expect(plain.locator(".findings > li").first).to_be_visible()


def test_data_are_checked_without_script(plain: Page) -> None:
    plain.goto("/validate")
    plain.get_by_label("Paste").fill("<http://x/1> a <https://w3id.org/reformgraph/ns#Observation> .")
    plain.get_by_role("button", name="Validate").click()
    expect(plain.get_by_role("heading", name=re.compile("Does not conform"))).to_be_visible()
