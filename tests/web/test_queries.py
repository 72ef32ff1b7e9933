"""`/queries` from outside, by the contract."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import pytest

from reformgraph.content import content_root

DALIAN = "https://w3id.org/reformgraph/agency/dalian-shi-gonganju"
TABLE = (
    "observation metric metricZh metricEn value unit unitWord bound lower upper kind modality frequency "
    "agency agencyZh area areaZh areaCode initiative initiativeZh system systemZh periodStart periodEnd "
    "baselineStart baselineEnd rankAmong partOf measuredAgainst claimant claimantZh voice dataSource "
    "document start end exact inferred release "
).split()


@pytest.fixture(scope="module")
def http(server: str) -> Any:
    with httpx.Client(base_url=server, timeout=30) as client:
        yield client


def test_the_json_has_the_members_of_the_contract(http: httpx.Client) -> None:
    body = http.get("/queries/observations", params={"agency": "大连市公安局", "kind": "change"}).json()
    assert list(body) == ["query", "version", "release", "parameters", "columns", "columnTitles", "rows", "next"]
    assert body["columns"] == TABLE
    assert body["parameters"]["agency"] == {"given": "大连市公安局", "read": DALIAN, "label": "大连市公安局"}
    assert [(row["value"], row["exact"]) for row in body["rows"]] == [(-30.6, "下降了30.6%"), (-40, "下降了40%")]
    assert body["rows"][0]["unit"] == "http://qudt.org/vocab/unit/PERCENT"
    assert body["rows"][0]["release"] == body["release"]
    assert body["next"] is None


def test_no_cell_that_must_be_there_is_empty(http: httpx.Client) -> None:
    rows = http.get("/queries/observations", params={"limit": "1000"}).json()["rows"]
    assert len(rows) == 207
    for row in rows:
        assert all(row[name] not in (None, "") for name in ("agency", "start", "end", "exact", "release", "document"))
        assert row["end"] - row["start"] == len(row["exact"])


@pytest.mark.parametrize(
    "name", ["大连市公安局", "大连公安", "dalian-shi-gonganju", "agency:dalian-shi-gonganju", DALIAN]
)
def test_a_thing_is_named_by_label_alias_slug_curie_or_iri(http: httpx.Client, name: str) -> None:
    body = http.get("/queries/agency-profile", params={"agency": name}).json()
    assert body["parameters"]["agency"]["read"] == DALIAN


def test_walking_next_gives_every_row_once(http: httpx.Client) -> None:
    whole = http.get("/queries/entities", params={"limit": "5000"}).json()["rows"]
    walked, url = [], "/queries/entities?limit=37"
    while url:
        answer = http.get(url)
        walked += answer.json()["rows"]
        url = answer.json()["next"]
        assert answer.links.get("next", {}).get("url") == url
    assert walked == whole


def test_csv_holds_all_rows_and_can_have_a_byte_order_mark(http: httpx.Client) -> None:
    answer = http.get("/queries/observations.csv")
    table = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert (table[0], len(table)) == (TABLE, 208)
    assert http.get("/queries/observations.csv?bom=1").content == b"\xef\xbb\xbf" + answer.content


def test_several_values_are_a_union(http: httpx.Client) -> None:
    both = http.get("/queries/observations", params={"kind": ["change", "money"], "limit": "1000"}).json()["rows"]
    assert {row["kind"] for row in both} == {"change", "money"}


@pytest.mark.parametrize(("suffix", "media_type"), [("json", "application/json"), ("csv", "text/csv"), ("tsv", "text/tab-separated-values"), ("srj", "application/sparql-results+json"), ("srx", "application/sparql-results+xml"), ("html", "text/html"), ("rq", "application/sparql-query")])  # fmt: skip
def test_suffix_parameter_and_accept_choose_the_same_format(http: httpx.Client, suffix: str, media_type: str) -> None:
    path = "/queries/compare-metric"
    parameters = {"metric": "computers"}
    answers = [
        http.get(f"{path}.{suffix}", params=parameters),
        http.get(path, params=parameters | {"format": suffix}),
        http.get(path, params=parameters, headers={"Accept": media_type}),
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.headers["content-type"] for answer in answers} == {f"{media_type}; charset=utf-8"}


@pytest.mark.parametrize(
    ("path", "status", "parameter"),
    [
        ("/queries/observations?nope=1", 422, "nope"),
        ("/queries/observations?kind=size", 422, "kind"),
        ("/queries/observations?from=yesterday", 422, "from"),
        ("/queries/observations?agency=%E6%B5%B7%E5%B8%82", 422, "agency"),
        ("/queries/observations?limit=0", 422, "limit"),
        ("/queries/observations?limit=99999999", 422, "limit"),
        ("/queries/observations?cursor=000000000000.5", 422, "cursor"),
        ("/queries/observations?format=docx", 422, "format"),
        ("/queries/evidence", 422, "observation"),
        ("/queries/observation", 404, None),
    ],
)
def test_a_users_mistake_is_told_as_a_problem(
    http: httpx.Client, path: str, status: int, parameter: str | None
) -> None:
    answer = http.get(path)
    body = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json; charset=utf-8")
    assert body.get("parameter") == parameter
    assert body["detail"]


def test_near_names_and_allowed_values_are_named(http: httpx.Client) -> None:
    assert "observations" in http.get("/queries/observation").json()["nearest"]
    assert "change-pp" in http.get("/queries/observations?kind=size").json()["allowed"]
    assert "agency" in http.get("/queries/observations?nope=1").json()["allowed"]


@pytest.mark.parametrize("text", ['x" } } DROP ALL', "> } UNION { ?s ?p ?o", "obs:1-2> }", "a\\u003e", "\x00", "'\"\\"])
def test_no_parameter_becomes_sparql(http: httpx.Client, text: str) -> None:
    assert http.get("/queries/observations", params={"agency": text}).status_code == 422
    assert http.get("/queries/entities", params={"type": text}).json()["rows"] == []


def test_an_etag_saves_the_answer_and_head_has_no_body(http: httpx.Client) -> None:
    first = http.get("/queries/observations")
    again = http.get("/queries/observations", headers={"If-None-Match": first.headers["etag"]})
    head = http.head("/queries/observations")
    assert (again.status_code, again.content) == (304, b"")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", first.headers["etag"])
    assert {"Accept", "Accept-Language"} <= set(first.headers["vary"].split(", "))


def test_a_form_asks_like_a_url_and_other_methods_are_refused(http: httpx.Client) -> None:
    parameters = {"kind": "rank"}
    assert http.post("/queries/observations", data=parameters).json()["rows"] == http.get("/queries/observations", params=parameters).json()["rows"]  # fmt: skip
    refused = http.delete("/queries/observations")
    assert refused.status_code == 405
    assert "GET" in refused.headers["allow"]


def test_openapi_names_every_query_and_its_example_runs(http: httpx.Client) -> None:
    from openapi_spec_validator import validate

    document = http.get("/openapi.json").json()
    validate(document)
    for entry in http.get("/queries").json()["queries"]:
        operation = document["paths"][f"/queries/{entry['name']}"]["get"]
        assert {p["name"] for p in entry["parameters"]} <= {p["name"] for p in operation["parameters"]}
        examples = {p["name"]: p["example"] for p in operation["parameters"] if "example" in p}
        for answer in (http.get(f"/queries/{entry['name']}", params=examples), http.get(entry["example"])):
            assert answer.status_code == 200
            # No two of the five reports tell the same figure: the one query that may answer nothing.
            assert bool(answer.json()["rows"]) == (entry["name"] != "disagreements")


def whole_walk(http: httpx.Client, first: httpx.Response) -> list[dict[str, Any]]:
    """The rows of an answer and of all that follow it by `next`."""
    body = first.json()
    walked = body["rows"]
    while body["next"]:
        body = http.get(body["next"]).json()
        walked += body["rows"]
    return walked


def test_walking_from_a_form_gives_the_rows_of_that_form(http: httpx.Client) -> None:
    whole = http.get("/queries/observations", params={"kind": "money", "limit": "1000"}).json()["rows"]
    first = http.post("/queries/observations", data={"kind": "money", "limit": "2"})
    assert whole_walk(http, first) == whole


def test_link_names_the_first_page_without_a_cursor_and_the_one_before(http: httpx.Client) -> None:
    first = http.get("/queries/observations?limit=7")
    second = http.get(first.links["next"]["url"])
    assert first.links["first"]["url"] == second.links["first"]["url"] == str(first.url)
    assert second.links["prev"]["url"] == str(first.url)
    assert "prev" not in first.links


@pytest.mark.parametrize("name", ["observations", "entities", "compare-metric"])
def test_csv_has_the_cells_of_the_json_rows(http: httpx.Client, name: str) -> None:
    given = {"metric": "computers-per-officer"} if name == "compare-metric" else {}
    body = http.get(f"/queries/{name}", params=given | {"limit": "10000"}).json()
    table = csv.DictReader(io.StringIO(http.get(f"/queries/{name}.csv", params=given).text, newline=""))
    told = [{key: "" if value is None else str(value) for key, value in row.items()} for row in body["rows"]]
    assert told
    assert list(table) == told


def test_limit_cuts_the_whole_formats_too(http: httpx.Client) -> None:
    assert http.get("/queries/observations.csv?limit=3").text.count("\r\n") == 4


def test_the_query_itself_runs_in_another_engine(http: httpx.Client) -> None:
    text = http.get("/queries/observations.rq").text
    assert text == (content_root() / "queries" / "observations.rq").read_text("utf-8")
    assert http.post("/sparql", data={"query": text}).json()["head"]["vars"] == TABLE


@pytest.mark.parametrize("path", ["/queries/observations?nope=1", "/queries/observations?kind=size", "/sparql?query=x"])
def test_a_bad_request_stays_bad_with_if_none_match(http: httpx.Client, path: str) -> None:
    assert 400 <= http.get(path, headers={"If-None-Match": "*"}).status_code <= 499


def test_a_body_that_is_no_form_is_refused_and_not_overlooked(http: httpx.Client) -> None:
    assert http.post("/queries/observations", json={"kind": "money"}).status_code == 415


def test_405_names_every_method_that_is_allowed(http: httpx.Client) -> None:
    for method in ("PUT", "PATCH", "DELETE"):
        refused = http.request(method, "/queries/observations")
        assert refused.status_code == 405
        assert refused.headers["allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize("path", ["/openapi.json", "/health", "/ready", "/queries", "/docs", "/ns", "/sparql", "/"])
def test_text_says_its_character_set_and_head_is_known(http: httpx.Client, path: str) -> None:
    head = http.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"].endswith("charset=utf-8")


def test_a_page_elsewhere_may_read_answers_and_post_to_sparql(http: httpx.Client) -> None:
    asked = {"Origin": "http://elsewhere", "Access-Control-Request-Method": "POST"}
    preflight = http.options("/sparql", headers=asked)
    answer = http.get("/queries/observations", headers={"Origin": "http://elsewhere"})
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert set(answer.headers["access-control-expose-headers"].split(", ")) >= {"ETag", "Link", "Retry-After"}


def test_injection_leaves_the_graph_as_it_was(http: httpx.Client) -> None:
    before = http.get("/queries/observations.csv").content
    for text in ('"} } ; DROP ALL #', "UNDEF } INSERT DATA { <a:a> <a:a> <a:a> } #"):
        http.get("/queries/observations", params={"agency": text, "limit": text, "cursor": text})
        http.post("/queries/entities", data={"type": text, "entity": text})
    assert http.get("/queries/observations.csv").content == before
