"""The tokenizer against SPARQL 1.1 section 19.8, and the guard against an engine that reads otherwise."""

from __future__ import annotations

import time

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reformgraph.errors import QueryRefusedError
from reformgraph.tokens import (
    QueryLimits,
    dataset_clauses,
    from_clauses,
    guard,
    query_form,
    tokenize,
    undeclared_prefix,
    values_blocks,
)


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("?x $y", [("var", "?x"), ("var", "$y")]),
        ("<http://e.org/#a>", [("iri", "<http://e.org/#a>")]),
        ("?a < ?b", [("var", "?a"), ("punct", "<"), ("var", "?b")]),
        ("?a<=3", [("var", "?a"), ("punct", "<="), ("number", "3")]),
        ("ex:a.b.", [("pname", "ex:a.b"), ("punct", ".")]),
        ("ex: :a", [("pname", "ex:"), ("pname", ":a")]),
        (r"ex:%20\'x", [("pname", r"ex:%20\'x")]),
        ("init:平安-2019", [("pname", "init:平安-2019")]),
        ("_:b.1 .", [("blank", "_:b.1"), ("punct", ".")]),
        ("1e0SERVICE", [("number", "1e0"), ("word", "SERVICE")]),
        ("1.", [("number", "1"), ("punct", ".")]),
        (".5 1.5e-3", [("number", ".5"), ("number", "1.5e-3")]),
        ('"大连"@zh-Hans', [("string", '"大连"'), ("lang", "@zh-Hans")]),
        ('"1"^^xsd:int', [("string", '"1"'), ("punct", "^^"), ("pname", "xsd:int")]),
        (r'"a\"b" c', [("string", r'"a\"b"'), ("word", "c")]),
        ("'''it''s\n''' x", [("string", "'''it''s\n'''"), ("word", "x")]),
        ("# a 'comment\nx", [("word", "x")]),
        ("'# no comment'", [("string", "'# no comment'")]),
        ("'open\nx", [("punct", "'"), ("word", "open"), ("word", "x")]),
        ("^ex:p+", [("punct", "^"), ("pname", "ex:p"), ("punct", "+")]),
        ("ex:q?/a", [("pname", "ex:q"), ("punct", "?"), ("punct", "/"), ("word", "a")]),
        (r"\u0053ERVICE", [("word", "SERVICE")]),
    ],
)  # fmt: skip
def test_terminals(text: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(text) == expected


@given(st.text(alphabet=st.sampled_from("aX:._<>'\"#?$@{}()\\u0041 \n1e-+/^大"), max_size=60))
def test_tokens_are_slices_in_order_and_leave_only_space_and_comments(text: str) -> None:
    text = text.replace("\\", "")
    end = 0
    for token in tokenize(text):
        assert token.text == text[token.start : token.end]
        gap = text[end : token.start]
        assert gap.strip() == "" or gap.lstrip().startswith("#")
        end = token.end
    assert text[end:].strip() == "" or text[end:].lstrip().startswith("#")


@pytest.mark.parametrize(
    "text",
    [
        "a." * 100_000,
        "大." * 60_000,
        "<a" * 100_000,
        "'a\\q" * 50_000,
        "'''" * 66_000 + "\\q",
        "-a" * 100_000,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    start = time.process_time()
    tokenize(text)
    assert time.process_time() - start < 3  # some 0.3 s; minutes if it were quadratic


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o } # SERVICE <http://e.org/> {}",
        'SELECT * { ?s ?p "SERVICE <http://e.org/> { }" }',
        "SELECT * { ?service ?p <http://e.org/service#SERVICE> }",
        "SELECT * { ?s <http://e.org/(a)#b> ?o . ?o <urn:x:y> <mailto:a@e.org> }",
        "PREFIX ex: <urn:e#> SELECT * FROM ex:g { ?s ex:service ?o FILTER (?o < 3 && ?o > 1) }",
        "PREFIX from: <http://e.org/> SELECT * { ?s from:x ?o }",
        "SELECT * { ?s ?p ?o FILTER(?o<3||?o>5) }",
        'SELECT * { ?s ?p "\\u5927\\u8FDE" ; <http://e.org/\\u5927> 1 }',
        "ASK {}",
        "construct where { ?s ?p ?o }",
        "SELECT * { VALUES ?x {" + "<http://e.org/observation/0123456789abcdef>" * 2_000 + "} }",
    ],
)
def test_the_guard_lets_pass(query: str) -> None:
    guard(query)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("ASK { SERVICE ?s { } }", "SERVICE"),
        ("ASK { service<http://e.org/>{} }", "SERVICE"),
        ("ASK { \\u0053ERVICE <http://e.org/> {} }", "SERVICE"),
        ("ASK { \\U00000053ERVICE <http://e.org/> {} }", "SERVICE"),
        ("ASK { 1e0SERVICE <http://e.org/> {} }", "SERVICE"),
        ("ASK { ?s ?p trueSERVICE <http://e.org/> {} }", "SERVICE"),
        ("PREFIX ex: <http://e.org/> ASK { SERVICEex:a {} }", "SERVICE"),
        ("PREFIX : <http://e.org/> ASK { Service:a {} }", "SERVICE"),
        ("ASK { ?s ?p ex:a.b.SERVICE<http://e.org/> {} }", "SERVICE"),
        ("ASK { FILTER(1<2)#>'''\n SERVICE <http://e.org/> {} #'''\n }", "comparison"),
        ("ASK { FILTER('a'<'b>')SERVICE <http://e.org/> {} }#'", "comparison"),
        ("ASK { FILTER(1<<http://e.org/'>)SERVICE <http://e.org/> {} }#'", "<<"),
        ('ASK { ?s ?p "\\uD800" }', "escape"),
        ("ASK { \\u+053ERVICE <http://e.org/> {} }", "escape"),
        ("ASK { ?s ?p '\\u0027 } #' }", "escapes"),
        ("ASK FROMex:g {}", "FROM"),
        ("ASKFROM <http://e.org/g> {}", "FROM"),
        ("INSERT DATA { <a:s> <a:p> 1 }", "INSERT"),
        ("PREFIX ex: <a:> # SELECT\n delete where { ?s ?p ?o }", "DELETE"),
        ("LOAD <http://e.org/>", "LOAD"),
        ("BASE <a:b> WITH <a:g> DELETE {} WHERE {}", "WITH"),
        ("ASK { \0 }", "NUL"),
        ("ASK " + "{" * 101 + "}" * 101, "deep"),
        ("ASK { ?s ?p " + "(" * 101, "deep"),
        ("ASK { ?s ?p " + "[" * 101, "deep"),
        ("ASK {" + "?a " * 20_000 + "}", "tokens"),
        ("#" + "大" * 70_000, "bytes"),
        ("ASK { FILTER(1<" + "1+" * 1_000 + "1>0) }", "characters"),
    ],
)  # fmt: skip
def test_the_guard_refuses(query: str, reason: str) -> None:
    with pytest.raises(QueryRefusedError, match=reason):
        guard(query)


