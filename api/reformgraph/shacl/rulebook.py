"""The rules as their pages show them: what each means, how to mend what it finds, what passes and what fails.

All of it stands with the shapes: `skos:definition` is the meaning, `skos:scopeNote` the innocent readings,
`skos:editorialNote` the remedy, `skos:notation` the number. The example of a rule is `shapes/examples/<name>.trig`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from reformgraph.content import content_root
from reformgraph.engines.base import Engine
from reformgraph.errors import NotFoundError
from reformgraph.namespaces import RDF, RGS, SH, SHAPES, SKOS, compact
from reformgraph.shacl.examples import Example

# Parameters of SHACL Core that a page tells, in its order.
_PARAMETERS = (
    "minCount", "maxCount", "nodeKind", "class", "datatype", "or", "languageIn", "minLength", "maxLength",
    "minInclusive", "pattern", "qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShape",
)  # fmt: skip
_LONGEST = 100  # characters of a name that are compared with others
_CHECKING = ("path", "sparql", "pattern")
Texts = dict[str, str]


@dataclass(frozen=True)
class Rule:
    """One rule, a shape that can have results; texts are by language, `zh` and `en`."""

    iri: str
    number: str
    severity: str
    label: Texts
    meaning: Texts
    mending: Texts
    innocent: Texts
    message: Texts
    # The classes, or the properties of the subjects, that are held against it.
    targets: tuple[str, ...]
    path: str | None
    parameters: tuple[tuple[str, str], ...]
    select: str | None
    # Where the example lies, if there is one.
    source: Path

    @property
    def name(self) -> str:
        """The local name of the shape, such as `Observation-shareRange`."""
        return self.iri.removeprefix(RGS)

    @cached_property
    def example(self) -> Example | None:
        """The data that pass and fail."""
        return Example.read(self.source) if self.source.is_file() else None


class Rulebook:
    """All rules of a graph of shapes, by number and name; `others` are the labels of what else has a name there."""

    def __init__(self, rules: list[Rule], others: dict[str, Texts]) -> None:
        self.others = others
        self.rules = sorted(rules, key=lambda rule: (int(rule.number.removeprefix("S") or 0), rule.name))
        self._by_name = {rule.name: rule for rule in rules}

    @classmethod
    def read(cls, shapes: ox.Store, examples: Path) -> Rulebook:
        """The rules of the shapes in the default graph of a store, with the folder of their examples."""
        reader = _Reader(shapes)
        rules = [reader.rule(shape, examples) for shape in reader.checking()]
        return cls(rules, reader.others({rule.iri for rule in rules}))

    @classmethod
    def of(cls, engine: Engine) -> Rulebook:
        """The rules of a release; the examples are those of this package."""
        shapes = ox.Store()
        found = engine.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{SHAPES}> {{ ?s ?p ?o }} }}")
        assert isinstance(found, ox.QueryTriples)
        shapes.extend(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in found)
        return cls.read(shapes, content_root() / "shapes" / "examples")

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def find(self, name: str) -> Rule:
        """The rule of a local name; NotFoundError with the nearest where there is none."""
        if name not in self._by_name:
            near = difflib.get_close_matches(name[:_LONGEST], self._by_name)
            raise NotFoundError("rule", name, [RGS + each for each in near])
        return self._by_name[name]

    @cached_property
    def by_number(self) -> dict[str, list[Rule]]:
        """Number -> its rules, `S1` first."""
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            found.setdefault(rule.number, []).append(rule)
        return found


@dataclass(frozen=True)
class _Reader:
    graph: ox.Store

    def checking(self) -> list[ox.NamedNode]:
        """The shapes that check something, for themselves or a node shape."""
        found = {s for name in _CHECKING for s in self._subjects(SH + name) if isinstance(s, ox.NamedNode)}
        return sorted(found, key=str)

    def others(self, rules: set[str]) -> dict[str, Texts]:
        """IRI -> labels of the shapes and constraints that are no rules."""
        named = {quad.subject for quad in self.graph if isinstance(quad.subject, ox.NamedNode)}
        iris = sorted(node.value for node in named if node.value.startswith(RGS) and node.value not in rules)
        return {iri: self._texts(ox.NamedNode(iri), SKOS + "prefLabel") for iri in iris}

    def rule(self, shape: ox.NamedNode, examples: Path) -> Rule:
        homes = [shape, *self._subjects(SH + "property", shape)]
        targets = [t for home in homes for name in ("targetClass", "targetSubjectsOf") for t in self._all(home, name)]
        constraint = next(self._all(shape, "sparql"), None)
        return Rule(
            iri=shape.value,
            number=self._texts(shape, SKOS + "notation").get("", ""),
            severity=next((compact(each.value) for each in self._all(shape, "severity")), "sh:Violation")[3:],
            label=self._texts(shape, SKOS + "prefLabel"),
            meaning=self._texts(shape, SKOS + "definition"),
            mending=self._texts(shape, SKOS + "editorialNote"),
            innocent=self._texts(shape, SKOS + "scopeNote"),
            message=self._texts(shape, SH + "message"),
            targets=tuple(sorted(target.value for target in targets)),
            path=next((each.value for each in self._all(shape, "path") if isinstance(each, ox.NamedNode)), None),
            parameters=tuple((name, self._told(v)) for name in _PARAMETERS for v in self._all(shape, name)),
            select=next((each.value for each in self._all(constraint, "select")), None) if constraint else None,
            source=examples / f"{shape.value.removeprefix(RGS)}.trig",
        )

    def _told(self, value: Any) -> str:
        """The value of a parameter in words of Turtle; lists by their members."""
        members = list(self._members(value))
        if members:
            return " | ".join(map(self._told, members))
        if isinstance(value, ox.NamedNode) and value.value.startswith(RGS):
            return " ".join(f"{name} {self._told(v)}" for name in _PARAMETERS for v in self._all(value, name))
        return compact(value.value) if isinstance(value, ox.NamedNode) else str(value.value)

    def _members(self, node: Any) -> Iterator[Any]:
        while not isinstance(node, ox.Literal) and (first := list(self._objects(node, RDF + "first"))):
            yield first[0]
            node = next(self._objects(node, RDF + "rest"))

    def _texts(self, shape: Any, predicate: str) -> Texts:
        return {o.language or "": o.value for o in self._objects(shape, predicate)}

    def _all(self, shape: Any, name: str) -> Iterator[Any]:
        return self._objects(shape, SH + name)

    def _objects(self, subject: Any, predicate: str) -> Iterator[Any]:
        return (quad.object for quad in self.graph.quads_for_pattern(subject, ox.NamedNode(predicate), None))

    def _subjects(self, predicate: str, value: Any = None) -> Iterator[Any]:
        return (quad.subject for quad in self.graph.quads_for_pattern(None, ox.NamedNode(predicate), value))
