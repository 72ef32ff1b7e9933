from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from reformgraph.engines.embedded import Embedded
from reformgraph.errors import EvaluationError, QuerySyntaxError, ReleaseError


def test_a_folder_without_a_store_is_no_release_and_stays_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="no store"):
        Embedded.open(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_store_is_no_release(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").write_text("MANIFEST-000009\n")
    with pytest.raises(ReleaseError, match="does not open"):
        Embedded.open(tmp_path)


def test_an_unknown_function_cannot_be_evaluated(store_path: Path) -> None:
    with Embedded.open(store_path) as engine, pytest.raises(EvaluationError, match="/f>"):
        engine.query("SELECT (<http://example.org/f>(1) AS ?x) {}")


def test_the_place_of_a_syntax_error_is_told(store_path: Path) -> None:
    with Embedded.open(store_path) as engine, pytest.raises(QuerySyntaxError) as caught:
        engine.query("SELECT ?x {}\nGROUP BY ?y")
    assert caught.value.line == 2
    assert caught.value.reason == "The SELECT contains a variable that is unbound"


def test_the_union_of_pyoxigraph_repeats_a_triple_that_two_graphs_hold() -> None:
    """A bag, where the RDF merge is a set: so no release may hold a triple in two graphs."""
    store = ox.Store()
    store.load("<a:one> { <a:s> <a:p> <a:o> } <a:two> { <a:s> <a:p> <a:o> }", format=ox.RdfFormat.TRIG)
    assert len(list(Embedded.from_store(store).query("SELECT * { ?s ?p ?o }"))) == 2
