"""Canned queries as a service: parameters read, bound as terms, run, paged.

A parameter reaches the query only as RDF terms that the library prints, in place of the UNDEF of its VALUES block;
besides, only the integers of LIMIT and OFFSET are added. No other text is ever spliced.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from pathlib import Path

import pyoxigraph as ox

from reformgraph.canned.columns import Column, read_columns
from reformgraph.canned.files import CannedQuery, read_folder, read_versions
from reformgraph.canned.heads import Parameter
from reformgraph.canned.labelling import with_labels_called
from reformgraph.canned.literals import LITERALS, literal
from reformgraph.canned.tables import Table
from reformgraph.canned.views import View
from reformgraph.engines.base import Engine, QueryResult
from reformgraph.errors import NotFoundError, ParameterError, SourceFileError
from reformgraph.names import Reading, codes_of, label_of, resolve
from reformgraph.tokens import values_blocks

DEFAULT_LIMIT = 100
_NAMES = 4096  # that a service remembers
MAX_LIMIT = 10_000
# A block of this name is filled with the release by the service, in every query that has it.
RELEASE = "release"


class Catalogue:
    """The canned queries by name, their earlier versions, and the dictionary of their columns.

    Folders later in the list may not redefine a name.
    """

    def __init__(self, queries: Iterable[CannedQuery], columns: Mapping[str, Column] | None = None) -> None:
        self.columns = columns or {}
        self._queries: dict[str, CannedQuery] = {}
        self._earlier: dict[str, dict[str, CannedQuery]] = {}
        for query in queries:
            if query.name in self._queries:
                raise SourceFileError(query.path, 0, f"{self._queries[query.name].path} has this name already.")
            self._queries[query.name] = query

    @classmethod
    def read(cls, own: Path, users: Path | None = None) -> Catalogue:
        """Our queries and those of a user's folder, which are not trusted; raises SourceFileError."""
        ours, theirs = read_columns(own), read_columns(users) if users else {}
        found = read_folder(own, columns=ours) + (read_folder(users, trusted=False) if users else [])
        catalogue = cls(found, theirs | ours)
        for query in read_versions(own) + (read_versions(users, trusted=False) if users else []):
            catalogue.keep(query)
        return catalogue

    def keep(self, query: CannedQuery) -> None:
        """Add an earlier version of a query that is there; SourceFileError where it is none."""
        current = self._queries.get(query.name)
        if current is None:
            raise SourceFileError(query.path, 0, f"There is no query {query.name!r} that this is a version of.")
        if query.version == current.version:
            raise SourceFileError(query.path, 0, f"{current.path} has version {query.version}: raise it there.")
        self._earlier.setdefault(query.name, {})[query.version] = query

    def __iter__(self) -> Iterator[CannedQuery]:
        return iter(self._queries.values())

    def get(self, name: str) -> CannedQuery:
        """The query of a name or of `name@version`; NotFoundError with the nearest names, or the versions there are."""
        name, _, version = name.partition("@")
        if name not in self._queries:
            nearest = difflib.get_close_matches(name, self._queries, n=3, cutoff=0.3) or list(self._queries)[:3]
            raise NotFoundError("canned query", name, nearest)
        versions = self.versions(name)
        if version and version not in versions:
            raise NotFoundError(f"version of the query {name}", version, list(versions))
        return versions[version] if version else self._queries[name]

    def versions(self, name: str) -> dict[str, CannedQuery]:
        """All versions of a query that is there, by version, the current one first."""
        current = self._queries[name]
        return {current.version: current} | self._earlier.get(name, {})


@dataclass(frozen=True)
class Question:
    """A canned query with its parameters read, and how each value was understood.

    `terms` fill its blocks. A `short` one is answered on the event loop, in a moment.
    """

    query: CannedQuery
    readings: dict[str, list[Reading]]
    terms: dict[str, list[ox.NamedNode | ox.Literal]]
    short: bool = False

    @cached_property
    def text(self) -> str:
        """The SPARQL that any endpoint answers."""
        return fill(self.query.text, self.terms)

    @property
    def with_labels_called(self) -> str:
        """The same for an engine that `calls_labels`."""
        return fill(with_labels_called(self.query.text), self.terms)


@dataclass(frozen=True)
class Page:
    """Rows of an answer from `offset` on, at most `limit`; `more` tells whether others follow.

    `whole` has every column of these rows, `table` those that were asked for.
    """

    table: Table
    whole: Table
    offset: int
    limit: int | None
    more: bool


