"""Labels as a function of SPARQL."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from reformgraph.engines.labels import Labels
from reformgraph.namespaces import SKOS

THING, OTHER = ox.NamedNode("http://example.org/thing"), ox.NamedNode("http://example.org/other")
ZH, EN = ox.Literal("zh"), ox.Literal("en")


def labelled(*labels: ox.Literal | ox.NamedNode) -> ox.Store:
    """A store where each label of the thing is in a graph of its own."""
    store = ox.Store()
    for number, label in enumerate(labels):
        store.add(ox.Quad(THING, ox.NamedNode(SKOS + "prefLabel"), label, ox.NamedNode(f"http://example.org/{number}")))
    return store


def test_a_label_is_the_string_in_the_language_that_is_asked_for() -> None:
    labels = Labels.read(labelled(ox.Literal("大连市", language="zh"), ox.Literal("Dalian", language="en")))
    assert labels is not None
    assert (labels(THING, ZH), labels(THING, EN)) == (ox.Literal("大连市"), ox.Literal("Dalian"))


@pytest.mark.parametrize(
    ("thing", "language"),
    [(OTHER, ZH), (THING, EN), (THING, OTHER), (ox.Literal("text"), ZH), (ox.BlankNode(), ZH)],
    ids=["another thing", "another language", "no literal", "a literal", "a blank node"],
)
def test_what_has_no_label_stays_unbound(thing: ox.NamedNode | ox.Literal | ox.BlankNode, language: ox.Literal) -> None:
    labels = Labels.read(labelled(ox.Literal("大连市", language="zh")))
    assert labels is not None
    assert labels(thing, language) is None


def test_the_same_label_in_two_graphs_is_two_solutions_of_the_union_too() -> None:
    store = labelled(*[ox.Literal("大连市", language="zh")] * 2)
    found = store.query("SELECT ?label { ?thing ?p ?label }", use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    assert len(list(found)) == 2
    assert Labels.read(store) is None


def test_two_labels_in_one_language_would_be_two_solutions() -> None:
    assert Labels.read(labelled(ox.Literal("大连市", language="zh"), ox.Literal("大连", language="zh"))) is None


def test_a_label_that_is_no_literal_is_passed_over() -> None:
    labels = Labels.read(labelled(OTHER))
    assert labels is not None
    assert labels(THING, ZH) is None
