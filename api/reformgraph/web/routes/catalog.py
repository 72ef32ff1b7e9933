"""`/.well-known/void` and `/catalog`: the data set described by VoID and by DCAT 3, as RDF and as a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyoxigraph as ox
from fastapi import APIRouter, Request
from fastapi.responses import Response

from reformgraph.errors import NotFoundError
from reformgraph.linked.holdings import TARGETS
from reformgraph.results import Format
from reformgraph.web import respond
from reformgraph.web.dependencies import SiteOf
from reformgraph.web.describing.dcat import catalogue, version
from reformgraph.web.describing.statements import address
from reformgraph.web.describing.void import PLACE, store_address, void_description
from reformgraph.web.offers import GRAPHS, PAGE, graph_answer, negotiate
from reformgraph.web.pages import render
from reformgraph.web.site import Site
from reformgraph.web.things import structured

routes = APIRouter(tags=["descriptions"])
_OFFERED = (*GRAPHS, PAGE)
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": {f.media_type: {"schema": {"type": "string"}} for f in _OFFERED}},
    304: {"description": "Not modified since the ETag given"},
    406: {"description": "No acceptable format", "content": {"application/problem+json": {}}},
}
_VOID = f"/{PLACE}"


@routes.get(_VOID, responses=_RESPONSES, response_model=None)
def void(request: Request, site: SiteOf) -> Response:
    """The data set in numbers (VoID)."""
    return _answer(request, site, None, lambda: void_description(request, site.holdings))


@routes.get(_VOID + ".{suffix}", include_in_schema=False)
def void_as(request: Request, site: SiteOf, suffix: str) -> Response:
    """The same in the format of a suffix."""
    return _answer(request, site, suffix, lambda: void_description(request, site.holdings))


@routes.get("/catalog", responses=_RESPONSES, response_model=None)
def catalog(request: Request, site: SiteOf) -> Response:
    """The data set, its downloads and its services (DCAT 3)."""
    return _answer(request, site, None, lambda: catalogue(request, site, site.holdings))


@routes.get("/catalog.{suffix}", include_in_schema=False)
def catalog_as(request: Request, site: SiteOf, suffix: str) -> Response:
    """The same in the format of a suffix."""
    return _answer(request, site, suffix, lambda: catalogue(request, site, site.holdings))


def _answer(request: Request, site: Site, suffix: str | None, triples: Callable[[], list[ox.Triple]]) -> Response:
    if suffix is not None and suffix not in {f.suffix for f in _OFFERED}:
        raise NotFoundError("format", suffix, [f.suffix for f in _OFFERED])
    chosen = negotiate(request, _OFFERED, suffix)
    stem = str(request.url.replace(query="", fragment="")).removesuffix(f".{suffix}")
    links = [(f"{stem}.{f.suffix}", "alternate") for f in _OFFERED if f.suffix != chosen.suffix]
    if chosen.suffix == "html":
        return _page(request, site, chosen, links)
    return graph_answer(site, request, chosen, triples, links)


def _page(request: Request, site: Site, chosen: Format, links: list[tuple[str, str]]) -> Response:
    def body() -> str:
        held = site.holdings
        names = {start: (name, home) for start, name, home in TARGETS}
        labels = site.resources.labels([*held.areas, *held.documents])
        return render(
            request,
            "catalog.html",
            held=held,
            structured=structured.dataset(request, site),
            labels=labels,
            names=names,
            version=version(site),
            release=site.release.id,
            downloads=[(f.suffix, f"{store_address(request)}&format={f.suffix}") for f in GRAPHS],
            endpoint=address(request, "sparql"),
        )

    return respond.answer(site, request, chosen, body, links)
