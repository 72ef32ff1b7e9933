"""The search index of a release: one SQLite file, full-text tables (FTS5) beside tables of things and phrases.

    thing     what is found: IRI, kind, labels, and as JSON what leaves with a figure
    phrase    words by which a thing is found: label, alias, evidence; as stems and as syllables
    words     FTS5 with Porter's stems: Chinese characters and words one by one, and Chinese in pairs
    spelling  FTS5 without stems, of names: words to be begun, pinyin from each syllable on, initials, letters by threes
    link      body or document -> things, to narrow a search
    facet     thing -> initiative, body, year, voice, bound, to narrow it and to count

Two-character words are found by pairs, for FTS5's own trigrams need three. https://www.sqlite.org/fts5.html
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox

from reformgraph.errors import ReleaseError
from reformgraph.searching.pronunciation import syllables
from reformgraph.searching.searchable import KINDS, Phrase, Searchable, read
from reformgraph.searching.text import Token, grams, pairs, tails, tokens

# Part of the build key: raise it whenever the file changes for the same graph.
FORMAT = 3
NAME = "search.sqlite"
STEMMER = "porter unicode61 remove_diacritics 0"  # what is folded already keeps what is left
_SCHEMA = f"""
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, weight INTEGER NOT NULL,
  zh TEXT, en TEXT, figure TEXT NOT NULL);
CREATE TABLE phrase (id INTEGER PRIMARY KEY, thing INTEGER NOT NULL REFERENCES thing, field TEXT NOT NULL,
  language TEXT NOT NULL, text TEXT NOT NULL, stems TEXT NOT NULL, syllables TEXT NOT NULL,
  document TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL);
CREATE TABLE link (target TEXT NOT NULL, thing INTEGER NOT NULL REFERENCES thing, PRIMARY KEY (target, thing))
  WITHOUT ROWID;
CREATE TABLE facet (thing INTEGER NOT NULL REFERENCES thing, name TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (thing, name, value)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(tokens, pairs, content='', tokenize='{STEMMER}');
CREATE VIRTUAL TABLE spelling USING fts5(word, pinyin, initials, grams, content='', prefix='2 4',
  tokenize='unicode61 remove_diacritics 0');
CREATE VIRTUAL TABLE temp.stem USING fts5vocab('main', 'words', 'instance');
"""
_NO_FTS5 = "The SQLite of this Python has no FTS5, which search needs. Use a Python from python.org, or SQLite >= 3.34."


def write(path: Path, store: ox.Store) -> None:
    """Write the index of a graph into a new file; the same graph gives the same bytes. ReleaseError without FTS5."""
    things = read(store)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript("PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        try:
            database.executescript(_SCHEMA)
        except sqlite3.OperationalError as error:
            raise ReleaseError(f"{_NO_FTS5} ({error})") from None
        database.execute("BEGIN")
        _fill(database, things)
        database.execute("COMMIT")
        database.execute(f"PRAGMA user_version = {FORMAT}")
        database.execute("VACUUM")


def _fill(database: sqlite3.Connection, things: Sequence[Searchable]) -> None:
    number = 0
    for identifier, thing in enumerate(things, 1):
        database.execute("INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?)", (identifier, *_columns(thing)))
        targets = sorted(thing.agencies | thing.documents)
        database.executemany("INSERT INTO link VALUES (?, ?)", [(target, identifier) for target in targets])
        facets = [(identifier, *pair) for pair in sorted(thing.facets)]
        database.executemany("INSERT INTO facet VALUES (?, ?, ?)", facets)
        for phrase in thing.phrases:
            number += 1
            _add(database, number, identifier, phrase)
    _keep_stems(database)
    for table in ("words", "spelling"):
        database.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608 - names of our own


def _columns(thing: Searchable) -> tuple[object, ...]:
    figure = json.dumps(thing.figure, ensure_ascii=False, separators=(",", ":"))
    return (thing.iri, thing.kind, KINDS.index(thing.kind), thing.labels.get("zh"), thing.labels.get("en"), figure)


def _add(database: sqlite3.Connection, number: int, thing: int, phrase: Phrase) -> None:
    found = tokens(phrase.text)
    is_name = phrase.field != "evidence"
    heard = syllables(found) if is_name and any(token.is_han for token in found) else []
    plain = " ".join(token.text for token in found)
    database.execute(
        "INSERT INTO phrase VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (number, thing, phrase.field, phrase.language, phrase.text, plain, " ".join(heard),
         phrase.document, phrase.start, phrase.end),
    )  # fmt: skip
    database.execute(
        "INSERT INTO words(rowid, tokens, pairs) VALUES (?, ?, ?)", (number, plain, " ".join(pairs(found)))
    )
    if is_name:
        database.execute(
            "INSERT INTO spelling(rowid, word, pinyin, initials, grams) VALUES (?, ?, ?, ?, ?)",
            (number, *(" ".join(column) for column in _spellings(found, heard))),
        )


def _spellings(found: Sequence[Token], heard: Sequence[str]) -> Iterable[list[str]]:
    """Words, pinyin from each syllable on, initials from each on, and the letters of words and pinyin by threes."""
    words = [token.text for token in found if token.is_word]
    whole = ["".join(heard)] if heard else []
    return words, tails(heard), tails([initial(s) for s in heard]), grams([*words, *whole])


def initial(syllable: str) -> str:
    """The first letter of a syllable; digits stay whole."""
    return syllable if syllable.isdecimal() else syllable[:1]


def _keep_stems(database: sqlite3.Connection) -> None:
    """Write the stems that FTS5 made of each phrase beside it: ranking and marks compare them."""
    stems: dict[int, list[str]] = {}
    for number, term in database.execute("SELECT doc, term FROM temp.stem WHERE col = 'tokens' ORDER BY doc, offset"):
        stems.setdefault(number, []).append(term)
    lengths = dict(database.execute("SELECT id, stems FROM phrase").fetchall())
    for number, found in stems.items():
        if len(found) == len(lengths[number].split()):  # a character newer than FTS5's tables may be lost
            database.execute("UPDATE phrase SET stems = ? WHERE id = ?", (" ".join(found), number))
