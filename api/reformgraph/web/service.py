"""What one process serves: the site of now, its numbers and tasks, and the layers around its routes.

`lane` answers the canned queries by Starlette alone; `app.create_app` puts all other routes beside them.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette
from starlette.datastructures import State
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from reformgraph.queries import Catalogue
from reformgraph.release import Release, latest
from reformgraph.settings import Settings
from reformgraph.web import problems
from reformgraph.web.agents.mounting import Agents
from reformgraph.web.canned import lane
from reformgraph.web.endpoint import HEADER, Telling
from reformgraph.web.layers.cache import Cache
from reformgraph.web.layers.edges import Edges
from reformgraph.web.layers.leasing import Leasing
from reformgraph.web.layers.observing import Numbers, Observing
from reformgraph.web.site import open_site
from reformgraph.web.sites import Sites
from reformgraph.web.warming import warm

# Threads that answer canned queries and pages: more of them than cores only take the engine from each other.
CANNED_THREADS = 2 * (os.cpu_count() or 1)


class Service:
    """A release and what is kept while it is served, for all applications that answer from it."""

    def __init__(self, settings: Settings, release: Release, catalogue: Catalogue) -> None:
        self.settings, self.release, self.catalogue = settings, release, catalogue
        self.sites = Sites(lambda release: open_site(settings, release, catalogue))
        self.numbers = Numbers()
        self.agents = Agents()
        self.state = State({"numbers": self.numbers, "agents": self.agents})  # of each application

    @asynccontextmanager
    async def lifespan(self, _: object) -> AsyncIterator[None]:
        """Open the release, follow those that come, close all at the end."""
        current_default_thread_limiter().total_tokens = CANNED_THREADS
        await self.sites.change_to(self.release)
        tasks = [asyncio.create_task(warm(self.sites))]
        if self.settings.follow and self.settings.release is None:
            tasks.append(asyncio.create_task(self.sites.follow(lambda: latest(self.settings.home))))
        yield
        for task in tasks:
            task.cancel()
        await self.agents.close()
        await self.sites.close()

    def layers(self) -> list[Middleware]:
        """The layers around the routes of an application, the outermost first."""
        layers = [
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "HEAD", "POST", "QUERY", "OPTIONS"],
                allow_headers=["*"],
                expose_headers=["ETag", "Link", "Retry-After", HEADER],
            ),
            Middleware(Edges),
            Middleware(Observing, numbers=self.numbers),
            Middleware(Leasing, sites=self.sites),
            Middleware(Cache),
        ]
        if self.settings.endpoint is not None:
            layers.append(Middleware(Telling))  # below the cache, which keeps only what has an ETag
        return layers

    def lane(self) -> Starlette:
        """The application that answers the canned queries, and opens and closes the service."""
        app = Starlette(
            routes=[lane.ROUTE],
            middleware=self.layers(),
            exception_handlers=problems.HANDLERS,
            lifespan=self.lifespan,
        )
        app.state = self.state
        return app
