"""What the service says of itself: addresses, counts, the prefix table."""

from __future__ import annotations

import pyoxigraph as ox
from fastapi import Request

from reformgraph.engines.base import Engine
from reformgraph.linked.holdings import Holdings, count
from reformgraph.namespaces import SH, VOCAB
from reformgraph.publishing.statements import about, both
from reformgraph.web.site import Site

__all__ = ["about", "address", "both", "holdings", "prefix_declarations"]


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


def prefix_declarations(engine: Engine) -> ox.QueryTriples:
    """The prefix table as the ontology declares it, `sh:declare` and all."""
    found = engine.query(
        f"PREFIX sh: <{SH}> CONSTRUCT {{ ?ontology sh:declare ?prefix . ?prefix ?p ?o }} "
        f"WHERE {{ GRAPH <{VOCAB}> {{ ?ontology sh:declare ?prefix . ?prefix ?p ?o }} }}"
    )
    assert isinstance(found, ox.QueryTriples)
    return found
