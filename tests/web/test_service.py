"""The service seen from outside: logs, numbers, the end, a new release, several processes."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from reformgraph.release import build, ensure
from reformgraph.settings import Settings
from serving import started

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """What the service logs of a few requests, in order."""
    path = tmp_path_factory.mktemp("logs") / "stderr"
    with path.open("wb") as file, started(stderr=file) as (url, _):
        httpx.get(url + "/queries/agency-profile", params={"agency": "大连市公安局", "limit": "3"})
        httpx.get(url + "/queries/agency-profile", params={"agency": "大连市公安局", "limit": "3"})
        httpx.get(url + "/sparql", params={"query": "SELECT ?secret { ?secret ?b ?c } LIMIT 1"})
        httpx.get(url + "/agency/nobody")
        httpx.get(url + "/no/such/path")
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.startswith("{")]
    return [line for line in lines if line["event"] == "request" and line["route"] != "/ready"]


def test_a_request_is_one_line_with_query_parameters_rows_time_and_release(told: list[dict[str, object]]) -> None:
    line = told[0]
    assert (line["route"], line["query"]) == ("/queries/agency-profile", "agency-profile")
    assert line["parameters"] == {"agency": ["大连市公安局"]}
    assert (line["status"], line["rows"]) == (200, 3)
    assert isinstance(line["ms"], float)
    assert len(str(line["release"])) == 12


def test_a_kept_answer_is_told_as_such(told: list[dict[str, object]]) -> None:
    assert [line.get("cached", False) for line in told[:2]] == [False, True]


def test_logs_hold_no_ad_hoc_query_and_no_address(told: list[dict[str, object]]) -> None:
    assert told[2]["route"] == "/sparql"
    assert "secret" not in json.dumps(told)
    assert "127.0.0.1" not in json.dumps(told)


def test_routes_are_told_as_templates(told: list[dict[str, object]]) -> None:
    assert [(line["route"], line["status"]) for line in told[3:]] == [("/{kind}/{slug}", 404), ("none", 404)]


def test_numbers_are_by_route_and_canned_query(server: str) -> None:
    httpx.get(server + "/queries/observations", params={"limit": "1"})
    text = httpx.get(server + "/metrics").text
    assert 'reformgraph_requests_total{query="observations",route="/queries/observations",status="200"}' in text
    assert 'reformgraph_request_seconds_count{query="observations",route="/queries/observations"}' in text


def test_a_signal_lets_the_requests_at_work_end(tmp_path: Path) -> None:
    with started("--deadline", "3") as (url, process), ThreadPoolExecutor(1) as thread:
        asked = thread.submit(httpx.get, url + "/sparql", params={"query": RUNAWAY}, timeout=20)
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        start = time.monotonic()
        assert asked.result().status_code == 503
        assert process.wait(10) in (0, -signal.SIGTERM)
        assert time.monotonic() - start < 3 + 3


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A folder of releases with that of the checkout alone."""
    release = ensure(root, Settings().home)
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(release.path, home / "releases" / release.path.name)
    (home / "current").write_text(release.path.name + "\n")
    return home


class Asker:
    """Asks one canned query again and again from a thread."""

    def __init__(self, url: str) -> None:
        self.url, self.answers, self.going = url, list[tuple[int, str]](), True
        self.thread = threading.Thread(target=self._ask)
        self.thread.start()

    def _ask(self) -> None:
        with httpx.Client(timeout=20) as client:
            number = 0
            while self.going:
                number += 1
                answer = client.get(self.url + "/queries/coverage", params={"limit": str(1 + number % 500)})
                self.answers.append((answer.status_code, answer.json().get("release", "")))

    def stop(self) -> list[tuple[int, str]]:
        self.going = False
        self.thread.join()
        return self.answers


@pytest.fixture(params=["1", "2"])
def followed(request: pytest.FixtureRequest, home: Path) -> Iterator[str]:
    with started("--processes", request.param, home=str(home)) as (url, _):
        yield url


def test_a_new_release_drops_no_request(followed: str, home: Path, tiny_root: Path, root: Path) -> None:
    before = httpx.get(followed + "/ready").json()["release"]
    askers = [Asker(followed) for _ in range(4)]
    try:
        after = build(tiny_root, home).id
        until = time.monotonic() + 30
        while {httpx.get(followed + "/ready").json()["release"] for _ in range(8)} != {after}:
            assert time.monotonic() < until, "the new release is not served"
    finally:
        answers = [answer for asker in askers for answer in asker.stop()]
        ensure(root, home)
    assert {status for status, _ in answers} == {200}
    assert {release for _, release in answers} == {before, after}


def test_several_processes_count_together() -> None:
    with started("--processes", "2") as (url, process):
        for number in range(20):
            httpx.get(url + "/queries/observations", params={"limit": str(number + 1)})
        text = httpx.get(url + "/metrics").text
        assert (
            'reformgraph_requests_total{query="observations",route="/queries/observations",status="200"} 20.0' in text
        )
        children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=True)
    assert len(children.stdout.split()) >= 2
