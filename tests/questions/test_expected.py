"""The expected answers of the forty questions: every file is there, and every quotation stands in its text."""

from __future__ import annotations

import csv
import hashlib
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LONGEST = 30
SLUGS = re.findall(r"^\| (\d\d) \| `([a-z-]+)` \|", (HERE / "README.md").read_text("utf-8"), re.MULTILINE)
NAMES = [f"{number}-{slug}.expected.tsv" for number, slug in SLUGS]


def table(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def quotations(row: dict[str, str]) -> list[tuple[str, str]]:
    """The (start, words) pairs of a row: `start` with `exact`, and each `<x>Start` with `<x>Exact`."""
    pairs = [("start", "exact")] + [(key, f"{key[:-5]}Exact") for key in row if key.endswith("Start")]
    return [(row[start], row[exact]) for start, exact in pairs if exact in row]


@pytest.fixture(scope="module")
def texts(sources: Path) -> dict[str, str]:
    read = [path.read_bytes() for path in sources.glob("*.txt")]
    return {hashlib.sha256(data).hexdigest()[:12]: data.decode("utf-8") for data in read}


def test_the_table_names_forty_questions_and_each_file() -> None:
    assert [int(number) for number, _ in SLUGS] == list(range(1, 41))
    assert {path.name for path in HERE.glob("*.expected.tsv")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_has_rows_as_wide_as_its_header_in_order(name: str) -> None:
    header, *lines = [line.split("\t") for line in (HERE / name).read_text("utf-8").splitlines()]
    assert lines
    assert {len(line) for line in lines} == {len(header)}
    assert lines == sorted(lines)
    assert {"document", "start", "exact"} <= set(header) or header == ["status", "reason"]


@pytest.mark.parametrize("name", NAMES)
def test_every_quotation_stands_at_its_offset(name: str, texts: dict[str, str]) -> None:
    for row in table(name):
        for start, words in quotations(row):
            assert bool(start) == bool(words), row
            assert len(words) <= LONGEST, row
            assert not start or texts[row["document"]][int(start) :].startswith(words), row


def test_the_context_of_a_figure_stands_on_both_sides(texts: dict[str, str]) -> None:
    for row in table("12-sentence-behind-figure.expected.tsv"):
        text, start, end = texts[row["document"]], int(row["start"]), int(row["end"])
        assert text[:start].endswith(row["prefix"])
        assert text[start:end] == row["exact"]
        assert text[end:].startswith(row["suffix"])
