"""Ontology and whole graph under an OWL 2 DL reasoner (HermiT): consistent, and no class is empty by its axioms.

The ontology declares its own terms alone, and OWL reads what is undeclared as a mere annotation. So that outside terms
take part in the reasoning too, the union declares them by their use (`declarations`). The shapes are no OWL and stay
out; so do literals and ranges of datatypes outside the OWL 2 datatype map, on which HermiT aborts.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import owlready2
import pyoxigraph as ox
import pytest

from reformgraph.assembly import assemble
from reformgraph.namespaces import BASE, RDF, RDFS, RG, SHAPES, SKOS, XSD

OWL = "http://www.w3.org/2002/07/owl#"
TYPE = ox.NamedNode(RDF + "type")
CLASS = OWL + "Class"
BUILT_IN = (RDF, RDFS, OWL, XSD)
# Reification is RDF vocabulary that OWL does not build in: HermiT takes it as properties and a class like others.
REIFICATION = {RDF + name for name in ("Statement", "subject", "predicate", "object")}
# https://www.w3.org/TR/owl2-syntax/#Datatype_Maps, as far as the graph uses it.
OWL_DATATYPES = {XSD + name for name in ("string", "integer", "decimal", "boolean", "anyURI", "dateTime")}
OWL_DATATYPES.add(RDF + "langString")
# https://www.w3.org/TR/skos-reference/ has these as annotation properties.
NOTES = {SKOS + name for name in "prefLabel altLabel definition editorialNote example scopeNote".split()}
PROPERTY_KINDS = {OWL + kind for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")}
CLASS_RELATIONS = {RDFS + "subClassOf", OWL + "disjointWith"}


Reason = Callable[[Iterable[ox.Triple]], owlready2.World]


def refused(triple: ox.Triple) -> str | None:
    """The datatype for which HermiT would abort on a triple, if there is one."""
    if isinstance(triple.object, ox.Literal) and triple.object.datatype.value not in OWL_DATATYPES:
        return triple.object.datatype.value
    is_range = triple.predicate.value == RDFS + "range" and triple.object.value.startswith(XSD)
    return triple.object.value if is_range and triple.object.value not in OWL_DATATYPES else None


def outside(iri: str) -> bool:
    return iri in REIFICATION or not iri.startswith(BUILT_IN)


def property_kind(iri: str, values: set[bool]) -> str:
    """The kind of a property: `values` holds True where it has literals and False where it has resources."""
    if iri in NOTES or len(values) != 1:
        return OWL + "AnnotationProperty"
    return OWL + ("DatatypeProperty" if values == {True} else "ObjectProperty")


def declarations(triples: list[ox.Triple]) -> list[ox.Triple]:
    """Classes and properties that the triples use without declaring them, declared by their use."""
    classes: set[str] = set()
    values: dict[str, set[bool]] = defaultdict(set)
    kinds: dict[str, str] = {}
    parents: list[tuple[str, str]] = []
    for t in triples:
        values[t.predicate.value].add(isinstance(t.object, ox.Literal))
        if t.predicate == TYPE and t.object.value in PROPERTY_KINDS:
            kinds[t.subject.value] = t.object.value
        elif t.predicate == TYPE:
            classes.add(t.object.value)
        elif t.predicate.value in CLASS_RELATIONS:
            classes |= {t.subject.value, t.object.value}
        elif t.predicate.value == RDFS + "subPropertyOf":
            parents.append((t.subject.value, t.object.value))
    declared = {t.subject.value for t in triples if t.predicate == TYPE and t.object.value == CLASS} | set(kinds)
    kinds |= {p: property_kind(p, v) for p, v in values.items() if p not in declared}
    for child, parent in parents:
        if parent not in kinds:
            kinds[parent] = kinds[child]
    found = [(iri, CLASS) for iri in sorted(classes - declared)]
    found += [(iri, kind) for iri, kind in sorted(kinds.items()) if iri not in declared]
    return [ox.Triple(ox.NamedNode(iri), TYPE, ox.NamedNode(kind)) for iri, kind in found if outside(iri)]


@pytest.fixture(scope="session")
def union(root: Path, report_lines: list[str]) -> list[ox.Triple]:
    """Ontology, data and derived triples as HermiT can read them."""
    quads = [quad for quad in assemble(root) if quad.graph_name.value != SHAPES]
    triples = list(dict.fromkeys(ox.Triple(q.subject, q.predicate, q.object) for q in quads))
    left_out = Counter(filter(None, map(refused, triples)))
    kept = [triple for triple in triples if refused(triple) is None]
    added = declarations(kept)
    counts = ", ".join(f"{count} of <{datatype}>" for datatype, count in sorted(left_out.items()))
    report_lines.append(
        f"reasoner: {len(kept)} triples and {len(added)} declarations of outside terms; "
        f"left out for their datatype: {counts or 'none'}"
    )
    return kept + added


@pytest.fixture
def reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reason:
    """A run of HermiT over triples; its temporary files go with the test."""
    if shutil.which(owlready2.JAVA_EXE) is None:
        pytest.skip("no Java for the reasoner: sh tests/install-java.sh")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def run(triples: Iterable[ox.Triple]) -> owlready2.World:
        world = owlready2.World()
        text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
        world.get_ontology(RG).load(fileobj=io.BytesIO(text))
        owlready2.sync_reasoner_hermit(world, debug=0)
        return world

    return run


def triple(subject: str, predicate: str, thing: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(thing))


def consistent(reason: Reason, triples: Iterable[ox.Triple]) -> bool:
    try:
        reason(triples)
    except owlready2.OwlReadyInconsistentOntologyError:
        return False
    return True


def test_ontology_and_whole_graph_are_consistent(reason: Reason, union: list[ox.Triple]) -> None:
    assert consistent(reason, union)


@pytest.mark.parametrize(
    ("predicate", "thing"),
    [
        pytest.param(TYPE.value, RG + "Place", id="stated type"),
        pytest.param(RG + "deepens", BASE + "initiative/any", id="domain of a parent property"),
    ],
)
def test_one_agency_in_a_disjoint_class_is_reported(
    reason: Reason, union: list[ox.Triple], predicate: str, thing: str
) -> None:
    agency = next(t.subject.value for t in union if t.predicate == TYPE and t.object.value == RG + "Agency")
    assert not consistent(reason, [*union, triple(agency, predicate, thing)])


def test_every_class_can_have_members(reason: Reason, union: list[ox.Triple]) -> None:
    world = reason(union)
    assert world[RG + "Agency"] in world.classes()
    assert list(world.inconsistent_classes()) == []


def test_a_class_below_two_disjoint_classes_is_found_empty(reason: Reason, union: list[ox.Triple]) -> None:
    station = RG + "AgencyThatIsAPlace"
    parents = [triple(station, RDFS + "subClassOf", RG + name) for name in ("Agency", "Place")]
    world = reason([*union, triple(station, TYPE.value, CLASS), *parents])
    assert world[station] in list(world.inconsistent_classes())
