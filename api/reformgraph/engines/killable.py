"""The killable lane as an engine: queries that are not ours, answered by workers, read like any other answer."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

import pyoxigraph as ox

from reformgraph.engines.base import Engine, QueryResult, RdfDataset, triples_result
from reformgraph.engines.workers import WorkerPool

# Says whether the one who asks has left; set around a request, since the seam has no word for it.
gone: ContextVar[Callable[[], bool] | None] = ContextVar("gone", default=None)


class Killable(Engine):
    """An engine whose queries have a deadline; `base` only tells the names of the graphs."""

    def __init__(self, pool: WorkerPool, base: Engine) -> None:
        self._pool = pool
        self._base = base

    def query(self, query: str, dataset: RdfDataset | None = None) -> QueryResult:
        """See `Engine.query`; raises what `WorkerPool.answer` raises."""
        solutions, triples = ox.QueryResultsFormat.JSON, ox.RdfFormat.N_TRIPLES
        answer = self._pool.answer(query, solutions, triples, dataset, cancelled=gone.get())
        if answer.form == "construct":
            return triples_result(quad.triple for quad in ox.parse(answer.body, format=triples))
        return ox.parse_query_results(answer.body, format=solutions)

    def graphs(self) -> list[str]:
        """See `Engine.graphs`."""
        return self._base.graphs()
