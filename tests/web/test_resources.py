"""Every IRI of the graph at its own path."""

from __future__ import annotations

import random
import re
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from reformgraph.namespaces import BASE, KINDS

ALL = f'SELECT DISTINCT ?s {{ ?s a ?type FILTER(STRSTARTS(STR(?s), "{BASE}") && !CONTAINS(STR(?s), "#")) }} ORDER BY ?s'
EMPTY = {"run", "derived", "finding"}


@pytest.fixture(scope="module")
def http(server: str) -> Any:
    with httpx.Client(base_url=server, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def iris(http: httpx.Client) -> list[str]:
    return http.get("/sparql", params={"query": ALL, "format": "csv"}).text.split()[1:]


def sample(iris: list[str]) -> list[str]:
    """One of each kind and sixty of all."""
    kinds = {iri.removeprefix(BASE).split("/")[0]: iri for iri in iris if iri.startswith(BASE)}
    return [*kinds.values(), *random.Random(7).sample(iris, 60)]


def test_the_graph_has_things_of_nearly_every_kind(iris: list[str]) -> None:
    assert {iri.removeprefix(BASE).split("/")[0] for iri in iris} >= set(KINDS) - EMPTY - {"ns", "shapes"}


def test_each_answers_as_page_turtle_and_json_ld(http: httpx.Client, iris: list[str]) -> None:
    for iri in sample(iris):
        path = "/" + iri.removeprefix(BASE)
        page = http.get(path, headers={"Accept": "text/html"})
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8"), path
        for format_ in (ox.RdfFormat.TURTLE, ox.RdfFormat.JSON_LD):
            answer = http.get(path, headers={"Accept": format_.media_type})
            assert answer.status_code == 200, path
            assert any(str(quad.subject) == f"<{iri}>" for quad in ox.parse(answer.content, format=format_)), path


def test_pages_load_nothing_from_elsewhere_and_run_no_script_but_ours(http: httpx.Client, iris: list[str]) -> None:
    paths = [
        "/",
        "/queries",
        "/sparql",
        "/ns",
        "/docs",
        "/agency",
        *("/" + i.removeprefix(BASE) for i in sample(iris)[:30]),
    ]
    for path in paths:
        for language in ("zh", "en"):
            text = http.get(path, params={"lang": language}, headers={"Accept": "text/html"}).text
            assert not re.search(
                r"<script(?! type=.application/ld.json.>| defer src=./static/)|<(link|img)[^>]+(href|src)=\"(https?:)?//",
                text,
            ), path
            assert f'<html lang="{"zh-Hans" if language == "zh" else "en"}"' in text


def test_the_claim_card_tells_figure_words_speaker_period_and_inference(http: httpx.Client) -> None:
    text = http.get("/obs/826ec1811efe-1536-1542?lang=en", headers={"Accept": "text/html"}).text
    for words in ("−40%", "下降了40%", "Public Security Bureau of Dalian", "self-report", "2009-01-01 – 2009-12-15", "inferred", "nothing to compare", "SELECT ?value"):  # fmt: skip
        assert words in text, words


def test_links_and_suffixes(http: httpx.Client) -> None:
    answer = http.get("/obs/826ec1811efe-1536-1542.ttl")
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    assert answer.links["cite-as"]["url"] == BASE + "obs/826ec1811efe-1536-1542"
    assert "rg:Observation" in answer.text


def test_a_second_figure_on_a_span_keeps_its_dot(http: httpx.Client) -> None:
    assert http.get("/obs/2d604a421b00-1684-1687.2", headers={"Accept": "text/html"}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/foo", "/foo/bar", "/agency/nobody", "/obs/1-2", "/agency/a%3Eb", "/agency/%E5%A4%A7"]
)
def test_what_is_not_there_is_404(http: httpx.Client, path: str) -> None:
    answer = http.get(path)
    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_a_kind_lists_its_things(http: httpx.Client) -> None:
    assert len(http.get("/agency").json()["members"]) >= 30


@pytest.mark.parametrize("path", ["/foo", "/foo/bar", "/foo/bar/baz", "/agency/nobody"])
def test_a_first_segment_that_is_no_kind_is_404_like_a_thing_that_is_not_there(http: httpx.Client, path: str) -> None:
    assert http.get(path).status_code == 404


def test_a_slug_that_is_not_there_is_told_with_near_names(http: httpx.Client) -> None:
    body = http.get("/agency/dalian-gonganju").json()
    assert "dalian" in " ".join(body["nearest"]).lower()


@pytest.mark.parametrize("kind", sorted(set(KINDS) - EMPTY))
def test_a_member_of_each_kind_answers_in_three_formats(http: httpx.Client, kind: str) -> None:
    path = "/" + http.get(f"/{kind}").json()["members"][0]["thing"].removeprefix(BASE)
    for media_type in ("text/html", "text/turtle", "application/ld+json"):
        answer = http.get(path, headers={"Accept": media_type})
        assert (answer.status_code, answer.headers["content-type"]) == (200, f"{media_type}; charset=utf-8")


def test_a_resource_without_accept_is_turtle_and_a_suffix_beats_accept(http: httpx.Client) -> None:
    path = "/agency/dalian-shi-gonganju"
    assert http.get(path).headers["content-type"] == "text/turtle; charset=utf-8"
    answer = http.get(path + ".jsonld", headers={"Accept": "text/html"})
    assert answer.headers["content-type"] == "application/ld+json; charset=utf-8"


def test_the_claim_card_speaks_chinese(http: httpx.Client) -> None:
    text = http.get("/obs/826ec1811efe-1536-1542?lang=zh", headers={"Accept": "text/html"}).text
    for words in ("−40%", "下降了40%", "大连市公安局", "2009-01-01 – 2009-12-15", "推断", "无从比较"):
        assert words in text, words
