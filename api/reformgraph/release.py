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
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from reformgraph import validation
from reformgraph.engines.embedded import Embedded
from reformgraph.errors import ReleaseError, SourceFileError
from reformgraph.integrity import integrity_faults
from reformgraph.namespaces import CATALOG, CURATED, GRAPH, RDF, REGISTRY, RG, SHAPES, VOCAB
from reformgraph.rules import apply_rules, read_rules
from reformgraph.searching import index as searchindex

Progress = Callable[[str], None]

# Folder or file below the content root -> the graph that it fills; reports have a graph for each document.
_GRAPHS = (
    ("ontology", VOCAB),
    ("shapes", SHAPES),
    ("data/ttl/registry", REGISTRY),
    ("data/ttl/catalogue.ttl", CATALOG),
    ("data/ttl/curated.ttl", CURATED),
)
_REPORTS = "data/ttl/reports"
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

    def engine(self) -> Embedded:
        """A read-only engine over the release; close it after use."""
        return Embedded.open(self.store)


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


def inputs(root: Path) -> list[Path]:
    """All files that a release is made from, in the order of their names."""
    folders = ("ontology", "data/ttl", "shapes", "queries/rules")
    return sorted(p for f in folders for p in (root / f).rglob("*") if p.suffix in (".ttl", ".rq"))


def build_key(root: Path) -> str:
    """SHA-256 over the names and bytes of the inputs and the versions of what reads them; 64 hex digits."""
    digest = hashlib.sha256()
    for package in ("pyoxigraph", "pypinyin", "pyshacl", "reformgraph"):
        digest.update(f"{package} {version(package)}\n".encode())
    digest.update(f"search index {searchindex.FORMAT}\n".encode())
    for path in inputs(root):
        digest.update(f"{path.relative_to(root).as_posix()} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def assemble(root: Path, extra: Iterable[Path] = (), progress: Progress = lambda _: None) -> ox.Store:
    """Read all files into named graphs of a store in memory and run the rules; `extra` are further reports."""
    store = ox.Store()
    files = [path for path in inputs(root) if path.suffix == ".ttl"]
    progress(f"reading {len(files)} Turtle files")
    for path in files:
        _load(store, path, _graph_of(root, path))
    for path in extra:
        _load(store, path, _document_graph(path, [path]))
    rules = read_rules(root / "queries" / "rules")
    progress(f"running {len(rules)} rules over {len(store)} triples")
    apply_rules(store, rules)
    return store


def _graph_of(root: Path, path: Path) -> str:
    relative = path.relative_to(root).as_posix()
    for start, graph in _GRAPHS:
        if relative == start or relative.startswith(start + "/"):
            return graph
    if not relative.startswith(_REPORTS + "/"):
        raise SourceFileError(path, 0, f"No graph for this file: put it below one of {_REPORTS}, data/ttl/registry.")
    folder = path.parent if path.parent != root / _REPORTS else None
    return _document_graph(path, sorted(folder.glob("*.ttl")) if folder else [path])


def _document_graph(path: Path, files: list[Path]) -> str:
    """`g:doc-<key>` of the one `rg:SourceDocument` that the files of a report describe."""
    kind = ox.NamedNode(RG + "SourceDocument")
    keys = {
        quad.subject.value.rpartition("/")[2]
        for file in files
        for quad in _parse(file)
        if quad.object == kind and quad.predicate.value == RDF + "type" and isinstance(quad.subject, ox.NamedNode)
    }
    if len(keys) != 1:
        raise SourceFileError(path, 0, f"A report describes exactly one rg:SourceDocument, not {len(keys)}.")
    return f"{GRAPH}doc-{keys.pop()}"


def _parse(path: Path) -> list[ox.Quad]:
    try:
        return list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    except SyntaxError as error:
        raise SourceFileError(path, error.lineno or 0, str(error.msg)) from None
    except OSError as error:
        raise SourceFileError(path, 0, str(error.strerror or error)) from None


def _load(store: ox.Store, path: Path, graph: str) -> None:
    name = ox.NamedNode(graph)
    store.extend([ox.Quad(q.subject, q.predicate, q.object, name) for q in _parse(path)])


def build(root: Path, home: Path, progress: Progress = lambda _: None) -> Release:
    """Build the release of the files below `root` and make it the current one of `home`.

    Raises SourceFileError for a file that does not parse and ReleaseError when a shape finds a Violation; then
    nothing is written and the last release stays current.
    """
    key = build_key(root)
    store = assemble(root, progress=progress)
    progress(f"checking {len(store)} triples against the shapes")
    if faults := integrity_faults(store):
        raise ReleaseError(
            "\n".join(["The graph is not whole; no release is built.", *(f"- {f}" for f in faults[:20])])
        )
    report = validation.validate(store, root)
    if not report.conforms:
        raise ReleaseError(_violations(report))
    store.extend(list(validation.finding_quads(report)))
    progress("writing the release")
    releases = home / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    _sweep(releases)
    with tempfile.TemporaryDirectory(prefix=f"{_BUILDING}{os.getpid()}-", dir=releases) as folder:
        _write(Path(folder) / "new", key, store, report.counts())
        _place(Path(folder) / "new", releases / key)
    _point(home, key)
    return open_release(releases / key)


def _violations(report: validation.Report) -> str:
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
    disk.bulk_load(text, format=ox.RdfFormat.N_QUADS)
    disk.flush()
    del disk  # pyoxigraph closes a store when it is dropped
    searchindex.write(folder / searchindex.NAME, store)
    manifest = {
        "key": key,
        "release": hashlib.sha256(text).hexdigest(),
        "versions": {name: version(name) for name in ("pyoxigraph", "pyshacl", "reformgraph")},
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
