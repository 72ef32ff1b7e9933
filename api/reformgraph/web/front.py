"""The application of a process as uvicorn sees it: canned queries at once, all else once its routes are read.

request -> /queries/<name> -> `lane`, which is there from the start
        -> all else        -> `whole`, FastAPI with all routes: to read it takes as long as all before

What programs ask most is answered half a second after the command. The routes are read by the first request that needs
them, or when none has come for a while; whatever comes meanwhile waits, before it is timed.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reformgraph.web.layers.observing import path_of

HEAD_START = 0.3  # s in which the first canned queries have the interpreter for themselves
_CANNED = re.compile(r"/queries/[^/]+")


class Front:
    """ASGI application; `whole` makes the one that answers all that `lane` does not, and is called in a thread."""

    def __init__(self, lane: ASGIApp, whole: Callable[[], ASGIApp]) -> None:
        self._lane, self._make = lane, whole
        self._whole: ASGIApp | None = None
        self._needed = asyncio.Event()
        self._making: asyncio.Task[ASGIApp] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        if scope["type"] == "lifespan":
            await self._lane(scope, receive, self._beginning(send))
        elif _CANNED.fullmatch(path_of(scope)):
            await self._lane(scope, receive, send)
        else:
            await (self._whole or await self._made())(scope, receive, send)

    def _beginning(self, send: Send) -> Send:
        async def begun(message: Message) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                self._making = asyncio.create_task(self._read())

        return begun

    async def _made(self) -> ASGIApp:
        assert self._making is not None, "begun before the first request"
        self._needed.set()
        return await asyncio.shield(self._making)

    async def _read(self) -> ASGIApp:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._needed.wait(), HEAD_START)
        self._whole = await asyncio.to_thread(self._make)
        return self._whole
