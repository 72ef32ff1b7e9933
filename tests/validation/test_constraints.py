"""What each constraint component of SHACL Core says about a value; pyshacl says the same."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from reformgraph.shacl.constraints import UnsupportedShapeError
from reformgraph.shacl.coreshapes import CoreShapes
from reformgraph.shacl.fastlane import core_findings
from reformgraph.shacl.reference import reference_parts

PREFIXES = """
PREFIX ex: <https://example.org/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
VALUES = (
    '"axb"',
    '"x"', '"一二三四"', '"𠮷野家"', '"zh"@zh', '"hans"@zh-Hans', '"en"@EN', "1", "-1", "1.5", "2e0", "true",
    '"maybe"^^xsd:boolean', '"no"^^xsd:integer', '"1e3"^^xsd:decimal', '"2009-12-31"^^xsd:date',
    '"2009-02-30"^^xsd:date', '"2009-13-01"^^xsd:date', '"2009"^^xsd:gYear', "ex:thing", "ex:other", "_:b",
    '"a\\nb"', '"abc"^^ex:own', '"2010-01"^^xsd:gYearMonth',
)  # fmt: skip
CONSTRAINTS = (
    "sh:class ex:Thing", "sh:class ex:Above", "sh:datatype xsd:string", "sh:datatype xsd:integer", "sh:datatype xsd:decimal",
    "sh:datatype xsd:boolean", "sh:datatype xsd:date", "sh:datatype xsd:gYear", "sh:datatype ex:own", "sh:nodeKind sh:IRI",
    "sh:nodeKind sh:Literal", "sh:nodeKind sh:BlankNode", "sh:nodeKind sh:BlankNodeOrIRI", "sh:nodeKind sh:IRIOrLiteral",
    "sh:minCount 1", "sh:minCount 2", "sh:maxCount 0", "sh:maxCount 1", "sh:minInclusive 1", "sh:minExclusive 1",
    "sh:maxInclusive 1.5", "sh:maxExclusive 1.5", 'sh:minInclusive "2009-12-31"^^xsd:date', "sh:minLength 4", "sh:maxLength 3",
    'sh:pattern "^a.b$"', 'sh:pattern "^X$" ; sh:flags "i"', 'sh:languageIn ( "zh" )', 'sh:languageIn ( "en" "zh" )',
    'sh:in ( "x" 1 ex:thing )', "sh:hasValue ex:thing", "sh:or ( [ sh:datatype xsd:integer ] [ sh:nodeKind sh:IRI ] )",
    "sh:and ( [ sh:nodeKind sh:IRI ] [ sh:class ex:Thing ] )", "sh:xone ( [ sh:nodeKind sh:IRI ] [ sh:class ex:Thing ] )",
    "sh:not [ sh:nodeKind sh:IRI ]", "sh:node [ sh:nodeKind sh:IRI ]",
    "sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ; sh:qualifiedMinCount 1",
    "sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] ; sh:qualifiedMaxCount 0",
)  # fmt: skip
TYPES = "ex:thing a ex:Thing . ex:Thing rdfs:subClassOf ex:Above . ex:focus a ex:Target ."


def stored(text: str) -> ox.Store:
    store = ox.Store()
    store.load(PREFIXES + text, format=ox.RdfFormat.TURTLE)
    return store


def shapes(constraint: str, path: str = "ex:p") -> ox.Store:
    return stored(
        f"ex:s a sh:NodeShape ; sh:targetClass ex:Target ; sh:property ex:s-p . ex:s-p sh:path {path} ; {constraint} ."
    )


def both(data: ox.Store, asked: ox.Store) -> tuple[list[str], list[str]]:
    """The component of each result, by the fast lane and by pyshacl."""
    fast = [found.component for found in core_findings(data, CoreShapes.read(asked))]
    slow = [parts["sourceConstraintComponent"].rpartition("#")[2] for parts in reference_parts(data, asked)]
    return sorted(fast), sorted(slow)


NUMBERS = ("1", "-1", "1.5", "2e0")
DAYS = tuple(value for value in VALUES if value.endswith("xsd:date"))
COMPARING = [
    constraint for constraint in CONSTRAINTS if constraint.startswith(("sh:minIn", "sh:minEx", "sh:maxIn", "sh:maxEx"))
]


def comparable(constraint: str) -> tuple[str, ...]:
    return DAYS if "xsd:date" in constraint else NUMBERS


