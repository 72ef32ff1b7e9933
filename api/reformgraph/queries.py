"""Canned queries as a service: parameters read, bound as terms, run, paged.

A parameter reaches the query only as RDF terms that the library prints, in place of the UNDEF of its VALUES block;
besides, only the integers of LIMIT and OFFSET are added. No other text is ever spliced.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from reformgraph.engines.base import Engine, QueryResult
from reformgraph.errors import NotFoundError, ParameterError, SourceFileError
from reformgraph.names import Reading, resolve
from reformgraph.namespaces import BASE, SKOS, XSD
from reformgraph.queryfiles import CannedQuery, Parameter, read_folder
from reformgraph.results import rows
from reformgraph.tokens import values_blocks

DEFAULT_LIMIT = 100
MAX_LIMIT = 10_000
# A block of this name is filled with the release by the service, in every query that has it.
RELEASE = "release"


class Catalogue:
    """The canned queries by name; folders later in the list may not redefine a name."""

    def __init__(self, queries: Iterable[CannedQuery]) -> None:
        self._queries: dict[str, CannedQuery] = {}
        for query in queries:
            if query.name in self._queries:
                raise SourceFileError(query.path, 0, f"{self._queries[query.name].path} has this name already.")
            self._queries[query.name] = query

    @classmethod
    def read(cls, own: Path, users: Path | None = None) -> Catalogue:
        """Our queries and those of a user's folder, which are not trusted; raises SourceFileError."""
        return cls(read_folder(own) + (read_folder(users, trusted=False) if users else []))

    def __iter__(self) -> Iterator[CannedQuery]:
        return iter(self._queries.values())

    def get(self, name: str) -> CannedQuery:
        """The query of a name; NotFoundError with the nearest names."""
        if name not in self._queries:
            nearest = difflib.get_close_matches(name, self._queries, n=3, cutoff=0.3) or list(self._queries)[:3]
            raise NotFoundError("canned query", name, nearest)
        return self._queries[name]


@dataclass(frozen=True)
class Question:
    """A canned query with its parameters read: what runs, and how each value was understood."""

    query: CannedQuery
    readings: dict[str, list[Reading]]
    text: str


@dataclass(frozen=True)
class Page:
    """Rows of an answer from `offset` on; `more` tells whether others follow."""

    rows: list[dict[str, Any]]
    offset: int
    limit: int
    more: bool


class QueryService:
    """Runs canned queries on an engine, those of a user's folder on `strangers`, which can be stopped.

    `release` is the identifier that answers and cursors carry.
    """

    def __init__(self, engine: Engine, catalogue: Catalogue, release: str, strangers: Engine | None = None) -> None:
        self.engine = engine
        self.strangers = strangers or engine
        self.catalogue = catalogue
        self.release = release

    def ask(self, name: str, given: Mapping[str, Sequence[str]]) -> Question:
        """Read the parameters; NotFoundError for the name, ParameterError for what does not fit the head."""
        query = self.catalogue.get(name)
        declared = {parameter.name: parameter for parameter in query.parameters}
        for unknown in given.keys() - declared.keys():
            raise ParameterError(unknown, "there is no such parameter here.", list(declared))
        readings = {p.name: self._read_all(p, given.get(p.name, ())) for p in query.parameters}
        terms = {p.variable: [r.term for r in readings[p.name]] for p in query.parameters}
        terms[RELEASE] = [ox.Literal(self.release)]
        return Question(query, readings, fill(query.text, terms))

    def _read_all(self, parameter: Parameter, values: Sequence[str]) -> list[Reading]:
        texts = [value for value in values if value.strip()] or ([parameter.default] if parameter.default else [])
        if parameter.required and not texts:
            raise ParameterError(parameter.name, "is needed.", [parameter.example] if parameter.example else ())
        if len(texts) > 1 and not parameter.many:
            raise ParameterError(parameter.name, f"takes one value, not {len(texts)}.")
        readings = {reading.term: reading for reading in (self._read(parameter, text) for text in texts)}
        return list(readings.values())

    def _read(self, parameter: Parameter, text: str) -> Reading:
        if parameter.scheme is not None:
            return self._read_code(parameter, text)
        if parameter.kind in _LITERALS:
            return Reading(text, _literal(parameter, text))
        return resolve(self.engine, parameter.name, parameter.kind, text)

    def _read_code(self, parameter: Parameter, text: str) -> Reading:
        allowed = self.codes(parameter.scheme or "")
        if text not in allowed:
            raise ParameterError(parameter.name, f"{text!r} is not one of the code list.", list(allowed))
        return Reading(text, ox.Literal(text), allowed[text])

    def codes(self, scheme: str) -> dict[str, str]:
        """The bare words of a code list and their Chinese labels."""
        found = self.engine.query(
            f"SELECT ?word ?label {{ ?code <{SKOS}inScheme> <{BASE}code/{scheme}> ; <{SKOS}notation> ?word ; "
            f'<{SKOS}prefLabel> ?label FILTER(LANG(?label) = "zh") }} ORDER BY ?word'
        )
        assert isinstance(found, ox.QuerySolutions)
        return {row["word"].value: row["label"].value for row in found}

    def run(self, question: Question, limit: int | None = None, offset: int = 0) -> QueryResult:
        """The engine's own result, whole or a slice."""
        engine = self.engine if question.query.trusted else self.strangers
        return engine.query(question.text + slice_of(limit, offset))

    def page(self, question: Question, limit: int = DEFAULT_LIMIT, offset: int = 0) -> Page:
        """Up to `limit` rows; one more is asked for, to know whether others follow."""
        found = self.run(question, limit + 1, offset)
        assert isinstance(found, ox.QuerySolutions)
        table = rows(found)
        return Page(table[:limit], offset, limit, len(table) > limit)

    def cursor(self, offset: int) -> str:
        """The opaque place in an answer: release and offset."""
        return f"{self.release[:12]}.{offset}"

    def offset(self, cursor: str | None) -> int:
        """The offset of a cursor; ParameterError where it is none, or of another release."""
        if not cursor:
            return 0
        found = re.fullmatch(r"([0-9a-f]{12})\.(\d{1,9})", cursor)
        if not found:
            raise ParameterError("cursor", "is not one that an answer gave.")
        if found[1] != self.release[:12]:
            raise ParameterError("cursor", "belongs to another release; start again without it.")
        return int(found[2])


