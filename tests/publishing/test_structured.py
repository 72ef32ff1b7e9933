"""schema.org data blocks in pages, and Croissant: what they say is what the graph says, and no policy is broken."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
from typing import Any

import httpx
import pytest
from markupsafe import Markup
from playwright.sync_api import sync_playwright

from reformgraph.namespaces import BASE
from reformgraph.web.things.structured import block

FIGURE = "/obs/826ec1811efe-1516-1524"
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def told(http: httpx.Client, path: str) -> dict[str, Any]:
    (text,) = BLOCK.findall(http.get(path, headers={"Accept": "text/html"}).text)
    found: dict[str, Any] = json.loads(text)
    assert found["@context"] == "https://schema.org/"
    return found


@pytest.mark.parametrize("path", ["/", "/catalog"])
def test_home_and_catalogue_describe_the_data_set(http: httpx.Client, path: str) -> None:
    found = told(http, path)
    assert (found["@type"], found["identifier"]) == ("Dataset", http.get("/ready").json()["release"])
    assert 50 <= len(found["description"]) <= 5000  # what search engines ask for
    assert all(http.head(part["contentUrl"]).status_code == 200 for part in found["distribution"])


def test_a_report_is_a_data_set_that_is_part_of_the_whole(http: httpx.Client) -> None:
    found = told(http, "/doc/826ec1811efe")
    assert (found["@type"], found["isPartOf"]["@id"]) == ("Dataset", f"{BASE}graph/catalog")
    assert found["isBasedOn"]["@id"] == f"{BASE}doc/826ec1811efe"
    assert all(http.head(part["contentUrl"]).status_code == 200 for part in found["distribution"])


def test_a_figure_is_an_observation_with_the_claim_that_states_it(http: httpx.Client) -> None:
    found = told(http, FIGURE)
    row = http.get(f"/queries/observations?observation={BASE}{FIGURE[1:]}").json()["rows"][0]
    assert (found["@type"], found["@id"]) == ("Observation", row["observation"])
    assert (found["value"], found["observationDate"], found["unitCode"]) == (
        row["value"],
        row["periodEnd"],
        row["unit"],
    )
    assert found["variableMeasured"]["@id"] == row["metric"]
    assert found["observationAbout"]["@id"] == row["area"]
    assert found["subjectOf"]["text"] == row["exact"]
    assert found["subjectOf"]["appearance"]["@id"] == f"{BASE}doc/{row['document']}"


def test_other_things_and_persons_have_none(http: httpx.Client) -> None:
    person = http.get("/person").json()["members"][0]["thing"].replace(BASE, "/")
    for path in (person, "/agency/dalian-shi-gonganju"):
        assert BLOCK.findall(http.get(path, headers={"Accept": "text/html"}).text) == []


def test_no_text_ends_a_block() -> None:
    written = block({"name": "</script><script>alert(1)</script>"})
    assert isinstance(written, Markup)
    assert written.count("</script>") == 1
    assert json.loads(BLOCK.findall(written)[0])["name"] == "</script><script>alert(1)</script>"


def test_a_browser_sees_the_block_and_no_policy_is_broken(server: str) -> None:
    chromium = shutil.which("chromium")
    assert chromium, "install Debian's chromium: make .venv/browser"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page, talk = browser.new_page(), []
        page.on("console", lambda message: talk.append(message.text))
        answer = page.goto(server + FIGURE)
        assert answer is not None
        assert "script-src 'none'" in answer.headers["content-security-policy"]
        text = page.locator("script[type='application/ld+json']").text_content()
        browser.close()
    assert json.loads(text or "")["@type"] == "Observation"
    assert [line for line in talk if "Content Security Policy" in line or "Refused" in line] == []


@pytest.fixture(scope="module")
def croissant(http: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = http.get("/croissant.json").json()
    return found


def test_croissant_conforms_to_1_0_and_names_what_the_specification_requires(croissant: dict[str, Any]) -> None:
    assert croissant["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert croissant["@type"] == "sc:Dataset"
    assert all(
        croissant[name] for name in ("name", "description", "license", "url", "creator", "datePublished", "citeAs")
    )
    assert re.fullmatch(r"\d+\.\d+\.\d+\+[0-9a-f]{12}", croissant["version"])


def test_every_file_of_croissant_has_the_checksum_and_the_columns_that_are_told(
    http: httpx.Client, croissant: dict[str, Any]
) -> None:
    assert {"observations.csv", "entities.csv", "documents.csv"} <= {file["@id"] for file in croissant["distribution"]}
    for file in croissant["distribution"]:
        content = http.get(file["contentUrl"]).content
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        (records,) = (r for r in croissant["recordSet"] if r["@id"] == file["@id"].removesuffix(".csv"))
        columns = [field["source"]["extract"]["column"] for field in records["field"]]
        assert columns == next(csv.reader(io.StringIO(content.decode())))
        assert all(field["source"]["fileObject"]["@id"] == file["@id"] for field in records["field"])


def test_every_key_of_croissant_is_in_its_context(croissant: dict[str, Any]) -> None:
    known = {"@id", "@type", "sc", *croissant["@context"]}
    plain = {"name", "description", "alternateName", "license", "url", "version", "datePublished", "creator", "keywords", "inLanguage", "distribution", "contentUrl", "contentSize", "encodingFormat", "sha256"}  # fmt: skip
    parts = [croissant, *croissant["distribution"], *croissant["recordSet"], *(f for r in croissant["recordSet"] for f in r["field"])]  # fmt: skip
    used = {key for part in parts for key in part} - {"@context"}
    assert used - known - plain == set()
