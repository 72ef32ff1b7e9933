"""Questions from the command line: canned queries by name, SPARQL under the limits of the service."""

from __future__ import annotations

import sys
from pathlib import Path

import pyoxigraph as ox

from reformgraph import results
from reformgraph.content import content_root
from reformgraph.engines.base import Engine
from reformgraph.engines.workers import WorkerLimits, WorkerPool
from reformgraph.errors import ParameterError, SourceFileError
from reformgraph.queries import Catalogue, QueryService
from reformgraph.results import FORMATS
from reformgraph.settings import Settings


def canned(
    engine: Engine,
    release: str,
    folder: Path | None,
    name: str | None,
    pairs: list[str],
    format_: str,
    limit: int | None,
) -> bytes:
    """The answer to a canned query in a format, or without a name the list of them."""
    catalogue = Catalogue.read(content_root() / "queries", folder)
    if name is None:
        return "".join(f"{query.name}\t{query.summary['en']}\n" for query in catalogue).encode()
    query = catalogue.get(name)
    if format_ == "rq":
        return query.text.encode()
    service = QueryService(engine, catalogue, release)
    given: dict[str, list[str]] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise ParameterError(pair, "is not of the form name=value.", [p.name for p in query.parameters])
        given.setdefault(key, []).append(value)
    found = service.run(service.ask(name, given), limit)
    if isinstance(found, ox.QueryTriples):
        return results.graph_bytes(found, ox.RdfFormat.TURTLE)
    assert isinstance(found, ox.QuerySolutions)
    if format_ == "csv":
        return results.csv_text(query.columns, results.rows(found))
    if format_ == "json":
        return results.json_bytes(results.rows(found)) + b"\n"
    return found.serialize(format=_solutions(format_)) or b""


def _solutions(name: str) -> ox.QueryResultsFormat:
    found = FORMATS.get(name)
    if found is None or not isinstance(found.engine, ox.QueryResultsFormat):
        raise ParameterError("--format", f"{name!r} is not offered here.", ("csv", "json", "tsv", "srj", "srx", "rq"))
    return found.engine


def ad_hoc(store: Path, settings: Settings, text: str, format_: str) -> bytes:
    """The answer to a SPARQL query given as text, `@file` or `-`; TSV and Turtle unless a format is named."""
    query = _text(text)
    engine = FORMATS[format_].engine if format_ in FORMATS else None
    if format_ and engine is None:
        offered = [name for name, known in FORMATS.items() if known.engine is not None]
        raise ParameterError("--format", f"{format_!r} is not offered here.", offered)
    solutions = engine if isinstance(engine, ox.QueryResultsFormat) else ox.QueryResultsFormat.JSON
    triples = engine if isinstance(engine, ox.RdfFormat) else ox.RdfFormat.TURTLE
    limits = WorkerLimits(processes=1, deadline=settings.deadline, memory=settings.worker_memory * 2**20)
    with WorkerPool(store, limits, allow_unlimited=settings.allow_unlimited) as pool:
        answer = pool.answer(query, solutions, triples)
    if format_ or answer.form != "select":
        return answer.body
    found = ox.parse_query_results(answer.body, format=ox.QueryResultsFormat.JSON)
    assert isinstance(found, ox.QuerySolutions)
    return found.serialize(format=ox.QueryResultsFormat.TSV) or b""


def _text(given: str) -> str:
    if given == "-":
        return sys.stdin.read()
    if not given.startswith("@"):
        return given
    try:
        return Path(given[1:]).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceFileError(given[1:], 0, f"Not readable as UTF-8: {error}") from None
