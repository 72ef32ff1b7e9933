"""Which canned queries are answered on the event loop: those whose last answers were short."""

from __future__ import annotations

import asyncio
from threading import current_thread, main_thread
from time import thread_time

import pytest
from fastapi.responses import Response

from reformgraph.web import pacing
from reformgraph.web.pacing import SHORT, TRUST, Pace


def short(status: int, expected: bool) -> Response:
    """An answer that takes no time and says where it was made."""
    assert expected == (current_thread() is main_thread())
    return Response(current_thread().name, status)


def long(status: int, expected: bool) -> Response:
    """An answer that computes for longer than a short one."""
    end = thread_time() + 1.5 * SHORT
    while thread_time() < end:
        pass
    return short(status, expected)


def ask(pace: Pace, times: int, function=short, status: int = 200, kind: str = "kind") -> list[str]:
    """The names of the threads that answered, in turn."""

    async def run() -> list[str]:
        return [bytes((await pace.run(kind, function, status)).body).decode() for _ in range(times)]

    return asyncio.run(run())


LOOP = main_thread().name


def test_a_kind_is_answered_on_the_loop_once_its_answers_were_short() -> None:
    pace = Pace()
    threads = ask(pace, TRUST + 3)
    assert LOOP not in threads[:TRUST]
    assert threads[TRUST:] == [LOOP] * 3


def test_another_kind_has_to_show_it_for_itself() -> None:
    pace = Pace()
    ask(pace, TRUST)
    assert LOOP not in ask(pace, 1, kind="other")


def test_a_long_answer_is_never_given_on_the_loop() -> None:
    assert LOOP not in ask(Pace(), TRUST + 3, long)


def test_a_kind_that_disappoints_once_goes_back_to_threads_for_longer() -> None:
    pace = Pace()
    ask(pace, TRUST)
    assert ask(pace, 1, long) == [LOOP]
    threads = ask(pace, 4 * TRUST + 1)
    assert LOOP not in threads[: 4 * TRUST]
    assert threads[4 * TRUST] == LOOP


@pytest.mark.parametrize("status", [304, 404, 422])
def test_what_is_no_whole_answer_tells_nothing(status: int) -> None:
    pace = Pace()
    ask(pace, TRUST, status=status)
    assert not pace.is_short("kind")


def test_errors_are_the_callers_and_tell_nothing() -> None:
    def fails(_: int, expected: bool) -> Response:
        raise ValueError

    pace = Pace()
    for _ in range(TRUST):
        with pytest.raises(ValueError, match=r"^$"):
            ask(pace, 1, fails)
    assert not pace.is_short("kind")


def test_kinds_are_forgotten_before_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "_MOST_KINDS", 8)
    pace = Pace()
    for number in range(40):
        ask(pace, 1, kind=str(number))
        assert len(pace._in_row) <= 9
