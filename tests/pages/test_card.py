"""The claim card: bound in words, voice, words, verdicts, citations, challenge, assessments."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import uvicorn

from reformgraph.errors import SourceFileError
from reformgraph.publishing.citing import Citation, challenge
from reformgraph.release import build
from reformgraph.settings import Settings, from_environment
from reformgraph.web.app import create_app
from reformgraph.web.pages import telling
from tiny_graph import copy_tiny

CARD = "/obs/826ec1811efe-1157-1164"
NUM, PERCENT, YUAN = "unit/NUM", "unit/PERCENT", "unit/CCY_CNY"
ASSESSED = """
PREFIX code: <https://w3id.org/reformgraph/code/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX obs: <https://w3id.org/reformgraph/obs/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

<https://example.org/assessment/1>
    a oa:Annotation ;
    skos:prefLabel "一条评定"@zh ;
    skos:prefLabel "an assessment"@en ;
    oa:motivatedBy oa:assessing ;
    oa:hasTarget obs:d84aa6210c2f-24-30 ;
    oa:hasBody code:assessment-disputed ;
    dcterms:creator <https://example.org/editor> ;
    dcterms:created "2026-01-02"^^xsd:date ;
    skos:editorialNote "年鉴所载不同"@zh ;
    skos:editorialNote "the yearbook differs"@en ;
.
"""


def row(**changes: object) -> dict[str, object]:
    plain = {"kind": "level", "unit": NUM, "unitWord": None, "bound": "exact", "exact": "", "value": 0}
    return plain | {"lower": None, "upper": None} | changes


@pytest.mark.parametrize(
    ("figure", "zh", "en"),
    [
        (row(exact="13000余台", value=13000, bound="over", unitWord="台"), "13,000余台", "more than 13,000"),
        (row(exact="47200多个", value=47200, bound="over", unitWord="个"), "47,200多个", "more than 47,200"),
        (row(exact="超过100%", value=100, bound="over", unit=PERCENT), "超过100%", "more than 100%"),
        (row(exact="近4亿元", value=4 * 10**8, bound="under", unit=YUAN), "近4亿元", "just under 400 million yuan"),
        (row(exact="5000万元以上", value=5 * 10**7, bound="at-least", unit=YUAN), "5000万元以上", "at least 50 million yuan"),
        (row(exact="不超过3次", value=3, bound="up-to", unitWord="次"), "不超过3次", "at most 3"),
        (row(exact="下降超过30%", value=-30, bound="over", unit=PERCENT, kind="change"), "下降超过30%", "down more than 30%"),
        (row(exact="下降了40%", value=-40, unit=PERCENT, kind="change"), "−40%", "−40%"),
        (row(exact="前列", value=None, kind="rank"), "名列前茅，未说名次", "among the first; no rank is told"),
        (row(exact="123456789元", value=123456789, unit=YUAN), "123,456,789元", "123,456,789 yuan"),
    ],
)  # fmt: skip
def test_a_figure_is_told_with_its_bound(figure: dict[str, object], zh: str, en: str) -> None:
    assert (telling.told(figure, "zh"), telling.told(figure, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("figure", "zh", "en"),
    [
        (row(bound="over", lower=13000, upper=14000), "读作：大于13,000，小于14,000", "Read as: more than 13,000, less than 14,000"),
        (row(bound="at-least", lower=80), "读作：不小于80", "Read as: 80 or more"),
        (row(lower=7, upper=7), "", ""),
    ],
)  # fmt: skip
def test_the_limits_of_a_bound_are_a_sentence(figure: dict[str, object], zh: str, en: str) -> None:
    assert (telling.limits(figure, "zh"), telling.limits(figure, "en")) == (zh, en)


def test_a_number_from_elsewhere_stands_further_off_than_a_self_report() -> None:
    own = {"voice": "self-report", "claimant": "a", "agency": "a", "dataSource": None}
    assert telling.independence(own, "en")[0] == 1
    step, why = telling.independence(own | {"dataSource": "b"}, "en")
    assert step == 3
    assert "another body" in why


def cited(language: str = "en", **changes: object) -> Citation:
    given = {"iri": "https://w3id.org/reformgraph/obs/k-1-2", "release": "0123456789abcdef", "says": "Computers: 100%"}
    given |= {"exact": "百分之百", "claimant": "A_bureau", "report": "R & D", "issued": "2018-06-07"}
    return Citation(**given | changes, start=1, end=2, language=language)  # type: ignore[arg-type]


def test_a_citation_names_figure_words_claimant_and_release() -> None:
    for language in ("zh", "en"):
        text = cited(language).text()
        assert [word for word in ("100%", "百分之百", "A_bureau", "release=0123456789abcdef") if word not in text] == []


def test_bibtex_escapes_what_tex_would_read() -> None:
    entry = cited().bibtex()
    assert entry.startswith("@dataset{reformgraph-k-1-2,\n")
    assert r"{A\_bureau}" in entry
    assert r"100\%" in entry
    assert r"R \& D" in entry
    assert entry.count("{") == entry.count("}")


def test_csl_json_is_one_item_with_author_address_and_date() -> None:
    (item,) = json.loads(cited().csl())
    assert item["author"] == [{"literal": "A_bureau"}]
    assert item["issued"] == {"date-parts": [[2018, 6, 7]]}
    assert parse_qs(urlsplit(item["URL"]).query) == {"release": ["0123456789abcdef"]}
    assert "issued" not in json.loads(cited(issued=None).csl())[0]


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        ("https://example.org/new", "https://example.org/new?iri=https%3A%2F%2Fx%2Fobs%2F1&release=abc"),
        ("https://example.org/new?a=1", "https://example.org/new?a=1&iri=https%3A%2F%2Fx%2Fobs%2F1&release=abc"),
        ("https://example.org/{release}?of={iri}", "https://example.org/abc?of=https%3A%2F%2Fx%2Fobs%2F1"),
        (None, None),
    ],
)
def test_a_challenge_carries_iri_and_release(contact: str | None, expected: str | None) -> None:
    assert challenge(contact, "https://x/obs/1", "abc", "says", "en") == expected


def test_a_challenge_by_mail_has_subject_and_body() -> None:
    letter = urlsplit(challenge("mailto:desk@example.org", "https://x/obs/1", "abc", "5台 & more", "zh") or "")
    fields = parse_qs(letter.query)
    assert letter.path == "desk@example.org"
    assert "5台 & more" in fields["subject"][0]
    assert "https://x/obs/1\n版本：abc" in fields["body"][0]


def test_a_contact_that_is_no_address_is_refused() -> None:
    with pytest.raises(SourceFileError, match="REFORMGRAPH_CONTACT"):
        from_environment({"REFORMGRAPH_CONTACT": "javascript:alert(1)"})


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The tiny graph with one assessment, served with a contact."""
    root = copy_tiny(tmp_path_factory.mktemp("assessed") / "root")
    (root / "data" / "ttl" / "curated.ttl").write_text(ASSESSED, "utf-8")
    release = build(root, tmp_path_factory.mktemp("home"))
    settings = Settings(workers=1, follow=False, contact="mailto:desk@example.org")
    service = uvicorn.Server(uvicorn.Config(create_app(settings, release), port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=service.run)
    thread.start()
    while not service.started:
        assert thread.is_alive()
    port = service.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"Accept": "text/html"}, timeout=30) as client:
        yield client
    service.should_exit = True
    thread.join(10)


