"""A withdrawn thing is gone and tells its successor; a deprecated term stays and tells its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import httpx
import pytest
import uvicorn

from reformgraph.release import build
from reformgraph.settings import Settings
from reformgraph.web.app import create_app
from tiny_graph import copy_tiny

BEFORE, AFTER = "claim/d84aa6210c2f-1-2", "claim/d84aa6210c2f-6-13"
TOMBSTONES = """
PREFIX claim: <https://w3id.org/reformgraph/claim/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX metric: <https://w3id.org/reformgraph/metric/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX person: <https://w3id.org/reformgraph/person/>

claim:d84aa6210c2f-1-2
    dcterms:isReplacedBy claim:d84aa6210c2f-6-13 ;
    owl:deprecated true ;
.

person:somebody-hewan
    owl:deprecated true ;
.

metric:computers
    dcterms:isReplacedBy metric:police-strength ;
    owl:deprecated true ;
.
"""


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    root = copy_tiny(tmp_path_factory.mktemp("withdrawn") / "root")
    (root / "data" / "ttl" / "registry" / "withdrawn.ttl").write_text(TOMBSTONES, "utf-8")
    release = build(root, tmp_path_factory.mktemp("home"))
    yield from client_of(uvicorn.Server(_config(create_app(Settings(workers=1, follow=False), release))))


def _config(app: object) -> uvicorn.Config:
    return uvicorn.Config(app, port=0, log_level="error", ws="none")  # type: ignore[arg-type]


def client_of(service: uvicorn.Server) -> Iterator[httpx.Client]:
    thread = threading.Thread(target=service.run)
    thread.start()
    while not service.started:
        assert thread.is_alive()
    port = service.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        yield client
    service.should_exit = True
    thread.join(10)


def test_a_withdrawn_claim_is_gone_and_names_its_successor(http: httpx.Client) -> None:
    for path in (BEFORE, f"{BEFORE}.ttl"):
        answer = http.get(f"/{path}")
        assert (answer.status_code, answer.headers["content-type"]) == (410, "application/problem+json; charset=utf-8")
        assert answer.json()["successor"] == [f"https://w3id.org/reformgraph/{AFTER}"]
        assert http.get(answer.links["successor-version"]["url"]).status_code == 200


@pytest.mark.parametrize(("language", "words"), [("zh", "已撤回"), ("en", "Withdrawn")])
def test_a_browser_is_told_so_on_a_page(http: httpx.Client, language: str, words: str) -> None:
    answer = http.get(f"/{BEFORE}", params={"lang": language}, headers={"Accept": "text/html"})
    assert answer.status_code == 410
    assert words in answer.text
    assert f'href="/{AFTER}' in answer.text


def test_a_person_who_was_removed_is_gone_without_a_successor(http: httpx.Client) -> None:
    answer = http.get("/person/somebody-hewan")
    assert (answer.status_code, "successor" in answer.json(), "link" in answer.headers) == (410, False, False)


def test_what_was_withdrawn_is_in_no_list(http: httpx.Client) -> None:
    for kind, slug in (("claim", "d84aa6210c2f-1-2"), ("person", "somebody-hewan")):
        assert slug not in http.get(f"/{kind}").text


@pytest.mark.parametrize(("language", "words"), [("zh", "已弃用"), ("en", "Deprecated")])
def test_a_deprecated_term_stays_with_a_note(http: httpx.Client, language: str, words: str) -> None:
    answer = http.get("/metric/computers", params={"lang": language}, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert words in answer.text
    assert 'href="/metric/police-strength' in answer.text


def test_a_deprecated_term_links_to_its_successor(http: httpx.Client) -> None:
    answer = http.get("/metric/computers")
    assert answer.links["successor-version"]["url"] == str(http.base_url.join("/metric/police-strength"))
    assert "owl:deprecated true" in answer.text
