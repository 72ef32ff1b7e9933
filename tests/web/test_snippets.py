"""Lines to copy: what curl, pandas and DuckDB fetch by them is the table, with its types."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest

from reformgraph.canned.snippets import snippets

QUERY = "/queries/observations?agency=大连市公安局&kind=change&sort=-value"
URL = "http://example.org/queries/money"
TYPES = {"document": "text", "value": "number", "start": "integer", "periodEnd": "date"}


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, headers={"Accept": "text/html"}, timeout=60) as client:
        yield client


def lines(http: httpx.Client, path: str) -> dict[str, str]:
    """The lines on a page by the tool that they are for."""
    page = http.get(path).text
    found = re.findall(r"<details><summary>([^<]+)</summary><pre[^>]*><code>(.*?)</code>", page, re.DOTALL)
    return {tool: unescape(code) for tool, code in found}


def run(code: str, folder: Path, more: str = "") -> str:
    command = [sys.executable, "-c", f"{code}\n{more}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows(http: httpx.Client) -> list[dict[str, object]]:
    found: list[dict[str, object]] = http.get(QUERY, headers={"Accept": "application/json"}).json()["rows"]
    return found


def test_a_page_has_lines_for_five_tools(http: httpx.Client) -> None:
    assert list(lines(http, QUERY)) == ["curl", "Python (pandas)", "R", "DuckDB", "Excel (Power Query)"]


def test_what_curl_fetches_is_the_csv(http: httpx.Client, tmp_path: Path) -> None:
    subprocess.run(["sh", "-c", lines(http, QUERY)["curl"]], cwd=tmp_path, check=True, capture_output=True)
    address = http.get(QUERY.replace("observations", "observations.csv"))
    assert (tmp_path / "observations.csv").read_bytes() == address.content
    assert len(address.text.splitlines()) == len(rows(http)) + 1 > 2


def test_pandas_reads_the_types(http: httpx.Client, tmp_path: Path) -> None:
    more = "print(len(table), table['value'].dtype.kind, table['periodEnd'].dtype.kind, table['document'][0])"
    told = run(lines(http, QUERY)["Python (pandas)"], tmp_path, more).splitlines()[-1].split()
    assert told[0] == str(len(rows(http)))
    assert (told[1] in "fi", told[2], told[3]) == (True, "M", rows(http)[0]["document"])


def test_duckdb_reads_the_types(http: httpx.Client, tmp_path: Path) -> None:
    more = "print(duckdb.sql('SELECT count(*), max(value), typeof(max(periodEnd)), max(document) FROM answer').fetchall()[0])"
    told = run(lines(http, QUERY)["DuckDB"], tmp_path, more).splitlines()[-1]
    highest = max(float(str(row["value"])) for row in rows(http))
    assert told == str((len(rows(http)), highest, "DATE", max(str(row["document"]) for row in rows(http))))


@pytest.mark.parametrize("tool", ["curl", "Python (pandas)", "R", "DuckDB", "Excel (Power Query)"])
def test_each_address_is_absolute_and_answers_csv(http: httpx.Client, server: str, tool: str) -> None:
    address = re.search(r"http://[^\"'\s]+", lines(http, QUERY)[tool])
    assert address
    answer = httpx.get(address[0])
    assert address[0].startswith(server + "/queries/observations.csv?")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")


def test_a_graph_is_fetched_as_turtle() -> None:
    made = snippets(URL, "money", [("agency", "a b")], {}, is_graph=True)
    assert [snippet.name for snippet in made] == ["curl", "Python"]
    assert all(f"{URL}.ttl?agency=a+b" in snippet.code for snippet in made)


@pytest.mark.parametrize("value", ["'; rm x; '", '"); boom("', "a\\b\n", "`id`", "$(id)"])
def test_no_value_ends_the_string_around_it(value: str) -> None:
    for snippet in snippets(URL, "money", [("agency", value)], TYPES, is_graph=False):
        address = re.search(r"http://example\.org/queries/money\.csv\?agency=[\w%+.~-]*", snippet.code)
        assert address, snippet.name
        assert snippet.code[address.end()] == ("'" if snippet.name == "curl" else '"')


def test_power_query_types_each_column() -> None:
    code = snippets(URL, "money", [], TYPES, is_graph=False)[-1].code
    assert '{"document", type text}, {"value", type number}, {"start", Int64.Type}, {"periodEnd", type date}' in code
    assert code.startswith("let\n")
    assert code.endswith("in\n    Typed")


def test_r_keeps_keys_as_text() -> None:
    code = next(s.code for s in snippets(URL, "money", [], TYPES, is_graph=False) if s.name == "R")
    assert 'colClasses = "character"' in code
    assert 'lapply(table[c("value", "start")], as.numeric)' in code
    assert 'lapply(table[c("periodEnd")], as.Date)' in code
