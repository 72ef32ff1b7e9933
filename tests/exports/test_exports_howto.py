"""The recipes of `docs/how-to` do what the pages say, to the letter."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from reformgraph.content import content_root
from reformgraph.exports.catalogue import exports_of

PAGES = ("pandas", "r", "gephi", "neo4j", "protege", "triple-store", "excel", "duckdb")
HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"(?:reform/|--only |exports/)([\w.-]+\.[\w.-]*\w)")


def ran(language: str, text: str, folder: Path) -> str:
    """What a block prints; commands of this environment go before those of the system."""
    command = ["sh", "-e", "-c", text] if language == "sh" else [sys.executable, "-W", "error", "-c", text]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("page", PAGES)
def test_every_recipe_runs_and_prints_what_the_page_says(page: str, tmp_path: Path) -> None:
    blocks = BLOCK.findall((HOW_TO / f"{page}.md").read_text("utf-8"))
    assert blocks[0][0] == "sh"
    for number, (language, text) in enumerate(blocks):
        if language in ("sh", "python"):
            printed = ran(language, text, tmp_path)
            following = blocks[number + 1] if number + 1 < len(blocks) else ("", "")
            if following[0] == "text":
                assert printed == following[1]


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_is_one_of_ours(page: str) -> None:
    named = set(FILE.findall((HOW_TO / f"{page}.md").read_text("utf-8")))
    assert named
    assert named <= {export.name for export in exports_of(content_root())}


def test_the_columns_that_the_r_page_uses_are_there(tmp_path: Path) -> None:
    text = (HOW_TO / "r.md").read_text("utf-8")
    ran("sh", BLOCK.findall(text)[0][1], tmp_path)
    head = (tmp_path / "reform" / "relations.csv").read_text("utf-8").splitlines()[0].split(",")
    assert {"document", "periodStart", "periodEnd"} <= set(head)
    assert all(f"{column} = " in text for column in ("document", "periodStart", "periodEnd"))
