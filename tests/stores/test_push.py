"""What a push does to a store, and what it leaves alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from store_servers import StoreServer, oxigraph

from reformgraph.engines.writers import Writer
from reformgraph.errors import EndpointError
from reformgraph.namespaces import GRAPH, RELEASE
from reformgraph.push import graphs_held, push, pushed_release
from reformgraph.release import Release

TRIPLE = b'<http://example.org/a> <http://example.org/b> "c" .\n'
THEIRS, OLD = "http://example.org/theirs", GRAPH + "doc-000000000000"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[StoreServer]:
    with oxigraph(tmp_path / "store") as store:
        yield store


class Hook(Writer):
    """A writer that hands on to another, but for one graph."""

    def __init__(self, writer: Writer, graph: str) -> None:
        self._writer, self._graph = writer, graph

    def replace(self, graph: str, triples: bytes) -> None:
        if graph == self._graph:
            self.meet(triples)
        else:
            self._writer.replace(graph, triples)

    def remove(self, graph: str) -> None:
        self._writer.remove(graph)

    def meet(self, triples: bytes) -> None:
        raise EndpointError("http://127.0.0.1:9/", "it is gone.")


class Losing(Hook):
    def meet(self, triples: bytes) -> None:
        self._writer.replace(self._graph, triples.partition(b"\n")[2])


def holds(store: StoreServer, graph: str) -> bool:
    return bool(store.remote().query_whole_store(f"ASK {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"))


def command(*options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {f"REFORMGRAPH_{name.upper()}": value for name, value in settings.items()}
    words = [sys.executable, "-m", "reformgraph", "push", *options]
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)


def test_graphs_of_others_stay_and_old_ones_of_ours_go(empty: StoreServer, tiny_release: Release) -> None:
    for graph in (THEIRS, OLD):
        empty.writer().replace(graph, TRIPLE)
    assert push(tiny_release, empty.remote(), empty.writer()).differences == ()
    assert holds(empty, THEIRS)
    assert not holds(empty, OLD)


@pytest.mark.parametrize("ways", [("writer", "writer"), ("updates", "updates"), ("writer", "updates")])
def test_a_second_push_changes_nothing(empty: StoreServer, tiny_release: Release, ways: tuple[str, str]) -> None:
    held = []
    for way in ways:
        assert push(tiny_release, empty.remote(), getattr(empty, way)()).differences == ()
        held.append(graphs_held(empty.remote()))
    assert held[0] == held[1] == {**tiny_release.manifest["graphs"], RELEASE: 1}


def test_a_push_that_breaks_off_is_not_taken_for_a_release(empty: StoreServer, tiny_release: Release) -> None:
    push(tiny_release, empty.remote(), empty.writer())
    with pytest.raises(EndpointError):
        push(tiny_release, empty.remote(), Hook(empty.writer(), GRAPH + "registry"))
    assert pushed_release(empty.remote()) is None


def test_a_store_that_loses_a_triple_gets_no_release_triple(empty: StoreServer, tiny_release: Release) -> None:
    done = push(tiny_release, empty.remote(), Losing(empty.writer(), GRAPH + "registry"))
    count = tiny_release.manifest["graphs"][GRAPH + "registry"]
    assert done.differences == (f"{GRAPH}registry: {count - 1} triples instead of {count}.",)
    assert pushed_release(empty.remote()) is None


def test_another_release_is_told_as_such(empty: StoreServer, tiny_release: Release) -> None:
    other = b'<https://w3id.org/reformgraph/graph/catalog> <http://www.w3.org/2002/07/owl#versionInfo> "%s" .\n'
    empty.writer().replace(RELEASE, other % (b"0" * 64))
    assert pushed_release(empty.remote()) == "0" * 64
    push(tiny_release, empty.remote(), empty.writer())
    assert pushed_release(empty.remote()) == tiny_release.id


def test_the_command_tells_a_store_that_is_not_the_one_written(empty: StoreServer, tmp_path: Path) -> None:
    with oxigraph(tmp_path / "another") as another:
        done = command("--endpoint", another.endpoint, "--graph-store", empty.graph_store)
    assert (done.returncode, done.stdout) == (1, "")
    assert "graph/vocab: 0 triples instead of" in done.stderr


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--endpoint", "http://127.0.0.1:9/"],
        [
            "--endpoint",
            "http://127.0.0.1:9/",
            "--update",
            "http://127.0.0.1:9/",
            "--graph-store",
            "http://127.0.0.1:9/",
        ],
        ["--endpoint", "http://127.0.0.1:9/", "--graph-store", "http://127.0.0.1:9/"],
        ["--endpoint", "file:///etc/passwd", "--update", "http://127.0.0.1:9/"],
        ["--endpoint", "http://me:secret@127.0.0.1:9/", "--update", "http://127.0.0.1:9/"],
    ],
    ids=["nothing", "no writer", "two writers", "nobody", "no http", "password in the address"],
)
def test_a_mistake_is_exit_code_2(options: list[str]) -> None:
    done = command(*options, endpoint_user="me", endpoint_password="secret")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr
