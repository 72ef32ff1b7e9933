"""The wheel stands alone: installed in an empty environment outside the checkout it serves the same graph."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from reformgraph.content import content_root
from reformgraph.release import ensure

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of a new environment with the wheel and its pinned requirements, and nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, ROOT], check=True)
    venv.create(folder / "venv", with_pip=True)
    pip = [str(folder / "venv" / "bin" / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    subprocess.run([*pip, "--require-hashes", "-r", ROOT / "requirements" / "runtime.txt"], check=True)
    subprocess.run([*pip, "--no-deps", *folder.glob("*.whl")], check=True)
    return folder / "venv" / "bin"


@pytest.fixture(scope="module")
def served(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    environment = {"PATH": os.environ["PATH"], "REFORMGRAPH_HOME": str(home)}
    command = [installed / "reformgraph", "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=home, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        lines = iter(process.stderr.readline, "")
        address = next(found[0] for line in lines if (found := re.search(r"http://127\.0\.0\.1:[1-9]\d*", line)))
        yield address
        process.terminate()


def test_the_wheel_serves_the_same_graph(served: str, tmp_path: Path) -> None:
    with urlopen(served + "/ready") as answer:
        ready = json.load(answer)
    assert ready["release"] == ensure(content_root(), tmp_path).id


def test_the_wheel_carries_pages_and_queries(served: str) -> None:
    with urlopen(served + "/static/style.css") as answer:
        assert b"blockquote" in answer.read()
    with urlopen(served + "/queries/observations?document=826ec1811efe") as answer:
        assert len(json.load(answer)["rows"]) == 27
