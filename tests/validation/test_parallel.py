"""Pools of processes and a Dask cluster find what one process finds, also when a worker dies midway."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from reformgraph.assembly import assemble
from reformgraph.content import content_root
from reformgraph.shacl.coreshapes import CoreShapes
from reformgraph.shacl.fastlane import core_findings
from reformgraph.shacl.messages import Messages
from reformgraph.shacl.parallel import Work, on_cluster, on_cores
from reformgraph.validation import read_shapes, sparql_results

Found = set[tuple[tuple[str, str], ...]]


@pytest.fixture(scope="module")
def work(tiny_root: Path) -> Work:
    """The tiny graph with a fault in each of its figures."""
    store = assemble(tiny_root)
    for quad in list(store.quads_for_pattern(None, ox.NamedNode("https://w3id.org/reformgraph/ns#metric"), None)):
        store.remove(quad)
    return Work(store, read_shapes(tiny_root, "core"), size=30)


def told(parts: Iterator[dict[str, str]]) -> Found:
    return {tuple(sorted(each.items())) for each in parts}


def alone(work: Work) -> Found:
    found = core_findings(work.store, CoreShapes.read(work.shapes))
    return told(each.parts() for each in found)


def test_a_pool_for_a_store_in_memory_finds_the_same(work: Work) -> None:
    done: list[tuple[int, int]] = []
    assert told(on_cores(work, 2, lambda finished, total: done.append((finished, total)))) == alone(work)
    assert done[-1][0] == done[-1][1] == len(done) > 10


def test_a_pool_that_opens_the_store_itself_finds_the_same(work: Work, tmp_path: Path) -> None:
    on_disk = ox.Store(str(tmp_path / "store"))
    on_disk.bulk_extend(work.store)
    on_disk.flush()
    del on_disk
    store = ox.Store.read_only(str(tmp_path / "store"))
    opened = Work(store, work.shapes, tmp_path / "store", size=30)
    assert told(on_cores(opened, 2)) == alone(work) != set()


def test_selects_on_threads_find_the_same(work: Work) -> None:
    shapes = read_shapes(content_root())
    messages = Messages(work.store, shapes)
    alone = list(sparql_results(work.store, shapes, messages))
    assert list(sparql_results(work.store, shapes, messages, jobs=3)) == alone != []


class Cluster:
    """A scheduler and two workers, as an operator starts them."""

    def __init__(self, folder: Path) -> None:
        file = folder / "scheduler.json"
        self.scheduler = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)
        )
        end = time.monotonic() + 60
        while not file.is_file():
            assert time.monotonic() < end
            time.sleep(0.1)
        common = (
            "--scheduler-file",
            str(file),
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--local-directory",
            str(folder),
        )
        self.workers = [self._start("worker", *common) for _ in range(2)]
        self.address: str = json.loads(file.read_text())["address"]

    @staticmethod
    def _start(*words: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]], stderr=subprocess.DEVNULL
        )

    def stop(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.terminate()
            process.wait(20)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    started = Cluster(tmp_path)
    yield started
    started.stop()


def test_a_cluster_finds_the_same_though_a_worker_is_killed_midway(work: Work, cluster: Cluster) -> None:
    killed = threading.Event()

    def kill_one(finished: int, total: int) -> None:
        if finished < total and not killed.is_set():
            os.kill(cluster.workers[0].pid, signal.SIGKILL)
            killed.set()

    assert told(on_cluster(work, cluster.address, kill_one)) == alone(work)
    assert killed.is_set()
    assert cluster.workers[0].wait(10) == -signal.SIGKILL


def test_the_command_line_takes_a_scheduler(cluster: Cluster) -> None:
    command = [sys.executable, "-m", "reformgraph", "validate", "--shapes", "core", "--scheduler", cluster.address]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, b"Conforms" in done.stdout) == (0, True), done.stderr.decode()
