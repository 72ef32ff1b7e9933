"""The answer bundle of a canned query: an RO-Crate that lists what it holds, and the same bytes for the same request."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import httpx
import pytest

from reformgraph.content import content_root
from reformgraph.queries import Catalogue

PATH = "/queries/observations.crate.zip?agency=大连市公安局&kind=change"
NAMES = [query.name for query in Catalogue.read(content_root() / "queries")]


def opened(answer: httpx.Response) -> zipfile.ZipFile:
    assert answer.headers["content-type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.content))


def entities(archive: zipfile.ZipFile) -> dict[str, dict[str, Any]]:
    graph = json.loads(archive.read("ro-crate-metadata.json"))["@graph"]
    found = {entity["@id"]: entity for entity in graph}
    assert len(found) == len(graph)
    return found


def references(value: Any) -> set[str]:
    """The `@id` of everything that an entity refers to."""
    if isinstance(value, list):
        return {name for one in value for name in references(one)}
    if isinstance(value, dict):
        return {value["@id"]} if list(value) == ["@id"] else {n for v in value.values() for n in references(v)}
    return set()


@pytest.fixture(scope="module")
def archive(http: httpx.Client) -> zipfile.ZipFile:
    return opened(http.get(PATH))


def test_the_metadata_describe_themselves_and_the_root_as_ro_crate_1_1_asks(archive: zipfile.ZipFile) -> None:
    found = entities(archive)
    assert found["ro-crate-metadata.json"]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert found["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    root = found["./"]
    assert root["@type"] == "Dataset"
    assert all(root[name] for name in ("name", "description", "datePublished", "license"))


def test_every_file_is_listed_and_every_listed_file_is_there(archive: zipfile.ZipFile) -> None:
    found = entities(archive)
    listed = references(found["./"]["hasPart"])
    assert listed == {name for name in archive.namelist() if name != "ro-crate-metadata.json"}
    assert all(int(found[name]["contentSize"]) == len(archive.read(name)) for name in listed)


def test_every_reference_leads_to_an_entity(archive: zipfile.ZipFile) -> None:
    found = entities(archive)
    named = {name for entity in found.values() for name in references([v for k, v in entity.items() if k != "conformsTo"])}  # fmt: skip
    assert named - found.keys() == set()


def test_it_tells_query_version_parameters_release_and_sources(archive: zipfile.ZipFile, http: httpx.Client) -> None:
    found = entities(archive)
    release = http.get("/ready").json()["release"]
    assert found["#parameter-agency"]["value"].startswith("大连市公安局 → https://w3id.org/reformgraph/agency/")
    assert found["observations@1.rq"]["version"] == "1"
    assert any(entity.get("identifier") == release for entity in found.values())
    assert "https://w3id.org/reformgraph/doc/826ec1811efe" in references(found["./"]["isBasedOn"])
    assert f"Release {release[:12]}" in found["./"]["creditText"]


def test_the_rows_are_those_of_the_service(archive: zipfile.ZipFile, http: httpx.Client) -> None:
    assert archive.read("rows.csv") == http.get(PATH.replace(".crate.zip", ".csv")).content
    assert json.loads(archive.read("rows.json"))["rows"] == http.get(PATH.replace(".crate.zip", ".json")).json()["rows"]


def test_the_query_as_it_ran_gives_the_same_rows_at_the_endpoint(archive: zipfile.ZipFile, http: httpx.Client) -> None:
    asked = http.post("/sparql", data={"query": archive.read("as-run.rq").decode()}, headers={"Accept": "text/csv"})
    ours = list(csv.DictReader(io.StringIO(archive.read("rows.csv").decode())))
    assert [row["observation"] for row in csv.DictReader(io.StringIO(asked.text))] == [r["observation"] for r in ours]


def test_the_same_request_gives_the_same_bytes(http: httpx.Client) -> None:
    first = http.get(PATH).content
    again = http.get(PATH.replace("observations.crate.zip", "observations").replace("?", "?format=crate&"))
    assert zipfile.ZipFile(io.BytesIO(first)).read("rows.csv") == opened(again).read("rows.csv")
    assert first == http.get(PATH, headers={"Accept-Language": "en"}).content.replace(b"", b"")


def test_the_answer_is_named_as_a_file_to_keep(http: httpx.Client) -> None:
    release = http.get("/ready").json()["release"][:12]
    named = http.get(PATH).headers["Content-Disposition"]
    assert named == f'attachment; filename="observations-{release}.crate.zip"'


@pytest.mark.parametrize("name", NAMES)
def test_every_canned_query_has_one(http: httpx.Client, name: str) -> None:
    example = Catalogue.read(content_root() / "queries").get(name).example
    archive = opened(http.get(f"/queries/{name}.crate.zip", params=example))
    assert "CITATION.cff" in archive.namelist()
    assert archive.testzip() is None
