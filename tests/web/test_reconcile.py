"""`/reconcile` from outside, as OpenRefine asks it (version 0.2) and as version 1.0 of the API has it, on the five reports."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import httpx
import pytest

from reformgraph.reconciliation.reconcilable import TYPES
from tiny_graph import CHECKOUT

BASE = "https://w3id.org/reformgraph/"
DALIAN = "agency/dalian-shi-gonganju"
ROOTS = ("/reconcile", "/reconcile/1.0-draft")


@pytest.fixture(scope="module")
def http(server: str) -> Any:
    with httpx.Client(base_url=server, timeout=30, headers={"Accept-Language": "zh"}) as client:
        yield client


def ask(http: httpx.Client, text: str, **more: Any) -> list[dict[str, Any]]:
    batch = {"q": {"query": text, **more}}
    answer = http.post("/reconcile", data={"queries": json.dumps(batch)})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json; charset=utf-8"), answer.text
    found: list[dict[str, Any]] = answer.json()["q"]["result"]
    return found


def extend(http: httpx.Client, ids: list[str], *properties: str) -> dict[str, Any]:
    asked = {"ids": ids, "properties": [{"id": name} for name in properties]}
    answer: dict[str, Any] = http.post("/reconcile", data={"extend": json.dumps(asked)}).json()
    return answer


def refused(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert (answer.status_code, answer.headers["content-type"]) == (
        status, "application/problem+json; charset=utf-8",
    ), answer.text  # fmt: skip
    found: dict[str, Any] = answer.json()
    return found


def test_the_manifest_tells_where_everything_is(http: httpx.Client) -> None:
    manifest = http.get("/reconcile").json()
    assert (manifest["versions"], manifest["identifierSpace"], manifest["batchSize"]) == (["0.2"], BASE, 50)
    assert [known["id"] for known in manifest["defaultTypes"]] == list(TYPES)
    assert "person" not in TYPES
    here = f"{http.base_url}/reconcile".replace("//reconcile", "/reconcile")
    for name, metadata in manifest["suggest"].items():
        address = metadata["service_url"] + metadata["service_path"]
        assert address == f"{here}/suggest/{name}"
        assert http.get(address, params={"prefix": "a"}).status_code == 200
    proposing = manifest["extend"]["propose_properties"]
    assert http.get(proposing["service_url"] + proposing["service_path"], params={"type": "agency"}).status_code == 200


def test_addresses_of_the_manifest_lead_to_the_thing(http: httpx.Client) -> None:
    manifest = http.get("/reconcile").json()
    for address in (manifest["view"]["url"], manifest["preview"]["url"]):
        answer = http.get(address.replace("{{id}}", DALIAN.replace("/", "%2F")), headers={"Accept": "text/html"})
        assert answer.status_code == 200
        assert "<h1" in answer.text
        assert "大连市公安局" in answer.text


@pytest.mark.parametrize(
    "name", ["大连市公安局", "大连公安", "Public Security Bureau of Dalian", BASE + DALIAN, DALIAN]
)
def test_label_alias_and_identifier_are_a_match(http: httpx.Client, name: str) -> None:
    best = ask(http, name)[0]
    assert (best["id"], best["name"], best["match"]) == (DALIAN, "大连市公安局", True)
    assert best["type"] == [{"id": "agency", "name": "公安机关"}]


@pytest.mark.parametrize(
    "name", ["大连市局", "大连公安局", "dalianshigonganju", "dlsgaj", "大链市公安局", "大连公安局 "]
)
def test_short_forms_pinyin_and_slips_find_the_bureau_but_are_no_match(http: httpx.Client, name: str) -> None:
    found = ask(http, name, type="agency")
    assert found[0]["id"] == DALIAN
    assert not any(candidate["match"] for candidate in found)


def test_a_nickname_of_any_city_is_a_match_only_with_a_property(http: httpx.Client) -> None:
    alone = ask(http, "刑侦支队")
    assert alone[0]["id"] == f"{DALIAN}-xingzhen-zhidui"
    assert not any(candidate["match"] for candidate in alone)
    for value in ("大连市公安局", "大连公安", {"id": DALIAN}, ["厦门市公安局", "大连市公安局"]):
        found = ask(http, "刑侦支队", properties=[{"pid": "parent", "v": value}])
        assert [(c["id"], c["features"][0]["value"]) for c in found if c["match"]] == [(alone[0]["id"], True)]


def test_a_property_that_does_not_hold_lowers_the_score_and_takes_the_match(http: httpx.Client) -> None:
    best = ask(http, "大连市公安局", properties=[{"pid": "area", "v": "厦门市"}, {"pid": "level", "v": "prefecture"}])[
        0
    ]
    held = {feature["id"]: feature["value"] for feature in best["features"]}
    assert held == {"area": False, "level": True}
    assert (best["id"], best["score"], best["match"]) == (DALIAN, 75.0, False)


def test_scores_go_down_and_stay_within_a_hundred(http: httpx.Client) -> None:
    for name in ("大连", "公安", "system", "计算机"):
        scores = [candidate["score"] for candidate in ask(http, name, limit=50)]
        assert scores == sorted(scores, reverse=True)
        assert 0 <= scores[-1] <= scores[0] <= 100


def test_types_and_limit_narrow_the_candidates(http: httpx.Client) -> None:
    assert {candidate["type"][0]["id"] for candidate in ask(http, "大连", type=["system", "body"], limit=50)} == {
        "system", "body",
    }  # fmt: skip
    assert len(ask(http, "大连", limit=3)) == 3


def test_properties_alone_find_what_holds_them(http: httpx.Client) -> None:
    answer = http.get(
        "/reconcile", params={"queries": json.dumps({"a": {"properties": [{"pid": "areaCode", "v": 210200}]}})}
    )
    assert [(c["id"], c["match"]) for c in answer.json()["a"]["result"]] == [("place/cn-210200", True)]
    under = ask(http, "", type="agency", properties=[{"pid": "parent", "v": DALIAN}], limit=50)
    assert len(under) > 2
    assert not any(candidate["match"] for candidate in under)


def test_persons_are_not_reconciled(http: httpx.Client) -> None:
    holders = {row["personZh"]: row["person"] for row in http.get("/queries/office-holders").json()["rows"]}
    assert holders
    for name, iri in holders.items():
        for text in (name, iri):
            assert all(candidate["type"][0]["id"] in TYPES for candidate in ask(http, text, limit=50))
        told = extend(http, [iri, iri.removeprefix(BASE)], "zh", "iri")
        assert all(values == {"zh": [], "iri": []} for values in told["rows"].values())
    refused(http.get("/reconcile/preview", params={"id": next(iter(holders.values()))}), 404)
    assert (
        "type"
        in refused(http.get("/reconcile/suggest/entity", params={"prefix": "王", "type": "person"}), 422)["detail"]
    )


def test_a_blank_cell_has_no_candidates_and_spoils_no_batch(http: httpx.Client) -> None:
    batch = {"blank": {"query": "  "}, "name": {"query": "厦门市"}}
    answer = http.post("/reconcile", data={"queries": json.dumps(batch)}).json()
    assert answer["blank"] == {"result": []}
    assert answer["name"]["result"][0]["id"] == "place/cn-350200"


def test_data_extension_tells_things_codes_and_what_is_absent(http: httpx.Client) -> None:
    told = extend(http, [DALIAN, "place/cn-210200", "agency/nope"], "parent", "area", "level", "areaCode")
    assert [meta.get("type", {}).get("id") for meta in told["meta"]] == ["agency", "place", None, None]
    assert told["rows"][DALIAN] == {
        "parent": [{"id": "agency/liaoning-sheng-gonganting", "name": "辽宁省公安厅"}],
        "area": [{"id": "place/cn-210200", "name": "大连市"}],
        "level": [{"str": "地市级"}],
        "areaCode": [],
    }
    assert told["rows"]["place/cn-210200"]["areaCode"] == [{"str": "210200"}]
    assert told["rows"]["agency/nope"] == {"parent": [], "area": [], "level": [], "areaCode": []}


@pytest.mark.parametrize("root", ROOTS)
def test_suggestions_begin_as_typed_and_go_on_after_the_cursor(http: httpx.Client, root: str) -> None:
    def suggested(what: str, **params: Any) -> list[str]:
        return [found["id"] for found in http.get(f"{root}/suggest/{what}", params=params).json()["result"]]

    assert suggested("entity", prefix="大连市公安")[0] == DALIAN
    assert suggested("entity", prefix=DALIAN) == [DALIAN]
    first = suggested("entity", prefix="大连", limit=4)
    assert suggested("entity", prefix="大连", limit=2) + suggested("entity", prefix="大连", limit=2, cursor=2) == first
    assert set(suggested("entity", prefix="大连", type="place")) == {"place/cn-210200"}
    assert suggested("type", prefix="系统") == ["system"]
    assert suggested("property", prefix="parent") == ["parent"]
    assert suggested("entity", prefix="") == []


@pytest.mark.parametrize("root", ROOTS)
def test_properties_are_proposed_by_type(http: httpx.Client, root: str) -> None:
    proposed = http.get(f"{root}/extend/propose", params={"type": "metric", "limit": 50}).json()
    names = [found["id"] for found in proposed["properties"]]
    assert proposed["type"] == "metric"
    assert {"zh", "en", "alias", "unit", "kind", "broader"} <= set(names)
    assert "parent" not in names
    assert len(http.get(f"{root}/extend/propose", params={"type": "metric", "limit": 2}).json()["properties"]) == 2


@pytest.mark.parametrize("root", ROOTS)
def test_a_preview_may_be_framed_by_the_tool_and_a_page_may_not(http: httpx.Client, root: str) -> None:
    answer = http.get(f"{root}/preview", params={"id": DALIAN, "lang": "en"})
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert "script-src 'none'" in answer.headers["content-security-policy"]
    assert "Public Security Department of Liaoning" in answer.text
    assert "frame-ancestors 'none'" in http.get("/reconcile").headers["content-security-policy"]
    refused(http.get(f"{root}/preview", params={"id": "agency/nope"}), 404)


def test_every_origin_may_ask(http: httpx.Client) -> None:
    asked = {"Origin": "http://openrefine.example", "Access-Control-Request-Method": "POST"}
    for path in ("/reconcile", "/reconcile/1.0-draft/match"):
        assert http.options(path, headers=asked).headers["access-control-allow-methods"].count("POST") == 1
    answer = http.get("/reconcile", headers={"Origin": "http://openrefine.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert refused(http.get("/reconcile?callback=f"), 422)["parameter"] == "callback"


def test_names_come_in_the_language_of_the_caller(http: httpx.Client) -> None:
    batch = json.dumps({"q": {"query": "大连市公安局"}})
    for params, headers in (({"lang": "en"}, {}), ({}, {"Accept-Language": "en"})):
        answer = http.post("/reconcile", params=params, headers=headers, data={"queries": batch})
        assert answer.json()["q"]["result"][0]["name"] == "Public Security Bureau of Dalian"


@pytest.mark.parametrize(
    ("queries", "parameter"),
    [
        ("{", "queries"),
        ("[]", "queries"),
        ("[" * 100_000, "queries"),
        ('{"q": "大连"}', "queries.q"),
        ('{"q": {}}', "queries.q"),
        ('{"q": {"query": 7}}', "queries.q"),
        ('{"q": {"query": "' + "大" * 201 + '"}}', "queries.q"),
        ('{"q": {"query": "a", "limit": 0}}', "queries.q.limit"),
        ('{"q": {"query": "a", "limit": 1000}}', "queries.q.limit"),
        ('{"q": {"query": "a", "type": "person"}}', "queries.q.type"),
        ('{"q": {"query": "a", "nope": 1}}', "queries.q.nope"),
        ('{"q": {"query": "a", "properties": [{"pid": "nope", "v": 1}]}}', "queries.q.properties.pid"),
        ('{"q": {"query": "a", "properties": [{"pid": "parent", "v": {}}]}}', "queries.q.properties.v"),
    ],
)
def test_a_faulty_batch_is_told_with_its_place(http: httpx.Client, queries: str, parameter: str) -> None:
    assert refused(http.post("/reconcile", data={"queries": queries}), 422)["parameter"] == parameter


def test_too_much_at_once_is_refused(http: httpx.Client) -> None:
    batch = {str(number): {"query": "大连"} for number in range(51)}
    assert "50" in refused(http.post("/reconcile", data={"queries": json.dumps(batch)}), 413)["detail"]
    asked = {"ids": [DALIAN] * 201, "properties": [{"id": "parent"}]}
    refused(http.post("/reconcile", data={"extend": json.dumps(asked)}), 413)
    refused(http.post("/reconcile", data={"queries": "x" * 1_000_001}), 413)
    draft = {"queries": [{"conditions": [{"matchType": "name", "propertyValue": "大连"}]}] * 51}
    refused(http.post("/reconcile/1.0-draft/match", json=draft), 413)
    refused(http.post("/reconcile/1.0-draft/extend", json=asked), 413)


def test_a_body_of_another_type_and_an_empty_form_are_told(http: httpx.Client) -> None:
    assert "urlencoded" in refused(http.post("/reconcile", json={}), 415)["detail"]
    assert "application/json" in refused(http.post("/reconcile/1.0-draft/match", data={"queries": "{}"}), 415)["detail"]
    assert refused(http.post("/reconcile", data={"x": "y"}), 422)["parameter"] == "queries"
    answer = http.put("/reconcile")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")


def draft(http: httpx.Client, *conditions: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    answer = http.post("/reconcile/1.0-draft/match", json={"queries": [{"conditions": conditions, **more}]})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["results"][0]["candidates"]
    return found


def test_version_1_0_answers_the_same_in_its_own_shape(http: httpx.Client) -> None:
    manifest = http.get("/reconcile/1.0-draft").json()
    assert (manifest["versions"], manifest["standardizedScore"]) == (["1.0-draft"], True)
    assert manifest["suggest"] == {"entity": True, "type": True, "property": True}
    named = {"matchType": "name", "propertyValue": "大连市公安局"}
    assert draft(http, named, type="agency", limit=10) == ask(http, "大连市公安局", type="agency", limit=10)
    assert draft(http, {"matchType": "id", "propertyValue": DALIAN})[0]["match"] is True
    asked = {"ids": [DALIAN], "properties": [{"id": "parent"}]}
    told = http.post("/reconcile/1.0-draft/extend", json=asked).json()
    cells = extend(http, [DALIAN], "parent")["rows"][DALIAN]["parent"]
    assert told["rows"] == [{"id": DALIAN, "properties": [{"id": "parent", "values": cells}]}]


def test_conditions_of_version_1_0_are_required_and_quantified(http: httpx.Client) -> None:
    def under(value: Any, **more: Any) -> dict[str, Any]:
        return {"matchType": "property", "propertyId": "parent", "propertyValue": value, **more}

    named = {"matchType": "name", "propertyValue": "支队"}
    assert draft(http, named, under("厦门市公安局", required=True)) == []
    found = draft(http, named, under(["大连市公安局", "厦门市公安局"], required=True))
    assert found
    assert draft(http, named, under(["大连市公安局", "厦门市公安局"], required=True, matchQuantifier="all")) == []
    others = draft(http, named, under("大连市公安局", required=True, matchQuantifier="none"), limit=50)
    assert {one["id"] for one in others} & {one["id"] for one in found} == set()
    answer = http.post(
        "/reconcile/1.0-draft/match", json={"queries": [{"conditions": [under("x", matchQualifier="Fuzzy")]}]}
    )
    assert refused(answer, 422)["allowed"] == ["ExactMatch"]


def test_an_answer_to_get_holds_until_the_release_changes(http: httpx.Client) -> None:
    tag = http.get("/reconcile").headers["etag"]
    assert http.get("/reconcile", headers={"If-None-Match": tag}).status_code == 304
    assert http.head("/reconcile").status_code == 200


def test_the_how_to_is_true_to_the_letter(server: str) -> None:
    text = (CHECKOUT / "docs" / "how-to" / "openrefine.md").read_text("utf-8")
    blocks = [block.split("\n", 1)[1] for block in text.split("```")[1::2]]
    assert len(blocks) == 4
    for command, told in zip(blocks[::2], blocks[1::2], strict=True):
        asked = command.replace("http://127.0.0.1:8000", server)
        done = subprocess.run(["sh", "-c", asked], capture_output=True, text=True, check=True)
        assert done.stdout == told.strip()
