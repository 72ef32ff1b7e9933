"""The release that is served, and the change to a new one without dropping a request.

build elsewhere -> home/current names another release -> open it beside -> new requests get it
                                                      -> the old one closes when its last request is answered
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from fastapi.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from reformgraph.errors import ReformgraphError
from reformgraph.release import Release
from reformgraph.web.site import Site

log = logging.getLogger("reformgraph.service")
LOOK = 1.0  # s between two looks at `home/current`


# Opens a release as a site, and closes it at the end.
Opener = Callable[[Release], AbstractContextManager[Site]]


class Sites:
    """The site of now, and those whose last requests are still at work. Used on the event loop only."""

    def __init__(self, opener: Opener) -> None:
        self._opener = opener
        self._now: _Leased | None = None

    @property
    def now(self) -> Site:
        """The site that new requests get."""
        assert self._now is not None, "opened at start"
        return self._now.site

    async def change_to(self, release: Release) -> None:
        """Open a release, hand it to new requests, and let the one before end."""
        manager = self._opener(release)
        site = await run_in_threadpool(manager.__enter__)
        before, self._now = self._now, _Leased(site, manager)
        if before is not None:
            await before.retire()

    async def close(self) -> None:
        """Let the site end."""
        if self._now is not None:
            await self._now.retire()

    @contextmanager
    def lease(self) -> Iterator[Site]:
        """The site for one request, which stays open until the request is answered."""
        leased = self._now
        assert leased is not None, "opened at start"
        leased.requests += 1
        try:
            yield leased.site
        finally:
            leased.requests -= 1
            if not leased.requests:
                leased.idle.set()

    async def follow(self, latest: Callable[[], Release | None]) -> None:
        """Look for a new release again and again; one that does not open is told and left."""
        failed = ""
        while True:
            await asyncio.sleep(LOOK)
            release = await run_in_threadpool(latest)
            if release is None or release.id in (self.now.release.id, failed):
                continue
            try:
                await self.change_to(release)
                log.info("release %s is served now", release.id[:12])
            except ReformgraphError as error:
                failed = release.id
                log.error("release %s does not open: %s", release.id[:12], error)


class _Leased:
    """A site and the number of requests that it answers now."""

    def __init__(self, site: Site, manager: AbstractContextManager[Site]) -> None:
        self.site, self._manager = site, manager
        self.requests = 0
        self.idle = asyncio.Event()

    async def retire(self) -> None:
        while self.requests:
            self.idle.clear()
            await self.idle.wait()
        await run_in_threadpool(self._manager.__exit__, None, None, None)


class Leasing:
    """ASGI middleware: each request has its site in `scope["reformgraph.site"]`, the same to its end."""

    def __init__(self, app: ASGIApp, sites: Sites) -> None:
        self.app = app
        self._sites = sites

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with self._sites.lease() as site:
            scope["reformgraph.site"] = site
            await self.app(scope, receive, send)
