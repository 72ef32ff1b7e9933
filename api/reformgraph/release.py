"""Releases: from Turtle in git to an immutable directory that every process opens read-only.

    content root --read--> named graphs --rules--> derived, inferred --shapes--> validation
                 --> releases/<build key>/{store/, search.sqlite, release.nq, manifest.json}

A release directory is built beside its place and renamed, so that a directory under its final name is whole.
The *build key* hashes the inputs and the versions of what reads them; the *release* is the SHA-256 of the
canonical N-Quads (RDFC-1.0, https://www.w3.org/TR/rdf-canon/) and is what answers and citations name.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from reformgraph import __version__
from reformgraph.assembly import Progress, assemble, inputs
from reformgraph.engines.embedded import Embedded
from reformgraph.engines.resident import Resident
from reformgraph.errors import ReleaseError
from reformgraph.searching import index as searchindex

if TYPE_CHECKING:
    from reformgraph.validation import Report

_BUILDING = ".building-"


@dataclass(frozen=True)
class Release:
    """An opened release: where it is, what it is called, what it holds."""

    path: Path
    manifest: dict[str, Any]

    @property
    def id(self) -> str:
        """SHA-256 of the canonical N-Quads, 64 hex digits."""
        return str(self.manifest["release"])

    @property
    def store(self) -> Path:
        """The directory of the Oxigraph store; open it read-only."""
        return self.path / "store"

    @property
    def search(self) -> Path:
        """The search index, a SQLite file; open it immutable."""
        return self.path / searchindex.NAME

    @property
    def triples(self) -> int:
        """How many triples it has."""
        return int(self.manifest["triples"])

    def engine(self, resident: int = 0) -> Embedded:
        """A read-only engine over the release; close it after use.

        A graph of at most `resident` triples is copied into memory meanwhile.
        """
        return Resident(self.store, self.path / "release.nq") if self.triples <= resident else Embedded.open(self.store)


def open_release(path: Path) -> Release:
    """The release of a directory; raises ReleaseError where it is missing or not whole."""
    try:
        manifest = json.loads((path / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ReleaseError(f"No release at {path}: {error}. Build one: reformgraph build.") from None
    return Release(path, manifest)


def latest(home: Path) -> Release | None:
    """The release that was built last, or None before the first build."""
    try:
        return open_release(home / "releases" / (home / "current").read_text("utf-8").strip())
    except (OSError, ReleaseError):
        return None


def ensure(root: Path, home: Path, progress: Progress = lambda _: None) -> Release:
    """The release of the files below `root`: opened if it is built, else built first."""
    path = home / "releases" / build_key(root)
    if not (path / "manifest.json").is_file():
        return build(root, home, progress)
    current = latest(home)
    if current is None or current.path != path:
        _point(home, path.name)
    return open_release(path)


def build_key(root: Path) -> str:
    """SHA-256 over the names and bytes of the inputs and the versions of what reads them; 64 hex digits."""
    digest = hashlib.sha256()
    for package, version in _versions("pyoxigraph", "pypinyin", "pyshacl", "reformgraph").items():
        digest.update(f"{package} {version}\n".encode())
    digest.update(f"search index {searchindex.FORMAT}\n".encode())
    for path in inputs(root):
        digest.update(f"{path.relative_to(root).as_posix()} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _versions(*packages: str) -> dict[str, str]:
    from importlib.metadata import version  # noqa: PLC0415 - who opens a release that is built need not wait for it

    return {package: __version__ if package == "reformgraph" else version(package) for package in packages}


def build(root: Path, home: Path, progress: Progress = lambda _: None) -> Release:
    """Build the release of the files below `root` and make it the current one of `home`.

    Raises SourceFileError for a file that does not parse and ReleaseError when a shape finds a Violation; then
    nothing is written and the last release stays current.
    """
    from reformgraph.integrity import integrity_faults  # noqa: PLC0415 - who opens a release checks nothing
    from reformgraph.shacl.findings import finding_quads  # noqa: PLC0415
    from reformgraph.validation import validate  # noqa: PLC0415

    key = build_key(root)
    store = assemble(root, progress=progress)
    progress(f"checking {len(store)} triples against the shapes")
    if faults := integrity_faults(store):
        raise ReleaseError(
            "\n".join(["The graph is not whole; no release is built.", *(f"- {f}" for f in faults[:20])])
        )
    report = validate(store, root)
    if not report.conforms:
        raise ReleaseError(_violations(report))
    store.extend(list(finding_quads(report)))
    progress("writing the release")
    releases = home / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    _sweep(releases)
    with tempfile.TemporaryDirectory(prefix=f"{_BUILDING}{os.getpid()}-", dir=releases) as folder:
        _write(Path(folder) / "new", key, store, report.counts())
        _place(Path(folder) / "new", releases / key)
    _point(home, key)
    return open_release(releases / key)


def _violations(report: Report) -> str:
    faults = [result for result in report.results if result.severity == "Violation"]
    lines = [f"- {result.messages['en']}" for result in faults[:20]]
    more = [f"... and {len(faults) - 20} more: reformgraph validate"] if len(faults) > 20 else []
    return "\n".join([f"The graph has {len(faults)} violations; no release is built.", *lines, *more])


def _write(folder: Path, key: str, store: ox.Store, findings: dict[str, int]) -> None:
    """Store, canonical N-Quads and manifest into a new folder, each flushed to disk."""
    folder.mkdir()
    lines = canonical_lines(store)
    text = "".join(lines).encode()
    (folder / "release.nq").write_bytes(text)
    disk = ox.Store(str(folder / "store"))
    disk.bulk_extend(ox.parse(text, format=ox.RdfFormat.N_QUADS))  # keeps the canonical labels of blank nodes
    disk.flush()
    del disk  # pyoxigraph closes a store when it is dropped
    searchindex.write(folder / searchindex.NAME, store)
    manifest = {
        "key": key,
        "release": hashlib.sha256(text).hexdigest(),
        "versions": _versions("pyoxigraph", "pyshacl", "reformgraph"),
        "triples": len(lines),
        "graphs": dict(sorted(Counter(quad.graph_name.value for quad in store).items())),
        "findings": findings,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    for path in [p for p in folder.rglob("*") if p.is_file()] + [folder / "store", folder]:
        _sync(path)


def canonical_lines(store: ox.Store) -> list[str]:
    """The canonical N-Quads of a store (RDFC-1.0), one line each with its newline, in code point order."""
    dataset = ox.Dataset(store)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    text = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS)
    assert text is not None
    return sorted(line + "\n" for line in text.decode().split("\n") if line)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _place(new: Path, target: Path) -> None:
    """Rename the finished directory to its name; another build may have been faster with the same content."""
    try:
        new.rename(target)
        _sync(target.parent)
    except OSError:
        if not (target / "manifest.json").is_file():
            raise


def _point(home: Path, key: str) -> None:
    descriptor, name = tempfile.mkstemp(dir=home / "releases", prefix=f"{_BUILDING}{os.getpid()}-")
    with os.fdopen(descriptor, "w") as file:
        file.write(key + "\n")
    Path(name).replace(home / "current")


def _sweep(releases: Path) -> None:
    """Remove what killed builds left; the process number in the name tells whether a builder still lives."""
    for left in releases.glob(_BUILDING + "*"):
        number = left.name.removeprefix(_BUILDING).partition("-")[0]
        if number.isdigit() and not Path(f"/proc/{number}").exists():
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
