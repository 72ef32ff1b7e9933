"""`/{kind}`: the things of a kind, as JSON, a page, and RDF (an `rdfs:Container` with labelled members)."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
from fastapi import APIRouter, Request
from fastapi.responses import Response

from reformgraph.linked.addresses import no_kind
from reformgraph.linked.descriptions import Description
from reformgraph.namespaces import BASE, KINDS, RDF, RDFS, SKOS
from reformgraph.queries import read_limit
from reformgraph.results import FORMATS, json_bytes
from reformgraph.web import respond
from reformgraph.web.dependencies import SiteOf
from reformgraph.web.pages import phrases
from reformgraph.web.routes.resources import KindPath, without_slash
from reformgraph.web.site import Site
from reformgraph.web.things import missing, portraying, representing
from reformgraph.web.things.representing import Link

NAMES = ("json", "html", "ttl", "jsonld", "nt", "rdf")
PAGE = 500
routes = APIRouter(tags=["linked data"])
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": {FORMATS[n].media_type: {"schema": {"type": "string"}} for n in NAMES}},
    404: {"description": "No such kind", "content": {"application/problem+json": {}}},
    406: {"description": "No acceptable format", "content": {"application/problem+json": {}}},
}


@routes.get("/{kind}", responses=_RESPONSES, response_model=None)
def members(request: Request, site: SiteOf, kind: KindPath) -> Response:
    """The things of a kind, 500 on a page unless `limit` says otherwise."""
    return _list(request, site, kind, None)


@routes.get("/{kind}/", include_in_schema=False)
def members_with_slash(request: Request, kind: str) -> Response:
    """The same without the slash at the end."""
    return without_slash(request, kind)


def _list(request: Request, site: Site, name: str, suffix: str | None) -> Response:
    kind, suffix = respond.split_suffix(name, [FORMATS[n] for n in NAMES])
    if kind not in KINDS:
        return missing.not_found(request, site, no_kind(kind))
    chosen = respond.negotiate(request, NAMES, suffix)
    limit = read_limit(request.query_params.get("limit")) or PAGE
    offset = site.queries.offset(request.query_params.get("cursor"))
    table = site.resources.members(kind)
    shown = table[offset : offset + limit]
    here = f"{request.base_url}{kind}"
    document = f"{here}.{chosen.suffix}{representing.pairs_of(request, 'limit', 'cursor')}"
    links = [
        Link(BASE + kind, "cite-as"),
        *representing.alternates(here, NAMES),
        *_steps(request, site, len(table), limit, offset),
    ]
    following = next((link.target for link in links if link.rel == "next"), None)

    def body() -> bytes | str:
        if chosen.suffix == "html":
            return portraying.members(request, site, kind, shown, total=len(table), offset=offset, following=following)
        if chosen.suffix == "json":
            return json_bytes({"kind": kind, "total": len(table), "members": shown, "next": following})
        return representing.rdf(Description(BASE + kind, tuple(_container(kind, shown))), chosen)

    return representing.send(site, request, chosen, body, document, links, private=kind == "person")


def _steps(request: Request, site: Site, total: int, limit: int, offset: int) -> list[Link]:
    """`first`, `prev` and `next` of a list that has more than one page."""
    steps = [(0, "first")] if total > limit or offset else []
    steps += [(max(offset - limit, 0), "prev")] if offset else []
    steps += [(offset + limit, "next")] if offset + limit < total else []
    return [Link(respond.url_with(request, cursor=site.queries.cursor(at) if at else None), rel) for at, rel in steps]


def _container(kind: str, rows: list[dict[str, Any]]) -> list[ox.Quad]:
    container = ox.NamedNode(BASE + kind)
    found = [ox.Quad(container, ox.NamedNode(RDF + "type"), ox.NamedNode(RDFS + "Container"))]
    for tag in respond.LANGUAGES:
        label = ox.Literal(phrases.section(kind, tag), language=tag)
        found.append(ox.Quad(container, ox.NamedNode(RDFS + "label"), label))
    for row in rows:
        thing = ox.NamedNode(row["thing"])
        found.append(ox.Quad(container, ox.NamedNode(RDFS + "member"), thing))
        found += [_label(thing, row[tag], tag) for tag in respond.LANGUAGES if row[tag]]
    return sorted(found, key=lambda quad: quad.subject != container)


def _label(thing: ox.NamedNode, text: str, tag: str) -> ox.Quad:
    return ox.Quad(thing, ox.NamedNode(SKOS + "prefLabel"), ox.Literal(text, language=tag))
