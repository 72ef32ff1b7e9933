"""Canned queries as files: a head of `#+` lines, then SPARQL that runs as it stands in any union endpoint.

    #+ summary: Which figures are there?          #+ summary_zh: 有哪些数字？
    #+ description: …                             #+ tags: figures, evidence
    #+ version: 1                                 #+ example: agency=大连市公安局&kind=change
    #+ param agency: agency, many, example 大连市公安局
    #+ param agency zh: 公安机关                   #+ param agency en: Body whose work the figure tells
    #+ columns: observation metric value

The first word of a `param` is its kind: a kind of thing (`agency`, `place`, …, or `thing` for any), `code <scheme>`
for the bare words of a code list, or `string`, `lang`, `date`, `integer`, `decimal`;
`iri` is another word for `thing`. Then follow, in any order,
`many`, `required`, `default <text>`, `example <text>` and `in ?variable` where the variable is not the name.
In the query each parameter is a block `VALUES ?variable { UNDEF }`; see design notes in `queries/README.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs

import pyoxigraph as ox

from reformgraph.engines.base import syntax_error
from reformgraph.errors import QueryRefusedError, SourceFileError
from reformgraph.namespaces import KINDS
from reformgraph.querylint import misplaced_parameters
from reformgraph.tokens import Token, tokenize, values_blocks

VALUE_KINDS = ("string", "lang", "date", "integer", "decimal")
_KEYS = ("summary", "summary_zh", "description", "description_zh", "tags", "version", "columns", "example")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PARAM = re.compile(r"param (\w+)(?: (zh|en))?")
_RESERVED = ("limit", "cursor", "format", "lang", "sort", "filter", "fields", "bom", "release")


@dataclass(frozen=True)
class Parameter:
    """One parameter of a canned query as its head declares it."""

    name: str
    kind: str
    variable: str
    scheme: str | None = None
    many: bool = False
    required: bool = False
    default: str | None = None
    example: str | None = None
    label: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CannedQuery:
    """A query file: what it asks in two languages, its parameters, its columns, its SPARQL."""

    name: str
    path: Path
    text: str
    version: str
    summary: dict[str, str]
    description: dict[str, str]
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]
    example: dict[str, list[str]]
    form: str
    trusted: bool = True

    def parameter(self, name: str) -> Parameter | None:
        """The declared parameter of that name, or None."""
        return next((p for p in self.parameters if p.name == name), None)


def read_folder(folder: Path, trusted: bool = True) -> list[CannedQuery]:
    """All `*.rq` directly in a folder, by name; raises SourceFileError for the first faulty one."""
    if not folder.is_dir():
        raise SourceFileError(folder, 0, "There is no such folder of queries.")
    return [read_file(path, trusted) for path in sorted(folder.glob("*.rq"))]


def read_file(path: Path, trusted: bool = True) -> CannedQuery:
    """One query file, checked; raises SourceFileError with file, line and reason."""
    if not _NAME.fullmatch(path.stem):
        raise SourceFileError(path, 0, "A query's name is lower-case words joined by hyphens: figures-by-year.rq.")
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceFileError(path, 0, f"Not readable as UTF-8: {error}") from None
    head = _read_head(path, text)
    form, columns = _parse(path, text)
    query = CannedQuery(
        name=path.stem,
        path=path,
        text=text,
        version=head.one("version", "1"),
        summary={"zh": head.one("summary_zh"), "en": head.one("summary")},
        description={"zh": head.one("description_zh", ""), "en": head.one("description", "")},
        tags=tuple(t.strip() for t in head.one("tags", "").split(",") if t.strip()),
        parameters=tuple(head.parameters()),
        columns=tuple(head.one("columns", " ".join(columns)).replace(",", " ").split()),
        example=parse_qs(head.one("example", ""), keep_blank_values=True),
        form=form,
        trusted=trusted,
    )
    _check(query, columns, head)
    return query


class _Head:
    """The `#+` lines of a file: key -> text and line number."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[str, tuple[str, int]] = {}

    def one(self, key: str, default: str | None = None) -> str:
        """The text of a key, or the default; a key without default must be there."""
        if key in self.lines:
            return self.lines[key][0]
        if default is None:
            raise SourceFileError(self.path, 1, f"The head lacks the line '#+ {key}: …'.")
        return default

    def line(self, key: str) -> int:
        """The line number of a key, 1 where it is absent."""
        return self.lines.get(key, ("", 1))[1]

    def parameters(self) -> Iterable[Parameter]:
        """The parameters in the order of their declarations."""
        for key in self.lines:
            found = _PARAM.fullmatch(key)
            if found and not found[2]:
                yield self._parameter(found[1], *self.lines[key])

    def _parameter(self, name: str, text: str, line: int) -> Parameter:
        first, *rest = (part.strip() for part in text.split(","))
        kind, _, scheme = first.partition(" ")
        kind = "thing" if kind == "iri" else kind
        if kind not in (*KINDS, *VALUE_KINDS, "thing") or (kind == "code" and not scheme):
            known = ", ".join((*KINDS, *VALUE_KINDS, "thing", "code <scheme>"))
            raise SourceFileError(self.path, line, f"Unknown kind {first!r} of parameter {name}. Known: {known}.")
        if name in _RESERVED and not (name == "lang" and kind == "lang"):
            raise SourceFileError(self.path, line, f"{name!r} is a parameter of every query: choose another name.")
        label = {tag: self.one(f"param {name} {tag}", name) for tag in ("zh", "en")}
        options = {word: value for word, _, value in (part.partition(" ") for part in rest)}
        unknown = set(options) - {"many", "required", "default", "example", "in"}
        if unknown:
            raise SourceFileError(self.path, line, f"Unknown words {', '.join(sorted(unknown))} for parameter {name}.")
        return Parameter(
            name=name,
            kind=kind,
            variable=options.get("in", name).lstrip("?"),
            scheme=scheme or None,
            many="many" in options,
            required="required" in options,
            default=options.get("default"),
            example=options.get("example"),
            label=label,
        )


