"""A check of a protocol: one request and what must be true of its answer, whatever server gives it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
import pyoxigraph as ox

JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
CSV, TSV = "text/csv", "text/tab-separated-values"
TURTLE, NT, JSONLD, RDFXML = "text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"
NQ, TRIG, HTML, PROBLEM = "application/n-quads", "application/trig", "text/html", "application/problem+json"
SOLUTIONS, GRAPHS = (JSON, XML, CSV, TSV), (TURTLE, NT, JSONLD, RDFXML, NQ, TRIG)
DIRECT, FORM = "application/sparql-query", "application/x-www-form-urlencoded"
REFUSED = tuple(range(400, 500))

Pairs = tuple[tuple[str, str], ...]
Reader = Callable[[bytes, str], bool]


@dataclass(frozen=True)
class Check:
    """`accept` are the Accept lines, none for no header; `ours` marks what only our contract asks for."""

    name: str
    target: str
    method: str = "GET"
    accept: tuple[str, ...] = ("*/*",)
    headers: Pairs = ()
    body: bytes | None = None
    status: tuple[int, ...] = (200,)
    media_types: tuple[str, ...] = ()
    content: Reader | None = None
    answers: Pairs = ()  # header of the answer, pattern of its value
    ours: bool = False


def url(path: str, *pairs: tuple[str, str]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path


def get(query: str, *pairs: tuple[str, str]) -> str:
    return url("/sparql", ("query", query), *pairs)


def send(client: httpx.Client, check: Check) -> httpx.Response:
    request = client.build_request(check.method, check.target, content=check.body)
    del request.headers["accept"]
    lines = [(b"Accept", line.encode()) for line in check.accept]
    named = [(name.encode(), value.encode()) for name, value in check.headers]
    kept = [pair for pair in request.headers.raw if pair[0].lower() not in {name.lower() for name, _ in named}]
    request.headers = httpx.Headers([*kept, *lines, *named])
    return client.send(request)


def faults(client: httpx.Client, check: Check) -> list[str]:
    """What is wrong with the answer to a check, nothing if it passes."""
    answer = send(client, check)
    media_type = answer.headers.get("content-type", "").partition(";")[0]
    found = []
    if answer.status_code not in check.status:
        found.append(f"status {answer.status_code}: {answer.text[:200]}")
    if check.media_types and media_type not in check.media_types:
        found.append(f"media type {media_type}")
    if not found and check.content is not None and not check.content(answer.content, media_type):
        found.append(f"content {answer.text[:200]!r}")
    for name, pattern in check.answers:
        if not re.search(pattern, answer.headers.get(name, "")):
            found.append(f"{name}: {answer.headers.get(name)!r}")
    return found


def says(expected: bool) -> Reader:
    """The answer is this boolean, in JSON or XML."""

    def read(body: bytes, media_type: str) -> bool:
        found = ox.parse_query_results(body, format=_format(ox.QueryResultsFormat, media_type))
        return isinstance(found, ox.QueryBoolean) and bool(found) == expected

    return read


def rows(expected: int) -> Reader:
    """The answer has so many solutions, in a format that can be read back (CSV keeps no terms: lines are counted)."""

    def read(body: bytes, media_type: str) -> bool:
        if media_type == CSV:
            return body.count(b"\r\n") == expected + 1
        found = ox.parse_query_results(body, format=_format(ox.QueryResultsFormat, media_type))
        return isinstance(found, ox.QuerySolutions) and len(list(found)) == expected

    return read


def triples(least: int, most: int = 10**9) -> Reader:
    """The answer is a graph of so many triples in its default graph."""

    def read(body: bytes, media_type: str) -> bool:
        quads = list(ox.parse(body, format=_format(ox.RdfFormat, media_type)))
        return least <= len(quads) <= most and all(isinstance(q.graph_name, ox.DefaultGraph) for q in quads)

    return read


def holds(*texts: str) -> Reader:
    """The body has each of the texts."""
    return lambda body, _: all(text in body.decode() for text in texts)


def _format(kind: type[ox.QueryResultsFormat] | type[ox.RdfFormat], media_type: str) -> ox.QueryResultsFormat:
    found = kind.from_media_type(media_type)
    assert found is not None, media_type
    return found  # type: ignore[return-value]
