"""What a canned query answers on an engine, in the form in which answers of engines are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyoxigraph as ox

from reformgraph.content import content_root
from reformgraph.engines.base import Engine
from reformgraph.queries import Catalogue, QueryService
from reformgraph.results import csv_text, rows

CATALOGUE = Catalogue.read(content_root() / "queries")


def answer(engine: Engine, name: str, given: Mapping[str, Sequence[str]], reader: Engine | None = None) -> bytes:
    """All rows of a query as CSV; `reader` reads the parameters where the engine is a slow endpoint."""
    service = QueryService(reader or engine, CATALOGUE, "r" * 64, endpoint=engine)
    query = CATALOGUE.get(name)
    found = service.run(service.ask(name, given))
    assert isinstance(found, ox.QuerySolutions)
    return csv_text(query.columns, rows(found))
