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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

import pyoxigraph as ox

from reformgraph.canned.columns import FILE, Column
from reformgraph.canned.heads import Head, Parameter, read_head
from reformgraph.canned.lint import misplaced_parameters
from reformgraph.engines.base import syntax_error
from reformgraph.errors import QueryRefusedError, SourceFileError
from reformgraph.tokens import Token, tokenize, values_blocks

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_VERSION = re.compile(r"\d+(\.\d+)*")


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


def read_folder(folder: Path, trusted: bool = True, columns: Mapping[str, Column] | None = None) -> list[CannedQuery]:
    """All `*.rq` directly in a folder, by name; raises SourceFileError for the first faulty one.

    With a dictionary of columns every column must be in it.
    """
    if not folder.is_dir():
        raise SourceFileError(folder, 0, "There is no such folder of queries.")
    queries = [read_file(path, trusted) for path in sorted(folder.glob("*.rq"))]
    for query in queries if columns else ():
        unknown = next((name for name in query.columns if name not in (columns or {})), None)
        if unknown:
            line = read_head(query.path, query.text).line("columns")
            raise SourceFileError(query.path, line, f"The column {unknown!r} has no line in {FILE}: tell what it is.")
    return queries


def read_versions(folder: Path, trusted: bool = True) -> list[CannedQuery]:
    """The earlier versions in `versions/<name>@<version>.rq` of a folder; raises SourceFileError."""
    found = []
    for path in sorted((folder / "versions").glob("*.rq")):
        name, _, version = path.stem.partition("@")
        if not _VERSION.fullmatch(version):
            raise SourceFileError(path, 0, "An earlier version is called <name>@<version>.rq, such as figures@1.rq.")
        query = read_file(path, trusted, name=name)
        if query.version != version:
            line = read_head(path, query.text).line("version")
            raise SourceFileError(path, line, f"The head says version {query.version}, the file's name {version}.")
        found.append(query)
    return found


def read_file(path: Path, trusted: bool = True, name: str | None = None) -> CannedQuery:
    """One query file, checked; raises SourceFileError with file, line and reason. `name` is its own unless given."""
    name = path.stem if name is None else name
    if not _NAME.fullmatch(name):
        raise SourceFileError(path, 0, "A query's name is lower-case words joined by hyphens: figures-by-year.rq.")
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceFileError(path, 0, f"Not readable as UTF-8: {error}") from None
    head = read_head(path, text)
    form, variables = _parse(path, text)
    query = CannedQuery(
        name=name,
        path=path,
        text=text,
        version=head.one("version", "1"),
        summary={"zh": head.one("summary_zh"), "en": head.one("summary")},
        description={"zh": head.one("description_zh", ""), "en": head.one("description", "")},
        tags=tuple(t.strip() for t in head.one("tags", "").split(",") if t.strip()),
        parameters=tuple(head.parameters()),
        columns=tuple(head.one("columns", " ".join(variables)).replace(",", " ").split()),
        example=parse_qs(head.one("example", ""), keep_blank_values=True),
        form=form,
        trusted=trusted,
    )
    _check(query, variables, head)
    return query


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


def _check(query: CannedQuery, variables: list[str], head: Head) -> None:
    def fail(key: str, reason: str) -> None:
        raise SourceFileError(query.path, head.line(key), reason)

    if not _VERSION.fullmatch(query.version):
        fail("version", f"{query.version!r} is no version such as 2.")
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
    tokens = tokenize(query.text)
    for reason in misplaced_parameters(tokens, blocks, declared):
        fail("summary", reason)
    _check_order(query, tokens, fail)


def _check_order(query: CannedQuery, tokens: list[Token], fail: object) -> None:
    """A SELECT decides its order, and leaves LIMIT and OFFSET to the service."""
    assert callable(fail)
    words = [t.text.upper() for t in outer_words(tokens)]
    if query.form == "select" and "ORDER" not in words:
        fail("summary", "A query ends with ORDER BY: pages of an unordered answer would overlap.")
    if {"LIMIT", "OFFSET"} & set(words):
        fail("summary", "LIMIT and OFFSET are added by the service: leave them out.")
    if {"FROM", "SERVICE"} & {t.text.upper() for t in tokens if t.kind == "word"}:
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
