"""The release that is served, and the change to a new one without dropping a request.

build elsewhere -> home/current names another release -> open it beside -> new requests get it
                                                      -> the old one closes when its last request is answered

`?release=` in an address asks for a kept release by its identifier: it is opened when it is first asked for, and stays
open until others are asked for.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager

from starlette.concurrency import run_in_threadpool

from reformgraph.errors import ReformgraphError
from reformgraph.publishing import keptreleases
from reformgraph.release import Release
from reformgraph.web.site import Site

log = logging.getLogger("reformgraph.service")
LOOK = 1.0  # s between two looks at `home/current`
OLDER = 2  # kept releases that stay open beside that of now


# Opens a release as a site, and closes it at the end.
Opener = Callable[[Release], AbstractContextManager[Site]]


class Sites:
    """The site of now, and those whose last requests are still at work. Used on the event loop only."""

    def __init__(self, opener: Opener) -> None:
        self._opener = opener
        self._now: _Leased | None = None
        self._older: OrderedDict[str, _Leased] = OrderedDict()
        self._opening = asyncio.Lock()
        self._ending: set[asyncio.Task[None]] = set()

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
        """Let the sites end."""
        for leased in [*self._older.values(), *([self._now] if self._now else [])]:
            await leased.retire()
        await asyncio.gather(*self._ending)

    @contextmanager
    def lease(self) -> Iterator[Site]:
        """The site for one request, which stays open until the request is answered."""
        assert self._now is not None, "opened at start"
        with self._now.use() as site:
            yield site

    @asynccontextmanager
    async def lease_kept(self, asked: str) -> AsyncIterator[Site]:
        """The site of a kept release for one request; raises what `keptreleases.choose` raises."""
        leased = await self._kept(asked)
        with leased.use() as site:
            yield site

    async def _kept(self, asked: str) -> _Leased:
        now = self._now
        assert now is not None, "opened at start"
        release = await run_in_threadpool(keptreleases.choose, now.site.release.path.parent, asked)
        if release.id == now.site.release.id:
            return now
        async with self._opening:  # many clients with one old release open it once
            if release.id not in self._older:
                manager = self._opener(release)
                self._older[release.id] = _Leased(await run_in_threadpool(manager.__enter__), manager)
            self._older.move_to_end(release.id)
            leased = self._older[release.id]
            while len(self._older) > OLDER:
                _, gone = self._older.popitem(last=False)
                ending = asyncio.create_task(gone.retire())
                self._ending.add(ending)
                ending.add_done_callback(self._ending.discard)
        return leased

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

    @contextmanager
    def use(self) -> Iterator[Site]:
        self.requests += 1
        try:
            yield self.site
        finally:
            self.requests -= 1
            if not self.requests:
                self.idle.set()

    async def retire(self) -> None:
        while self.requests:
            self.idle.clear()
            await self.idle.wait()
        await run_in_threadpool(self._manager.__exit__, None, None, None)
