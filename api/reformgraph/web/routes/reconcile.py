"""`/reconcile`: the reconciliation service that OpenRefine asks, in version 0.2; below it version 1.0, a draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from reformgraph import results
from reformgraph.errors import BodyTooLargeError, NotFoundError, ParameterError, UnsupportedSyntaxError
from reformgraph.reconciliation.reconcilable import TYPES
from reformgraph.reconciliation.reconciling import MAX_LIMIT
from reformgraph.results import FORMATS
from reformgraph.web import problems, respond
from reformgraph.web.dependencies import SiteOf
from reformgraph.web.pages import render
from reformgraph.web.reconciliation import answers, queries
from reformgraph.web.site import Site

PREFIX, DRAFT_PREFIX = "/reconcile", f"/reconcile/{answers.DRAFT}"
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
routes = APIRouter(tags=["reconciliation"])
_everywhere = APIRouter(tags=["reconciliation"])

_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_OBJECT = {_JSON: {"schema": {"type": "object"}}}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The answer", "content": _OBJECT},
    413: {"description": "Too much at once", "content": _PROBLEM},
    415: {"description": "A syntax that is not read", "content": _PROBLEM},
    422: {"description": "A parameter does not fit", "content": _PROBLEM},
}
_READ: dict[int | str, dict[str, Any]] = {200: _RESPONSES[200], 422: _RESPONSES[422]}
_TEXT = {"type": "string", "description": "JSON"}
_FORM_BODY = {"required": True, "content": {_FORM: {"schema": {
    "type": "object", "properties": {"queries": _TEXT, "extend": _TEXT},
}}}}  # fmt: skip
_JSON_BODY = {"required": True, "content": _OBJECT}
_BATCHES = [
    {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
    for name, text in (("queries", "A batch of queries (JSON)"), ("extend", "A data extension query (JSON)"))
]

Prefix = Annotated[str, Query(description="What is typed so far", max_length=queries.LONGEST)]
Type = Annotated[str, Query(alias="type", description="Identifier of a type")]
Identifier = Annotated[str, Query(alias="id", description="Identifier, CURIE or IRI of a thing")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Skipped = Annotated[int, Query(ge=0, le=10_000, description="Suggestions to skip")]


@routes.get(PREFIX, responses=_RESPONSES, openapi_extra={"parameters": _BATCHES}, response_model=None)
def service(request: Request, site: SiteOf) -> Response:
    """The manifest of the service (version 0.2); with `queries` candidates, with `extend` values of properties."""
    given = request.query_params
    if "callback" in given:
        raise ParameterError("callback", "JSONP is not spoken here; every origin may ask (CORS).")
    if "queries" in given or "extend" in given:
        return _batch(request, site, given)
    here = f"{request.base_url}{PREFIX.removeprefix('/')}"
    return _told(request, site, lambda language: answers.manifest(here, str(request.base_url), language))


@routes.post(PREFIX, responses=_RESPONSES, openapi_extra={"requestBody": _FORM_BODY}, response_model=None)
async def ask(request: Request, site: SiteOf) -> Response:
    """Candidates for the batch in `queries`, or values of properties for `extend`, as a form.

    A candidate has a score from 0 to 100; `match` is true only for the one thing that bears the name. Persons are not
    reconciled.
    """
    body = await _body(request, _FORM)
    given = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return await run_in_threadpool(_batch, request, site, given)


@routes.get(DRAFT_PREFIX, responses=_READ, response_model=None)
def draft(request: Request, site: SiteOf) -> Response:
    """The manifest of the service in version 1.0 of the API, a draft."""
    return _told(request, site, lambda language: answers.draft_manifest(str(request.base_url), language))


@routes.post(
    f"{DRAFT_PREFIX}/match", responses=_RESPONSES, openapi_extra={"requestBody": _JSON_BODY}, response_model=None
)
async def match(request: Request, site: SiteOf) -> Response:
    """Candidates for a batch of queries of version 1.0."""
    batch = queries.read_draft_batch(queries.parsed("queries", await _body(request, _JSON)))
    if len(batch) > answers.BATCH:
        return _too_many("queries", len(batch), answers.BATCH)
    language = respond.language(request)
    found = await run_in_threadpool(answers.draft_results, site.reconciler, batch, language)
    return _json(found)


@routes.post(
    f"{DRAFT_PREFIX}/extend", responses=_RESPONSES, openapi_extra={"requestBody": _JSON_BODY}, response_model=None
)
async def extend(request: Request, site: SiteOf) -> Response:
    """Values of properties of things in version 1.0."""
    ids, asked = queries.read_extension(queries.parsed("extend", await _body(request, _JSON)))
    if len(ids) > answers.EXTENDED:
        return _too_many("ids", len(ids), answers.EXTENDED)
    language = respond.language(request)
    return _json(await run_in_threadpool(answers.draft_extension, site.reconciler, ids, asked, language))


@_everywhere.get("/suggest/entity", responses=_READ, response_model=None)
def suggest_entity(
    request: Request, site: SiteOf, prefix: Prefix = "", kind: Type = "", cursor: Skipped = 0, limit: Limit = 10
) -> Response:
    """Things whose names begin so, or hold it, or sound so; of one type if it is given."""
    types = [queries.one_of("type", kind, tuple(TYPES))] if kind else []

    def body(language: str) -> dict[str, Any]:
        found = site.reconciler.suggest(prefix, types) if prefix.strip() else []
        return answers.entities(found[cursor : cursor + limit], language)

    return _told(request, site, body)


@_everywhere.get("/suggest/type", responses=_READ, response_model=None)
def suggest_type(
    request: Request, site: SiteOf, prefix: Prefix = "", cursor: Skipped = 0, limit: Limit = 20
) -> Response:
    """Types by identifier or name."""
    return _told(
        request, site, lambda language: {"result": answers.types_like(prefix, language)[cursor : cursor + limit]}
    )


@_everywhere.get("/suggest/property", responses=_READ, response_model=None)
def suggest_property(
    request: Request, site: SiteOf, prefix: Prefix = "", cursor: Skipped = 0, limit: Limit = 50
) -> Response:
    """Properties by identifier or name."""
    return _told(
        request, site, lambda language: {"result": answers.properties_like(prefix, language)[cursor : cursor + limit]}
    )


@_everywhere.get("/extend/propose", responses=_READ, response_model=None)
def propose(request: Request, site: SiteOf, kind: Type = "", limit: Limit = MAX_LIMIT) -> Response:
    """The properties that things of a type may have."""
    return _told(request, site, lambda language: answers.proposals(kind, limit, language))


@_everywhere.get("/preview", responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}}, 404: {
    "description": "No such thing", "content": _PROBLEM}}, response_model=None)  # fmt: skip
def preview(request: Request, site: SiteOf, identifier: Identifier = "") -> Response:
    """A thing in a small frame of HTML."""
    entity = site.reconciler.get(identifier)
    if entity is None:
        raise NotFoundError("thing that is reconciled", identifier)

    def body() -> str:
        shown = answers.shown(entity, respond.language(request))
        return render(request, "preview.html", entity=entity, shown=shown, types=TYPES)

    return respond.answer(site, request, FORMATS["html"], body)


routes.include_router(_everywhere, prefix=PREFIX)
routes.include_router(_everywhere, prefix=DRAFT_PREFIX)


def _batch(request: Request, site: Site, given: Mapping[str, str]) -> Response:
    """The answer to a batch or a data extension of version 0.2."""
    language = respond.language(request)
    if "extend" in given:
        ids, asked = queries.read_extension(queries.parsed("extend", given["extend"]))
        if len(ids) > answers.EXTENDED:
            return _too_many("ids", len(ids), answers.EXTENDED)
        return _json(answers.extension(site.reconciler, ids, asked, language))
    if "queries" not in given:
        raise ParameterError("queries", "is needed, or extend.")
    batch = queries.read_batch(queries.parsed("queries", given["queries"]))
    if len(batch) > answers.BATCH:
        return _too_many("queries", len(batch), answers.BATCH)
    return _json(answers.results(site.reconciler, batch, language))


def _too_many(what: str, found: int, most: int) -> Response:
    detail = f"{found} {what} are too many at once. Send {most} at most, and the others after them."
    return problems.problem(413, "batch-too-large", "Too much at once", detail, parameter=what)


async def _body(request: Request, wanted: str) -> bytes:
    """The body of a media type; stops reading at the limit, whatever length was announced."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != wanted:
        raise UnsupportedSyntaxError(given or "A body without Content-Type", [wanted])
    read = b""
    async for chunk in request.stream():
        read += chunk
        if len(read) > respond.MAX_BODY:
            raise BodyTooLargeError(respond.MAX_BODY)
    return read


def _told(request: Request, site: Site, body: Callable[[str], dict[str, Any]]) -> Response:
    """An answer to GET, which holds until the release changes."""
    language = respond.language(request)
    return respond.answer(site, request, FORMATS["json"], lambda: results.json_bytes(body(language)))


def _json(body: dict[str, Any]) -> Response:
    return Response(results.json_bytes(body), media_type=_JSON, headers={"Cache-Control": "no-store"})
