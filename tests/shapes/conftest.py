"""Stores of one made-up report each, validated once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pyoxigraph as ox
import pytest
from cases import Case

from reformgraph.content import content_root
from reformgraph.namespaces import GRAPH, RDFS, SKOS, VOCAB
from reformgraph.rules import apply_rules, read_rules
from reformgraph.validation import Report, validate

# Of the vocabulary, shapes and rules need the order of classes, and messages the names of codes and units. With its
# hundreds of metrics a case would take seconds; a release holds the whole against the shapes.
_KEPT = (RDFS + "subClassOf", RDFS + "subPropertyOf")
_NAMED = ("/reformgraph/code/", "/reformgraph/unit/", "/vocab/unit/")


@cache
def vocabulary() -> tuple[ox.Quad, ...]:
    """What the cases need of the files of ontology/, in `g:vocab`."""
    quads = (q for path in sorted((content_root() / "ontology").rglob("*.ttl")) for q in ox.parse(path=str(path)))
    return tuple(ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode(VOCAB)) for q in quads if _needed(q))


def _needed(quad: ox.Quad) -> bool:
    name = quad.predicate.value == SKOS + "prefLabel" and any(part in str(quad.subject) for part in _NAMED)
    return name or quad.predicate.value in _KEPT


def fill(case: Case) -> ox.Store:
    """A store of the vocabulary, the case in a document graph, and what the rules add."""
    store = ox.Store()
    graph = ox.NamedNode(GRAPH + "doc-case")
    store.extend([ox.Quad(t.subject, t.predicate, t.object, graph) for t in case.triples()])
    store.extend(list(vocabulary()))
    apply_rules(store, read_rules(content_root() / "queries" / "rules"))
    return store


@cache
def _validated(case: Case) -> tuple[ox.Store, Report]:
    store = fill(case)
    return store, validate(store, content_root(), case.family)


@pytest.fixture(scope="session")
def validated() -> Callable[[Case], tuple[ox.Store, Report]]:
    """The filled store and the report of a case."""
    return _validated
