"""`/graphs`: the SPARQL 1.1 Graph Store HTTP Protocol, read-only (https://www.w3.org/TR/sparql11-http-rdf-update/).

A graph is given as a graph: N-Quads and TriG hold its triples in their default graph, as the protocol has it.
"""

from __future__ import annotations

import difflib
from typing import Any

import pyoxigraph as ox
from fastapi import APIRouter, Request
from fastapi.responses import Response

from reformgraph import results
from reformgraph.engines.base import RdfDataset
from reformgraph.errors import NotFoundError
from reformgraph.results import FORMATS, Format
from reformgraph.web import problems, respond
from reformgraph.web.dependencies import SiteOf
from reformgraph.web.describing.service_description import dataset_description
from reformgraph.web.describing.statements import address
from reformgraph.web.describing.void import PLACE, store_address
from reformgraph.web.offers import GRAPHS, PAGE, graph_answer, negotiate
from reformgraph.web.pages import render
from reformgraph.web.protocol import url_pairs
from reformgraph.web.site import Site

routes = APIRouter(tags=["graph store"])
_LIST = (GRAPHS[0], FORMATS["json"], PAGE, *GRAPHS[1:])  # application/json means plain JSON before JSON-LD
_PROBLEM: dict[str, Any] = {"content": {"application/problem+json": {}}}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": {f.media_type: {"schema": {"type": "string"}} for f in _LIST}},
    304: {"description": "Not modified since the ETag given"},
    400: {"description": "Not one graph by an absolute IRI", **_PROBLEM},
    404: {"description": "No such graph", **_PROBLEM},
    406: {"description": "No acceptable format", **_PROBLEM},
}
_PARAMETERS = [
    {"name": "graph", "in": "query", "schema": {"type": "string", "format": "iri"}, "description": "IRI of a graph"},
    {"name": "default", "in": "query", "schema": {"type": "string"}, "allowEmptyValue": True,
     "description": "The union of all graphs"},
]  # fmt: skip


@routes.get("/graphs", responses=_RESPONSES, response_model=None, openapi_extra={"parameters": _PARAMETERS})
def graphs(request: Request, site: SiteOf) -> Response:
    """One graph by `?graph=IRI`, the union of all by `?default`, else the list of them."""
    pairs = url_pairs(request)
    named = [value for key, value in pairs if key == "graph"]
    default = any(key == "default" for key, _ in pairs)
    if not named and not default:
        return _list(request, site)
    if len(named) + default > 1:
        return _refused("Ask for one graph: either graph= once, or default.")
    if named and not _is_absolute(named[0]):
        return _refused(f"{named[0]!r} is no absolute IRI. GET /graphs lists the graphs.")
    if named and named[0] not in site.engine.graphs():
        raise NotFoundError("graph", named[0], difflib.get_close_matches(named[0], site.engine.graphs(), n=3))
    chosen = negotiate(request, GRAPHS)
    dataset = RdfDataset(default=(named[0],)) if named else None
    links = [(address(request, PLACE), "describedby")]
    return graph_answer(site, request, chosen, lambda: _triples(site, dataset), links)


def _triples(site: Site, dataset: RdfDataset | None) -> ox.QueryTriples:
    found = site.engine.query("CONSTRUCT WHERE { ?s ?p ?o }", dataset)
    assert isinstance(found, ox.QueryTriples)
    return found


def _is_absolute(iri: str) -> bool:
    try:
        ox.NamedNode(iri)
    except ValueError:
        return False
    return True


def _refused(detail: str) -> Response:
    return problems.problem(400, "graph", "Not one graph", detail, parameter="graph")


def _list(request: Request, site: Site) -> Response:
    chosen = negotiate(request, _LIST)
    if chosen.suffix in ("html", "json"):
        return _table(request, site, chosen)
    return graph_answer(site, request, chosen, lambda: dataset_description(request, site.holdings))


def _table(request: Request, site: Site, chosen: Format) -> Response:
    def body() -> str | bytes:
        held = site.holdings
        graphs = [{"graph": iri, "triples": n, "url": store_address(request, iri)} for iri, n in held.graphs]
        union = {"triples": held.triples, "url": store_address(request)}
        if chosen.suffix == "json":
            return results.json_bytes({"release": site.release.id, "default": union, "graphs": graphs})
        return render(request, "graphs.html", graphs=graphs, union=union)

    return respond.answer(site, request, chosen, body)
