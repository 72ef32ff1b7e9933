"""A bounded cache of answers: the graph changes only with a release, so an answer with an ETag holds until then.

It stands before routing, so that a repeated GET costs neither a thread nor a query. What varies an answer (RFC 9111,
4.1: Accept and Accept-Language) is part of the key, and so is the address that the absolute links in it start with.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reformgraph.web.layers.observing import facts_of, template

Headers = list[tuple[bytes, bytes]]
Key = tuple[Any, ...]
_VARYING = (b"accept", b"accept-language", b"host")


@dataclass(frozen=True)
class Kept:
    """An answer as it was sent."""

    headers: Headers
    body: bytes
    etag: bytes
    facts: dict[str, Any]

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return len(self.body) + sum(len(name) + len(value) for name, value in self.headers)

    def not_modified(self) -> Headers:
        """The headers of a 304: all but those that tell of a body (RFC 9110, 15.4.5)."""
        return [pair for pair in self.headers if pair[0] not in (b"content-length", b"content-type")]


class Cache:
    """ASGI middleware that keeps answers of GET with an ETag, the least used going first.

    `scope["reformgraph.site"]` is the site that answers: another release has other keys.
    """

    def __init__(self, app: ASGIApp, most: int = 32 * 2**20, largest: int = 2**20) -> None:
        self.app = app
        self._most, self._largest = most, largest
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._size = 0
        self._asked: dict[Key, asyncio.Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        key = _key(scope)
        if (asked := self._asked.get(key)) is not None:
            await asked.wait()  # many clients with one question cost one answer
        if (kept := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            facts_of(scope).update(kept.facts, cached=True)
            await _send_kept(kept, _known_tags(scope), send)
            return
        await self._ask(key, scope, receive, send)

    async def _ask(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
        mine = self._asked.setdefault(key, asyncio.Event())
        try:
            await self.app(scope, receive, _Recorder(self, key, scope, send))
        finally:
            mine.set()
            if self._asked.get(key) is mine:
                del self._asked[key]

    def keep(self, key: Key, kept: Kept) -> None:
        """Keep an answer, and let go of the least used ones where there is no more room."""
        if kept.size > self._largest or key in self._kept:
            return
        self._kept[key] = kept
        self._size += kept.size
        while self._size > self._most:
            _, gone = self._kept.popitem(last=False)
            self._size -= gone.size


def _key(scope: Scope) -> Key:
    place = (scope.get("scheme"), scope.get("root_path"), scope["path"], scope["query_string"])
    site = scope.get("reformgraph.site")
    varying = tuple(pair for pair in scope["headers"] if pair[0] in _VARYING)
    return (site.release.id if site else None, *place, *varying)


def _known_tags(scope: Scope) -> set[bytes]:
    lists = [value for name, value in scope["headers"] if name == b"if-none-match"]
    return {tag.strip().removeprefix(b"W/") for value in lists for tag in value.split(b",")}


async def _send_kept(kept: Kept, known: set[bytes], send: Send) -> None:
    fresh = kept.etag in known or b"*" in known
    status, headers = (304, kept.not_modified()) if fresh else (200, kept.headers)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if fresh else kept.body})


class _Recorder:
    """Passes an answer on, and gives it to the cache if it is one message, a 200, and has an ETag."""

    def __init__(self, cache: Cache, key: Key, scope: Scope, send: Send) -> None:
        self._cache, self._key, self._scope, self._send = cache, key, scope, send
        self._start: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif self._start is not None and not message.get("more_body"):
            self._keep(self._start, message.get("body", b""))
        await self._send(message)
        if message.get("more_body"):
            self._start = None

    def _keep(self, start: Message, body: bytes) -> None:
        headers: Headers = list(start["headers"])
        etag = next((value for name, value in headers if name == b"etag"), None)
        if start["status"] == 200 and etag is not None:
            facts = {"route": template(self._scope), **facts_of(self._scope)}
            self._cache.keep(self._key, Kept(headers, body, etag, facts))
