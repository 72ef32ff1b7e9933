"""The rules can be trusted: the real graph has no Violation, and each way to break it is caught by the rule meant for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from mutations import MUTATIONS, Mutation

from reformgraph.assembly import assemble
from reformgraph.namespaces import DERIVED, INFERRED, RGS, expand, sparql_prologue
from reformgraph.shacl.uniongraph import Node
from reformgraph.validation import Result, validate


@pytest.fixture(scope="module")
def graph(root: Path) -> ox.Store:
    return assemble(root)


def quads_of(store: ox.Store, mutation: Mutation) -> tuple[list[ox.Quad], list[ox.Quad]]:
    """The quads that a mutation takes away and adds; it must find something to break."""
    found = _first(store, mutation.where)
    if mutation.delete.startswith("?x") and "?old" in mutation.delete:  # all values of a property, not the first found
        _, predicate, _ = mutation.delete.split()[:3]
        deleted = _all_values(store, found["x"], predicate)
    else:
        deleted = [quad for triple in _built(store, mutation.delete, found) for quad in _standing(store, triple)]
    (graph,) = {quad.graph_name for quad in _told_by_us(store, found["x"])}
    return deleted, [ox.Quad(*triple, graph) for triple in _built(store, mutation.insert, found)]


def _told_by_us(store: ox.Store, node: ox.NamedNode) -> list[ox.Quad]:
    """The statements about a node that no rule made."""
    quads = store.quads_for_pattern(node, None, None)
    return [quad for quad in quads if quad.graph_name.value not in (DERIVED, INFERRED)]


def _all_values(store: ox.Store, node: ox.NamedNode, predicate: str) -> list[ox.Quad]:
    iri = expand(predicate)
    assert iri is not None
    return list(store.quads_for_pattern(node, ox.NamedNode(iri), None))


def _first(store: ox.Store, where: str) -> dict[str, Any]:
    query = f"{sparql_prologue()} SELECT * WHERE {{ {where} }} ORDER BY STR(?x) LIMIT 1"
    rows = store.query(query, use_default_graph_as_union=True)
    assert isinstance(rows, ox.QuerySolutions)
    row = next(iter(rows), None)
    assert row is not None, "nothing in the graph to break this way"
    return {v.value: row[v] for v in rows.variables if row[v] is not None}


def _built(store: ox.Store, template: str, found: dict[str, Any]) -> list[ox.Triple]:
    names = " ".join(f"?{name}" for name in found)
    values = " ".join(str(term) for term in found.values())
    query = f"{sparql_prologue()} CONSTRUCT {{ {template} }} WHERE {{ VALUES ({names}) {{ ({values}) }} }}"
    triples = store.query(query)
    assert isinstance(triples, ox.QueryTriples)
    return list(triples)


def _standing(store: ox.Store, triple: ox.Triple) -> list[ox.Quad]:
    return list(store.quads_for_pattern(triple.subject, triple.predicate, triple.object))


@contextmanager
def broken(store: ox.Store, deleted: list[ox.Quad], added: list[ox.Quad]) -> Iterator[None]:
    new = [quad for quad in added if quad not in store]
    for quad in deleted:
        store.remove(quad)
    store.extend(new)
    yield
    for quad in new:
        store.remove(quad)
    store.extend(deleted)


def around(store: ox.Store, quads: list[ox.Quad]) -> set[Node]:
    """What the quads are about, what they lead to, and what leads to the things that they are about."""
    nodes = {node for quad in quads for node in (quad.subject, quad.object) if isinstance(node, ox.NamedNode)}
    subjects = {quad.subject for quad in quads}
    return nodes | {quad.subject for each in subjects for quad in store.quads_for_pattern(None, None, each)}


def results(store: ox.Store, root: Path, nodes: set[Node]) -> set[Result]:
    return set(validate(store, root, focus=nodes).results)


def test_the_unbroken_graph_has_no_violation(graph: ox.Store, root: Path) -> None:
    assert [result for result in validate(graph, root).results if result.severity == "Violation"] == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[mutation.name for mutation in MUTATIONS])
def test_mutation_is_caught_by_its_rule(mutation: Mutation, graph: ox.Store, root: Path) -> None:
    deleted, added = quads_of(graph, mutation)
    nodes = around(graph, [*deleted, *added])
    before = results(graph, root, nodes)
    with broken(graph, deleted, added):
        new = results(graph, root, nodes) - before
    assert RGS + mutation.rule in {result.shape for result in new}
    assert results(graph, root, nodes) == before


def test_there_are_mutations_enough_and_no_two_alike() -> None:
    assert len({mutation.name for mutation in MUTATIONS}) == len(MUTATIONS) >= 60


def test_the_broken_graph_looks_the_same_to_both_engines(graph: ox.Store, root: Path) -> None:
    breaks = [quads_of(graph, mutation) for mutation in MUTATIONS if not mutation.rule.startswith("Audit-")]
    deleted = [quad for pair in breaks for quad in pair[0]]
    added = [quad for pair in breaks for quad in pair[1]]
    with broken(graph, deleted, added):
        fast, slow = (told(validate(graph, root, "core", reference=reference).results) for reference in (False, True))
    assert len(fast) > 60
    assert fast == slow


def told(found: tuple[Result, ...]) -> set[tuple[str | None, ...]]:
    """Focus, path, component, severity, shape; blank nodes have other names in each engine."""
    return {(r.focus, r.path, r.component, r.severity, r.shape) for r in found if not r.focus.startswith("_:")}
