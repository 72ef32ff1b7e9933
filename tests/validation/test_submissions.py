"""What a submission brings about on top of our graph, and that nothing of it stays."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from reformgraph.assembly import assemble
from reformgraph.errors import DataRefusedError, DataSyntaxError, UnsupportedSyntaxError
from reformgraph.namespaces import RGS, VALIDATION
from reformgraph.rules import read_rules
from reformgraph.shacl.findings import finding_quads
from reformgraph.shacl.submissions import Ground
from reformgraph.shacl.submitted import read, syntax
from reformgraph.validation import Report, read_shapes, validate


@pytest.fixture(scope="module")
def ground(tiny_root: Path) -> Ground:
    store = assemble(tiny_root)
    store.extend(list(finding_quads(validate(store, tiny_root))))
    return Ground.of(store, read_rules(tiny_root / "queries" / "rules"))


@pytest.fixture(scope="module")
def shapes(tiny_root: Path) -> ox.Store:
    return read_shapes(tiny_root)


def tiny(root: Path, name: str) -> str:
    return (root / "data" / "ttl" / "reports" / f"{name}.ttl").read_text("utf-8")


def severe(report: Report) -> set[str]:
    return {result.shape.removeprefix(RGS) for result in report.results if result.severity == "Violation"}


def test_nothing_of_a_submission_stays(ground: Ground, shapes: ox.Store, tiny_root: Path) -> None:
    before = set(ground.store), set(ground.context)
    ground.check([read(tiny(tiny_root, "a").replace("d84aa6210c2f", "0123456789ab").encode(), "ttl")], shapes)
    ground.check([read(tiny(tiny_root, "a").encode(), "ttl")], shapes)
    assert (set(ground.store), set(ground.context)) == before


def test_the_whole_graph_with_a_report_finds_what_the_submission_finds(
    shapes: ox.Store, tiny_root: Path, tmp_path: Path
) -> None:
    """The long way: all files read with the report, all rules run, all shapes asked, and the old findings taken off."""
    report = tiny(tiny_root, "a").replace("d84aa6210c2f", "0123456789ab").replace("rg:value 92.5", "rg:value 192.5")
    (tmp_path / "new.ttl").write_text(report, "utf-8")
    known = validate(assemble(tiny_root), tiny_root)
    whole = validate(assemble(tiny_root, [tmp_path / "new.ttl"]), tiny_root).without(
        frozenset(r.iri for r in known.results)
    )
    store = assemble(tiny_root)
    store.extend(list(finding_quads(known)))
    ground = Ground.of(store, read_rules(tiny_root / "queries" / "rules"))
    quick = ground.check([read(report.encode(), "ttl")], shapes)
    assert "Observation-shareRange" in severe(quick)
    assert set(quick.results) == set(whole.results)


def test_a_report_of_ours_gives_way_to_the_one_submitted(ground: Ground, shapes: ox.Store, tiny_root: Path) -> None:
    changed = tiny(tiny_root, "a").replace("rg:value 92.5", "rg:value 93.5")
    assert severe(ground.check([read(changed.encode(), "ttl")], shapes)) == set()


def test_findings_about_what_is_submitted_are_told_though_we_knew_them(
    ground: Ground, shapes: ox.Store, tiny_root: Path
) -> None:
    submitted = ground.check([read(tiny(tiny_root, "a").encode(), "ttl")], shapes)
    assert ground.known & {result.iri for result in submitted.results}


def test_a_second_label_for_a_thing_of_ours_is_told(ground: Ground, shapes: ox.Store) -> None:
    store = ground.store
    agency = next(q.subject for q in store if q.object == ox.NamedNode("https://w3id.org/reformgraph/ns#Agency"))
    body = f'{agency} <http://www.w3.org/2004/02/skos/core#prefLabel> "another"@en .'
    found = ground.check([read(body.encode(), "nt")], shapes)
    assert {(result.focus, result.shape) for result in found.results} == {(agency.value, RGS + "Labelled-en")}  # type: ignore[union-attr]


def test_graphs_named_in_a_submission_cannot_stand_for_ours(ground: Ground, shapes: ox.Store) -> None:
    finding = "<https://w3id.org/reformgraph/finding/x> a <https://w3id.org/reformgraph/ns#Finding> ."
    report = ground.check([read(f"<{VALIDATION}> {{ {finding} }}".encode(), "trig")], shapes)
    assert report.results == ()


@pytest.mark.parametrize(("name", "suffix"), [("text/turtle", "ttl"), ("NQ", "nq"), ("application/ld+json", "jsonld")])
def test_syntaxes_have_names(name: str, suffix: str) -> None:
    assert syntax(name) == suffix


@pytest.mark.parametrize("name", ["", "application/rdf+xml", "rdf", "text/html", "xlsx"])
def test_other_syntaxes_are_unsupported(name: str) -> None:
    with pytest.raises(UnsupportedSyntaxError):
        syntax(name)


def test_a_byte_order_mark_is_no_character() -> None:
    assert len(read(b"\xef\xbb\xbf<https://a/b> <https://a/c> 1 .", "ttl")) == 1


def test_errors_have_places() -> None:
    with pytest.raises(DataSyntaxError) as told:
        read(b"<https://a/b>\n<https://a/c> ?x", "ttl", "a.ttl")
    assert (told.value.source, told.value.line) == ("a.ttl", 2)
    assert "Parser error" not in told.value.reason


@pytest.mark.parametrize(
    ("data", "suffix", "reason"),
    [
        (b'{"@context": "https://example.org/c", "@id": "https://a/b"}', "jsonld", "nothing is fetched"),
        (b"<https://a/b> <https://a/c> <<( <https://a/b> <https://a/c> 1 )>> .", "ttl", "triple terms"),
    ],
)
def test_what_is_not_read_is_refused_with_a_reason(data: bytes, suffix: str, reason: str) -> None:
    with pytest.raises(DataRefusedError, match=reason):
        read(data, suffix)
