"""One worker process seen from the server: start it, ask it, tell why it died."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from time import monotonic
from typing import Any, Literal, cast

import reformgraph
from reformgraph import errors
from reformgraph.engines.sandbox import read_frame, write_frame
from reformgraph.errors import (
    AnswerTooLargeError,
    QueryRefusedError,
    QueryTimeoutError,
    ReformgraphError,
    ReleaseError,
)

POLL = 0.05  # s between two looks at whether the client is still there
QUERIES = "reformgraph.engines.sandbox"
_START = 30.0  # s that a process may take to open the store, on a machine under load


@dataclass(frozen=True)
class WorkerLimits:
    """What one worker may use for one query, and how many queries may come at once."""

    processes: int = 2
    queue: int = 16  # callers that wait for a process; the next one is turned away
    deadline: float = 10.0  # s of wall time, from the moment a process takes the query
    cpu_seconds: int = 15  # s of CPU time; a second belt, above the deadline, for when the parent is gone
    memory: int = 512 * 2**20  # bytes of address space, beyond what it maps when the store is open
    answer: int = 64 * 2**20  # bytes of a serialized answer


@dataclass(frozen=True)
class Answer:
    """A serialized result."""

    media_type: str
    body: bytes
    form: Literal["select", "ask", "construct", "report"]  # DESCRIBE counts as construct


class WorkerProcess:
    """One process and its two pipes; `module` says what it runs: something with the protocol of `sandbox`."""

    def __init__(self, path: Path, limits: WorkerLimits, module: str = QUERIES) -> None:
        numbers = (limits.memory, limits.cpu_seconds, limits.answer)
        source_root = str(Path(reformgraph.__file__).parents[1])
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            # -P: no module of the current folder stands in for one of the standard library
            [sys.executable, "-P", "-m", module, str(path), *map(str, numbers)],
            env={**os.environ, "PYTHONPATH": source_root},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        self._requests = cast(FileIO, self._process.stdin)
        self._replies = cast(FileIO, self._process.stdout)
        self._poll = select.poll()
        self._poll.register(self._replies, select.POLLIN)
        self._limits, self._ready = limits, False

    def await_hello(self) -> None:
        """Return once the store is open; `ReleaseError` if it does not open."""
        if self._ready:
            return
        try:
            self._await_reply(_START, None)
            hello = _reply_error(json.loads(read_frame(self._replies)))
        except (EOFError, QueryTimeoutError):
            hello = ReleaseError("A worker did not start.")
        if hello is not None:
            raise hello
        self._ready = True

    def ask(self, request: bytes, deadline: float, cancelled: Callable[[], bool] | None) -> Answer | ReformgraphError:
        """The answer, or the error that the process reports; `EOFError` if it died of the query."""
        self.await_hello()
        try:
            write_frame(self._requests, request)
        except BrokenPipeError:
            raise EOFError from None
        self._await_reply(deadline, cancelled)
        header, body = json.loads(read_frame(self._replies)), read_frame(self._replies)
        return _reply_error(header) or Answer(header["media_type"], body, header["form"])

    def is_alive(self) -> bool:
        """Whether the process runs, if only to open its store."""
        return self._process.poll() is None

    def cause_of_death(self) -> ReformgraphError:
        """What the signal that ended the process says about its query."""
        ended_by = signal.Signals(-code) if (code := self._process.wait()) < 0 else None
        if ended_by is signal.SIGXCPU:
            return QueryTimeoutError(self._limits.cpu_seconds)
        if ended_by in (signal.SIGABRT, signal.SIGKILL):  # Rust aborts where it gets no memory
            return AnswerTooLargeError("its memory ran out")
        return QueryRefusedError("it crashed the engine.", "Make it shorter and nest it less deeply.")

    def kill(self) -> None:
        """End the process; a caller that reads from it sees the end of the pipe."""
        self._process.kill()
        self._process.wait()

    def dispose(self) -> None:
        """End the process and close its pipes; only for the caller that holds the worker."""
        self.kill()
        self._requests.close()
        self._replies.close()

    def _await_reply(self, seconds: float, cancelled: Callable[[], bool] | None) -> None:
        start = monotonic()
        while not self._poll.poll(POLL * 1000):
            waited = monotonic() - start
            if waited >= seconds or (cancelled and cancelled()):
                raise QueryTimeoutError(round(waited, 1))


def _reply_error(header: dict[str, Any]) -> ReformgraphError | None:
    """The error that a header of `sandbox` describes, if it does."""
    if "error" not in header:
        return None
    error: ReformgraphError = getattr(errors, header["error"])(**header["fields"])
    return error
