"""Real stores on loopback, empty at first: an Oxigraph server and Virtuoso 7."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from reformgraph.engines.remote import Remote, RemoteSettings
from reformgraph.engines.writers import Credentials, GraphStore, Updates, Writer

_VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryExecutionTime = 120
"""


@dataclass(frozen=True)
class StoreServer:
    """A store: where it is asked, where it takes graphs and updates, and as whom."""

    endpoint: str
    graph_store: str
    update: str
    who: Credentials = field(default_factory=Credentials)

    def remote(self, *graphs: str) -> Remote:
        remote = Remote(self.endpoint, RemoteSettings(graphs=graphs or None, timeout=120))
        remote.query_whole_store("ASK {}")  # the first answer tells what store it is, as `Endpoint` has it
        return remote

    def writer(self) -> Writer:
        return GraphStore(self.graph_store, self.who, 120)

    def updates(self) -> Writer:
        return Updates(self.update, self.who, 120)

    def environment(self) -> dict[str, str]:
        values = {"user": self.who.user, "password": self.who.password}
        return {f"endpoint_{key}": value for key, value in values.items() if value}


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _await(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, f"{process.args} ended"
        try:
            httpx.get(url, params={"query": "ASK {}"}, timeout=5)
        except httpx.HTTPError:
            time.sleep(0.1)
            continue
        return
    raise TimeoutError(url)


@contextmanager
def oxigraph(folder: Path, union: bool = True) -> Iterator[StoreServer]:
    """A writable Oxigraph server; its default graph is the union of its graphs, or is empty."""
    base = f"http://127.0.0.1:{_free_port()}"
    program = Path(sys.executable).with_name("oxigraph")
    command = [program, "serve", "--location", folder, "--bind", base.removeprefix("http://")]
    command += ["--union-default-graph"] if union else []
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            _await(base + "/query", process)
            yield StoreServer(base + "/query", base + "/store", base + "/update")
        finally:
            process.kill()


def virtuoso_program() -> str | None:
    """The server of Virtuoso 7, where `make test` could install it."""
    return shutil.which("virtuoso-t")


@contextmanager
def virtuoso(folder: Path) -> Iterator[StoreServer]:
    """A Virtuoso of our own, in a folder of its own."""
    program, http = virtuoso_program(), _free_port()
    assert program is not None
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(sql=_free_port(), http=http))
    command = [program, "+foreground", "+configfile", "virtuoso.ini"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=folder, **quiet) as process:
        try:
            base = f"http://127.0.0.1:{http}"
            _await(base + "/sparql", process)
            who = Credentials("dba", "dba")
            yield StoreServer(base + "/sparql", base + "/sparql-graph-crud-auth", base + "/sparql-auth", who)
        finally:
            process.kill()
