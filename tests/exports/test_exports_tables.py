"""The tables, read by other libraries, are the answers of the canned queries."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import duckdb
import openpyxl
import polars
import pyarrow.parquet as pq
import pytest
from csvw import CSVW
from frictionless import validate

from reformgraph.canned.columns import read_columns
from reformgraph.content import content_root
from reformgraph.engines.base import Engine
from reformgraph.exports.workshop import Workshop, tables_of
from reformgraph.queries import Catalogue, QueryService

TABLES = tables_of(content_root())
CANNED = [name for name in TABLES if (content_root() / "queries" / f"{name}.rq").is_file()]


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", CANNED)
def test_a_table_is_the_whole_answer_of_its_canned_query(
    name: str, folder: Path, engine: Engine, workshop: Workshop
) -> None:
    service = QueryService(engine, Catalogue.read(content_root() / "queries"), workshop.release.id)
    expected = service.table(service.ask(name, {}))
    found = rows_of(folder, name)
    head = (folder / f"{name}.csv").read_text("utf-8").splitlines()[0]
    assert tuple(head.split(",")) == expected.columns
    assert [tuple(row.values()) for row in found] == [
        tuple("" if t is None else t.value for t in row) for row in expected.rows
    ]


@pytest.mark.parametrize(("name", "kind"), [("relations", "RelationClaim"), ("metrics", "Metric")])
def test_a_table_of_our_own_has_a_row_for_each_thing(name: str, kind: str, folder: Path, engine: Engine) -> None:
    found = engine.query(f"SELECT DISTINCT ?x {{ ?x a <https://w3id.org/reformgraph/ns#{kind}> }}")
    first = "claim" if name == "relations" else "metric"
    assert sorted(row[first] for row in rows_of(folder, name)) == sorted(s[0].value for s in found)  # type: ignore[union-attr]


@pytest.mark.parametrize("name", TABLES)
def test_parquet_has_the_rows_and_titles_in_both_languages(name: str, folder: Path) -> None:
    table = pq.read_table(folder / f"{name}.parquet")
    assert table.num_rows == len(rows_of(folder, name))
    assert all(field.metadata[b"zh"] and field.metadata[b"en"] for field in table.schema)
    assert polars.read_parquet(folder / f"{name}.parquet").height == table.num_rows
    counted = duckdb.sql(f"SELECT COUNT(*) FROM '{folder / name}.parquet'").fetchall()
    assert counted == [(table.num_rows,)]


@pytest.mark.parametrize("name", TABLES)
def test_the_metadata_are_valid_csvw_for_the_file(name: str, folder: Path) -> None:
    read = CSVW(str(folder / f"{name}.csv"), md_url=str(folder / f"{name}.csv-metadata.json"), validate=True)
    assert read.is_valid, read.warnings
    assert len(list(read.tables[0])) == len(rows_of(folder, name))


def test_csvw_knows_a_broken_file(folder: Path, tmp_path: Path) -> None:
    for file in ("observations.csv", "observations.csv-metadata.json"):
        text = (folder / file).read_text("utf-8")
        (tmp_path / file).write_text(text.replace("metricZh", "other", 1) if file.endswith(".csv") else text, "utf-8")
    with pytest.raises(ValueError, match="missing required columns"):
        CSVW(str(tmp_path / "observations.csv"), validate=True).is_valid  # noqa: B018 - reading it is the check


def test_only_the_csv_for_excel_starts_with_a_byte_order_mark(folder: Path) -> None:
    for name in TABLES:
        plain = (folder / f"{name}.csv").read_bytes()
        assert not plain.startswith(b"\xef\xbb\xbf")
        assert (folder / f"{name}.excel.csv").read_bytes() == b"\xef\xbb\xbf" + plain


@pytest.fixture(scope="module")
def book(folder: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(folder / "reformgraph.xlsx")


@pytest.mark.parametrize("name", TABLES)
def test_a_sheet_has_the_rows_under_a_frozen_head(name: str, book: openpyxl.Workbook, folder: Path) -> None:
    sheet, rows = book[name], rows_of(folder, name)
    assert sheet.max_row == len(rows) + 1
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == (folder / f"{name}.csv").read_text("utf-8").splitlines()[0].split(",")


def test_cells_of_the_workbook_are_typed_and_chinese_is_right(book: openpyxl.Workbook, folder: Path) -> None:
    sheet, rows = book["observations"], rows_of(folder, "observations")
    head = [cell.value for cell in sheet[1]]
    for row, expected in zip(sheet.iter_rows(min_row=2, values_only=True), rows, strict=True):
        found = dict(zip(head, row, strict=True))
        assert found["metricZh"] == expected["metricZh"]
        assert found["value"] is None if not expected["value"] else found["value"] == float(expected["value"])
        if expected["periodEnd"]:
            assert found["periodEnd"].date() == date.fromisoformat(expected["periodEnd"])


def test_figures_and_claims_link_to_their_cards(book: openpyxl.Workbook) -> None:
    for name in ("observations", "relations"):
        links = [row[0].hyperlink.target for row in book[name].iter_rows(min_row=2)]
        assert links == [row[0] for row in book[name].iter_rows(min_row=2, values_only=True)]


def test_a_sheet_explains_every_column_of_every_sheet(book: openpyxl.Workbook, workshop: Workshop) -> None:
    told = {(row[0], row[1]): row for row in book["说明 about"].iter_rows(values_only=True)}
    known = read_columns(content_root() / "queries") | read_columns(content_root() / "queries" / "exports")
    for name in TABLES:
        for column in workshop.table(name).columns:
            assert told[name, column][2:4] == (known[column].titled("zh"), known[column].titled("en"))
            assert all(told[name, column][4:6])


def test_the_data_package_is_valid(folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(folder / "reformgraph-datapackage.zip") as archive:
        archive.extractall(tmp_path)
    report = validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])
    assert [task.name for task in report.tasks] == list(TABLES)


def test_the_data_package_tells_licence_sources_and_keys(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_bytes())
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert len(package["sources"]) == len(rows_of(folder, "documents"))
    figures = next(r for r in package["resources"] if r["name"] == "observations")["schema"]
    assert figures["primaryKey"] == "observation"
    assert {"fields": "metric", "reference": {"resource": "metrics", "fields": "metric"}} in figures["foreignKeys"]


def test_the_package_holds_the_very_files(folder: Path) -> None:
    archive = zipfile.ZipFile(io.BytesIO((folder / "reformgraph-datapackage.zip").read_bytes()))
    assert {f"{name}.parquet" for name in TABLES} | {"reformgraph.xlsx"} < set(archive.namelist())
    for name in archive.namelist():
        assert archive.read(name) == (folder / name).read_bytes()
