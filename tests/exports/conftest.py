"""The files of the tiny release, made once, and what its graph says, for holding one against the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from reformgraph.engines.base import Engine
from reformgraph.exports.shelf import Shelf
from reformgraph.exports.workshop import Workshop
from reformgraph.release import Release


@pytest.fixture(scope="session")
def shelf(tiny_release: Release, tiny_root: Path) -> Shelf:
    return Shelf(tiny_release, tiny_root)


@pytest.fixture(scope="session")
def folder(shelf: Shelf) -> Path:
    """The folder with all files."""
    assert [entry.export.name for entry in shelf.entries()] == [export.name for export in shelf.exports]
    return shelf.folder


@pytest.fixture(scope="session")
def engine(tiny_release: Release) -> Iterator[Engine]:
    with tiny_release.engine() as opened:
        yield opened


@pytest.fixture(scope="session")
def workshop(tiny_release: Release, engine: Engine, tiny_root: Path) -> Workshop:
    return Workshop(tiny_release, engine, tiny_root)


@pytest.fixture(scope="session")
def quads(tiny_release: Release) -> list[ox.Quad]:
    return list(ox.parse(path=str(tiny_release.path / "release.nq"), format=ox.RdfFormat.N_QUADS))
