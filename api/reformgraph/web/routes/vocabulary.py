"""`/ns` and `/shapes`, the documents that hash IRIs lead to, the heads of their files, and `/context.jsonld`.

A rule has a page of its own, `/shapes/{name}`, to which the anchor of its IRI leads, and its example as a file.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from reformgraph.errors import NotFoundError
from reformgraph.linked import jsonld
from reformgraph.linked.descriptions import DOCUMENTS
from reformgraph.namespaces import BASE
from reformgraph.results import FORMATS, json_bytes
from reformgraph.web import explaining, respond, rulepages
from reformgraph.web.dependencies import SiteOf
from reformgraph.web.routes.resources import RESPONSES, describe
from reformgraph.web.site import Site
from reformgraph.web.things import missing, representing
from reformgraph.web.things.representing import NAMES, Link

routes = APIRouter(tags=["linked data"])
_EXAMPLE: dict[int | str, dict[str, Any]] = {
    200: {"content": {FORMATS["trig"].media_type: {"schema": {"type": "string"}}}},
    404: RESPONSES[404],
}


@routes.get("/ns", responses=RESPONSES, response_model=None)
def vocabulary(request: Request, site: SiteOf) -> Response:
    """The ontology: every term of `rg:` with labels and definitions."""
    return _document(request, site, "ns", None)


@routes.get("/shapes", responses=RESPONSES, response_model=None)
def shapes(request: Request, site: SiteOf) -> Response:
    """The SHACL shapes."""
    return _document(request, site, "shapes", None)


@routes.get("/context.jsonld", responses={200: {"content": {"application/ld+json": {}}}}, response_model=None)
def context(request: Request, site: SiteOf) -> Response:
    """The JSON-LD context of our prefixes and labels."""
    body = json_bytes({"@context": jsonld.context()})
    return respond.answer(site, request, FORMATS["jsonld"], lambda: body)


@routes.get("/shapes/examples/{name}.trig", responses=_EXAMPLE, response_model=None)
def example(request: Request, site: SiteOf, name: str) -> Response:
    """The example of a rule: one graph of what fails and one of what passes, beside what they share."""
    try:
        source = site.rulebook.find(name).source
    except NotFoundError as error:
        return missing.not_found(request, site, error)
    return respond.answer(site, request, FORMATS["trig"], source.read_bytes)


def _with_suffix(name: str) -> Any:
    def answer(request: Request, site: SiteOf, suffix: str) -> Response:
        if suffix not in NAMES:
            return missing.not_found(request, site, NotFoundError("document", f"{name}.{suffix}", [f"{BASE}{name}"]))
        return _document(request, site, name, suffix)

    return answer


def _part(name: str) -> Any:
    def answer(request: Request, site: SiteOf, part: str, folder: str = "") -> Response:
        path = f"{folder}/{part}" if folder else part
        stem, suffix = respond.split_suffix(path, [FORMATS[n] for n in NAMES])
        if name == "shapes" and stem in site.rulebook:
            return _rule(request, site, stem, suffix)
        try:
            address = site.resources.document(name, stem)
        except NotFoundError as error:
            return missing.not_found(request, site, _nearer(site, name, stem) or error)
        if address.iri in DOCUMENTS:
            return _document(request, site, name, suffix)
        return describe(request, site, address, suffix)

    return answer


def _nearer(site: Site, name: str, stem: str) -> NotFoundError | None:
    """The error that names the rules which are nearly called so, if there are such."""
    try:
        site.rulebook.find(stem)
    except NotFoundError as error:
        return error if name == "shapes" and error.nearest else None
    return None


for _name in ("ns", "shapes"):
    routes.add_api_route(f"/{_name}.{{suffix}}", _with_suffix(_name), include_in_schema=False, response_model=None)
    routes.add_api_route(f"/{_name}/{{part}}", _part(_name), include_in_schema=False, response_model=None)
    routes.add_api_route(f"/{_name}/{{folder}}/{{part}}", _part(_name), include_in_schema=False, response_model=None)


def _document(request: Request, site: Site, name: str, suffix: str | None) -> Response:
    chosen = respond.negotiate(request, NAMES, suffix)
    here, iri = f"{request.base_url}{name}", f"{BASE}{name}"
    links = [Link(iri, "cite-as"), *representing.alternates(here), Link(representing.LICENSE, "license")]
    links += [Link(f"{here}.ttl", "describedby", FORMATS["ttl"].media_type)]
    links += [
        Link(representing.path_of(request, v), "latest-version") for v in site.resources.versions() if name == "ns"
    ]

    def body() -> bytes | str:
        if chosen.suffix == "html":
            return explaining.ontology(request, site) if name == "ns" else rulepages.rules(request, site)
        return representing.rdf(site.resources.describe(iri), chosen)

    return representing.send(site, request, chosen, body, f"{here}.{chosen.suffix}", links)


def _rule(request: Request, site: Site, name: str, suffix: str | None) -> Response:
    """A rule: its page, or what the graph says of its shape."""
    chosen = respond.negotiate(request, NAMES, suffix)
    rule, here = site.rulebook.find(name), f"{request.base_url}shapes/{name}"
    links = [Link(rule.iri, "cite-as"), *representing.alternates(here), Link(representing.LICENSE, "license")]
    links += [
        Link(f"{here}.ttl", "describedby", FORMATS["ttl"].media_type),
        Link(f"{request.base_url}shapes", "collection"),
    ]

    def body() -> bytes | str:
        if chosen.suffix == "html":
            return rulepages.rule(request, site, rule)
        return representing.rdf(site.resources.describe(rule.iri), chosen)

    return representing.send(site, request, chosen, body, f"{here}.{chosen.suffix}", links)
