"""Shapes as they judge nodes: what the values of a node are, and which checks these fail.

What a check says depends on the values and on nothing else of the node, so it is asked once for each lot of values:
thousands of figures have the same few units, kinds and bodies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from reformgraph.namespaces import SH
from reformgraph.shacl.constraints import Check
from reformgraph.shacl.uniongraph import Node, Term, UnionGraph, name_of

Path = Callable[[UnionGraph, Term], list[Term]]
_KEPT = 4_000  # lots of values, for each shape
Offences = tuple[tuple[str, Term | None], ...]


@dataclass(frozen=True)
class Found:
    """One result of validation before it has words."""

    focus: Term
    shape: str
    severity: str
    component: str
    path: str | None
    value: Term | None

    def parts(self) -> dict[str, str]:
        """The local names of a `sh:ValidationResult`'s properties and their values."""
        found = {
            "focusNode": name_of(self.focus),
            "sourceShape": self.shape,
            "resultSeverity": SH + self.severity,
            "sourceConstraintComponent": SH + self.component,
        }
        found |= {"resultPath": self.path} if self.path else {}
        return found | ({"value": name_of(self.value), "valueTerm": str(self.value)} if self.value else {})


@dataclass(frozen=True, eq=False)
class Shape:
    """A node or property shape: what its value nodes are, what is asked of them, and of what lies below.

    `predicate` is the path where it is a single property, `values` any other path; a node shape has neither.
    """

    name: Node
    severity: str = "Violation"
    predicate: ox.NamedNode | None = None
    values: Path | None = None
    checks: tuple[tuple[str, Check], ...] = ()
    properties: list[Shape] = field(default_factory=list)

    def results(self, data: UnionGraph, focus: Term) -> Iterator[Found]:
        """Every result for a focus node."""
        nodes = self._values(data, focus)
        if self.checks:
            yield from self._found(focus, self.offences(data, nodes))
        for shape in self.properties:
            for node in nodes:
                if shape.properties or shape.predicate is None:
                    yield from shape.results(data, node)
                elif offences := shape.offences(data, data.values(node, shape.predicate)):
                    yield from shape._found(node, offences)

    def _values(self, data: UnionGraph, focus: Term) -> Sequence[Term]:
        if self.values is not None:
            return self.values(data, focus)
        return (focus,) if self.predicate is None else data.values(focus, self.predicate)

    def _found(self, focus: Term, offences: Offences) -> Iterator[Found]:
        path = self.predicate and self.predicate.value
        return (Found(focus, self.name.value, self.severity, part, path, value) for part, value in offences)

    def holds(self, data: UnionGraph, node: Term) -> bool:
        """Whether a node conforms."""
        return next(self.results(data, node), None) is None

    def offences(self, data: UnionGraph, nodes: Sequence[Term]) -> Offences:
        """Components and the values that offend; None for a result about the number of values."""
        if self.predicate is None:
            return self._judge(data, nodes)
        kept = data.kept[self]
        key = nodes[0] if len(nodes) == 1 else tuple(nodes)
        offences: Offences | None = kept.get(key)
        if offences is None:
            if len(kept) >= _KEPT:
                kept.clear()
            offences = kept[key] = self._judge(data, nodes)
        return offences

    def _judge(self, data: UnionGraph, nodes: Sequence[Term]) -> Offences:
        return tuple((component, value) for component, check in self.checks for value in check(data, nodes))
