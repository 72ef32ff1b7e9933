"""What several requests together must show: ETags, HEAD, CORS, character sets."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest

SELECT = "/sparql?query=" + quote("SELECT ?g { GRAPH ?g {} } ORDER BY ?g LIMIT 3")
GRAPH = "/graphs?graph=" + quote("https://w3id.org/reformgraph/graph/registry", safe="")
PLACES = [SELECT, "/sparql", GRAPH, "/graphs", "/graphs?default", "/catalog", "/.well-known/void", "/prefixes"]


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=30) as client:
        yield client


@pytest.mark.parametrize("place", PLACES)
def test_an_etag_gives_304_without_a_body(http: httpx.Client, place: str) -> None:
    first = http.get(place)
    again = http.get(place, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert "Accept" in again.headers["vary"]


@pytest.mark.parametrize("place", PLACES)
def test_a_list_of_etags_in_two_lines_gives_304(http: httpx.Client, place: str) -> None:
    etag = http.get(place).headers["etag"]
    lines = [("If-None-Match", '"other"'), ("If-None-Match", f"W/{etag}")]
    assert http.get(place, headers=lines).status_code == 304


@pytest.mark.parametrize("place", PLACES)
def test_head_has_the_headers_of_get_and_no_body(http: httpx.Client, place: str) -> None:
    head, get = http.head(place), http.get(place)
    assert head.content == b""
    assert {**head.headers, "date": ""} == {**get.headers, "date": ""}
    assert int(head.headers["content-length"]) == len(get.content)


@pytest.mark.parametrize("place", PLACES)
def test_equal_requests_have_equal_bytes(http: httpx.Client, place: str) -> None:
    assert http.get(place).content == http.get(place).content


@pytest.mark.parametrize("place", [SELECT, GRAPH, "/sparql", "/catalog"])
def test_each_format_has_an_etag_of_its_own(http: httpx.Client, place: str) -> None:
    accepts = (
        ["text/csv", "application/sparql-results+xml"] if place == SELECT else ["text/turtle", "application/n-triples"]
    )
    assert len({http.get(place, headers={"Accept": accept}).headers["etag"] for accept in accepts}) == 2


def test_post_has_an_etag_of_its_query(http: httpx.Client) -> None:
    tags = {http.post("/sparql", data={"query": f"ASK {{ FILTER({n} = 1) }}"}).headers["etag"] for n in (1, 2)}
    assert len(tags) == 2


def test_query_with_a_body_is_answered_as_post(http: httpx.Client) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    answers = [
        http.request(method, "/sparql", content="SELECT (1 AS ?x) {}", headers=headers) for method in ("QUERY", "POST")
    ]
    assert answers[0].content == answers[1].content
    assert answers[0].headers["content-type"] == answers[1].headers["content-type"]


def test_an_error_names_its_place_in_the_query_that_was_sent(http: httpx.Client) -> None:
    """The base IRI that the service adds does not move it."""
    for query, place in (("ASK {", (1, 6)), ("ASK\n{\n?s ?p }", (3, 8))):
        body = http.get("/sparql", params={"query": query}).json()
        assert (body["line"], body["column"]) == place


def test_a_refused_media_type_says_what_to_post(http: httpx.Client) -> None:
    answer = http.post("/sparql", content="ASK {}", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415
    assert answer.headers["accept-post"] == "application/sparql-query, application/x-www-form-urlencoded"
    assert "application/sparql-query" in answer.json()["detail"]


def test_a_page_links_its_table_in_formats_that_a_browser_gets(http: httpx.Client) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    page = http.get(SELECT, headers=browser)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "format=csv" in page.text
    table = http.get(SELECT + "&format=csv", headers=browser)
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
