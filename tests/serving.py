"""A server as a user starts it, for tests from outside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from urllib.error import URLError
from urllib.request import urlopen


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """The address of `reformgraph serve` with options, without the texts; stopped at the end."""
    with started(*options) as (url, _):
        yield url


@contextmanager
def started(
    *options: str, stderr: int | IO[bytes] = subprocess.DEVNULL, up: str = "/ready", **settings: str
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """As `serving`, with the process; `settings` are values of `REFORMGRAPH_*`, `up` is awaited."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "reformgraph", "serve", "--port", str(port), *options]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("REFORMGRAPH_")}
    environment |= {f"REFORMGRAPH_{name.upper()}": value for name, value in settings.items()}
    process = subprocess.Popen(command, env=environment, stderr=stderr)
    try:
        wait(f"http://127.0.0.1:{port}{up}", process)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait(20)


def wait(url: str, process: subprocess.Popen[bytes], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        try:
            with urlopen(url):
                return
        except URLError:
            time.sleep(0.1)
    raise TimeoutError(url)
