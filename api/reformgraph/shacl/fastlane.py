"""The core constraints over a store or over some of its nodes, in one pass and without a copy of the graph.

pyshacl is the reference and tests hold the two against each other; this lane reads each focus node once, where
pyshacl reads the graph once for each shape. pyrudof is no help here: it counts the bytes of a text as its length.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from reformgraph.shacl.coreshapes import CoreShapes
from reformgraph.shacl.judging import Found, Shape
from reformgraph.shacl.uniongraph import Node, UnionGraph


def core_findings(store: ox.Store, shapes: CoreShapes, focus: Iterable[Node] | None = None) -> Iterator[Found]:
    """What the core constraints find at the focus nodes given, or at all nodes of the store."""
    data = UnionGraph(store)
    subjects = {predicate: data.subjects_of(predicate) for predicate in shapes.by_subjects_of}
    applying: dict[frozenset[object], list[Shape]] = {}
    for node in _candidates(data, subjects, focus):
        classes = data.classes(node)
        if classes not in applying:
            found = (shape for each in classes for shape in shapes.by_class.get(each, ()))
            applying[classes] = list({shape.name: shape for shape in found}.values())
        named = {shape.name for shape in applying[classes]}
        others = (s for p, nodes in subjects.items() if node in nodes for s in shapes.by_subjects_of[p])
        for shape in (*applying[classes], *(shape for shape in others if shape.name not in named)):
            yield from shape.results(data, node)


def _candidates(
    data: UnionGraph, subjects: dict[ox.NamedNode, set[Node]], focus: Iterable[Node] | None
) -> Iterable[Node]:
    if focus is not None:
        return focus
    return dict.fromkeys((*data.nodes(), *(node for nodes in subjects.values() for node in nodes)))
