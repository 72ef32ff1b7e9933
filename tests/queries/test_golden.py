"""Canned queries over the tiny graph: the same rows on every engine, and the rows that were approved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from canned import CASES, ask
from reformgraph.canned.labelling import with_labels_called
from reformgraph.content import content_root
from reformgraph.engines.base import Engine
from reformgraph.engines.killable import Killable
from reformgraph.engines.rdflib import RdflibEngine
from reformgraph.engines.resident import Resident
from reformgraph.engines.workers import WorkerLimits, WorkerPool
from reformgraph.queries import Catalogue
from reformgraph.release import Release


@pytest.fixture(scope="module")
def engines(tiny_release: Release) -> Iterator[dict[str, Engine]]:
    store = ox.Store()
    store.bulk_load(path=str(tiny_release.path / "release.nq"), format=ox.RdfFormat.N_QUADS)
    with tiny_release.engine() as embedded, WorkerPool(tiny_release.store, WorkerLimits(processes=1)) as pool:
        yield {"embedded": embedded, "rdflib": RdflibEngine.from_store(store), "workers": Killable(pool, embedded)}


@pytest.fixture(scope="module")
def resident(tiny_release: Release) -> Iterator[Resident]:
    with Resident(tiny_release.store, tiny_release.path / "release.nq") as engine:
        engine.wait()
        assert engine.calls_labels
        yield engine


def test_every_query_has_a_case() -> None:
    assert {query.name for query in Catalogue.read(content_root() / "queries")} == CASES.keys()


@pytest.mark.parametrize("name", CASES)
def test_rows_are_those_approved(name: str, engines: dict[str, Engine], tiny_release: Release, approve: bool) -> None:
    golden = Path(__file__).parent / f"{name}.csv"
    found = ask(engines["embedded"], name)
    if approve:
        golden.write_bytes(found)
    assert found.count(b"\r\n") > 1
    assert found == golden.read_bytes()


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("other", ["rdflib", "workers"])
def test_rows_are_the_same_on_every_engine(
    name: str, other: str, engines: dict[str, Engine], tiny_release: Release
) -> None:
    assert ask(engines[other], name) == ask(engines["embedded"], name)


@pytest.mark.parametrize("name", CASES)
def test_rows_are_the_same_with_labels_called(name: str, resident: Resident) -> None:
    assert ask(resident, name, short=True) == ask(resident, name)


def test_most_queries_have_labels_to_call() -> None:
    texts = [query.text for query in Catalogue.read(content_root() / "queries")]
    assert sum(with_labels_called(text) != text for text in texts) > len(texts) / 2
