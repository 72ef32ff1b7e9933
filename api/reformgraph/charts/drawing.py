"""Pictures of charts: one process of its own draws them, one at a time, and only one that is asked for first starts it.

The renderer holds the interpreter while it works (measured: 0.2 s a chart, 1.5 s the first) and takes some 110 MB, so
it has no place in the process that answers.
"""

from __future__ import annotations

import importlib.util
import json
import threading
from collections.abc import Callable
from pathlib import Path

from reformgraph.charts.look import Spec
from reformgraph.engines.workers import WorkerLimits, WorkerPool
from reformgraph.errors import MissingLibraryError

MODULE = "reformgraph.charts.drawer"
FORMATS = ("svg", "png")
LIMITS = WorkerLimits(processes=1, queue=16, deadline=20.0, cpu_seconds=30, memory=512 * 2**20, answer=8 * 2**20)


class ChartPool:
    """The process that draws; `path` is the release that it is told, which it does not open."""

    def __init__(self, path: Path, limits: WorkerLimits = LIMITS) -> None:
        self._path, self._limits = path, limits
        self._lock = threading.Lock()
        self._pool: WorkerPool | None = None

    def draw(self, spec: Spec, format_: str, cancelled: Callable[[], bool] | None = None) -> bytes:
        """A specification as `svg` or `png`: the same bytes for the same one, on a machine with the same fonts.

        Raises MissingLibraryError without vl-convert, for `png` MissingFontError without a Chinese font, and BusyError
        or QueryTimeoutError where too much is asked for at once.
        """
        request = json.dumps({"spec": spec, "format": format_}, ensure_ascii=False, sort_keys=True)
        return self._started().ask(request.encode(), cancelled).body

    def close(self) -> None:
        """End the process."""
        with self._lock:
            if self._pool is not None:
                self._pool.close()

    def _started(self) -> WorkerPool:
        if not available():
            raise MissingLibraryError("vl-convert-python", "charts")
        with self._lock:
            if self._pool is None:  # the specifications are ours, so a system without limits will do
                self._pool = WorkerPool(self._path, self._limits, allow_unlimited=True, module=MODULE)
            return self._pool


def available() -> bool:
    """Whether pictures can be drawn here: whether the library is installed (`reformgraph[charts]`)."""
    return importlib.util.find_spec("vl_convert") is not None
