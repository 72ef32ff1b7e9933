"""The rdflib engine: a second opinion on queries and answers, over a graph small enough for it.

rdflib neither keeps to FROM NAMED nor to a dataset of the protocol, so an exact dataset is copied into a
graph of its own and the clauses are taken out of the parsed query. It follows SERVICE: like every engine
it trusts queries.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import pyoxigraph as ox
import rdflib
from rdflib.plugins.sparql import prepareQuery

from reformgraph.engines.base import (
    Engine,
    QueryResult,
    RdfDataset,
    dataset_of,
    require_graphs,
    syntax_error,
    triples_result,
)
from reformgraph.errors import EvaluationError
from reformgraph.tokens import undeclared_prefix

_ONE_AT_A_TIME = threading.Lock()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """rdflib 7.6 warns of calls that it makes itself; filters of warnings belong to the whole process."""
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Dataset\.\w+ is deprecated", DeprecationWarning, r"rdflib\.")
        yield


def read(quads: bytes) -> rdflib.Dataset:
    """The dataset of N-Quads, whose default graph is the union."""
    dataset = rdflib.Dataset(default_union=True)
    with _undisturbed():
        dataset.parse(data=quads, format="nquads")
    return dataset


class RdflibEngine(Engine):
    """An `rdflib.Dataset` whose default graph is the union (`default_union=True`)."""

    def __init__(self, dataset: rdflib.Dataset) -> None:
        self._dataset = dataset

    @classmethod
    def from_store(cls, store: ox.Store) -> Self:
        """An engine over a copy of a pyoxigraph store."""
        return cls(read(store.dump(format=ox.RdfFormat.N_QUADS) or b""))

    def query(self, query: str, dataset: RdfDataset | None = None) -> QueryResult:
        """See `Engine.query`; an answer is complete before it is handed out."""
        if undeclared_prefix(query):  # rdflib knows many prefixes by itself
            raise syntax_error(query, "")
        try:
            prepared = prepareQuery(query)
        except Exception as error:  # rdflib raises bare Exception, too
            raise syntax_error(query, str(error)) from error
        chosen = dataset_of(query, dataset)
        prepared.algebra["datasetClause"] = None
        data = self._dataset if chosen is None else self._exactly(chosen)
        try:
            with _undisturbed():
                return _pyoxigraph_result(data.query(prepared))
        except Exception as error:
            raise EvaluationError(str(error)) from error

    def graphs(self) -> list[str]:
        """See `Engine.graphs`."""
        names = (graph.identifier for graph in self._dataset.graphs())
        default = self._dataset.default_graph.identifier
        return sorted(str(name) for name in names if isinstance(name, rdflib.URIRef) and name != default)

    def _exactly(self, wanted: RdfDataset) -> rdflib.Dataset:
        require_graphs(wanted, set(self.graphs()).__contains__)
        exact = rdflib.Dataset()
        for iri in wanted.default:
            exact.default_graph.__iadd__(self._dataset.graph(rdflib.URIRef(iri)))
        for iri in wanted.named:
            exact.graph(rdflib.URIRef(iri)).__iadd__(self._dataset.graph(rdflib.URIRef(iri)))
        return exact


def _pyoxigraph_result(result: rdflib.query.Result) -> QueryResult:
    if result.type in ("CONSTRUCT", "DESCRIBE"):
        assert result.graph is not None
        lines = result.graph.serialize(format="nt", encoding="utf-8")
        return triples_result(quad.triple for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))
    body = result.serialize(format="json")
    assert body is not None
    return ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
