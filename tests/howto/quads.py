"""Quads that went into a store or out of it, to be held against each other."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

Quads = frozenset[ox.Quad]


def canonical(quads: Iterable[ox.Quad]) -> Quads:
    """The quads with names for blank nodes that do not depend on who names them."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return frozenset(dataset)


def of_triples(graph: str, triples: bytes) -> list[ox.Quad]:
    """N-Triples as quads of a named graph."""
    return [ox.Quad(*quad.triple, ox.NamedNode(graph)) for quad in ox.parse(triples, format=ox.RdfFormat.N_TRIPLES)]


def amiss(sent: Quads, found: Quads) -> list[str]:
    """Some of what was lost and of what is new."""
    return [f"- {quad}" for quad in list(sent - found)[:5]] + [f"+ {quad}" for quad in list(found - sent)[:5]]
