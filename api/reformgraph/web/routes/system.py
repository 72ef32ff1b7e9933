"""The home page, documentation, prefixes, health."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

from reformgraph import __version__, results
from reformgraph.errors import NotFoundError
from reformgraph.namespaces import prefixes, sparql_prologue
from reformgraph.web import respond
from reformgraph.web.dependencies import SiteOf
from reformgraph.web.describing.statements import prefix_declarations
from reformgraph.web.offers import graph_answer
from reformgraph.web.pages import render
from reformgraph.web.site import Site
from reformgraph.web.things import portraying, structured

routes = APIRouter(tags=["service"])
_PREFIX_FORMATS = ("json", "ttl", "rq", "jsonld", "nt", "rdf")


@routes.get("/", response_model=None)
def home(request: Request, site: SiteOf) -> Response:
    """What this is, the three doors, the release."""
    chosen = respond.negotiate(request, ("html", "json"))
    if chosen.suffix == "json":
        body = {"name": "reformgraph", "version": __version__, "release": site.release.id}
        return respond.answer(site, request, chosen, lambda: results.json_bytes(body))
    return respond.answer(
        site,
        request,
        chosen,
        lambda: portraying.home(request, site, structured.dataset(request, site)),
    )


@routes.get("/docs", response_class=HTMLResponse, response_model=None)
def documentation(request: Request, site: SiteOf) -> Response:
    """The operations of the HTTP API, from the OpenAPI document."""
    chosen = respond.negotiate(request, ("html",), hint="html")
    return respond.answer(site, request, chosen, lambda: render(request, "docs.html", openapi=request.app.openapi()))


@routes.get("/prefixes", response_model=None)
def prefix_table(request: Request, site: SiteOf) -> Response:
    """The prefix table as JSON, as Turtle that declares each prefix (SHACL, 5.2.1), or as SPARQL prologue."""
    return _prefixes(request, site, None)


@routes.get("/prefixes.{suffix}", include_in_schema=False)
def prefix_table_as(request: Request, site: SiteOf, suffix: str) -> Response:
    """The same in the format of a suffix."""
    if suffix not in _PREFIX_FORMATS:
        raise NotFoundError("format", suffix, _PREFIX_FORMATS)
    return _prefixes(request, site, suffix)


def _prefixes(request: Request, site: Site, suffix: str | None) -> Response:
    chosen = respond.negotiate(request, _PREFIX_FORMATS, suffix)
    if chosen.suffix == "json":
        return respond.answer(site, request, chosen, lambda: results.json_bytes(prefixes()))
    if chosen.suffix == "rq":
        return respond.answer(site, request, chosen, sparql_prologue)
    return graph_answer(site, request, chosen, lambda: prefix_declarations(site.engine))


@routes.get("/health")
def health() -> dict[str, str]:
    """Whether the process answers."""
    return {"status": "ok"}


@routes.get("/metrics", response_class=PlainTextResponse)
def metrics(request: Request) -> Response:
    """Numbers of this service for Prometheus, by route and canned query."""
    return Response(request.app.state.numbers.text(), media_type=CONTENT_TYPE_LATEST)


@routes.get("/ready")
def ready(site: SiteOf) -> JSONResponse:
    """Whether the release can be asked, and where an endpoint answers in its place, which release that one holds."""
    site.engine.query("ASK { ?s ?p ?o }")
    site.pool.check()
    body: dict[str, Any] = {"status": "ready", "release": site.release.id, "version": __version__}
    if site.endpoint is not None:
        told = site.endpoint.release()
        body["endpoint"] = {"release": told, "agrees": told == site.release.id}
    return JSONResponse(body)