def slice_of(limit: int | None, offset: int) -> str:
    """LIMIT and OFFSET as SPARQL, empty for the whole."""
    return (f"\nLIMIT {limit:d}" if limit is not None else "") + (f"\nOFFSET {offset:d}" if offset else "")


def read_limit(text: str | None) -> int | None:
    """`limit=` as a number from 1 to MAX_LIMIT; over the limit is refused, not clamped."""
    if not text:
        return None
    if not re.fullmatch(r"\d{1,9}", text) or not 1 <= int(text) <= MAX_LIMIT:
        raise ParameterError("limit", f"{text!r} is no whole number from 1 to {MAX_LIMIT}.")
    return int(text)


def fill(text: str, terms: Mapping[str, Sequence[ox.NamedNode | ox.Literal]]) -> str:
    """The query with the UNDEF of each block replaced by terms; a variable without terms keeps its UNDEF."""
    places = [
        (start, end, " ".join(str(term) for term in terms[variable]))
        for variable, found in values_blocks(text).items()
        if terms.get(variable)
        for start, end in found
    ]
    for start, end, printed in sorted(places, reverse=True):
        text = text[:start] + printed + text[end:]
    return text


@dataclass(frozen=True)
class _LiteralKind:
    """How the text of a parameter becomes a literal: datatype, canonical form, what is expected."""

    datatype: str
    read: Callable[[str], str]
    expected: str


def _date(text: str) -> str:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(text).isoformat()


def _integer(text: str) -> str:
    return _matched(r"[+-]?\d{1,18}", text)


def _decimal(text: str) -> str:
    return _matched(r"[+-]?\d{1,18}(\.\d{1,18})?", text)


def _matched(pattern: str, text: str) -> str:
    """The text itself, where it has the form that the engine holds without loss."""
    if not re.fullmatch(pattern, text, re.ASCII):
        raise ValueError(text)
    return text


_LITERALS = {
    "string": _LiteralKind("string", str, "text"),
    "lang": _LiteralKind("string", str, "zh or en"),
    "date": _LiteralKind("date", _date, "a date such as 2009-12-31"),
    "integer": _LiteralKind("integer", _integer, "a whole number"),
    "decimal": _LiteralKind("decimal", _decimal, "a number such as 91.4"),
}


def _literal(parameter: Parameter, text: str) -> ox.Literal:
    kind = _LITERALS[parameter.kind]
    try:
        value = kind.read(text.strip())
    except ValueError:
        raise ParameterError(parameter.name, f"{text!r} is not {kind.expected}.") from None
    if parameter.kind == "lang" and value not in ("zh", "en"):
        raise ParameterError(parameter.name, f"{text!r} is no language of the graph.", ("zh", "en"))
    if kind.datatype == "string":
        return ox.Literal(value)
    return ox.Literal(value, datatype=ox.NamedNode(XSD + kind.datatype))
