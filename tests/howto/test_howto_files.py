"""The recipes that take files into another tool do what the pages say, to the letter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from recipes import HOW_TO, blocks, need, run_page

from reformgraph.content import content_root
from reformgraph.exports.catalogue import exports_of

R_PACKAGES = "/usr/lib/R/site-library"
# What a page needs that is no Python package: program or file, and the tool's name.
NEEDS = {
    "excel": {"soffice": "LibreOffice"},
    "jena": {"java": "a Java runtime", "/usr/share/java/jena-cmds.jar": "Jena"},
    "r": {"Rscript": "R", f"{R_PACKAGES}/SPARQL": "R's SPARQL package", f"{R_PACKAGES}/igraph": "R's igraph"},
    "raptor-rasqal": {"rapper": "rapper", "roqet": "roqet"},
}
PAGES = (*NEEDS, "duckdb", "gephi", "igraph", "neo4j", "networkx", "pandas", "protege", "triple-store")
FILE = re.compile(r"(?:reform/|--only |exports/)([\w.-]+\.[\w.-]*\w)")


@pytest.mark.parametrize("page", PAGES)
def test_every_recipe_runs_and_prints_what_the_page_says(page: str, tmp_path: Path, server: str) -> None:
    for program, tool in NEEDS.get(page, {}).items():
        need(program, tool)
    assert blocks(page)[0].language == "sh"
    assert run_page(page, tmp_path, server)


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_is_one_of_ours(page: str) -> None:
    named = set(FILE.findall((HOW_TO / f"{page}.md").read_text("utf-8")))
    assert named
    assert named <= {export.name for export in exports_of(content_root())}


def test_the_index_lists_every_page() -> None:
    linked = set(re.findall(r"\((\S+?\.md)(?:#\S+)?\)", (HOW_TO / "README.md").read_text("utf-8")))
    assert linked | {"README.md"} == {page.name for page in HOW_TO.glob("*.md")}
