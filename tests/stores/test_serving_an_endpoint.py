"""The service with `--endpoint`: whose release an answer is of, and what strangers learn of the endpoint."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from store_servers import StoreServer, oxigraph

from reformgraph.namespaces import GRAPH, RELEASE
from reformgraph.push import push
from reformgraph.release import Release
from serving import started

HEADER = "reformgraph-endpoint-release"
TRIPLE = b'<https://w3id.org/reformgraph/graph/catalog> <http://www.w3.org/2002/07/owl#versionInfo> "%s" .\n'
NOBODY = "http://127.0.0.1:9/query"


@pytest.fixture(scope="module")
def holding(real_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreServer]:
    with oxigraph(tmp_path_factory.mktemp("holding")) as store:
        assert push(real_release, store.remote(), store.writer()).differences == ()
        yield store


@pytest.fixture(scope="module")
def service(holding: StoreServer) -> Iterator[httpx.Client]:
    with started("--endpoint", holding.endpoint) as (url, _), httpx.Client(base_url=url, timeout=60) as client:
        yield client


@pytest.fixture
def told(holding: StoreServer, real_release: Release) -> Iterator[StoreServer]:
    """The store, whose release triple a test may change."""
    yield holding
    holding.writer().replace(RELEASE, TRIPLE % real_release.id.encode())


def test_an_endpoint_with_our_release_answers_with_an_etag(service: httpx.Client, server: str) -> None:
    path = "/queries/agency-profile?agency=大连市公安局"
    there, here = service.get(path), httpx.get(server + path)
    assert there.json()["rows"] == here.json()["rows"]
    assert there.headers["etag"]
    assert HEADER not in there.headers
    assert "endpointRelease" not in there.json()


def test_ready_compares_the_releases(service: httpx.Client, told: StoreServer) -> None:
    release = service.get("/ready").json()["release"]
    assert service.get("/ready").json()["endpoint"] == {"release": release, "agrees": True}
    told.writer().replace(RELEASE, TRIPLE % (b"0" * 64))
    answer = service.get("/ready")
    assert (answer.status_code, answer.json()["endpoint"]) == (200, {"release": "0" * 64, "agrees": False})


@pytest.mark.parametrize("other", ["0" * 64, None])
def test_another_release_or_none_is_told_and_has_no_etag(
    service: httpx.Client, told: StoreServer, other: str | None
) -> None:
    if other is None:
        told.writer().remove(RELEASE)
    else:
        told.writer().replace(RELEASE, TRIPLE % other.encode())
    answer = service.get("/queries/documents", params={"limit": 3 if other else 2})
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers[HEADER] == (other or "none")
    assert answer.json()["endpointRelease"] == other
    assert service.get("/queries/documents.csv", params={"limit": 4}).headers[HEADER] == (other or "none")


def test_once_the_release_is_there_again_answers_are_as_before(service: httpx.Client, told: StoreServer) -> None:
    told.writer().remove(RELEASE)
    assert HEADER in service.get("/queries/documents?limit=5").headers
    told.writer().replace(RELEASE, TRIPLE % service.get("/ready").json()["release"].encode())
    assert "etag" in service.get("/queries/documents?limit=5").headers


def test_ad_hoc_queries_never_reach_the_endpoint(service: httpx.Client, told: StoreServer) -> None:
    told.writer().replace(GRAPH + "only-there", TRIPLE % b"there")
    asked = {"query": f"ASK {{ GRAPH <{GRAPH}only-there> {{ ?s ?p ?o }} }}"}
    assert service.get("/sparql", params=asked).json()["boolean"] is False
    told.writer().remove(GRAPH + "only-there")


def test_pages_of_things_have_an_etag_whatever_the_endpoint_holds(service: httpx.Client, told: StoreServer) -> None:
    told.writer().remove(RELEASE)
    answer = service.get("/agency", headers={"Accept": "text/turtle"})
    assert answer.status_code == 200
    assert HEADER not in answer.headers


def test_an_endpoint_that_is_not_there_is_a_bad_gateway_and_its_address_stays_here(tmp_path: Path) -> None:
    with (
        (tmp_path / "log").open("wb") as log,
        started("--endpoint", NOBODY, up="/health", stderr=log) as (url, _),
    ):
        answers = [httpx.get(url + path, timeout=30) for path in ("/queries/documents", "/ready")]
        assert httpx.get(url + "/agency").status_code == 200
    for answer in answers:
        assert (answer.status_code, answer.headers["content-type"]) == (502, "application/problem+json; charset=utf-8")
        assert answer.json()["type"].endswith("problem-endpoint")
        assert "127.0.0.1:9" not in answer.text
    assert NOBODY in (tmp_path / "log").read_text("utf-8")


def test_a_silent_endpoint_is_a_gateway_timeout() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/query"
        with started("--endpoint", address, up="/health", endpoint_timeout="1") as (url, _):
            answer = httpx.get(url + "/queries/documents", timeout=30)
    assert answer.status_code == 504


def test_an_endpoint_without_a_union_is_told_until_the_graphs_are_named(
    tmp_path: Path, real_release: Release, server: str
) -> None:
    with oxigraph(tmp_path / "store", union=False) as store:
        assert push(real_release, store.remote(), store.writer()).differences == ()
        with started("--endpoint", store.endpoint, up="/health") as (url, _):
            assert httpx.get(url + "/ready").status_code == 502
            assert httpx.get(url + "/queries/documents").status_code == 502
        with started("--endpoint", store.endpoint, endpoint_graphs="named") as (url, _):
            named = httpx.get(url + "/queries/documents")
    assert named.json()["rows"] == httpx.get(server + "/queries/documents").json()["rows"]
    assert "etag" in named.headers


@pytest.mark.parametrize(
    "setting", [{"endpoint_graphs": "all"}, {"endpoint_timeout_unit": "h"}, {"endpoint_port": "1"}]
)
def test_a_setting_that_cannot_be_is_refused_at_the_start(setting: dict[str, str]) -> None:
    with pytest.raises(AssertionError, match="the server ended"), started(up="/health", **setting):
        pass


def test_two_hosts_over_one_endpoint_are_one_service(service: httpx.Client, holding: StoreServer) -> None:
    with started("--endpoint", holding.endpoint) as (url, _), httpx.Client(base_url=url, timeout=60) as other:
        proxied = {"Host": "police.example"}  # as a proxy hands it on
        first, second = (host.get("/queries/observations?limit=7", headers=proxied) for host in (service, other))
        assert (first.content, first.headers["etag"]) == (second.content, second.headers["etag"])
        following = first.json()["next"].removeprefix("http://police.example")
        assert service.get(following, headers=proxied).content == other.get(following, headers=proxied).content
        known = proxied | {"If-None-Match": first.headers["etag"]}
        assert other.get("/queries/observations?limit=7", headers=known).status_code == 304
