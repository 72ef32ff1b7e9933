"""Every thing of the graph at its own path: page, Turtle, JSON-LD, N-Triples, RDF/XML, N-Quads, TriG.

One rule: a thing is answered at its path with 200 and `Content-Location`; another name of it leads there with 303, a
slash at the end with 308; a withdrawn thing is 410.
"""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from reformgraph.errors import NotFoundError
from reformgraph.linked.addresses import Address
from reformgraph.linked.descriptions import PAGE, Description
from reformgraph.namespaces import KINDS
from reformgraph.queries import read_limit
from reformgraph.results import FORMATS, Format
from reformgraph.web import respond
from reformgraph.web.charts import pictures
from reformgraph.web.dependencies import SiteOf
from reformgraph.web.routes import charts
from reformgraph.web.site import Site
from reformgraph.web.things import missing, portraying, profiles, representing
from reformgraph.web.things.representing import NAMES, Link

KindPath = Annotated[str, Path(description="A kind of thing", json_schema_extra={"enum": list(KINDS)})]
routes = APIRouter(tags=["linked data"])
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": {FORMATS[n].media_type: {"schema": {"type": "string"}} for n in NAMES}},
    303: {"description": "Another name of the thing at Location"},
    304: {"description": "Not modified since the ETag given"},
    404: {"description": "Nothing there; the nearest names", "content": {"application/problem+json": {}}},
    406: {"description": "No acceptable format", "content": {"application/problem+json": {}}},
    410: {"description": "Withdrawn; the successors", "content": {"application/problem+json": {}}},
}


@routes.get("/{kind}/{slug}", responses=RESPONSES, response_model=None)
def resource(request: Request, site: SiteOf, kind: KindPath, slug: str) -> Response:
    """What the graph says of one thing; `profile=nanopub`, `qb` or `sdmx-csv` gives another view of it."""
    if request.query_params.get("profile"):
        return profiles.answer(request, site, kind, slug)
    if kind == "metric" and request.query_params.get("format") in pictures.FORMATS:
        return charts.metric(request, site, slug, request.query_params["format"])
    stem, suffix = respond.split_suffix(slug, [FORMATS[name] for name in NAMES])
    try:
        address = site.resources.find(kind, stem)
    except NotFoundError as error:
        return missing.not_found(request, site, error)
    if address.withdrawn:
        return missing.gone(request, site, address)
    if address.moved:
        return moved(request, address, suffix)
    return describe(request, site, address, suffix)


@routes.get("/{kind}/{slug}/", include_in_schema=False)
def resource_with_slash(request: Request, kind: str, slug: str) -> Response:
    """The same without the slash at the end."""
    return without_slash(request, f"{kind}/{slug}")


def without_slash(request: Request, path: str) -> Response:
    """308 to the path without its last slash."""
    query = f"?{request.url.query}" if request.url.query else ""
    return Response(status_code=308, headers={"Location": f"{request.base_url}{quote(path, safe='/')}{query}"})


def moved(request: Request, address: Address, suffix: str | None) -> Response:
    """303 to the path of the thing that was asked for under another name."""
    query = f"?{request.url.query}" if request.url.query else ""
    target = representing.path_of(request, address.iri) + (f".{suffix}" if suffix else "") + query
    return Response(status_code=303, headers={"Location": target, "Cache-Control": "public, max-age=60"})


def describe(request: Request, site: Site, address: Address, suffix: str | None) -> Response:
    """The description of a thing in the format that is asked for."""
    iri = address.iri
    chosen = respond.negotiate(request, NAMES, suffix)
    limit, offset = _part(request, site)
    here = representing.path_of(request, iri)
    document = f"{here}.{chosen.suffix}{representing.pairs_of(request, 'limit', 'cursor')}"
    if (unchanged := respond.unchanged(site, request, chosen)) is not None:
        unchanged.headers["Content-Location"] = document
        return unchanged
    links = _links(request, site, address, here)
    if chosen.suffix == "html":
        return _send(site, request, chosen, lambda: portraying.page(request, site, address), document, links)
    described = site.resources.describe(iri, limit, offset)
    following = _next(request, site, described, document, limit)
    see = f"{request.base_url}queries/observations?document={iri.rpartition('/')[2]}" if described.counts else None
    whole = described.with_document(document, following, see) if described.root else described
    links += [Link(following, "next", chosen.media_type)] if following else []
    return _send(site, request, chosen, lambda: representing.rdf(whole, chosen), document, links)


def _send(site: Site, request: Request, chosen: Format, body: Any, document: str, links: list[Link]) -> Response:
    private = request.url.path.startswith("/person/")
    return representing.send(site, request, chosen, body, document, links, private)


def _part(request: Request, site: Site) -> tuple[int, int]:
    limit = read_limit(request.query_params.get("limit")) or PAGE
    return limit, site.queries.offset(request.query_params.get("cursor"))


def _next(request: Request, site: Site, described: Description, document: str, limit: int) -> str | None:
    if not described.more:
        return None
    size = f"limit={limit}&" if "limit" in request.query_params else ""
    return f"{document.partition('?')[0]}?{size}cursor={site.queries.cursor(described.offset + limit)}"


def _links(request: Request, site: Site, address: Address, here: str) -> list[Link]:
    iri = address.iri
    links = [Link(iri, "cite-as"), *representing.alternates(here)]
    links += [Link(f"{here}.{name}", "describedby", FORMATS[name].media_type) for name in ("ttl", "jsonld")]
    links += [Link(type_, "type") for type_ in site.resources.types(iri)]
    links += [Link(here.rpartition("/")[0], "collection"), Link(representing.LICENSE, "license")]
    return links + [Link(representing.path_of(request, s), "successor-version") for s in address.successors]
