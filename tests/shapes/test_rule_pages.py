"""Each rule has a page at its own address, to which its IRI and every report lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from reformgraph.content import content_root
from reformgraph.errors import SourceFileError
from reformgraph.namespaces import RGS
from reformgraph.shacl.examples import Example
from reformgraph.shacl.rulebook import Rulebook
from reformgraph.validation import read_shapes, rule_names

BOOK = Rulebook.read(read_shapes(content_root()), content_root() / "shapes" / "examples")
NAMES = [rule.name for rule in BOOK.rules]


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=60) as client:
        yield client


def page(http: httpx.Client, path: str, language: str = "en") -> str:
    answer = http.get(path, params={"lang": language}, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    return unescape(answer.text)


def test_the_book_holds_every_rule_that_can_have_a_result() -> None:
    assert sorted(RGS + name for name in NAMES) == rule_names(read_shapes(content_root()))


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_has_its_texts_in_both_languages(name: str) -> None:
    rule = BOOK.find(name)
    texts = [rule.label, rule.meaning, rule.mending, rule.message]
    assert all(set(text) == {"zh", "en"} for text in texts)
    assert all(re.search("[\u4e00-\u9fff]", text["zh"]) for text in texts)
    assert rule.targets


def test_no_two_rules_of_content_have_one_remedy() -> None:
    remedies = [rule.mending["en"] for rule in BOOK.rules if rule.name.startswith("Audit-")]
    assert len(set(remedies)) == len(remedies)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_of_a_rule_tells_meaning_remedy_and_both_examples(http: httpx.Client, language: str) -> None:
    for rule in BOOK.rules:
        text = page(http, f"/shapes/{rule.name}", language)
        assert rule.example
        halves = [rule.example.failing_lines(), rule.example.passing_lines()]
        told = [rule.label[language], rule.meaning[language], rule.mending[language], rule.iri]
        told += [line.text.strip() for lines in halves for line in lines]
        assert [words for words in told if words not in text] == [], rule.name
        assert text.count("<mark>") == sum(line.marked for lines in halves for line in lines), rule.name


def test_every_hash_iri_has_its_anchor_and_a_rule_a_link_to_its_page(http: httpx.Client) -> None:
    text = page(http, "/shapes")
    anchors = set(re.findall(r'id="([\w-]+)"', text))
    shapes = {str(quad.subject)[1:-1] for quad in read_shapes(content_root()) if RGS in str(quad.subject)}
    assert {iri.removeprefix(RGS) for iri in shapes} <= anchors
    for name in NAMES:
        assert f'<dt id="{name}"><a href="/shapes/{name}?lang=en">' in text


def test_a_rule_answers_as_rdf_at_its_address(http: httpx.Client) -> None:
    for path, format_ in (("", ox.RdfFormat.TURTLE), (".jsonld", ox.RdfFormat.JSON_LD)):
        answer = http.get(f"/shapes/Observation-shareRange{path}")
        subjects = {str(quad.subject) for quad in ox.parse(answer.content, format=format_)}
        assert f"<{RGS}Observation-shareRange>" in subjects
        assert answer.links["cite-as"]["url"] == RGS + "Observation-shareRange"


def test_the_example_of_a_rule_is_a_file(http: httpx.Client) -> None:
    answer = http.get("/shapes/examples/Audit-parts.trig")
    assert answer.headers["content-type"] == "application/trig; charset=utf-8"
    assert answer.content == (content_root() / "shapes" / "examples" / "Audit-parts.trig").read_bytes()
    assert http.get("/shapes/examples/Audit-nothing.trig").status_code == 404


def test_a_misspelt_rule_is_answered_with_those_nearest(http: httpx.Client) -> None:
    answer = http.get("/shapes/Observation-shareRang")
    assert answer.status_code == 404
    assert answer.json()["nearest"][0] == RGS + "Observation-shareRange"


def test_findings_and_claim_cards_lead_to_the_page_of_their_rule(http: httpx.Client) -> None:
    listed = re.search(r'href="/shapes/(Audit-\w+)\?lang=en"><code>(S\d+)</code>', page(http, "/findings"))
    assert listed
    assert BOOK.find(listed[1]).number == listed[2]
    rows = http.get("/queries/findings.json", params={"limit": 1000}).json()["rows"]
    row = next(row for row in rows if "/obs/" in row["claims"])
    claim = row["claims"].split()[0].partition("/reformgraph")[2]
    rule = row["finding"].rpartition("/")[2].rpartition("-")[0]
    assert f'href="/shapes/{rule}?lang=en"' in page(http, claim)
    assert f'href="/shapes/{rule}?lang=en"' in page(http, row["finding"].partition("/reformgraph")[2])


def test_the_failing_example_can_be_validated_from_its_page(http: httpx.Client) -> None:
    raw = http.get("/shapes/Observation-shareRange", headers={"Accept": "text/html"}).text
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', raw)
    fields = {name: unescape(value) for name, value in found}
    example = BOOK.find("Observation-shareRange").example
    assert example
    assert {quad.triple for quad in ox.parse(fields["data"], format=ox.RdfFormat.TURTLE)} == example.failing
    assert (fields["syntax"], fields["shapes"]) == ("ttl", "all")


@pytest.mark.parametrize(("text", "reason"), [("ex:a", "."), ("<x:g> { <x:s> <x:p> 1 }", "ex:passes only")])
def test_a_file_that_is_no_example_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "x.trig"
    path.write_text(text)
    with pytest.raises(SourceFileError, match=reason) as refused:
        Example.read(path)
    assert refused.value.path == path
