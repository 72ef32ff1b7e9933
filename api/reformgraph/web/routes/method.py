"""`/method`: how the reports are read, and what the graph is not."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from reformgraph.web import explaining, respond
from reformgraph.web.dependencies import SiteOf

routes = APIRouter(tags=["service"])


@routes.get("/method", response_class=HTMLResponse, response_model=None)
def method(request: Request, site: SiteOf) -> Response:
    """How figures are read, who speaks, what compares, persons, licence: a page in Chinese and English."""
    chosen = respond.negotiate(request, ("html",), hint="html")
    return respond.answer(site, request, chosen, lambda: explaining.method(request, site))
