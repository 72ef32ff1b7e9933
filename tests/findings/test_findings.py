"""The audit of the five reports against what a careful reader finds in their texts; every other row has a reason."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from reformgraph.assembly import assemble
from reformgraph.content import content_root
from reformgraph.engines.embedded import Embedded
from reformgraph.results import rows
from reformgraph.shacl.findings import finding_quads
from reformgraph.validation import validate

HERE = Path(__file__).parent
# Rule, document, start; S15 says which of the two is lacking. A report as a whole has no start.
Place = tuple[str, str, str]
PLACES = """PREFIX rg: <https://w3id.org/reformgraph/ns#> PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?finding ?start ?shape { ?finding a rg:Finding ; sh:focusNode ?focus ; sh:sourceShape ?shape .
  OPTIONAL { ?focus rg:firstEvidence/rg:start ?claimed } OPTIONAL { ?focus rg:start ?spanned }
  BIND(COALESCE(?claimed, ?spanned) AS ?start) }"""
README_ROWS = {
    "figures": "figure phrases",
    "periodTold": "period told",
    "changes": "changes",
    "baselineTold": "with a baseline told by date",
    "baselineInferred": "with a baseline inferred (S32)",
    "shares": "shares and rates",
    "sharesWithBase": "with a base told",
}
ORDER = ("826ec1811efe", "2d604a421b00", "dba2d35c16cf", "8e5756948ea1", "9fc155751619")


def table(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def engine() -> Iterator[Embedded]:
    root = content_root()
    store = assemble(root)
    store.extend(list(finding_quads(validate(store, root))))
    with Embedded.from_store(store) as engine:
        yield engine


def ask(engine: Embedded, text: str) -> list[dict[str, Any]]:
    found = engine.query(text)
    assert isinstance(found, ox.QuerySolutions)
    return rows(found)


def canned(engine: Embedded, name: str) -> list[dict[str, Any]]:
    return ask(engine, (content_root() / "queries" / f"{name}.rq").read_text("utf-8"))


def found(engine: Embedded) -> set[Place]:
    """The places of the findings of the audit."""
    places = {row["finding"]: row for row in ask(engine, PLACES)}
    return {
        (rule_of(row["rule"], places[row["finding"]]["shape"]), row["document"], text_of(places[row["finding"]]))
        for row in canned(engine, "findings")
    }


def rule_of(rule: str, shape: str) -> str:
    return rule + (" no baseline" if shape.endswith("baseline") else " no period") if rule == "S15" else rule


def text_of(place: dict[str, Any]) -> str:
    return "" if place["start"] is None else str(place["start"])


def expected() -> dict[Place, str]:
    """The places that a reader found in the texts, and the notes."""
    return {
        (
            row["rule"] + (" no baseline" if "no baseline" in row["note"] else " no period") * (row["rule"] == "S15"),
            row["document"],
            "" if row["rule"] == "S17" else row["start"],
        ): row["note"]
        for row in table("expected.tsv")
    }


def differences() -> dict[Place, str]:
    return {(row["rule"], row["document"], row["start"]): row["reason"] for row in table("differences.tsv")}


def test_every_row_is_found_or_has_a_reason(engine: Embedded, report_lines: list[str]) -> None:
    wanted, got = expected(), found(engine)
    for rule in sorted({place[0] for place in wanted}, key=lambda rule: (int(rule[1:3]), rule)):
        counts = [sum(place[0] == rule for place in places) for places in (wanted, wanted.keys() & got, got)]
        report_lines.append(f"findings {rule}: {counts[0]} expected, {counts[1]} of them found, {counts[2]} found")
    assert sorted(wanted.keys() - got - differences().keys()) == []


def test_nothing_else_is_found_without_a_reason(engine: Embedded) -> None:
    assert sorted(found(engine) - expected().keys() - differences().keys()) == []


def test_no_reason_is_left_over(engine: Embedded) -> None:
    differ = found(engine) ^ expected().keys()
    assert {place: reason for place, reason in differences().items() if place not in differ or not reason} == {}


def test_only_rows_of_doubt_are_missed_and_few_rows_differ(engine: Embedded) -> None:
    wanted, got = expected(), found(engine)
    assert [place for place in wanted.keys() - got if not wanted[place].startswith("doubt:")] == []
    assert len(differences()) <= len(wanted) / 10


def test_findings_are_of_the_severity_that_the_reader_gave_them(engine: Embedded) -> None:
    told = {(row["rule"], row["severity"]) for row in table("expected.tsv")}
    assert {(row["rule"], row["severity"]) for row in canned(engine, "findings")} - told == set()


def test_the_arithmetic_of_a_sum_and_a_copy_is_that_of_the_reader(engine: Embedded) -> None:
    told = {row["rule"]: row["arithmetic"] for row in canned(engine, "findings") if row["rule"] in ("S18", "S37")}
    assert told == {row["rule"]: row["arithmetic"] for row in table("expected.tsv") if row["rule"] in ("S18", "S37")}


def test_the_shares_are_those_that_the_reader_counted(engine: Embedded) -> None:
    text = (HERE / "README.md").read_text("utf-8")
    lines = {cells[0].strip(): cells[1:6] for cells in (line[2:].split("|") for line in text.splitlines())}
    shares = {row["document"]: row for row in canned(engine, "audit-shares")}
    for column, line in README_ROWS.items():
        assert [shares[key][column] for key in ORDER] == [int(cell) for cell in lines[line]], column


def test_the_summary_counts_every_finding_once(engine: Embedded) -> None:
    counted = Counter((row["document"], row["rule"]) for row in canned(engine, "findings"))
    summed: Counter[tuple[str, str]] = Counter()
    for row in canned(engine, "audit-summary"):
        summed[row["document"], row["rule"]] += row["findings"]
    assert summed == counted


def test_no_finding_calls_a_figure_false(engine: Embedded) -> None:
    said = [row[column] for row in canned(engine, "findings") for column in ("messageZh", "messageEn")]
    assert [text for text in said if re.search(r"\b(false|wrong|lie|fake)\b|虚假|造假|错误", text)] == []
