"""A release pushed into real stores: every canned query gives there what it gives here."""

from __future__ import annotations

import httpx
import pytest
from store_answers import CATALOGUE, answer
from store_servers import StoreServer

from canned import CASES, ask
from reformgraph.engines.remote import Remote, RemoteSettings
from reformgraph.engines.writers import Credentials, GraphStore
from reformgraph.errors import EndpointError
from reformgraph.namespaces import RELEASE
from reformgraph.push import graphs_held, push, pushed_release
from reformgraph.release import Release
from serving import started


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


@pytest.mark.parametrize("name", [query.name for query in CATALOGUE])
def test_rows_of_the_real_graph_are_the_same(name: str, holding_real: StoreServer, real_release: Release) -> None:
    example = CATALOGUE.get(name).example
    with real_release.engine() as engine:
        assert answer(holding_real.remote(), name, example) == answer(engine, name, example)


@pytest.mark.parametrize("name", [q.name for q in CATALOGUE if not any(p.required for p in q.parameters)])
def test_rows_without_parameters_are_the_same(name: str, holding_real: StoreServer, real_release: Release) -> None:
    with real_release.engine() as engine:
        assert answer(holding_real.remote(), name, {}) == answer(engine, name, {})


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
    assert ready["endpoint"] == {"release": ready["release"], "agrees": True}


def test_a_push_by_updates_gives_the_same_store(
    store: StoreServer, tiny_release: Release, tiny_rows: dict[str, bytes]
) -> None:
    assert push(tiny_release, store.remote(), store.updates()).differences == ()
    assert ask(store.remote(), "observations") == tiny_rows["observations"]


def test_a_wrong_password_is_told_and_nothing_is_written(virtuoso_store: StoreServer, tiny_release: Release) -> None:
    before = graphs_held(virtuoso_store.remote())
    stranger = GraphStore(virtuoso_store.graph_store, Credentials("dba", "guessed"), 60)
    with pytest.raises(EndpointError, match="401") as caught:
        push(tiny_release, virtuoso_store.remote(), stranger)
    assert "guessed" not in str(caught.value) + repr(stranger)
    assert graphs_held(virtuoso_store.remote()) == before


def test_a_query_that_virtuoso_stops_is_no_short_answer(virtuoso_store: StoreServer) -> None:
    remote = Remote(virtuoso_store.endpoint, RemoteSettings(timeout=1, timeout_unit="ms"))
    with pytest.raises(EndpointError) as caught:
        remote.query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?a) < STR(?i)) }")
    assert caught.value.timed_out
