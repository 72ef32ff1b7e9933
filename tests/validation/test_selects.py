"""Where the focus nodes go in a select, so that it need not be asked for all."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from reformgraph.errors import SourceFileError
from reformgraph.namespaces import RGS, SH
from reformgraph.shacl.selects import Targets, narrowed, solutions

X = "https://example.org/"
NODES = [ox.NamedNode(X + "a"), ox.BlankNode("b")]
BLOCK = f" VALUES $this {{ <{X}a> }}"


@pytest.mark.parametrize(
    "select",
    [
        "SELECT $this WHERE {@ $this ?p ?o }",
        "SELECT ?this WHERE {@ ?this ?p ?o }",
        "SELECT * {@ $this ?p ?o }",
        "SELECT $this { {@SELECT $this (COUNT(*) AS ?n) {@ $this ?p ?o } GROUP BY $this } }".replace("{ {@", "{@ { "),
        "SELECT $this {@ $this ?p ?o OPTIONAL {@ $this ?q ?r } OPTIONAL { ?o ?q ?r } }",
        "SELECT $this {@ $this ?p ?o { SELECT $this ?o { ?o ?q ?r } } }",
        "SELECT $this {@ $this ?p '{ $this' FILTER NOT EXISTS { $this ?q ?r } }",
    ],
)
def test_the_nodes_are_bound_where_this_stands_and_nowhere_else(select: str) -> None:
    assert narrowed(select.replace("@", ""), NODES) == select.replace("@", BLOCK)


def graph(text: str) -> ox.Store:
    store = ox.Store()
    prefixes = (
        f"PREFIX : <{X}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX sh: <{SH}> PREFIX rgs: <{RGS}> "
    )
    store.load(prefixes + text, format=ox.RdfFormat.TURTLE)
    return store


DATA = graph(":a a :Below ; :p 1 . :b a :Other ; :p 2 . :c :p 3 . :Below rdfs:subClassOf :Above .")
SHAPES = graph(
    "rgs:x sh:targetClass :Above ; sh:targetSubjectsOf :q ; sh:severity sh:Info ; sh:sparql rgs:x-select . "
    "rgs:x-select sh:select 'SELECT $this ?value { $this <https://example.org/p> ?value }' ."
)


def test_targets_are_instances_also_of_subclasses_and_subjects_of_properties() -> None:
    shapes = graph(
        "rgs:x sh:targetClass :Above . rgs:y sh:targetSubjectsOf :p . rgs:z sh:targetClass :Other , :Above ."
    )
    told = {name: Targets(DATA, shapes).of(ox.NamedNode(RGS + name)) for name in "xyz"}
    assert told == {"x": {X + "a"}, "y": {X + "a", X + "b", X + "c"}, "z": {X + "a", X + "b"}}
    some = Targets(DATA, shapes, [ox.NamedNode(X + "b")])
    assert [some.of(ox.NamedNode(RGS + name)) for name in "xyz"] == [set(), {X + "b"}, {X + "b"}]


@pytest.mark.parametrize("jobs", [1, 2])
def test_solutions_that_are_no_focus_nodes_are_left_out(jobs: int) -> None:
    ((shape, severity, row),) = solutions(DATA, SHAPES, jobs=jobs)
    assert (shape, severity, row["this"], row["value"]) == (RGS + "x", "Info", X + "a", "1")
    assert row["value as term"] == str(ox.Literal(1))
    assert list(solutions(DATA, SHAPES, [ox.NamedNode(X + "b")], jobs)) == []


def test_a_select_that_does_not_parse_names_its_shape() -> None:
    broken = graph("rgs:x sh:targetClass :Above ; sh:sparql rgs:s . rgs:s sh:select 'SELECT $this {' .")
    with pytest.raises(SourceFileError, match="does not parse") as refused:
        list(solutions(DATA, broken))
    assert str(refused.value.path) == RGS + "x"
