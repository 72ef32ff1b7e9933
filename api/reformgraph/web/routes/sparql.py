"""`/sparql`: the SPARQL 1.1 Protocol, read-only, every query in a worker that can be killed.

Specification: https://www.w3.org/TR/sparql11-protocol/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import pyoxigraph as ox
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from reformgraph import results
from reformgraph.engines.base import RdfDataset
from reformgraph.errors import InputError, LimitError, QueryRefusedError
from reformgraph.namespaces import sparql_prologue
from reformgraph.results import FORMATS, Format, choose
from reformgraph.tokens import query_form
from reformgraph.web import problems, respond
from reformgraph.web.pages import render
from reformgraph.web.service_description import service_description
from reformgraph.web.site import Site, SiteOf

SOLUTIONS = ("srj", "srx", "csv", "tsv")
GRAPHS = ("ttl", "nt", "jsonld", "rdf", "nq", "trig")
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
    200: {"content": {FORMATS[name].media_type: _TEXT for name in (*SOLUTIONS, *GRAPHS, "html")}},
    400: {
        "description": "The query does not parse or is refused",
        "content": {"application/problem+json": {}},
    },
    406: {"description": "No acceptable format", "content": {"application/problem+json": {}}},
    503: {"description": "Deadline passed or all workers busy", "content": {"application/problem+json": {}}},
}


@dataclass(frozen=True)
class Asked:
    """A protocol request: the query, if any, and the dataset that it names."""

    query: str | None
    dataset: RdfDataset | None
    hint: str | None


@routes.get("/sparql", responses=_RESPONSES, response_model=None)
async def get(request: Request, site: SiteOf) -> Response:
    """Ask by `?query=`; without a query the service description, or for a browser a page to write one."""
    return await run_in_threadpool(_respond, request, site, _asked(list(request.query_params.multi_items())))


@routes.post("/sparql", responses=_RESPONSES, response_model=None)
async def post(request: Request, site: SiteOf) -> Response:
    """Ask with the query as a form or as the body itself (`application/sparql-query`)."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await _body(request)
    pairs = list(request.query_params.multi_items())
    if media_type == "application/sparql-query":
        asked = _asked([*((k, v) for k, v in pairs if k != "query"), ("query", body)])
    elif media_type == "application/x-www-form-urlencoded":
        asked = _asked(pairs + parse_qsl(body, keep_blank_values=True))
    else:
        expected = "application/sparql-query or application/x-www-form-urlencoded"
        return problems.problem(415, "media-type", "Unsupported media type", f"Send {expected}, not {media_type!r}.")
    return await run_in_threadpool(_respond, request, site, asked)


async def _body(request: Request) -> str:
    try:
        return (await respond.read_body(request)).decode("utf-8")
    except UnicodeDecodeError:
        raise QueryRefusedError("the body is not UTF-8.") from None


def _asked(pairs: list[tuple[str, str]]) -> Asked:
    def all_of(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in pairs if key == name)

    if any(key in ("update", "using-graph-uri", "using-named-graph-uri") for key, _ in pairs):
        raise QueryRefusedError("the endpoint is read-only.", "Ask by query=.")
    queries = all_of("query")
    if len(queries) > 1:
        raise QueryRefusedError(f"query is given {len(queries)} times.", "Ask one question at a time.")
    default, named = all_of("default-graph-uri"), all_of("named-graph-uri")
    hints = [value for name in ("format", "output", "results") for value in all_of(name)]
    return Asked(
        query=queries[0] if queries else None,
        dataset=RdfDataset(default, named) if default or named else None,
        hint=hints[0] if hints else None,
    )


def _respond(request: Request, site: Site, asked: Asked) -> Response:
    wants_page = _negotiate(request, (*SOLUTIONS, "html", *GRAPHS), asked.hint).suffix == "html"
    if wants_page:
        return _page(request, site, asked)
    if not (asked.query or "").strip():
        if request.method == "POST":
            raise QueryRefusedError(
                "there is no query.", "Send query=, or the query itself as application/sparql-query."
            )
        chosen = _negotiate(request, GRAPHS, asked.hint)
        return respond.answer(site, request, chosen, lambda: service_description(request, site, chosen))
    return _run(request, site, asked)


def _negotiate(request: Request, offered: tuple[str, ...], hint: str | None) -> Format:
    """Accept decides; `format`, `output` and `results` are hints below it, which SPARQLWrapper always sends."""
    formats = [FORMATS[name] for name in offered]
    accept = request.headers.get("accept")
    if hint and (not accept or accept.strip() == "*/*"):
        named = next((f for f in formats if hint.lower() in (f.suffix, f.media_type, *_HINTS.get(f.suffix, ()))), None)
        if named:
            return named
    return choose(formats, accept)


_HINTS = {
    "srj": ("json",),
    "srx": ("xml",),
    "ttl": ("turtle", "n3"),
    "jsonld": ("json-ld",),
    "rdf": ("rdf+xml",),
}


def _run(request: Request, site: Site, asked: Asked) -> Response:
    query = asked.query or ""
    graph = query_form(query) in ("CONSTRUCT", "DESCRIBE")
    chosen = _negotiate(request, GRAPHS if graph else _solution_names(query), asked.hint)
    links = [(f"{request.base_url}sparql", "service-desc")]
    form = b"" if request.method == "GET" else repr(asked).encode()
    if (not_modified := respond.unchanged(site, request, chosen, form)) is not None:
        return not_modified
    solutions = chosen.engine if isinstance(chosen.engine, ox.QueryResultsFormat) else ox.QueryResultsFormat.JSON
    triples = chosen.engine if isinstance(chosen.engine, ox.RdfFormat) else ox.RdfFormat.TURTLE
    answer = site.pool.answer(query, solutions, triples, asked.dataset)
    return respond.answer(site, request, chosen, lambda: answer.body, links, form)


def _solution_names(query: str) -> tuple[str, ...]:
    """CSV and TSV have no form for a boolean (SPARQL 1.1 CSV and TSV, 1)."""
    return ("srj", "srx") if query_form(query) == "ASK" else SOLUTIONS


def _page(request: Request, site: Site, asked: Asked) -> Response:
    values: dict[str, Any] = {"variables": None, "rows": [], "total": 0, "text": None, "problem": None}
    status = 200
    query = asked.query or sparql_prologue() + "\n" + _SAMPLE
    if (asked.query or "").strip():
        try:
            values |= _result(site, query, asked.dataset)
        except (InputError, LimitError) as error:
            values["problem"] = str(error)
            status = problems.from_error(error).status_code
    chosen = FORMATS["html"]

    def body() -> str:
        return render(
            request,
            "sparql.html",
            query=query,
            deadline=site.settings.deadline,
            prologue=sparql_prologue(),
            **values,
        )

    answer = respond.answer(site, request, chosen, body)
    answer.status_code = status if answer.status_code == 200 else answer.status_code
    return answer


def _result(site: Site, query: str, dataset: RdfDataset | None) -> dict[str, Any]:
    answer = site.pool.answer(query, ox.QueryResultsFormat.JSON, ox.RdfFormat.TURTLE, dataset)
    if answer.form == "construct":
        return {"text": answer.body.decode()}
    found = ox.parse_query_results(answer.body, format=ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        return {"text": str(bool(found)).lower()}
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    table = results.rows(found)
    return {"variables": names, "rows": table[:_SHOWN_ROWS], "total": len(table)}
