"""`/search`: things and figures by label, alias, pinyin and the words of the reports; suggestions while typing."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from reformgraph import results
from reformgraph.errors import ParameterError
from reformgraph.results import Format
from reformgraph.search import Found
from reformgraph.searching.searchable import KINDS
from reformgraph.web import respond, searching
from reformgraph.web.dependencies import SiteOf
from reformgraph.web.pages import render
from reformgraph.web.searching import Sought
from reformgraph.web.site import Site

NAMES = ("json", "html")
Suffix = Literal["json", "html"]
_SUGGESTIONS = Format("json", "application/x-suggestions+json", "rows")
_DESCRIPTION = Format("xml", "application/opensearchdescription+xml", "rows")
routes = APIRouter(tags=["search"])


def _parameter(name: str, description: str, required: bool = False, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "description": description, "schema": schema}


_Q = _parameter("q", "What is sought: Chinese, English, pinyin with or without spaces, or its initials", True,
                type="string", minLength=1, maxLength=searching.LONGEST, example="大连")  # fmt: skip
_LANG = _parameter("lang", "Language of the page", type="string", enum=list(respond.LANGUAGES))
_OPENAPI = {
    "parameters": [
        _Q,
        _parameter("kind", "Only results of these kinds", type="array", items={"type": "string", "enum": list(KINDS)}),
        _parameter("agency", "Only what concerns these bodies: label, alias, slug, CURIE or IRI", type="array",
                   items={"type": "string"}),
        _parameter("document", "Only what these reports tell: key, label, CURIE or IRI", type="array",
                   items={"type": "string"}),
        _parameter("initiative", "Only figures told under these initiatives: label, alias, slug, CURIE or IRI",
                   type="array", items={"type": "string"}),
        _parameter("period", "Only figures whose period touches one of these years", type="array",
                   items={"type": "string", "pattern": "^[12][0-9]{3}$"}),
        _parameter("voice", "Only what these voices say, by code", type="array", items={"type": "string"}),
        _parameter("bound", "Only figures of these bounds, by code", type="array", items={"type": "string"}),
        _parameter("limit", "Results on a page", type="integer", minimum=1, maximum=10_000, default=100),
        _parameter("cursor", "The place that `next` of an answer names", type="string"),
        _parameter("format", "Format of the answer", type="string", enum=list(NAMES)),
        _LANG,
    ]
}  # fmt: skip
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Results, best first, and how many there are of each kind",
        "content": {"application/json": {"schema": {"type": "object"}}, "text/html": {"schema": {"type": "string"}}},
    },
    304: {"description": "Not modified since the ETag given"},
    406: {"description": "No acceptable format", "content": _PROBLEM},
    422: {"description": "A parameter does not fit", "content": _PROBLEM},
}
_SUGGESTED: dict[int | str, dict[str, Any]] = {
    200: {"description": "Completions", "content": {_SUGGESTIONS.media_type: {"schema": {"type": "array"}}}},
    422: {"description": "A parameter does not fit", "content": _PROBLEM},
}
_DESCRIBED: dict[int | str, dict[str, Any]] = {
    200: {"description": "The description", "content": {_DESCRIPTION.media_type: {"schema": {"type": "string"}}}},
}


@routes.get("/search", responses=_RESPONSES, openapi_extra=_OPENAPI, response_model=None)
def search(request: Request, site: SiteOf) -> Response:
    """Things by label and alias, figures and claims by the words of the reports, ranked, with counts by kind.

    Each result tells which text matched and where; a figure never leaves without unit, bound, period and voice.
    Where nothing is found, `nearest` has names that are written or pronounced nearly so. Persons are not searched.
    """
    return _answer(request, site, None)


@routes.get("/search.{suffix}", include_in_schema=False)
def search_as(request: Request, site: SiteOf, suffix: Suffix) -> Response:
    """The same in the format of the suffix."""
    return _answer(request, site, suffix)


@routes.get("/search/suggest", responses=_SUGGESTED, openapi_extra={"parameters": [_Q, _LANG]}, response_model=None)
def suggest(request: Request, site: SiteOf) -> Response:
    """Completions of what is typed, as OpenSearch Suggestions: the text, names, what they are, their addresses."""
    searching.check_names(request, ("q", "lang"))
    text = searching.read_text(request)

    def body() -> bytes:
        return results.json_bytes(searching.suggestions(request, text, site.search.suggest(text)))

    return respond.answer(site, request, _SUGGESTIONS, body)


@routes.get("/opensearch.xml", responses=_DESCRIBED, response_model=None)
def description(request: Request, site: SiteOf) -> Response:
    """How a browser adds this search to its own (OpenSearch 1.1)."""
    return respond.answer(site, request, _DESCRIPTION, lambda: render(request, "opensearch.xml"))


def _answer(request: Request, site: Site, suffix: str | None) -> Response:
    chosen = respond.negotiate(request, NAMES, suffix)
    sought = Sought(request, site)
    sought.check()
    if not sought.text and chosen.suffix == "json":
        raise ParameterError("q", "is needed: what is sought.")
    if (not_modified := respond.unchanged(site, request, chosen)) is not None:
        return not_modified
    found = sought.ask()
    links = [*sought.links(found), *_fixed_links(request, chosen.suffix)]
    following = next((target for target, rel in links if rel == "next"), None)
    if chosen.suffix == "json":
        body = searching.as_json(sought, found, following)
        return respond.answer(site, request, chosen, lambda: results.json_bytes(body), links)
    return respond.answer(
        site, request, chosen, lambda: _page(sought, found, {rel: target for target, rel in links}), links
    )


def _fixed_links(request: Request, chosen: str) -> list[tuple[str, str]]:
    """The service, the description for browsers, and the same answer in the other formats."""
    base = str(request.base_url)
    pairs = [(key, value) for key, value in request.query_params.multi_items() if key != "format"]
    others = [f"{base}search?{urlencode([*pairs, ('format', name)])}" for name in NAMES if name != chosen]
    fixed = [(f"{base}openapi.json", "service-desc"), (f"{base}opensearch.xml", "search")]
    return fixed + [(other, "alternate") for other in others]


def _page(sought: Sought, found: Found, links: dict[str, str]) -> str:
    request = sought.request
    return render(
        request,
        "search.html",
        sought=sought,
        found=found,
        links=links,
        parts=searching.parts,
        facets=[
            (kind, count, respond.url_with(request, kind=kind, cursor=None)) for kind, count in found.facets.items()
        ],
        everything=respond.url_with(request, kind=None, cursor=None),
        conditions=searching.conditions(sought),
        narrower=searching.narrower(sought, found),
        kept=[(name, value) for name in searching.NARROWING for value in request.query_params.getlist(name)],
    )
