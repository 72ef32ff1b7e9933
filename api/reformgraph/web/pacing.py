"""Where a canned query is answered: on the event loop where that is sure to be short, else in a thread.

To hand a question to a thread, and to wake the loop for its answer, costs a good part of a short answer: on the loop
a server gave a fifth more rows a second. A long answer belongs in a thread, where the engine frees the GIL for others.
Which are short is learned from those before: a kind that turns out long holds up the others once, and then not soon.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from time import thread_time
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

Argument = TypeVar("Argument")
Function = Callable[[Argument, bool], Response]
SHORT = 0.005  # s of CPU
TRUST = 16  # short answers in a row, after which the next is expected to be short
_MOST_TRUST = 16 * 2**10
_MOST_KINDS = 4096


class Pace:
    """How long the answers to each kind of question took; what a kind is the caller decides."""

    def __init__(self) -> None:
        self._in_row: dict[Hashable, int] = {}
        self._needed: dict[Hashable, int] = {}

    async def run(self, kind: Hashable, function: Function[Argument], argument: Argument) -> Response:
        """`function(argument, short)`, which computes and does not wait; its errors are the caller's."""
        if self.is_short(kind):
            return self._timed(kind, function, argument, True)
        return await run_in_threadpool(self._timed, kind, function, argument, False)

    def is_short(self, kind: Hashable) -> bool:
        """Whether the last answers of a kind were all short."""
        return self._in_row.get(kind, 0) >= self._needed.get(kind, TRUST)

    def _timed(self, kind: Hashable, function: Function[Argument], argument: Argument, short: bool) -> Response:
        begun = thread_time()
        response = function(argument, short)
        if response.status_code == 200:  # others tell nothing of how long an answer takes
            self._learn(kind, thread_time() - begun)
        return response

    def _learn(self, kind: Hashable, seconds: float) -> None:
        if len(self._in_row) > _MOST_KINDS:
            self._in_row.clear()
            self._needed.clear()
        if seconds <= SHORT:
            self._in_row[kind] = self._in_row.get(kind, 0) + 1
            return
        if self.is_short(kind):  # a kind that disappoints has to be short for longer to be believed again
            self._needed[kind] = min(4 * self._needed.get(kind, TRUST), _MOST_TRUST)
        self._in_row[kind] = 0
