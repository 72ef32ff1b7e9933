"""A graph cut by its reports, so that many processes can check it: each chunk can be judged by itself.

A chunk is the nodes of some reports with all that the shapes can reach from them: the statements about them in every
graph, and those about what they lead to or what leads to them. Ontology and registry go along once, as context.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from reformgraph.namespaces import DERIVED, GRAPH, INFERRED, SHAPES, VALIDATION
from reformgraph.shacl.coreshapes import CoreShapes
from reformgraph.shacl.fastlane import core_findings
from reformgraph.shacl.uniongraph import TYPE, Node

SIZE = 20_000  # nodes in a chunk, about
_HOPS = 4  # steps from a node; the longest path of a shape is shorter
_DOCUMENT = GRAPH + "doc-"
_CHUNK = ox.NamedNode(GRAPH + "chunk")
_NEITHER = tuple(ox.NamedNode(graph) for graph in (SHAPES, VALIDATION))
_ADDED = tuple(ox.NamedNode(graph) for graph in (DERIVED, INFERRED))


@dataclass(frozen=True)
class Chunk:
    """Focus nodes as N-Triples has them, and the triples that judge them; no triples where a store has them."""

    focus: tuple[str, ...]
    triples: bytes = b""


def groups(store: ox.Store, size: int = SIZE, properties: Iterable[ox.NamedNode] = ()) -> Iterator[list[Node]]:
    """The nodes that can be focus nodes, each once: those of whole reports together, then the rest.

    They are what has a type, or one of the properties whose subjects are targets.
    """
    marks = (TYPE, *properties)
    seen: set[Node] = set()
    group: list[Node] = []
    for graph in [*_reports(store), None]:
        for node in _subjects(store, graph, marks):
            if node not in seen:
                seen.add(node)
                group.append(node)
            if graph is None and len(group) >= size:
                yield group
                group = []
        if len(group) >= size:
            yield group
            group = []
    if group:
        yield group


def _reports(store: ox.Store) -> list[ox.NamedNode]:
    names = (graph for graph in store.named_graphs() if isinstance(graph, ox.NamedNode))
    return sorted((graph for graph in names if graph.value.startswith(_DOCUMENT)), key=str)


def _subjects(store: ox.Store, graph: ox.NamedNode | None, marks: Iterable[ox.NamedNode]) -> Iterator[Node]:
    for quad in (quad for mark in marks for quad in store.quads_for_pattern(None, mark, None, graph)):
        if quad.graph_name not in _NEITHER and not isinstance(quad.subject, ox.Triple):
            yield quad.subject


class Cutter:
    """Takes from a store the context, and the triples of a group of its nodes.

    `inverse` names the properties by which shapes look back.
    """

    def __init__(self, store: ox.Store, inverse: Iterable[ox.NamedNode] = ()) -> None:
        self._store, self._inverse = store, list(inverse)
        self._shared = {quad.subject for quad in store if _is_shared(quad)}

    def context(self) -> bytes:
        """Ontology, registry and what the rules added to them, as N-Triples."""
        quads = (quad for quad in self._store if quad.graph_name not in _NEITHER)
        return _text(quad.triple for quad in quads if quad.subject in self._shared)

    def cut(self, group: Iterable[Node]) -> Chunk:
        """The chunk of a group of nodes."""
        focus = list(group)
        taken = dict.fromkeys(triple for node in focus for triple in self._leading_to(node))
        reached: set[object] = {*focus, *self._shared}
        frontier: list[Node] = focus
        for _ in range(_HOPS):
            about = [triple for node in frontier for triple in self._about(node)]
            taken.update(dict.fromkeys(about))
            frontier = [
                end
                for end in {triple.object for triple in about}
                if isinstance(end, ox.NamedNode | ox.BlankNode) and end not in reached
            ]
            reached.update(frontier)
        return Chunk(tuple(map(str, focus)), _text(taken))

    def _about(self, node: Node) -> Iterator[ox.Triple]:
        quads = self._store.quads_for_pattern(node, None, None)
        return (quad.triple for quad in quads if quad.graph_name not in _NEITHER)

    def _leading_to(self, node: Node) -> Iterator[ox.Triple]:
        quads = (quad for each in self._inverse for quad in self._store.quads_for_pattern(None, each, node))
        return (quad.triple for quad in quads if quad.graph_name not in _NEITHER)


def _is_shared(quad: ox.Quad) -> bool:
    graph = quad.graph_name
    return graph not in (*_NEITHER, *_ADDED) and not (
        isinstance(graph, ox.NamedNode) and graph.value.startswith(_DOCUMENT)
    )


def _text(triples: Iterable[ox.Triple]) -> bytes:
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""


def check_chunk(context: bytes, shapes: bytes, chunk: Chunk) -> list[dict[str, str]]:
    """What the core constraints find in a chunk (see `Found.parts`); a task for any process that has this package."""
    store = _context_store(context)
    quads = ox.parse(chunk.triples, format=ox.RdfFormat.N_TRIPLES)
    store.extend(ox.Quad(quad.subject, quad.predicate, quad.object, _CHUNK) for quad in quads)
    try:
        return found_at(store, shapes, chunk)
    finally:
        store.remove_graph(_CHUNK)


def found_at(store: ox.Store, shapes: bytes, chunk: Chunk) -> list[dict[str, str]]:
    """The same in a store that holds the chunk."""
    focus = [_node(term) for term in chunk.focus]
    return [found.parts() for found in core_findings(store, _compiled(shapes), focus)]


def _node(term: str) -> Node:
    return ox.NamedNode(term[1:-1]) if term.startswith("<") else ox.BlankNode(term[2:])


@lru_cache(maxsize=1)
def _context_store(context: bytes) -> ox.Store:
    store = ox.Store()
    store.bulk_load(context, format=ox.RdfFormat.N_TRIPLES)
    return store


@lru_cache(maxsize=3)
def _compiled(shapes: bytes) -> CoreShapes:
    store = ox.Store()
    store.load(shapes, format=ox.RdfFormat.N_TRIPLES)
    return CoreShapes.read(store)
