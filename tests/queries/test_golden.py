"""Canned queries over the tiny graph: the same rows on every engine, and the rows that were approved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from reformgraph.content import content_root
from reformgraph.engines.base import Engine
from reformgraph.engines.killable import Killable
from reformgraph.engines.rdflib import RdflibEngine
from reformgraph.engines.workers import WorkerLimits, WorkerPool
from reformgraph.queries import Catalogue, QueryService
from reformgraph.release import Release
from reformgraph.results import csv_text, rows

CASES = {
    "observations": {},
    "entities": {},
    "agency-profile": {"agency": ["河湾市公安局"]},
    "evidence": {"observation": ["obs:{a}"]},
    "compare-metric": {"metric": ["computers-per-officer"]},
    "initiative-implementers": {"initiative": ["信息化建设"]},
    "changes": {"direction": ["fall"]},
    "money": {"min_amount": ["1000000"]},
    "promises": {"place": ["河湾市"]},
    "problems": {},
    "initiative-timeline": {"initiative": ["三基工程"], "depth": ["2"]},
    "disagreements": {"tolerance": ["10"]},
    "totals": {},
    "documents": {},
    "systems-by-city": {},
    "awards": {"receiver": ["桥头县公安局"]},
    "coverage": {"min_agencies": ["2"]},
    "vagueness": {"agency": ["河湾市公安局", "桥头县公安局"]},
    "vaguest-reports": {},
    "firsts-and-onlys": {"claim": ["first"]},
    "sources-and-voices": {},
    "ranks": {},
    "figures-without-period": {},
    "evidence-matrix": {"agency": ["桥头县公安局"]},
    "hierarchy": {"agency": ["河湾市公安局"]},
    "rules-and-plans": {},
    "events": {},
    "facilities": {"place": ["桥头县"]},
    "office-holders": {"on": ["2015-03-01"]},
    "problems-and-recommendations": {},
    "not-answered": {"metric": ["public-safety-sense-rate", "public-safety-sense-rank"]},
    "derived-from": {"observation": ["d84aa6210c2f-96-100", "d84aa6210c2f-57-61"]},
    "wordings": {"thing": ["信息化建设"]},
}


@pytest.fixture(scope="module")
def engines(tiny_release: Release) -> Iterator[dict[str, Engine]]:
    store = ox.Store()
    store.bulk_load(path=str(tiny_release.path / "release.nq"), format=ox.RdfFormat.N_QUADS)
    with tiny_release.engine() as embedded, WorkerPool(tiny_release.store, WorkerLimits(processes=1)) as pool:
        yield {"embedded": embedded, "rdflib": RdflibEngine.from_store(store), "workers": Killable(pool, embedded)}


def ask(engine: Engine, name: str, release: str) -> bytes:
    service = QueryService(engine, Catalogue.read(content_root() / "queries"), "r" * 64)
    figures = service.run(service.ask("observations", {}))
    assert isinstance(figures, ox.QuerySolutions)
    first = rows(figures)[0]["observation"].rpartition("/")[2]
    given = {key: [value.replace("{a}", first) for value in values] for key, values in CASES[name].items()}
    found = service.run(service.ask(name, given))
    assert isinstance(found, ox.QuerySolutions)
    return csv_text(service.catalogue.get(name).columns, rows(found))


def test_every_query_has_a_case() -> None:
    assert {query.name for query in Catalogue.read(content_root() / "queries")} == CASES.keys()


@pytest.mark.parametrize("name", CASES)
def test_rows_are_those_approved(name: str, engines: dict[str, Engine], tiny_release: Release, approve: bool) -> None:
    golden = Path(__file__).parent / f"{name}.csv"
    found = ask(engines["embedded"], name, tiny_release.id)
    if approve:
        golden.write_bytes(found)
    assert found.count(b"\r\n") > 1
    assert found == golden.read_bytes()


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("other", ["rdflib", "workers"])
def test_rows_are_the_same_on_every_engine(
    name: str, other: str, engines: dict[str, Engine], tiny_release: Release
) -> None:
    assert ask(engines[other], name, tiny_release.id) == ask(engines["embedded"], name, tiny_release.id)
