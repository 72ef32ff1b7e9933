"""Files are the same bytes for the same release, made once and whole, and fit the list."""

from __future__ import annotations

import hashlib
import shutil
import threading
from pathlib import Path

import pytest

from reformgraph.errors import MissingLibraryError, NotFoundError
from reformgraph.exports import catalogue
from reformgraph.exports.shelf import Shelf, recipe
from reformgraph.release import Release, build, open_release


def test_two_exports_of_a_release_are_equal_to_the_byte(
    folder: Path, tiny_release: Release, tiny_root: Path, tmp_path: Path
) -> None:
    shutil.copytree(tiny_release.path, tmp_path / "copy", ignore=shutil.ignore_patterns("exports"))
    again = Shelf(open_release(tmp_path / "copy"), tiny_root)
    for entry in again.entries():
        assert entry.path.read_bytes() == (folder / entry.export.name).read_bytes(), entry.export.name


def test_two_builds_of_the_same_files_give_equal_exports_but_for_the_store(
    folder: Path, tiny_root: Path, tmp_path: Path
) -> None:
    again = Shelf(build(tiny_root, tmp_path), tiny_root)
    differ = [e.export.name for e in again.entries() if e.path.read_bytes() != (folder / e.export.name).read_bytes()]
    assert set(differ) <= {"reformgraph-store.tar.gz"}  # RocksDB writes its own identity into a store


def test_size_and_digest_are_those_of_the_file(shelf: Shelf, folder: Path) -> None:
    for entry in shelf.entries():
        content = (folder / entry.export.name).read_bytes()
        assert (entry.size, entry.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert set(entry.export.title) == {"zh", "en"}


def test_a_file_is_made_alone_and_only_once(tiny_release: Release, tiny_root: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_release.path, tmp_path / "copy", ignore=shutil.ignore_patterns("exports"))
    shelf = Shelf(open_release(tmp_path / "copy"), tiny_root)
    found = []
    threads = [threading.Thread(target=lambda: found.append(shelf.entry("metrics.csv"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({entry.sha256 for entry in found}) == 1
    assert [path.name for path in shelf.folder.iterdir()] == ["metrics.csv"]


def test_a_name_that_is_none_is_told_with_the_nearest(shelf: Shelf) -> None:
    with pytest.raises(NotFoundError, match=r"reformgraph\.ttl"):
        shelf.entry("reformgraph.tt1")
    with pytest.raises(NotFoundError):
        shelf.entry("../manifest.json")


def test_a_file_whose_library_is_missing_is_left_out_and_told(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "find_spec", lambda name: None)
    with pytest.raises(MissingLibraryError, match=r"reformgraph\[tables\]"):
        shelf.entry("reformgraph.xlsx")
    names = {entry.export.name for entry in shelf.entries()}
    assert {export.name for export in shelf.exports} - names == {
        "reformgraph.xlsx", *(name for name in (e.name for e in shelf.exports) if name.endswith(".parquet"))
    }  # fmt: skip


def test_another_query_text_is_another_recipe(tiny_root: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_root / "queries", tmp_path / "queries")
    assert recipe(tmp_path) == recipe(tiny_root)
    path = tmp_path / "queries" / "exports" / "relations.rq"
    path.write_text(path.read_text("utf-8") + "# changed\n", "utf-8")
    assert recipe(tmp_path) != recipe(tiny_root)
