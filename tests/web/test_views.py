"""`sort`, `filter`, `fields`, `lang` on every canned query: over HTTP, in every format, page by page."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from reformgraph.canned.columns import read_columns
from reformgraph.canned.files import read_folder
from reformgraph.canned.tables import Table
from reformgraph.content import content_root

QUERIES = {query.name: query for query in read_folder(content_root() / "queries") if query.form == "select"}
VIEW = [("sort", "-value,periodEnd"), ("filter", "value:ge:10"), ("filter", "bound:in:over,at-least"), ("fields", "exact,value,periodEnd,bound")]  # fmt: skip


@pytest.fixture(scope="module")
def http(server: str) -> Any:
    with httpx.Client(base_url=server, timeout=60) as client:
        yield client


def walked(http: httpx.Client, url: str, params: list[tuple[str, str]]) -> list[list[dict[str, Any]]]:
    """The rows of each page, following `next`."""
    answer = http.get(url, params=params)
    pages = [answer.json()["rows"]]
    while following := answer.json()["next"]:
        assert answer.links["next"]["url"] == following
        answer = http.get(following)
        pages.append(answer.json()["rows"])
    return pages


def test_rows_are_sorted_filtered_and_cut(http: httpx.Client) -> None:
    body = http.get("/queries/observations", params=[*VIEW, ("limit", "1000")]).json()
    values = [row["value"] for row in body["rows"]]
    assert body["columns"] == list(body["columnTitles"]) == ["exact", "value", "periodEnd", "bound"]
    assert values == sorted(values, reverse=True)
    assert len(values) > 20
    assert min(values) >= 10
    assert {row["bound"] for row in body["rows"]} == {"over", "at-least"}


@pytest.mark.parametrize("view", [VIEW, VIEW[:1], VIEW[1:2], VIEW[3:], []])
def test_the_walked_pages_are_the_whole_whatever_the_view(http: httpx.Client, view: list[tuple[str, str]]) -> None:
    whole = http.get("/queries/observations", params=[*view, ("limit", "5000")]).json()["rows"]
    pages = walked(http, "/queries/observations", [*view, ("limit", "13")])
    assert {len(page) for page in pages[:-1]} == {13}
    assert [row for page in pages for row in page] == whole


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_can_be_walked_sorted_by_any_column(http: httpx.Client, name: str) -> None:
    query = QUERIES[name]
    example = [(key, value) for key, values in query.example.items() for value in values]
    view = [*example, ("sort", f"-{query.columns[-1]},{query.columns[0]}"), ("fields", ",".join(query.columns[::-1]))]
    whole = http.get(f"/queries/{name}", params=[*view, ("limit", "10000")]).json()["rows"]
    size = str(len(whole) // 3 + 1)
    pages = walked(http, f"/queries/{name}", [*view, ("limit", size)])
    assert [row for page in pages for row in page] == whole
    plain = http.get(f"/queries/{name}", params=[*example, ("limit", "10000")]).json()["rows"]
    assert sorted(map(repr, (sorted(r.items()) for r in plain))) == sorted(
        map(repr, (sorted(r.items()) for r in whole))
    )


@pytest.mark.parametrize("name", QUERIES)
def test_the_dictionary_tells_the_type_of_every_column(http: httpx.Client, name: str) -> None:
    answer = http.get(f"/queries/{name}.srj", params=QUERIES[name].example)
    found = ox.parse_query_results(answer.content, format=ox.QueryResultsFormat.JSON)
    assert isinstance(found, ox.QuerySolutions)
    table, known = Table.of(found), read_columns(content_root() / "queries")
    for column in table.columns:
        told, seen = known[column].type, table.type_of(column)
        empty = all(term is None for term in table.cells(column))
        assert told, column
        assert empty or told == seen or (told, seen) == ("number", "integer"), column


def test_links_of_a_middle_page_carry_the_view(http: httpx.Client) -> None:
    first = http.get("/queries/observations", params=[*VIEW, ("limit", "5")])
    second = http.get(first.links["next"]["url"])
    third = http.get(second.links["next"]["url"])
    assert third.links["first"]["url"] == str(first.url)
    assert second.links["prev"]["url"] == str(first.url)
    assert http.get(third.links["prev"]["url"]).json()["rows"] == second.json()["rows"]


def test_a_view_of_a_form_is_walked_too(http: httpx.Client) -> None:
    form = {"sort": "-value", "filter": ["value:gt:0", "kind:eq:money"], "fields": "value", "limit": "4"}
    first = http.post("/queries/observations", data=form).json()
    second = http.get(first["next"]).json()
    whole = http.post("/queries/observations", data=form | {"limit": "8"}).json()
    assert first["rows"] + second["rows"] == whole["rows"]


@pytest.mark.parametrize("suffix", ["csv", "tsv", "srj", "srx"])
def test_the_other_formats_have_the_rows_of_the_view(http: httpx.Client, suffix: str) -> None:
    whole = http.get("/queries/observations", params=[*VIEW, ("limit", "5000")]).json()["rows"]
    answer = http.get(f"/queries/observations.{suffix}", params=VIEW)
    if suffix == "csv":
        rows = list(csv.reader(io.StringIO(answer.text, newline="")))
        assert rows[0] == ["exact", "value", "periodEnd", "bound"]
        assert [row[0].removeprefix("'") for row in rows[1:]] == [row["exact"] for row in whole]
        return
    formats = {"tsv": ox.QueryResultsFormat.TSV, "srj": ox.QueryResultsFormat.JSON, "srx": ox.QueryResultsFormat.XML}
    found = ox.parse_query_results(answer.content, format=formats[suffix])
    assert isinstance(found, ox.QuerySolutions)
    terms = list(found)
    assert [row["exact"].value for row in terms] == [row["exact"] for row in whole]
    ends = [row["periodEnd"] for row in terms if row["periodEnd"] is not None]
    assert {term.datatype.value.rpartition("#")[2] for term in ends} == {"date"}


def test_srj_of_a_view_has_the_terms_of_the_plain_answer(http: httpx.Client) -> None:
    names = ",".join(QUERIES["observations"].columns)
    plain = http.get("/queries/observations.srj").json()
    viewed = http.get("/queries/observations.srj", params={"fields": names}).json()
    assert viewed == plain
    assert len(viewed["results"]["bindings"]) > 200


def test_limit_and_cursor_cut_a_sorted_csv(http: httpx.Client) -> None:
    lines = http.get("/queries/observations.csv", params=VIEW).text.split("\r\n")
    assert http.get("/queries/observations.csv", params=[*VIEW, ("limit", "3")]).text.split("\r\n")[:4] == lines[:4]
    following = http.get("/queries/observations", params=[*VIEW, ("limit", "3")]).json()["next"]
    rest = http.get(following.replace("/observations?", "/observations.csv?")).text.split("\r\n")
    assert rest[1:4] == lines[4:7]


def test_lang_is_the_language_of_titles_labels_and_page(http: httpx.Client) -> None:
    asked = {"agency": "大连市公安局", "kind": "change"}
    zh, en = (http.get("/queries/observations", params=asked | {"lang": tag}).json() for tag in ("zh", "en"))
    assert (zh["columnTitles"]["value"], en["columnTitles"]["value"]) == ("数值", "Value")
    assert zh["parameters"]["agency"]["label"] == "大连市公安局"
    assert en["parameters"]["agency"]["label"] == "Public Security Bureau of Dalian"
    assert en["parameters"]["kind"]["label"] not in (None, zh["parameters"]["kind"]["label"])
    assert zh["rows"] == en["rows"]
    preferred = http.get("/queries/observations", params=asked, headers={"Accept-Language": "en-GB,zh;q=0.5"}).json()
    assert preferred == en


@pytest.mark.parametrize(
    ("params", "parameter", "allowed"),
    [
        ({"sort": "-size"}, "sort", "value"),
        ({"fields": "value,size"}, "fields", "value"),
        ({"filter": "size:eq:1"}, "filter", "value"),
        ({"filter": "value:about:1"}, "filter", "ge"),
        ({"filter": "value:ge:many"}, "filter", "a number such as 91.4"),
        ({"filter": "periodEnd:ge:lately"}, "filter", "a date such as 2009-12-31"),
        ({"filter": "nothing"}, "filter", "ge"),
        ({"lang": "fr"}, "lang", "en"),
        ({"bom": "yes"}, "bom", "1"),
        ({"order": "value"}, "order", "sort"),
        ({"sort": ["value", "kind"]}, "sort", None),
    ],
)
@pytest.mark.parametrize("suffix", ["", ".csv", ".html"])
def test_a_view_that_does_not_fit_is_told(
    http: httpx.Client, params: dict[str, Any], parameter: str, allowed: str | None, suffix: str
) -> None:
    answer = http.get(f"/queries/observations{suffix}", params=params)
    body = answer.json()
    assert (answer.status_code, body["parameter"]) == (422, parameter)
    assert allowed is None or allowed in body["allowed"]


@pytest.mark.parametrize("text", ["value:eq:1 } } DROP ALL", "exact:has:\\u0000", "exact:eq:\x00", "exact:has:{{", 'exact:in:["\'"]'])  # fmt: skip
def test_a_condition_is_only_compared(http: httpx.Client, text: str) -> None:
    answer = http.get("/queries/observations", params={"filter": text})
    assert (answer.status_code, answer.json().get("rows", [])) in ((200, []), (422, []))


def test_empty_fields_of_a_form_ask_nothing(http: httpx.Client) -> None:
    empty = dict.fromkeys(("sort", "filter", "fields", "limit", "cursor", "format", "lang", "bom", "agency"), "")
    assert http.get("/queries/observations", params=empty).json()["rows"] == http.get("/queries/observations").json()["rows"]  # fmt: skip


@pytest.mark.parametrize(("language", "title", "word"), [("zh", "数值", "筛选"), ("en", "Value", "Filter")])
def test_the_page_has_form_titles_and_links_in_its_language(
    http: httpx.Client, language: str, title: str, word: str
) -> None:
    params = [*VIEW, ("lang", language), ("limit", "5"), ("kind", "money")]
    page = http.get("/queries/observations.html", params=params).text
    assert f">{title}</span>" in page
    assert word in page
    for name in ("sort", "filter", "fields", "limit"):
        assert f'name="{name}"' in page
    assert 'value="value:ge:10"' in page
    for suffix in ("json", "csv", "tsv", "srj", "srx", "parquet", "xlsx", "geojson"):
        link = page.partition(f'href="/queries/observations.{suffix}?')[2].partition('"')[0].replace("&amp;", "&")
        answer = http.get(f"/queries/observations.{suffix}?{link}")
        assert (answer.status_code, "filter=value%3Age%3A10" in link, "limit" in link) == (200, True, False)
