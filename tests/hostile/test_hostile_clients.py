"""Clients that are slow, many, or gone."""

from __future__ import annotations

import socket
import struct
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from urllib.parse import quote

import pytest
from hostile_harness import Service, check_alive, check_problem, hostile_service, ticks

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
HEAD = b"GET /sparql?query=" + quote(RUNAWAY).encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n"
POSTED = (
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(RUNAWAY), RUNAWAY.encode())
)
SLOW = {
    "nothing sent": b"",
    "half a line": b"GET /hea",
    "half a head": b"GET /health HTTP/1.1\r\nHost: x\r\n",
    "half a body": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 50\r\n\r\nASK",
    "half a form": b"POST /queries/observations HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 50\r\n\r\nage",
    "half a chunk": b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n50\r\nASK",
    "expecting to continue": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 6\r\nExpect: 100-continue\r\n\r\n",
    "never reading": b"GET /queries/observations.csv HTTP/1.1\r\nHost: x\r\n\r\n" * 20,
}  # fmt: skip
LEAVING = {"a question by GET": HEAD, "a question by POST": POSTED, "six at once": HEAD, "in the queue": POSTED,
           "half closed": HEAD, "reset": HEAD, "one after another": POSTED, "a user's page": HEAD.replace(b"Host: x", b"Host: x\r\nAccept: text/html")}  # fmt: skip


@pytest.mark.parametrize("data", SLOW.values(), ids=SLOW.keys())
def test_fifty_slow_clients_hold_nobody_up(service: Service, data: bytes) -> None:
    with ExitStack() as stack:
        for _ in range(50):
            connection = stack.enter_context(socket.create_connection(service.address, timeout=5))
            connection.sendall(data)
        check_alive(service)


@pytest.mark.parametrize("number", [2, 10, 18, 25, 50, 100, 150, 200])
def test_many_runaways_at_once_are_turned_away(service: Service, number: int) -> None:
    with ThreadPoolExecutor(number) as threads:
        asked = [threads.submit(service.sparql, RUNAWAY) for _ in range(number)]
        time.sleep(0.5)
        check_alive(service)
        answers = [future.result() for future in asked]
    for answer in answers:
        check_problem(answer, (503,))
    assert Counter(answer.json()["type"].rpartition("/")[2] for answer in answers).total() == number


@pytest.mark.parametrize("number", [1, 5, 20, 50, 100, 150, 200, 250])
def test_many_canned_questions_at_once_are_answered(service: Service, number: int) -> None:
    with ThreadPoolExecutor(number) as threads:
        asked = [threads.submit(service.ask, "GET", f"/queries/observations?limit={n + 1}") for n in range(number)]
        answers = [future.result() for future in asked]
    assert {answer.status_code for answer in answers} == {200}
    assert [len(answer.json()["rows"]) for answer in answers] == [min(n + 1, 207) for n in range(number)]


@pytest.fixture(scope="module")
def patient() -> Iterator[Service]:
    """A service whose deadline is no reason for a query to end within a second."""
    with hostile_service("--deadline", "30") as service:
        yield service


def burning(service: Service, among: set[int] | None = None, seconds: float = 0.3) -> set[int]:
    """The processes of a service, or those of `among`, that use the CPU."""
    before = ticks(service.process.pid)
    time.sleep(seconds)
    after = ticks(service.process.pid)
    return {pid for pid in after if after[pid] - before.get(pid, after[pid]) >= 3 and (not among or pid in among)}


def wait_for_work(service: Service) -> set[int]:
    until = time.monotonic() + 15
    while time.monotonic() < until:
        if working := burning(service) - {service.process.pid}:
            return working
    raise AssertionError("no query runs")


@pytest.mark.parametrize("name", LEAVING)
def test_the_work_for_a_client_who_leaves_ends_within_a_second(patient: Service, name: str) -> None:
    connections = []
    for _ in range(6 if name in ("six at once", "in the queue") else 1):
        connections.append(socket.create_connection(patient.address, timeout=5))
        connections[-1].sendall(LEAVING[name])
    working = wait_for_work(patient)
    for connection in connections:
        if name == "half closed":
            connection.shutdown(socket.SHUT_RDWR)
        if name == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    time.sleep(0.7)
    assert not burning(patient, working)
    check_alive(patient)
