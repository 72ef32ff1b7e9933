"""`/queries`: the catalogue, and each canned query as an operation of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

import pyoxigraph as ox
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from reformgraph import results
from reformgraph.errors import ParameterError
from reformgraph.queries import DEFAULT_LIMIT, MAX_LIMIT, Page, Question, read_limit
from reformgraph.queryfiles import CannedQuery, Parameter
from reformgraph.results import FORMATS, Format
from reformgraph.web import problems, respond
from reformgraph.web.pages import render
from reformgraph.web.site import Site, SiteOf

ROW_FORMATS = ("json", "html", "csv", "tsv", "srj", "srx", "rq")
GRAPH_FORMATS = ("ttl", "html", "nt", "jsonld", "rdf", "rq")
_FORM = "application/x-www-form-urlencoded"
_OWN = ("limit", "cursor", "format", "lang", "bom")


def router(queries: list[CannedQuery]) -> APIRouter:
    """Routes of the catalogue and of every canned query; what is not among them answers 404 with near names."""
    routes = APIRouter()
    routes.add_api_route("/queries", catalogue, methods=["GET"], tags=["queries"], response_model=None)
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
                responses=_responses(query),
                openapi_extra=_openapi(query, method),
                response_model=None,
            )
    routes.add_api_route("/queries/{path}", _by_path, methods=["GET", "POST"], include_in_schema=False)
    return routes


def _operation(name: str) -> Callable[[Request, Site], Awaitable[Response]]:
    async def run(request: Request, site: SiteOf) -> Response:
        return await _run(request, site, name, None)

    return run


async def _by_path(request: Request, site: SiteOf, path: str) -> Response:
    names = sorted({*ROW_FORMATS, *GRAPH_FORMATS})
    name, suffix = respond.split_suffix(path, [FORMATS[n] for n in names])
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
    return await run_in_threadpool(_answer, request, site, name, suffix, pairs, form)


def _answer(
    request: Request, site: Site, name: str, suffix: str | None, pairs: list[tuple[str, str]], form: bytes
) -> Response:
    query = site.queries.catalogue.get(name)
    offered = ROW_FORMATS if query.form == "select" else GRAPH_FORMATS
    own = {key: value for key, value in pairs if key in _OWN}
    for key in own:
        if sum(name == key for name, _ in pairs) > 1:
            raise ParameterError(key, "is given more than once.")
    chosen = respond.negotiate(request, offered, suffix, own.get("format"))
    if chosen.suffix == "rq":
        return respond.answer(site, request, chosen, lambda: query.text)
    given: dict[str, list[str]] = {}
    for key, value in pairs:
        if key not in own:
            given.setdefault(key, []).append(value)
    if chosen.suffix == "html" and any(p.required and not any(given.get(p.name, [])) for p in query.parameters):
        return respond.answer(site, request, chosen, lambda: _page(request, site, query, None, None, {}, given))
    if (not_modified := respond.unchanged(site, request, chosen, form)) is not None:
        return not_modified
    question = site.queries.ask(name, given)
    limit, offset = read_limit(own.get("limit")), site.queries.offset(own.get("cursor"))
    if chosen.suffix in ("json", "html"):
        page = site.queries.page(question, limit or DEFAULT_LIMIT, offset)
        links = _links(request, site, page, pairs)
        body = _json if chosen.suffix == "json" else _html
        return respond.answer(site, request, chosen, lambda: body(request, site, question, page, links), links, form)
    return respond.answer(
        site,
        request,
        chosen,
        lambda: _whole(site, question, chosen, limit, offset, own),
        _plain_links(request),
        form,
    )


def _links(request: Request, site: Site, page: Page, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    links = [(respond.url_with(request, pairs, cursor=None), "first"), *_plain_links(request)]
    if page.more:
        following = site.queries.cursor(page.offset + page.limit)
        links.append((respond.url_with(request, pairs, cursor=following), "next"))
    if page.offset:
        before = max(page.offset - page.limit, 0)
        cursor = site.queries.cursor(before) if before else None
        links.append((respond.url_with(request, pairs, cursor=cursor), "prev"))
    return links


def _plain_links(request: Request) -> list[tuple[str, str]]:
    return [(str(request.base_url) + "openapi.json", "service-desc")]


def _json(request: Request, site: Site, question: Question, page: Page, links: list[tuple[str, str]]) -> bytes:
    body = {
        "query": question.query.name,
        "version": question.query.version,
        "release": site.release.id,
        "parameters": readings(question),
        "columns": list(question.query.columns),
        "rows": page.rows,
        "next": next((target for target, rel in links if rel == "next"), None),
    }
    return results.json_bytes(body)


def readings(question: Question) -> dict[str, Any]:
    """How each given value was read: an object for one value, a list for several; values not given are absent."""
    read = {
        name: [{"given": r.given, "read": r.read, "label": r.label} for r in found]
        for name, found in question.readings.items()
        if found
    }
    return {name: found[0] if len(found) == 1 else found for name, found in read.items()}


def _html(request: Request, site: Site, question: Question, page: Page, links: list[tuple[str, str]]) -> str:
    given = {name: [r.given for r in found] for name, found in question.readings.items()}
    return _page(request, site, question.query, question, page, {rel: target for target, rel in links}, given)


def _page(
    request: Request,
    site: Site,
    query: CannedQuery,
    question: Question | None,
    page: Page | None,
    links: dict[str, str],
    given: dict[str, list[str]],
) -> str:
    choices = {p.name: site.queries.codes(p.scheme) for p in query.parameters if p.scheme}
    return render(
        request,
        "query.html",
        query=query,
        question=question,
        page=page,
        links=links,
        given=given,
        choices=choices,
    )


def _whole(
    site: Site, question: Question, chosen: Format, limit: int | None, offset: int, own: dict[str, str]
) -> bytes:
    """All rows, or `limit` of them, in a format that is not paged."""
    found = site.queries.run(question, limit, offset)
    if isinstance(found, ox.QueryTriples):
        assert isinstance(chosen.engine, ox.RdfFormat)
        return results.graph_bytes(found, chosen.engine)
    assert isinstance(found, ox.QuerySolutions)
    if chosen.suffix == "csv":
        return results.csv_text(question.query.columns, results.rows(found), own.get("bom") == "1")
    assert isinstance(chosen.engine, ox.QueryResultsFormat)
    text = found.serialize(format=chosen.engine)
    assert text is not None
    return text


async def catalogue(request: Request, site: SiteOf) -> Response:
    """The canned queries: name, question in both languages, parameters, columns, tags, an example that runs."""
    for key in request.query_params:
        if key not in ("format", "lang"):
            raise ParameterError(key, "there is no such parameter here.", ["format", "lang"])
    chosen = respond.negotiate(request, ("json", "html"))
    if chosen.suffix == "html":
        return respond.answer(
            site,
            request,
            chosen,
            lambda: render(request, "queries.html", queries=list(site.queries.catalogue)),
        )
    return respond.answer(site, request, chosen, lambda: results.json_bytes(_catalogue(request, site)))


def _catalogue(request: Request, site: Site) -> dict[str, Any]:
    entries = [_entry(request, site, query) for query in site.queries.catalogue]
    return {"release": site.release.id, "queries": entries}


def _entry(request: Request, site: Site, query: CannedQuery) -> dict[str, Any]:
    base = str(request.base_url) + f"queries/{query.name}"
    return {
        "name": query.name,
        "version": query.version,
        "question": query.summary,
        "description": query.description,
        "tags": list(query.tags),
        "parameters": [_described(site, parameter) for parameter in query.parameters],
        "columns": list(query.columns),
        "url": base,
        "sparql": base + ".rq",
        "example": base + ("?" + example_text(query) if query.example else ""),
    }


def example_text(query: CannedQuery) -> str:
    """The example of the head as a query string."""
    from urllib.parse import urlencode  # noqa: PLC0415

    return urlencode([(key, value) for key, values in query.example.items() for value in values])


def _described(site: Site, parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "kind": parameter.kind,
        "many": parameter.many,
        "required": parameter.required,
        "default": parameter.default,
        "allowed": list(site.queries.codes(parameter.scheme)) if parameter.scheme else None,
        "example": parameter.example,
        "label": parameter.label,
    }


def _responses(query: CannedQuery) -> dict[int | str, dict[str, Any]]:
    offered = ROW_FORMATS if query.form == "select" else GRAPH_FORMATS
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    problem = {"application/problem+json": schema}
    content = {FORMATS[name].media_type: {"schema": {"type": "string"}} for name in offered}
    if query.form == "select":
        content["application/json"] = {"schema": {"$ref": "#/components/schemas/Rows"}}
    return {
        200: {"description": "The rows", "content": content},
        304: {"description": "Not modified since the ETag given"},
        406: {"description": "No acceptable format", "content": problem},
        422: {"description": "A parameter does not fit", "content": problem},
        503: {"description": "At a limit; see Retry-After", "content": problem},
    }


def _openapi(query: CannedQuery, method: str) -> dict[str, Any]:
    parameters = [_parameter(p, query) for p in query.parameters] + _common(query)
    if method == "GET":
        return {"parameters": parameters}
    properties = {p["name"]: p["schema"] for p in parameters}
    required = [p["name"] for p in parameters if p["required"]]
    schema = {"type": "object", "properties": properties} | ({"required": required} if required else {})
    return {"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}}


def _parameter(parameter: Parameter, query: CannedQuery) -> dict[str, Any]:
    kinds = {
        "integer": {"type": "integer"},
        "decimal": {"type": "number"},
        "date": {"type": "string", "format": "date"},
    }
    schema: dict[str, Any] = kinds.get(parameter.kind, {"type": "string"})
    example: Any = query.example.get(parameter.name, [parameter.example])[0]
    if parameter.many:
        schema, example = {"type": "array", "items": schema}, [example]
    declared = {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": f"{parameter.label['zh']} / {parameter.label['en']} ({parameter.kind})",
        "schema": schema,
    }
    # An example of an optional parameter would be filled in by clients that try the operation out.
    return declared | ({"example": example} if parameter.required or parameter.name in query.example else {})


def _common(query: CannedQuery) -> list[dict[str, Any]]:
    offered = ROW_FORMATS if query.form == "select" else GRAPH_FORMATS

    def entry(name: str, description: str, **schema: Any) -> dict[str, Any]:
        return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}

    return [
        entry("limit", f"Rows on a page of JSON and HTML ({DEFAULT_LIMIT} if not given), or rows in all",
              type="integer", minimum=1, maximum=MAX_LIMIT),
        entry("cursor", "Place to go on from, as `next` gives it", type="string"),
        entry("format", "Format of the answer; a suffix of the path does the same", type="string", enum=list(offered)),
        entry("lang", "Language of the page", type="string", enum=["zh", "en"]),
        entry("bom", "1 puts a byte order mark before CSV, for Excel", type="string", enum=["0", "1"]),
    ]  # fmt: skip
