"""Faults of the graph as a whole are named with their subject, and found in the files by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from reformgraph.assembly import assemble
from reformgraph.content import content_root
from reformgraph.evidence import locate, verify
from reformgraph.integrity import integrity_faults
from reformgraph.release import ReleaseError, build
from reformgraph.texts import Texts
from tiny_graph import copy_tiny

FAULTS = {
    "an undefined term": (
        "rg:modality code:modality-planned",
        "rg:modalty code:modality-planned",
        "rg:modalty is no term",
    ),
    "an undefined class": ("a rg:RelationClaim", "a rg:RelationClam", "rg:RelationClam is no term"),
    "a dangling thing": (
        "rg:metric metric:computers ;",
        "rg:metric metric:komputers ;",
        "metric:komputers leads nowhere",
    ),
    "an unknown code": ("code:bound-over", "code:bound-above", "code:bound-above leads nowhere"),
}
DUPLICATE = """
obs:{obs}.2
    a rg:Observation ;
    rg:metric metric:computers ;
    rg:value 4200 ;
    rg:measureKind code:measure-level ;
    rg:evidence span:{obs} ;
    sdmx-dimension:refArea place:hewan-shi ;
.
"""


def changed(tmp_path: Path, old: str, new: str) -> Path:
    root = copy_tiny(tmp_path / "root")
    path = root / "data" / "ttl" / "reports" / "a.ttl"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return root


def test_the_graph_is_whole() -> None:
    assert integrity_faults(assemble(content_root())) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_its_subject_and_place(tmp_path: Path, fault: str) -> None:
    old, new, reason = FAULTS[fault]
    root = changed(tmp_path, old, new)
    found = [f for f in integrity_faults(assemble(root)) if reason in f.reason]
    assert found
    place = locate(root, found[0].iri)
    assert place is not None
    assert place[0].name == "a.ttl"
    assert place[1] > 1


def test_a_duplicate_observation_is_named(tmp_path: Path) -> None:
    root = copy_tiny(tmp_path / "root")
    path = root / "data" / "ttl" / "reports" / "a.ttl"
    text = path.read_text("utf-8")
    line = next(
        line
        for line in text.splitlines()
        if line.startswith("obs:") and "metric:computers ;" in text.split(line)[1][:120]
    )
    path.write_text(text + DUPLICATE.format(obs=line.removeprefix("obs:")), "utf-8")
    assert any("says the same as" in fault.reason for fault in integrity_faults(assemble(root)))


def test_a_graph_that_is_not_whole_is_not_built(tmp_path: Path) -> None:
    root = changed(tmp_path, "rg:metric metric:computers ;", "rg:metric metric:komputers ;")
    with pytest.raises(ReleaseError, match="komputers leads nowhere"):
        build(root, tmp_path / "home")


def test_a_span_and_a_value_that_do_not_fit_the_text_are_told_with_both_values(tmp_path: Path) -> None:
    texts = Texts.read(Path(__file__).parent / "fixtures" / "tiny")
    span = verify(
        assemble(changed(tmp_path / "a", 'rg:exact "4200余台"', 'rg:exact "4300余台"')), texts, content_root()
    )
    assert any("'4300余台' is not at" in str(fault) for fault in span.faults)
    value = verify(assemble(changed(tmp_path / "b", "rg:value 4200 ", "rg:value 4201 ")), texts, content_root())
    assert any("reads as 4200, but 4201 is stored" in str(fault) for fault in value.faults)