def test_limits_can_be_set() -> None:
    guard("ASK { { } }", QueryLimits(max_depth=2, max_tokens=5))
    with pytest.raises(QueryRefusedError):
        guard("ASK { { } }", QueryLimits(max_depth=1))
    with pytest.raises(QueryRefusedError):
        guard("ASK { { } }", QueryLimits(max_tokens=4))


# The HTTP client of oxigraph refuses port 1, so that reaching SERVICE is an OSError and no request.
PIECES = [
    "SERVICE", "service", "<http://127.0.0.1:1/>", "ex:x", "ex:", "{ ?s ?p ?o }", "{}", "{", "}", "(", ")",
    "FILTER(1<2)", "FILTER(1<", "FILTER('a'<'b>')", "FILTER(1<2)#>'''\n", "2#>\n)", "BIND(1<2#>\nAS?z)",
    "VALUES?v{'''x'", "#\\uD800'''\n}", "'", "''", "'''", '"', "<", ">", "#", "#'''", "\n", " ", ".", ";",
    "?s ?p ex:a.b.", "?s ?p 1e0", "true", "OPTIONAL{", "UNION", "GRAPH?g", "<http://x/'b>", "1<", "||",
    "\\u0027", "@en", "^^", "/", "ex:a.b.c",
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=5), st.lists(st.sampled_from(PIECES), max_size=3))
def test_whatever_reaches_service_in_the_engine_is_refused(before: list[str], after: list[str]) -> None:
    call = "SERVICE<http://127.0.0.1:1/>{ ?s ?p ?o }"
    query = "PREFIX ex: <http://127.0.0.1:1/> ASK {" + "".join(before) + call + "".join(after) + "}"
    if reaches_service(query):
        with pytest.raises(QueryRefusedError):
            guard(query)


