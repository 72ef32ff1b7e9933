"""Triples written as pairs of CURIE and value, for what the service says of itself and for views of the graph."""

from __future__ import annotations

import pyoxigraph as ox

from reformgraph.namespaces import expand
from reformgraph.results import Term

Value = str | int | Term | list[str] | list[Term] | tuple[str, ...] | None


def about(subject: str, *pairs: tuple[str, Value]) -> list[ox.Triple]:
    """Triples of a subject: a string is an IRI, an int an xsd:integer, a list several values, None nothing."""
    node = ox.NamedNode(subject)
    return [ox.Triple(node, _property(curie), term) for curie, value in pairs for term in _terms(value)]


def both(zh: str, en: str) -> list[Term]:
    """A text in the two languages."""
    return [ox.Literal(zh, language="zh"), ox.Literal(en, language="en")]


def iri(curie: str) -> str:
    """The IRI of a CURIE whose prefix is in the table."""
    found = expand(curie)
    assert found is not None, curie
    return found


def _property(curie: str) -> ox.NamedNode:
    return ox.NamedNode(iri(curie))


def _terms(value: Value) -> list[Term]:
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return [term for one in value for term in _terms(one)]
    if isinstance(value, int):
        return [ox.Literal(value)]
    return [ox.NamedNode(value)] if isinstance(value, str) else [value]
