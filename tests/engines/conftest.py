"""A graph of four triples in two named graphs, and every lane that can be asked about it."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest

from reformgraph.engines.base import Engine, QueryResult, RdfDataset, triples_result
from reformgraph.engines.embedded import Embedded
from reformgraph.engines.rdflib import RdflibEngine
from reformgraph.engines.remote import Remote, RemoteSettings
from reformgraph.engines.workers import WorkerLimits, WorkerPool

EX = "http://example.org/"
ONE, TWO = EX + "one", EX + "two"
TRIG = """
PREFIX ex: <http://example.org/>
ex:one { ex:dalian ex:name "大连"@zh ; ex:cameras 30 . ex:shenyang ex:name "沈阳"@zh . }
ex:two { ex:dalian ex:cameras 40 . }
"""


def filled_store(path: Path | None = None) -> ox.Store:
    store = ox.Store() if path is None else ox.Store(str(path))
    store.bulk_load(TRIG, format=ox.RdfFormat.TRIG)
    store.flush()
    return store


@pytest.fixture(scope="session")
def store_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("release") / "store"
    filled_store(path)
    return path


class PoolEngine(Engine):
    """The killable lane as an engine, so that the same tests ask it."""

    def __init__(self, pool: WorkerPool) -> None:
        self._pool = pool

    def query(self, query: str, dataset: RdfDataset | None = None) -> QueryResult:
        answer = self._pool.answer(query, graph_format=ox.RdfFormat.N_TRIPLES, dataset=dataset)
        if answer.form == "construct":
            quads = ox.parse(answer.body, format=ox.RdfFormat.N_TRIPLES)
            return triples_result(quad.triple for quad in quads)
        return ox.parse_query_results(answer.body, ox.QueryResultsFormat.JSON)

    def graphs(self) -> list[str]:
        return sorted(row["g"].value for row in self.query("SELECT ?g { GRAPH ?g {} }"))

    def close(self) -> None:
        self._pool.close()


@contextmanager
def oxigraph_server(path: Path, *options: str) -> Iterator[str]:
    """An `oxigraph` process on loopback; yields its query endpoint."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    program = Path(sys.executable).with_name("oxigraph")
    command = [program, "serve-read-only", "--location", path, "--bind", address, *options]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            _await_port(address)
            yield f"http://{address}/query"
        finally:
            process.kill()


def _await_port(address: str) -> None:
    host, _, port = address.partition(":")
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex((host, int(port))) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"no oxigraph server at {address}")


@pytest.fixture(scope="session")
def endpoint(store_path: Path) -> Iterator[str]:
    with oxigraph_server(store_path) as url:
        yield url


@pytest.fixture(scope="session")
def union_endpoint(store_path: Path) -> Iterator[str]:
    with oxigraph_server(store_path, "--union-default-graph") as url:
        yield url


@pytest.fixture(scope="session", params=["directory", "memory", "workers", "rdflib", "remote", "remote-union"])
def engine(request: pytest.FixtureRequest, store_path: Path) -> Iterator[Engine]:
    """Each engine over the same triples."""
    makers = {
        "directory": lambda: Embedded.open(store_path),
        "memory": lambda: Embedded.from_store(filled_store()),
        "workers": lambda: PoolEngine(WorkerPool(store_path, WorkerLimits(processes=1))),
        "rdflib": lambda: RdflibEngine.from_store(filled_store()),
        "remote": lambda: Remote(request.getfixturevalue("endpoint"), RemoteSettings(graphs=(ONE, TWO))),
        "remote-union": lambda: Remote(request.getfixturevalue("union_endpoint")),
    }
    with makers[request.param]() as made:
        yield made


class Listener:
    """A SPARQL endpoint on loopback that only counts who comes."""

    def __init__(self) -> None:
        self.requests = 0
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                listener.requests += 1
                self.send_error(404)

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()
