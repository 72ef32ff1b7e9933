"""Connections to the search index of a release, and questions with the stems that FTS5 makes."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reformgraph.errors import ReleaseError
from reformgraph.searching.index import FORMAT, STEMMER
from reformgraph.searching.question import Question
from reformgraph.searching.text import tokens

# Each connection has a full-text table of its own in memory, which holds one question at a time.
_STEMMING = f"""
PRAGMA temp_store = MEMORY;
CREATE VIRTUAL TABLE temp.asked USING fts5(tokens, content='', tokenize='{STEMMER}');
CREATE VIRTUAL TABLE temp.stem USING fts5vocab('temp', 'asked', 'instance');
"""


class Connections:
    """Connections to one file that nobody writes, for several threads; ReleaseError where it is no index of ours."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: deque[sqlite3.Connection] = deque()
        self._closed = False
        with self.borrow() as database:
            found = database.execute("PRAGMA user_version").fetchone()[0]
        if found != FORMAT:
            self.close()
            raise ReleaseError(f"{path} has format {found}, not {FORMAT}. Build the release again: reformgraph build.")

    def close(self) -> None:
        """Close all connections, those in use as they come back."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def borrow(self) -> Iterator[sqlite3.Connection]:
        """A connection for one question; SQLite lets a connection go from thread to thread, not serve two at once."""
        try:
            database = self._idle.pop()
        except IndexError:
            database = self._connect()
        try:
            yield database
        finally:
            self._idle.append(database)
            if self._closed:
                self.close()

    def _connect(self) -> sqlite3.Connection:
        if not self._path.is_file():
            raise ReleaseError(f"There is no search index at {self._path}. Build the release: reformgraph build.")
        uri = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
        try:
            database = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
            database.executescript(_STEMMING)
        except sqlite3.Error as error:
            raise ReleaseError(f"{self._path} does not open: {error}. Build the release: reformgraph build.") from None
        return database


def question_of(database: sqlite3.Connection, text: str) -> Question:
    """The text with its stems: FTS5 makes them, so that they are those of the index."""
    plain = [token.text for token in tokens(text)]
    database.execute("INSERT INTO temp.asked(rowid, tokens) VALUES (1, ?)", (" ".join(plain),))
    stems = [row[0] for row in database.execute("SELECT term FROM temp.stem ORDER BY offset")]
    database.execute("INSERT INTO temp.asked(asked) VALUES ('delete-all')")
    return Question.of(text, stems if len(stems) == len(plain) else plain)
