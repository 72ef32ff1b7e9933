"""The graph against the second readings: every difference has a recorded reason, and no reason is left over."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from agreement import FIELDS, Difference, differences, read_first, read_second

from reformgraph.assembly import assemble
from reformgraph.content import content_root
from reformgraph.engines.embedded import Embedded
from reformgraph.results import rows

HERE = Path(__file__).parent
KEYS = sorted(path.stem for path in HERE.glob("????????????.tsv"))


@pytest.fixture(scope="module")
def compared() -> tuple[list[Difference], dict[str, Counter[str]]]:
    root = content_root()
    found = Embedded.from_store(assemble(root)).query((root / "queries" / "observations.rq").read_text("utf-8"))
    assert isinstance(found, ox.QuerySolutions)
    table = rows(found)
    all_, agreed = [], {}
    for key in KEYS:
        second = read_second(HERE / f"{key}.tsv")
        some, agreed[key] = differences(key, read_first(table, key), second)
        agreed[key] |= Counter(graph=len(read_first(table, key)), reading=len(second))
        all_ += some
    return all_, agreed


def reasons() -> dict[tuple[str, str, str], str]:
    with (HERE / "differences.tsv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file, delimiter="\t"))
    return {(row["key"], row["figure"], row["field"]): row["reason"] for row in table}


def test_each_report_was_read_twice() -> None:
    assert len(KEYS) == 5


def test_every_difference_has_a_reason(compared: tuple[list[Difference], dict[str, Counter[str]]]) -> None:
    known = reasons()
    open_ = [d for d in compared[0] if not known.get((d.key, d.figure, d.field))]
    assert open_ == [], "correct the graph, or record the reason in differences.tsv"


def test_no_reason_is_left_over(compared: tuple[list[Difference], dict[str, Counter[str]]]) -> None:
    assert reasons().keys() - {(d.key, d.figure, d.field) for d in compared[0]} == set()


def test_the_readings_agree_in_what_the_words_say(
    compared: tuple[list[Difference], dict[str, Counter[str]]], report_lines: list[str]
) -> None:
    total: Counter[str] = sum(compared[1].values(), Counter())
    report_lines.append("agreement of the graph with the second readings:")
    for key, counts in compared[1].items():
        report_lines.append(f"  {key}: graph {counts['graph']}, reading {counts['reading']}, both {counts['both']}")
    report_lines += [f"  {field}: {total[field]} of {total['both']}" for field in ("span", *FIELDS)]
    for field in ("value", "unit", "kind", "modality"):
        assert total[field] == total["both"], field
