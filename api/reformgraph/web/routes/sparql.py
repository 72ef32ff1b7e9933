"""`/sparql`: the SPARQL 1.1 Protocol, read-only, every query in a worker that can be killed.

Specification: https://www.w3.org/TR/sparql11-protocol/. `/sparql/` is the same, for clients that end an endpoint in a
slash: a redirect of theirs would lose the body or the method.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyoxigraph as ox
from fastapi import APIRouter, Request
from fastapi.responses import Response

from reformgraph import results
from reformgraph.engines.workers import Answer
from reformgraph.errors import InputError, LimitError, QuerySyntaxError
from reformgraph.namespaces import sparql_prologue
from reformgraph.results import Format
from reformgraph.tokens import query_form
from reformgraph.web import editing, problems, respond
from reformgraph.web.dependencies import SiteOf
from reformgraph.web.describing.service_description import service_description
from reformgraph.web.describing.statements import address
from reformgraph.web.leaving import while_connected
from reformgraph.web.offers import BOOLEANS, GRAPHS, PAGE, SOLUTIONS, graph_answer, negotiate_hinted
from reformgraph.web.pages import render
from reformgraph.web.protocol import FORM, QUERY, Asked, MediaTypeError, asked_by_body, asked_by_url
from reformgraph.web.site import Site

Gone = Callable[[], bool]
_SHOWN_ROWS = 500
_SAMPLE = """SELECT ?metric ?exact ?agency
WHERE {
  ?observation rg:metric/skos:prefLabel ?metric ;
    rg:firstEvidence/rg:exact ?exact ;
    rg:agency/skos:prefLabel ?agency .
  FILTER (LANG(?metric) = "zh" && LANG(?agency) = "zh")
}
LIMIT 20"""
routes = APIRouter(tags=["sparql"])
_TEXT = {"schema": {"type": "string"}}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": {f.media_type: _TEXT for f in (*SOLUTIONS, *GRAPHS, PAGE)}},
    400: {
        "description": "The query does not parse or is refused",
        "content": {"application/problem+json": {}},
    },
    406: {"description": "No acceptable format", "content": {"application/problem+json": {}}},
    503: {"description": "Deadline passed or all workers busy", "content": {"application/problem+json": {}}},
}
_POSTED: dict[int | str, dict[str, Any]] = {
    **_RESPONSES,
    415: {"description": "Neither a form nor a query", "content": {"application/problem+json": {}}},
}
_FORM_FIELDS = {"query": {"type": "string"}, "default-graph-uri": _TEXT["schema"], "named-graph-uri": _TEXT["schema"]}
_BODY = {
    "required": True,
    "content": {
        FORM: {"schema": {"type": "object", "properties": _FORM_FIELDS, "required": ["query"]}},
        QUERY: {"schema": {"type": "string"}},
    },
}
_OFFERED = {"SELECT": SOLUTIONS, "ASK": BOOLEANS, "CONSTRUCT": GRAPHS, "DESCRIBE": GRAPHS}


@routes.get("/sparql/", include_in_schema=False, response_model=None)
@routes.get("/sparql", responses=_RESPONSES, response_model=None)
async def get(request: Request, site: SiteOf) -> Response:
    """Ask by `?query=`; without a query the service description, or for a browser a page to write one."""
    asked = asked_by_url(request)
    return await while_connected(request, lambda gone: _respond(request, site, asked, gone))


@routes.post("/sparql/", include_in_schema=False, response_model=None)
@routes.post("/sparql", responses=_POSTED, openapi_extra={"requestBody": _BODY}, response_model=None)
async def post(request: Request, site: SiteOf) -> Response:
    """Ask with the query as a form or as the body itself (`application/sparql-query`)."""
    try:
        asked = await asked_by_body(request)
    except MediaTypeError as error:
        answer = problems.problem(415, "media-type", "Unsupported media type", str(error))
        answer.headers["Accept-Post"] = f"{QUERY}, {FORM}"
        return answer
    return await while_connected(request, lambda gone: _respond(request, site, asked, gone))


@routes.api_route("/sparql/", methods=["QUERY"], include_in_schema=False, response_model=None)
@routes.api_route("/sparql", methods=["QUERY"], include_in_schema=False, response_model=None)
async def query(request: Request, site: SiteOf) -> Response:
    """As POST, by the method for questions with a body; OpenAPI 3.1 has no word for it."""
    return await post(request, site)


@routes.get("/sparql/editor.json", include_in_schema=False)
def editor(request: Request, site: SiteOf) -> Response:
    """What the script of the editor completes with."""
    return respond.answer(
        site, request, results.FORMATS["json"], lambda: results.json_bytes(editing.knowledge(request, site))
    )


def _respond(request: Request, site: Site, asked: Asked, gone: Gone) -> Response:
    accept = request.headers.get("accept")
    form = query_form(asked.query) if asked.query else "DESCRIBE"  # the service description is a graph too
    offered = _OFFERED.get(form or "", (*SOLUTIONS, *GRAPHS))  # what is no query is refused in whatever format
    chosen = negotiate_hinted((*offered, PAGE), accept, asked.hint)
    if chosen.suffix == "html":
        return _page(request, site, asked, gone)
    if asked.query is None:
        links = [(address(request, ".well-known/void"), "describedby")]
        return graph_answer(site, request, chosen, lambda: service_description(request, site.holdings), links)
    return _run(request, site, asked, chosen, gone)


def _run(request: Request, site: Site, asked: Asked, chosen: Format, gone: Gone) -> Response:
    links = [(address(request, "sparql"), "service-desc")]
    form = b"" if request.method == "GET" else repr(asked).encode()
    if (not_modified := respond.unchanged(site, request, chosen, form)) is not None:
        return not_modified
    answer = _ask(request, site, asked, chosen, gone)
    return respond.answer(site, request, chosen, lambda: answer.body, links, form)


def _ask(request: Request, site: Site, asked: Asked, chosen: Format, gone: Gone) -> Answer:
    """The answer of a worker; relative IRIs stand against the endpoint (SPARQL 1.1 Protocol, 2.1).

    The base is a line before the query, which the place of a syntax error does not count.
    """
    solutions = chosen.engine if isinstance(chosen.engine, ox.QueryResultsFormat) else ox.QueryResultsFormat.JSON
    triples = chosen.engine if isinstance(chosen.engine, ox.RdfFormat) else ox.RdfFormat.TURTLE
    text = f"BASE <{address(request, 'sparql')}>\n{asked.query or ''}"
    try:
        return site.pool.answer(text, solutions, triples, asked.dataset, cancelled=gone)
    except QuerySyntaxError as error:
        error.line = max(error.line - 1, 0)
        raise


def _page(request: Request, site: Site, asked: Asked, gone: Gone) -> Response:
    values: dict[str, Any] = {"variables": None, "rows": [], "total": 0, "text": None, "problem": None}
    status = 200
    if (asked.query or "").strip():
        try:
            values |= _result(_ask(request, site, asked, PAGE, gone))
        except (InputError, LimitError) as error:
            values["problem"] = str(error)
            status = problems.from_error(error).status_code
    editor = editing.is_installed()

    def body() -> str:
        return render(
            request,
            "sparql.html",
            query=asked.query or _start(request, site),
            given=bool(asked.query or request.query_params.get("example")),
            editor=editor,
            examples=list(site.queries.catalogue),
            deadline=site.settings.deadline,
            prologue=sparql_prologue(),
            **values,
        )

    answer = respond.answer(site, request, PAGE, body, form=b"editor" if editor else b"")
    answer.status_code = status if answer.status_code == 200 else answer.status_code
    return answer


def _start(request: Request, site: Site) -> str:
    """The text of an editor that was given no query: the canned query of `example=`, or a small sample."""
    asked = request.query_params
    given = {name: asked.getlist(name) for name in asked if name != "example"}
    found = editing.example(site, asked.get("example", ""), given, respond.language(request))
    return found or sparql_prologue() + "\n" + _SAMPLE


def _result(answer: Answer) -> dict[str, Any]:
    if answer.form == "construct":
        return {"text": answer.body.decode()}
    found = ox.parse_query_results(answer.body, format=ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        return {"text": str(bool(found)).lower()}
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    table = results.rows(found)
    return {"variables": names, "rows": table[:_SHOWN_ROWS], "total": len(table)}
