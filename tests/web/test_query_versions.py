"""`name@version` pins a version of a query; an earlier one is a file that stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from reformgraph.content import content_root
from reformgraph.errors import SourceFileError
from reformgraph.queries import Catalogue
from serving import serving

TEXT = """#+ summary: Which figures are there?
#+ summary_zh: 有哪些数字？
#+ version: {version}
PREFIX rg: <https://w3id.org/reformgraph/ns#>
SELECT {columns}
WHERE {{
  ?figure a rg:Observation .
  BIND ("{version}" AS ?edition)
}}
ORDER BY STR(?figure)
"""
OWN = content_root() / "queries"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with `figures` in version 3, and earlier versions 1 and 2."""
    (tmp_path / "versions").mkdir()
    (tmp_path / "figures.rq").write_text(TEXT.format(version="3", columns="?figure ?edition"), "utf-8")
    for version, columns in (("1", "?edition"), ("2", "?figure")):
        path = tmp_path / "versions" / f"figures@{version}.rq"
        path.write_text(TEXT.format(version=version, columns=columns), "utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def http(server: str) -> Any:
    with httpx.Client(base_url=server, timeout=30) as client:
        yield client


def test_an_earlier_version_answers_as_it_did(folder: Path) -> None:
    with serving("--queries", str(folder)) as address, httpx.Client(base_url=address, timeout=30) as http:
        bodies = {pin: http.get(f"/queries/figures{pin}?limit=1").json() for pin in ("", "@3", "@2", "@1")}
        assert [body["version"] for body in bodies.values()] == ["3", "3", "2", "1"]
        assert bodies["@1"]["columns"] == ["edition"]
        assert bodies["@1"]["rows"] == [{"edition": "1"}]
        assert bodies["@2"]["next"].startswith(f"{address}/queries/figures@2?")
        assert http.get("/queries/figures@1.csv?limit=1").text == "edition\r\n1\r\n"
        assert "#+ version: 1" in http.get("/queries/figures@1.rq").text
        assert 'action="/queries/figures@1"' in http.get("/queries/figures@1.html").text
        link = http.get("/queries/figures@1").links["latest-version"]["url"]
        assert link == f"{address}/queries/figures"
        listed = {entry["name"]: entry["versions"] for entry in http.get("/queries").json()["queries"]}
        assert listed["figures"] == ["3", "1", "2"]


def test_the_current_version_answers_at_both_addresses(http: httpx.Client) -> None:
    current = http.get("/queries").json()["queries"]
    for entry in current:
        pinned = http.get(f"/queries/{entry['name']}@{entry['version']}.rq")
        assert pinned.text == http.get(f"/queries/{entry['name']}.rq").text
        assert "latest-version" in pinned.links
    assert "latest-version" not in http.get("/queries/observations").links


def test_every_version_that_is_kept_still_answers(http: httpx.Client) -> None:
    kept = [path.stem for path in sorted((OWN / "versions").glob("*.rq"))]
    assert kept
    for name in kept:
        example = Catalogue.read(OWN).get(name).example
        answer = http.get(f"/queries/{name}", params=example)
        assert (answer.status_code, bool(answer.json()["rows"])) == (200, True)


@pytest.mark.parametrize("path", ["observations@99", "observations@99.csv", "observations@x", "observations@1.rq.rq"])
def test_an_unknown_version_is_404_and_names_those_there_are(http: httpx.Client, path: str) -> None:
    answer = http.get(f"/queries/{path}")
    version = next(e["version"] for e in http.get("/queries").json()["queries"] if e["name"] == "observations")
    assert answer.status_code == 404
    assert version in answer.json()["nearest"]


def test_a_head_that_disagrees_with_the_file_stops_the_start(folder: Path) -> None:
    (folder / "versions" / "figures@2.rq").write_text(TEXT.format(version="5", columns="?figure"), "utf-8")
    with pytest.raises(SourceFileError, match=r"figures@2\.rq:3: The head says version 5, the file's name 2"):
        Catalogue.read(OWN, folder)


@pytest.mark.parametrize(
    ("name", "version", "reason"),
    [
        ("figures@3.rq", "3", "has version 3"),
        ("others@1.rq", "1", "There is no query 'others'"),
        ("figures-1.rq", "1", "<name>@<version>.rq"),
        ("figures@one.rq", "one", "<name>@<version>.rq"),
    ],
)
def test_a_file_that_is_no_earlier_version_stops_the_start(folder: Path, name: str, version: str, reason: str) -> None:
    (folder / "versions" / name).write_text(TEXT.format(version=version, columns="?figure"), "utf-8")
    with pytest.raises(SourceFileError, match=reason) as stopped:
        Catalogue.read(OWN, folder)
    assert Path(stopped.value.path).name == name
