"""What a request of the SPARQL 1.1 Protocol asks: read from the URL, from a form, or from a body that is the query.

Specification: https://www.w3.org/TR/sparql11-protocol/, section 2.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message
from urllib.parse import parse_qsl

from starlette.requests import Request

from reformgraph.engines.base import RdfDataset
from reformgraph.errors import QueryRefusedError
from reformgraph.web import respond

QUERY, FORM = "application/sparql-query", "application/x-www-form-urlencoded"
Pairs = list[tuple[str, str]]
_UPDATES = ("update", "using-graph-uri", "using-named-graph-uri")


class MediaTypeError(Exception):
    """The body is of a media type, character set or coding that the protocol does not have: 415."""


@dataclass(frozen=True)
class Asked:
    """A protocol request: the query, if any, the dataset that it names, a hint at the format."""

    query: str | None
    dataset: RdfDataset | None
    hint: str | None


def url_pairs(request: Request) -> Pairs:
    """The parameters of the URL; QueryRefusedError where they are no UTF-8 in percent-encoding."""
    return _decoded(request.scope["query_string"].decode("latin-1"))


def asked_by_url(request: Request) -> Asked:
    """The question of a GET."""
    return _asked(url_pairs(request))


async def asked_by_body(request: Request) -> Asked:
    """The question of a POST or QUERY; MediaTypeError where the body is of neither kind."""
    media_type = _media_type(request)
    text = await _text(request)
    pairs = url_pairs(request)
    asked = _asked(pairs + (_decoded(text) if media_type == FORM else [("query", text)]))
    if not (asked.query or "").strip():
        raise QueryRefusedError("there is no query.", f"Send query= in a form, or the query itself as {QUERY}.")
    return asked


def _media_type(request: Request) -> str:
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in (QUERY, FORM):
        given = repr(media_type) if media_type else "a body without a media type"
        update = " The endpoint is read-only." if media_type == "application/sparql-update" else ""
        raise MediaTypeError(f"Send {QUERY} or {FORM}, not {given}.{update}")
    charset = header.get_content_charset("utf-8")
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise MediaTypeError(f"Send the query in UTF-8, not in {charset!r}.")
    if (coding := request.headers.get("content-encoding", "identity").lower()) != "identity":
        raise MediaTypeError(f"Send the body as it is, not in the coding {coding!r}.")
    return media_type


async def _text(request: Request) -> str:
    try:
        return (await respond.read_body(request)).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise QueryRefusedError("the body is not UTF-8.") from None


def _decoded(text: str) -> Pairs:
    """Names and values of a form; a broken escape is refused, for it would be guessed at otherwise."""
    if broken := re.search(r"%(?![0-9A-Fa-f]{2}).{0,2}", text, re.DOTALL):
        raise QueryRefusedError(f"{broken[0]!r} is no percent-encoding.", "Write a percent sign as %25.")
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise QueryRefusedError("its percent-encoding is not that of UTF-8.") from None


def _asked(pairs: Pairs) -> Asked:
    def all_of(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in pairs if key == name)

    if any(key in _UPDATES for key, _ in pairs):
        raise QueryRefusedError("the endpoint is read-only.", "Ask by query=.")
    queries = all_of("query")
    if len(queries) > 1:
        raise QueryRefusedError(f"query is given {len(queries)} times.", "Ask one question at a time.")
    default, named = all_of("default-graph-uri"), all_of("named-graph-uri")
    hints = [value for name in ("format", "output", "results") for value in all_of(name) if value]
    return Asked(
        query=queries[0] if queries else None,
        dataset=RdfDataset(default, named) if default or named else None,
        hint=hints[0] if hints else None,
    )
