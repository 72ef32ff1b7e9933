"""SPARQL-based constraints for some focus nodes: `$this` bound beforehand, in one run for all of them.

A select is asked once with the focus nodes in a VALUES block. As section 5.3.1 of SHACL has it, what is bound
beforehand is so in every subselect too; those that project `$this` therefore get the block as well.
Specification: https://www.w3.org/TR/shacl/#pre-binding
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import Any

import pyoxigraph as ox

from reformgraph.namespaces import RDFS, SH
from reformgraph.shacl.uniongraph import Node, UnionGraph, name_of
from reformgraph.tokens import Token, tokenize

_THIS = ("$this", "?this")


def narrowed(select: str, focus: Collection[Node]) -> str:
    """A select whose `$this` can only be one of the IRIs among the focus nodes."""
    block = f" VALUES $this {{ {' '.join(str(node) for node in focus if isinstance(node, ox.NamedNode))} }}"
    places = [0, *_group_starts(tokenize(select)), len(select)]
    pieces = [select[start:end] for start, end in pairwise(places)]
    return block.join(pieces)


def _group_starts(tokens: list[Token]) -> Iterator[int]:
    """Where the group of each SELECT that projects `$this` begins, behind its brace."""
    projection: list[str] | None = None
    for token in tokens:
        if token.kind == "word" and token.text.upper() == "SELECT":
            projection = []
        elif projection is not None and token.text == "{":
            if "*" in projection or any(name in projection for name in _THIS):
                yield token.end
            projection = None
        elif projection is not None:
            projection.append(token.text)


def focus_nodes(store: ox.Store, shapes: ox.Store, shape: Any) -> set[str]:
    """The targets of a node shape: instances of its target classes, subjects of its target predicates."""
    nodes: set[str] = set()
    for target in shapes.quads_for_pattern(shape, ox.NamedNode(SH + "targetClass"), None):
        rows = store.query(
            f"SELECT ?x {{ ?x a ?class . ?class <{RDFS}subClassOf>* {target.object} }}",
            use_default_graph_as_union=True,
        )
        nodes.update(name_of(row["x"]) for row in rows)  # type: ignore[union-attr]
    for target in shapes.quads_for_pattern(shape, ox.NamedNode(SH + "targetSubjectsOf"), None):
        quads = store.quads_for_pattern(None, target.object, None)  # type: ignore[arg-type]
        nodes.update(name_of(quad.subject) for quad in quads)  # type: ignore[arg-type]
    return nodes


def narrow_focus_nodes(store: ox.Store, shapes: ox.Store, shape: Any, focus: Collection[Node]) -> set[str]:
    """The targets of a node shape that are among some nodes."""
    data = UnionGraph(store)
    classes = {q.object for q in shapes.quads_for_pattern(shape, ox.NamedNode(SH + "targetClass"), None)}
    properties = [q.object for q in shapes.quads_for_pattern(shape, ox.NamedNode(SH + "targetSubjectsOf"), None)]
    return {
        name_of(node)
        for node in focus
        if classes & data.classes(node) or any(data.values(node, each) for each in properties)  # type: ignore[arg-type]
    }
