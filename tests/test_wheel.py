"""The wheel stands alone: built from a clean copy, installed for each Python found, it does offline all that it does."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

from installing import EDITOR, Built, built, editor, install, pythons, tracked
from least_graph import home_with_least
from offline import Offline, offline
from reformgraph.content import content_root
from reformgraph.exports.catalogue import exports_of
from reformgraph.namespaces import RG
from reformgraph.release import Release, ensure
from reformgraph.settings import Settings

PYTHONS = pythons()
# What takes long and does not depend on the Python is done with the first that is found.
ONCE = pytest.mark.parametrize("installed", list(PYTHONS)[:1], indirect=True)
EXTRAS = "mcp pyarrow vl_convert xlsxwriter"
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel, offline, in which every warning of Python is an error."""

    folder: Path
    bin: Path
    network: Offline

    @property
    def settings(self) -> dict[str, str]:
        return {"REFORMGRAPH_HOME": str(self.folder / "home"), "PYTHONWARNINGS": "error"}

    def ask(self, *words: str | Path, say: str = "", **more: str) -> str:
        """What `reformgraph` prints."""
        done = self.network.run(self.bin / "reformgraph", *words, say=say, **(self.settings | more))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def python(self, code: str, **more: str) -> str:
        """What Python prints."""
        done = self.network.run(self.bin / "python", "-c", code, **(self.settings | more))
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return built(tmp_path_factory.mktemp("packed"))


@pytest.fixture(scope="module", params=PYTHONS)
def installed(
    request: pytest.FixtureRequest, packed: Built, tmp_path_factory: pytest.TempPathFactory, report_lines: list[str]
) -> Iterator[Installed]:
    folder = tmp_path_factory.mktemp("installed")
    (folder / "guard").mkdir()
    bin_ = install(PYTHONS[request.param], packed.wheel, folder / "venv")
    with offline(folder / "guard") as network:
        kept = "a network of its own" if network.sealed else "a guard in Python"
        report_lines.append(f"wheel on Python {request.param}, offline by {kept}")
        yield Installed(folder, bin_, network)


@pytest.fixture(scope="module")
def built_release(installed: Installed) -> Path:
    """The folder of the release that the wheel has built."""
    return Path(installed.ask("build").strip())


@dataclass(frozen=True)
class Least:
    """The least graph in place of the whole, for what takes long, and no extras."""

    release: Release
    home: Path

    @property
    def settings(self) -> dict[str, str]:
        return {"REFORMGRAPH_HOME": str(self.home), "WITHOUT": EXTRAS}


