"""Triples that the service says of itself, written as pairs of CURIE and value."""

from __future__ import annotations

import pyoxigraph as ox
from fastapi import Request

from reformgraph.engines.base import Engine
from reformgraph.holdings import Holdings, count
from reformgraph.namespaces import SH, VOCAB, expand
from reformgraph.results import Term
from reformgraph.web.site import Site

Value = str | int | Term | list[str] | list[Term] | tuple[str, ...] | None


def address(request: Request, path: str) -> str:
    """The absolute URL of a path of this service, given without its first slash."""
    return f"{request.base_url}{path}"


def holdings(request: Request, site: Site) -> Holdings:
    """The counts of the release, taken at the first request that needs them."""
    kept: dict[str, Holdings] = getattr(request.app.state, "holdings", {})
    if site.release.id not in kept:
        kept = {site.release.id: count(site.engine)}
        request.app.state.holdings = kept
    return kept[site.release.id]


def about(subject: str, *pairs: tuple[str, Value]) -> list[ox.Triple]:
    """Triples of a subject: a string is an IRI, an int an xsd:integer, a list several values, None nothing."""
    node = ox.NamedNode(subject)
    return [ox.Triple(node, _property(curie), term) for curie, value in pairs for term in _terms(value)]


def prefix_declarations(engine: Engine) -> ox.QueryTriples:
    """The prefix table as the ontology declares it, `sh:declare` and all."""
    found = engine.query(
        f"PREFIX sh: <{SH}> CONSTRUCT {{ ?ontology sh:declare ?prefix . ?prefix ?p ?o }} "
        f"WHERE {{ GRAPH <{VOCAB}> {{ ?ontology sh:declare ?prefix . ?prefix ?p ?o }} }}"
    )
    assert isinstance(found, ox.QueryTriples)
    return found


def both(zh: str, en: str) -> list[Term]:
    """A text in the two languages."""
    return [ox.Literal(zh, language="zh"), ox.Literal(en, language="en")]


def _property(curie: str) -> ox.NamedNode:
    iri = expand(curie)
    assert iri is not None, curie
    return ox.NamedNode(iri)


def _terms(value: Value) -> list[Term]:
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return [term for one in value for term in _terms(one)]
    if isinstance(value, int):
        return [ox.Literal(value)]
    return [ox.NamedNode(value)] if isinstance(value, str) else [value]
