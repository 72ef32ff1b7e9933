"""The core constraints of a shapes graph, read once into checks.

What is not built in `constraints` raises `UnsupportedShapeError`, so that nothing is left out in silence.
Specification: https://www.w3.org/TR/shacl/, sections 2 to 4
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox

from reformgraph.namespaces import RDF, SH
from reformgraph.shacl import constraints
from reformgraph.shacl.constraints import Check, Holds, UnsupportedShapeError, each
from reformgraph.shacl.judging import Path, Shape
from reformgraph.shacl.uniongraph import Node, Term, UnionGraph

# Properties of a shape that check nothing by themselves.
_SILENT = frozenset(
    ("deactivated", "defaultValue", "description", "flags", "group", "message", "name", "order", "path", "property",
     "qualifiedValueShape", "severity", "sparql", "targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf")
)  # fmt: skip


@dataclass
class CoreShapes:
    """The shapes that have core constraints and a target, by the kind of target."""

    by_class: dict[Term, list[Shape]] = field(default_factory=dict)
    by_subjects_of: dict[ox.NamedNode, list[Shape]] = field(default_factory=dict)
    # The properties that shapes look back by.
    inverse: set[ox.NamedNode] = field(default_factory=set)

    @classmethod
    def read(cls, shapes: ox.Store) -> CoreShapes:
        """Read a shapes graph; UnsupportedShapeError where it uses what is not built here."""
        reader, found = _Reader(shapes), cls()
        tables: tuple[tuple[str, dict[Any, list[Shape]]], ...] = (
            ("targetClass", found.by_class),
            ("targetSubjectsOf", found.by_subjects_of),
        )
        for predicate, table in tables:
            for quad in shapes.quads_for_pattern(None, ox.NamedNode(SH + predicate), None):
                shape = reader.shape(quad.subject)  # type: ignore[arg-type]
                if shape.checks or shape.properties:
                    table.setdefault(quad.object, []).append(shape)
        found.inverse.update(reader.inverse)
        for predicate in ("targetNode", "targetObjectsOf", "target"):
            if any(shapes.quads_for_pattern(None, ox.NamedNode(SH + predicate), None)):
                raise UnsupportedShapeError(f"sh:{predicate}")
        return found


class _Reader:
    """Reads shapes of a graph, each once."""

    def __init__(self, graph: ox.Store) -> None:
        self._graph = graph
        self._read: dict[Node, Shape] = {}
        self._open: set[Node] = set()
        self.inverse: set[ox.NamedNode] = set()

    def shape(self, node: Node) -> Shape:
        if node in self._open:
            raise UnsupportedShapeError(f"{node} refers to itself")
        if node not in self._read:
            self._open.add(node)
            self._read[node] = self._build(node)
            self._open.remove(node)
        return self._read[node]

    def _build(self, node: Node) -> Shape:
        about: dict[str, list[Any]] = {}
        for quad in self._graph.quads_for_pattern(node, None, None):
            if quad.predicate.value.startswith(SH):
                about.setdefault(quad.predicate.value.removeprefix(SH), []).append(quad.object)
        if unknown := about.keys() - _SILENT - _BUILDERS.keys():
            raise UnsupportedShapeError(f"sh:{min(unknown)}")
        if any(value.value == "true" for value in about.get("deactivated", ())):
            return Shape(node)
        severity = about["severity"][0].value.removeprefix(SH) if "severity" in about else "Violation"
        path = about["path"][0] if "path" in about else None
        checks = tuple(
            (f"{name[0].upper()}{name[1:]}ConstraintComponent", _BUILDERS[name](self, value, about))
            for name in sorted(about.keys() & _BUILDERS.keys())
            for value in about[name]
        )
        below = [self.shape(each) for each in about.get("property", ())]
        if isinstance(path, ox.NamedNode):
            return Shape(node, severity, path, None, checks, below)
        return Shape(node, severity, None, path and self.path(path), checks, below)

    def path(self, node: Term) -> Path:
        """Section 2.3.1: a property, its inverse, or a sequence of these."""
        if isinstance(node, ox.NamedNode):
            return lambda data, focus: data.values(focus, node)
        steps = list(self.list(node))
        if steps:
            return _sequence([self.path(step) for step in steps])
        inverse = [q.object for q in self._graph.quads_for_pattern(node, ox.NamedNode(SH + "inversePath"), None)]  # type: ignore[arg-type]
        if len(inverse) == 1 and isinstance(inverse[0], ox.NamedNode):
            predicate = inverse[0]
            self.inverse.add(predicate)
            return lambda data, focus: data.subjects(predicate, focus)
        raise UnsupportedShapeError("a path with alternatives or repetition")

    def list(self, node: Any) -> Iterator[Term]:
        """The members of an RDF list."""
        while quads := list(self._graph.quads_for_pattern(node, ox.NamedNode(RDF + "first"), None)):
            yield quads[0].object  # type: ignore[misc]
            node = next(self._graph.quads_for_pattern(node, ox.NamedNode(RDF + "rest"), None)).object

    def holds(self, node: Any) -> Holds:
        return self.shape(node).holds


def _sequence(steps: list[Path]) -> Path:
    def values(data: UnionGraph, focus: Term) -> list[Term]:
        nodes = [focus]
        for step in steps:
            nodes = list(dict.fromkeys(value for node in nodes for value in step(data, node)))
        return nodes

    return values


def _inner(reader: _Reader, about: dict[str, list[Any]]) -> Holds:
    return reader.holds(about["qualifiedValueShape"][0])


def _all_of(reader: _Reader, node: Any) -> list[Holds]:
    return [reader.holds(member) for member in reader.list(node)]


def _combined(choose: Callable[[Iterator[bool]], bool]) -> Callable[[_Reader, Any, Any], Check]:
    def build(reader: _Reader, value: Any, _: Any) -> Check:
        inner = _all_of(reader, value)
        return each(lambda data, node: choose(holds(data, node) for holds in inner))

    return build


def _negated(inner: Holds) -> Check:
    return each(lambda data, node: not inner(data, node))


def _among(members: frozenset[Any]) -> Check:
    return each(lambda _, node: node in members)


def _flags(about: dict[str, list[Any]]) -> str:
    return "".join(str(flag.value) for flag in about.get("flags", ()))


# Parameter of a component -> what builds its check from reader, value and the shape's properties.
_BUILDERS: dict[str, Callable[[_Reader, Any, dict[str, list[Any]]], Check]] = {
    "and": _combined(all),
    "class": lambda _, value, about: each(constraints.of_class(value)),
    "datatype": lambda _, value, about: each(constraints.of_datatype(value.value)),
    "hasValue": lambda _, value, about: lambda data, values: () if value in values else [None],
    "in": lambda reader, value, about: _among(frozenset(reader.list(value))),
    "languageIn": lambda reader, value, about: each(constraints.in_languages([v.value for v in reader.list(value)])),
    "maxCount": lambda _, value, about: constraints.max_count(int(value.value)),
    "maxExclusive": lambda _, value, about: each(constraints.compared(value, lambda sign: sign < 0)),
    "maxInclusive": lambda _, value, about: each(constraints.compared(value, lambda sign: sign <= 0)),
    "maxLength": lambda _, value, about: each(constraints.of_length(0, int(value.value))),
    "minCount": lambda _, value, about: constraints.min_count(int(value.value)),
    "minExclusive": lambda _, value, about: each(constraints.compared(value, lambda sign: sign > 0)),
    "minInclusive": lambda _, value, about: each(constraints.compared(value, lambda sign: sign >= 0)),
    "minLength": lambda _, value, about: each(constraints.of_length(int(value.value), None)),
    "node": lambda reader, value, about: each(reader.holds(value)),
    "nodeKind": lambda _, value, about: each(constraints.of_kind(value.value)),
    "not": lambda reader, value, about: _negated(reader.holds(value)),
    "or": _combined(any),
    "pattern": lambda _, value, about: each(constraints.matching(value.value, _flags(about))),
    "qualifiedMaxCount": lambda reader, value, about: constraints.qualified(
        _inner(reader, about), None, int(value.value)
    ),
    "qualifiedMinCount": lambda reader, value, about: constraints.qualified(
        _inner(reader, about), int(value.value), None
    ),
    "uniqueLang": lambda _, value, about: constraints.unique_lang() if value.value == "true" else lambda data, v: (),
    "xone": _combined(lambda found: sum(found) == 1),
}