def reaches_service(query: str) -> bool:
    try:
        bool(ox.Store().query(query))
    except OSError:
        return True
    except (SyntaxError, RuntimeError):
        pass
    return False


def test_the_engine_reaches_service_in_ways_that_tokens_do_not_show() -> None:
    """If these stop to hold after an update of pyoxigraph, `guard` may become less strict."""
    prefix = "PREFIX ex: <http://127.0.0.1:1/> "
    assert reaches_service(prefix + "ASK { SERVICEex:x { ?s ?p ?o } }")
    assert reaches_service(prefix + "ASK { FILTER(1<2)#>'''\nSERVICE ex:x { ?s ?p ?o } #'''\n }")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * { ?s ?p ?o }", None),
        ("SELECT ?from { ?from ex:FROM 'FROM <a:b>' } # FROM <a:b>", None),
        ("# FROM <a:b>\n  # from\r\nSELECT ?from $from {}", None),
        ("#x\rSELECT *FROM<a:g>{}", (("a:g",), ())),
        ("SELECT ?from#\nFROM <a:g> {}", (("a:g",), ())),
        ('SELECT ("""\n#""" AS ?x)FROM <a:g> {}', (("a:g",), ())),
        ("SELECT * FROM <a:g> {}", (("a:g",), ())),
        ("SELECT * from named <a:g> FROM#x\n<a:h> {}", (("a:h",), ("a:g",))),
        ("PREFIX g: <a:> ASK FROM g:one FROM NAMED g:two {}", (("a:one",), ("a:two",))),
        (r"PREFIX g: <a:> ASK FROM g:x\'y {}", (("a:x'y",), ())),
        ("BASE <http://e/> PREFIX g: <g#> ASK FROM <../b> FROM g:x {}", (("http://e/b", "http://e/g#x"), ())),
        ("BASE <http://e/a/> PREFIX g: <http://f#> ASK FROM g:x {}", (("http://f#x",), ())),
        ("ASK FROM <a:\\u5927> {}", (("a:大",), ())),
        ("ASK FROM unknown:g {}", ((), ())),
        ("BASE <http://[> ASK FROM <//[> {}", ((), ())),
    ],
)  # fmt: skip
def test_from_clauses(query: str, expected: tuple[tuple[str, ...], tuple[str, ...]] | None) -> None:
    assert from_clauses(query) == expected
    assert dataset_clauses(query) is (expected is not None)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("select ?x {}", "SELECT"),
        ("#ASK\nPREFIX ask: <a:> BASE <a:b> DESCRIBE ask:x", "DESCRIBE"),
        ("INSERT DATA {}", "INSERT"),
        ("PREFIX ex: <a:>", None),
    ],
)
def test_query_form(query: str, form: str | None) -> None:
    assert query_form(query) == form


def test_parameters_are_the_undefs_of_values_blocks_and_nothing_else() -> None:
    query = """
        # VALUES ?no { UNDEF }
        SELECT * { VALUES ?agency { UNDEF } values $metric {undef}
          { SELECT * { VALUES ?agency { UNDEF } } }
          VALUES ?fixed { 1 } VALUES (?pair) { (UNDEF) } VALUES ?two { UNDEF UNDEF }
          FILTER (?x = "VALUES ?no { UNDEF }") }"""
    blocks = values_blocks(query)
    assert {name: len(spans) for name, spans in blocks.items()} == {"agency": 2, "metric": 1}
    assert {query[start:end].upper() for spans in blocks.values() for start, end in spans} == {"UNDEF"}


def test_undeclared_prefix_is_the_first_one() -> None:
    token = undeclared_prefix("PREFIX ex: <a:> ASK { ex:a skos:b foaf:c }")
    assert token is not None
    assert (token.text, token.start) == ("skos:b", 27)
    assert undeclared_prefix("PREFIX ex: <a:> PREFIX : <b:> ASK { ex:a :b '''x:y''' }") is None