def test_a_signed_assessment_is_shown(tiny: httpx.Client) -> None:
    page = tiny.get("/obs/d84aa6210c2f-24-30?lang=en").text
    notice = re.search(r'<p class="notice assessment disputed".*?</p>', page, re.DOTALL)
    assert notice
    for words in ("disputed", "https://example.org/editor", "2026-01-02", "the yearbook differs"):
        assert words in notice[0]


def test_the_button_opens_the_contact_with_the_iri(tiny: httpx.Client) -> None:
    page = tiny.get("/obs/d84aa6210c2f-24-30?lang=en").text
    assert 'href="mailto:desk@example.org?subject=Challenge' in page
    assert "https%3A%2F%2Fw3id.org%2Freformgraph%2Fobs%2Fd84aa6210c2f-24-30" in page
    assert "REFORMGRAPH_CONTACT" not in page


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, headers={"Accept": "text/html"}, timeout=30) as client:
        yield client


def test_without_a_contact_the_page_says_what_to_send(http: httpx.Client) -> None:
    page = http.get(CARD + "?lang=en").text
    assert 'href="#challenge"' in page
    assert 'id="challenge"' in page
    assert "REFORMGRAPH_CONTACT" in page


def test_every_field_of_the_figure_is_on_its_card(http: httpx.Client) -> None:
    page = http.get(CARD + "?lang=en").text
    for words in (
        "more than 13,000", "more than 13,000, less than 14,000", "as of 2009-12-15", "independence 1 of 4",
        "Public Security Bureau of Dalian", "Three Constructions", "2946–2953", "<mark>13000余台</mark>",
    ):  # fmt: skip
        assert words in page, words


def test_a_card_has_the_lines_that_fetch_its_figure(http: httpx.Client) -> None:
    page = http.get(CARD + "?lang=en").text
    for words in ("PREFIX rg:", "curl &#39;", "pd.read_csv(", "read.csv("):
        assert words in page, words
    address = re.search(r"curl &#39;(.*?)&#39;", page)
    assert address
    assert http.get(address[1]).text.count("13000余台") == 1


def test_the_query_on_a_card_gives_its_value(http: httpx.Client) -> None:
    page = http.get(CARD + "?lang=en").text
    opened = re.search(r'href="(/sparql\?query=[^"]*)"', page)
    assert opened
    rows = http.get(opened[1].replace("&amp;", "&"), headers={"Accept": "text/csv"}).text.splitlines()
    assert (rows[0], len(rows)) == ("value,bound,lower,upper,exact", 2)
    assert rows[1].startswith("13000,")
    assert rows[1].endswith(",13000,14000,13000余台")


def test_a_finding_about_the_figure_is_on_its_card(http: httpx.Client) -> None:
    table = http.get("/queries/findings.json", params={"claim": CARD[5:].join(("obs:", ""))}).json()
    page = http.get(CARD + "?lang=en").text
    listed = re.findall(r'<li class="(?:violation|warning|info)">.*?<a href="(/finding/[^"?]*)', page)
    assert len(listed) == len(table["rows"]) > 0
    assert {path.rpartition("/")[2] for path in listed} == {r["finding"].rpartition("/")[2] for r in table["rows"]}
