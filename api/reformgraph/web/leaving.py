"""Work for a client who may leave: a thread does it, and is told when the connection ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.requests import Request

Result = TypeVar("Result")
# Threads that only wait for a killable process: more than may run or queue there, so that a surplus is told at once
# that the service is busy. They are apart from the threads of canned queries, which work.
_WAITING = 100


async def while_connected(request: Request, work: Callable[[Callable[[], bool]], Result]) -> Result:
    """What `work` returns; it is handed a function that says whether the client has left.

    The body must have been read: what else comes over the connection is its end (ASGI, `http.disconnect`).
    """
    gone, limiter = threading.Event(), _limiter(request)
    watcher = asyncio.create_task(_watch(request, gone))
    try:
        return await anyio.to_thread.run_sync(work, gone.is_set, limiter=limiter)
    finally:
        watcher.cancel()


def _limiter(request: Request) -> CapacityLimiter:
    """That of the application; it belongs to the event loop and so cannot be made at import."""
    state = request.app.state
    if not hasattr(state, "waiting"):
        state.waiting = CapacityLimiter(_WAITING)
    limiter: CapacityLimiter = state.waiting
    return limiter


async def _watch(request: Request, gone: threading.Event) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    gone.set()
