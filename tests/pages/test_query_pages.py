"""Pages of canned queries in a real Chromium and from outside: lists, order, conditions, the way to the editor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from reformgraph.canned.files import read_folder
from reformgraph.content import content_root

QUERIES = [query.name for query in read_folder(content_root() / "queries")]
LIGHT = 150_000


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, headers={"Accept": "text/html"}, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def page(browser: Browser, server: str) -> Iterator[Page]:
    context = browser.new_context(base_url=server, java_script_enabled=False, locale="en-GB")
    yield context.new_page()
    context.close()


def options(page: str, parameter: str) -> list[str]:
    found = re.search(rf'<datalist id="l-{parameter}">(.*?)</datalist>', page)
    return re.findall(r'value="([^"]*)"', found[1]) if found else []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", QUERIES)
def test_a_page_without_conditions_is_light(http: httpx.Client, name: str, language: str) -> None:
    answer = http.get(f"/queries/{name}", params={"lang": language})
    assert answer.status_code == 200
    assert len(answer.content) < LIGHT


@pytest.mark.parametrize(("name", "parameter"), [("observations", "initiative"), ("ranks", "agency"), ("findings", "rule"), ("money", "place")])  # fmt: skip
def test_each_choice_of_a_list_finds_rows(http: httpx.Client, name: str, parameter: str) -> None:
    listed = options(http.get(f"/queries/{name}", params={"lang": "zh"}).text, parameter)
    assert len(listed) > 1
    found = [http.get(f"/queries/{name}.json", params={parameter: value, "limit": 1}) for value in listed]
    assert {answer.status_code for answer in found} == {200}
    if parameter != "place":  # places are those that any claim tells of
        assert all(answer.json()["rows"] for answer in found)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_codes_are_chosen_by_label_and_explained(http: httpx.Client, language: str) -> None:
    page = http.get("/queries/observations", params={"bound": "over", "lang": language}).text
    boxes = re.findall(r'name="bound" value="([\w-]+)"( checked)?> ([^<]+)<span class="note">([^<]+)</span>', page)
    assert {word for word, *_ in boxes} == {"exact", "approx", "over", "at-least", "under", "up-to", "top-n"}
    assert [word for word, checked, *_ in boxes if checked] == ["over"]
    assert all(label.strip() and about for _, _, label, about in boxes)


def test_no_person_is_in_a_list(http: httpx.Client) -> None:
    names = [person["zh"] for person in http.get("/person.json").json()["members"]]
    page = http.get("/queries/office-holders", params={"body": "大连市公安局", "lang": "zh"}).text
    listed = [value for parameter in ("body", "role", "document") for value in options(page, parameter)]
    assert listed
    assert not set(names) & set(listed)


def test_a_thing_is_called_by_its_name_and_links_to_its_page(http: httpx.Client) -> None:
    for language, name in (("zh", "大连市公安局"), ("en", "Public Security Bureau of Dalian")):
        page = http.get("/queries/observations", params={"agency": "大连市公安局", "lang": language}).text
        assert re.search(rf'<td><a href="/agency/dalian-shi-gonganju[^"]*">{name}</a><td', page)


def test_the_name_of_a_column_sorts_by_it(page: Page) -> None:
    page.goto("/queries/observations?kind=money")
    values = page.locator("tbody td.n:nth-of-type(3)")
    for direction in ("ascending", "descending"):
        page.get_by_role("columnheader", name="Value", exact=True).get_by_role("link").click()
        expect(page.locator(f"th[aria-sort={direction}]")).to_have_count(1)
        numbers = [float(text.replace(",", "")) for text in values.all_inner_texts() if text]
        assert numbers == sorted(numbers, reverse=direction == "descending")
        assert len(numbers) > 3
    page.get_by_role("columnheader", name="Value", exact=True).get_by_role("link").click()
    expect(page.locator("th[aria-sort]")).to_have_count(0)


def test_a_condition_is_set_and_taken_away_without_script(page: Page) -> None:
    page.goto("/queries/observations?kind=money&sort=value")
    form = page.get_by_role("form", name="Filter the result")
    before = page.locator("tbody tr").count()
    form.locator("select[name=column]").select_option("value")
    form.locator("select[name=operator]").select_option("ge")
    form.locator("input[name=value]").fill("100000000")
    form.get_by_role("button").click()
    assert parse_qs(urlsplit(page.url).query)["filter"] == ["value:ge:100000000"]
    assert 0 < page.locator("tbody tr").count() < before
    assert parse_qs(urlsplit(page.url).query)["sort"] == ["value"]
    page.get_by_role("link", name=re.compile("^Remove: Value at least")).click()
    expect(page.locator("tbody tr")).to_have_count(before)


def test_pages_follow_each_other(page: Page) -> None:
    page.goto("/queries/observations?limit=10&sort=-value")
    seen = page.locator("tbody tr td:first-child a").all_inner_texts()
    page.get_by_role("link", name="Next").click()
    more = page.locator("tbody tr td:first-child a").all_inner_texts()
    assert len({*seen, *more}) == 20
    page.get_by_role("link", name="Previous").click()
    assert page.locator("tbody tr td:first-child a").all_inner_texts() == seen


@pytest.mark.parametrize("name", QUERIES)
def test_editing_opens_the_question_with_its_terms(http: httpx.Client, name: str) -> None:
    example = next(query.example for query in read_folder(content_root() / "queries") if query.name == name)
    page = http.get(f"/queries/{name}", params=example | {"lang": "en"}).text
    target = re.search(r'href="(/sparql\?example=[^"]*)"', page)
    assert target
    editor = http.get(target[1].replace("&amp;", "&")).text
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", editor, re.DOTALL)
    assert text
    query = httpx.QueryParams(f"q={text[1]}") and text[1].replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"').replace("&#39;", "'").replace("&amp;", "&")  # fmt: skip
    assert "#+" not in query
    direct = http.post("/sparql", data={"query": query}, headers={"Accept": "application/sparql-results+json, text/turtle;q=0.5"})  # fmt: skip
    assert direct.status_code == 200, direct.text
    if direct.headers["content-type"].startswith("application/sparql-results"):
        whole = http.get(f"/queries/{name}.srj", params=example).json()
        assert len(direct.json()["results"]["bindings"]) == len(whole["results"]["bindings"])


@pytest.mark.parametrize(("given", "told"), [({"agency": "大连市公安厅"}, "大连市公安局"), ({"filter": "value:ge:many"}, "a number such as 91.4"), ({"nope": "1"}, "observation"), ({"sort": "nope"}, "periodEnd")])  # fmt: skip
def test_a_browser_is_told_what_does_not_fit_beside_the_form(
    http: httpx.Client, given: dict[str, str], told: str
) -> None:
    answer = http.get("/queries/observations", params=given | {"lang": "en"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "text/html; charset=utf-8")
    problem = re.search(r'role="alert">(.*?)</div>', answer.text, re.DOTALL)
    assert problem
    assert told in problem[1]
    assert 'class="query"' in answer.text
    assert http.get("/queries/observations", params=given, headers={"Accept": "*/*"}).json()["status"] == 422


def test_arranging_leads_nowhere_else(http: httpx.Client) -> None:
    given = {"kept": "kind=money", "column": "value", "operator": "ge", "value": "1", "lang": "en"}
    answer = http.get("/queries/observations/arrange", params=given)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/queries/observations?kind=money&filter=value%3Age%3A1&lang=en"
    assert http.get("/queries/nope/arrange", params=given).status_code == 404
    plain = http.get("/queries/observations/arrange", params={"column": "exact", "value": " "})
    assert plain.headers["location"] == "/queries/observations"


def test_the_catalogue_has_each_query_under_one_theme(http: httpx.Client) -> None:
    page = http.get("/queries", params={"lang": "en"}).text
    linked = re.findall(r'<li><a href="/queries/([\w-]+)\?', page)
    assert sorted(linked) == sorted(QUERIES)


@pytest.mark.parametrize(
    ("path", "chart", "more"),
    [
        ("compare-metric?metric=computers-per-officer", "metric=metric%3Acomputers-per-officer&lang=en", False),
        ("compare-metric?metric=computers-per-officer&place=大连市", "metric=metric%3Acomputers-per-officer&places=%E5%A4%A7%E8%BF%9E%E5%B8%82&lang=en", False),
        ("observations?metric=computers-per-officer&agency=大连市公安局", "metric=metric%3Acomputers-per-officer&lang=en", True),
        ("observations?observation=826ec1811efe-1172-1178", "metric=metric%3Acomputers-per-officer&lang=en", True),
    ],
)  # fmt: skip
def test_rows_of_one_metric_have_its_chart(http: httpx.Client, path: str, chart: str, more: bool) -> None:
    page = http.get(f"/queries/{path}", params={"lang": "en"} | dict(httpx.QueryParams(path.partition("?")[2]))).text
    shown = re.search(r'<img src="(/compare\.svg\?[^"]*)"', page)
    assert shown
    address = shown[1].replace("&amp;", "&")
    assert address.startswith(f"/compare.svg?{chart}")
    assert http.get(address).headers["content-type"] == "image/svg+xml; charset=utf-8"
    assert ("also those that the conditions above leave out" in page) == more


@pytest.mark.parametrize("path", ["changes", "money", "coverage", "observations?kind=money", "observations?metric=basic-data-collection-rank"])  # fmt: skip
def test_rows_of_several_metrics_or_without_a_number_have_none(http: httpx.Client, path: str) -> None:
    answer = http.get(f"/queries/{path}")
    assert answer.status_code == 200
    assert "<figure" not in answer.text
