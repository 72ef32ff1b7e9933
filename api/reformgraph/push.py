"""A release into the user's own store, so that an endpoint can answer in its place.

remove the release triple -> replace each graph -> remove graphs of ours that are gone -> count -> write the triple

The *release triple* `<dataset> owl:versionInfo "<release>"` in `g:release` is last, so that a push that broke off, or
is under way, is never taken for a whole one. Graphs are ours if their IRIs start with `GRAPH`; others are not touched.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from reformgraph.engines.embedded import open_read_only
from reformgraph.namespaces import CATALOG, GRAPH, OWL, RELEASE
from reformgraph.release import Release

if TYPE_CHECKING:
    from reformgraph.engines.remote import Remote
    from reformgraph.engines.writers import Writer

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Pushed:
    """What a push did, and where the store does not hold what was sent: a sentence for each graph."""

    graphs: int
    triples: int
    differences: tuple[str, ...]


def push(release: Release, store: Remote, writer: Writer, progress: Progress = lambda _: None) -> Pushed:
    """Make a store hold a release: `writer` writes to it, `store` reads it. Raises `EndpointError`.

    The release triple is written only where the store then has as many triples in each graph as the release.
    """
    wanted: dict[str, int] = release.manifest["graphs"]
    writer.remove(RELEASE)
    source = open_read_only(release.store)
    for number, (graph, triples) in enumerate(wanted.items(), 1):
        progress(f"graph {number} of {len(wanted)}: {graph.removeprefix(GRAPH)}, {triples} triples")
        writer.replace(graph, _triples(source, graph))
    for graph in sorted(graphs_held(store).keys() - wanted.keys()):
        progress(f"removing {graph.removeprefix(GRAPH)}, which the release does not have")
        writer.remove(graph)
    differences = _differences(wanted, graphs_held(store))
    if not differences:
        writer.replace(RELEASE, f'<{CATALOG}> <{OWL}versionInfo> "{release.id}" .\n'.encode())
        told = pushed_release(store)
        differences = () if told == release.id else (f"{RELEASE}: the release triple tells of {told}.",)
    return Pushed(len(wanted), sum(wanted.values()), differences)


def pushed_release(store: Remote) -> str | None:
    """The release that a store says it holds; None where none was pushed, or a push is under way or broke off."""
    found = store.query_whole_store(
        f"SELECT ?release {{ GRAPH <{RELEASE}> {{ <{CATALOG}> <{OWL}versionInfo> ?release }} }}"
    )
    assert isinstance(found, ox.QuerySolutions)
    releases = [str(row["release"].value) for row in found]
    return releases[0] if len(releases) == 1 else None


def graphs_held(store: Remote) -> dict[str, int]:
    """The graphs of ours in a store, and how many triples each has."""
    found = store.query_whole_store(
        "SELECT ?graph (COUNT(*) AS ?triples) { GRAPH ?graph { ?s ?p ?o } "
        f'FILTER(STRSTARTS(STR(?graph), "{GRAPH}")) }} GROUP BY ?graph'
    )
    assert isinstance(found, ox.QuerySolutions)
    return {row["graph"].value: int(row["triples"].value) for row in found if row["graph"] is not None}


def _triples(source: ox.Store, graph: str) -> bytes:
    text = source.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.NamedNode(graph))
    assert text is not None
    return text


def _differences(wanted: dict[str, int], held: dict[str, int]) -> tuple[str, ...]:
    """A sentence for each graph that has other triples than the release, by their number."""
    return tuple(
        f"{graph}: {held.get(graph, 0)} triples instead of {wanted.get(graph, 0)}."
        for graph in sorted(wanted.keys() | held.keys())
        if held.get(graph, 0) != wanted.get(graph, 0)
    )
