"""A release opened for work in Python: built if it is not yet, as the command line does, and kept open."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from reformgraph.content import content_root
from reformgraph.engines.base import Engine
from reformgraph.queries import Catalogue, QueryService
from reformgraph.release import Release, ensure, open_release
from reformgraph.resources import Resources
from reformgraph.search import SearchIndex
from reformgraph.settings import Settings, from_environment


@dataclass(frozen=True)
class Opened:
    """A release and what answers over it; read-only, and safe to use from several threads."""

    release: Release
    engine: Engine
    queries: QueryService
    resources: Resources
    search: SearchIndex


def opened(home: str | os.PathLike[str] | None = None) -> Opened:
    """The release of the files at hand, opened once in a process.

    Settings come from `REFORMGRAPH_*`; `home` is the folder of built releases, and goes before `REFORMGRAPH_HOME`.
    The first use may build the release (some 10 s). Raises SourceFileError and ReleaseError.

    >>> import reformgraph
    >>> here = reformgraph.opened()
    >>> len(here.release.id), here.release.manifest["graphs"]["https://w3id.org/reformgraph/graph/vocab"] > 0
    (64, True)
    """
    settings = from_environment()
    return _open(settings if home is None else replace(settings, home=Path(home)))


@cache
def _open(settings: Settings) -> Opened:
    root = content_root()
    release = open_release(settings.release) if settings.release else ensure(root, settings.home)
    engine = release.engine()
    queries = QueryService(engine, Catalogue.read(root / "queries", settings.queries), release.id)
    resources = Resources(engine, queries, root / "queries" / "pages")
    return Opened(release, engine, queries, resources, SearchIndex(release.search))
