"""Labels as a function of SPARQL: what a thing is called is looked up in a table instead of matched in the graph.

To plan one OPTIONAL for a label costs the engine more than to answer a short question (`bench/`). A function of our own
(https://www.w3.org/TR/sparql11-query/#extensionFunctions) needs no plan; `canned.labelling` puts it in their place.
"""

from __future__ import annotations

from typing import Self

import pyoxigraph as ox

from reformgraph.namespaces import SKOS

# LABEL(?thing, "zh"): the preferred label as a string without its tag, unbound where there is none.
LABEL = "urn:reformgraph:label"
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_PREFERRED = ox.NamedNode(SKOS + "prefLabel")


class Labels:
    """The preferred labels of a store, by thing and language."""

    def __init__(self, table: dict[tuple[Term, str], ox.Literal]) -> None:
        self._table = table

    @classmethod
    def read(cls, store: ox.Store) -> Self | None:
        """Those of all graphs; None where a thing has two in one language, which are two solutions and not one.

        The same label in two graphs is two as well: the union of pyoxigraph does not merge their triples.
        """
        table: dict[tuple[Term, str], ox.Literal] = {}
        for quad in store.quads_for_pattern(None, _PREFERRED, None):
            if not isinstance(quad.object, ox.Literal):
                continue
            if (key := (quad.subject, quad.object.language or "")) in table:
                return None
            table[key] = ox.Literal(quad.object.value)
        return cls(table)

    def __call__(self, thing: Term, language: Term) -> ox.Literal | None:
        """What SPARQL calls as LABEL."""
        return self._table.get((thing, language.value)) if isinstance(language, ox.Literal) else None
