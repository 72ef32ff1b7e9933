"""`/openapi.json` is a valid document, and what it tells of the canned queries is true."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from openapi_spec_validator import validate

from reformgraph.canned.files import read_folder
from reformgraph.content import content_root

QUERIES = {query.name: query for query in read_folder(content_root() / "queries")}


@pytest.fixture(scope="module")
def http(server: str) -> Any:
    with httpx.Client(base_url=server, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def document(http: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = http.get("/openapi.json").json()
    return found


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)
    assert document["openapi"].startswith("3.1")


def test_every_query_file_and_nothing_else_is_an_operation(document: dict[str, Any]) -> None:
    named = {path.removeprefix("/queries/") for path in document["paths"] if path.startswith("/queries/")}
    assert named == QUERIES.keys()


@pytest.mark.parametrize("name", QUERIES)
def test_an_operation_names_each_parameter_of_the_file(document: dict[str, Any], name: str) -> None:
    told = {p["name"]: p for p in document["paths"][f"/queries/{name}"]["get"]["parameters"]}
    for parameter in QUERIES[name].parameters:
        assert told[parameter.name]["required"] == parameter.required
        assert (told[parameter.name]["schema"]["type"] == "array") == parameter.many
    assert {"sort", "filter", "fields", "lang", "format", "limit", "cursor", "bom"} <= told.keys()
    assert all(f"`{column}`" in told["fields"]["description"] for column in QUERIES[name].columns)


@pytest.mark.parametrize("name", QUERIES)
def test_the_example_of_an_operation_answers_with_rows(http: httpx.Client, document: dict[str, Any], name: str) -> None:
    told = document["paths"][f"/queries/{name}"]["get"]["parameters"]
    required = {p["name"]: p["example"] for p in told if p["required"]}
    for given in (required, QUERIES[name].example):
        answer = http.get(f"/queries/{name}", params=given)
        assert answer.status_code == 200, given
        # No two of the five reports tell the same figure: the one query that may answer nothing.
        assert bool(answer.json()["rows"]) == (name != "disagreements"), given


@pytest.mark.parametrize("name", QUERIES)
def test_answers_have_the_members_that_the_schema_requires(
    http: httpx.Client, document: dict[str, Any], name: str
) -> None:
    schemas = document["components"]["schemas"]
    answer = http.get(f"/queries/{name}", params=QUERIES[name].example).json()
    problem = http.get(f"/queries/{name}", params={"nope": "1"}).json()
    assert list(answer) == schemas["Rows"]["required"]
    assert set(schemas["Problem"]["required"]) <= problem.keys() <= schemas["Problem"]["properties"].keys()


@pytest.mark.parametrize("name", QUERIES)
def test_every_media_type_that_is_promised_is_given(http: httpx.Client, document: dict[str, Any], name: str) -> None:
    promised = document["paths"][f"/queries/{name}"]["get"]["responses"]["200"]["content"]
    assert len(promised) >= 7
    for media_type in promised:
        answer = http.get(f"/queries/{name}", params=QUERIES[name].example, headers={"Accept": media_type})
        binary = media_type.startswith("application/vnd.") or media_type == "application/zip"
        assert answer.headers["content-type"] == (media_type if binary else f"{media_type}; charset=utf-8")
