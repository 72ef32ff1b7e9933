"""SPARQL-based constraints: each select in one run for all focus nodes.

For some focus nodes a select is asked with these in a VALUES block. As section 5.3.1 of SHACL has it, what is bound
beforehand is so in every subselect too; those that project `$this` therefore get the block as well, except where
they name it nowhere else: that it is projected there is a rule of SHACL's and binds nothing.
Specification: https://www.w3.org/TR/shacl/#pre-binding
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import pyoxigraph as ox

from reformgraph.errors import SourceFileError
from reformgraph.namespaces import SH
from reformgraph.shacl.uniongraph import Node, Term, UnionGraph, name_of
from reformgraph.tokens import Token, tokenize

_THIS = ("$this", "?this")


@dataclass(frozen=True)
class _Constraint:
    """A constraint as it is asked: by which shape, and at which nodes."""

    shape: str
    severity: str
    select: str
    nodes: set[str]


def solutions(
    store: ox.Store, shapes: ox.Store, focus: Collection[Node] | None = None, jobs: int = 1
) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Shape, severity and bindings of each solution at a focus node, by `jobs` threads: the engine lets go of the GIL.

    `value as term` is `?value` as a term of N-Triples. SourceFileError where a select does not parse.
    """
    prefixes = _prefixes(shapes)
    constraints = list(_constraints(store, shapes, focus))

    def ask(constraint: _Constraint) -> list[dict[str, str]]:
        return [row for row in _rows(store, constraint, prefixes) if row["this"] in constraint.nodes]

    with ThreadPoolExecutor(jobs) if jobs > 1 else nullcontext() as pool:
        answers = pool.map(ask, constraints) if pool else map(ask, constraints)
        for constraint, rows in zip(constraints, answers, strict=True):
            yield from ((constraint.shape, constraint.severity, row) for row in rows)


def _constraints(store: ox.Store, shapes: ox.Store, focus: Collection[Node] | None) -> Iterator[_Constraint]:
    targets = Targets(store, shapes, focus)
    for quad in shapes.quads_for_pattern(None, ox.NamedNode(SH + "sparql"), None):
        nodes = targets.of(quad.subject)
        if focus is not None and not nodes:
            continue
        severity = (_text(shapes, quad.subject, "severity") or "Violation").removeprefix(SH)
        select = _text(shapes, quad.object, "select")
        select = select if focus is None else narrowed(select, focus)
        yield _Constraint(quad.subject.value, severity, select, nodes)  # type: ignore[union-attr]


def _text(shapes: ox.Store, subject: Any, name: str) -> str:
    found = shapes.quads_for_pattern(subject, ox.NamedNode(SH + name), None)
    return next((str(quad.object.value) for quad in found), "")  # type: ignore[union-attr]


def _rows(store: ox.Store, constraint: _Constraint, prefixes: dict[str, str]) -> Iterator[dict[str, str]]:
    try:
        rows = store.query(constraint.select, prefixes=prefixes, use_default_graph_as_union=True)
    except SyntaxError as error:
        raise SourceFileError(constraint.shape, error.lineno or 0, f"sh:select does not parse: {error.msg}") from None
    assert isinstance(rows, ox.QuerySolutions)
    names = [variable.value for variable in rows.variables]
    for row in rows:
        terms = [(name, term) for name, term in zip(names, row, strict=True) if term is not None]
        values = {f"{name} as term": str(term) for name, term in terms if name == "value"}
        yield {name: name_of(term) for name, term in terms} | values


def _prefixes(shapes: ox.Store) -> dict[str, str]:
    """The prefixes that the shapes declare by `sh:declare`, for their `sh:select` texts."""
    rows = shapes.query(f"SELECT ?p ?n {{ ?x <{SH}prefix> ?p ; <{SH}namespace> ?n }}")
    assert isinstance(rows, ox.QuerySolutions)
    return {row["p"].value: row["n"].value for row in rows}


def narrowed(select: str, focus: Collection[Node]) -> str:
    """A select whose `$this` can only be one of the IRIs among the focus nodes."""
    block = f" VALUES $this {{ {' '.join(str(node) for node in focus if isinstance(node, ox.NamedNode))} }}"
    return block.join(select[start:end] for start, end in pairwise(_places(select)))


@lru_cache(maxsize=200)
def _places(select: str) -> tuple[int, ...]:
    """Where the block goes, with the ends of the text."""
    return 0, *_group_starts(tokenize(select)), len(select)


def _group_starts(tokens: list[Token]) -> Iterator[int]:
    """Where a group with `$this` inside begins, behind its brace: of a SELECT that projects it, and of an OPTIONAL."""
    words: list[str] | None = None  # between SELECT or OPTIONAL and the brace
    for number, token in enumerate(tokens):
        if token.kind == "word" and token.text.upper() in ("SELECT", "OPTIONAL"):
            words = [token.text.upper()]
        elif words is not None and token.text == "{":
            if ("OPTIONAL" in words or "*" in words or _names_this(words)) and _names_this(_group(tokens, number)):
                yield token.end
            words = None
        elif words is not None:
            words.append(token.text)


def _names_this(words: Iterable[str]) -> bool:
    return any(word in _THIS for word in words)


def _group(tokens: list[Token], start: int) -> Iterator[str]:
    """The words of a group, from its brace to the one that closes it."""
    depth = 0
    for token in tokens[start:]:
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0:
            return
        yield token.text


class Targets:
    """The focus nodes of shapes: instances of their target classes, subjects of their target properties.

    `focus` narrows them to some nodes. Many shapes have one target, so each is looked up once.
    """

    def __init__(self, store: ox.Store, shapes: ox.Store, focus: Collection[Node] | None = None) -> None:
        self._data, self._shapes, self._focus = UnionGraph(store), shapes, focus
        self._known: dict[tuple[bool, Any], set[str]] = {}

    def of(self, shape: Any) -> set[str]:
        """The names of a shape's focus nodes."""
        found = [self._at(False, each) for each in self._objects(shape, "targetClass")]
        found += [self._at(True, each) for each in self._objects(shape, "targetSubjectsOf")]
        return found[0] if len(found) == 1 else set().union(*found)

    def _objects(self, shape: Any, name: str) -> list[Any]:
        return [quad.object for quad in self._shapes.quads_for_pattern(shape, ox.NamedNode(SH + name), None)]

    def _at(self, is_property: bool, target: Any) -> set[str]:
        if (is_property, target) not in self._known:
            found = self._subjects_of(target) if is_property else self._instances_of(target)
            self._known[is_property, target] = set(found)
        return self._known[is_property, target]

    def _subjects_of(self, target: ox.NamedNode) -> Iterator[str]:
        if self._focus is None:
            return map(name_of, self._data.subjects_of(target))
        return (name_of(node) for node in self._focus if self._data.values(node, target))

    def _instances_of(self, target: Term) -> Iterator[str]:
        return (name for classes, names in self._by_classes.items() if target in classes for name in names)

    @cached_property
    def _by_classes(self) -> dict[frozenset[Term], list[str]]:
        """Nodes by what they are instances of."""
        found: dict[frozenset[Term], list[str]] = {}
        for node in self._data.nodes() if self._focus is None else self._focus:
            found.setdefault(self._data.classes(node), []).append(name_of(node))
        return found
