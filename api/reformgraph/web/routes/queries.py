"""`/queries`: the catalogue, and each canned query as an operation of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from reformgraph.canned.files import CannedQuery
from reformgraph.engines import killable
from reformgraph.results import FORMATS
from reformgraph.web import problems, respond
from reformgraph.web.canned.answers import answer
from reformgraph.web.canned.catalogue import catalogue, catalogue_by_suffix
from reformgraph.web.canned.openapi import GRAPH_FORMATS, ROW_FORMATS, operation, responses
from reformgraph.web.canned.requests import Asked
from reformgraph.web.layers.observing import facts_of
from reformgraph.web.leaving import while_connected
from reformgraph.web.site import Site, SiteOf

_FORM = "application/x-www-form-urlencoded"
_SUFFIXES = sorted({*ROW_FORMATS, *GRAPH_FORMATS, "geojson"})


def router(queries: list[CannedQuery]) -> APIRouter:
    """Routes of the catalogue and of every canned query; what is not among them answers 404 with near names.

    One route finds the query by its name: to walk along a pattern for each takes longer than many of them need to
    answer. Those of the single queries follow it, so that OpenAPI tells of each.
    """
    routes = APIRouter()
    routes.add_api_route("/queries", catalogue, methods=["GET"], tags=["queries"], response_model=None)
    routes.add_api_route("/queries.{suffix}", catalogue_by_suffix, methods=["GET"], include_in_schema=False)
    for query in queries:
        for method in ("GET", "POST"):
            routes.add_api_route(
                f"/queries/{query.name}",
                _operation(query.name),
                methods=[method],
                tags=["queries"],
                summary=query.summary["en"],
                description=f"{query.summary['zh']}\n\n{query.description['en']}",
                operation_id=f"{query.name}-{method.lower()}",
                responses=responses(query),
                openapi_extra=operation(query, method),
                response_model=None,
            )
    return routes


def _operation(name: str) -> Callable[[Request, Site], Awaitable[Response]]:
    async def run(request: Request, site: SiteOf) -> Response:
        return await _run(request, site, name, None)

    return run


async def by_path(request: Request) -> Response:
    """`name`, `name@version`, each with a suffix or without."""
    site: Site = request.scope["reformgraph.site"]
    facts_of(request.scope)["route"] = "/queries/{path}"
    path: str = request.path_params["path"]
    # The archive is a zip by its last suffix, and a crate by the one before.
    path = path.removesuffix(".zip") if path.endswith(".crate.zip") else path
    name, suffix = respond.split_suffix(path, [FORMATS[n] for n in _SUFFIXES])
    return await _run(request, site, name, suffix)


async def _run(request: Request, site: Site, name: str, suffix: str | None) -> Response:
    pairs = list(request.query_params.multi_items())
    form = b""
    if request.method == "POST":
        form = await respond.read_body(request)
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if form and media_type != _FORM:
            detail = f"Send parameters as {_FORM}, not {media_type!r}."
            return problems.problem(415, "media-type", "Unsupported media type", detail)
        pairs += parse_qsl(form.decode("utf-8", "replace"), keep_blank_values=True)
    query = site.queries.catalogue.get(name)
    facts_of(request.scope)["route"] = f"/queries/{query.name}"
    asked = Asked(request, site, query, pairs, suffix, form, pinned="@" in name)
    if query.trusted and site.endpoint is None:
        return await site.pace.run(asked.kind, answer, asked)
    if query.trusted:
        return await run_in_threadpool(answer, asked)
    return await while_connected(request, partial(_answer_killable, asked))


def _answer_killable(asked: Asked, gone: Callable[[], bool]) -> Response:
    """Queries of a user's folder end when the client leaves."""
    killable.gone.set(gone)
    return answer(asked)
