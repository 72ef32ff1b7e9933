"""The ontology's house rules: both languages on every term, no blank nodes, nothing used undefined."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path

import pyoxigraph as ox
import pytest

ROOT = Path(__file__).resolve().parents[2]
BASE = "https://w3id.org/reformgraph/"
OURS = {
    "rg": BASE + "ns#",
    "code": BASE + "code/",
    "rgu": BASE + "unit/",
    "unit": "http://qudt.org/vocab/unit/",
}
OWL = "http://www.w3.org/2002/07/owl#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SKOS = "http://www.w3.org/2004/02/skos/core#"
TERM_TYPES = {
    OWL + "Class",
    OWL + "ObjectProperty",
    OWL + "DatatypeProperty",
    OWL + "AnnotationProperty",
    "http://www.w3.org/2000/01/rdf-schema#Datatype",
    SKOS + "Concept",
    SKOS + "ConceptScheme",
    "http://qudt.org/schema/qudt/Unit",
    OURS["rg"] + "Metric",
}
DISJOINT = ("Agency", "Claim", "Event", "Initiative", "Metric", "Period", "Place")
CURIE = re.compile(r"(?<![\w:/#.-])(rg|code|rgu|unit):([A-Za-z](?:[\w-]*\w)?)")


@cache
def triples(folder: str) -> tuple[ox.Quad, ...]:
    """Every triple of the Turtle files below a folder of the checkout."""
    return tuple(
        quad
        for path in sorted((ROOT / folder).rglob("*.ttl"))
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
    )


def iris(quad: ox.Quad) -> set[str]:
    """The IRIs of a triple, the datatype of a literal among them."""
    terms = (quad.subject, quad.predicate, quad.object)
    named = {term.value for term in terms if isinstance(term, ox.NamedNode)}
    return named | {term.datatype.value for term in terms if isinstance(term, ox.Literal)}


def terms() -> set[str]:
    """Classes, properties, datatypes, codes, metrics and units under our own names or in the QUDT extract."""
    return {
        quad.subject.value
        for quad in triples("ontology")
        if quad.predicate.value == RDF_TYPE
        and quad.object.value in TERM_TYPES
        and quad.subject.value.startswith((BASE, OURS["unit"]))
    }


def undefined(used: set[str]) -> list[str]:
    """Those of the IRIs that are in our namespaces, but that no file of the ontology describes."""
    defined = {quad.subject.value for quad in triples("ontology")}
    return sorted(iri for iri in used - defined if iri.startswith(tuple(OURS.values())))


def named_in(text: str) -> set[str]:
    """The IRIs of the CURIEs in a query or in a shape with queries in it, `#` comments left out."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return {OURS[prefix] + local for prefix, local in CURIE.findall("\n".join(lines))}


@pytest.mark.parametrize("predicate", ["prefLabel", "definition"])
def test_every_term_says_it_once_in_chinese_and_once_in_english(predicate: str) -> None:
    said = Counter(
        (quad.subject.value, quad.object.language)
        for quad in triples("ontology")
        if quad.predicate.value == SKOS + predicate
    )
    wanted = {(term, language): 1 for term in terms() for language in ("zh", "en")}
    ours = {key: n for key, n in said.items() if key[0] in terms()}
    assert ours == wanted


def test_outside_terms_have_at_most_one_label_in_each_language() -> None:
    labels = Counter(
        (quad.subject.value, quad.object.language)
        for quad in triples("ontology")
        if quad.predicate.value == SKOS + "prefLabel"
    )
    assert {key: n for key, n in labels.items() if n != 1 or key[1] not in ("zh", "en")} == {}


def test_chinese_is_written_in_chinese_and_english_is_not() -> None:
    han = re.compile("[\u4e00-\u9fff]")
    wrong = [
        (quad.subject.value, quad.object.value)
        for quad in triples("ontology")
        if quad.predicate.value == SKOS + "definition"
        and (quad.object.language == "zh") != bool(han.search(quad.object.value))
    ]
    assert wrong == []


def test_no_definition_is_used_twice() -> None:
    definitions = Counter(
        quad.object.value for quad in triples("ontology") if quad.predicate.value == SKOS + "definition"
    )
    assert [text for text, n in definitions.items() if n > 1] == []


def test_no_blank_nodes() -> None:
    assert [q for q in triples("ontology") if ox.BlankNode in (type(q.subject), type(q.object))] == []


def test_a_code_is_the_list_and_its_notation() -> None:
    concepts = {q.subject.value for q in triples("ontology") if q.predicate.value == SKOS + "topConceptOf"}
    notations = {q.subject.value: q.object.value for q in triples("ontology") if q.predicate.value == SKOS + "notation"}
    codes = {iri for iri in concepts if iri.startswith(OURS["code"])}
    assert codes
    assert [iri for iri in codes if not iri.endswith("-" + notations[iri])] == []


def test_kinds_of_things_are_pairwise_disjoint() -> None:
    declared = {
        frozenset((quad.subject.value, quad.object.value))
        for quad in triples("ontology")
        if quad.predicate.value == OWL + "disjointWith"
    }
    assert declared == {frozenset((OURS["rg"] + a, OURS["rg"] + b)) for a, b in combinations(DISJOINT, 2)}


def test_ties_to_outside_terms_stand_in_alignments_only() -> None:
    language = (OWL, SKOS, "http://www.w3.org/2000/01/rdf-schema#", "http://www.w3.org/2001/XMLSchema#")
    files = [path for path in (ROOT / "ontology").rglob("*.ttl") if path.name != "alignments.ttl"]
    ties = [
        (path.name, quad.object.value)
        for path in files
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
        if quad.predicate.value.endswith(("#subClassOf", "#subPropertyOf", "#domain", "#range", "#seeAlso"))
        and not quad.object.value.startswith((BASE, *language))
    ]
    assert ties == []


@pytest.mark.parametrize("folder", ["ontology", "data/ttl", "shapes"])
def test_turtle_uses_no_undefined_term(folder: str) -> None:
    assert undefined({iri for quad in triples(folder) for iri in iris(quad)}) == []


def test_queries_use_no_undefined_term() -> None:
    files = [*(ROOT / "queries").rglob("*.rq"), *(ROOT / "shapes").rglob("*.ttl")]
    used = {path.name: undefined(named_in(path.read_text("utf-8"))) for path in files}
    assert {name: missing for name, missing in used.items() if missing} == {}


def test_the_search_for_undefined_terms_sees_a_misspelt_one() -> None:
    assert undefined(named_in("?o rg:value ?v ; rg:bond code:bound-over ; rg:modality code:modality-done")) == [
        OURS["code"] + "modality-done",
        OURS["rg"] + "bond",
    ]


def test_the_readme_lists_every_file() -> None:
    files = {path.relative_to(ROOT / "ontology").as_posix() for path in (ROOT / "ontology").rglob("*.ttl")}
    listed = set(re.findall(r"^\| `([\w/]+\.ttl)`", (ROOT / "ontology/README.md").read_text("utf-8"), re.M))
    assert listed == files
