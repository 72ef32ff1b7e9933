"""The application as uvicorn sees it: canned queries at once, all else once its routes are read."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message

from reformgraph.content import content_root
from reformgraph.queries import Catalogue
from reformgraph.release import Release
from reformgraph.settings import Settings
from reformgraph.web import front
from reformgraph.web.app import create_app
from reformgraph.web.front import Front
from reformgraph.web.service import Service
from serving import started

URL = "http://127.0.0.1:8000"


def saying(text: str, path: str = "/{path:path}") -> Starlette:
    """An application that answers every request with a text."""

    async def say(_: Request) -> PlainTextResponse:
        return PlainTextResponse(text)

    return Starlette(routes=[Route(path, say)])


@asynccontextmanager
async def running(app: ASGIApp) -> AsyncIterator[None]:
    """The lifespan of an application (ASGI, lifespan protocol)."""
    told: asyncio.Queue[str] = asyncio.Queue()
    heard: asyncio.Queue[Message] = asyncio.Queue()
    task = asyncio.create_task(app({"type": "lifespan"}, heard.get, lambda message: told.put(message["type"])))
    await heard.put({"type": "lifespan.startup"})
    assert await told.get() == "lifespan.startup.complete"
    yield
    await heard.put({"type": "lifespan.shutdown"})
    assert await told.get() == "lifespan.shutdown.complete"
    await task


def asked(app: ASGIApp, ask: Callable[[httpx.AsyncClient], Awaitable[None]], root_path: str = "") -> None:
    """Run requests to an application that is started and stopped."""

    async def run() -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, root_path=root_path)
        async with running(app), httpx.AsyncClient(transport=transport, base_url=URL) as http:
            await ask(http)

    asyncio.run(run())


@contextmanager
def waiting() -> Iterator[tuple[Callable[[], ASGIApp], list[str], threading.Event]]:
    """What makes the whole application, the threads that called it, and what it waits for."""
    calls: list[str] = []
    ready = threading.Event()

    def make() -> ASGIApp:
        calls.append(threading.current_thread().name)
        assert ready.wait(10)
        return saying("whole")

    yield make, calls, ready
    ready.set()


@pytest.mark.parametrize("path", ["/queries/observations", "/queries/observations.csv", "/queries/a@1?limit=2"])
def test_canned_queries_are_answered_before_the_rest_is_read(path: str) -> None:
    with waiting() as (make, calls, ready):

        async def ask(http: httpx.AsyncClient) -> None:
            assert (await http.get(path)).text == "lane"
            assert calls == []
            other = asyncio.create_task(http.get("/queries"))
            await asyncio.sleep(0.05)
            assert len(calls) == 1  # the first that needs it has it read
            assert (await http.get(path)).text == "lane"
            assert not other.done()
            ready.set()
            assert (await other).text == "whole"

        asked(Front(saying("lane"), make), ask)


def test_the_rest_is_read_once_for_all_and_not_on_the_loop() -> None:
    with waiting() as (make, calls, ready):

        async def ask(http: httpx.AsyncClient) -> None:
            others = [asyncio.create_task(http.get(path)) for path in ("/", "/sparql", "/queries/a/arrange", "/")]
            await asyncio.sleep(0.05)
            ready.set()
            assert {(await other).text for other in others} == {"whole"}
            assert (await http.get("/agency/x")).text == "whole"
            assert len(calls) == 1
            assert calls != [threading.main_thread().name]

        asked(Front(saying("lane"), make), ask)


def test_without_a_request_the_rest_is_read_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "HEAD_START", 0.1)
    with waiting() as (make, calls, ready):
        ready.set()

        async def ask(_: httpx.AsyncClient) -> None:
            assert calls == []
            await asyncio.sleep(0.3)
            assert len(calls) == 1

        asked(Front(saying("lane"), make), ask)


def test_a_client_that_leaves_does_not_take_the_rest_along() -> None:
    with waiting() as (make, _, ready):

        async def ask(http: httpx.AsyncClient) -> None:
            leaving, staying = (asyncio.create_task(http.get("/")) for _ in range(2))
            await asyncio.sleep(0.05)
            leaving.cancel()
            ready.set()
            assert (await staying).text == "whole"

        asked(Front(saying("lane"), make), ask)


def test_behind_a_proxy_the_prefix_is_no_part_of_the_path() -> None:
    with waiting() as (make, calls, _):

        async def ask(http: httpx.AsyncClient) -> None:
            assert (await http.get("/reform/queries/observations")).text == "lane"
            assert calls == []

        asked(Front(saying("lane"), make), ask, "/reform")


def test_what_cannot_be_read_fails_for_those_who_need_it_alone() -> None:
    def broken() -> ASGIApp:
        raise ImportError("a module is not there")

    async def ask(http: httpx.AsyncClient) -> None:
        assert (await http.get("/")).status_code == 500
        assert (await http.get("/queries/observations")).text == "lane"

    asked(Front(saying("lane"), broken), ask)


def test_the_lane_needs_neither_fastapi_nor_templates() -> None:
    program = (
        "import sys, reformgraph.web.front, reformgraph.web.service;"
        "print({'fastapi', 'jinja2', 'rdflib', 'SPARQLWrapper', 'websockets'} & sys.modules.keys())"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"


REQUESTS = [
    ("GET", "/queries/observations?limit=3", {}),
    ("GET", "/queries/observations.csv?limit=3", {}),
    ("GET", "/queries/observations", {"Accept": "text/html"}),
    ("HEAD", "/queries/observations.ttl", {}),
    ("OPTIONS", "/queries/observations", {}),
    ("OPTIONS", "/queries/observations", {"Origin": "http://a", "Access-Control-Request-Method": "GET"}),
    ("DELETE", "/queries/observations", {"Origin": "http://a"}),
    ("GET", "/queries/observatoins", {}),
    ("GET", "/queries/observatoins", {"Accept": "text/html"}),
    ("GET", "/queries/observations@9", {}),
    ("GET", "/queries/observations?agency=nobody", {}),
    ("GET", "/queries/observations?agency=nobody", {"Accept": "text/html"}),
    ("GET", "/queries/observations", {"Accept": "image/png"}),
    ("GET", "/queries/observations?release=0123456789ab", {}),
    ("GET", "/queries/observations", {"Host": "no host"}),
    ("POST", "/queries/observations", {"Content-Type": "text/plain"}),
]


def test_the_lane_answers_as_the_whole_application_does(tiny_release: Release) -> None:
    settings = Settings(release=tiny_release.path, workers=1)
    service = Service(settings, tiny_release, Catalogue.read(content_root() / "queries"))
    lane, whole = service.lane(), create_app(service=service)

    async def ask(http: httpx.AsyncClient) -> None:
        transport = httpx.ASGITransport(whole)
        async with httpx.AsyncClient(transport=transport, base_url=URL) as other:
            for method, path, headers in REQUESTS:
                content = b"agency=x" if method == "POST" else None
                one = await http.request(method, path, headers=headers, content=content)
                two = await other.request(method, path, headers=headers, content=content)
                assert (one.status_code, one.headers, one.content) == (two.status_code, two.headers, two.content), path

    asked(lane, ask)


def test_a_service_whose_routes_cannot_be_read_ends(tmp_path: Path) -> None:
    (tmp_path / "fastapi.py").write_text("raise ImportError('it is broken')")
    command = [sys.executable, "-m", "reformgraph", "serve", "--port", "0"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode != 0
    told = [json.loads(line) for line in ended.stderr.splitlines() if line.startswith("{")]
    fault = next(line for line in told if line["level"] == "critical")
    assert "it is broken" in fault["trace"]


def test_one_service_counts_what_both_answer() -> None:
    with started(up="/queries/observations?limit=1") as (url, _):
        assert httpx.get(url + "/queries/nothing").status_code == 404
        assert httpx.get(url + "/no/such/path").status_code == 404
        numbers = httpx.get(url + "/metrics").text
    assert 'query="observations",route="/queries/observations",status="200"' in numbers
    assert 'route="none",status="404"' in numbers
