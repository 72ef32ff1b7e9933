"""The core constraints on all cores, or on a Dask cluster: the same chunks in a pool of processes or as its tasks.

Processes on this machine open a store directory themselves and are handed focus nodes only; workers of a cluster, and
processes for a store in memory, are handed the triples too. SPARQL constraints look across reports and are not cut.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from reformgraph.engines.embedded import open_read_only
from reformgraph.errors import MissingLibraryError, SourceFileError
from reformgraph.shacl import chunks
from reformgraph.shacl.chunks import Chunk, Cutter, check_chunk, found_at, groups
from reformgraph.shacl.coreshapes import CoreShapes
from reformgraph.shacl.uniongraph import Node

Done = Callable[[int, int], None]
_TRIES = 5  # workers that may die under a task of a cluster before it counts as its fault
_CONNECT = 5  # s


@dataclass(frozen=True)
class Work:
    """What is to be checked: a store, its directory if it has one, and the shapes."""

    store: ox.Store
    shapes: ox.Store
    directory: Path | None = None
    size: int = chunks.SIZE

    def text(self) -> bytes:
        """The shapes as N-Triples."""
        return ox.serialize({quad.triple for quad in self.shapes}, format=ox.RdfFormat.N_TRIPLES) or b""

    def cutter(self) -> Cutter:
        """What cuts chunks with their triples."""
        return Cutter(self.store, CoreShapes.read(self.shapes).inverse)

    def groups(self) -> list[list[Node]]:
        """The focus nodes, a list for each chunk."""
        return list(groups(self.store, self.size, CoreShapes.read(self.shapes).by_subjects_of))


def on_cores(work: Work, jobs: int | None = None, done: Done = lambda _, __: None) -> Iterator[dict[str, str]]:
    """What the core constraints find, by a pool of processes (see `Found.parts`); `done` is told (chunks, of all)."""
    parts = work.groups()
    if work.directory is not None:
        task: Callable[[Chunk], list[dict[str, str]]] = partial(_check_in, str(work.directory), work.text())
        cut = (Chunk(tuple(map(str, group))) for group in parts)
    else:
        cutter = work.cutter()
        task = partial(check_chunk, cutter.context(), work.text())
        cut = (cutter.cut(group) for group in parts)
    jobs = min(jobs or os.cpu_count() or 1, len(parts)) or 1
    # Spawned, not forked: a fork would copy locks that threads of the store hold.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from _collected(pool, task, cut, 2 * jobs, len(parts), done)


def _collected(
    pool: ProcessPoolExecutor, task: Any, cut: Iterable[Chunk], ahead: int, total: int, done: Done
) -> Iterator[dict[str, str]]:
    """Results in the order in which they come; only so many chunks wait, so that they need no memory."""
    left = iter(cut)
    waiting = {pool.submit(task, chunk) for chunk in islice(left, ahead)}
    finished = 0
    while waiting:
        ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        waiting |= {pool.submit(task, chunk) for chunk in islice(left, len(ready))}
        for each in ready:
            finished += 1
            done(finished, total)
            yield from each.result()


def _check_in(directory: str, shapes: bytes, chunk: Chunk) -> list[dict[str, str]]:
    return found_at(_opened(directory), shapes, chunk)


@lru_cache(maxsize=1)
def _opened(directory: str) -> ox.Store:
    return open_read_only(Path(directory))


def on_cluster(work: Work, scheduler: str, done: Done = lambda _, __: None) -> Iterator[dict[str, str]]:
    """The same by the workers of a Dask cluster, which have this package; a task of a worker that dies is done again.

    Raises MissingLibraryError without `distributed`, and SourceFileError where no scheduler answers.
    """
    client = _connected(scheduler)
    with client:
        from distributed import as_completed  # noqa: PLC0415

        cutter = work.cutter()
        # As results of tasks, for these are made again when the worker that held them is gone.
        context, shapes = client.submit(bytes, cutter.context()), client.submit(bytes, work.text())
        parts = work.groups()
        futures = [client.submit(check_chunk, context, shapes, cutter.cut(group)) for group in parts]
        for finished, each in enumerate(as_completed(futures), 1):
            done(finished, len(futures))
            yield from each.result()


def _connected(scheduler: str) -> Any:
    try:
        import dask  # noqa: PLC0415
        from distributed import Client  # noqa: PLC0415
    except ImportError:
        raise MissingLibraryError("distributed", "cluster") from None
    dask.config.set({"distributed.scheduler.allowed-failures": _TRIES})
    try:
        return Client(scheduler, timeout=_CONNECT)
    except (OSError, ValueError) as error:
        raise SourceFileError("--scheduler", 0, f"no Dask scheduler answers at {scheduler} ({error}).") from None
