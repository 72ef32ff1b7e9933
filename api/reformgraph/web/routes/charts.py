"""`/metric/{slug}.svg` and `.png`: the figures of a metric over places and time as a picture."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from reformgraph.comparability import comparing
from reformgraph.errors import NotFoundError
from reformgraph.results import FORMATS
from reformgraph.web import respond
from reformgraph.web.charts import pictures
from reformgraph.web.dependencies import SiteOf
from reformgraph.web.site import Site
from reformgraph.web.things import missing

routes = APIRouter(tags=["overviews"])


def _parameter(name: str, description: str, *allowed: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": {"type": "string", "enum": list(allowed)},
    }


PARAMETERS = [
    _parameter("theme", "Colours of a picture", "light", "dark"),
    _parameter("size", "Width of a picture", "wide", "narrow"),
    _parameter("lang", "Language of a page or a picture", *respond.LANGUAGES),
]
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
RESPONSES: dict[int | str, dict[str, Any]] = {
    304: {"description": "Not modified since the ETag given"},
    406: {"description": "No acceptable format", "content": _PROBLEM},
    422: {"description": "A parameter does not fit", "content": _PROBLEM},
    501: {"description": "The library that draws, or a Chinese font, is not installed", "content": _PROBLEM},
    503: {"description": "Too many pictures are asked for at once", "content": _PROBLEM},
}
_NONE = {404: {"description": "No such metric, or none of its figures tells a number", "content": _PROBLEM}}


def _documented(suffix: str) -> dict[str, Any]:
    responses = RESPONSES | _NONE | {200: {"content": {FORMATS[suffix].media_type: {}}}}
    return {"responses": responses, "openapi_extra": {"parameters": PARAMETERS}, "response_model": None}


@routes.get("/metric/{slug}.svg", **_documented("svg"))
def metric_as_svg(request: Request, site: SiteOf, slug: str) -> Response:
    """The figures of a metric as a picture; those that are not comparable stand on axes of their own."""
    return metric(request, site, slug, "svg")


@routes.get("/metric/{slug}.png", **_documented("png"))
def metric_as_png(request: Request, site: SiteOf, slug: str) -> Response:
    """The same as PNG, with two pixels for each one of the SVG."""
    return metric(request, site, slug, "png")


def metric(request: Request, site: Site, slug: str, suffix: str) -> Response:
    """The chart of a metric as `svg`, `png` or `vegalite`."""
    try:
        iri = site.resources.find("metric", slug).iri
    except NotFoundError as error:
        return missing.not_found(request, site, error)
    table = comparing.side_by_side(site.engine, site.queries, {"metric": [iri]})
    if not any(row["normalised"] is not None for row in table.figures):
        raise NotFoundError("figure with a number of the metric", slug)
    return pictures.send(site, request, FORMATS[suffix], lambda drawn: drawn.comparison(table))
