"""The look of Turtle: one form for each graph, and never another graph."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
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


def triples(text: str) -> set[ox.Quad]:
    """The triples of some Turtle with canonical blank nodes, read by another library than the formatter's."""
    dataset = ox.Dataset(ox.parse(text, format=ox.RdfFormat.TURTLE))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def triples_of(graph: Graph) -> set[ox.Quad]:
    return triples(graph.serialize(format="nt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_has_the_look_and_formatting_keeps_its_triples(path: Path) -> None:
    text = path.read_text("utf-8")
    formatted = format_text(text, path)
    assert formatted == text
    assert triples(formatted) == triples(text)


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
    assert triples(format_text(text)) == triples(text)


@pytest.mark.parametrize(
    "literal",
    [
        '"01"^^xsd:integer', "+5", ".5", "1.50", '"5"^^xsd:decimal', "10000001e0", "1.0E1", '"1"^^xsd:boolean',
        '"2015-06-30T00:00:00.000Z"^^xsd:dateTime', '"P12M"^^xsd:duration', '"x"^^xsd:string', '"x"@zh-CN',
    ],
)  # fmt: skip
def test_a_literal_keeps_its_spelling(literal: str) -> None:
    text = f"{sparql_prologue()}obs:x rg:value {literal} ."
    assert triples(format_text(text)) == triples(text)


def test_turtle_that_does_not_parse_is_refused_with_its_line() -> None:
    with pytest.raises(SourceFileError) as refused:
        check_syntax(NEAT.replace("a rg:Place ;", "a rg:Place"), "x.ttl")
    assert refused.value.path == "x.ttl"
    assert refused.value.line in (16, 17)


@pytest.mark.parametrize("local", ["a/b", "-a", "a.", "河湾", "a%20b", "a#b", "", "a..b", "1", ".a"])
def test_iris_with_odd_local_names_are_kept(local: str) -> None:
    graph = Graph()
    graph.add((URIRef(f"{BASE}place/{local}"), RDF.type, URIRef(f"{BASE}code/{local}")))
    assert triples(format_graph(graph)) == triples_of(graph)


def test_a_list_stands_on_one_line() -> None:
    text = format_text(sparql_prologue() + "rg:x sh:in ( code:b code:a code:b ) ; sh:not ( ) .")
    assert "    sh:in ( code:b code:a code:b ) ;\n" in text


def test_blank_nodes_of_one_statement_stand_in_one_order() -> None:
    lists = [f"( code:{name} )" for name in "abcdef"]
    forth, back = (f"{sparql_prologue()}rg:x sh:or {', '.join(order)} ." for order in (lists, lists[::-1]))
    assert format_text(forth) == format_text(back) == format_text(format_text(forth))


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
    st.builds(lambda text, tag: Literal(text, lang=tag), WORDS, st.sampled_from(["zh", "en", "zh-latn", "de"])),
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
    statements: list[tuple[URIRef, URIRef, Node | list[Node] | dict[Node, Node]]],
) -> None:
    graph = Graph()
    for subject, predicate, thing in statements:
        graph.add((subject, predicate, node(graph, thing)))
    text = graph.serialize(format="nt")
    formatted = format_text(text)
    assert triples(formatted) == triples(text)
    assert format_text(formatted) == formatted
