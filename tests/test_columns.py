"""The dictionary of columns: every column of ours is in it with both languages, and a fault tells file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from reformgraph.canned.columns import read_columns
from reformgraph.canned.files import read_folder
from reformgraph.content import content_root
from reformgraph.errors import SourceFileError
from reformgraph.queries import Catalogue

HEAD = "name\tzh\ten\texplanation_zh\texplanation_en\ttype\n"
FIGURE = "figure\t数字\tFigure\t数字的 IRI。\tIRI of the figure.\ttext\n"
QUERY = """#+ summary: Which figures are there?
#+ summary_zh: 有哪些数字？
#+ columns: figure extra
SELECT ?figure ?extra
WHERE {
  ?figure a ?extra .
}
ORDER BY STR(?figure) STR(?extra)
"""
FAULTS = {
    "head": ("name\tzh\n", 1, "The first line names the fields"),
    "fields": (HEAD + "figure\t数字\tFigure\n", 2, "A line has the fields"),
    "empty": (HEAD + FIGURE.replace("数字\t", "\t", 1), 2, "A line has the fields"),
    "twice": (HEAD + FIGURE + FIGURE, 3, "has a line already"),
    "type": (HEAD + FIGURE.replace("text", "string"), 2, "Unknown type 'string'"),
}


def test_every_column_of_ours_has_a_title_and_an_explanation_in_both_languages() -> None:
    known = read_columns(content_root() / "queries")
    used = {name for query in read_folder(content_root() / "queries") for name in query.columns}
    assert used <= known.keys()
    assert all(known[name].titled(tag) and known[name].explained(tag) for name in used for tag in ("zh", "en"))


def test_no_line_of_the_dictionary_is_left_over_and_they_are_in_order() -> None:
    known = read_columns(content_root() / "queries")
    used = {name for query in read_folder(content_root() / "queries") for name in query.columns}
    assert known.keys() - used == set()
    assert list(known) == sorted(known)


def test_a_query_of_ours_with_an_unknown_column_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "columns.tsv").write_text(HEAD + FIGURE, "utf-8")
    (tmp_path / "figures.rq").write_text(QUERY, "utf-8")
    with pytest.raises(SourceFileError, match=r"figures\.rq:3: The column 'extra' has no line in columns\.tsv"):
        Catalogue.read(tmp_path)


def test_a_users_query_may_have_columns_that_no_dictionary_knows(tmp_path: Path) -> None:
    (tmp_path / "figures.rq").write_text(QUERY, "utf-8")
    (tmp_path / "columns.tsv").write_text(HEAD + FIGURE, "utf-8")
    catalogue = Catalogue.read(content_root() / "queries", tmp_path)
    assert catalogue.get("figures").columns == ("figure", "extra")
    assert catalogue.columns["figure"].titled("zh") == "数字"
    assert "extra" not in catalogue.columns


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_dictionary_stops_the_start_with_file_line_and_reason(tmp_path: Path, fault: str) -> None:
    text, line, reason = FAULTS[fault]
    (tmp_path / "columns.tsv").write_text(text, "utf-8")
    with pytest.raises(SourceFileError, match=reason) as stopped:
        Catalogue.read(content_root() / "queries", tmp_path)
    assert (Path(stopped.value.path).name, stopped.value.line) == ("columns.tsv", line)
