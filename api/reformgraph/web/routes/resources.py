"""Every IRI of the graph at its own path: page, Turtle, JSON-LD, N-Triples, RDF/XML; `/{kind}` lists a kind."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pyoxigraph as ox
from fastapi import APIRouter, Request
from fastapi.responses import Response

from reformgraph import results
from reformgraph.namespaces import BASE, KINDS, RG, SHAPES, VOCAB
from reformgraph.results import FORMATS
from reformgraph.web import respond
from reformgraph.web.pages import render
from reformgraph.web.site import Site, SiteOf

FORMAT_NAMES = ("ttl", "html", "jsonld", "nt", "rdf")
Kind = StrEnum("Kind", {kind: kind for kind in KINDS})  # type: ignore[misc]
routes = APIRouter(tags=["linked data"])
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": {FORMATS[n].media_type: {"schema": {"type": "string"}} for n in FORMAT_NAMES}},
    304: {"description": "Not modified since the ETag given"},
    404: {"description": "Nothing there", "content": {"application/problem+json": {}}},
    406: {"description": "No acceptable format", "content": {"application/problem+json": {}}},
}


@routes.get("/ns", responses=_RESPONSES, response_model=None)
def vocabulary(request: Request, site: SiteOf) -> Response:
    """The ontology: every term of `rg:` with labels and definitions."""
    return _document(request, site, VOCAB, "ns")


@routes.get("/shapes", responses=_RESPONSES, response_model=None)
def shapes(request: Request, site: SiteOf) -> Response:
    """The SHACL shapes."""
    return _document(request, site, SHAPES, "shapes")


@routes.get("/ns/{part}", include_in_schema=False)
def vocabulary_part(request: Request, site: SiteOf, part: str) -> Response:
    """The heads of the ontology's files, such as `/ns/metrics`, lie inside the ontology."""
    return vocabulary(request, site)


@routes.get("/shapes/{part}", include_in_schema=False)
def shapes_part(request: Request, site: SiteOf, part: str) -> Response:
    """The heads of the shapes' files lie inside the shapes graph."""
    return shapes(request, site)


def _document(request: Request, site: Site, graph: str, name: str) -> Response:
    chosen = respond.negotiate(request, FORMAT_NAMES)
    if chosen.suffix == "html":
        return respond.answer(site, request, chosen, lambda: _terms(request, site, graph, name))
    return respond.answer(site, request, chosen, lambda: _bytes(site, graph, chosen))


def _terms(request: Request, site: Site, graph: str, name: str) -> str:
    prefix = RG if name == "ns" else f"{BASE}shapes#"
    return render(request, "terms.html", name=name, terms=site.resources.terms(graph, prefix))


def _bytes(site: Site, iri: str, chosen: results.Format) -> bytes:
    assert isinstance(chosen.engine, ox.RdfFormat)
    return results.graph_bytes(site.resources.describe(iri), chosen.engine)


@routes.get("/{kind}", responses=_RESPONSES, response_model=None)
def members(request: Request, site: SiteOf, kind: Kind) -> Response:
    """The things of a kind."""
    chosen = respond.negotiate(request, ("json", "html"))
    found = site.resources.members(kind.value)
    if chosen.suffix == "html":
        return respond.answer(
            site, request, chosen, lambda: render(request, "members.html", kind=kind.value, members=found)
        )
    return respond.answer(site, request, chosen, lambda: results.json_bytes({"kind": kind.value, "members": found}))


@routes.get("/{kind}/{slug}", responses=_RESPONSES, response_model=None)
def resource(request: Request, site: SiteOf, kind: Kind, slug: str) -> Response:
    """What the graph says of one thing."""
    stem, suffix = respond.split_suffix(slug, [FORMATS[name] for name in FORMAT_NAMES])
    iri = site.resources.iri(kind.value, stem)
    chosen = respond.negotiate(request, FORMAT_NAMES, suffix)
    here = f"{request.base_url}{kind.value}/{stem}"
    links = [(f"{here}.{name}", "alternate") for name in FORMAT_NAMES] + [
        (iri, "cite-as"),
        (f"{here}.ttl", "describedby"),
    ]
    if chosen.suffix != "html":
        return respond.answer(site, request, chosen, lambda: _bytes(site, iri, chosen), links)
    page = _card if kind.value == "obs" else _thing
    return respond.answer(site, request, chosen, lambda: page(request, site, iri), links)


def _thing(request: Request, site: Site, iri: str) -> str:
    return render(request, "thing.html", thing=site.resources.thing(iri))


def _card(request: Request, site: Site, iri: str) -> str:
    card = site.resources.card(iri)
    clause = None
    if site.shows_clauses(request):
        clause = site.texts.clause(card.row["document"], card.row["start"], card.row["end"])
    return render(request, "card.html", thing=site.resources.thing(iri), card=card, clause=clause)
