"""The files of a release on disk: each is made when it is first asked for, once, and put in place whole.

They stand in `<release>/exports/<recipe>/`; the recipe hashes what besides the release decides their bytes: the
queries, the libraries and the code that writes them.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any

from reformgraph.errors import MissingLibraryError, NotFoundError, ReleaseError
from reformgraph.exports.catalogue import Export, Making, exports_of
from reformgraph.exports.workshop import Workshop
from reformgraph.release import Release

_LIBRARIES = ("reformgraph", "pyoxigraph", "pyarrow", "xlsxwriter")
_WRITERS = (
    "canned/columnar.py",
    "canned/columns.py",
    "canned/tables.py",
    "canned/workbooks.py",
    "exports",
    "linked/jsonld.py",
    "results.py",
)
_HERE = threading.Lock()  # one maker at a time in this process, and by the lock file among processes


@dataclass(frozen=True)
class Entry:
    """A file that is made: its bytes' number and SHA-256, 64 hex digits."""

    export: Export
    path: Path
    size: int
    sha256: str

    def listed(self) -> dict[str, Any]:
        """The entry as an object of JSON values."""
        export = self.export
        return {
            "name": export.name,
            "group": export.group,
            "title": export.title,
            "mediaType": export.media_type,
            "size": self.size,
            "sha256": self.sha256,
        }


class Shelf:
    """The files of one release; `root` holds `queries/`."""

    def __init__(self, release: Release, root: Path) -> None:
        self.release = release
        self._root = root
        self.exports = exports_of(root)
        self.folder = release.path / "exports" / recipe(root)

    def get(self, name: str) -> Export:
        """The file of a name; NotFoundError with the nearest names, MissingLibraryError where none can be made."""
        found = next((export for export in self.exports if export.name == name), None)
        if found is None:
            names = [export.name for export in self.exports]
            raise NotFoundError("export", name, difflib.get_close_matches(name[:100], names, n=5, cutoff=0.4))
        if not found.available:
            raise MissingLibraryError(found.library or "", "tables")
        return found

    def entry(self, name: str) -> Entry:
        """A file, made now if it is not yet."""
        export = self.get(name)
        if not (self.folder / name).is_file():
            with self._making() as make:
                make(name)
        return self._entry(export)

    def entries(self, names: Sequence[str] | None = None) -> Iterator[Entry]:
        """The files named, by default all that can be made here, each as soon as it is there."""
        chosen = [e for e in self.exports if e.available] if names is None else [self.get(name) for name in names]
        if all((self.folder / export.name).is_file() for export in chosen):
            yield from map(self._entry, chosen)
            return
        with self._making() as make:
            for export in chosen:
                make(export.name)
                yield self._entry(export)

    def _entry(self, export: Export) -> Entry:
        path = self.folder / export.name
        status = path.stat()
        return Entry(export, path, status.st_size, _digest(path, status.st_size, status.st_mtime_ns))

    @contextmanager
    def _making(self) -> Iterator[Callable[[str], bytes]]:
        """Open the release for making; the function gives a file's bytes, made if they are not there."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ReleaseError(f"No exports can be written: {error}. Let {self.folder.parent} be written.") from None
        with _locked(self.folder.parent / ".lock"), self.release.engine() as engine:

            def read(name: str) -> bytes:
                path = self.folder / name
                if not path.is_file():
                    _place(path, self.get(name).make(making))
                return path.read_bytes()

            workshop = Workshop(self.release, engine, self._root)
            tables = tuple(e.name.removesuffix(".excel.csv") for e in self.exports if e.name.endswith(".excel.csv"))
            making = Making(workshop, read, tables)
            yield read


@lru_cache(maxsize=1024)
def _digest(path: Path, size: int, changed: int) -> str:
    """SHA-256 of a file; size and time of change are there to tell a changed file from the one that is kept."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def recipe(root: Path) -> str:
    """What decides the bytes of the files besides the release: 16 hex digits."""
    digest = hashlib.sha256()
    for library in _LIBRARIES:
        digest.update(f"{library} {_version(library)}\n".encode())
    package = Path(__file__).parents[1]
    queries = root / "queries"
    folders = (queries, queries / "exports")
    files = [path for folder in folders for end in ("rq", "tsv") for path in folder.glob(f"*.{end}")]
    files += [path for name in _WRITERS for path in _sources(package / name)]
    for path in sorted(files):
        digest.update(f"{path.name} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "absent"


def _sources(path: Path) -> list[Path]:
    return sorted(path.glob("*.py")) if path.is_dir() else [path]


def _place(path: Path, content: bytes) -> None:
    """Write a file beside its place and rename it, so that a file under its name is whole."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".making-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with _HERE, path.open("a") as file:
        _lock(file)
        yield


def _lock(file: IO[str]) -> None:
    """Wait for other processes; where the system has no such lock, two may make the same bytes twice."""
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    fcntl.flock(file, fcntl.LOCK_EX)
