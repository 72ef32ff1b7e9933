"""The home page, documentation, prefixes, health."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from reformgraph import __version__, results
from reformgraph.namespaces import prefixes, sparql_prologue
from reformgraph.web import respond
from reformgraph.web.pages import render
from reformgraph.web.site import SiteOf

routes = APIRouter(tags=["service"])


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
        lambda: render(
            request, "home.html", manifest=site.release.manifest, documents=site.resources.members("doc"),
            queries=list(site.queries.catalogue),
        ),
    )  # fmt: skip


@routes.get("/docs", response_model=None)
def documentation(request: Request, site: SiteOf) -> Response:
    """The operations of the HTTP API, from the OpenAPI document."""
    chosen = respond.negotiate(request, ("html",), hint="html")
    return respond.answer(site, request, chosen, lambda: render(request, "docs.html", openapi=request.app.openapi()))


@routes.get("/prefixes", response_model=None)
def prefix_table(request: Request, site: SiteOf) -> Response:
    """The prefix table as JSON, Turtle or SPARQL prologue."""
    chosen = respond.negotiate(request, ("json", "ttl", "rq"))
    if chosen.suffix == "json":
        return respond.answer(site, request, chosen, lambda: results.json_bytes(prefixes()))
    return respond.answer(site, request, chosen, sparql_prologue)


@routes.get("/health")
def health() -> dict[str, str]:
    """Whether the process answers."""
    return {"status": "ok"}


@routes.get("/ready")
def ready(site: SiteOf) -> JSONResponse:
    """Whether the release can be asked."""
    site.engine.query("ASK { ?s ?p ?o }")
    return JSONResponse({"status": "ready", "release": site.release.id, "version": __version__})
