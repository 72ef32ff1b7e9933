"""What two releases say differently of claims, told as page, JSON and Atom."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from reformgraph.engines.embedded import Embedded
from reformgraph.namespaces import BASE, GRAPH, RG
from reformgraph.publishing import changelog
from reformgraph.publishing.changelog import Changes

HEAD = """PREFIX rg: <https://w3id.org/reformgraph/ns#>
PREFIX obs: <https://w3id.org/reformgraph/obs/>
PREFIX span: <https://w3id.org/reformgraph/span/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX dcterms: <http://purl.org/dc/terms/>
"""
ONE = "obs:0123456789ab-1-3 a rg:Observation, rg:Claim ; rg:value 5 ; rg:evidence span:0123456789ab-1-3 ; rg:firstEvidence span:0123456789ab-1-3 . span:0123456789ab-1-3 rg:exact '5人' ; rg:start 1 ."
TWO = "obs:0123456789ab-7-9 a rg:Observation, rg:Claim ; rg:value 8 ."
ATOM = "{http://www.w3.org/2005/Atom}"


def between(folder: Path, before: str, after: str, graph: str = "doc-0123456789ab") -> Changes:
    engines = []
    folder.mkdir(exist_ok=True)
    for name, text in (("before", before), ("after", after)):
        store = ox.Store(str(folder / name))
        store.load(HEAD + text, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(GRAPH + graph))
        store.flush()
        del store
        engines.append(Embedded.open(folder / name))
    return changelog.changes(*engines)


def iris(claims: tuple[changelog.Claim, ...]) -> list[str]:
    return [claim.iri.removeprefix(BASE) for claim in claims]


def test_equal_stores_have_no_changes(tmp_path: Path) -> None:
    assert len(between(tmp_path, ONE + TWO, TWO + ONE)) == 0


def test_a_claim_that_only_the_later_has_is_added_with_its_words(tmp_path: Path) -> None:
    found = between(tmp_path, TWO, ONE + TWO)
    assert (iris(found.added), len(found)) == (["obs/0123456789ab-1-3"], 1)
    assert (found.added[0].exact, found.added[0].document) == ("5人", "0123456789ab")


def test_a_claim_that_only_the_earlier_has_is_withdrawn(tmp_path: Path) -> None:
    found = between(tmp_path, ONE + TWO, TWO)
    assert (iris(found.withdrawn), len(found)) == (["obs/0123456789ab-1-3"], 1)
    assert found.withdrawn[0].exact == "5人"


def test_a_claim_that_is_deprecated_is_withdrawn_with_its_successor(tmp_path: Path) -> None:
    gone = "obs:0123456789ab-1-3 owl:deprecated true ; dcterms:isReplacedBy obs:0123456789ab-7-9 ."
    found = between(tmp_path, ONE + TWO, gone + TWO)
    assert (iris(found.withdrawn), len(found)) == (["obs/0123456789ab-1-3"], 1)
    assert found.withdrawn[0].successors == (f"{BASE}obs/0123456789ab-7-9",)


def test_a_claim_that_was_deprecated_before_is_no_news(tmp_path: Path) -> None:
    gone = "obs:0123456789ab-1-3 owl:deprecated true ."
    assert len(between(tmp_path, gone + TWO, TWO)) == 0


def test_other_triples_under_the_same_iri_are_a_correction(tmp_path: Path) -> None:
    found = between(tmp_path, ONE, ONE.replace("rg:value 5", "rg:value 6"))
    (correction,) = found.corrected
    number = "http://www.w3.org/2001/XMLSchema#integer"
    assert correction.gone == [(RG + "value", f'"5"^^<{number}>')]
    assert correction.new == [(RG + "value", f'"6"^^<{number}>')]


def test_a_moved_span_is_a_correction_of_its_claim(tmp_path: Path) -> None:
    found = between(tmp_path, ONE, ONE.replace("rg:start 1", "rg:start 2"))
    assert [(one.after.iri.removeprefix(BASE), len(one.gone)) for one in found.corrected] == [
        ("obs/0123456789ab-1-3", 1)
    ]


def test_what_rules_derive_is_not_compared(tmp_path: Path) -> None:
    assert len(between(tmp_path, ONE, ONE.replace("rg:value 5", "rg:value 6"), graph="derived")) == 0


def test_the_way_back_is_the_mirror_image(tmp_path: Path) -> None:
    there = between(tmp_path / "a", ONE, ONE.replace("5 ;", "6 ;") + TWO)
    back = between(tmp_path / "b", ONE.replace("5 ;", "6 ;") + TWO, ONE)
    assert (iris(there.added), iris(there.withdrawn)) == (iris(back.withdrawn), iris(back.added))
    assert [one.gone for one in there.corrected] == [one.new for one in back.corrected]


@pytest.fixture(scope="module")
def told(http: httpx.Client) -> dict[str, str]:
    """The newest step of the running service."""
    found: dict[str, str] = http.get("/changelog.json").json()
    return found


def test_the_feed_is_atom_with_one_entry_for_each_change(http: httpx.Client, told: dict[str, dict[str, int]]) -> None:
    answer = http.get("/changelog.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ET.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.iter(f"{ATOM}entry")):
        assert all(element.find(ATOM + name) is not None for name in ("id", "title", "updated"))
    assert len(list(feed.iter(f"{ATOM}entry"))) == sum(told["counts"].values())
    entries = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(set(entries)) == len(entries)


@pytest.mark.parametrize(("language", "word"), [("zh", "版本之间的变化"), ("en", "Changes between releases")])
def test_the_page_speaks_both_languages(http: httpx.Client, language: str, word: str) -> None:
    page = http.get(f"/changelog?lang={language}", headers={"Accept": "text/html"})
    assert f"<h1>{word}</h1>" in page.text


@pytest.mark.parametrize(
    ("query", "status"), [("from=0123456789ab", 404), ("to=0123456789ab", 404), ("from=x", 422), ("since=y", 422)]
)
def test_a_request_that_does_not_fit_is_told(http: httpx.Client, query: str, status: int) -> None:
    assert http.get(f"/changelog?{query}").status_code == status
