"""Systems side by side: each is started over the same graph, and stopped at the end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

HERE = Path(__file__).parent


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: Sequence[str], port: int, path: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server, from the moment that it answers on `path`."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("REFORMGRAPH_")}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(f"http://127.0.0.1:{port}{path}", process)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:  # a peer that computes and hears no signal
            process.kill()
            process.wait()


def _await(url: str, process: subprocess.Popen[bytes], seconds: float = 600) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended")
        try:
            with urlopen(url, timeout=60):
                return
        except HTTPError:
            return
        except (URLError, OSError):
            time.sleep(0.02)
    raise TimeoutError(url)


def settle(process: subprocess.Popen[bytes], seconds: float = 300) -> None:
    """Return once the service does nothing more for the readers to come: copies in memory, lists, names."""
    until, idle = time.monotonic() + seconds, 0
    while time.monotonic() < until and idle < 5:
        before = cpu_seconds(process.pid)
        time.sleep(1)
        idle = idle + 1 if cpu_seconds(process.pid) - before < 0.1 else 0


def family(process: int) -> list[int]:
    """A process and all that descend from it."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    return [process, *(one for child in children for one in family(int(child)))]


def cpu_seconds(process: int) -> float:
    """CPU time of a process and all that descend from it."""
    ticks = 0
    for each in family(process):
        fields = Path(f"/proc/{each}/stat").read_text("utf-8").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def ours(release: Path, processes: int) -> Iterator[str]:
    """`reformgraph serve` over a release directory."""
    port = free_port()
    command = [sys.executable, "-m", "reformgraph", "serve", "--release", str(release)]
    with running([*command, "--port", str(port), "--processes", str(processes)], port, "/ready") as process:
        settle(process)
        yield f"http://127.0.0.1:{port}"


@contextmanager
def oxigraph(release: Path) -> Iterator[str]:
    """`oxigraph serve-read-only` over the store of the same release."""
    port = free_port()
    program = str(Path(sys.executable).parent / "oxigraph")
    command = [program, "serve-read-only", "--location", str(release / "store"), "--bind", f"127.0.0.1:{port}"]
    with running([*command, "--union-default-graph"], port, "/query"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def endpoint(release: Path, python: Path) -> Iterator[str]:
    """rdflib-endpoint over an rdflib dataset in memory; `python` is that of the environment it is installed in."""
    port = free_port()
    with running([str(python), str(HERE / "rdflib_endpoint_server.py"), str(release), str(port)], port, "/health"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def constant(size: int, processes: int) -> Iterator[str]:
    """A FastAPI endpoint that returns so many constant bytes: what the framework alone costs."""
    port = free_port()
    with running([sys.executable, str(HERE / "constant_server.py"), str(size), str(port), str(processes)], port, "/"):
        yield f"http://127.0.0.1:{port}"
