"""The catalogue of canned queries as JSON, as a page, and as RDF."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from reformgraph import results
from reformgraph.canned.files import CannedQuery
from reformgraph.canned.graph import describe
from reformgraph.canned.heads import Parameter
from reformgraph.errors import NotFoundError, ParameterError
from reformgraph.results import Format
from reformgraph.web import respond
from reformgraph.web.canned.openapi import formats_of
from reformgraph.web.dependencies import SiteOf
from reformgraph.web.pages import render
from reformgraph.web.site import Site

FORMATS = ("json", "html", "ttl", "jsonld", "nt", "rdf")


async def catalogue(request: Request, site: SiteOf) -> Response:
    """The canned queries: name, question in both languages, parameters, columns, tags, an example that runs."""
    return _catalogue(request, site, None)


async def catalogue_by_suffix(request: Request, site: SiteOf, suffix: str) -> Response:
    """The same, its format told by a suffix."""
    if suffix not in FORMATS:
        raise NotFoundError("format of the catalogue", suffix, FORMATS)
    return _catalogue(request, site, suffix)


def _catalogue(request: Request, site: Site, suffix: str | None) -> Response:
    for key in request.query_params:
        if key not in ("format", "lang", "release"):
            raise ParameterError(key, "there is no such parameter here.", ["format", "lang", "release"])
    chosen = respond.negotiate(request, FORMATS, suffix)
    body = {"html": _page, "json": _json}.get(chosen.suffix, _graph)
    return respond.answer(site, request, chosen, lambda: body(request, site, chosen))


def _page(request: Request, site: Site, _: Format) -> bytes | str:
    return render(request, "queries.html", queries=list(site.queries.catalogue), formats=FORMATS[2:])


def _json(request: Request, site: Site, _: Format) -> bytes | str:
    entries = [_entry(request, site, query) for query in site.queries.catalogue]
    return results.json_bytes({"release": site.release.id, "queries": entries})


def _graph(request: Request, site: Site, chosen: Format) -> bytes | str:
    base, known = str(request.base_url), site.queries.catalogue
    triples = {t for query in known for t in describe(query, base, list(known.versions(query.name)))}
    assert isinstance(chosen.engine, ox.RdfFormat)
    return results.graph_bytes(sorted(triples, key=str), chosen.engine)


def _entry(request: Request, site: Site, query: CannedQuery) -> dict[str, Any]:
    base, known = str(request.base_url) + f"queries/{query.name}", site.queries.catalogue
    return {
        "name": query.name,
        "version": query.version,
        "versions": list(known.versions(query.name)),
        "question": query.summary,
        "description": query.description,
        "tags": list(query.tags),
        "parameters": [_described(site, parameter) for parameter in query.parameters],
        "columns": list(query.columns),
        "columnTitles": {name: known.columns[name].title for name in query.columns if name in known.columns},
        "formats": list(formats_of(query)),
        "url": base,
        "sparql": base + ".rq",
        "example": base + ("?" + _example(query) if query.example else ""),
    }


def _example(query: CannedQuery) -> str:
    """The example of the head as a query string."""
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
