"""`/compare`: the figures of one metric side by side, every pair with a verdict and its reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from reformgraph import results
from reformgraph.charts.look import SIZES, THEMES
from reformgraph.comparability import comparing
from reformgraph.comparability.comparing import Table
from reformgraph.errors import ParameterError
from reformgraph.web import comparisons, respond
from reformgraph.web.charts import pictures
from reformgraph.web.dependencies import SiteOf
from reformgraph.web.pages import render
from reformgraph.web.site import Site

TABLES = ("json", "html", "csv")
FORMAT_NAMES = (*TABLES, *pictures.FORMATS)
Suffix = Literal["json", "html", "csv", "svg", "png"]
_QUESTION = ("metric", "places", "as_of")
_OWN = ("lang", "format", "bom", "release", "theme", "size")
routes = APIRouter(tags=["compare"])


def _parameter(name: str, description: str, required: bool = False, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "description": description, "schema": schema}


_OPENAPI = {
    "parameters": [
        _parameter("metric", "What is measured: label, alias, slug, CURIE or IRI; narrower metrics are included", True,
                   type="string", example="computers-per-officer"),
        _parameter("places", "Places, or bodies that serve one; all places that tell the metric if not given",
                   type="array", items={"type": "string"}),
        _parameter("as_of", "Only figures whose period ends on or before this day", type="string", format="date"),
        _parameter("release", "A kept release, 12 to 64 hex digits; that of now if not given", type="string"),
        _parameter("format", "Format of the answer", type="string", enum=list(FORMAT_NAMES)),
        _parameter("lang", "Language of the page", type="string", enum=list(respond.LANGUAGES)),
        _parameter("bom", "1 puts a byte order mark before CSV, for Excel", type="string", enum=["0", "1"]),
        _parameter("theme", "Colours of a picture", type="string", enum=list(THEMES)),
        _parameter("size", "Width of a picture", type="string", enum=list(SIZES)),
    ]
}  # fmt: skip
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Figures, pairs with verdicts, and gaps",
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "text/html": {"schema": {"type": "string"}},
            "text/csv": {"schema": {"type": "string"}},
            **{results.FORMATS[name].media_type: {} for name in pictures.FORMATS},
        },
    },
    304: {"description": "Not modified since the ETag given"},
    406: {"description": "No acceptable format", "content": _PROBLEM},
    422: {"description": "A parameter does not fit", "content": _PROBLEM},
    501: {"description": "The library that draws, or a Chinese font, is not installed", "content": _PROBLEM},
    503: {"description": "Too many pictures are asked for at once", "content": _PROBLEM},
}


@routes.get("/compare", responses=_RESPONSES, openapi_extra=_OPENAPI, response_model=None)
def compare(request: Request, site: SiteOf) -> Response:
    """Figures of one metric with their intervals, and for each pair: comparable, with care or not, and why.

    JSON holds `metric`, `places`, `figures`, `pairs`, `verdict`, `sources`, `missing`; CSV has one row for each pair.
    """
    return _answer(request, site, None)


@routes.get("/compare.{suffix}", include_in_schema=False)
def compare_as(request: Request, site: SiteOf, suffix: Suffix) -> Response:
    """The same in the format of the suffix."""
    return _answer(request, site, suffix)


def _answer(request: Request, site: Site, suffix: str | None) -> Response:
    given = _given(request)
    chosen = respond.negotiate(request, FORMAT_NAMES, suffix)
    if (not_modified := respond.unchanged(site, request, chosen)) is not None:
        return not_modified
    links = [(str(request.base_url) + "openapi.json", "service-desc")]
    if chosen.suffix == "html" and not any(text.strip() for text in given.get("metric", ())):
        return respond.answer(site, request, chosen, lambda: _page(request, site, None), links)
    table = comparing.side_by_side(site.engine, site.queries, given)
    if chosen.suffix in pictures.FORMATS:
        return pictures.send(site, request, chosen, lambda drawn: drawn.comparison(table))
    links += _alternates(request, chosen.suffix)
    bodies: dict[str, Callable[[], bytes | str]] = {
        "json": lambda: results.json_bytes(comparisons.as_json(site, table)),
        "csv": lambda: results.csv_text(comparisons.COLUMNS, comparisons.lines(table), _bom(request)),
        "html": lambda: _page(request, site, table),
    }
    return respond.answer(site, request, chosen, bodies[chosen.suffix], links)


def _given(request: Request) -> dict[str, list[str]]:
    """The parameters of the question; ParameterError for unknown ones and for our own given twice or wrongly."""
    known = [*_QUESTION, *_OWN]
    for key in request.query_params:
        if key not in known:
            raise ParameterError(key, "there is no such parameter here.", known)
        if key in _OWN and len(request.query_params.getlist(key)) > 1:
            raise ParameterError(key, "is given more than once.")
    language = request.query_params.get("lang")
    if language and language not in respond.LANGUAGES:
        raise ParameterError("lang", f"{language!r} is no language of the pages.", respond.LANGUAGES)
    asked = {key: request.query_params.getlist(key) for key in _QUESTION}
    return {key: values for key, values in asked.items() if values}


def _alternates(request: Request, chosen: str) -> list[tuple[str, str]]:
    return [(url, "alternate") for name, url in _urls(request).items() if name != chosen]


def _urls(request: Request) -> dict[str, str]:
    """The same answer in each format; without a suffix, which would win over `format`."""
    pairs = [(key, value) for key, value in request.query_params.multi_items() if key != "format"]
    return {name: f"{request.base_url}compare?{urlencode([*pairs, ('format', name)])}" for name in TABLES}


def _bom(request: Request) -> bool:
    return request.query_params.get("bom") == "1"


def _page(request: Request, site: Site, table: Table | None) -> str:
    metrics, places = comparing.choices(site.engine)
    return render(
        request,
        "compare.html",
        metrics=metrics,
        areas=places,
        table=table,
        answer=comparisons.as_json(site, table) if table else None,
        as_of=request.query_params.get("as_of", ""),
        links=_urls(request),
        picture=pictures.addresses(request, "compare"),
    )
