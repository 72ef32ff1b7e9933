"""`reformgraph export --site DIR` as a user runs it: what it says, what it writes, and that no link needs a server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from least_graph import home_with_least
from reformgraph.namespaces import BASE

LINK = re.compile(r'\s(?:href|src|action|srcset)="([^"]*)"')
STYLED = re.compile(r"url\(\s*['\"]?([^'\")]+)")


@dataclass(frozen=True)
class Site:
    """A copy that the command has made, and what it said."""

    folder: Path
    home: Path
    release: str
    done: subprocess.CompletedProcess[str]

    def files(self) -> dict[str, bytes]:
        """The bytes of all files, by their names below the folder."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in found}

    def pages(self) -> dict[str, str]:
        return {name: body.decode("utf-8") for name, body in self.files().items() if name.endswith(".html")}


def export(home: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "reformgraph", "export", *map(str, words)]
    environment = os.environ | {"REFORMGRAPH_HOME": str(home)}
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    base = tmp_path_factory.mktemp("site")
    release = home_with_least(base / "home", base / "root")
    folder = base / "made" / "on the way"
    return Site(folder, base / "home", release.id, export(base / "home", "--site", folder))


def test_it_prints_the_file_to_open_and_tells_its_progress_apart(site: Site) -> None:
    assert site.done.returncode == 0, site.done.stderr
    assert site.done.stdout == f"{site.folder / 'index.html'}\n"
    pages = len(site.pages()) - 1  # index.html is the Chinese home page once more
    assert re.search(r"^\d+ files, \d+ links to follow$", site.done.stderr, re.MULTILINE)
    assert f"making the links of {pages} pages relative" in site.done.stderr
    assert "Traceback" not in site.done.stderr


def test_what_is_left_out_is_told_with_its_reason(site: Site) -> None:
    left = [line for line in site.done.stderr.splitlines() if "left out" in line]
    assert left
    assert all(re.fullmatch(r"queries/[\w-]+\?\S+ \((zh|en)\): left out, it answered 422", line) for line in left)


def test_it_is_the_release_of_the_home(site: Site) -> None:
    manifest = json.loads((site.folder / "release.json").read_text("utf-8"))
    assert manifest["release"] == site.release
    assert {*manifest["files"], "release.json"} == site.files().keys()


def test_every_link_leads_to_a_file_of_the_folder_by_a_relative_path(site: Site) -> None:
    dead, followed = [], 0
    for name, page in site.pages().items():
        for target in map(unescape, LINK.findall(page)):
            parts = urlsplit(target)
            if parts.scheme or (not parts.netloc and not parts.path):
                continue
            followed += 1
            there = (site.folder / name).parent / unquote(parts.path)
            if parts.netloc or target.startswith("/") or not there.is_file() or site.folder not in there.resolve().parents:  # fmt: skip
                dead.append((name, target))
    assert dead == []
    assert followed > 10 * len(site.pages())


def test_styles_fetch_nothing_that_is_not_there(site: Site) -> None:
    styles = {name: body.decode() for name, body in site.files().items() if name.endswith(".css")}
    assert styles
    targets = [(name, target) for name, text in styles.items() for target in STYLED.findall(text)]
    inside = [(name, target) for name, target in targets if not target.startswith("data:")]
    assert [found for found in inside if not ((site.folder / found[0]).parent / found[1]).is_file()] == []


def test_no_file_leads_back_to_the_machine_that_made_it(site: Site) -> None:
    here = re.compile(rb"(?:href|src|action)=\"[^\"]*(?:localhost|127\.0\.0\.1|\[::1\])|" + str(site.home).encode())
    assert [name for name, body in site.files().items() if here.search(body)] == []


def test_pages_load_nothing_from_elsewhere(site: Site) -> None:
    loading = re.compile(r'<(?:img|script|iframe|link rel="stylesheet")[^>]*\s(?:src|href)="(?:https?:)?//')
    assert [name for name, page in site.pages().items() if loading.search(page)] == []


def test_the_page_to_open_is_chinese_and_leads_to_a_figure_in_chinese(site: Site) -> None:
    index = (site.folder / "index.html").read_text("utf-8")
    assert '<html lang="zh-Hans"' in index
    assert '<meta charset="utf-8"' in index
    figures = sorted((site.folder / "zh" / "obs").glob("*.html"))
    assert figures
    assert all("山口市公安局" in path.read_text("utf-8") for path in figures)
    for path in figures:
        english = (site.folder / "en" / "obs" / path.name).read_text("utf-8")
        assert "Public Security Bureau of Shankou" in english
        assert f"{BASE}obs/{path.stem}" in english


@pytest.mark.parametrize(("language", "words"), [("zh", "图中为各方的主张"), ("en", "These are claims")])
def test_charts_are_there_in_the_language_of_their_page(site: Site, language: str, words: str) -> None:
    drawn = {name: page for name, page in site.pages().items() if name.startswith(language) and "<picture>" in page}
    assert drawn
    for name, page in drawn.items():
        sources = re.findall(r"<picture>\s*<img src=\"([^\"]*)\" alt=\"[^\"]+\">\s*</picture>", page)
        assert len(sources) == page.count("<picture>"), name
        for source in sources:
            assert words in ((site.folder / name).parent / unquote(source)).read_text("utf-8")


def test_a_second_run_mends_what_is_broken_and_changes_nothing_else(site: Site) -> None:
    before = site.files()
    (site.folder / "zh" / "index.html").write_text("half a pa", "utf-8")
    (site.folder / "static" / "style.css").unlink()
    (site.folder / "notes.txt").write_text("of the reader", "utf-8")
    again = export(site.home, "--site", site.folder)
    assert (again.returncode, again.stdout, again.stderr) == (0, site.done.stdout, site.done.stderr)
    assert site.files() == before | {"notes.txt": b"of the reader"}


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_folder_that_cannot_be_is_told_without_a_trace(site: Site, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("kept", "utf-8")
    done = export(site.home, "--site", tmp_path / place)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{tmp_path / place}: Not writable: " in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "file").read_text("utf-8") == "kept"


def test_files_of_exports_are_chosen_by_name_only_with_a_folder_for_them(site: Site, tmp_path: Path) -> None:
    done = export(site.home, "--site", tmp_path / "site", "--only", "reformgraph.nq")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--only" in done.stderr
    assert not (tmp_path / "site").exists()


def test_without_any_folder_the_usage_is_told(site: Site) -> None:
    done = export(site.home)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--site DIR" in done.stderr
