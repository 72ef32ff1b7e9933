"""The look of Turtle: one form for each graph, and never another graph."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.term import Node

from reformgraph.content import content_root
from reformgraph.errors import SourceFileError
from reformgraph.namespaces import BASE, RG, sparql_prologue
from reformgraph.turtle import check_syntax, format_graph, format_text

ROOT = content_root()
FILES = sorted(path for name in ("ontology", "data", "shapes") for path in (ROOT / name).rglob("*.ttl"))
MESSY = (
    sparql_prologue()
    + """
span:x a rg:Evidence ; oa:hasSource doc:x .
place:x skos:prefLabel "Hewan"@en , "河湾市"@zh ; geo:sfWithin place:cn ; rdf:type rg:Place .
doc:x schema:sha256 "0" ; a rg:SourceDocument .
"""
)
NEAT = """PREFIX doc: <https://w3id.org/reformgraph/doc/>
PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX place: <https://w3id.org/reformgraph/place/>
PREFIX rg: <https://w3id.org/reformgraph/ns#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX span: <https://w3id.org/reformgraph/span/>

doc:x
    a rg:SourceDocument ;
    schema:sha256 "0" ;
.

place:x
    a rg:Place ;
    skos:prefLabel "河湾市"@zh ;
    skos:prefLabel "Hewan"@en ;
    geo:sfWithin place:cn ;
.

span:x
    a rg:Evidence ;
    oa:hasSource doc:x ;
.
"""


def parsed(text: str) -> Graph:
    return Graph(bind_namespaces="none").parse(data=text, format="turtle")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_has_the_look_and_formatting_keeps_its_triples(path: Path) -> None:
    text = path.read_text("utf-8")
    formatted = format_text(text, path)
    assert formatted == text
    assert isomorphic(parsed(formatted), parsed(text))


def test_the_header_stands_first_a_before_all_and_chinese_before_english() -> None:
    assert format_text(MESSY) == NEAT


def test_the_look_is_kept_by_formatting_again() -> None:
    assert format_text(NEAT) == NEAT


def test_an_ontology_is_a_header_too() -> None:
    text = format_text(sparql_prologue() + "<https://a.example/z> a owl:Ontology . rg:Place a owl:Class .")
    assert text.index("owl:Ontology") < text.index("owl:Class")


@pytest.mark.parametrize("comment", ["# alone", "    # indented", "#"])
def test_a_comment_is_refused_with_its_line(comment: str) -> None:
    with pytest.raises(SourceFileError, match="Comments are lost") as refused:
        format_text(f"{NEAT}{comment}\n", "x.ttl")
    assert (refused.value.path, refused.value.line) == ("x.ttl", NEAT.count("\n") + 1)


def test_a_comment_after_a_statement_is_refused() -> None:
    with pytest.raises(SourceFileError, match="Comments are lost"):
        format_text(NEAT.replace("a rg:Place ;", "a rg:Place ; # seen twice"))


@pytest.mark.parametrize("value", ['"# no comment"', '"""first\n# second"""', "<https://a.example/x#y>"])
def test_a_number_sign_within_a_term_is_no_comment(value: str) -> None:
    text = f"<https://a.example/s> <https://a.example/p> {value} ."
    assert isomorphic(parsed(format_text(text)), parsed(text))


def test_turtle_that_does_not_parse_is_refused_with_its_line() -> None:
    with pytest.raises(SourceFileError) as refused:
        check_syntax(NEAT.replace("a rg:Place ;", "a rg:Place"), "x.ttl")
    assert refused.value.path == "x.ttl"
    assert refused.value.line in (16, 17)


@pytest.mark.parametrize("local", ["a/b", "-a", "a.", "河湾", "a%20b", "a#b", "", "a..b", "1", ".a"])
def test_iris_with_odd_local_names_are_kept(local: str) -> None:
    graph = Graph()
    graph.add((URIRef(f"{BASE}place/{local}"), RDF.type, URIRef(f"{RG}{local}")))
    assert isomorphic(parsed(format_graph(graph)), graph)


def test_a_list_stands_on_one_line() -> None:
    text = format_text(sparql_prologue() + "rg:x sh:in ( code:b code:a code:b ) ; sh:not ( ) .")
    assert "    sh:in ( code:b code:a code:b ) ;\n" in text


IRIS = st.one_of(
    st.sampled_from(["place/a", "place/b-1", "ns#Place", "code/x.y", "place/", "doc/0", "graph/registry#p"]).map(
        lambda name: URIRef(BASE + name)
    ),
    st.sampled_from(["https://a.example/", "urn:a:b", "https://a.example/河湾?x=1&y=(2)#z"]).map(URIRef),
)
# Any text that may stand in Turtle; half of it made of the characters that need an escape.
WORDS = st.one_of(
    st.text(alphabet="\"'\\\n\r\t #.;@余a", max_size=12),
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
)
LITERALS = st.one_of(
    WORDS.map(Literal),
    st.builds(lambda text, tag: Literal(text, lang=tag), WORDS, st.sampled_from(["zh", "en", "zh-Latn", "de"])),
    st.integers(-(10**12), 10**12).map(Literal),
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**6), max_value=10**6).map(Literal),
    st.booleans().map(Literal),
    st.floats(allow_nan=False, allow_infinity=False).map(Literal),
    st.sampled_from([Literal("2015-06-30", datatype=XSD.date), Literal("150600", datatype=URIRef(RG + "gbCode"))]),
)
OBJECTS = st.one_of(IRIS, LITERALS, st.lists(IRIS | LITERALS, max_size=3), st.dictionaries(IRIS, LITERALS, max_size=2))


def node(graph: Graph, thing: Node | list[Node] | dict[Node, Node]) -> Node:
    """A list as an RDF list and a dictionary as a blank node with these statements; others as they are."""
    if isinstance(thing, list):
        return Collection(graph, BNode(), thing).uri if thing else RDF.nil
    if isinstance(thing, dict):
        blank = BNode()
        for predicate, value in thing.items():
            graph.add((blank, predicate, value))
        return blank
    return thing


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(IRIS, st.just(RDF.type) | IRIS, OBJECTS), max_size=6))
def test_any_small_graph_is_kept_and_has_one_look(
    triples: list[tuple[URIRef, URIRef, Node | list[Node] | dict[Node, Node]]],
) -> None:
    graph = Graph()
    for subject, predicate, thing in triples:
        graph.add((subject, predicate, node(graph, thing)))
    formatted = format_graph(graph)
    check_syntax(formatted, "formatted")
    assert isomorphic(parsed(formatted), graph)
    assert format_text(formatted) == formatted
