"""Validation of graphs that others hand in, on top of ours.

The triples of a submission count as one report's. Rules run over them with ontology and registry; the shapes then see
our whole graph with the submission in it, so that a figure which contradicts a published one is found. Told are the
results about what the submission describes, and those about our own graph that it brings about, not those we had.
A report that we hold under the same key gives way to the one submitted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pyoxigraph as ox

from reformgraph.namespaces import DERIVED, GRAPH, INFERRED, RG, SHAPES, VALIDATION
from reformgraph.rules import Rule, apply_rules
from reformgraph.shacl.messages import Messages
from reformgraph.shacl.uniongraph import TYPE, Node, name_of
from reformgraph.validation import Report, core_results, ordered, sparql_results

_DOCUMENT = ox.NamedNode(RG + "SourceDocument")
_ADDED = tuple(ox.NamedNode(graph) for graph in (DERIVED, INFERRED))
_UNNAMED = GRAPH + "doc-submitted"


@dataclass(frozen=True)
class Ground:
    """Our graph, ready for submissions; one at a time."""

    store: ox.Store
    # Ontology and registry with what the rules add to them: what the rules see of our graph.
    context: ox.Store
    rules: list[Rule]
    # IRIs of the findings in our graph as it is.
    known: frozenset[str]

    @classmethod
    def of(cls, store: ox.Store, rules: list[Rule]) -> Ground:
        """A ground over a store with its rules applied, which the caller leaves to it; `g:validation` is taken out."""
        findings = {quad.subject for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(VALIDATION))}
        for graph in (VALIDATION, SHAPES):
            store.remove_graph(ox.NamedNode(graph))
        return cls(store, _context(store), rules, frozenset(name_of(node) for node in findings))  # type: ignore[arg-type]

    def check(self, submissions: Iterable[list[ox.Quad]], shapes: ox.Store) -> Report:
        """The report on what was submitted; each list is one report."""
        graphs = [_in_own_graph(quads) for quads in submissions]
        quads = [quad for graph in graphs for quad in graph]
        described = {quad.subject for quad in quads}
        with self._without(graphs), _added(self.context, [*quads, *self._referred(quads)]):
            before = _filled(self.context)
            apply_rules(self.context, self.rules)
            derived = _filled(self.context) - before
            _remove(self.context, derived)
            with _added(self.store, [*quads, *derived]):
                return self._told([*quads, *derived], {name_of(node) for node in described}, shapes)  # type: ignore[arg-type]

    def _told(self, quads: list[ox.Quad], described: set[str], shapes: ox.Store) -> Report:
        """Core constraints at what the quads touch, selects everywhere; both less what we knew of our own graph."""
        messages = Messages(self.store, shapes)
        results = [*core_results(self.store, shapes, messages, _touched(quads))]
        results += sparql_results(self.store, shapes, messages)
        return ordered([r for r in results if r.focus in described or r.iri not in self.known])

    @contextmanager
    def _without(self, graphs: list[list[ox.Quad]]) -> Iterator[None]:
        """Our store without the reports that the submissions stand for, and without what was derived from these."""
        replaced: list[ox.Quad] = []
        for name in {graph[0].graph_name for graph in graphs if graph}:
            own = list(self.store.quads_for_pattern(None, None, None, name))
            replaced += own
            for subject in {quad.subject for quad in own}:
                replaced += (q for graph in _ADDED for q in self.store.quads_for_pattern(subject, None, None, graph))
        _remove(self.store, replaced)
        try:
            yield
        finally:
            self.store.extend(replaced)

    def _referred(self, quads: list[ox.Quad]) -> list[ox.Quad]:
        """What our graph says of the things that a submission refers to: rules may need it."""
        things = {quad.object for quad in quads if not isinstance(quad.object, ox.Literal)}
        return [found for thing in things for found in self.store.quads_for_pattern(thing, None, None)]


def _in_own_graph(quads: list[ox.Quad]) -> list[ox.Quad]:
    """The quads in the graph of the source document among them; names of graphs in a submission do not count."""
    documents = sorted(str(q.subject).strip("<>") for q in quads if q.predicate == TYPE and q.object == _DOCUMENT)
    name = f"{GRAPH}doc-{documents[0].rpartition('/')[2]}" if documents else _UNNAMED
    try:
        graph = ox.NamedNode(name)
    except ValueError:  # the document is a blank node, or has an odd name
        graph = ox.NamedNode(_UNNAMED)
    return list({ox.Quad(q.subject, q.predicate, q.object, graph) for q in quads})


def _context(store: ox.Store) -> ox.Store:
    """The graphs of a store that are no report's, with what the rules added about their subjects."""
    quads = [quad for quad in store if not _is_report(quad.graph_name) and quad.graph_name not in _ADDED]
    subjects = {quad.subject for quad in quads}
    context = ox.Store()
    context.bulk_extend(quads)
    added = (quad for graph in _ADDED for quad in store.quads_for_pattern(None, None, None, graph))
    context.bulk_extend(quad for quad in added if quad.subject in subjects)
    return context


def _is_report(graph: object) -> bool:
    return isinstance(graph, ox.NamedNode) and graph.value.startswith(GRAPH + "doc-")


def _filled(store: ox.Store) -> set[ox.Quad]:
    """What the rules have added to a store."""
    return {quad for graph in _ADDED for quad in store.quads_for_pattern(None, None, None, graph)}


def _touched(quads: Collection[ox.Quad]) -> set[Node]:
    """The nodes whose results the quads may change: what they describe, and what they point to."""
    nodes = {node for quad in quads for node in (quad.subject, quad.object)}
    return {node for node in nodes if isinstance(node, ox.NamedNode | ox.BlankNode)}


@contextmanager
def _added(store: ox.Store, quads: list[ox.Quad]) -> Iterator[None]:
    """The store with quads more, for a while."""
    new = {quad for quad in quads if quad not in store}
    store.extend(new)
    try:
        yield
    finally:
        _remove(store, new)


def _remove(store: ox.Store, quads: Iterable[ox.Quad]) -> None:
    for quad in quads:
        store.remove(quad)
