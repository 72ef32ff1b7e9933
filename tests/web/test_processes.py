"""Several processes at one address: connections are spread over them, and one that dies is replaced."""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path

import httpx
import pytest

from reformgraph.web.listening import SPREADS
from serving import started


@pytest.mark.skipif(not SPREADS, reason="only Linux spreads connections")
def test_connections_are_spread_over_the_processes() -> None:
    with started("--processes", "2") as (url, process):
        port = int(url.rpartition(":")[2])
        _both_listen(process.pid, port)
        opened = [socket.create_connection(("127.0.0.1", port)) for _ in range(64)]
        try:
            for each in opened:
                each.sendall(b"GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert each.recv(16).startswith(b"HTTP/1.1 200")
            held = [len(established(child, port)) for child in children_of(process.pid)]
        finally:
            for each in opened:
                each.close()
    assert sum(held) == 64
    assert sum(count >= 8 for count in held) == 2  # the kernel throws a coin for each: less is one in 10^10


def test_a_process_that_dies_is_replaced_at_the_same_address() -> None:
    with started("--processes", "2") as (url, process):
        port = int(url.rpartition(":")[2])
        _both_listen(process.pid, port)
        before = listening(process.pid, port)
        os.kill(before.pop(), signal.SIGKILL)
        until = time.monotonic() + 60
        while len(now := listening(process.pid, port)) < 2 or now <= before:
            assert time.monotonic() < until, "no process took its place"
            time.sleep(0.1)
        for _ in range(16):
            assert httpx.get(url + "/ready").status_code == 200


def _both_listen(supervisor: int, port: int) -> None:
    until = time.monotonic() + 60
    while len(listening(supervisor, port)) < 2:
        assert time.monotonic() < until, "not both processes listen"
        time.sleep(0.1)


def listening(supervisor: int, port: int) -> set[int]:
    """The processes of a service that listen at a port."""
    return {child for child in children_of(supervisor) if sockets_of(child) & _inodes(port, "0A")}


def established(process: int, port: int) -> set[str]:
    """The connections to a port that a process holds."""
    return sockets_of(process) & _inodes(port, "01")


def children_of(process: int) -> list[int]:
    """The processes that a process has started and that are there."""
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()]


def sockets_of(process: int) -> set[str]:
    """The inodes of the sockets that a process has open."""
    found = set()
    for link in Path(f"/proc/{process}/fd").iterdir():
        try:
            target = os.readlink(link)
        except FileNotFoundError:
            continue
        if target.startswith("socket:"):
            found.add(target.removeprefix("socket:[").removesuffix("]"))
    return found


def _inodes(port: int, state: str) -> set[str]:
    """The inodes of sockets at a local port in a state (proc(5), /proc/net/tcp)."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
    return {line[9] for line in lines if line[1].endswith(f":{port:04X}") and line[3] == state}
