"""The embedded engine: pyoxigraph over a directory that nobody writes, or over a store in memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Self

import pyoxigraph as ox

from reformgraph.engines.base import (
    Engine,
    QueryResult,
    RdfDataset,
    dataset_of,
    engine_errors,
    require_graphs,
)
from reformgraph.errors import ReleaseError

# Extension functions by name; each takes terms and returns one, or None for an error.
Functions = dict[ox.NamedNode, Callable[..., ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None]]


class Embedded(Engine):
    """pyoxigraph in this process. It frees the GIL while it works, and cannot be stopped."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a store directory read-only; `ReleaseError` if there is none."""
        return cls(open_read_only(path))

    @classmethod
    def from_store(cls, store: ox.Store) -> Self:
        """An engine over a store that the caller filled."""
        return cls(store)

    def query(self, query: str, dataset: RdfDataset | None = None) -> QueryResult:
        """See `Engine.query`."""
        return evaluate(self._store, query, dataset)

    def graphs(self) -> list[str]:
        """See `Engine.graphs`."""
        return sorted(graph.value for graph in self._store.named_graphs() if isinstance(graph, ox.NamedNode))


def open_read_only(path: Path) -> ox.Store:
    """A store directory, read-only; `ReleaseError` if it is no store."""
    if not (path / "CURRENT").is_file():  # RocksDB would make the directory
        raise ReleaseError(f"There is no store at {path}.")
    try:
        return ox.Store.read_only(str(path))
    except OSError as error:
        raise ReleaseError(f"The store at {path} does not open: {error}") from error


def evaluate(
    store: ox.Store, query: str, dataset: RdfDataset | None, functions: Functions | None = None
) -> QueryResult:
    """The answer of a store, as `Engine.query` describes it; queries over the union may call `functions`."""
    with engine_errors(query):
        chosen = dataset_of(query, dataset)
        if chosen is None:
            # Silently beats FROM and named_graphs=, so it is said only where there is no dataset.
            return store.query(query, use_default_graph_as_union=True, custom_functions=functions)
        require_graphs(chosen, lambda iri: _has_graph(store, iri))
        if dataset is None:
            return store.query(query)
        # Both always: default_graph= alone leaves every graph visible to GRAPH, and the reverse.
        return store.query(
            query,
            default_graph=[ox.NamedNode(iri) for iri in dataset.default],
            named_graphs=[ox.NamedNode(iri) for iri in dataset.named],
        )


def _has_graph(store: ox.Store, iri: str) -> bool:
    try:
        return store.contains_named_graph(ox.NamedNode(iri))
    except ValueError:  # not an IRI
        return False
