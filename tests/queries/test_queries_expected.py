"""Canned queries over the real graph give what a reader of the five texts expects; each other row has a reason.

The expected rows are those of the forty questions where one asks the same, else `expected/<query>.tsv`, read from the
texts (and, for counts, from the second readings). Columns that an expected table has and the query has not are skipped.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from reformgraph.assembly import assemble
from reformgraph.content import content_root
from reformgraph.engines.embedded import Embedded
from reformgraph.namespaces import BASE, compact
from reformgraph.queries import Catalogue, QueryService
from reformgraph.results import rows

HERE = Path(__file__).parent
QUESTIONS = HERE.parent / "questions"


@dataclass(frozen=True)
class Case:
    """A canned query, how it is asked, where its expected rows stand, and names of columns that differ there."""

    query: str
    asked: dict[str, list[str]] = field(default_factory=dict)
    question: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    whole: bool = False

    @property
    def path(self) -> Path:
        return QUESTIONS / f"{self.question}.expected.tsv" if self.question else HERE / "expected" / f"{self.query}.tsv"


CASES = [
    Case("documents", columns={"place": "area"}, whole=True),
    Case("systems-by-city", {"place": ["大连市"]}, "07-systems-of-city", whole=True),
    Case("awards", question="09-awards"),
    Case("coverage", {"min_agencies": ["2"]}),
    Case("vagueness", {"document": ["826ec1811efe"]}),
    Case("vaguest-reports", whole=True),
    Case("firsts-and-onlys", question="37-first-or-only"),
    Case("sources-and-voices", {"origin": ["outside-source"]}, "23-outside-sources"),
    Case("sources-and-voices", {"agency": ["大连市公安局"], "origin": ["agency-alone"]}, "24-told-by-agency-alone"),
    Case("sources-and-voices", {"voice": ["oversight"], "origin": ["traced-to-agency"]}, "35-traced-to-bureau"),
    Case("ranks", {"place": ["攀枝花市"]}, "20-ranks", {"from": "periodStart", "to": "periodEnd"}, whole=True),
    Case(
        "figures-without-period",
        {"document": ["826ec1811efe"], "status": ["absent"]},
        "31-figures-without-period",
        whole=True,
    ),
    Case("evidence-matrix", {"agency": ["通化市公安局"]}),
    Case("hierarchy", {"agency": ["攀枝花市公安局"]}, "03-agencies-under", whole=True),
    Case("rules-and-plans", {"place": ["鄂尔多斯市"]}, "08-rules-and-issuers", whole=True),
    Case("events", {"place": ["通化市", "鄂尔多斯市"]}, "27-campaigns-and-cases"),
    Case("facilities", {"document": ["9fc155751619"]}, "11-facilities-built"),
    Case("office-holders", {"on": ["2009-12-15"]}, "10-office-holders-on-day", whole=True),
    Case("problems-and-recommendations", {"status": ["paired"]}, "21-problems-admitted", whole=True),
    Case("not-answered", {"metric": ["public-safety-sense-rate", "conduct-satisfaction-rank"]}, "40-why-no-answer"),
    Case(
        "derived-from",
        {"observation": ["2d604a421b00-1043-1046", "826ec1811efe-1703-1709", "9fc155751619-627-632"]},
        "38-changed-by-correction",
        {"corrected": "observation", "affected": "metric"},
    ),
    Case(
        "wordings",
        {"thing": ["执法规范化建设"]},
        "33-wording-of-component",
        {"component": "thing", "place": "area"},
        whole=True,
    ),
    Case("initiative-timeline", {"initiative": ["三项建设"]}, "25-initiative-timeline"),
]


@pytest.fixture(scope="module")
def service() -> QueryService:
    root = content_root()
    return QueryService(Embedded.from_store(assemble(root)), Catalogue.read(root / "queries"), "r" * 64)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def cell(value: Any) -> str:
    """A value as the expected tables write it: CURIEs, plain numbers, empty for absent."""
    if value is None:
        return ""
    if isinstance(value, str):
        return compact(value) if value.startswith((BASE, "http")) else value
    return f"{Decimal(str(value)).normalize():f}"


def compared(case: Case, service: QueryService) -> tuple[set[str], set[str]]:
    """The expected rows and those found, over the columns that both have, as texts joined by bars."""
    found = service.run(service.ask(case.query, case.asked))
    assert isinstance(found, ox.QuerySolutions)
    expected, given = table(case.path), rows(found)
    shared = {name: case.columns.get(name, name) for name in expected[0]}
    shared = {name: column for name, column in shared.items() if column in service.catalogue.get(case.query).columns}
    assert len(shared) > 1
    return (
        {"|".join(row[name] for name in shared) for row in expected},
        {"|".join(cell(row.get(column)) for column in shared.values()) for row in given},
    )


def reasons(case: Case) -> dict[tuple[str, str], str]:
    """The recorded differences of one case: (side, row) -> reason."""
    name = case.question or case.query
    found = table(HERE / "expected" / "differences.tsv")
    return {(row["side"], row["row"]): row["reason"] for row in found if row["case"] == f"{case.query} {name}"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.query}-{case.question[:2]}")
def test_a_query_gives_what_the_texts_tell(case: Case, service: QueryService) -> None:
    expected, given = compared(case, service)
    open_ = {("texts", row) for row in expected - given}
    if case.whole:
        open_ |= {("graph", row) for row in given - expected}
    known = reasons(case)
    assert open_ - known.keys() == set(), "mend the graph or the query, or record the reason in differences.tsv"
    assert known.keys() - open_ == set(), "these reasons are no longer needed"
    assert all(known.values())


def test_every_query_that_has_an_expected_table_is_compared() -> None:
    assert {path.stem for path in (HERE / "expected").glob("*.tsv")} - {"differences"} == {
        case.query for case in CASES if not case.question
    }
