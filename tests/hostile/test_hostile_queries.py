"""Queries meant to bring the service down: each ends in a clear refusal or the right answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hostile_harness import Service, check_problem

if TYPE_CHECKING:
    from conftest import Listener

RUNAWAYS = {
    "count over a product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "product in full": "SELECT * { ?a ?b ?c . ?d ?e ?f }",
    "order by over a product": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?a",
    "distinct over a product": "SELECT DISTINCT ?a ?f { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "group by over a product": "SELECT ?a ?f (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } GROUP BY ?a ?f",
    "path with both ends free": "SELECT (COUNT(*) AS ?n) { ?a (!<x:y>|^!<x:y>)* ?b . ?c (!<x:y>)* ?d }",
    "late filter": 'SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(CONTAINS(STR(?a), STR(?f)) && ?i = "no") }',
    "minus of a product": "SELECT * { ?a ?b ?c . ?d ?e ?f MINUS { ?a ?x ?y . ?d ?z ?w . ?q ?r ?s } }",
    "exists of a product": "ASK { ?a ?b ?c FILTER NOT EXISTS { ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?l = ?nothing) } }",
    "optional of a product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c OPTIONAL { ?d ?e ?f . ?g ?h ?i } }",
    "subselects multiplied": "SELECT (COUNT(*) AS ?n) { { SELECT ?a { ?a ?b ?c } } { SELECT ?d { ?d ?e ?f } } { SELECT ?g { ?g ?h ?i } } }",
    "unions multiplied": "SELECT (COUNT(*) AS ?n) {"
    + "{ ?a ?b ?c } UNION { ?d ?e ?f } " * 3
    + ". ?g ?h ?i . ?j ?k ?l }",
}
HOARDERS = {
    "one text of a product": "SELECT (GROUP_CONCAT(STR(?a)) AS ?t) { ?a ?b ?c . ?d ?e ?f }",
    "texts doubled": "SELECT ?t31 { BIND('ab' AS ?t0) "
    + " ".join(f"BIND(CONCAT(?t{n}, ?t{n}) AS ?t{n + 1})" for n in range(31))
    + " }",
    "texts encoded over and over": "SELECT ?t20 { BIND('%' AS ?t0) "
    + " ".join(f"BIND(ENCODE_FOR_URI(CONCAT(?t{n}, ?t{n}, ?t{n})) AS ?t{n + 1})" for n in range(20))
    + " }",
    "replace that grows": 'SELECT ?u { BIND("'
    + "a" * 10_000
    + '" AS ?t) BIND(REPLACE(?t, "a", ?t) AS ?s) BIND(REPLACE(?s, "a", ?t) AS ?u) }',
    "construct of a product": "CONSTRUCT { ?a ?e ?f } { ?a ?b ?c . ?d ?e ?f }",
    "describe everything": "DESCRIBE ?a ?b ?c { ?a ?b ?c }",
    "wide rows": "SELECT * { " + " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(60)) + " }",
    "order of long texts": "SELECT (CONCAT(STR(?a), STR(?f), STR(?d), STR(?c)) AS ?t) { ?a ?b ?c . ?d ?e ?f } ORDER BY DESC(?t)",
}
PATTERNS = {
    "nested quantifiers": r'ASK { ?a ?b ?c FILTER(REGEX(STR(?c), "^(a+)+$")) }',
    "alternatives that overlap": r'ASK { BIND("' + "a" * 5_000 + r'b" AS ?t) FILTER(REGEX(?t, "^(a|a)*$")) }',
    "counted quantifier": r'ASK { BIND("' + "a" * 5_000 + r'" AS ?t) FILTER(REGEX(?t, "^((a{1,100}){1,100}){1,100}$")) }',
    "huge alternative": 'ASK { ?a ?b ?c FILTER(REGEX(STR(?c), "' + "|".join(f"w{n}.*x" for n in range(5_000)) + '")) }',
    "letters of all scripts": r'ASK { ?a ?b ?c FILTER(REGEX(STR(?c), "(\\p{L}{0,50}){0,50}$", "i")) }',
    "look-behind": r'ASK { ?a ?b ?c FILTER(REGEX(STR(?c), "(?<=a)b")) }',
    "back reference": r'ASK { BIND("aa" AS ?t) FILTER(REGEX(?t, "^(a*)\\1$")) }',
    "pattern from the data": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(STR(?c), STR(?f))) }",
    "open bracket": 'ASK { ?a ?b ?c FILTER(REGEX(STR(?c), "[")) }',
}  # fmt: skip
DEEP = {
    "groups": "SELECT * " + "{" * 3_000 + "?a ?b ?c" + "}" * 3_000,
    "parentheses": "SELECT * { ?a ?b ?c FILTER" + "(" * 3_000 + "1" + ")" * 3_000 + " }",
    "blank nodes": "SELECT * { ?a ?b " + "[ ?p " * 3_000 + "1" + " ]" * 3_000 + " }",
    "lists": "SELECT * { ?a ?b " + "( " * 3_000 + "1" + " )" * 3_000 + " }",
    "functions": "SELECT (" + "STR(" * 3_000 + "1" + ")" * 3_000 + " AS ?t) {}",
    "optionals": "SELECT * { " + "OPTIONAL { ?a ?b ?c " * 3_000 + "}" * 3_000 + " }",
    "exists": "ASK { " + "FILTER EXISTS { ?a ?b ?c " * 1_000 + "}" * 1_000 + " }",
    "subselects": "SELECT * " + "{ SELECT * " * 1_000 + "{ ?a ?b ?c }" + "}" * 1_000,
    "minus signs": "ASK { FILTER(" + "- " * 5_000 + "1 = 1) }",
    "path of inverses": "ASK { ?a " + "^" * 5_000 + "<x:p> ?b }",
    "never closed": "SELECT * " + "{" * 90,
}
LONG = {
    "not": "ASK { FILTER(" + "!" * 5_000 + "true) }",
    "list of cells": "ASK { ?a ?b (" + " 1" * 5_000 + " ) }",
    "path of steps": "ASK { ?a " + "/".join(["<x:p>"] * 2_000) + " ?b }",
    "path of alternatives": "ASK { ?a (" + "|".join(f"<x:p{n}>" for n in range(2_000)) + ")* ?b }",
    "values": "SELECT * { VALUES ?a { " + " ".join(f"<x:{n}>" for n in range(9_000)) + " } ?a ?b ?c }",
    "unions": "SELECT * { " + " UNION ".join("{ ?a ?b ?c }" for _ in range(2_000)) + " }",
    "filters": "SELECT * { ?a ?b ?c " + "FILTER(?c != 1) " * 2_500 + "} LIMIT 1",
    "in-list": "SELECT * { ?a ?b ?c FILTER(?c IN (" + ",".join(str(n) for n in range(8_000)) + ")) } LIMIT 1",
    "patterns": "SELECT * { " + "?a ?b ?c . " * 4_000 + "} LIMIT 1",
    "sum": "SELECT (" + "+".join(["1"] * 9_000) + " AS ?n) {}",
    "prefixes": "".join(f"PREFIX p{n}: <x:{n}> " for n in range(6_000)) + "ASK {}",
    "literal": 'ASK { ?a ?b "' + "安" * 60_000 + '" }',
    "iri": "ASK { ?a ?b <x:" + "a" * 150_000 + "> }",
    "variable": "SELECT * { ?" + "v" * 150_000 + " ?b ?c } LIMIT 1",
    "comment": "ASK { ?a ?b ?c } #" + "x" * 190_000,
    "dots": "ASK { ?a ?b x" + ".x" * 90_000 + " }",
    "colons": "ASK { ?a ?b " + ":" * 100_000 + " }",
    "spaces": "ASK" + " " * 190_000 + "{}",
    "megabyte": "ASK { ?a ?b '" + "x" * 2_000_000 + "' }",
}
REACHING = {
    "service": "SELECT * { SERVICE <{url}> { ?a ?b ?c } }",
    "service silent": "SELECT * { SERVICE SILENT <{url}> { ?a ?b ?c } }",
    "service by variable": "SELECT * { VALUES ?s { <{url}> } SERVICE ?s { ?a ?b ?c } }",
    "service glued to a number": "SELECT * { ?a ?b 1e0SERVICE<{url}>{?d ?e ?f} }",
    "service with escapes": "SELECT * { \\u0053ERVICE <{url}> { ?a ?b ?c } }",
    "service behind a comment": "SELECT * { # }\r SERVICE <{url}> { ?a ?b ?c } }",
    "service in a filter": "ASK { ?a ?b ?c FILTER EXISTS { SERVICE <{url}> { ?d ?e ?f } } }",
    "service in a subselect": "SELECT * { { SELECT * { SERVICE <{url}> { ?d ?e ?f } } } }",
    "service by prefix": "PREFIX s: <{url}> SELECT * { SERVICE s: { ?a ?b ?c } }",
    "service by base": "BASE <{url}> SELECT * { SERVICE <> { ?a ?b ?c } }",
    "service in small letters": "select * { service <{url}> { ?a ?b ?c } }",
    "from": "SELECT * FROM <{url}> { ?a ?b ?c }",
    "from named": "SELECT * FROM NAMED <{url}> { GRAPH ?g { ?a ?b ?c } }",
    "load": "LOAD <{url}>",
    "load into": "LOAD SILENT <{url}> INTO GRAPH <x:g>",
    "from a file": "SELECT * FROM <file:///etc/passwd> { ?a ?b ?c }",
}
UPDATES = {
    "insert data": "INSERT DATA { <x:a> <x:b> <x:c> }",
    "delete data": "DELETE DATA { <x:a> <x:b> <x:c> }",
    "delete where": "DELETE WHERE { ?a ?b ?c }",
    "insert where": "INSERT { ?a ?b 1 } WHERE { ?a ?b ?c }",
    "with": "WITH <x:g> DELETE { ?a ?b ?c } WHERE { ?a ?b ?c }",
    "clear": "CLEAR ALL",
    "drop": "DROP ALL",
    "create": "CREATE GRAPH <x:g>",
    "move": "MOVE DEFAULT TO <x:g>",
    "copy": "COPY DEFAULT TO <x:g>",
    "add": "ADD DEFAULT TO <x:g>",
    "query and update": "ASK {} ; DROP ALL",
    "prefix and update": "PREFIX x: <x:> INSERT DATA { x:a x:b x:c }",
    "update in small letters": "drop all",
}


def cases(family: dict[str, str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("query", family.values(), ids=family.keys())


@cases(RUNAWAYS)
def test_a_runaway_ends_at_its_deadline(service: Service, query: str) -> None:
    check_problem(service.sparql(query), (200, 400, 503))


@cases(HOARDERS)
def test_a_hoarder_ends_at_its_limit(service: Service, query: str) -> None:
    check_problem(service.sparql(query), (200, 400, 503))


@cases(PATTERNS)
def test_a_pattern_takes_no_longer_than_the_deadline(service: Service, query: str) -> None:
    check_problem(service.sparql(query), (200, 400, 503))


@cases(DEEP)
def test_deep_nesting_is_refused(service: Service, query: str) -> None:
    check_problem(service.sparql(query), (400,))


@cases(LONG)
def test_a_long_query_is_answered_or_refused(service: Service, query: str) -> None:
    check_problem(service.sparql(query), (200, 400, 413, 503))


@cases(REACHING)
def test_no_query_reaches_another_server(service: Service, listener: Listener, query: str) -> None:
    before = listener.calls
    answer = service.sparql(query.replace("{url}", f"http://127.0.0.1:{listener.port}/sparql"))
    check_problem(answer, (400,))
    assert listener.calls == before


@cases(UPDATES)
def test_an_update_is_refused_and_changes_nothing(service: Service, query: str) -> None:
    def count() -> str:
        return service.sparql("SELECT (COUNT(*) AS ?n) { ?a ?b ?c }").text

    before = count()
    check_problem(service.sparql(query), (400,))
    check_problem(service.ask("GET", "/sparql", params={"update": query}), (400,))
    check_problem(service.ask("POST", "/sparql", data={"update": query}), (400,))
    headers = {"Content-Type": "application/sparql-update"}
    check_problem(service.ask("POST", "/sparql", content=query, headers=headers), (400, 415))
    assert count() == before
