"""The graph answers the forty questions as the texts do; every other row has a recorded reason."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from reformgraph.assembly import assemble
from reformgraph.content import content_root
from reformgraph.engines.embedded import Embedded
from reformgraph.namespaces import BASE, compact

HERE = Path(__file__).parent
QUESTIONS = sorted(path.name.removesuffix(".expected.tsv") for path in HERE.glob("*.expected.tsv"))


@pytest.fixture(scope="module")
def engine() -> Embedded:
    return Embedded.from_store(assemble(content_root()))


def table(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    return header, rows


def cell(term: ox.NamedNode | ox.BlankNode | ox.Literal | None) -> str:
    """A term as the expected tables write it: CURIEs, document keys, bare code words, plain numbers."""
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return term.value.removeprefix(BASE + "doc/") if term.value.startswith(BASE + "doc/") else compact(term.value)
    text = str(term.value)
    numeric = isinstance(term, ox.Literal) and term.datatype.value.endswith(("#integer", "#decimal"))
    return f"{Decimal(text).normalize():f}" if numeric else text


def answers(engine: Embedded, name: str, columns: list[str]) -> set[tuple[str, ...]]:
    found = engine.query((HERE / f"{name}.rq").read_text("utf-8"))
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    assert set(columns) <= set(names), f"{name}.rq lacks {set(columns) - set(names)}"
    return {tuple(cell(solution[column]) for column in columns) for solution in found}


def reasons(name: str) -> dict[tuple[str, str], str]:
    _, rows = table(HERE / "differences.tsv")
    return {(side, row): reason for question, side, row, reason in rows if question == name}


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_graph_gives_the_rows_that_the_texts_give(name: str, engine: Embedded) -> None:
    columns, rows = table(HERE / f"{name}.expected.tsv")
    if columns == ["status", "reason"]:
        columns, rows = [], []
        found = engine.query((HERE / f"{name}.rq").read_text("utf-8"))
        assert isinstance(found, ox.QuerySolutions)
        assert list(found) == []
        return
    expected, given = {tuple(row) for row in rows}, answers(engine, name, columns)
    open_ = {("texts", "|".join(row)) for row in expected - given} | {
        ("graph", "|".join(row)) for row in given - expected
    }
    known = reasons(name)
    assert open_ - known.keys() == set(), "mend the graph or the query, or record the reason in differences.tsv"
    assert known.keys() - open_ == set(), "these reasons are no longer needed"
    assert all(known.values())


def test_most_rows_agree() -> None:
    _, differing = table(HERE / "differences.tsv")
    total = sum(len(table(HERE / f"{name}.expected.tsv")[1]) for name in QUESTIONS)
    assert sum(side == "texts" for _, side, _, _ in differing) < total / 4
