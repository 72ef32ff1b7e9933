"""The page of the ontology: every term with its words, its links, how often it is used, and an example that is real."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from reformgraph.namespaces import RDF, RDFS, RG, SKOS
from reformgraph.portraits.coremap import CLASSES, LAYOUTS, LINKS, Link

TERMS = {f"http://www.w3.org/2002/07/owl#{name}" for name in ("Class", "ObjectProperty", "DatatypeProperty")}
_NODE = ox.NamedNode


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, headers={"Accept": "text/html"}, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def ontology(http: httpx.Client) -> ox.Store:
    store = ox.Store()
    store.load(http.get("/ns.nt").content, format=ox.RdfFormat.N_TRIPLES)
    return store


def page(http: httpx.Client, language: str) -> str:
    answer = http.get("/ns", params={"lang": language})
    assert answer.status_code == 200
    return answer.text


def articles(http: httpx.Client, language: str) -> dict[str, str]:
    """Local name -> the HTML of the term."""
    found = re.findall(r'<article class="term" id="([^"]+)">(.*?)</article>', page(http, language), re.DOTALL)
    return {name: unescape(text) for name, text in found}


def values(ontology: ox.Store, term: str, property_: str) -> list[Any]:
    return [quad.object for quad in ontology.quads_for_pattern(_NODE(term), _NODE(property_), None)]


def asked(http: httpx.Client, query: str) -> list[dict[str, Any]]:
    answer = http.get(
        "/sparql", params={"query": f"PREFIX rg: <{RG}> {query}"}, headers={"Accept": "application/sparql-results+json"}
    )
    rows: list[dict[str, Any]] = answer.json()["results"]["bindings"]
    return rows


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_term_stands_with_both_labels_and_both_definitions(
    http: httpx.Client, ontology: ox.Store, language: str
) -> None:
    shown = articles(http, language)
    terms = {q.subject.value for type_ in TERMS for q in ontology.quads_for_pattern(None, None, _NODE(type_))}
    ours = {term.removeprefix(RG) for term in terms if term.startswith(RG)}
    assert len(ours) > 70
    assert ours <= shown.keys()
    for name in ours:
        words = values(ontology, RG + name, SKOS + "prefLabel") + values(ontology, RG + name, SKOS + "definition")
        assert len(words) == 4, name
        assert [word.value for word in words if word.value not in shown[name]] == [], name


def test_domain_and_range_are_linked(http: httpx.Client, ontology: ox.Store) -> None:
    shown = articles(http, "en")
    told = [quad for name in ("domain", "range") for quad in ontology.quads_for_pattern(None, _NODE(RDFS + name), None)]
    ours = [quad for quad in told if str(quad.object.value).startswith(RG)]
    assert len(ours) > 20
    for quad in ours:
        assert f'href="#{quad.object.value.removeprefix(RG)}"' in shown[quad.subject.value.removeprefix(RG)]


def test_a_property_without_a_domain_tells_where_it_is_used(http: httpx.Client) -> None:
    voice = articles(http, "en")["voice"]
    assert re.search(r'Used on .*href="#Observation".*href="#VagueClaim"', voice)
    assert "Domain" not in voice


@pytest.mark.parametrize("name", ["bound", "implements", "exact", "charLength", "inferredField"])
def test_the_uses_of_a_property_are_counted(http: httpx.Client, name: str) -> None:
    (row,) = asked(http, f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?s ?o {{ ?s rg:{name} ?o }} }}")
    assert f"used {int(row['n']['value']):,} times" in articles(http, "en")[name]


def test_the_uses_of_a_class_are_its_things(http: httpx.Client) -> None:
    (row,) = asked(http, "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a rg:Observation }")
    assert f"used {row['n']['value']} times" in articles(http, "en")["Observation"]
    assert "not used in this release" in articles(http, "en")["ExtractionRun"]


def test_every_term_that_is_used_has_an_example_with_a_page(http: httpx.Client) -> None:
    shown = articles(http, "zh")
    examples = {name: re.search(r'class="example">.*?<a href="(/[^"?]+)', text) for name, text in shown.items()}
    used = {name for name, text in shown.items() if "没有用到" not in text}
    assert {name for name, example in examples.items() if example} == used
    pages = {example[1] for example in examples.values() if example}
    assert [path for path in sorted(pages) if http.get(path).status_code != 200] == []


def test_examples_are_of_one_figure_where_it_has_the_term(http: httpx.Client) -> None:
    shown = articles(http, "zh")
    figure = "/obs/826ec1811efe-1157-1164"
    for name, value in (("bound", "超过"), ("agency", "大连市公安局"), ("value", "13000"), ("metric", "计算机数")):
        assert re.search(rf'href="{figure}\?[^>]*>13000余台</a>.*{value}', shown[name]), name
    assert "/span/826ec1811efe-1157-1164" in shown["start"]


def test_no_example_names_a_person(http: httpx.Client) -> None:
    names = {row["name"]["value"] for row in asked(http, f"SELECT ?name {{ ?p a <http://xmlns.com/foaf/0.1/Person> ; <{SKOS}prefLabel> ?name }}")}  # fmt: skip
    assert len(names) > 5
    text = page(http, "zh") + page(http, "en")
    assert [name for name in names if name in text] == []


def test_code_lists_have_the_word_of_tables_and_its_uses(http: httpx.Client) -> None:
    text = page(http, "en")
    (row,) = asked(http, "SELECT (COUNT(*) AS ?n) { ?s rg:bound <https://w3id.org/reformgraph/code/bound-over> }")
    assert re.search(
        rf'href="/code/bound-over\?lang=en">over</a>.*<code>over</code>.*<td class="number">{row["n"]["value"]}</td>',
        text,
    )
    assert 'href="/metric?lang=en"' in text
    assert 'href="/unit?lang=en"' in text


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link.property.rpartition("#")[2])
def test_an_edge_of_the_drawing_is_a_term_between_its_classes(
    http: httpx.Client, ontology: ox.Store, link: Link
) -> None:
    for end, name in ((link.source, "domain"), (link.target, "range")):
        assert _NODE(TERMS_OF["Class"]) in values(ontology, end, RDF + "type")
        declared = {one.value for one in values(ontology, link.property, RDFS + name)}
        assert declared <= {end, *above(ontology, end)}, name
    query = f"SELECT (COUNT(*) AS ?n) {{ ?a a <{link.source}> ; <{link.property}> ?b . ?b a <{link.target}> }}"
    assert int(asked(http, query)[0]["n"]["value"]) > 0


TERMS_OF = {iri.rpartition("#")[2]: iri for iri in TERMS}


def above(ontology: ox.Store, term: str) -> set[str]:
    direct = {one.value for one in values(ontology, term, RDFS + "subClassOf")}
    return direct | {other for one in direct for other in above(ontology, one)}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_drawing_has_the_labels_of_the_ontology(http: httpx.Client, ontology: ox.Store, language: str) -> None:
    drawings = re.findall(r"<svg class.*?</svg>", page(http, language), re.DOTALL)
    assert len(drawings) == len(LAYOUTS)
    for drawing in drawings:
        texts = re.findall(r"<text[^>]*>(.*?)</text>", drawing)
        terms = [*(link.property for link in LINKS), *CLASSES]
        labels = [one.value for term in terms for one in values(ontology, term, SKOS + "prefLabel") if one.language == language]  # fmt: skip
        assert sorted(label for label in texts if label in labels) == sorted(labels)
        described = re.search(r"<title[^>]*>(.+?)</title>\s*<desc[^>]*>(.+?)</desc>", drawing)
        assert described
        assert described[2].count("→") == len(LINKS)
    assert re.findall(r'href="#(\w+)"><g', drawings[0]) == [iri.removeprefix(RG) for iri in CLASSES]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_boxes_of_the_drawing_stand_apart_and_on_the_paper(layout: Any) -> None:
    left, top, width, height = layout.view
    for node in layout.nodes:
        assert left <= node.left
        assert node.left + node.width <= left + width
        assert top <= node.top
        assert node.top + node.height <= top + height
        for other in layout.nodes:
            apart = abs(node.x - other.x) >= (node.width + other.width) / 2
            assert other is node or apart or abs(node.y - other.y) >= (node.height + other.height) / 2


def test_the_document_is_the_same_data_as_before(http: httpx.Client, ontology: ox.Store) -> None:
    turtle = http.get("/ns", headers={"Accept": "text/turtle"})
    assert turtle.headers["content-type"].startswith("text/turtle")
    parsed = ox.Store()
    parsed.load(turtle.content, format=ox.RdfFormat.TURTLE)
    assert len(parsed) == len(ontology)
    graph = asked(http, "SELECT (COUNT(*) AS ?n) { GRAPH <https://w3id.org/reformgraph/graph/vocab> { ?s ?p ?o } }")
    assert int(graph[0]["n"]["value"]) == len(ontology)
