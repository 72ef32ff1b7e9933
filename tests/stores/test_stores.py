"""A release pushed into real stores: every canned query gives there what it gives here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from store_servers import StoreServer

from canned import CASES, ask
from reformgraph.content import content_root
from reformgraph.engines.base import Engine
from reformgraph.namespaces import GRAPH, RELEASE
from reformgraph.push import graphs_held, push, pushed_release
from reformgraph.queries import Catalogue, QueryService
from reformgraph.release import Release, ensure
from reformgraph.results import csv_text, rows
from reformgraph.settings import Settings
from serving import started

CATALOGUE = Catalogue.read(content_root() / "queries")


@pytest.fixture(scope="module")
def real_release(root: Path) -> Release:
    return ensure(root, Settings().home)


@pytest.fixture(scope="module")
def tiny_rows(tiny_release: Release) -> dict[str, bytes]:
    with tiny_release.engine() as engine:
        return {name: ask(engine, name) for name in CASES}


@pytest.fixture(scope="module")
def holding_tiny(store: StoreServer, tiny_release: Release) -> StoreServer:
    assert push(tiny_release, store.remote(), store.writer()).differences == ()
    return store


@pytest.mark.parametrize("name", CASES)
def test_rows_of_the_tiny_graph_are_the_same(name: str, holding_tiny: StoreServer, tiny_rows: dict[str, bytes]) -> None:
    assert ask(holding_tiny.remote(), name) == tiny_rows[name]


def test_a_store_without_a_union_is_told_the_graphs(
    holding_tiny: StoreServer, tiny_release: Release, tiny_rows: dict[str, bytes]
) -> None:
    remote = holding_tiny.remote(*tiny_release.manifest["graphs"])
    for name in ("observations", "entities", "hierarchy"):
        assert ask(remote, name) == tiny_rows[name]


@pytest.fixture(scope="module")
def holding_real(store: StoreServer, real_release: Release) -> StoreServer:
    """Pushed by the command, over what another push left."""
    environment = os.environ | {f"REFORMGRAPH_{key.upper()}": value for key, value in store.environment().items()}
    options = ["--endpoint", store.endpoint, "--graph-store", store.graph_store]
    command = [sys.executable, "-m", "reformgraph", "push", *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return store


def answer(engine: Engine, name: str) -> bytes:
    """All rows of a query's example."""
    service = QueryService(engine, CATALOGUE, "r" * 64)
    query = CATALOGUE.get(name)
    found = service.run(service.ask(name, query.example))
    assert isinstance(found, ox.QuerySolutions)
    return csv_text(query.columns, rows(found))


@pytest.mark.parametrize("name", [query.name for query in CATALOGUE])
def test_rows_of_the_real_graph_are_the_same(name: str, holding_real: StoreServer, real_release: Release) -> None:
    with real_release.engine() as engine:
        assert answer(holding_real.remote(), name) == answer(engine, name)


def test_the_release_triple_tells_what_is_there(holding_real: StoreServer, real_release: Release) -> None:
    held = graphs_held(holding_real.remote())
    assert pushed_release(holding_real.remote()) == real_release.id
    assert held == {**real_release.manifest["graphs"], RELEASE: 1}


def test_the_service_over_an_endpoint_answers_as_over_its_own_store(holding_real: StoreServer, server: str) -> None:
    path = "/queries/agency-profile?agency=大连市公安局"
    with started("--endpoint", holding_real.endpoint) as (url, _):
        there, here = httpx.get(url + path, timeout=60), httpx.get(server + path)
        ready = httpx.get(url + "/ready").json()
    assert there.json()["rows"] == here.json()["rows"]
    assert "etag" in there.headers
    assert ready["status"] == "ready"


def test_other_graphs_are_left_alone_and_old_ones_of_ours_removed(
    oxigraph_store: StoreServer, tiny_release: Release
) -> None:
    writer, triple = oxigraph_store.writer(), b'<http://example.org/a> <http://example.org/b> "c" .\n'
    for graph in ("http://example.org/theirs", GRAPH + "doc-000000000000"):
        writer.replace(graph, triple)
    push(tiny_release, oxigraph_store.remote(), writer)
    asked = "ASK {{ GRAPH <{}> {{ ?s ?p ?o }} }}"
    remote = oxigraph_store.remote()
    assert remote.query_whole_store(asked.format("http://example.org/theirs"))
    assert not remote.query_whole_store(asked.format(GRAPH + "doc-000000000000"))


def test_a_push_by_updates_gives_the_same_store(
    store: StoreServer, tiny_release: Release, tiny_rows: dict[str, bytes]
) -> None:
    assert push(tiny_release, store.remote(), store.updates()).differences == ()
    assert ask(store.remote(), "observations") == tiny_rows["observations"]


def test_a_push_that_breaks_off_is_not_taken_for_a_release(oxigraph_store: StoreServer, tiny_release: Release) -> None:
    class BrokenOffError(Exception):
        pass

    def told(message: str) -> None:
        if message.startswith("graph 3"):
            raise BrokenOffError

    push(tiny_release, oxigraph_store.remote(), oxigraph_store.writer())
    with pytest.raises(BrokenOffError):
        push(tiny_release, oxigraph_store.remote(), oxigraph_store.writer(), told)
    assert pushed_release(oxigraph_store.remote()) is None
    with started("--endpoint", oxigraph_store.endpoint) as (url, _):
        answer = httpx.get(url + "/queries/documents")
        assert "etag" not in answer.headers
        assert answer.json()["endpointRelease"] is None
        assert httpx.get(url + "/ready").status_code in (200, 503)


def test_an_endpoint_that_is_not_there_is_a_bad_gateway() -> None:
    with started("--endpoint", "http://127.0.0.1:9/query") as (url, _):
        answer = httpx.get(url + "/queries/documents", timeout=30)
    assert answer.status_code == 502
    assert answer.json()["type"].endswith("problem-endpoint")
