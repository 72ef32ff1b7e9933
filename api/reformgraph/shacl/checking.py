"""The checking of strangers' data: processes that hold our graph, with limits, killed at the deadline."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

from reformgraph.engines.workers import WorkerLimits, WorkerPool
from reformgraph.errors import AnswerTooLargeError, CheckTimeoutError, DataRefusedError, QueryRefusedError
from reformgraph.errors import QueryTimeoutError as _Stopped

MODULE = "reformgraph.shacl.checker"


class CheckPool:
    """Processes that start with the first use: who never validates never pays their memory."""

    def __init__(self, release: Path, limits: WorkerLimits, *, allow_unlimited: bool = False) -> None:
        self._release, self.limits, self._allow_unlimited = release, limits, allow_unlimited
        self._lock = threading.Lock()
        self._pool: WorkerPool | None = None

    def check(
        self,
        data: bytes,
        syntax: str,
        shapes: str = "all",
        format_: str = "json",
        language: str = "en",
        *,
        cancelled: Callable[[], bool] | None = None,
    ) -> bytes:
        """The report on some data (see `Checker.reply`), written in a format of `reports`.

        `cancelled` is asked about every 50 ms; when it says True the work is killed. Raises what `submitted.read`
        raises, CheckTimeoutError, BusyError, and DataRefusedError where the check takes more than it may.
        """
        header = {"syntax": syntax, "shapes": shapes, "format": format_, "language": language}
        try:
            return self._started().ask(json.dumps(header).encode() + b"\n" + data, cancelled).body
        except _Stopped as error:
            raise CheckTimeoutError(error.seconds) from None
        except AnswerTooLargeError as error:
            raise DataRefusedError(f"their report is too large ({error.limit}).", "Send less at once.") from None
        except QueryRefusedError:
            raise DataRefusedError("the check crashed on them.", "Nest them less deeply, or send less.") from None

    def warm(self) -> None:
        """Start the processes, if they are not."""
        self._started()

    def close(self) -> None:
        """End the processes."""
        with self._lock:
            if self._pool is not None:
                self._pool.close()

    def _started(self) -> WorkerPool:
        with self._lock:
            if self._pool is None:
                self._pool = WorkerPool(
                    self._release, self.limits, allow_unlimited=self._allow_unlimited, module=MODULE
                )
            return self._pool
