"""A release held in memory: the store on disk answers at once, a copy in memory as soon as it is there.

The same queries over a store in memory took a quarter of the time for pages and aggregates (`bench/`); 100,000 triples
take some 32 MiB in each process.
"""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Event, Thread

import pyoxigraph as ox

from reformgraph.engines.base import QueryResult, RdfDataset
from reformgraph.engines.embedded import Embedded, Functions, evaluate, open_read_only
from reformgraph.engines.labels import LABEL, Labels

HEAD_START = 0.5  # s in which the first questions have the interpreter for themselves: to copy takes it often
log = logging.getLogger("reformgraph.service")


class Resident(Embedded):
    """The embedded engine over a directory, then over a copy of it in memory, read from N-Quads in a thread."""

    def __init__(self, directory: Path, quads: Path) -> None:
        super().__init__(open_read_only(directory))
        self._functions: Functions | None = None
        self._now, self._closed = Event(), False
        self._loader = Thread(target=self._load, args=(quads,), name="resident", daemon=True)
        self._loader.start()

    def _load(self, quads: Path) -> None:
        self._now.wait(HEAD_START)
        if self._closed:
            return
        copy = ox.Store()
        try:
            # Not bulk_load, which relabels blank nodes: the bytes of an answer must not change with the store.
            copy.bulk_extend(ox.parse(path=str(quads), format=ox.RdfFormat.N_QUADS))
        except (OSError, SyntaxError, MemoryError) as error:
            log.warning("no copy in memory", extra={"facts": {"file": quads.name, "reason": str(error)}})
        else:
            self._store = copy  # queries that run keep the store that they began with
            self._take(Labels.read(copy))

    def _take(self, labels: Labels | None) -> None:
        if labels is None:
            log.info("labels are matched, not looked up: a thing has two in one language, or one in two graphs")
        else:
            self._functions = {ox.NamedNode(LABEL): labels}

    def query(self, query: str, dataset: RdfDataset | None = None) -> QueryResult:
        """See `Engine.query`."""
        return evaluate(self._store, query, dataset, self._functions)

    @property
    def calls_labels(self) -> bool:
        """See `Engine.calls_labels`."""
        return self._functions is not None

    def wait(self) -> None:
        """Return when the copy answers, or cannot be made; it is begun now."""
        self._now.set()
        self._loader.join()

    def close(self) -> None:
        """Let the thread end, which cannot be stopped once it copies."""
        self._closed = True
        self.wait()