def _read_head(path: Path, text: str) -> _Head:
    head = _Head(path)
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#+"):
            continue
        key, colon, value = line[2:].strip().partition(":")
        if not colon or not (key in _KEYS or _PARAM.fullmatch(key)):
            raise SourceFileError(path, number, f"Unknown head line {line!r}. Keys: {', '.join(_KEYS)}, param <name>.")
        head.lines[key] = (value.strip(), number)
    return head


def _parse(path: Path, text: str) -> tuple[str, list[str]]:
    """Query form and projected variables, as the engine itself reads the text."""
    try:
        found = ox.Store().query(text, use_default_graph_as_union=True)
    except SyntaxError as error:
        found_at = syntax_error(text, str(error))
        raise SourceFileError(path, found_at.line, found_at.reason) from None
    if isinstance(found, ox.QuerySolutions):
        return "select", [variable.value for variable in found.variables]
    return ("construct", []) if isinstance(found, ox.QueryTriples) else ("ask", [])


def _check(query: CannedQuery, variables: list[str], head: _Head) -> None:
    def fail(key: str, reason: str) -> None:
        raise SourceFileError(query.path, head.line(key), reason)

    if query.form == "ask":
        fail("summary", "A canned query is a SELECT or a CONSTRUCT.")
    if query.form == "select" and list(query.columns) != variables:
        fail("columns", f"The columns are not those of the SELECT: {' '.join(variables)}.")
    blocks = values_blocks(query.text)
    for parameter in query.parameters:
        if parameter.variable not in blocks:
            fail(f"param {parameter.name}", f"No block VALUES ?{parameter.variable} {{ UNDEF }} in the query.")
    declared = {parameter.variable for parameter in query.parameters}
    for variable in blocks.keys() - declared - {"release"}:
        fail("summary", f"The block VALUES ?{variable} {{ UNDEF }} belongs to no declared parameter.")
    for name in query.example.keys() - {parameter.name for parameter in query.parameters}:
        fail("example", f"The example uses {name!r}, which is no parameter.")
    for reason in misplaced_parameters(query.text, declared):
        fail("summary", reason)
    _check_order(query, fail)


def _check_order(query: CannedQuery, fail: object) -> None:
    """A SELECT decides its order, and leaves LIMIT and OFFSET to the service."""
    assert callable(fail)
    words = [t.text.upper() for t in outer_words(tokenize(query.text))]
    if query.form == "select" and "ORDER" not in words:
        fail("summary", "A query ends with ORDER BY: pages of an unordered answer would overlap.")
    if {"LIMIT", "OFFSET"} & set(words):
        fail("summary", "LIMIT and OFFSET are added by the service: leave them out.")
    if {"FROM", "SERVICE"} & {t.text.upper() for t in tokenize(query.text) if t.kind == "word"}:
        raise SourceFileError(
            query.path, 0, str(QueryRefusedError("FROM and SERVICE have no place in a canned query."))
        )


def outer_words(tokens: Iterable[Token]) -> Iterable[Token]:
    """The bare words outside every brace and parenthesis."""
    depth = 0
    for token in tokens:
        depth += (token.text in ("{", "(")) - (token.text in ("}", ")"))
        if depth == 0 and token.kind == "word":
            yield token
