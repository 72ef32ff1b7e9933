"""The lane of the canned queries: from a request to its answer, made on the loop, in a thread or by a worker.

It stands on Starlette alone, so that it need not wait until FastAPI is read (`front`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reformgraph.engines import killable
from reformgraph.results import FORMATS
from reformgraph.web import problems, respond
from reformgraph.web.canned.answers import answer
from reformgraph.web.canned.openapi import GRAPH_FORMATS, ROW_FORMATS
from reformgraph.web.canned.requests import Asked
from reformgraph.web.layers.observing import facts_of
from reformgraph.web.leaving import while_connected
from reformgraph.web.site import Site

_FORM = "application/x-www-form-urlencoded"
_SUFFIXES = sorted({*ROW_FORMATS, *GRAPH_FORMATS, "geojson"})


async def by_path(request: Request) -> Response:
    """`name`, `name@version`, each with a suffix or without."""
    site: Site = request.scope["reformgraph.site"]
    facts_of(request.scope)["route"] = "/queries/{path}"
    path: str = request.path_params["path"]
    # The archive is a zip by its last suffix, and a crate by the one before.
    path = path.removesuffix(".zip") if path.endswith(".crate.zip") else path
    name, suffix = respond.split_suffix(path, [FORMATS[n] for n in _SUFFIXES])
    return await answered(request, site, name, suffix)


async def answered(request: Request, site: Site, name: str, suffix: str | None) -> Response:
    """The answer to a question by name; `suffix` is that of the address. Errors are the application's to answer."""
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


ROUTE = Route("/queries/{path}", by_path, methods=["GET", "POST"])
