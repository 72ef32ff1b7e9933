"""`/search` from outside, by the contract."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import httpx
import pytest

BASE = "https://w3id.org/reformgraph/"
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def http(server: str) -> Any:
    with httpx.Client(base_url=server, timeout=30) as client:
        yield client


def search(http: httpx.Client, **parameters: Any) -> dict[str, Any]:
    answer = http.get("/search", params=parameters)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_the_json_has_its_members(http: httpx.Client) -> None:
    body = search(http, q="大连")
    assert list(body) == ["q", "release", "parameters", "total", "facets", "results", "counts", "nearest", "next"]
    first = body["results"][0]
    assert list(first) == ["iri", "kind", "zh", "en", "matched", "score", "evidence"]
    assert (first["iri"], first["kind"], first["zh"], first["en"]) == (
        f"{BASE}place/cn-210200", "place", "大连市", "Dalian",
    )  # fmt: skip
    assert first["matched"] == {"field": "alias", "language": "zh", "text": "大连", "marks": [[0, 2]]}
    scores = [result["score"] for result in body["results"]]
    assert scores == sorted(scores, reverse=True)


def test_a_figure_leaves_with_unit_bound_period_voice_and_words(http: httpx.Client) -> None:
    (result,) = search(http, q="13000")["results"]
    told = result["evidence"]
    assert told["observation"] == result["iri"] == f"{BASE}obs/826ec1811efe-1157-1164"
    assert (told["exact"], told["document"], told["start"], told["end"]) == ("13000余台", "826ec1811efe", 1157, 1164)
    assert (told["value"], told["bound"], told["periodEnd"]) == (13000, "over", "2009-12-15")
    assert (told["unit"], told["voice"]) == ("http://qudt.org/vocab/unit/NUM", "self-report")
    assert told["agencyZh"] == told["claimantZh"] == "大连市公安局"


def test_every_figure_that_is_found_is_told_as_the_table_tells_it(http: httpx.Client) -> None:
    table = http.get("/queries/observations", params={"limit": "1000"}).json()["rows"]
    rows = {row["observation"]: row for row in table}
    hits = [hit for q in ("%", "5", "2", "100", "个", "第一") for hit in search(http, q=q, kind="obs")["results"]]
    assert len(hits) > 20
    for hit in hits:
        row = rows[hit["iri"]]
        same = ("value", "unit", "bound", "kind", "periodStart", "periodEnd", "voice", "claimant", "agency", "document")
        assert {name: hit["evidence"][name] for name in same} == {name: row[name] for name in same}


@pytest.mark.parametrize("parameters", [{"q": "公安"}, {"q": "jianshe"}, {"q": "公安", "kind": ["agency", "claim"]}])
def test_walking_next_gives_every_result_once(http: httpx.Client, parameters: dict[str, Any]) -> None:
    whole = search(http, **parameters, limit=5000)
    walked, url = [], str(httpx.URL("/search", params={**parameters, "limit": 9}))
    while url:
        answer = http.get(url)
        walked += answer.json()["results"]
        url = answer.json()["next"]
        assert answer.links.get("next", {}).get("url") == url
    assert walked == whole["results"]
    assert len({result["iri"] for result in walked}) == len(walked) == whole["total"]
    counts = {kind: sum(result["kind"] == kind for result in walked) for kind in {r["kind"] for r in walked}}
    assert counts.items() <= whole["facets"].items()
    assert whole["total"] == sum(whole["facets"][kind] for kind in parameters.get("kind", whole["facets"]))


def test_results_are_narrowed_by_body_and_document(http: httpx.Client) -> None:
    body = search(http, q="公安", agency="大连公安", document="826ec1811efe", limit=1000)
    assert body["parameters"]["agency"][0] | {"label": "大连市公安局"} == body["parameters"]["agency"][0]
    assert 0 < body["total"] < search(http, q="公安")["total"]
    told = [result["evidence"] for result in body["results"] if result["evidence"]]
    assert {place["document"] for place in told} == {"826ec1811efe"}


def test_results_are_narrowed_by_initiative_year_voice_and_bound(http: httpx.Client) -> None:
    whole = search(http, q="个", limit=1000)
    assert list(whole["counts"]) == ["agency", "initiative", "period", "voice", "bound"]
    for name in ("initiative", "period", "voice", "bound"):
        for told in whole["counts"][name]:
            body = search(http, q="个", limit=1000, **{name: told["value"]})
            assert body["total"] == len(body["results"]) == told["count"] > 0, told
    years = [told["value"] for told in whole["counts"]["period"]]
    assert years == sorted(years)


def test_facets_hold_together_and_values_of_one_add_up(http: httpx.Client) -> None:
    body = search(http, q="个", voice="self-report", bound="over", limit=1000)
    assert body["total"] > 0
    assert {(r["evidence"]["voice"], r["evidence"]["bound"]) for r in body["results"]} == {("self-report", "over")}
    counts = [search(http, q="个", bound=bound)["total"] for bound in (["over"], ["exact"], ["over", "exact"])]
    assert counts[0] + counts[1] == counts[2]


def test_a_figure_is_of_each_year_that_its_period_touches(http: httpx.Client) -> None:
    for hit in search(http, q="个", period="2009", kind="obs", limit=1000)["results"]:
        told = hit["evidence"]
        assert (told["periodStart"] or told["periodEnd"])[:4] <= "2009" <= told["periodEnd"][:4]


def test_no_name_of_a_person_finds_a_person(http: httpx.Client) -> None:
    persons = http.get("/person.json").json()["members"]
    assert len(persons) >= 9
    for person in persons:
        for name in (person["zh"], person["en"]):
            body = search(http, q=name, limit=1000)
            assert all(not result["iri"].startswith(f"{BASE}person/") for result in body["results"] + body["nearest"])
            assert all(name not in (result["evidence"] or {}).get("exact", "") for result in body["results"])


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({}, "q"),
        ({"q": ""}, "q"),
        ({"q": " 　 "}, "q"),
        ({"q": "公" * 201}, "q"),
        ({"q": ["a", "b"]}, "q"),
        ({"q": "a", "nope": "1"}, "nope"),
        ({"q": "a", "kind": "person"}, "kind"),
        ({"q": "a", "agency": "大连市"}, "agency"),
        ({"q": "a", "document": "nope"}, "document"),
        ({"q": "a", "initiative": "nope"}, "initiative"),
        ({"q": "a", "period": "last year"}, "period"),
        ({"q": "a", "voice": "loud"}, "voice"),
        ({"q": "a", "bound": "nope"}, "bound"),
        ({"q": "a", "limit": "0"}, "limit"),
        ({"q": "a", "limit": "10001"}, "limit"),
        ({"q": "a", "cursor": "x"}, "cursor"),
        ({"q": "a", "cursor": "0123456789ab.3"}, "cursor"),
        ({"q": "a", "lang": "fr"}, "lang"),
        ({"q": "a", "format": "csv"}, "format"),
    ],
)
def test_what_does_not_fit_is_422_and_named(http: httpx.Client, parameters: dict[str, Any], name: str) -> None:
    answer = http.get("/search", params=parameters)
    assert (answer.status_code, answer.json()["parameter"]) == (422, name)
    assert answer.headers["content-type"] == "application/problem+json; charset=utf-8"


@pytest.mark.parametrize(
    "q",
    ["OR", '"', "*", "NEAR(a b)", "a AND", "-x", "🚓", "公" * 200, "a" * 200, "x\x00y", "(", "😀公安", "' OR 1=1 --"],
)
def test_any_text_is_answered(http: httpx.Client, q: str) -> None:
    for headers in ({}, HTML):
        answer = http.get("/search", params={"q": q}, headers=headers)
        assert answer.status_code == 200


def test_full_width_and_padded_text_is_the_same_question(http: httpx.Client) -> None:
    plain = search(http, q="110")["results"]
    assert plain == search(http, q="１１０")["results"] == search(http, q="  110 ")["results"] != []


def test_an_answer_is_known_by_its_etag(http: httpx.Client) -> None:
    first = http.get("/search", params={"q": "公安"})
    again = http.get("/search", params={"q": "公安"}, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["vary"].startswith("Accept, Accept-Language")
    assert http.get("/search", params={"q": "大连"}).headers["etag"] != first.headers["etag"]
    head = http.head("/search", params={"q": "公安"})
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", first.headers["etag"])


def test_other_methods_are_405(http: httpx.Client) -> None:
    answer = http.post("/search", data={"q": "公安"})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_links_lead_to_pages_formats_and_descriptions(http: httpx.Client) -> None:
    first = http.get("/search", params={"q": "公安", "limit": 5})
    assert {"first", "next", "alternate", "service-desc", "search"} <= first.links.keys()
    second = http.get(first.links["next"]["url"])
    assert http.get(second.links["prev"]["url"]).json()["results"] == first.json()["results"]
    assert http.get(first.links["alternate"]["url"]).headers["content-type"] == "text/html; charset=utf-8"


def test_the_page_marks_what_matched_and_links_the_kinds(http: httpx.Client) -> None:
    page = http.get("/search", params={"q": "公安", "lang": "en"}, headers=HTML)
    assert '<html lang="en">' in page.text
    assert "<mark>公安</mark>部" in page.text
    for kind, count in search(http, q="公安")["facets"].items():
        target = re.search(rf'href="([^"]*kind={kind}[^"]*)"[^>]*>[^<]*<span class="count">{count}<', page.text)
        assert target, kind
        narrowed = http.get(target[1].replace("&amp;", "&"), headers=HTML).text
        assert re.search(rf"of {count}\b", narrowed)


@pytest.mark.parametrize(("language", "word", "remove"), [("zh", "自述", "去掉"), ("en", "self-report", "Remove")])
def test_a_facet_of_the_page_narrows_and_is_taken_away(
    http: httpx.Client, language: str, word: str, remove: str
) -> None:
    page = http.get("/search", params={"q": "公安", "lang": language}, headers=HTML).text
    target = re.search(rf'href="([^"]*voice=self-report[^"]*)"[^>]*>{word}</a> <span class="count">(\d+)<', page)
    assert target
    narrowed = http.get("/search" + target[1].replace("&amp;", "&"), headers=HTML).text
    total = re.search(r"(?:of|共) (\d+)", narrowed)
    assert total
    assert total[1] == target[2]
    back = re.search(rf'href="([^"]*)"[^>]*aria-label="{remove}: {word}"', narrowed)
    assert back
    assert "voice" not in back[1]


def test_the_page_shows_a_figure_with_unit_period_and_voice(http: httpx.Client) -> None:
    for language, words in (("zh", ("超过13,000 台", "截至 2009-12-15", "自述")), ("en", ("more than 13,000", "as of 2009-12-15", "self-report"))):  # fmt: skip
        page = http.get("/search", params={"q": "13000", "lang": language}, headers=HTML).text
        assert "<mark>13000</mark>余台" in page
        assert all(word in page for word in words)


def test_a_page_without_a_question_has_the_box(http: httpx.Client) -> None:
    page = http.get("/search.html")
    assert page.status_code == 200
    assert re.search(r'<form[^>]*method="get" action="/search">\s*<input type="search" name="q"', page.text)


def test_what_is_typed_comes_back_as_text(http: httpx.Client) -> None:
    page = http.get("/search", params={"q": '"><script>alert(1)</script>'}, headers=HTML).text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_page_that_finds_nothing_gives_the_nearest_names(http: httpx.Client) -> None:
    page = http.get("/search", params={"q": "complants", "lang": "en"}, headers=HTML).text
    assert "Nothing is found." in page
    assert "Complaints to police supervision" in page


@pytest.mark.parametrize("path", ["/", "/queries", "/metric/computers", "/sparql"])
def test_every_page_has_the_box(http: httpx.Client, path: str) -> None:
    page = http.get(path, headers=HTML).text
    assert 'action="/search"><input type="search" name="q"' in page
    assert 'href="/opensearch.xml"' in page


def test_suggestions_follow_opensearch(http: httpx.Client) -> None:
    answer = http.get("/search/suggest", params={"q": "sanx", "lang": "en"})
    assert answer.headers["content-type"] == "application/x-suggestions+json; charset=utf-8"
    text, names, about, addresses = answer.json()
    assert (text, names[0]) == ("sanx", "三项建设")
    assert "Three Constructions" in about[0]
    assert len(names) == len(about) == len(addresses) == len(set(names)) <= 10
    assert http.get(addresses[0], headers=HTML).status_code == 200
    assert http.get("/search/suggest").json() == ["", [], [], []]
    assert http.get("/search/suggest?q=a&kind=place").json()["parameter"] == "kind"


def test_the_description_leads_to_search(http: httpx.Client, server: str) -> None:
    answer = http.get("/opensearch.xml")
    assert answer.headers["content-type"] == "application/opensearchdescription+xml; charset=utf-8"
    urls = ElementTree.fromstring(answer.content).findall("{http://a9.com/-/spec/opensearch/1.1/}Url")
    for url in urls:
        target = url.attrib["template"].replace("{searchTerms}", quote("大连"))
        assert target.startswith(server)
        found = http.get(target, headers={"Accept": url.attrib["type"]})
        assert found.headers["content-type"].startswith(url.attrib["type"])
    assert len(urls) == 3
