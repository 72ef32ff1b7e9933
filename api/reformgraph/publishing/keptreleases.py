"""The releases that are kept in a home, by their identifier: what `?release=` and the changelog choose from."""

from __future__ import annotations

import re
from pathlib import Path

from reformgraph.errors import NotFoundError, ParameterError, ReleaseError
from reformgraph.publishing.publication import SHORT
from reformgraph.release import Release, open_release

_GIVEN = re.compile(rf"[0-9a-f]{{{SHORT},64}}")


def kept(folder: Path) -> list[Release]:
    """The releases below a folder of build directories that this version can open, the newest first, each once."""
    releases: dict[str, Release] = {}
    for release in sorted(_all(folder), key=built, reverse=True):
        releases.setdefault(release.id, release)
    return list(releases.values())


def built(release: Release) -> float:
    """When a release was built here, in seconds since 1970: its manifest is written last."""
    return (release.path / "manifest.json").stat().st_mtime


def choose(folder: Path, asked: str, parameter: str = "release") -> Release:
    """The kept release of an identifier or its first digits.

    ParameterError for what is no identifier, NotFoundError with those there are for one that is not kept.
    """
    if not _GIVEN.fullmatch(asked):
        raise ParameterError(parameter, f"{asked!r} is no release: write {SHORT} to 64 hex digits.")
    releases = kept(folder)
    found = next((release for release in releases if release.id.startswith(asked)), None)
    if found is None:
        raise NotFoundError("release", asked, [release.id for release in releases])
    return found


def before(folder: Path, release: Release) -> Release | None:
    """The release that was built last before this one, None where none is kept."""
    releases = kept(folder)
    names = [other.id for other in releases]
    return next(iter(releases[names.index(release.id) + 1 :]), None) if release.id in names else None


def _all(folder: Path) -> list[Release]:
    found = []
    for manifest in folder.glob("*/manifest.json"):
        try:
            found.append(open_release(manifest.parent))
        except ReleaseError:  # being removed
            continue
    return [release for release in found if release.store.is_dir() and release.search.is_file()]
