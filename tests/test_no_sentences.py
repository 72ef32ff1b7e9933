"""What the repository may hold of the reports, and what no tracked file may name."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST = 30
FORBIDDEN = re.compile(
    "|".join(["/ro" + "ot/", "/wo" + "rk/", "files.python" + "hosted", "registry.npm" + "js", "--index" + "-url http"])
)


def tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[tuple[Path, str]]:
    found = []
    for path in tracked():
        try:
            found.append((path, path.read_text("utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def test_no_tracked_file_holds_a_sentence_of_a_report(sources: Path) -> None:
    grams = set()
    for path in sources.glob("*.txt"):
        text = path.read_bytes().decode("utf-8")
        grams |= {text[i : i + LONGEST + 1] for i in range(len(text) - LONGEST)}
    for path, text in texts():
        hit = next(
            (text[i : i + LONGEST + 1] for i in range(len(text) - LONGEST) if text[i : i + LONGEST + 1] in grams), None
        )
        assert hit is None, path


def test_no_tracked_file_names_an_index_or_a_path_of_a_machine() -> None:
    assert [path for path, text in texts() if FORBIDDEN.search(text)] == []


@pytest.mark.parametrize("name", ["runtime", "test", "build"])
def test_every_requirement_is_pinned_with_a_hash(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    pinned = re.findall(r"^[a-z0-9][^\s]*==", text, re.MULTILINE)
    assert len(pinned) > 2
    assert text.count("--hash=sha256:") >= len(pinned)
