"""The fast lane finds what pyshacl finds, on every golden case; so does asking for some focus nodes only."""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pytest
from cases import CASES, Case

from reformgraph.content import content_root
from reformgraph.namespaces import SH
from reformgraph.shacl.chunks import Cutter, check_chunk, groups
from reformgraph.shacl.coreshapes import CoreShapes
from reformgraph.shacl.fastlane import core_findings
from reformgraph.shacl.messages import Messages
from reformgraph.shacl.reference import reference_parts
from reformgraph.validation import Report, read_shapes, sparql_results

SHAPES = read_shapes(content_root())
COMPILED = CoreShapes.read(SHAPES)
TEXT = ox.serialize({quad.triple for quad in SHAPES}, format=ox.RdfFormat.N_TRIPLES) or b""
Validated = Callable[[Case], tuple[ox.Store, Report]]
Parts = set[tuple[str, ...]]
LARGE = [case for case in CASES if len(case.triples()) > 40]  # of more than one chunk
_COMPARED = ("focusNode", "resultPath", "sourceConstraintComponent", "resultSeverity", "sourceShape")


def told(parts: dict[str, str]) -> tuple[str, ...]:
    """What two engines must agree on; rdflib writes values its own way (40 as 40.0)."""
    return tuple(parts.get(name, "") for name in _COMPARED)


def fast(store: ox.Store) -> Parts:
    return {told(found.parts()) for found in core_findings(store, COMPILED)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_fast_lane_and_pyshacl_agree(case: Case, validated: Validated) -> None:
    store, _ = validated(case)
    assert fast(store) == {told(parts) for parts in reference_parts(store, SHAPES)}


def test_the_cases_exercise_every_core_component_that_the_shapes_use(validated: Validated) -> None:
    fired = {row[2].removeprefix(SH) for case in CASES for row in fast(validated(case)[0])}
    assert fired >= {
        "ClassConstraintComponent",
        "DatatypeConstraintComponent",
        "LanguageInConstraintComponent",
        "MaxCountConstraintComponent",
        "MaxLengthConstraintComponent",
        "MinCountConstraintComponent",
        "MinInclusiveConstraintComponent",
        "MinLengthConstraintComponent",
        "NodeKindConstraintComponent",
        "OrConstraintComponent",
        "PatternConstraintComponent",
        "QualifiedMaxCountConstraintComponent",
        "QualifiedMinCountConstraintComponent",
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_selects_for_some_focus_nodes_find_what_selects_for_all_find(case: Case, validated: Validated) -> None:
    store, _ = validated(case)
    messages = Messages(store, SHAPES)
    nodes = {quad.subject for quad in store if isinstance(quad.subject, ox.NamedNode)}
    assert set(sparql_results(store, SHAPES, messages, nodes)) == set(sparql_results(store, SHAPES, messages))


@pytest.mark.parametrize("case", LARGE[::10], ids=lambda case: case.id)
def test_chunks_of_a_few_nodes_find_what_the_whole_finds(case: Case, validated: Validated) -> None:
    store, _ = validated(case)
    cutter = Cutter(store, COMPILED.inverse)
    chunks = [cutter.cut(group) for group in groups(store, 5)]
    found = {told(parts) for chunk in chunks for parts in check_chunk(cutter.context(), TEXT, chunk)}
    assert found == fast(store)
