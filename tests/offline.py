"""Running without a network: commands and requests that reach this machine and nothing else.

Where the system lets us, they run in a network namespace of its own that holds the loopback alone
(https://man7.org/linux/man-pages/man7/network_namespaces.7.html). A namespace belongs to a thread and its children
inherit it, so one thread does all the work. Everywhere, Python is told besides to refuse other addresses.
"""

from __future__ import annotations

import ctypes
import os
import re
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

_CLONE_NEWNET = 0x40000000
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1
_GUARD = """
import os, sys

for name in filter(None, os.environ.get("WITHOUT", "").split()):
    sys.modules[name] = None  # as Python marks what cannot be imported


def refuse(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][0] not in HERE:
        raise OSError(f"offline: {arguments[1]}")
    if event == "socket.getaddrinfo" and arguments[0] not in HERE:
        raise OSError(f"offline: {arguments[0]}")


HERE = {None, "", "localhost", "127.0.0.1", "::1", b"localhost", b"127.0.0.1"}
sys.addaudithook(refuse)
"""


class Offline:
    """A way to run things offline; `sealed` tells whether a namespace keeps them in, or the guard in Python alone."""

    def __init__(self, pool: ThreadPoolExecutor, guard: Path) -> None:
        self._pool, self._guard = pool, guard
        self.sealed = pool.submit(_leave_the_network).result()

    def run(self, *command: str | Path, say: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        """A command to its end, told `say`; `settings` are variables of its environment besides path and home.

        WITHOUT names modules that it shall not find.
        """

        def run() -> subprocess.CompletedProcess[str]:
            environment = self._environment(settings)
            return subprocess.run(
                command, env=environment, cwd=self._guard, input=say, capture_output=True, encoding="utf-8", check=False
            )

        return self._pool.submit(run).result()

    @contextmanager
    def serving(self, *command: str | Path, **settings: str) -> Iterator[Callable[[str], bytes]]:
        """A server that tells its address on stderr, as a function from paths to the bodies of their answers."""

        def start() -> subprocess.Popen[str]:
            environment = self._environment(settings)
            return subprocess.Popen(command, env=environment, cwd=self._guard, stderr=subprocess.PIPE, encoding="utf-8")

        with self._pool.submit(start).result() as process:
            assert process.stderr is not None
            lines = iter(process.stderr.readline, "")
            address = next(found[0] for line in lines if (found := re.search(r"http://127\.0\.0\.1:[1-9]\d*", line)))
            try:
                yield lambda path: self._pool.submit(_fetch, address + path).result()
            finally:
                process.terminate()
                process.stderr.read()

    def _environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        base = {"PATH": os.environ["PATH"], "HOME": str(self._guard), "LANG": "C.UTF-8"}
        return base | {"PYTHONPATH": str(self._guard)} | dict(settings)


@contextmanager
def offline(folder: Path) -> Iterator[Offline]:
    """Offline for as long as it lasts; `folder` is for the guard and stands in for a home."""
    (folder / "sitecustomize.py").write_text(_GUARD, "utf-8")
    with ThreadPoolExecutor(1) as pool:
        yield Offline(pool, folder)


def _leave_the_network() -> bool:
    """Take this thread into a network of its own; False where that is not allowed (or not known: no Linux)."""
    if sys.platform != "linux" or ctypes.CDLL(None).unshare(_CLONE_NEWNET) != 0:
        return False
    import fcntl

    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", _IFF_UP))
    return True


def _fetch(url: str) -> bytes:
    """The body of an answer to a browser, past any proxy."""
    opener = build_opener(ProxyHandler({}))
    opener.addheaders = [("Accept", "text/html, */*;q=0.1")]
    with opener.open(url, timeout=60) as answer:
        body: bytes = answer.read()
        return body
