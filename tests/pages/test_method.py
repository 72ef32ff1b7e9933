"""The method page says what the code does: its tables are those of the reader, the comparison and the audit."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from html import unescape

import httpx
import pytest
from playwright.sync_api import sync_playwright
from test_kind_pages import FLAGS, WEIGHT, Outline

from least_graph import home_with_least
from reformgraph.comparability.verdicts import CODES, SENTENCES
from reformgraph.numerals import read
from reformgraph.reading.boundwords import bound_words
from reformgraph.reading.wording import AFTER, BEFORE, BEFORE_PLACE, TAILS, WORDS
from reformgraph.web.pages import phrases_method
from serving import serving, started

BROWSER = {"Accept": "text/html,*/*;q=0.8"}
EXPLAINED = ("/method", "/ns", "/")


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, headers={"Accept": "text/html"}, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def least(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    base = tmp_path_factory.mktemp("least")
    release = home_with_least(base / "home", base / "root")
    with (
        serving("--release", str(release.path)) as url,
        httpx.Client(base_url=url, headers={"Accept": "text/html"}, timeout=60) as client,
    ):
        yield client


def text(http: httpx.Client, path: str, language: str) -> str:
    answer = http.get(path, params={"lang": language})
    assert answer.status_code == 200
    return unescape(answer.text)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", EXPLAINED)
def test_a_page_that_explains_is_sound(http: httpx.Client, least: httpx.Client, path: str, language: str) -> None:
    for client in (http, least):
        answer = client.get(path, params={"lang": language})
        outline = Outline(answer.text)
        assert (answer.status_code, outline.faults) == (200, [])
        assert len(answer.content) < WEIGHT
        assert [b for a, b in zip(outline.headings, outline.headings[1:], strict=False) if b > a + 1] == []
        assert len(outline.ids) == len(set(outline.ids))
        assert [link for link in outline.links if link.startswith("#") and link[1:] not in outline.ids] == []


@pytest.mark.parametrize("path", EXPLAINED)
def test_no_link_of_a_page_that_explains_is_dead(http: httpx.Client, least: httpx.Client, path: str) -> None:
    for client in (http, least):
        links = {link for link in re.findall(r'href="(/[^"#]*)', text(client, path, "en")) if "/static/" not in link}
        assert len(links) > 20
        assert [link for link in sorted(links) if client.get(link, headers=BROWSER).status_code >= 400] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_example_goes_from_its_characters_to_its_fields(http: httpx.Client, language: str) -> None:
    page = text(http, "/method", language)
    assert "<mark>13000余台</mark>" in page
    cells = re.findall(r"<td>.*?>([^<]+)</q></td>", page)
    assert cells[:3] == ["13000", "余", "台"]
    assert ("大于13,000，小于14,000" if language == "zh" else "more than 13,000, less than 14,000") in page
    assert "/doc/826ec1811efe" in page
    assert "1157–1164" in page


def test_every_bound_word_of_the_reader_is_told_and_reads_as_it_is_told(http: httpx.Client) -> None:
    page = text(http, "/method", "zh")
    told = {word: (group.bound, phrase) for group in bound_words() for word, phrase in group.phrases.items()}
    assert told.keys() >= {*TAILS, *AFTER, *BEFORE, *BEFORE_PLACE}
    for group in bound_words():
        assert f">{' '.join(group.words)}</td>" in page
        for word, phrase in group.phrases.items():
            assert word in phrase
            assert read(phrase).bound == group.bound, phrase


def test_figures_by_bound_are_counted_as_the_table_counts_them(http: httpx.Client) -> None:
    rows = http.get("/queries/observations.json", params={"limit": 1000}).json()["rows"]
    page = text(http, "/method", "en")
    for name in ("bound", "voice", "modality", "kind"):
        for word, count in Counter(row[name] for row in rows).items():
            assert f'<a href="/queries/observations?{name}={word}&lang=en">{count}</a>' in page, word


def test_words_that_are_figures_without_a_numeral_are_all_told(http: httpx.Client) -> None:
    page = text(http, "/method", "zh")
    cells = {word for cell in re.findall(r'<td lang="zh-Hans">(.*?)</td>', page) for word in cell.split()}
    assert set(WORDS) <= cells
    assert phrases_method.wordless(1, "rank", "exact") == {"zh": "第 1 名", "en": "rank 1"}


def test_vague_words_come_from_the_graph(http: httpx.Client) -> None:
    page = text(http, "/method", "zh")
    row = re.search(r"/code/wording-number.*?</tr>", page, re.DOTALL)
    assert row
    assert "一批" in row[0]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_reason_of_the_comparison_is_told(http: httpx.Client, language: str) -> None:
    page = text(http, "/method", language)
    for sentence in SENTENCES.values():
        words = sentence.zh if language == "zh" else sentence.en
        longest = max(re.split(r"\{left\}|\{right\}", words), key=len)
        assert longest.rstrip(".") in page, words
    for code in CODES:
        assert phrases_method.code(code, language) in page


def test_the_rules_that_find_something_lead_to_what_they_find(http: httpx.Client) -> None:
    page = text(http, "/method", "en")
    found = http.get("/findings.json").json()["facets"]["rule"]
    assert len(found) > 10
    for one in found:
        assert f'<a href="/findings?rule={one["value"]}&lang=en">{one["count"]}</a>' in page


@pytest.mark.parametrize(
    "path", ["/", "/obs/826ec1811efe-1157-1164", "/queries", "/search?q=a", "/exports", "/nothing"]
)
def test_every_page_leads_to_method_and_downloads(http: httpx.Client, path: str) -> None:
    for language in ("zh", "en"):
        page = http.get(path, headers={"Accept-Language": language}).text
        head, _, foot = page.partition("<main")
        assert 'href="/method"' in head
        assert 'href="/exports"' in head
        assert 'href="/method"' in foot
        assert 'href="/method#licence"' in foot


def test_the_contact_of_the_settings_is_named(http: httpx.Client) -> None:
    assert "REFORMGRAPH_CONTACT" in text(http, "/method", "en")
    for contact, shown in (
        ("mailto:desk@example.org", 'href="mailto:desk@example.org"'),
        ("https://example.org/ask?about={iri}", "https://example.org/ask?about=https%3A%2F%2Fw3id.org%2Freformgraph%2Fperson"),
    ):  # fmt: skip
        with started(contact=contact) as (url, _):
            page = unescape(httpx.get(url + "/method", headers={"Accept": "text/html"}).text)
        assert shown in page
        assert "REFORMGRAPH_CONTACT" not in page


def test_home_asks_questions_that_this_release_can_answer(http: httpx.Client, least: httpx.Client) -> None:
    for client, few in ((http, 6), (least, 1)):
        asked = re.search(r'<ul class="questions">(.*?)</ul>', text(client, "/", "zh"), re.DOTALL)
        assert asked
        links = re.findall(r'href="([^"]+)">([^<]+)</a>', asked[1])
        assert few <= len(links) <= 8
        assert len({path for path, _ in links}) == len({words for _, words in links}) == len(links)


def test_the_questions_are_about_the_real_figures(http: httpx.Client) -> None:
    page = text(http, "/", "en")
    for link in (
        "/compare?metric=metric%3Acomputers-per-officer",
        "/findings?rule=S18",
        "/queries/promises",
        "/search?q=",
    ):
        assert f'href="{link}' in page, link
    fall = re.search(r'href="(/obs/[^"]+)">([^<]+) down (\d+)%: who says so', page)
    assert fall
    assert f"{fall[3]}%" in text(http, fall[1].partition("?")[0], "en")


@pytest.mark.parametrize(("width", "scheme", "language"), [(1280, "light", "zh"), (390, "dark", "en")])
def test_pages_that_explain_fit_the_window(server: str, width: int, scheme: str, language: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, base_url=server)  # type: ignore[arg-type]
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        for path in EXPLAINED:
            page.goto(f"{path}?lang={language}", wait_until="networkidle")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.goto(f"/ns?lang={language}")
        assert page.locator(".coremap svg:visible").count() == 1
        page.locator(".coremap svg:visible a").nth(4).click()
        assert page.url.endswith("#Observation")
        browser.close()
    assert told == []


def test_a_graph_without_such_a_figure_says_so(least: httpx.Client) -> None:
    figures = least.get("/queries/observations.json").json()["rows"]
    has_one = any(row["bound"] == "over" and row["kind"] == "level" for row in figures)
    assert ("没有带界限词的数目" in text(least, "/method", "zh")) is not has_one
