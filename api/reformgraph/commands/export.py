"""The command that takes the graph away: `reformgraph export`."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reformgraph.cli import app, current_release, current_settings, errors_told, out, talk
from reformgraph.content import content_root
from reformgraph.errors import SourceFileError
from reformgraph.release import Release

if TYPE_CHECKING:
    from reformgraph.exports.shelf import Entry, Shelf

__all__ = ["app"]
MANIFEST = "manifest.json"


@app.command()
def export(
    directory: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Folder for the files; made if it is not there.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="A file by its name, several by several --only.")
    ] = None,
    site: Annotated[
        Path | None,
        typer.Option("--site", metavar="DIR", help="Folder for all pages as plain files."),
    ] = None,
) -> None:
    """Write the files of /exports into a folder, and manifest.json with their sizes and SHA-256.

    A file that is there with the right SHA-256 is kept, so that a broken run is taken up by running it again.
    Prints the names of the files, one a line.
    """
    if directory is None and site is None:
        raise typer.BadParameter("Name a folder for the files, or --site DIR for the pages.", param_hint="DIR")
    if only and directory is None:
        raise typer.BadParameter("It chooses files for DIR, and there is no DIR.", param_hint="--only")
    with errors_told():
        release = current_release(current_settings())
        for folder, write in ((directory, _write_all), (site, _write_site)):
            if folder is None:
                continue
            try:
                write(release, folder, only)
            except OSError as error:
                raise SourceFileError(folder, 0, f"Not writable: {error.strerror or error}.") from None


def _write_all(release: Release, directory: Path, only: list[str] | None) -> None:
    from reformgraph.exports.shelf import Shelf  # noqa: PLC0415 - for this command only

    shelf = Shelf(release, content_root())
    _manifest(directory, release.id, _write(shelf, directory, only))


def _write_site(release: Release, directory: Path, _: list[str] | None) -> None:
    """The pages in Chinese and English as plain files; prints the file to open."""
    from reformgraph.web.staticsite import export_site  # noqa: PLC0415 - the web service is heavy

    copied = export_site(current_settings(), release, directory, talk)
    for place, status in sorted(copied.missing.items(), key=lambda pair: pair[0].file):
        talk(f"{place.path}?{place.query} ({place.language}): left out, it answered {status}")
    out(f"{directory / 'index.html'}\n")


def _write(shelf: Shelf, directory: Path, only: list[str] | None) -> list[Entry]:
    directory.mkdir(parents=True, exist_ok=True)
    names = list(dict.fromkeys(only)) if only else [e.name for e in shelf.exports if e.available]
    for export_ in shelf.exports:
        if not only and not export_.available:
            talk(f"{export_.name}: left out, {export_.library} is not installed")
    written = []
    for number, entry in enumerate(shelf.entries(names), 1):
        kept = _is_there(directory / entry.export.name, entry)
        if not kept:
            _copy(entry.path, directory / entry.export.name)
        talk(f"[{number}/{len(names)}] {entry.export.name} {entry.size} bytes{', kept' if kept else ''}")
        out(entry.export.name + "\n")
        written.append(entry)
    return written


def _is_there(path: Path, entry: Entry) -> bool:
    if not path.is_file() or path.stat().st_size != entry.size:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == entry.sha256


def _copy(source: Path, target: Path) -> None:
    """Copy beside the place and rename, so that a run that breaks leaves no half file under a name."""
    part = target.with_name(target.name + ".part")
    shutil.copyfile(source, part)
    part.replace(target)


def _manifest(directory: Path, release: str, written: list[Entry]) -> None:
    listed = {"release": release, "exports": [entry.listed() for entry in written]}
    (directory / MANIFEST).write_text(json.dumps(listed, ensure_ascii=False, indent=2) + "\n", "utf-8")
