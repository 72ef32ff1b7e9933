"""Releases: reproducible, whole or absent, and stopped by what is wrong."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from reformgraph.assembly import assemble
from reformgraph.errors import ReleaseError, SourceFileError
from reformgraph.release import Release, build, build_key, ensure, latest, open_release
from tiny_graph import copy_tiny

BUILD = "import sys; from pathlib import Path; from reformgraph.release import build; build(*map(Path, sys.argv[1:]))"


def builder(root: Path, home: Path) -> subprocess.Popen[bytes]:
    """A build in a process of its own, which can be killed."""
    return subprocess.Popen([sys.executable, "-c", BUILD, root, home])


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / "data" / "ttl" / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_two_builds_of_the_same_inputs_are_the_same_release(
    tiny_root: Path, tiny_release: Release, tmp_path: Path
) -> None:
    again = build(tiny_root, tmp_path)
    assert again.id == tiny_release.id
    assert (again.path / "release.nq").read_bytes() == (tiny_release.path / "release.nq").read_bytes()


def test_a_built_release_is_opened_not_built(tiny_root: Path, tiny_release: Release) -> None:
    said: list[str] = []
    home = tiny_release.path.parents[1]
    assert ensure(tiny_root, home, said.append).id == tiny_release.id
    assert said == []


def test_a_release_that_no_pointer_names_is_opened_and_becomes_the_latest(tiny_root: Path, tmp_path: Path) -> None:
    built = build(tiny_root, tmp_path)
    (tmp_path / "current").unlink()  # as a build leaves it that is killed after the release has its name
    assert ensure(tiny_root, tmp_path).id == built.id
    last = latest(tmp_path)
    assert last is not None
    assert last.id == built.id


def test_a_changed_input_is_another_build_and_another_release(tiny_release: Release, tmp_path: Path) -> None:
    root = copy_tiny(tmp_path / "root")
    edit(root, "registry/things.ttl", '"Hewan"@en', '"Hewan City"@en')
    changed = build(root, tmp_path / "home")
    assert (changed.path.name, changed.id) != (tiny_release.path.name, tiny_release.id)


def test_broken_turtle_stops_the_build_and_leaves_the_last_release(tmp_path: Path) -> None:
    root, home = copy_tiny(tmp_path / "root"), tmp_path / "home"
    first = build(root, home)
    edit(root, "reports/a.ttl", "a rg:Observation ;", "a rg:Observation")
    with pytest.raises(SourceFileError) as stopped:
        build(root, home)
    assert Path(stopped.value.path).name == "a.ttl"
    assert stopped.value.line > 1
    last = latest(home)
    assert last is not None
    assert last.id == first.id


def test_a_violation_stops_the_build_and_is_named(tmp_path: Path) -> None:
    root = copy_tiny(tmp_path / "root")
    edit(root, "reports/a.ttl", "rg:value 92.5", "rg:value 192.5")
    with pytest.raises(ReleaseError, match=r"share 192\.5 is not within 0 and 100"):
        build(root, tmp_path / "home")
    assert latest(tmp_path / "home") is None


def test_a_report_without_its_document_is_refused(tmp_path: Path) -> None:
    root = copy_tiny(tmp_path / "root")
    edit(root, "reports/b.ttl", "a rg:SourceDocument ;", "a rg:Evidence ;")
    with pytest.raises(SourceFileError, match="exactly one rg:SourceDocument"):
        assemble(root)


def test_two_builds_at_once_do_not_harm_each_other(tiny_root: Path, tmp_path: Path) -> None:
    builders = [builder(tiny_root, tmp_path) for _ in range(2)]
    assert [process.wait(120) for process in builders] == [0, 0]
    whole(tmp_path, build_key(tiny_root))


def whole(home: Path, key: str) -> None:
    """Every directory that looks like a release is one."""
    for path in (home / "releases").iterdir():
        if not path.name.startswith("."):
            release = open_release(path)
            assert path.name == key
            assert len(ox.Store.read_only(str(release.store))) == release.manifest["triples"]


def test_a_build_killed_at_any_moment_leaves_nothing_that_looks_whole(tiny_root: Path, tmp_path: Path) -> None:
    begun = time.monotonic()
    assert builder(tiny_root, tmp_path / "timed").wait(120) == 0
    length, home, key = time.monotonic() - begun, tmp_path / "home", build_key(tiny_root)
    chance = random.Random(50)
    for _ in range(50):
        process = builder(tiny_root, home)
        time.sleep(chance.uniform(0.3, length))
        process.kill()
        process.wait()
        if (home / "releases").is_dir():
            whole(home, key)
    assert build(tiny_root, home).path.name == key
    assert [path.name for path in (home / "releases").iterdir()] == [key]


def test_a_build_killed_before_it_is_made_current_leaves_nothing_behind(tiny_root: Path, tmp_path: Path) -> None:
    killed = f"import os; from pathlib import Path; Path.replace = lambda *_: os._exit(9); {BUILD}"
    assert subprocess.run([sys.executable, "-c", killed, tiny_root, tmp_path], check=False).returncode == 9
    assert latest(tmp_path) is None
    built = build(tiny_root, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["current", "releases"]
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [built.path.name]


@pytest.mark.parametrize("which", ["root", "tiny_root"])
def test_no_triple_stands_in_two_graphs_and_no_document_has_blank_nodes(
    which: str, request: pytest.FixtureRequest
) -> None:
    store = assemble(request.getfixturevalue(which))
    assert [t for t, n in Counter(quad.triple for quad in store).items() if n > 1] == []
    documents = [quad for quad in store if "/graph/doc-" in str(quad.graph_name)]
    assert documents
    assert not [q for q in documents if isinstance(q.subject, ox.BlankNode) or isinstance(q.object, ox.BlankNode)]


def test_a_missing_release_says_how_to_build_one(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="reformgraph build"):
        open_release(tmp_path)
