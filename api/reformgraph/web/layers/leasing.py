"""Each request has its site: that of now, or with `?release=` that of a kept release.

An answer of a pinned release names the address without the pin as `canonical` (RFC 6596) and `latest-version`
(RFC 5829), and search engines are told to leave it.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reformgraph.errors import NotFoundError, ReformgraphError
from reformgraph.publishing.publication import SHORT
from reformgraph.web import problems, respond
from reformgraph.web.pages import render
from reformgraph.web.sites import Sites
from reformgraph.web.things import missing

PARAMETER = "release"


class Leasing:
    """ASGI middleware: the site is in `scope["reformgraph.site"]`, the same to the end of the request."""

    def __init__(self, app: ASGIApp, sites: Sites) -> None:
        self.app = app
        self._sites = sites

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if (asked := _asked(scope)) is not None:
            await self._pinned(asked, scope, receive, send)
            return
        with self._sites.lease() as site:
            scope["reformgraph.site"] = site
            await self.app(scope, receive, send)

    async def _pinned(self, asked: str, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            lease = self._sites.lease_kept(asked)
            site = await lease.__aenter__()
        except ReformgraphError as error:
            with self._sites.lease() as now:
                scope["reformgraph.site"] = now
                await _refusal(Request(scope), error)(scope, receive, send)
            return
        try:
            scope["reformgraph.site"] = site
            scope["reformgraph.pinned"] = site.release.id
            await self.app(scope, receive, _linking(scope, send))
        finally:
            await lease.__aexit__(None, None, None)


def _asked(scope: Scope) -> str | None:
    """The value of `release=`; an empty one, as forms send it, asks for nothing."""
    if b"release=" not in scope["query_string"]:
        return None
    pairs = parse_qsl(scope["query_string"].decode("latin-1"))
    return next((value for name, value in pairs if name == PARAMETER and value), None)


def _refusal(request: Request, error: ReformgraphError) -> Response:
    """404 with the releases there are, 422 for what is no identifier, else the problem of a release that is broken."""
    if not isinstance(error, NotFoundError):
        return problems.from_error(error)
    kept = list(error.nearest)
    if missing.wants_page(request):
        links = {release: respond.url_with(request, release=release[:SHORT]) for release in kept}
        html = render(request, "unkept.html", asked=error.name, links=links)
        return HTMLResponse(html, 404, {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"})
    detail = f"Release {error.name} is not kept here; `releases` lists those that are."
    return problems.problem(404, "release-not-kept", "Release not kept", detail, releases=kept)


def _linking(scope: Scope, send: Send) -> Send:
    newest = respond.url_with(Request(scope), release=None)
    link = f'<{newest}>; rel="canonical", <{newest}>; rel="latest-version"'

    async def linked(message: Message) -> None:
        if message["type"] == "http.response.start":
            more = [(b"link", link.encode()), (b"x-robots-tag", b"noindex")]
            message = {**message, "headers": [*message["headers"], *more]}
        await send(message)

    return linked