def judged_wrongly(constraint: str, value: str) -> bool:
    """Whether pyshacl departs from the specification: it orders unlike types, and takes 1e3 for a decimal."""
    unlike = constraint in COMPARING and value not in comparable(constraint)
    return unlike or value == '"1e3"^^xsd:decimal'


@pytest.mark.parametrize("constraint", COMPARING)
def test_values_of_unlike_types_do_not_compare_and_so_offend(constraint: str) -> None:
    compiled = CoreShapes.read(shapes(constraint))
    for value in set(VALUES) - set(comparable(constraint)):
        assert len(list(core_findings(stored(f"{TYPES} ex:focus ex:p {value} ."), compiled))) == 1, value


def test_a_decimal_has_no_exponent() -> None:
    data = stored(f'{TYPES} ex:focus ex:p "1e3"^^xsd:decimal .')
    (found,) = core_findings(data, CoreShapes.read(shapes("sh:datatype xsd:decimal")))
    assert found.component == "DatatypeConstraintComponent"


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_each_value_is_judged_as_pyshacl_judges_it(constraint: str) -> None:
    asked = shapes(constraint)
    for value in VALUES:
        if judged_wrongly(constraint, value):
            continue
        fast, slow = both(stored(f"{TYPES} ex:focus ex:p {value} ."), asked)
        assert fast == slow, value


def test_every_constraint_above_is_broken_and_kept_by_some_value() -> None:
    for constraint in set(CONSTRAINTS) - {"sh:minCount 1", "sh:maxCount 1", "sh:minCount 2", "sh:maxCount 0"}:
        counts = {len(both(stored(f"{TYPES} ex:focus ex:p {value} ."), shapes(constraint))[0]) for value in VALUES}
        assert counts == {0, 1}, constraint


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("[ sh:inversePath ex:p ]", "ex:a ex:p ex:focus . ex:b ex:p ex:focus ."),
        ("( ex:p ex:q )", "ex:focus ex:p ex:a , ex:b . ex:a ex:q 1 . ex:b ex:q 2 ."),
        ("ex:p", "GRAPH ex:one { ex:focus ex:p 1 } GRAPH ex:two { ex:focus ex:p 1 }"),
    ],
)
def test_paths_count_distinct_values_over_all_graphs(path: str, data: str) -> None:
    store = ox.Store()
    text = data if data.startswith("GRAPH") else f"{{ {data} }}"
    store.load(f"{PREFIXES} {{ {TYPES} }} {text}", format=ox.RdfFormat.TRIG)
    fast, slow = both(store, shapes("sh:maxCount 1", path))
    assert fast == slow == ([] if path == "ex:p" else ["MaxCountConstraintComponent"])


def test_several_results_of_one_shape_are_all_told() -> None:
    fast, slow = both(stored(f"{TYPES} ex:focus ex:p 1 , 2 , ex:a ."), shapes("sh:datatype xsd:string ; sh:maxCount 2"))
    assert fast == slow == ["DatatypeConstraintComponent"] * 3 + ["MaxCountConstraintComponent"]


def test_a_deactivated_shape_finds_nothing() -> None:
    assert both(stored(TYPES), shapes("sh:minCount 1 ; sh:deactivated true")) == ([], [])


def test_subjects_of_a_property_are_targets() -> None:
    asked = stored("ex:s sh:targetSubjectsOf ex:p ; sh:nodeKind sh:BlankNode .")
    assert both(stored("ex:a ex:p 1 . ex:b ex:q 1 ."), asked) == (["NodeKindConstraintComponent"],) * 2


@pytest.mark.parametrize(
    "shape",
    [
        "sh:lessThan ex:q",
        "sh:equals ex:q",
        "sh:datatype xsd:hexBinary",
        'sh:minInclusive "x"',
        'sh:pattern "x" ; sh:flags "q"',
        "sh:node ex:s",
    ],
)
def test_what_is_not_built_is_refused_and_never_left_out(shape: str) -> None:
    with pytest.raises(UnsupportedShapeError):
        CoreShapes.read(shapes(shape))


def test_a_path_that_repeats_is_refused() -> None:
    with pytest.raises(UnsupportedShapeError, match="path"):
        CoreShapes.read(shapes("sh:minCount 1", "[ sh:zeroOrMorePath ex:p ]"))
