"""What the files are made from: the quads of a release and the tables of its canned queries, each read once."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from reformgraph.canned.columns import Column, read_columns
from reformgraph.canned.files import CannedQuery, read_folder
from reformgraph.canned.tables import Colophon, Table
from reformgraph.engines.base import Engine
from reformgraph.namespaces import BASE
from reformgraph.queries import Catalogue, QueryService
from reformgraph.release import Release

# The tables that leave, by the canned query that each is the whole answer of; one that is not there is left out.
TABLES = ("observations", "entities", "relations", "metrics", "documents", "findings")


class Workshop:
    """A release opened for making files; `root` holds `queries/`."""

    def __init__(self, release: Release, engine: Engine, root: Path) -> None:
        self.release = release
        self.engine = engine
        columns = _columns(root)
        own = read_folder(root / "queries" / "exports", columns=columns)
        shared = [query for query in read_folder(root / "queries") if query.name in TABLES]
        self._service = QueryService(engine, Catalogue([*own, *shared], columns), release.id)
        self._tables: dict[str, Table] = {}

    @cached_property
    def canonical(self) -> bytes:
        """The canonical N-Quads of the release, whose SHA-256 is its name."""
        return (self.release.path / "release.nq").read_bytes()

    @cached_property
    def quads(self) -> list[ox.Quad]:
        """All quads in the order of the canonical N-Quads, with the blank nodes' canonical names."""
        return list(ox.parse(self.canonical, format=ox.RdfFormat.N_QUADS))

    @cached_property
    def triples(self) -> list[ox.Triple]:
        """The union of all graphs: each triple once, in the order of the N-Quads."""
        return list(dict.fromkeys(quad.triple for quad in self.quads))

    def query(self, name: str) -> CannedQuery:
        """The canned query that a table is the answer of."""
        return self._service.catalogue.get(name)

    def table(self, name: str) -> Table:
        """The whole answer of a canned query; raises NotFoundError for a name that is none."""
        if name not in self._tables:
            self._tables[name] = self._service.table(self._service.ask(name, {}))
        return self._tables[name]

    def colophon(self, name: str) -> Colophon:
        """What a file of a table says of itself; its source is the query's IRI, for a file knows no host."""
        query = self.query(name)
        source = f"{BASE}queries/{name}"
        return Colophon(query.name, query.version, query.summary, self.release.id, {}, source)


def tables_of(root: Path) -> tuple[str, ...]:
    """The names of `TABLES` that there are queries for."""
    folder = root / "queries"
    return tuple(
        name for name in TABLES if any((place / f"{name}.rq").is_file() for place in (folder, folder / "exports"))
    )


def _columns(root: Path) -> dict[str, Column]:
    """The dictionary of columns; what the tables for export mean by a name goes before."""
    return read_columns(root / "queries") | read_columns(root / "queries" / "exports")
