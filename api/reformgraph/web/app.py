"""The application: `create_app(settings)` puts all routes into the layers of a service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles

from reformgraph import __version__
from reformgraph.content import content_root
from reformgraph.errors import ParameterError
from reformgraph.queries import Catalogue
from reformgraph.release import Release, ensure
from reformgraph.settings import Settings
from reformgraph.web import problems
from reformgraph.web.canned import lane
from reformgraph.web.openapi import describe
from reformgraph.web.routes import (
    agents,
    arranging,
    catalog,
    charts,
    compare,
    exports,
    graphs,
    kinds,
    method,
    overviews,
    publishing,
    queries,
    reconcile,
    resources,
    search,
    sparql,
    system,
    validate,
    vocabulary,
)
from reformgraph.web.service import Service


def create_app(
    settings: Settings | None = None, release: Release | None = None, service: Service | None = None
) -> FastAPI:
    """An application over a release, by default that of the files at hand, which is built if it is not yet.

    A faulty query file, ours or of `settings.queries`, raises SourceFileError here and not at the first request.
    A `service` that is given is opened and closed by the caller; else the application does so in its lifespan.
    """
    lifespan = None
    if service is None:
        service = _service(settings or Settings(), release)
        lifespan = service.lifespan
    app = FastAPI(
        title="reformgraph",
        version=__version__,
        summary="What Chinese police bureaus claim about their reforms, every figure traced to its words",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        middleware=service.layers(),
        exception_handlers=problems.HANDLERS | {RequestValidationError: _invalid},
    )
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "pages" / "static"), name="static")
    # What is asked most, before all routes, and without what FastAPI does for a route: a tenth of the time for a row.
    app.router.routes.append(lane.ROUTE)
    for routes in _routes(service.catalogue):
        app.include_router(routes)
    app.state = service.state
    describe(app)
    return app


def _service(settings: Settings, release: Release | None) -> Service:
    opened = release or ensure(content_root(), settings.home)
    return Service(settings, opened, Catalogue.read(content_root() / "queries", settings.queries))


async def _invalid(request: Request, error: Any) -> Response:
    """What FastAPI could not read as the parameters that a route declares."""
    first = error.errors()[0]
    if first["loc"][0] == "path":  # a first segment that is no kind names nothing
        return problems.problem(404, "not-found", "Not found", f"Nothing is at {request.url.path}.")
    return problems.from_error(ParameterError(str(first["loc"][-1]), f"{first['msg']}."))


def _routes(catalogue: Catalogue) -> Iterator[APIRouter]:
    """Queries first, which are asked most; fixed paths before `/{kind}` and `/{kind}/{slug}`, which would take them."""
    yield queries.router(list(catalogue))
    yield system.routes
    yield method.routes
    yield arranging.routes
    for module in (compare, overviews, charts, search, sparql, validate, graphs, catalog, exports, publishing):
        yield module.routes
    for module in (reconcile, agents, vocabulary, kinds, resources):
        yield module.routes
