"""The service as a user starts it, and what must hold after every hostile case."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from serving import started

DEADLINE = 2  # s for an ad-hoc query; short, so that the suite is
MEMORY = 1_200  # MiB that the service and its workers may have in memory together
_CANNED = "/queries/agency-profile?agency=大连市公安局"


@dataclass(frozen=True)
class Service:
    """A running service: where it is, and which process it is."""

    url: str
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        return str(parts.hostname), int(parts.port or 80)

    def ask(self, method: str, path: str, **how: object) -> httpx.Response:
        """An answer, with a fresh connection for each request."""
        return httpx.request(method, self.url + path, timeout=DEADLINE + 20, **how)  # type: ignore[arg-type]

    def sparql(self, query: str) -> httpx.Response:
        """The answer to a query sent as the body, so that nothing is encoded away."""
        headers = {"Content-Type": "application/sparql-query"}
        return self.ask("POST", "/sparql", content=query.encode("utf-8", "surrogatepass"), headers=headers)

    def raw(self, data: bytes, wait: float = 5) -> bytes:
        """What comes back for bytes that are perhaps no HTTP; empty where the connection is just closed."""
        with socket.create_connection(self.address, timeout=wait) as connection:
            try:
                connection.sendall(data)
                return connection.recv(65_536)
            except OSError:
                return b""


def tree(pid: int) -> list[int]:
    """A process and its descendants."""
    children = [
        int(child) for task in Path(f"/proc/{pid}/task").glob("*/children") for child in task.read_text().split()
    ]
    return [pid, *(each for child in children for each in tree(child))]


def resident(pid: int) -> int:
    """MiB in memory of a process and its descendants."""
    pages = 0
    for each in tree(pid):
        try:
            pages += int(Path(f"/proc/{each}/statm").read_text().split()[1])
        except OSError:  # it ended meanwhile
            continue
    return pages * 4096 // 2**20


def ticks(pid: int) -> dict[int, int]:
    """CPU time of each process of a tree, in clock ticks (10 ms)."""
    used = {}
    for each in tree(pid):
        try:
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        used[each] = int(fields[11]) + int(fields[12])
    return used


def check_alive(service: Service) -> None:
    """The same process answers a canned query within a second, and its memory is bounded."""
    assert service.process.poll() is None, "the service ended"
    start = time.monotonic()
    answer = httpx.get(service.url + _CANNED, timeout=10)
    assert answer.status_code == 200
    assert answer.json()["rows"]
    assert time.monotonic() - start < 1
    assert resident(service.process.pid) < MEMORY


def check_problem(answer: httpx.Response, allowed: Mapping[int, str] | tuple[int, ...]) -> None:
    """A refusal is one of the allowed statuses, and says why in the one form of problems (RFC 9457)."""
    assert answer.status_code in allowed, f"{answer.status_code}: {answer.text[:300]}"
    if answer.status_code >= 400 and answer.headers["content-type"].startswith("application/"):
        problem = answer.json()
        assert problem["status"] == answer.status_code
        assert problem["detail"]
        assert "Traceback" not in answer.text
    if answer.status_code == 503:
        assert int(answer.headers["retry-after"]) >= 1


@contextmanager
def hostile_service(*options: str) -> Iterator[Service]:
    """A service with a short deadline and two workers."""
    with started("--deadline", str(DEADLINE), "--workers", "2", *options) as (url, process):
        yield Service(url, process)
