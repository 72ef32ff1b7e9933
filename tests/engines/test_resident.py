"""The engine that answers from disk until its copy in memory is there."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from reformgraph.engines.embedded import Embedded
from reformgraph.engines.labels import LABEL
from reformgraph.engines.resident import Resident
from reformgraph.errors import EvaluationError
from reformgraph.namespaces import BASE, RG, SKOS
from reformgraph.release import Release

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def test_the_copy_answers_as_the_disk_does(tiny_release: Release) -> None:
    with tiny_release.engine() as disk, tiny_release.engine(resident=tiny_release.triples) as copied:
        assert isinstance(copied, Resident)
        first = str(next(iter(copied.query(COUNT)))["n"])
        before = copied._store
        copied.wait()
        assert copied._store is not before
        assert copied.graphs() == disk.graphs()
        assert first == str(next(iter(copied.query(COUNT)))["n"]) == str(next(iter(disk.query(COUNT)))["n"])


def test_labels_are_called_over_the_copy_only(tiny_release: Release) -> None:
    query = f'SELECT (<{LABEL}>(?thing, "zh") AS ?called) {{ ?thing a <{RG}Agency> }} ORDER BY ?thing'
    with tiny_release.engine() as disk, tiny_release.engine(resident=tiny_release.triples) as copied:
        assert isinstance(copied, Resident)
        assert not disk.calls_labels
        copied.wait()
        assert copied.calls_labels
        assert {row["called"] for row in copied.query(query)} >= {
            ox.Literal("河湾市公安局"),
            ox.Literal("桥头县公安局"),
        }
        with pytest.raises(EvaluationError, match="not supported"):
            disk.query(query)


def test_labels_that_are_not_one_each_are_not_called(tiny_release: Release, tmp_path: Path) -> None:
    quads = tmp_path / "release.nq"
    second = f'<{BASE}agency/qiaotou> <{SKOS}prefLabel> "{{}}"@zh <{BASE}graph/other> .\n'
    quads.write_text(second.format("甲") + second.format("乙"), "utf-8")
    with Resident(tiny_release.store, quads) as engine:
        engine.wait()
        assert not engine.calls_labels


def test_a_larger_graph_stays_on_disk(tiny_release: Release) -> None:
    with tiny_release.engine(resident=tiny_release.triples - 1) as engine:
        assert type(engine) is Embedded


def test_without_a_readable_file_the_disk_goes_on(
    tiny_release: Release, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = tmp_path / "release.nq"
    shutil.copy(tiny_release.path / "release.nq", broken)
    broken.write_text(broken.read_text("utf-8") + "<broken\n", "utf-8")
    with caplog.at_level(logging.WARNING), Resident(tiny_release.store, broken) as engine:
        engine.wait()
        assert int(next(iter(engine.query(COUNT)))["n"].value) == tiny_release.triples
    assert "no copy in memory" in caplog.text
