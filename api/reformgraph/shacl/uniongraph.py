"""The union of a store's graphs as SHACL sees it: values of a node, its types, and what is above a class.

Specification: https://www.w3.org/TR/shacl/#data-graph. The shapes themselves are no data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph as ox

from reformgraph.namespaces import RDF, RDFS, SHAPES

Node = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal
TYPE = ox.NamedNode(RDF + "type")
_SUBCLASS = ox.NamedNode(RDFS + "subClassOf")
_SHAPES = ox.NamedNode(SHAPES)


def name_of(term: Term) -> str:
    """An IRI, `_:label` for a blank node, or the text of a literal."""
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else term.value


class UnionGraph:
    """A store read as one graph; a triple that stands in several graphs counts once."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._above: dict[Term, frozenset[Term]] = {}
        self._types: dict[Term, frozenset[Term]] = {}
        self._unions: dict[frozenset[Term], frozenset[Term]] = {}
        self._described: tuple[Term | None, dict[ox.NamedNode, list[Term]]] = (None, {})
        # What others keep about this graph, such as what a check says of values.
        self.kept: defaultdict[object, dict[Any, Any]] = defaultdict(dict)
        # Subjects of the shapes graph: only of these need the graph of each statement be looked at.
        self._of_shapes = {quad.subject for quad in store.quads_for_pattern(None, None, None, _SHAPES)}

    def nodes(self) -> Iterator[Node]:
        """Each node that has a type, once."""
        seen: set[Node] = set()
        for quad in self._store.quads_for_pattern(None, TYPE, None):
            if quad.subject not in seen and quad.graph_name != _SHAPES:
                seen.add(quad.subject)  # type: ignore[arg-type]
                yield quad.subject  # type: ignore[misc]

    def subjects_of(self, predicate: ox.NamedNode) -> set[Node]:
        """The nodes that have a property."""
        quads = self._store.quads_for_pattern(None, predicate, None)
        return {quad.subject for quad in quads if quad.graph_name != _SHAPES}  # type: ignore[misc]

    def values(self, node: Term, predicate: ox.NamedNode) -> list[Term]:
        """The objects of a node's property, without order."""
        if self._described[0] is not node:
            self._described = (node, self._describe(node))
        return self._described[1].get(predicate, [])

    def subjects(self, predicate: ox.NamedNode, value: Term) -> list[Term]:
        """The nodes that point to a value by a property."""
        quads = self._store.quads_for_pattern(None, predicate, value)
        return list({quad.subject for quad in quads if quad.graph_name != _SHAPES})  # type: ignore[misc]

    def classes(self, node: Term) -> frozenset[Term]:
        """The SHACL types of a node: its types and all that these are subclasses of."""
        if isinstance(node, ox.Literal):
            return frozenset()
        if node not in self._types:
            quads = self._store.quads_for_pattern(node, TYPE, None)
            types: frozenset[Any] = frozenset(quad.object for quad in quads if quad.graph_name != _SHAPES)
            if types not in self._unions:
                self._unions[types] = frozenset().union(*map(self._with_above, types))
            self._types[node] = self._unions[types]
        return self._types[node]

    def _describe(self, node: Term) -> dict[ox.NamedNode, list[Term]]:
        found: dict[ox.NamedNode, list[Term]] = {}
        if isinstance(node, ox.Literal):
            return found
        for quad in self._about(node):
            values = found.setdefault(quad.predicate, [])
            if (value := quad.object) not in values:
                values.append(value)  # type: ignore[arg-type]
        return found

    def _about(self, node: Node) -> Iterable[ox.Quad]:
        quads = self._store.quads_for_pattern(node, None, None)
        return (q for q in quads if q.graph_name != _SHAPES) if node in self._of_shapes else quads

    def _with_above(self, class_: Term) -> frozenset[Term]:
        """`rdfs:subClassOf*`, a cycle included."""
        if class_ not in self._above:
            found, new = {class_}, [class_]
            while new:
                above = {
                    q.object
                    for each in new
                    if not isinstance(each, ox.Literal)
                    for q in self._store.quads_for_pattern(each, _SUBCLASS, None)
                }
                new = [each for each in above if each not in found]  # type: ignore[misc]
                found.update(new)
            self._above[class_] = frozenset(found)
        return self._above[class_]
