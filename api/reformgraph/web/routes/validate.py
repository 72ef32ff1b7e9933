"""`/validate`: somebody's own data against the shapes, on top of our graph, in a process that can be killed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from reformgraph.errors import InputError, LimitError, ParameterError
from reformgraph.results import FORMATS, Format, choose
from reformgraph.shacl.submitted import MAX_BYTES, SYNTAXES
from reformgraph.validation import FAMILIES
from reformgraph.web import problems, respond
from reformgraph.web.dependencies import SiteOf
from reformgraph.web.leaving import while_connected
from reformgraph.web.pages import render
from reformgraph.web.posted import Posted, posted
from reformgraph.web.site import Site

_OFFERED = (
    FORMATS["json"],
    FORMATS["html"],
    Format("text", "text/plain", "text"),
    FORMATS["ttl"],
    Format("nt", "application/n-triples", "graph"),
    FORMATS["jsonld"],
    FORMATS["rdf"],
    Format("junit", "application/xml", "text", aliases=("text/xml",)),
)
_KNOWN = ("shapes", "format", "lang", "release")
_SHOWN = 500  # results on the page
routes = APIRouter(tags=["validation"])


def _parameter(name: str, description: str, values: list[str], default: str) -> dict[str, Any]:
    schema = {"type": "string", "enum": values, "default": default}
    return {"name": name, "in": "query", "description": description, "schema": schema}


_PARAMETERS = [
    _parameter("shapes", "Which shapes: those of form, those of content, or both", list(FAMILIES), "all"),
    _parameter("format", "Format of the report", [offer.suffix for offer in _OFFERED], "json"),
    _parameter("lang", "Language of text, HTML and JUnit", list(respond.LANGUAGES), "zh"),
]
_TEXT = {"schema": {"type": "string"}}
_OPENAPI = {
    "parameters": _PARAMETERS,
    "requestBody": {
        "required": True,
        "description": f"RDF of at most {MAX_BYTES} bytes; names of graphs in it do not count",
        "content": {format_.media_type: _TEXT for format_ in SYNTAXES.values()},
    },
}
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The report, whether the data conform or not",
        "content": {offer.media_type: _TEXT for offer in _OFFERED}
        | {"application/json": {"schema": {"type": "object"}}},
    },
    400: {"description": "The data do not parse, or are refused", "content": _PROBLEM},
    413: {"description": "The body is too large", "content": _PROBLEM},
    415: {"description": "A syntax that is not read", "content": _PROBLEM},
    422: {"description": "A parameter does not fit", "content": _PROBLEM},
    503: {"description": "Deadline passed, or all workers busy", "content": _PROBLEM},
}


@routes.get("/validate", responses={200: _RESPONSES[200]}, response_model=None)
def about(request: Request, site: SiteOf) -> Response:
    """What is read and told here (JSON); for a browser a page to try it."""
    _known(request.query_params)
    chosen = choose(_OFFERED[:2], request.headers.get("accept"), None, request.query_params.get("format"))
    if chosen.suffix == "html":
        site.checks.warm()
        return respond.answer(site, request, chosen, lambda: _page(request, site))
    limits = {
        "maxBytes": MAX_BYTES,
        "syntaxes": {suffix: format_.media_type for suffix, format_ in SYNTAXES.items()},
        "shapes": list(FAMILIES),
        "formats": {offer.suffix: offer.media_type for offer in _OFFERED},
        "deadline": site.settings.deadline,
    }
    return respond.answer(site, request, chosen, lambda: json.dumps(limits, indent=2) + "\n")


@routes.post("/validate", responses=_RESPONSES, openapi_extra=_OPENAPI, response_model=None)
async def validate(request: Request, site: SiteOf) -> Response:
    """Check the RDF in the body as one more report on top of the graph; nothing in it is run, fetched or kept.

    JSON holds `conforms`, `severity`, `counts`, `results`; each result has its messages in Chinese and English.
    """
    given = _known(request.query_params)
    try:
        sent = await posted(request)
    except InputError as error:
        _offer(request, given)  # a wrong format is told first
        return problems.from_error(error)
    given = {**{name: value for name, value in _known(sent.fields).items() if value}, **given}
    chosen = _offer(request, given)
    return await while_connected(request, lambda gone: _respond(request, site, sent, given, chosen, gone))


def _respond(
    request: Request, site: Site, sent: Posted, given: Mapping[str, str], chosen: Format, gone: Any
) -> Response:
    is_page, language = chosen.suffix == "html", given.get("lang") or respond.language(request)
    told = "json" if is_page else chosen.suffix
    try:
        body = site.checks.check(sent.data, sent.syntax, given.get("shapes", "all"), told, language, cancelled=gone)
    except (InputError, LimitError) as error:
        answer = problems.from_error(error)
        if not is_page:
            return answer
        page = _page(request, site, sent, given, problem=str(error))
        return _no_store(Response(page, answer.status_code, media_type=chosen.content_type), language)
    content = _page(request, site, sent, given, json.loads(body)) if is_page else body
    return _no_store(Response(content, media_type=chosen.content_type), language)


def _no_store(answer: Response, language: str) -> Response:
    """The report is the caller's own: no cache keeps it."""
    answer.headers.update({"Cache-Control": "no-store", "Vary": "Accept, Accept-Language"})
    if (answer.media_type or "").startswith("text/"):
        answer.headers["Content-Language"] = language
    return answer


def _known(parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters; ParameterError for an unknown one, or one with a value that it cannot have."""
    for name, allowed in (("shapes", FAMILIES), ("lang", respond.LANGUAGES)):
        if (value := parameters.get(name)) and value not in allowed:
            raise ParameterError(name, f"{value!r} is not known here.", allowed)
    for name in parameters:
        if name not in _KNOWN:
            raise ParameterError(name, "there is no such parameter here.", _KNOWN)
    return dict(parameters)


def _offer(request: Request, given: Mapping[str, str]) -> Format:
    return choose(_OFFERED, request.headers.get("accept"), None, given.get("format"))


def _page(
    request: Request,
    site: Site,
    sent: Posted | None = None,
    given: Mapping[str, str] | None = None,
    report: dict[str, Any] | None = None,
    problem: str | None = None,
) -> str:
    return render(
        request,
        "validate.html",
        pasted=sent.data.decode("utf-8", "replace") if sent and len(sent.data) < 100_000 else "",
        syntaxes=list(SYNTAXES),
        syntax=sent.syntax if sent else "ttl",
        families=FAMILIES,
        family=(given or {}).get("shapes", "all"),
        report=report,
        results=report["results"][:_SHOWN] if report else [],
        problem=problem,
        max_bytes=MAX_BYTES,
        deadline=site.settings.deadline,
    )
