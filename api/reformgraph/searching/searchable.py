"""What of a graph is searched: things with their names, and the words that stand as evidence of claims.

Persons are left out, and so are claims about a person and words that hold a person's name: who holds an office is
found on the page of the office, not by a name in a search box.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox

from reformgraph.namespaces import BASE
from reformgraph.results import cell

# Kinds in the order in which equal hits are shown; `term` is what belongs to the vocabulary, not to the reports.
KINDS = (
    "agency", "initiative", "metric", "system", "place", "body", "facility", "mechanism", "norm", "doc", "award",
    "event", "problem", "recommendation", "group", "obs", "claim", "derived", "period", "term",
)  # fmt: skip
_TERMS = ("ns", "code", "unit")
_PREFIXES = """
PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX qudt: <http://qudt.org/schema/qudt/> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rg: <https://w3id.org/reformgraph/ns#> PREFIX schema: <https://schema.org/>
PREFIX sdmx-dimension: <http://purl.org/linked-data/sdmx/2009/dimension#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
# What leaves with a figure, by the property path from its claim.
FIGURE = {
    "value": "rg:value",
    "unit": "qudt:hasUnit",
    "unitWord": "schema:unitText",
    "bound": "rg:bound/skos:notation",
    "kind": "rg:measureKind/skos:notation",
    "modality": "rg:modality/skos:notation",
    "periodStart": "sdmx-dimension:refPeriod/dcat:startDate",
    "periodEnd": "sdmx-dimension:refPeriod/dcat:endDate",
    "voice": "rg:voice/skos:notation",
    "claimant": "rg:claimant",
    "agency": "rg:agency",
}
# By what a search is narrowed besides kind, body and document: the property path from a claim.
FACETS = {"initiative": "rg:initiative", "voice": "rg:voice/skos:notation", "bound": "rg:bound/skos:notation"}
_OF_AGENCY = "rg:agency|rg:operatedBy|rg:awardedBy|rg:about|rdf:subject|rdf:object|^rg:implements|^rg:received"
_OF_DOCUMENT = "rg:evidence/oa:hasSource|^rg:names/oa:hasSource|^rg:metric/rg:evidence/oa:hasSource"
# What a claim, which has no label, is called: the metric of a figure, subject, relation and object of a relation.
_CALLED = "SELECT ?x ?l { ?x a rg:Claim ; rg:metric/skos:prefLabel ?l }"
_RELATION = """SELECT ?x ?s ?p ?o { ?x a rg:RelationClaim ; rdf:subject/skos:prefLabel ?s ;
  rdf:predicate/skos:prefLabel ?p ; rdf:object/skos:prefLabel ?o
  FILTER(LANG(?s) = LANG(?p) && LANG(?p) = LANG(?o)) }"""


@dataclass(frozen=True)
class Phrase:
    """Words by which a thing is found: `field` is label, alias or evidence; evidence has its place in a document."""

    field: str
    text: str
    language: str = ""
    document: str = ""
    start: int = 0
    end: int = 0


@dataclass
class Searchable:
    """A thing that can be found, what leaves with it, and what it can be narrowed to: bodies, documents, facets."""

    iri: str
    kind: str
    labels: dict[str, str] = field(default_factory=dict)
    phrases: list[Phrase] = field(default_factory=list)
    figure: dict[str, Any] = field(default_factory=dict)
    agencies: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)
    facets: set[tuple[str, str]] = field(default_factory=set)


def kind_of(iri: str) -> str | None:
    """The kind of an IRI of ours as search knows it, None for what is not searched."""
    if not iri.startswith(BASE):
        return None
    segment = iri.removeprefix(BASE).replace("#", "/").partition("/")[0]
    return "term" if segment in _TERMS else segment if segment in KINDS else None


def read(store: ox.Store) -> list[Searchable]:
    """Everything that is searched, in the order of IRIs."""
    found: dict[str, Searchable] = {}
    _read_names(store, found)
    _read_evidence(store, found)
    _read_descriptions(store, found)
    _read_links(store, found)
    _read_facets(store, found)
    return [found[iri] for iri in sorted(found) if found[iri].phrases]


