"""The application: `create_app(settings)` puts routes, errors and headers together."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reformgraph import __version__
from reformgraph.content import content_root
from reformgraph.queries import Catalogue
from reformgraph.release import Release, ensure
from reformgraph.settings import Settings
from reformgraph.web import problems
from reformgraph.web.openapi import describe
from reformgraph.web.routes import queries, resources, sparql, system
from reformgraph.web.site import open_site

_POSTS = re.compile(r"/queries/[^/]+|/sparql")
_TEXT = re.compile(rb"text/[\w.+-]+|application/(?:[\w.-]+\+)?(?:json|xml)|image/svg\+xml")
_SECURITY = {
    b"content-security-policy": b"default-src 'self'; script-src 'none'; base-uri 'none'; form-action 'self'; "
    b"frame-ancestors 'none'; img-src 'self' data:",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
}


def create_app(settings: Settings | None = None, release: Release | None = None) -> FastAPI:
    """An application over a release, by default that of the files at hand, which is built if it is not yet.

    A faulty query file, ours or of `settings.queries`, raises SourceFileError here and not at the first request.
    """
    settings = settings or Settings()
    opened = release or ensure(content_root(), settings.home)
    catalogue = Catalogue.read(content_root() / "queries", settings.queries)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with open_site(settings, opened) as site:
            app.state.site = site
            yield

    app = FastAPI(
        title="reformgraph",
        version=__version__,
        summary="What Chinese police bureaus claim about their reforms, every figure traced to its words",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    problems.install(app)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "pages" / "static"), name="static")
    app.include_router(system.routes)
    app.include_router(queries.router(list(catalogue)))
    app.include_router(sparql.routes)
    app.include_router(resources.routes)
    app.add_middleware(Edges)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST", "OPTIONS"],
        allow_headers=["*"],
        expose_headers=["ETag", "Link", "Retry-After"],
    )
    describe(app)
    return app


class Edges:
    """What holds for every answer: HEAD as GET without a body, security headers, no duplicate work."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"

        async def edged(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _edged(message["headers"], message["status"], scope["path"])
            elif head:
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"} if head else scope, receive, edged)


def _edged(headers: Any, status: int, path: str) -> list[tuple[bytes, bytes]]:
    """The headers with ours: every text says its character set, every 405 all the methods of its path."""
    kept = [(key, _with_charset(value) if key.lower() == b"content-type" else value) for key, value in headers]
    if status == 405:
        methods = b"GET, HEAD, OPTIONS" + (b", POST" if _POSTS.fullmatch(path) else b"")
        kept = [(key, value) for key, value in kept if key.lower() != b"allow"] + [(b"allow", methods)]
    return kept + list(_SECURITY.items())


def _with_charset(media_type: bytes) -> bytes:
    return media_type + b"; charset=utf-8" if _TEXT.fullmatch(media_type) else media_type
