"""The resources of a release without a server, and readings of RDF answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from reformgraph.queries import Catalogue, QueryService
from reformgraph.release import Release
from reformgraph.resources import Resources

Statement = tuple[str, str, str]


@dataclass(frozen=True)
class Served:
    """The resources of a release, and its store."""

    resources: Resources
    store: ox.Store


@contextmanager
def served(release: Release, root: Path) -> Iterator[Served]:
    with release.engine() as engine:
        queries = QueryService(engine, Catalogue([]), release.id)
        yield Served(Resources(engine, queries, root / "queries" / "pages"), ox.Store.read_only(str(release.store)))


def read(content: bytes, format_: ox.RdfFormat) -> list[ox.Quad]:
    return list(ox.parse(content, format=format_, base_iri="http://nowhere.example/"))


def of_the_graph(quads: list[ox.Quad]) -> set[Statement]:
    """The triples but those of the document itself, which tell the address of each format."""
    kept = [quad for quad in quads if "://127.0.0.1" not in str(quad.subject)]
    return {(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in kept}


def subjects(quads: list[ox.Quad]) -> set[str]:
    return {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
