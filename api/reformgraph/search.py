"""Search: things and figures by label, alias, pinyin and the words of the reports, ranked.

Candidates come from FTS5 alone, so that a question costs what it finds and never a scan. `searchranking` tells how
well each fits: by the kind of fit, within it by BM25 (https://www.sqlite.org/fts5.html#the_bm25_function), then by
the kind of thing and the IRI.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from reformgraph.searching.connections import Connections, question_of
from reformgraph.searching.question import Question, Span, Term, is_shortened, marks
from reformgraph.searching.ranking import Candidate, Ranked, likeness, ranked, sound_fit, text_fit
from reformgraph.searching.searchable import FIGURE, KINDS
from reformgraph.searching.text import LETTERS, grams

_CANDIDATE = (
    "SELECT phrase.id, thing.id, thing.iri, thing.kind, thing.weight, phrase.field, phrase.text, phrase.document, "
    "phrase.stems, phrase.syllables, -bm25({0}) "
    "FROM {0} JOIN phrase ON phrase.id = {0}.rowid JOIN thing ON thing.id = phrase.thing WHERE {0} MATCH ?"
)
_WORDS, _SPELLING = _CANDIDATE.format("words"), _CANDIDATE.format("spelling")
_NEAR_WORDS = _WORDS + " AND phrase.field <> 'evidence' ORDER BY words.rank LIMIT 60"
_NEAR_SPELLING = _SPELLING + " ORDER BY spelling.rank LIMIT 60"
_LINKED = "SELECT thing FROM link WHERE target = ?"
_FACETS = "SELECT name, value FROM facet WHERE thing = ?"
_NAMED = "SELECT zh, en FROM thing WHERE iri = ?"
_SHOWN = (
    "SELECT thing.zh, thing.en, thing.figure, phrase.field, phrase.language, phrase.text, phrase.stems, "
    "phrase.syllables, phrase.document, phrase.start, phrase.end "
    "FROM phrase JOIN thing ON thing.id = phrase.thing WHERE phrase.id = ?"
)
# Every question to the index, for the test that none of them scans a table.
STATEMENTS = (_WORDS, _SPELLING, _NEAR_WORDS, _NEAR_SPELLING, _LINKED, _FACETS, _NAMED, _SHOWN)
# Names less alike than this, or so much less alike than the nearest, are no suggestion.
_ALIKE, _BEHIND = 0.6, 0.15
FACET_NAMES = ("agency", "initiative", "period", "voice", "bound")
_LONGEST_NAME = 60

Hits = dict[int, Candidate]


@dataclass(frozen=True)
class Narrowing:
    """What the results must be: of one of the kinds, of one of the bodies, from one of the documents (IRIs).

    `facets` are pairs of name and value: of several values of one name one must fit, and every name.
    """

    kinds: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    facets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Named:
    """A thing with its labels, None where it has none."""

    iri: str
    kind: str
    zh: str | None
    en: str | None


@dataclass(frozen=True)
class Hit(Named):
    """A result: the words that matched, which parts of them, and for evidence its place and what leaves with it."""

    field: str
    language: str
    text: str
    marks: list[Span]
    score: float
    evidence: dict[str, Any] | None


@dataclass(frozen=True)
class Count:
    """How many results have a value of a facet; labels where the value is an IRI."""

    value: str
    zh: str | None
    en: str | None
    count: int


@dataclass(frozen=True)
class Found:
    """A page of results; `facets` counts all kinds of the question, `total` those that it was narrowed to.

    `counts` tells how many of the total have each value of each facet, the commonest first; years run on.
    """

    total: int
    facets: dict[str, int]
    hits: list[Hit]
    nearest: list[Named]
    counts: dict[str, list[Count]]


class SearchIndex:
    """The index of a release, read-only; may be asked from several threads at once."""

    def __init__(self, path: Path) -> None:
        self._connections = Connections(path)

    def close(self) -> None:
        """Close the file; nothing may be asked any more."""
        self._connections.close()

    def search(self, text: str, narrowing: Narrowing | None = None, limit: int = 100, offset: int = 0) -> Found:
        """The results of a question from `offset` on, at most `limit`; with the nearest names where there is none."""
        narrowing = narrowing or Narrowing()
        with self._connections.borrow() as database:
            question = question_of(database, text)
            keys = {iri.rpartition("/")[2] for iri in narrowing.documents}
            found = _best(hit for hit in _rank(database, question) if not keys or hit.candidate.is_told_by(keys))
            for targets in (narrowing.agencies, narrowing.documents):
                if targets:
                    allowed = _linked(database, targets)
                    found = [hit for hit in found if hit.candidate.thing in allowed]
            if narrowing.facets:
                found = [hit for hit in found if _has_facets(database, hit, narrowing.facets)]
            nearest = [] if found else _nearest(database, question)
            counts = Counter(hit.candidate.kind for hit in found)
            if narrowing.kinds:
                found = [hit for hit in found if hit.candidate.kind in narrowing.kinds]
            hits = [_show(database, question, hit) for hit in found[offset : offset + limit]]
            told = _counts(database, found)
        return Found(len(found), {kind: counts[kind] for kind in KINDS if counts[kind]}, hits, nearest, told)

    def suggest(self, text: str, limit: int = 10) -> list[Hit]:
        """The best names for what is typed so far."""
        with self._connections.borrow() as database:
            question = question_of(database, text)
            found = [hit for hit in _best(_rank(database, question)) if hit.candidate.is_name]
            return [_show(database, question, hit) for hit in found[:limit]]


def _rank(database: sqlite3.Connection, question: Question) -> Iterator[Ranked]:
    """All that fits, a thing perhaps by several phrases."""
    letters = question.letters
    sounding = _ask(database, _SPELLING, f'{{pinyin initials}} : "{letters[:LETTERS]}" *') if letters else {}
    heard = [(hit, sound_fit(letters, hit)) for hit in sounding.values()]
    yield from (ranked(hit, fit) for hit, fit in heard if fit)
    apart = len(question.terms) > 1 and not any(fit for _, fit in heard)
    yield from (ranked(hit, text_fit(question, hit)) for hit in _of_all(database, question, apart).values())


def _best(found: Iterable[Ranked]) -> list[Ranked]:
    """Each thing once, by its best phrase, best first."""
    best: dict[int, Ranked] = {}
    for hit in sorted(found, key=lambda hit: hit.key):
        best.setdefault(hit.candidate.thing, hit)
    return list(best.values())


def _of_all(database: sqlite3.Connection, question: Question, heard: bool) -> Hits:
    """Phrases that have every term; `heard` when a word may also be pinyin."""
    found: Hits | None = None
    for term in question.terms:
        hits = _of_term(database, question, term, heard)
        found = hits if found is None else _both(found, hits)
        if not found:
            break
    return found or {}


def _both(some: Hits, others: Hits) -> Hits:
    return {
        number: replace(
            hit, bm25=hit.bm25 + others[number].bm25, shortened=hit.shortened or others[number].shortened
        )
        for number, hit in some.items()
        if number in others
    }  # fmt: skip


def _of_term(database: sqlite3.Connection, question: Question, term: Term, heard: bool) -> Hits:
    characters = [token.text for token in term.tokens]
    if len(characters) == 1:
        found = _ask(database, _WORDS, f'tokens : "{term.text}"')
        if term.may_begin:
            columns = "{word pinyin}" if heard and term.text.isascii() else "word"
            found = _ask(database, _SPELLING, f'{columns} : "{term.text[:LETTERS]}" *') | found
        return found
    pairs = [one + other for one, other in pairwise(characters)]
    found = _ask(database, _WORDS, f"pairs : ({_joined(pairs, 'AND')})")
    wanted = term.stems if len(characters) > 2 else question.stems
    if len(wanted) > 2 and not any(hit.is_name for hit in found.values()):
        found |= _shortened(database, characters, wanted)
    return found


def _shortened(database: sqlite3.Connection, characters: list[str], wanted: Sequence[str]) -> Hits:
    """Names that have the wanted in this order with others between: 厦门公安局 for 厦门市公安局, 110接警 for 110接处警.

    Two characters are too few to be told by their order alone.
    """
    hits = _ask(database, _WORDS, f"tokens : ({_joined(characters, 'AND')})")
    return {
        number: replace(hit, shortened=True)
        for number, hit in hits.items()
        if hit.is_name and is_shortened(wanted, hit.stems.split())
    }


def _joined(strings: Iterable[str], operator: str) -> str:
    return f" {operator} ".join(f'"{text}"' for text in dict.fromkeys(strings))


def _ask(database: sqlite3.Connection, statement: str, expression: str) -> Hits:
    return {row[0]: Candidate(*row) for row in database.execute(statement, (expression,))}


def _linked(database: sqlite3.Connection, targets: Iterable[str]) -> set[int]:
    return {row[0] for target in targets for row in database.execute(_LINKED, (target,))}


def _facets(database: sqlite3.Connection, hit: Ranked) -> set[tuple[str, str]]:
    return set(database.execute(_FACETS, (hit.candidate.thing,)).fetchall())


def _has_facets(database: sqlite3.Connection, hit: Ranked, wanted: Iterable[tuple[str, str]]) -> bool:
    own, names = _facets(database, hit), {name for name, _ in wanted}
    return all(any(pair in own for pair in wanted if pair[0] == name) for name in names)


def _counts(database: sqlite3.Connection, found: Iterable[Ranked]) -> dict[str, list[Count]]:
    told: dict[str, Counter[str]] = {name: Counter() for name in FACET_NAMES}
    for hit in found:
        for name, value in _facets(database, hit):
            told[name][value] += 1
    return {
        name: [Count(value, *_labels(database, value), counter[value]) for value in _in_order(name, counter)]
        for name, counter in told.items()
        if counter
    }


def _in_order(name: str, counter: Counter[str]) -> list[str]:
    return sorted(counter) if name == "period" else sorted(counter, key=lambda value: (-counter[value], value))


def _nearest(database: sqlite3.Connection, question: Question, count: int = 5) -> list[Named]:
    """Names that are written or pronounced nearly so, most alike first; a long text is no misspelt name."""
    if len(question.text) > _LONGEST_NAME:
        return []
    characters = [token.text for term in question.terms for token in term.tokens if token.is_han]
    words = [term.text for term in question.terms if term.tokens[0].is_word]
    found: Hits = {}
    if characters:
        found |= _ask(database, _NEAR_WORDS, f"tokens : ({_joined(characters, 'OR')})")
    if words:
        found |= _ask(database, _NEAR_SPELLING, f"grams : ({_joined(grams([*words, ''.join(words)]), 'OR')})")
    alike = [Ranked(hit, round(likeness(question, hit), 4)) for hit in found.values()]
    best = _best(alike)[:count]
    best = [hit for hit in best if hit.score >= max(_ALIKE, best[0].score - _BEHIND)]
    return [Named(h.candidate.iri, h.candidate.kind, *_labels(database, h.candidate.iri)) for h in best]


def _labels(database: sqlite3.Connection, iri: str | None) -> tuple[str | None, str | None]:
    zh, en = database.execute(_NAMED, (iri,)).fetchone() or (None, None)
    return zh, en


def _show(database: sqlite3.Connection, question: Question, hit: Ranked) -> Hit:
    """A hit with what its page shows."""
    zh, en, figure, name, language, text, stems, syllables, document, start, end = database.execute(
        _SHOWN, (hit.candidate.phrase,)
    ).fetchone()
    iri, kind = hit.candidate.iri, hit.candidate.kind
    evidence = None
    if name == "evidence":
        place = {"exact": text, "document": document, "start": start, "end": end}
        evidence = place | _leaving(database, iri, kind, json.loads(figure))
    found = marks(question, text, stems.split(), syllables.split())
    return Hit(iri, kind, zh, en, name, language, text, found, hit.score, evidence)


def _leaving(database: sqlite3.Connection, iri: str, kind: str, figure: dict[str, Any]) -> dict[str, Any]:
    """What must not be parted from a figure; each None for words that only name a thing."""
    members = {"observation": iri if kind == "obs" else None}
    members |= {name: figure.get(name) for name in FIGURE}
    for name in ("agency", "claimant"):
        members[f"{name}Zh"], members[f"{name}En"] = _labels(database, figure.get(name))
    return members