def _rows(store: ox.Store, query: str) -> list[list[Any]]:
    """Solutions as lists of terms, each once, in an order of their own: a store keeps none."""
    solutions = store.query(_PREFIXES + query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    return [list(row) for row in sorted({tuple(row) for row in solutions}, key=lambda row: [str(term) for term in row])]


def _thing(found: dict[str, Searchable], term: Any) -> Searchable | None:
    kind = kind_of(term.value) if isinstance(term, ox.NamedNode) else None
    return None if kind is None else found.setdefault(term.value, Searchable(term.value, kind))


def _read_names(store: ox.Store, found: dict[str, Searchable]) -> None:
    for term, label in _rows(store, "SELECT ?x ?l { ?x skos:prefLabel ?l }"):
        if thing := _thing(found, term):
            thing.labels[label.language or ""] = label.value
            thing.phrases.append(Phrase("label", label.value, label.language or ""))
    for term, name in _rows(store, "SELECT ?x ?l { ?x skos:altLabel|skos:hiddenLabel|skos:notation ?l }"):
        if thing := _thing(found, term):
            thing.phrases.append(Phrase("alias", name.value, name.language or ""))


def _read_evidence(store: ox.Store, found: dict[str, Searchable]) -> None:
    """Spans and what they name or prove, in reading order; a thing keeps each wording once for each document."""
    persons = {row[0].value for row in _rows(store, "SELECT ?l { ?x a foaf:Person ; skos:prefLabel|skos:altLabel ?l }")}
    about_persons = {row[0] for row in _rows(store, "SELECT ?x { ?x a rg:Claim ; ?p ?y . ?y a foaf:Person }")}
    spans = _rows(
        store,
        """SELECT ?doc ?start ?end ?exact ?x { ?span oa:hasSource ?doc ; rg:start ?start ; rg:end ?end ;
        rg:exact ?exact . { ?span rg:names ?x } UNION { ?x rg:evidence ?span } }""",
    )
    for doc, start, end, exact, term in sorted(spans, key=lambda r: (r[0].value, int(r[1].value), int(r[2].value))):
        if term in about_persons or any(name in exact.value for name in persons):
            continue
        thing = _thing(found, term)
        key = doc.value.rpartition("/")[2]
        if thing and (exact.value, key) not in {(phrase.text, phrase.document or key) for phrase in thing.phrases}:
            thing.phrases.append(Phrase("evidence", exact.value, "", key, int(start.value), int(end.value)))


def _read_descriptions(store: ox.Store, found: dict[str, Searchable]) -> None:
    for term, label in _rows(store, _CALLED):
        if term.value in found:
            found[term.value].labels[label.language or ""] = label.value
    for term, *parts in _rows(store, _RELATION):
        if term.value in found:
            found[term.value].labels[parts[0].language or ""] = " · ".join(part.value for part in parts)
    for name, path in FIGURE.items():
        for term, value in _rows(store, f"SELECT ?x ?v {{ ?x a rg:Claim ; {path} ?v }}"):
            if term.value in found:
                found[term.value].figure.setdefault(name, cell(value))


def _read_links(store: ox.Store, found: dict[str, Searchable]) -> None:
    for term, agency in _rows(store, f"SELECT ?x ?a {{ ?x {_OF_AGENCY} ?a }}"):
        if term.value in found and kind_of(agency.value) in ("agency", "body"):
            found[term.value].agencies.add(agency.value)
    for term, doc in _rows(store, f"SELECT ?x ?d {{ ?x {_OF_DOCUMENT} ?d }}"):
        if term.value in found:
            found[term.value].documents.add(doc.value)
    for thing in _of(found.values(), "agency", "body"):
        thing.agencies.add(thing.iri)
    for thing in _of(found.values(), "doc"):
        thing.documents.add(thing.iri)


def _read_facets(store: ox.Store, found: dict[str, Searchable]) -> None:
    """Facets as pairs of name and value; a claim is of every year that its period touches."""
    for name, path in FACETS.items():
        for term, value in _rows(store, f"SELECT ?x ?v {{ ?x a rg:Claim ; {path} ?v }}"):
            if term.value in found:
                found[term.value].facets.add((name, value.value))
    for thing in found.values():
        thing.facets |= {("agency", iri) for iri in thing.agencies if kind_of(iri) == "agency"}
        thing.facets |= {("period", str(year)) for year in _years(thing.figure)}


def _years(figure: dict[str, Any]) -> range:
    end = figure.get("periodEnd") or figure.get("periodStart")
    start = figure.get("periodStart") or end
    return range(int(start[:4]), int(end[:4]) + 1) if start and end else range(0)


def _of(things: Iterable[Searchable], *kinds: str) -> list[Searchable]:
    return [thing for thing in things if thing.kind in kinds]
