"""Runs the recipes of `docs/how-to` to the letter, with the real tools.

Of a page's fenced blocks `sh`, `python`, `r` and `sql` (with DuckDB) are run one by one, in one folder; `text` is what
the block before prints, character by character, and `json` the same as a JSON value. Other blocks (`console`, `cypher`,
`nginx`, …) are not run. Two things are replaced: `http://127.0.0.1:8000` by the address of the server at hand, and
the ports of the servers that a page starts.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
SERVICE = "http://127.0.0.1:8000"
SECONDS = 200
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SQL = "import duckdb, sys; print(duckdb.sql(sys.argv[1]))"
_COMMANDS = {
    "sh": ["sh", "-e", "-c"],
    "python": [sys.executable, "-W", "error", "-c"],
    "sql": [sys.executable, "-W", "error", "-c", _SQL],
    "r": ["Rscript", "--vanilla"],
}


@dataclass(frozen=True)
class Block:
    """A fenced block: its language as the fence names it, and its lines."""

    language: str
    text: str


def blocks(page: str, ports: Mapping[str, int] | None = None) -> list[Block]:
    """The fenced blocks of `docs/how-to/<page>.md` that name a language, in their order.

    `ports` are free ones to take for those that the page gives to the servers that it starts.
    """
    text = (HOW_TO / f"{page}.md").read_text("utf-8")
    for written, free in (ports or {}).items():
        text = re.sub(rf"\b{written}\b", str(free), text)
    return [Block(*found) for found in _BLOCK.findall(text)]


def need(program: str, tool: str, script: str = "tests/install-tools.sh") -> str:
    """The path of a program or, where `program` is absolute, of a file of a tool.

    Without it the test fails where `make test` may install it, and skips elsewhere.
    """
    path = shutil.which(program, path=_environment(Path())["PATH"])
    if path is None and Path(program).is_absolute() and Path(program).exists():
        path = program
    if path is None:
        installable = shutil.which("apt-get") and os.geteuid() == 0
        assert not installable, f"`make test` installs {tool} where it may: sh {script}"
        pytest.skip(f"{tool} ({program}) is not installed, and cannot be: {script} needs apt-get and root")
    return path


def run(block: Block, folder: Path, server: str | None = None) -> str:
    """What a block prints to stdout; an exit code other than 0 fails the test with stderr."""
    text = block.text.replace(SERVICE, server) if server else block.text
    assert SERVICE not in text, "this block asks the service: give run_page a server"
    if block.language == "r":
        (folder / "recipe.R").write_text(text, "utf-8")
        text = "recipe.R"
    command = [*_COMMANDS[block.language], text]
    kept = {"cwd": folder, "env": _environment(folder), "timeout": SECONDS}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, **kept)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{block.text}\n{done.stdout}\n{done.stderr}"
    return str(done.stdout)


def run_page(
    page: str,
    folder: Path,
    server: str | None = None,
    ports: Mapping[str, int] | None = None,
    after: Callable[[Block], None] | None = None,
) -> list[tuple[Block, str]]:
    """Runs all blocks of a page and holds their output against the page; gives each block with what it printed.

    `after` is called with each block that has run, to look at a store while the page has it running.
    """
    done: list[tuple[Block, str]] = []
    for block in blocks(page, ports):
        expected = block.text.replace(SERVICE, server) if server else block.text
        if block.language in _COMMANDS:
            done.append((block, run(block, folder, server)))
            if after:
                after(block)
        elif block.language == "text":
            assert done[-1][1] == expected
        elif block.language == "json":
            assert json.loads(done[-1][1]) == json.loads(expected)
    return done


def _environment(home: Path) -> dict[str, str]:
    """This environment's commands before the system's, UTF-8, and a home of its own, where tools leave their settings."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "HOME": str(home), "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}
