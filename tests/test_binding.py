"""Which variables are bound for certain at a place of a query."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformgraph.canned.binding import bound_before
from reformgraph.content import content_root
from reformgraph.queries import Catalogue


def bound(text: str) -> str:
    """The variables that are bound at `@@`, sorted."""
    return " ".join(sorted(bound_before(text, text.index("@@"))))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SELECT * { ?a <p> ?b . @@ ?c <p> ?d }", "a b"),
        ("SELECT ?x WHERE { @@ }", ""),
        ("SELECT * { VALUES ?a { UNDEF } VALUES (?b ?c) { (1 2) } @@ }", ""),
        ("SELECT * { ?a a ?b FILTER (?c = 1 && ?d = 2) BIND (STR(?a) AS ?e) @@ }", "a b"),
        ("SELECT * { ?a a ?b BIND (?a AS ?c) BIND (?z AS ?y) @@ }", "a b c"),
        ("SELECT * { ?a a ?b OPTIONAL { ?c a ?d } MINUS { ?e a ?f } FILTER NOT EXISTS { ?g a ?h } @@ }", "a b"),
        ("SELECT * { ?a a ?b OPTIONAL { ?c a ?d @@ } }", "c d"),
        ("SELECT * { ?a a ?b { ?c a ?d } @@ }", "a b c d"),
        ("SELECT * { ?a a ?b . { ?c a ?d } UNION { ?c a ?e } UNION { ?f a ?c } @@ }", "a b c"),
        ("SELECT * { ?a a ?b . { ?c a ?d } UNION { ?e a ?f } { ?g a ?h } UNION { ?g a ?i } @@ }", "a b g"),
        ("SELECT * { { SELECT ?a ?n (COUNT(*) AS ?c) WHERE { ?a a ?b OPTIONAL { ?a <p> ?n } } GROUP BY ?a ?n } @@ }", "a"),
        ("SELECT * { { SELECT DISTINCT * { ?a a ?b } ORDER BY ?z } @@ }", "a b"),
        ("SELECT * { { SELECT ?a { SELECT ?a ?b { ?a a ?b } } } @@ }", "a"),
        ("SELECT * { ?a <p>/<q> [ <r> $b ] ; <s> ?c , ?d . # ?e\n @@ }", "a b c d"),
        ('SELECT * { ?a <p> "} OPTIONAL { ?b" . @@ }', "a"),
    ],
)  # fmt: skip
def test_what_is_bound(text: str, names: str) -> None:
    assert bound(text) == names


PARTS = ["?x <p> ?y .", "?y <q> ?z .", "VALUES ?z { 1 UNDEF }", "BIND (?x AS ?w)", "BIND (1/0 AS ?z)"]
GROUPS = ["{ %s }", "OPTIONAL { %s }", "MINUS { %s }", "{ %s } UNION { ?x <p> ?y }", "{ SELECT ?x { %s } }"]
patterns = st.lists(
    st.recursive(
        st.sampled_from(PARTS),
        lambda inner: st.tuples(st.sampled_from(GROUPS), st.lists(inner, min_size=1, max_size=3)).map(
            lambda pair: pair[0] % " ".join(pair[1])
        ),
        max_leaves=5,
    ),
    max_size=4,
).map(" ".join)


@given(patterns)
def test_what_is_said_to_be_bound_is_bound_in_every_solution(pattern: str) -> None:
    store = ox.Store()
    store.update("INSERT DATA { <a> <p> <b> , <c> . <b> <q> <d> . <c> <q> 1 , 2 }", base_iri="http://example.org/")
    text = f"SELECT * {{ {pattern} "
    try:
        found = store.query(text + "}", base_iri="http://example.org/")
    except SyntaxError:  # a variable is bound twice
        return
    assert isinstance(found, ox.QuerySolutions)
    names = bound_before(text, len(text))
    for solution in found:
        assert all(solution[name] is not None for name in names)


def test_the_variables_of_required_patterns_of_our_queries_are_known() -> None:
    query = Catalogue.read(content_root() / "queries").get("agency-profile")
    labelled = query.text.rindex("OPTIONAL", 0, query.text.index("?named skos:prefLabel"))
    assert bound_before(query.text, labelled) >= {"agency", "item", "named"}
