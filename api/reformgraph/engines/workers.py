"""The killable lane: worker processes that parse and run the queries of strangers, with a deadline.

pyoxigraph has no timeout and no cancel, and some texts kill its parser. So a query runs in a process of
its own, which is killed when the deadline passes or the client leaves, and replaced; `wall` says what it
may not do.
"""

from __future__ import annotations

import json
import queue
import select
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

import pyoxigraph as ox

from reformgraph.engines.base import RdfDataset
from reformgraph.engines.process import POLL, QUERIES, Answer, WorkerLimits, WorkerProcess
from reformgraph.errors import (
    BusyError,
    QueryTimeoutError,
    ReformgraphError,
    ReleaseError,
)
from reformgraph.tokens import QueryLimits, guard

__all__ = ["Answer", "WorkerLimits", "WorkerPool"]


class WorkerPool:
    """Processes over one store directory. `answer` may be called from many threads at once.

    `guarded=False` leaves out the checks on the text (`tokens.guard`); the wall stands without them. Where a
    system has no such limits (any but Linux) the pool raises `ReleaseError`, unless `allow_unlimited`.
    """

    def __init__(
        self,
        store_path: Path,
        limits: WorkerLimits | None = None,
        query_limits: QueryLimits | None = None,
        *,
        guarded: bool = True,
        allow_unlimited: bool = False,
        module: str = QUERIES,
    ) -> None:
        if sys.platform != "linux" and not (allow_unlimited and hasattr(select, "poll")):
            raise ReleaseError("This system cannot limit worker processes: ad-hoc SPARQL needs allow_unlimited.")
        self._path, self._guarded, self._module = store_path, guarded, module
        self.limits, self._query_limits = limits or WorkerLimits(), query_limits or QueryLimits()
        self._lock = threading.Lock()
        self._callers = 0
        self._closed = False
        self._workers: set[WorkerProcess] = set()
        self._idle: queue.LifoQueue[WorkerProcess] = queue.LifoQueue()
        for _ in range(self.limits.processes):
            self._add_worker()
        self._checked = False

    def answer(
        self,
        query: str,
        solutions_format: ox.QueryResultsFormat = ox.QueryResultsFormat.JSON,
        graph_format: ox.RdfFormat = ox.RdfFormat.TURTLE,
        dataset: RdfDataset | None = None,
        *,
        cancelled: Callable[[], bool] | None = None,
    ) -> Answer:
        """The answer to SELECT or ASK in the first format, to CONSTRUCT or DESCRIBE in the second.

        `cancelled` is asked about every 50 ms; when it says True the work is killed: `QueryTimeoutError`.
        Raises what `Engine.query` raises, and `QueryTimeoutError`, `AnswerTooLargeError`, `BusyError`, and
        `NotAcceptableError` for ASK in a format that has no boolean (CSV, TSV).
        """
        if self._guarded:
            guard(query, self._query_limits)
        graphs = None if dataset is None else (dataset.default, dataset.named)
        formats = {"solutions": solutions_format.media_type, "graph": graph_format.media_type}
        request = {"query": query, "dataset": graphs, **formats}
        return self.ask(json.dumps(request).encode(), cancelled)

    def ask(self, request: bytes, cancelled: Callable[[], bool] | None = None) -> Answer:
        """The answer to a request as the module of the workers reads it; raises as `answer` does."""
        self._enter_queue()
        try:
            return self._run(self._take_worker(cancelled), request, cancelled)
        finally:
            with self._lock:
                self._callers -= 1

    def check(self) -> None:
        """Return once a worker is seen to be up; `ReleaseError` if it cannot open the store.

        Not while the pool is made: canned queries need not wait for it.
        """
        if self._checked:
            return
        with suppress(queue.Empty):  # all are at work, so they are up
            worker = self._idle.get(timeout=POLL)
            try:
                worker.await_hello()
            finally:
                self._idle.put(worker)
        self._checked = True

    def close(self) -> None:
        """Kill the processes; callers still waiting get `BusyError`."""
        with self._lock:
            self._closed = True
            for worker in self._workers:
                worker.kill()
        with suppress(queue.Empty):
            while True:
                self._idle.get_nowait().dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _enter_queue(self) -> None:
        with self._lock:
            if self._closed or self._callers >= self.limits.processes + self.limits.queue:
                raise BusyError()
            self._callers += 1

    def _take_worker(self, cancelled: Callable[[], bool] | None) -> WorkerProcess:
        """An idle worker that lives; `BusyError` after waiting for as long as a query may take."""
        start = monotonic()
        while (waited := monotonic() - start) < self.limits.deadline and not self._closed:
            if cancelled and cancelled():
                raise QueryTimeoutError(round(waited, 1))
            with suppress(queue.Empty):
                worker = self._idle.get(timeout=POLL)
                if worker.is_alive():
                    return worker
                self._replace(worker)
        raise BusyError()

    def _run(self, worker: WorkerProcess, request: bytes, cancelled: Callable[[], bool] | None) -> Answer:
        """Let a worker answer; put it back, or another in its place if it did not survive the query."""
        survived = False
        try:
            reply = worker.ask(request, self.limits.deadline, cancelled)
            survived = True
        except EOFError:
            raise BusyError() if self._closed else worker.cause_of_death() from None
        except ReleaseError:  # it did not start
            if self._closed:
                raise BusyError() from None
            raise
        finally:
            if survived:
                self._put_back(worker)
            else:
                self._replace(worker)
        if isinstance(reply, ReformgraphError):
            raise reply
        return reply

    def _put_back(self, worker: WorkerProcess) -> None:
        with self._lock:
            if not self._closed:
                self._idle.put(worker)
                return
        worker.dispose()

    def _replace(self, worker: WorkerProcess) -> None:
        worker.dispose()
        with self._lock:
            self._workers.discard(worker)
        self._add_worker()

    def _add_worker(self) -> None:
        """Start a process; it opens the store while we go on."""
        with self._lock:
            if not self._closed:
                worker = WorkerProcess(self._path, self.limits, self._module)
                self._workers.add(worker)
                self._idle.put(worker)
