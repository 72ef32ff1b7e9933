"""One rule: a thing answers with 200 at its path, other names lead there with 303, what is not there is told."""

from __future__ import annotations

import re

import httpx
import pytest

from reformgraph.namespaces import BASE

DALIAN = "agency/dalian-shi-gonganju"
PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        ("*/*", "ttl"),
        ("text/html", "html"),
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "rdf"),
        ("application/n-quads", "nq"),
        ("application/trig", "trig"),
        ("text/turtle;q=0.1, application/rdf+xml", "rdf"),
        (PAGE["Accept"], "html"),
    ],
)
def test_the_thing_answers_directly_and_names_the_document(http: httpx.Client, accept: str, suffix: str) -> None:
    answer = http.get(f"/{DALIAN}", headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-location"] == f"{http.base_url}/{DALIAN}.{suffix}".replace("//agency", "/agency")
    assert http.get(answer.headers["content-location"]).headers["content-type"] == answer.headers["content-type"]


def test_what_cannot_be_given_is_406_with_what_can(http: httpx.Client) -> None:
    answer = http.get(f"/{DALIAN}", headers={"Accept": "image/png"})
    assert (answer.status_code, "text/turtle" in answer.json()["offered"]) == (406, True)


def links(answer: httpx.Response) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for target, rel, _, kind in re.findall(r'<([^>]*)>; rel="([^"]*)"(; type="([^"]*)")?', answer.headers["link"]):
        found.setdefault(rel, []).append((target, kind))
    return found


def test_the_links_follow_signposting_and_each_local_one_answers_in_its_type(http: httpx.Client) -> None:
    found = links(http.get(f"/{DALIAN}"))
    assert found["cite-as"] == [(BASE + DALIAN, "")]
    assert (f"{BASE}ns#Agency", "") in found["type"]
    assert found["license"] == [("https://creativecommons.org/licenses/by/4.0/", "")]
    assert len(found["alternate"]) == 8
    for target, kind in found["alternate"] + found["describedby"] + found["collection"]:
        answer = http.get(target)
        assert answer.status_code == 200
        assert not kind or answer.headers["content-type"].startswith(kind), target


def test_a_page_has_the_same_links(http: httpx.Client) -> None:
    page = links(http.get(f"/{DALIAN}", headers=PAGE))
    turtle = links(http.get(f"/{DALIAN}"))
    assert {**page, "next": []} == {**turtle, "next": []}


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("agency/大连市公安局", DALIAN),
        ("agency/%E5%A4%A7%E8%BF%9E%E5%B8%82%E5%85%AC%E5%AE%89%E5%B1%80", DALIAN),
        ("agency/Public Security Bureau of Dalian", DALIAN),
        ("agency/DALIAN-shi-gonganju", DALIAN),
        ("place/210200", "place/cn-210200"),
        ("place/大连", "place/cn-210200"),
    ],
)
def test_another_name_leads_to_the_path_with_303(http: httpx.Client, asked: str, canonical: str) -> None:
    answer = http.get(f"/{asked}")
    assert (answer.status_code, answer.headers["location"]) == (303, str(http.base_url.join("/" + canonical)))


def test_the_way_keeps_suffix_and_parameters(http: httpx.Client) -> None:
    answer = http.get("/place/210200.ttl?limit=3")
    assert answer.headers["location"] == str(http.base_url.join("/place/cn-210200.ttl?limit=3"))


@pytest.mark.parametrize("path", [DALIAN, "agency", "ns", "ns/metrics"])
def test_a_slash_at_the_end_goes_with_308(http: httpx.Client, path: str) -> None:
    answer = http.get(f"/{path}/?format=nt")
    assert (answer.status_code, answer.headers["location"]) == (308, str(http.base_url.join(f"/{path}?format=nt")))
    assert http.get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("agency/dalian-gonganju", DALIAN),
        ("agency/大连公安局", DALIAN),
        ("agency/Security Bureau of Dalian", DALIAN),
        ("metric/computer", "metric/computers"),
        ("agenci", "agency"),
        ("agenci/x", "agency"),
        ("ns/metric", "ns"),
    ],
)
def test_what_is_not_there_is_404_with_the_nearest_iris_and_labels(http: httpx.Client, path: str, nearest: str) -> None:
    answer = http.get(f"/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json; charset=utf-8")
    assert BASE + nearest in answer.json()["nearest"]
    assert set(answer.json()["labels"][BASE + nearest]) == {"zh", "en"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_browser_gets_the_404_as_a_page_with_links(http: httpx.Client, language: str) -> None:
    answer = http.get("/agency/dalian-gonganju", headers=PAGE, params={"lang": language})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert {"zh": "没有找到", "en": "Not found"}[language] in answer.text
    assert f'href="/{DALIAN}' in answer.text


@pytest.mark.parametrize("slug", ["x" * 5000, "a%00b", "%FF", "a>b", "..%2Fx", "x.csv", " "])
def test_odd_slugs_are_404(http: httpx.Client, slug: str) -> None:
    assert http.get(f"/agency/{slug}").status_code == 404


def test_two_readings_of_a_name_are_told_instead_of_chosen(http: httpx.Client) -> None:
    answer = http.get("/mechanism/网格化巡逻")
    both = [f"{BASE}mechanism/{city}-wanggehua-xunluo" for city in ("eerduosi", "panzhihua")]
    assert (answer.status_code, answer.json()["nearest"]) == (404, both)


@pytest.mark.parametrize("suffix", ["html", "ttl", "jsonld", "json", "nt", "rdf", "nq", "trig"])
def test_the_documents_of_terms_have_suffixes(http: httpx.Client, suffix: str) -> None:
    answer = http.get(f"/ns.{suffix}")
    assert answer.status_code == 200
    assert answer.headers["content-location"].endswith(f"/ns.{suffix}")


def test_the_version_iri_of_the_ontology_is_the_ontology(http: httpx.Client) -> None:
    assert http.get("/ns/0.1.0").content == http.get("/ns.ttl").content
    assert http.get("/ns/9.9.9").status_code == 404


def test_a_fresh_copy_is_not_sent_again(http: httpx.Client) -> None:
    first = http.get(f"/{DALIAN}")
    again = http.get(f"/{DALIAN}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["content-location"] == first.headers["content-location"]


@pytest.mark.parametrize("suffix", ["html", "ttl", "jsonld"])
def test_persons_are_not_for_search_engines(http: httpx.Client, suffix: str) -> None:
    for path in ("person", "person/chen-jie-dalian"):
        answer = http.get(f"/{path}.{suffix}")
        assert answer.headers["x-robots-tag"] == "noindex"
        assert suffix != "html" or '<meta name="robots" content="noindex">' in answer.text
    assert "x-robots-tag" not in http.get(f"/{DALIAN}.{suffix}").headers


def test_the_bytes_of_an_answer_do_not_change_from_one_start_to_the_next(http: httpx.Client) -> None:
    for suffix in ("ttl", "trig", "rdf", "jsonld"):
        content = http.get(f"/{DALIAN}.{suffix}").text
        declared = re.findall(r'@prefix (\S+):|xmlns:(\S+)=|"([a-z-]+)":"http', content.partition('"@id"')[0])
        names = ["".join(found) for found in declared]
        assert len(names) > 10
        assert names == sorted(names), suffix
