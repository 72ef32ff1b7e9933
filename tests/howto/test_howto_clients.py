"""The recipes that ask the running service do what the pages say, to the letter."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from recipes import HOW_TO, need, run_page

REQUIREMENTS = Path(__file__).parents[2] / "requirements" / "comunica"


def test_curl(tmp_path: Path, server: str) -> None:
    need("curl", "curl")
    assert run_page("curl", tmp_path, server)


@pytest.mark.parametrize("page", ["sparqlwrapper", "sparqlstore"])
def test_python_clients(page: str, tmp_path: Path, server: str) -> None:
    assert run_page(page, tmp_path, server)


@pytest.mark.usefixtures("comunica")
def test_comunica(tmp_path: Path, server: str) -> None:
    assert run_page("comunica", tmp_path, server)


def test_comunica_is_the_version_that_the_page_names_with_digests_and_no_addresses() -> None:
    wanted = json.loads((REQUIREMENTS / "package.json").read_text("utf-8"))
    page = (HOW_TO / "comunica.md").read_text("utf-8")
    assert all(f"{name}@{version}" in page for name, version in wanted["dependencies"].items())
    assert f'"overrides": {json.dumps(wanted["overrides"])}' in page
    packages = json.loads((REQUIREMENTS / "package-lock.json").read_text("utf-8"))["packages"]
    assert packages.pop("")["dependencies"] == wanted["dependencies"]
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not any("resolved" in package for package in packages.values())


def test_duckdb_reads_the_service_or_says_what_the_page_says_it_does(server: str) -> None:
    message = 'Failed to download extension "httpfs"'
    assert message in (HOW_TO / "duckdb.md").read_text("utf-8")
    told = told_by_duckdb(f"SELECT exact FROM '{server}/exports/observations.parquet' WHERE value = 13000")
    assert "13000余台" in told or message in told


def told_by_duckdb(query: str) -> str:
    """The rows or the error."""
    try:
        return str(duckdb.sql(query).fetchall())
    except duckdb.Error as error:
        return str(error)
