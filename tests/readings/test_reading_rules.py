"""The reading rules name the words that the reader of figures knows, and classes of words as the data use them."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest

from reformgraph.content import content_root
from reformgraph.namespaces import BASE, RG, SKOS
from reformgraph.reading.wording import AFTER, BEFORE, BEFORE_PLACE, FALL, RISE, TAILS

PAGE = (content_root() / "docs" / "explanation" / "reading-rules.md").read_text("utf-8")
VAGUE = f"""PREFIX rg: <{RG}> SELECT ?class ?words
    {{ ?claim a rg:VagueClaim ; rg:wording/<{SKOS}notation> ?class ; rg:evidence/rg:exact ?words }}"""


def table(head: str) -> dict[str, list[str]]:
    """First cell -> the others, of the table under a head."""
    (rows,) = re.findall(rf"^\| {head} \|.*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    cells = ([cell.strip() for cell in row.strip("|").split("|")] for row in rows.splitlines())
    return {first: others for first, *others in cells}


def of(words: dict[str, str], bound: str) -> set[str]:
    return {word for word, its in words.items() if its == bound}


def test_the_table_of_bounds_has_the_words_of_the_reader() -> None:
    told = {bound: [set(words.split()) - {"–"} for words in cells] for bound, cells in table("bound").items()}
    before, behind = BEFORE | BEFORE_PLACE, TAILS | AFTER
    assert told == {b: [of(before, b), of(behind, b)] for b in {*before.values(), *behind.values()}}


def test_the_table_of_turns_has_the_verbs_of_the_reader() -> None:
    assert {turn: words.split() for turn, (words,) in table("turn").items()} == {"fall": FALL, "rise": RISE}


@pytest.fixture(scope="module")
def vague() -> dict[str, list[str]]:
    """Class -> the words of its claims."""
    store = ox.Store()
    files = [
        *(content_root() / "data" / "ttl" / "reports").rglob("*.ttl"),
        content_root() / "ontology/concepts/codes.ttl",
    ]
    for path in files:
        store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    found: dict[str, list[str]] = {}
    for row in store.query(VAGUE):  # type: ignore[union-attr]
        found.setdefault(row["class"].value, []).append(row["words"].value)
    return found


def test_the_table_of_wordings_has_every_class_and_only_words_that_the_data_class_so(
    vague: dict[str, list[str]],
) -> None:
    told = {name: words.split() for name, (_, words) in table("class").items()}
    assert set(told) == set(vague) == codes()
    for name, words in told.items():
        assert [word for word in words if not any(word in phrase for phrase in vague[name])] == [], name


def codes() -> set[str]:
    """The words of the code list."""
    quads = ox.parse(path=str(content_root() / "ontology/concepts/codes.ttl"), format=ox.RdfFormat.TURTLE)
    head = f"<{BASE}code/wording-"
    return {str(quad.subject).removeprefix(head)[:-1] for quad in quads if str(quad.subject).startswith(head)}
