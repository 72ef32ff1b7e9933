"""`/queries`: the catalogue, and each canned query as an operation of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response

from reformgraph.canned.files import CannedQuery
from reformgraph.web.canned.catalogue import catalogue, catalogue_by_suffix
from reformgraph.web.canned.lane import answered
from reformgraph.web.canned.openapi import operation, responses
from reformgraph.web.dependencies import SiteOf
from reformgraph.web.site import Site


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
        return await answered(request, site, name, None)

    return run
