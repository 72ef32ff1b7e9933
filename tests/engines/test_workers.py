"""The killable lane: limits, deadlines, deaths and the wall."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from reformgraph.engines.embedded import Embedded
from reformgraph.engines.sandbox import read_frame, write_frame
from reformgraph.engines.workers import WorkerLimits, WorkerPool
from reformgraph.errors import (
    AnswerTooLargeError,
    BusyError,
    EvaluationError,
    NotAcceptableError,
    QueryRefusedError,
    QueryTimeoutError,
    ReformgraphError,
    ReleaseError,
)

if TYPE_CHECKING:
    from conftest import Listener

NUMBERS = "VALUES ?{} {{ " + " ".join(map(str, range(200))) + " }}"
# 200 to the fourth solutions to count: hours.
RUNAWAY = "SELECT (COUNT(*) AS ?n) { " + " ".join(NUMBERS.format(name) for name in "abcd") + " }"
HOARDER = "SELECT * { " + " ".join(NUMBERS.format(name) for name in "abcd") + " } ORDER BY ?d"
TALKER = "SELECT * { " + " ".join(NUMBERS.format(name) for name in "abcd") + " }"
EASY = "SELECT ?s { ?s ?p 30 }"
LIMITS = WorkerLimits(processes=2, queue=2, deadline=1.0, memory=128 * 2**20, answer=100_000)


@pytest.fixture(scope="module")
def pool(store_path: Path) -> Iterator[WorkerPool]:
    with WorkerPool(store_path, LIMITS) as made:
        yield made


@pytest.fixture(scope="module")
def unguarded(store_path: Path) -> Iterator[WorkerPool]:
    """The wall alone, without the checks on the text."""
    with WorkerPool(store_path, LIMITS, guarded=False) as made:
        yield made


def answers(pool: WorkerPool) -> bool:
    return b"http://example.org/dalian" in pool.answer(EASY).body


def test_each_form_comes_in_its_own_format(pool: WorkerPool) -> None:
    formats = (ox.QueryResultsFormat.CSV, ox.RdfFormat.N_TRIPLES)
    rows = pool.answer("SELECT ?n { ?s <http://example.org/cameras> ?n } ORDER BY ?n", *formats)
    graph = pool.answer("DESCRIBE <http://example.org/shenyang>", *formats)
    assert (rows.form, rows.body) == ("select", b"n\r\n30\r\n40\r\n")
    assert rows.media_type.startswith("text/csv")
    assert (graph.form, graph.media_type) == ("construct", "application/n-triples")
    assert "沈阳" in graph.body.decode()


def test_ask_has_no_csv(pool: WorkerPool) -> None:
    assert pool.answer("ASK {}").body == b'{"head":{},"boolean":true}'
    with pytest.raises(NotAcceptableError) as caught:
        pool.answer("ASK {}", ox.QueryResultsFormat.CSV)
    assert "application/sparql-results+json" in caught.value.offered


def test_an_unknown_function_is_the_callers_error(pool: WorkerPool) -> None:
    with pytest.raises(EvaluationError, match="custom function"):
        pool.answer("SELECT (<http://example.org/f>(1) AS ?x) {}")
    assert answers(pool)


def test_a_runaway_query_ends_at_the_deadline_and_the_pool_answers_again(pool: WorkerPool) -> None:
    start = time.monotonic()
    with pytest.raises(QueryTimeoutError) as caught:
        pool.answer(RUNAWAY)
    assert 0.9 <= caught.value.seconds <= 1.5
    assert time.monotonic() - start < 2
    assert answers(pool)


def test_cpu_time_is_limited_without_the_parent(store_path: Path) -> None:
    with WorkerPool(store_path, WorkerLimits(processes=1, cpu_seconds=1, deadline=30)) as pool:
        with pytest.raises(QueryTimeoutError) as caught:
            pool.answer(RUNAWAY)
        assert caught.value.seconds == 1
        assert answers(pool)


def test_a_client_that_leaves_takes_its_query_along(pool: WorkerPool) -> None:
    left = threading.Event()
    timer = threading.Timer(0.2, left.set)
    timer.start()
    start = time.monotonic()
    with pytest.raises(QueryTimeoutError):
        pool.answer(RUNAWAY, cancelled=left.is_set)
    assert time.monotonic() - start < 0.9
    assert answers(pool)


def test_a_query_that_hoards_memory_is_too_large(store_path: Path) -> None:
    patient = replace(LIMITS, deadline=30.0)  # memory runs out before time, also on a machine under load
    with WorkerPool(store_path, patient) as pool:
        with pytest.raises(AnswerTooLargeError, match="memory"):
            pool.answer(HOARDER)
        assert answers(pool)


def test_an_endless_answer_stops_at_its_limit(pool: WorkerPool) -> None:
    with pytest.raises(AnswerTooLargeError, match="100000 bytes"):
        pool.answer(TALKER)
    assert answers(pool)


@pytest.mark.parametrize("deep", ["ASK " + "{" * 20_000 + "}" * 20_000, "ASK { FILTER(" + "!" * 60_000 + "1) }"])
def test_nesting_that_kills_the_parser_is_refused(unguarded: WorkerPool, deep: str) -> None:
    with pytest.raises(QueryRefusedError, match="crashed"):
        unguarded.answer(deep)
    assert answers(unguarded)


def test_five_queries_come_at_once(store_path: Path) -> None:
    with WorkerPool(store_path) as pool, ThreadPoolExecutor(5) as threads:
        bodies = list(threads.map(lambda _: pool.answer(EASY).body, range(50)))
    assert len(bodies) == 50
    assert len(set(bodies)) == 1


def test_who_waits_longer_than_a_query_may_take_is_turned_away(store_path: Path) -> None:
    limits = WorkerLimits(processes=1, queue=9, deadline=0.5)
    with WorkerPool(store_path, limits) as pool, ThreadPoolExecutor(4) as threads:
        errors = list(threads.map(lambda _: error_of(pool, RUNAWAY), range(4)))
    kinds = [type(error) for error in errors]
    assert set(kinds) == {QueryTimeoutError, BusyError}


def error_of(pool: WorkerPool, query: str) -> ReformgraphError | None:
    try:
        pool.answer(query)
    except ReformgraphError as error:
        return error
    return None


def test_a_full_queue_is_told_at_once(store_path: Path) -> None:
    with WorkerPool(store_path, WorkerLimits(processes=1, queue=0)) as pool:
        leave = threading.Event()
        thread = threading.Thread(target=lambda: cancelled_runaway(pool, leave))
        thread.start()
        time.sleep(0.1)
        start = time.monotonic()
        with pytest.raises(BusyError):
            pool.answer(EASY)
        assert time.monotonic() - start < 0.05
        leave.set()
        thread.join()


def cancelled_runaway(pool: WorkerPool, leave: threading.Event) -> None:
    with pytest.raises(QueryTimeoutError):
        pool.answer(RUNAWAY, cancelled=leave.is_set)


def test_closing_ends_running_queries(store_path: Path) -> None:
    pool = WorkerPool(store_path, WorkerLimits(processes=1))
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(error_of, pool, RUNAWAY)
        time.sleep(0.2)
        start = time.monotonic()
        pool.close()
        assert isinstance(running.result(), BusyError)
    assert time.monotonic() - start < 1
    assert isinstance(error_of(pool, EASY), BusyError)


def test_no_pool_over_a_folder_without_a_store(tmp_path: Path) -> None:
    with WorkerPool(tmp_path / "nothing") as pool, pytest.raises(ReleaseError, match="no store"):
        pool.check()


def test_another_system_must_be_allowed(store_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(ReleaseError, match="allow_unlimited"):
        WorkerPool(store_path)
    with WorkerPool(store_path, allow_unlimited=True) as pool:
        assert answers(pool)


# Ways to write a call to {}, most of which pyoxigraph follows.
CALLS = [
    "ASK { SERVICE <{}> { ?s ?p ?o } }",
    "ASK { service silent <{}> { ?s ?p ?o } }",
    "ASK { SeRvIcE#comment\n<{}>{ ?s ?p ?o } }",
    "ASK { ?s ?p 1e0SERVICE <{}> { ?a ?b ?c } }",
    "ASK { VALUES ?v { true }SERVICE<{}>{ ?s ?p ?o } }",
    "ASK { VALUES ?u { <{}> } SERVICE ?u { ?s ?p ?o } }",
    "PREFIX ex: <{}> ASK { SERVICEex:{ ?s ?p ?o } }",
    "PREFIX ex: <{}> ASK { SERVICE SILENTex:x{ ?s ?p ?o } }",
    "PREFIX : <{}> ASK { SERVICE:x { ?s ?p ?o } }",
    "ASK { FILTER(1<2)#>'''\n SERVICE <{}> { ?s ?p ?o } #'''\n }",
    "ASK { FILTER('a'<'b>')SERVICE <{}> { ?s ?p ?o } }#'",
    "PREFIX ex: <http://example.org/> ASK { FILTER(1<<http://x/'b>||true)SERVICE<{}>{ ?s ?p ?o } }#'",
    "ASK { VALUES ?v { '''x'#\\uD800'''\n } SERVICE <{}> { ?s ?p ?o } }#'''",
    "ASK { ?s ?p ?o FILTER EXISTS { SERVICE <{}> { ?a ?b ?c } } }",
    "ASK { { SELECT * { SERVICE <{}> { ?s ?p ?o } } } }",
    "ASK { \\u0053ERVICE <{}> { ?s ?p ?o } }",
    "ASK { SERVICE <\\u0068{}> { ?s ?p ?o } }",
]


def calls(url: str) -> list[str]:
    return [text.replace("{}", url if "\\u0068" not in text else url[1:]) for text in CALLS]


def test_the_listener_hears_an_engine_without_a_wall(store_path: Path, listener: Listener) -> None:
    with Embedded.open(store_path) as engine:
        for query in calls(listener.url):
            try:
                bool(engine.query(query))
            except (ReformgraphError, OSError):
                continue
    assert listener.requests >= 10


def test_the_guard_refuses_every_call(pool: WorkerPool, listener: Listener) -> None:
    for query in calls(listener.url):
        with pytest.raises(QueryRefusedError):
            pool.answer(query)
    assert listener.requests == 0


def test_the_wall_alone_holds(unguarded: WorkerPool, listener: Listener) -> None:
    for query in calls(listener.url):
        error_of(unguarded, query)
    assert listener.requests == 0
    assert answers(unguarded)


def test_service_silent_behind_the_wall_finds_nothing(unguarded: WorkerPool, listener: Listener) -> None:
    answer = unguarded.answer(f"SELECT ?s {{ SERVICE SILENT <{listener.url}> {{ ?s ?p ?o }} }}")
    assert ox.parse_query_results(answer.body, ox.QueryResultsFormat.JSON) is not None
    assert listener.requests == 0


WITHOUT_FILTER = """
from reformgraph.engines import sandbox, wall
wall.forbid_sockets = lambda: False
sandbox.main()
"""


def test_without_a_filter_the_store_moves_to_memory_and_nothing_can_be_opened(
    store_path: Path, listener: Listener
) -> None:
    limits = WorkerLimits()
    numbers = map(str, (limits.memory, limits.cpu_seconds, limits.answer))
    command = [sys.executable, "-c", WITHOUT_FILTER, str(store_path), *numbers]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        assert read_frame(process.stdout) == b"{}"
        answer = exchange(process, f"SELECT * {{ ?s ?p 30 SERVICE <{listener.url}> {{ ?a ?b ?c }} }}")
        assert b"Too many open files" in answer
        assert b"one" in exchange(process, "SELECT ?g { GRAPH ?g { ?s ?p 30 } }")
        process.stdin.close()
    assert listener.requests == 0


def exchange(process: subprocess.Popen[bytes], query: str) -> bytes:
    media_type = ox.QueryResultsFormat.JSON.media_type
    request = json.dumps({"query": query, "solutions": media_type, "graph": "text/turtle", "dataset": None}).encode()
    write_frame(process.stdin, request)
    return read_frame(process.stdout) + read_frame(process.stdout)