class QueryService:
    """Runs canned queries on an engine, those of a user's folder on `strangers`, which can be stopped.

    Where there is an `endpoint`, canned queries of ours run there; `engine` still reads parameters and labels.
    `release` is the identifier that answers and cursors carry.
    """

    def __init__(
        self,
        engine: Engine,
        catalogue: Catalogue,
        release: str,
        strangers: Engine | None = None,
        endpoint: Engine | None = None,
    ) -> None:
        self.engine = engine
        self.endpoint = endpoint
        self.strangers = strangers or engine
        self.catalogue = catalogue
        self.release = release
        # A release never changes: what a name means in it is asked once.
        self._resolve = lru_cache(_NAMES)(partial(resolve, engine))
        self._label_of = lru_cache(_NAMES)(partial(label_of, engine))
        self.codes = lru_cache(partial(codes_of, engine))

    def ask(self, name: str, given: Mapping[str, Sequence[str]], language: str = "zh", short: bool = False) -> Question:
        """Read the parameters, labels in a language.

        Raises NotFoundError for the name, which may be `name@version`, ParameterError for what does not fit the head.
        """
        query = self.catalogue.get(name)
        declared = {parameter.name: parameter for parameter in query.parameters}
        for unknown in given.keys() - declared.keys():
            raise ParameterError(unknown, "there is no such parameter here.", list(declared))
        readings = {p.name: self._read_all(p, given.get(p.name, ()), language) for p in query.parameters}
        terms = {p.variable: [r.term for r in readings[p.name]] for p in query.parameters}
        return Question(query, readings, {**terms, RELEASE: [ox.Literal(self.release)]}, short)

    def _read_all(self, parameter: Parameter, values: Sequence[str], language: str) -> list[Reading]:
        texts = [value for value in values if value.strip()] or ([parameter.default] if parameter.default else [])
        if parameter.required and not texts:
            raise ParameterError(parameter.name, "is needed.", [parameter.example] if parameter.example else ())
        if len(texts) > 1 and not parameter.many:
            raise ParameterError(parameter.name, f"takes one value, not {len(texts)}.")
        readings = {reading.term: reading for reading in (self._read(parameter, text, language) for text in texts)}
        return list(readings.values())

    def _read(self, parameter: Parameter, text: str, language: str) -> Reading:
        if parameter.scheme is not None:
            return self._read_code(parameter, text, language)
        if parameter.kind in LITERALS:
            return Reading(text, literal(parameter.name, parameter.kind, text))
        reading = self._resolve(parameter.name, parameter.kind, text)
        label = self._label_of(reading.read, language) if language != "zh" else None
        return replace(reading, label=label or reading.label)

    def _read_code(self, parameter: Parameter, text: str, language: str) -> Reading:
        allowed = self.codes(parameter.scheme or "", language)
        if text not in allowed:
            raise ParameterError(parameter.name, f"{text!r} is not one of the code list.", list(allowed))
        return Reading(text, ox.Literal(text), allowed[text])

    def run(self, question: Question, limit: int | None = None, offset: int = 0) -> QueryResult:
        """The engine's own result, whole or a slice.

        Only for a short question are labels called: each call takes the GIL, which in a thread would be waited for.
        """
        engine = (self.endpoint or self.engine) if question.query.trusted else self.strangers
        calls = question.short and engine.calls_labels
        return engine.query((question.with_labels_called if calls else question.text) + slice_of(limit, offset))

    def page(
        self, question: Question, limit: int | None = DEFAULT_LIMIT, offset: int = 0, view: View | None = None
    ) -> Page:
        """Up to `limit` rows from `offset` on, None for all that follow, as a view has them.

        One row more than `limit` is asked for, to know whether others follow. A view that sorts or filters needs the
        whole answer, and is cut afterwards. Raises ParameterError for a condition that does not fit its column.
        """
        view = view or View()
        more = None if limit is None else limit + 1
        if view.arranges:
            found = view.arrange(self.table(question))
            found = found.with_rows(found.rows[offset : None if more is None else offset + more])
        else:
            found = self.table(question, more, offset)
        whole = found.with_rows(found.rows[:limit])
        return Page(view.project(whole), whole, offset, limit, len(found) > len(whole))

    def table(self, question: Question, limit: int | None = None, offset: int = 0) -> Table:
        """The answer of a SELECT, whole or a slice, as a table."""
        found = self.run(question, limit, offset)
        assert isinstance(found, ox.QuerySolutions)
        return Table.of(found, self.catalogue.columns)

    def cursor(self, offset: int) -> str:
        """The opaque place in an answer: release and offset."""
        return f"{self.release[:12]}.{offset}"

    def offset(self, cursor: str | None) -> int:
        """The offset of a cursor; ParameterError where it is none, or of another release."""
        if not cursor:
            return 0
        found = re.fullmatch(r"([0-9a-f]{12})\.([0-9]{1,9})", cursor)
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
    if not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= MAX_LIMIT:
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
