"""`reformgraph export DIR`: files, manifest, and a broken run taken up again."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

FILES = ("reformgraph.nq", "observations.csv", "reformgraph.gexf")


def export(folder: Path, *names: str) -> subprocess.CompletedProcess[str]:
    only = [part for name in names for part in ("--only", name)]
    command = [sys.executable, "-m", "reformgraph", "export", str(folder), *only]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_files_asked_for_are_written_with_a_manifest(tmp_path: Path) -> None:
    done = export(tmp_path / "new", *FILES)
    assert (done.returncode, done.stdout.split()) == (0, list(FILES)), done.stderr
    assert "[3/3] reformgraph.gexf" in done.stderr
    manifest = json.loads((tmp_path / "new" / "manifest.json").read_text("utf-8"))
    assert [file["name"] for file in manifest["exports"]] == list(FILES)
    for file in manifest["exports"]:
        content = (tmp_path / "new" / file["name"]).read_bytes()
        assert (file["size"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert manifest["release"] == manifest["exports"][0]["sha256"]


def test_what_is_there_is_kept_and_what_is_broken_is_written_again(tmp_path: Path) -> None:
    export(tmp_path, *FILES)
    (tmp_path / "observations.csv").write_text("half a fi", "utf-8")
    (tmp_path / "reformgraph.gexf").unlink()
    done = export(tmp_path, *FILES)
    assert [line.endswith(", kept") for line in done.stderr.splitlines() if line.startswith("[")] == [
        True,
        False,
        False,
    ]
    assert not list(tmp_path.glob("*.part"))


def test_a_file_that_is_none_is_told_with_the_nearest(tmp_path: Path) -> None:
    done = export(tmp_path, "reformgraph.graphm")
    assert done.returncode == 2
    assert "Nearest: reformgraph.graphml" in done.stderr


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    done = export(tmp_path / "file", *FILES)
    assert done.returncode == 2
    assert "Not writable" in done.stderr
    assert "Traceback" not in done.stderr
