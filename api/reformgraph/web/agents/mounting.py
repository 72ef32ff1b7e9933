"""The MCP server inside the service: started by the first agent that asks, ended with the service.

Requests carry no session: any process answers any of them, over the release that it serves.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from reformgraph.web import respond
from reformgraph.web.agents import require
from reformgraph.web.site import Site

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager


class Agents:
    """Who answers agents in one process. Used on the event loop only."""

    def __init__(self) -> None:
        self._starting = asyncio.Lock()
        self._ending = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._manager: StreamableHTTPSessionManager | None = None

    async def answer(self) -> Response:
        """An answer that the MCP server gives to the request at hand; MissingLibraryError without the package."""
        async with self._starting:
            if self._manager is None:
                manager = await asyncio.to_thread(_manager)
                started = asyncio.Event()
                self._running = asyncio.create_task(self._run(manager, started))
                await started.wait()
                self._manager = manager
        return _Handed(self._manager.handle_request)

    async def _run(self, manager: StreamableHTTPSessionManager, started: asyncio.Event) -> None:
        """Hold the manager's tasks: they begin and end in one task."""
        async with manager.run():
            started.set()
            await self._ending.wait()

    async def close(self) -> None:
        """End."""
        self._ending.set()
        if self._running is not None:
            await self._running


def _manager() -> StreamableHTTPSessionManager:
    require()
    from mcp.server.transport_security import TransportSecuritySettings  # noqa: PLC0415 - half a second

    from reformgraph.web.agents.server import server  # noqa: PLC0415

    def site_of(context: Any) -> Site:
        site: Site = context.request_context.request.scope["reformgraph.site"]
        return site

    # No check of Host and Origin: what is told here, every origin may read anyway, and nothing can be changed.
    made = server(site_of)
    unchecked = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    made.streamable_http_app(
        json_response=True,
        stateless_http=True,
        max_request_body_size=respond.MAX_BODY,
        transport_security=unchecked,
    )
    return made.session_manager


class _Handed(Response):
    """A request handed on to an ASGI application."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__()
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        await self._app(scope, receive, send)
