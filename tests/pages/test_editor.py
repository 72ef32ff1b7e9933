"""The SPARQL editor and the suggestions of search in a real Chromium, with script and without, and what they may load."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from browsing import skip_unless
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from reformgraph.namespaces import prefixes
from reformgraph.web import editing

METRICS = "SELECT ?s { ?s a <https://w3id.org/reformgraph/ns#Metric> } ORDER BY ?s LIMIT 3"
CHECKOUT = Path(__file__).parents[2]
PROBLEM = re.compile("Failed to load resource.*400")  # a query with a mistake is answered so

needs_editor = pytest.mark.usefixtures("editor")


@pytest.fixture(scope="module")
def editor() -> None:
    skip_unless(editing.is_installed(), "the SPARQL editor")


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """A page with script; nothing from elsewhere, nothing that the policy forbids, no error in a script."""
    context = browser.new_context(base_url=server, locale="en-GB", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    requests: list[str] = []
    faults: list[str] = []

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not PROBLEM.match(message.text):
            faults.append(message.text)

    page.on("request", lambda request: requests.append(request.url))
    page.on("console", said)
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert [url for url in requests if not url.startswith((server, "data:"))] == []
    assert faults == []


@pytest.fixture
def plain(browser: Browser, server: str) -> Iterator[Page]:
    context = browser.new_context(base_url=server, locale="en-GB", java_script_enabled=False)
    yield context.new_page()
    context.close()


def write(page: Page, text: str) -> None:
    """Type into the editor that is shown, in the place of what stands there."""
    page.locator(".tabPanel.active .CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def written(page: Page) -> str:
    text: str = page.evaluate("document.querySelector('.tabPanel.active .CodeMirror').CodeMirror.getValue()")
    return text


@needs_editor
def test_the_editor_runs_a_query_and_its_links_stay_here(page: Page, server: str) -> None:
    page.goto("/sparql")
    write(page, METRICS)
    page.get_by_role("button", name="Run").click()
    links = page.locator(".yasr a.iri")
    expect(links).to_have_count(3)
    expect(links.first).to_have_attribute("href", re.compile(f"^{server}/metric/"))
    page.get_by_label("Simple view").check()
    expect(page.locator(".yasr tbody tr")).to_have_count(3)


@needs_editor
def test_our_prefixes_and_terms_are_completed(page: Page) -> None:
    page.goto("/sparql")
    write(page, "SELECT * { ?s ")
    page.keyboard.type("rg:metri", delay=20)
    expect(page.locator(".CodeMirror-hint").first).to_contain_text("rg:metric  指标 · metric")
    page.keyboard.press("Enter")
    page.keyboard.type(" metric:computers-p", delay=20)
    expect(page.locator(".CodeMirror-hint").first).to_contain_text("每百名民警计算机数")
    page.keyboard.press("Enter")
    page.keyboard.type(" }")
    for prefix in ("rg", "metric"):
        assert f"PREFIX {prefix}: <{prefixes()[prefix]}>" in written(page)
    assert "?s rg:metric metric:computers-per-officer }" in written(page)


@needs_editor
def test_a_part_of_a_chinese_label_completes_a_name(page: Page) -> None:
    page.goto("/sparql")
    write(page, f"PREFIX agency: <{prefixes()['agency']}> SELECT * {{ ?s ?p ")
    page.keyboard.type("agency:沙河口", delay=20)
    page.keyboard.press("Control+Space")
    page.locator(".CodeMirror-hint").filter(has_text="大连市公安局沙河口分局").first.click()
    assert "agency:dalian-shi-gonganju-shahekou-fenju" in written(page)


@needs_editor
def test_a_mistake_is_told_in_words(page: Page) -> None:
    page.goto("/sparql")
    write(page, "SELECT * { ?s ?p ?o FILTER(<http://x/f>(?s)) }")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("alert")).to_contain_text("custom function <http://x/f> is not supported")


@needs_editor
def test_an_example_opens_in_a_tab_of_its_own(page: Page) -> None:
    page.goto("/sparql")
    page.get_by_role("link", name="How much money, on what").click()
    expect(page.get_by_role("tab")).to_have_count(2)
    assert written(page).startswith("# How much money")
    page.get_by_role("button", name="Run").click()
    expect(page.locator(".yasr tbody tr").nth(2)).to_be_visible()


@needs_editor
def test_editing_a_query_opens_it_with_its_terms(page: Page) -> None:
    page.goto("/queries/observations?agency=大连市公安局&kind=change")
    page.get_by_role("link", name="Edit this query").click()
    expect(page.locator(".CodeMirror").first).to_be_visible()
    text = written(page)
    assert "VALUES ?agency { <https://w3id.org/reformgraph/agency/dalian-shi-gonganju> }" in text
    assert 'VALUES ?kind { "change" }' in text


@needs_editor
def test_the_answer_of_a_link_stands_until_the_next_one(page: Page) -> None:
    page.goto("/sparql?" + urlencode({"query": METRICS}))
    expect(page.locator("#answer tbody tr")).to_have_count(3)
    expect(page.locator("#editor .CodeMirror")).to_be_visible()
    assert written(page) == METRICS
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#answer")).to_have_count(0)
    expect(page.locator(".yasr tbody tr")).to_have_count(3)


def test_the_form_does_the_same_without_script(plain: Page) -> None:
    plain.goto("/sparql")
    plain.get_by_label("Query").fill(METRICS)
    plain.get_by_role("button", name="Run").click()
    expect(plain.locator("tbody tr")).to_have_count(3)
    plain.goto("/sparql?example=money")
    plain.get_by_role("button", name="Run").click()
    expect(plain.locator("tbody tr").nth(2)).to_be_visible()


def test_an_example_that_is_none_opens_the_sample(server: str) -> None:
    for query in ("example=nope", "example=money&place=nowhere", "example=agency-profile"):
        answer = httpx.get(f"{server}/sparql?{query}", headers={"Accept": "text/html"})
        assert answer.status_code == 200
        assert "<textarea" in answer.text


def test_script_is_let_in_where_it_is_needed_and_only_from_here(server: str) -> None:
    policies = {}
    for path in ("/sparql", "/search", "/", "/queries/observations", "/metric/computers", "/docs"):
        answer = httpx.get(server + path, headers={"Accept": "text/html"})
        policies[path] = answer.headers["content-security-policy"]
        assert not re.search(r"<script(?![^>]*(?:src=\"/static/|application/ld\+json))", answer.text), path
    allowed = [path for path, policy in policies.items() if "script-src 'self'" in policy]
    assert allowed == ["/sparql", "/search"]
    assert all("script-src 'none'" in policy for path, policy in policies.items() if path not in allowed)
    assert not any("unsafe" in policy for policy in policies.values())


def test_what_the_editor_knows_is_of_the_graph(server: str) -> None:
    known = httpx.get(f"{server}/sparql/editor.json").json()
    assert known["prefixes"] == prefixes()
    assert ["https://w3id.org/reformgraph/ns#metric", "指标", "metric"] in known["properties"]
    assert any(iri == "https://w3id.org/reformgraph/ns#Observation" for iri, *_ in known["classes"])
    assert not any("/person/" in iri for iri, *_ in known["things"])
    assert known["endpoint"] == f"{server}/sparql"


def test_one_package_is_named_with_its_digest_and_no_address() -> None:
    text = (CHECKOUT / "requirements" / "npm.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(lines) == 1
    assert re.fullmatch(r"@zazuko/yasgui@[\d.]+ sha512-[A-Za-z0-9+/]{86}==", lines[0])


def test_suggestions_are_shown_chosen_by_key_and_followed(page: Page) -> None:
    page.goto("/search")
    field = page.get_by_role("combobox")
    field.press_sequentially("sanx", delay=20)
    expect(page.get_by_role("option").first).to_contain_text("三项建设")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field.press_sequentially("i", delay=20)
    expect(page.get_by_role("option").first).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/initiative/sanxiang-jianshe*")


def test_search_works_without_script(plain: Page) -> None:
    plain.goto("/search")
    plain.get_by_role("searchbox").fill("公安")
    plain.get_by_role("button", name="Search").click()
    before = plain.locator(".results li").count()
    assert before > 10
    plain.get_by_role("complementary").get_by_role("link", name="self-report").click()
    expect(plain.get_by_role("link", name="Remove: self-report")).to_be_visible()
    assert 0 < plain.locator(".results li").count() < before
