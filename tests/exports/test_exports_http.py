"""`/exports` over HTTP: the list, the files, ranges, validators, and that the descriptions name all of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import httpx
import pyoxigraph as ox
import pytest


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=120) as client:
        yield client


@pytest.fixture(scope="module")
def listed(http: httpx.Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = http.get("/exports").raise_for_status().json()["exports"]
    return found


def test_every_file_of_the_list_has_its_size_type_and_digest(http: httpx.Client, listed: list[dict[str, Any]]) -> None:
    assert len(listed) > 40
    for file in listed:
        answer = http.get(file["url"])
        assert answer.headers["content-length"] == str(file["size"])
        assert answer.headers["content-type"].partition(";")[0] == file["mediaType"]
        assert answer.headers["etag"] == f'"{file["sha256"]}"'
        assert hashlib.sha256(answer.content).hexdigest() == file["sha256"]


def test_a_part_of_a_file_can_be_asked_for(http: httpx.Client) -> None:
    whole = http.get("/exports/reformgraph.nt")
    part = http.get("/exports/reformgraph.nt", headers={"Range": "bytes=100-199", "If-Range": whole.headers["etag"]})
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    assert http.get("/exports/reformgraph.nt", headers={"Range": "bytes=999999999-"}).status_code == 416


def test_a_known_file_is_not_sent_again(http: httpx.Client, listed: list[dict[str, Any]]) -> None:
    for path in ("/exports", "/exports/reformgraph.gexf"):
        known = http.head(path).headers["etag"]
        assert http.get(path, headers={"If-None-Match": known}).status_code == 304


def test_the_page_lists_the_files_in_both_languages(http: httpx.Client, listed: list[dict[str, Any]]) -> None:
    for language, head in (("zh", "网络工具"), ("en", "Network tools")):
        page = http.get("/exports.html", params={"lang": language}).text
        assert head in page
        assert all(f'href="/exports/{file["name"]}"' in page and file["sha256"][:12] in page for file in listed)


def test_the_list_names_what_is_made_when_it_is_asked_for(http: httpx.Client) -> None:
    beside = http.get("/exports.json").json()["seeAlso"]
    assert [entry["url"].rpartition("/")[2] for entry in beside] == ["cubes.ttl", "cubes.csv", "croissant.json"]
    page = http.get("/exports.html", params={"lang": "en"}).text
    for entry in beside:
        answer = http.get(entry["url"]).raise_for_status()
        assert answer.headers["content-type"].partition(";")[0] == entry["mediaType"]
        assert entry["title"]["en"] in page


@pytest.mark.parametrize(
    ("path", "status"),
    [("/exports/none.ttl", 404), ("/exports?colour=red", 422), ("/exports/reformgraph.ttl?colour=red", 422),
     ("/exports?lang=fr", 422), ("/exports?format=ttl", 422), ("/exports/..%2Fmanifest.json", 404)],
)  # fmt: skip
def test_what_does_not_fit_is_a_problem_document(http: httpx.Client, path: str, status: int) -> None:
    answer = http.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_dcat_names_every_file(http: httpx.Client, listed: list[dict[str, Any]]) -> None:
    triples = list(ox.parse(http.get("/catalog.nt").content, format=ox.RdfFormat.N_TRIPLES))
    named = {q.object.value: q.subject for q in triples if q.predicate.value.endswith("#downloadURL")}
    types = {q.subject: q.object.value for q in triples if q.predicate.value.endswith("#mediaType")}
    assert {file["url"] for file in listed} <= named.keys()
    assert types[named[next(f["url"] for f in listed if f["name"] == "reformgraph.ttl.gz")]].endswith("text/turtle")


def test_void_names_the_dumps(http: httpx.Client, listed: list[dict[str, Any]]) -> None:
    triples = ox.parse(http.get("/.well-known/void.nt").content, format=ox.RdfFormat.N_TRIPLES)
    dumps = {q.object.value for q in triples if q.predicate.value.endswith("#dataDump")}
    wholes = [f["url"] for f in listed if f["name"].startswith("reformgraph.") and f["group"] == "graph"]
    assert len(wholes) == 12
    assert set(wholes) <= dumps
