"""What holds for every answer, whatever made it: HEAD, OPTIONS, a sound Host, headers of ours."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reformgraph.web import problems
from reformgraph.web.layers.observing import path_of

_POSTS = re.compile(r"/queries/[^/]+|/sparql|/validate|/reconcile|/mcp")
_EMBEDDED = re.compile(r"/reconcile/(?:[^/]+/)?preview")  # OpenRefine shows these in a frame of its own page
_POST_ONLY = re.compile(r"/reconcile/[^/]+/(?:match|extend)")
_METHODS = {"/sparql": b", POST, QUERY"}
_TEXT = re.compile(
    rb"text/[\w.+-]+|image/svg\+xml|application/(?:[\w.-]+\+)?(?:json|xml)"
    rb"|application/(?:n-triples|n-quads|trig|sparql-query|javascript)"
)
_HOST = re.compile(rb"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::\d+)?", re.ASCII)
_LISTS = (b"accept", b"accept-language", b"if-none-match")  # lines of these are one list (RFC 9110, 5.3)
_SECURITY = {
    b"content-security-policy": b"default-src 'self'; script-src 'none'; base-uri 'none'; form-action 'self'; "
    b"frame-ancestors 'none'; img-src 'self' data:",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
}
_POLICY = b"content-security-policy"
_FRAMED = _SECURITY | {_POLICY: _SECURITY[_POLICY].replace(b"frame-ancestors 'none'", b"frame-ancestors *")}
_EDITOR, _SUGGESTING = re.compile("/sparql/?"), re.compile(r"/search(?:\.html)?")
_SCRIPTED = _SECURITY | {_POLICY: _SECURITY[_POLICY].replace(b"script-src 'none'", b"script-src 'self'")}
# The editor's table writes one style element, for the grips of its columns: no other is let in.
_STYLED = b"script-src 'self'; style-src 'self' 'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"
_EDITED = _SECURITY | {_POLICY: _SECURITY[_POLICY].replace(b"script-src 'none'", _STYLED)}


class Edges:
    """What holds for every answer: HEAD as GET without a body, OPTIONS, a sound Host, headers of ours."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method, answered = scope["method"], 0
        scope = {**scope, "headers": _joined(scope["headers"]), "method": "GET" if method == "HEAD" else method}

        async def edged(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = message["status"]
                message = {**message, "headers": _edged(message["headers"], answered, path_of(scope))}
                if method == "OPTIONS" and answered == 405:
                    message = {**message, "status": 204, "headers": _bodiless(message["headers"])}
            elif method == "HEAD" or (method == "OPTIONS" and answered == 405):
                message = {**message, "body": b""}
            await send(message)

        await (self.app if _host_is_sound(scope) else _BAD_HOST)(scope, receive, edged)


# A server must answer 400 to a Host that is none (RFC 9112, 3.2); addresses in our answers are made of it.
_BAD_HOST = problems.problem(400, "host", "Bad Host", "The Host header is no host name and port.")


def _host_is_sound(scope: Scope) -> bool:
    return all(_HOST.fullmatch(value) for name, value in scope["headers"] if name == b"host")


def _joined(headers: Any) -> list[tuple[bytes, bytes]]:
    """The headers of a request with several lines of a list header as one."""
    found = [name for name, _ in headers if name in _LISTS]
    if len(found) == len(set(found)):
        return list(headers)
    lists = {name: b", ".join(value for key, value in headers if key == name) for name in _LISTS}
    return [(name, value) for name, value in headers if name not in lists] + [
        (name, lists[name]) for name in _LISTS if any(key == name for key, _ in headers)
    ]


def _edged(headers: Any, status: int, path: str) -> list[tuple[bytes, bytes]]:
    """The headers with ours: every text says its character set, every 405 all the methods of its path."""
    kept = [(key, _with_charset(value) if key.lower() == b"content-type" else value) for key, value in headers]
    if status == 405:
        more = _METHODS.get(path.rstrip("/"), b", POST" if _POSTS.fullmatch(path) else b"")
        kept = [(key, value) for key, value in kept if key.lower() != b"allow"]
        kept.append((b"allow", b"OPTIONS, POST" if _POST_ONLY.fullmatch(path) else b"GET, HEAD, OPTIONS" + more))
    if status == 406:
        kept.append((b"vary", b"Accept"))
    return [*kept, *_policies(path).items()]


@lru_cache
def _policies(path: str) -> dict[bytes, bytes]:
    if _EMBEDDED.fullmatch(path):
        return _FRAMED
    if _EDITOR.fullmatch(path):
        return _EDITED
    return _SCRIPTED if _SUGGESTING.fullmatch(path) else _SECURITY


def _bodiless(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(key, value) for key, value in headers if key.lower() not in (b"content-type", b"content-length")]


@lru_cache
def _with_charset(media_type: bytes) -> bytes:
    return media_type + b"; charset=utf-8" if _TEXT.fullmatch(media_type) else media_type
