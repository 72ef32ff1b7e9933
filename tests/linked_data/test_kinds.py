"""`/{kind}` lists a kind, in pages that are together the whole."""

from __future__ import annotations

import httpx
import pyoxigraph as ox
import pytest
from linked_harness import read

from reformgraph.namespaces import BASE, KINDS, RDFS, SKOS

MEMBER = ox.NamedNode(RDFS + "member")


def listed(content: bytes, format_: ox.RdfFormat) -> set[str]:
    return {q.object.value for q in read(content, format_) if q.predicate == MEMBER}  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_the_same_list_in_json_and_rdf(http: httpx.Client, kind: str) -> None:
    things = {row["thing"] for row in http.get(f"/{kind}").json()["members"]}
    for suffix in ("ttl", "jsonld", "nt", "rdf"):
        answer = http.get(f"/{kind}.{suffix}")
        assert listed(answer.content, ox.RdfFormat.from_extension(suffix)) == things
        assert answer.links["cite-as"]["url"] == BASE + kind


@pytest.mark.parametrize(
    ("start", "suffix"), [("/span", "json"), ("/metric?limit=50", "ttl"), ("/metric?limit=50", "json")]
)
def test_the_pages_of_a_long_list_are_the_whole(http: httpx.Client, ours: set[str], start: str, suffix: str) -> None:
    url, found, pages = f"{start}&format={suffix}" if "?" in start else f"{start}?format={suffix}", [], 0
    while url:
        answer = http.get(url)
        if suffix == "json":
            assert answer.json()["next"] == answer.links.get("next", {}).get("url")
            found += [row["thing"] for row in answer.json()["members"]]
        else:
            found += sorted(listed(answer.content, ox.RdfFormat.TURTLE))
        url, pages = answer.links.get("next", {}).get("url", ""), pages + 1
    kind = start.partition("?")[0][1:]
    assert pages > 3
    assert len(found) == len(set(found))
    assert set(found) == {iri for iri in ours if iri.startswith(f"{BASE}{kind}/") and "#" not in iri}


def test_members_of_a_list_have_both_labels(http: httpx.Client) -> None:
    quads = read(http.get("/agency.nt").content, ox.RdfFormat.N_TRIPLES)
    labels = {(q.subject, q.object.language) for q in quads if q.predicate == ox.NamedNode(SKOS + "prefLabel")}  # type: ignore[union-attr]
    members = [q.object for q in quads if q.predicate == MEMBER]
    assert {(member, tag) for member in members for tag in ("zh", "en")} == labels


@pytest.mark.parametrize(("language", "title", "step"), [("zh", "文段", "下一页"), ("en", "Spans", "Next page")])
def test_the_page_of_a_list_leads_on_in_both_languages(
    http: httpx.Client, language: str, title: str, step: str
) -> None:
    text = http.get("/span.html", params={"lang": language}).text
    assert title in text
    assert step in text
    assert "13000余台" in text


def test_an_over_limit_size_is_refused(http: httpx.Client) -> None:
    assert http.get("/span?limit=100000").json()["parameter"] == "limit"
