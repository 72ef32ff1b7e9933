"""Every engine answers over the same RDF dataset: the union, FROM, FROM NAMED, or the one of the request."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from reformgraph.engines.base import Engine, RdfDataset
from reformgraph.errors import QueryRefusedError, QuerySyntaxError

EX = "http://example.org/"
ONE, TWO = EX + "one", EX + "two"
CAMERAS = "PREFIX ex: <http://example.org/> SELECT ?n {} {{ ?s ex:cameras ?n }}"
IN_GRAPHS = "PREFIX ex: <http://example.org/> SELECT ?n {} {{ GRAPH ?g {{ ?s ex:cameras ?n }} }}"


def numbers(engine: Engine, query: str, dataset: RdfDataset | None = None) -> list[int]:
    return sorted(int(row["n"].value) for row in engine.query(query, dataset))


def test_graphs_are_listed(engine: Engine) -> None:
    assert engine.graphs() == [ONE, TWO]


def test_the_default_graph_is_the_union(engine: Engine) -> None:
    assert numbers(engine, CAMERAS.format("")) == [30, 40]


def test_graph_sees_every_named_graph(engine: Engine) -> None:
    assert numbers(engine, IN_GRAPHS.format("")) == [30, 40]


@pytest.mark.parametrize("clause", [f"FROM <{ONE}>", "from ex:one", f"FROM#x\n<{ONE}>"])
def test_from_replaces_the_union(engine: Engine, clause: str) -> None:
    assert numbers(engine, CAMERAS.format(clause)) == [30]
    assert numbers(engine, IN_GRAPHS.format(clause)) == []


def test_from_named_leaves_the_default_graph_empty(engine: Engine) -> None:
    assert numbers(engine, CAMERAS.format("FROM NAMED ex:two")) == []
    assert numbers(engine, IN_GRAPHS.format("FROM NAMED ex:two")) == [40]


def test_from_and_from_named_stand_side_by_side(engine: Engine) -> None:
    clauses = "FROM ex:one FROM NAMED ex:two"
    assert numbers(engine, CAMERAS.format(clauses)) == [30]
    assert numbers(engine, IN_GRAPHS.format(clauses)) == [40]


def test_two_from_clauses_merge(engine: Engine) -> None:
    assert numbers(engine, CAMERAS.format("FROM ex:one FROM ex:two")) == [30, 40]


def test_a_dataset_without_named_graphs_hides_them_from_graph(engine: Engine) -> None:
    dataset = RdfDataset(default=(ONE,))
    assert numbers(engine, CAMERAS.format(""), dataset) == [30]
    assert numbers(engine, IN_GRAPHS.format(""), dataset) == []


def test_a_dataset_without_default_graphs_has_an_empty_one(engine: Engine) -> None:
    dataset = RdfDataset(named=(TWO,))
    assert numbers(engine, CAMERAS.format(""), dataset) == []
    assert numbers(engine, IN_GRAPHS.format(""), dataset) == [40]


def test_a_dataset_of_the_request_beats_from(engine: Engine) -> None:
    assert numbers(engine, CAMERAS.format("FROM ex:one"), RdfDataset(default=(TWO,))) == [40]


@pytest.mark.parametrize("iri", [EX + "three", "no IRI", ""])
def test_an_unknown_graph_is_refused(engine: Engine, iri: str) -> None:
    with pytest.raises(QueryRefusedError, match="there is no graph"):
        engine.query(CAMERAS.format(""), RdfDataset(named=(iri,)))


def test_an_unknown_graph_after_from_is_refused(engine: Engine) -> None:
    with pytest.raises(QueryRefusedError, match="/three"):
        engine.query(CAMERAS.format("FROM ex:three"))


def test_ask_is_a_boolean(engine: Engine) -> None:
    with_language = engine.query(f'ASK {{ ?s <{EX}name> "大连"@zh }}')
    without = engine.query(f'ASK {{ ?s <{EX}name> "大连" }}')
    assert isinstance(with_language, ox.QueryBoolean)
    assert (bool(with_language), bool(without)) == (True, False)


def test_construct_gives_triples(engine: Engine) -> None:
    result = engine.query(f"CONSTRUCT {{ ?s <{EX}has> ?n }} WHERE {{ ?s <{EX}cameras> ?n }}")
    assert isinstance(result, ox.QueryTriples)
    lines = result.serialize(format=ox.RdfFormat.N_TRIPLES).decode().splitlines()
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    assert sorted(lines) == [f'<{EX}dalian> <{EX}has> "{n}"^^<{integer}> .' for n in (30, 40)]


def test_unbound_variables_stay_unbound(engine: Engine) -> None:
    query = f"SELECT ?s ?n {{ ?s <{EX}name> ?name OPTIONAL {{ ?s <{EX}cameras> ?n }} }}"
    unbound = [row["s"].value for row in engine.query(query) if row["n"] is None]
    assert unbound == [EX + "shenyang"]


def test_an_undeclared_prefix_is_named_with_its_place(engine: Engine) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        engine.query("SELECT *\nWHERE { ?s skos:prefLabel ?o }")
    assert (caught.value.line, caught.value.column) == (2, 12)
    assert "skos:prefLabel" in caught.value.reason


def test_a_syntax_error_is_one_on_every_engine(engine: Engine) -> None:
    with pytest.raises(QuerySyntaxError):
        engine.query("SELECT * WHERE { ?s ?p }")
