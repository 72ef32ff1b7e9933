"""What the service says of itself: addresses, counts, the prefix table."""

from __future__ import annotations

import pyoxigraph as ox
from starlette.requests import Request

from reformgraph.engines.base import Engine
from reformgraph.namespaces import SH, VOCAB
from reformgraph.publishing.statements import about, both

__all__ = ["about", "address", "both", "prefix_declarations"]


def address(request: Request, path: str) -> str:
    """The absolute URL of a path of this service, given without its first slash."""
    return f"{request.base_url}{path}"


def prefix_declarations(engine: Engine) -> ox.QueryTriples:
    """The prefix table as the ontology declares it, `sh:declare` and all."""
    found = engine.query(
        f"PREFIX sh: <{SH}> CONSTRUCT {{ ?ontology sh:declare ?prefix . ?prefix ?p ?o }} "
        f"WHERE {{ GRAPH <{VOCAB}> {{ ?ontology sh:declare ?prefix . ?prefix ?p ?o }} }}"
    )
    assert isinstance(found, ox.QueryTriples)
    return found