@pytest.fixture(scope="module")
def least(built_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Least:
    base = tmp_path_factory.mktemp("least")
    return Least(home_with_least(base / "home", base / "root", built_release.name), base / "home")


@pytest.fixture(scope="module")
def get(installed: Installed, built_release: Path) -> Iterator[Callable[[str], bytes]]:
    command = (installed.bin / "reformgraph", "serve", "--port", "0")
    with installed.network.serving(*command, **installed.settings) as fetch:
        yield fetch


def test_the_archive_builds_into_the_same_wheel(packed: Built) -> None:
    assert packed.again.name == packed.wheel.name
    with ZipFile(packed.wheel) as wheel, ZipFile(packed.again) as again:
        assert {info.filename: info.CRC for info in again.infolist()} == {
            info.filename: info.CRC for info in wheel.infolist()
        }


def test_the_archive_holds_what_git_has_and_the_editor(packed: Built) -> None:
    with tarfile.open(packed.archive) as tar:
        names = {Path(*Path(member.name).parts[1:]) for member in tar if member.isfile()}
    ours = {path for path in tracked() if path.parts[0] != ".ci"}
    assert names == ours | {*editor(), Path("PKG-INFO")}


def test_the_wheel_is_of_pure_python_and_holds_the_package_and_its_content(packed: Built) -> None:
    assert packed.wheel.name.endswith("-py3-none-any.whl")
    with ZipFile(packed.wheel) as wheel:
        names = {Path(name) for name in wheel.namelist()}
    assert {path.relative_to("api") for path in editor()} <= names
    package = {path.relative_to("api") for path in tracked() if path.parts[0] == "api"}
    content = {Path("reformgraph/content") / path for path in tracked() if path.parts[0] in ("ontology", "shapes", "queries")}  # fmt: skip
    assert package | content <= names
    assert {path.parts[0].partition("-")[0] for path in names} == {"reformgraph"}


def test_other_machines_are_out_of_reach(installed: Installed) -> None:
    code = """import socket
for reach in (lambda: socket.create_connection(("192.0.2.1", 80), 5), lambda: socket.getaddrinfo("example.org", 80)):
    try:
        reach()
    except OSError as error:
        print("offline" in str(error))
"""
    assert installed.python(code).split() == ["True", "True"]


def test_it_builds_the_same_release_as_the_checkout(installed: Installed, packed: Built, built_release: Path) -> None:
    told = json.loads(installed.ask("info"))
    assert Path(told["path"]) == built_release
    assert built_release.parents[1] == installed.folder / "home"
    assert told["release"] == ensure(packed.clone, Settings().home).id


@pytest.mark.usefixtures("built_release")
def test_it_validates_and_answers(installed: Installed) -> None:
    assert json.loads(installed.ask("validate", "--format", "json"))["counts"]["Violation"] == 0
    asked = installed.ask("query", "observations", "document=826ec1811efe", "--format", "json")
    assert len(json.loads(asked)) == 27
    counted = installed.ask("sparql", f"SELECT (COUNT(*) AS ?n) {{ ?s a <{RG}Observation> }}", "--format", "csv")
    assert int(counted.split()[1]) > 200


@ONCE
@pytest.mark.usefixtures("built_release")
def test_it_exports_every_file(installed: Installed, tmp_path: Path) -> None:
    names = installed.ask("export", tmp_path).split()
    assert names == [export.name for export in exports_of(content_root())]
    assert all((tmp_path / name).stat().st_size for name in names)


def test_without_the_extras_the_core_exports_what_it_can(installed: Installed, least: Least, tmp_path: Path) -> None:
    names = installed.ask("export", tmp_path, **least.settings).split()
    assert names == [export.name for export in exports_of(content_root()) if export.library is None]
    assert "reformgraph-datapackage.zip" in names


@ONCE
def test_it_writes_the_pages_as_files(installed: Installed, least: Least, tmp_path: Path) -> None:
    index = Path(installed.ask("export", "--site", tmp_path, **least.settings).strip())
    assert "机构" in index.read_text("utf-8")
    manifest = json.loads((tmp_path / "release.json").read_text("utf-8"))
    assert (manifest["release"], manifest["pages"] > 200) == (least.release.id, True)


def test_it_serves_pages_with_all_that_they_load(get: Callable[[str], bytes]) -> None:
    assert b'<html lang="zh-Hans"' in get("/?lang=zh")
    assert b"blockquote" in get("/static/style.css")
    assert b"/queries/observations" in get("/docs")
    assert b"<textarea" in get("/sparql")
    assert len(json.loads(get("/queries/observations.json?document=826ec1811efe"))["rows"]) == 27
    assert b"<svg" in get("/coverage.svg")


def test_it_serves_the_editor_that_came_with_it(get: Callable[[str], bytes]) -> None:
    files = editor()
    page = get("/sparql").decode()
    for file in files:
        name = f"static/editor/{file.name}"
        assert get(f"/{name}") == (content_root() / EDITOR / file.name).read_bytes()
    assert ("static/editor/yasgui.min.js" in page) == bool(files)


@pytest.mark.usefixtures("built_release")
def test_three_lines_of_python_give_the_graph(installed: Installed) -> None:
    code = """import reformgraph
store, dataset = reformgraph.store(), reformgraph.dataset()
print(len(store), sum(1 for _ in dataset.quads()))"""
    told = json.loads(installed.ask("info"))
    assert installed.python(code).split() == [str(told["triples"])] * 2
    missing = "import reformgraph\ntry: reformgraph.frame('documents')\nexcept reformgraph.errors.MissingLibraryError as error: print(error)"
    assert "reformgraph[pandas]" in installed.python(missing)


@pytest.mark.usefixtures("built_release")
def test_it_answers_agents_over_stdio(installed: Installed) -> None:
    answer = json.loads(installed.ask("mcp", say=json.dumps(HELLO) + "\n").splitlines()[0])
    assert answer["result"]["serverInfo"]["name"] == "reformgraph"
