"""Parquet, Excel and GeoJSON of canned queries, read back by other libraries."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest

from reformgraph.canned import workbooks
from reformgraph.canned.columns import Column
from reformgraph.canned.files import read_folder
from reformgraph.canned.geojson import feature_collection, points_of
from reformgraph.canned.tables import Colophon, Table
from reformgraph.content import content_root
from reformgraph.engines.embedded import Embedded
from serving import serving

QUERIES = {query.name: query for query in read_folder(content_root() / "queries") if query.form == "select"}
COLOPHON = Colophon("q", "1", {"zh": "问", "en": "ask"}, "r", {}, "http://127.0.0.1/queries/q")


@pytest.fixture(scope="module")
def http(server: str) -> Any:
    with httpx.Client(base_url=server, timeout=60) as client:
        yield client


def rows_of(http: httpx.Client, name: str) -> list[dict[str, Any]]:
    params = QUERIES[name].example | {"limit": "10000"}
    rows: list[dict[str, Any]] = http.get(f"/queries/{name}", params=params).json()["rows"]
    return rows


def plain(value: Any) -> Any:
    """A value of another library as the JSON of a row has it."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("name", QUERIES)
def test_parquet_has_the_rows_of_the_json(http: httpx.Client, name: str) -> None:
    table = pq.read_table(io.BytesIO(http.get(f"/queries/{name}.parquet", params=QUERIES[name].example).content))
    assert table.column_names == list(QUERIES[name].columns)
    found = [{key: plain(value) for key, value in row.items()} for row in table.to_pylist()]
    assert found == rows_of(http, name)


@pytest.mark.parametrize("name", QUERIES)
def test_a_workbook_has_the_rows_of_the_json(http: httpx.Client, name: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(http.get(f"/queries/{name}.xlsx", params=QUERIES[name].example).content))
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    assert list(head) == list(QUERIES[name].columns)
    assert [dict(zip(head, map(plain, row), strict=True)) for row in rows] == rows_of(http, name)


def test_parquet_is_typed_and_says_what_it_is(http: httpx.Client) -> None:
    answer = http.get("/queries/observations.parquet", params={"agency": "大连公安", "lang": "en"})
    schema = pq.read_schema(io.BytesIO(answer.content))
    types = {name: schema.field(name).type for name in ("observation", "value", "start", "periodEnd", "exact")}
    assert list(types.values()) == [pa.string(), pa.float64(), pa.int64(), pa.date32(), pa.string()]
    told = {key.decode(): value.decode() for key, value in schema.metadata.items()}
    assert (told["query"], told["version"]) == ("observations", "1")
    assert told["release"] == http.get("/queries").json()["release"]
    assert "dalian-shi-gonganju" in told["parameters"]
    assert "creativecommons.org/licenses/by/4.0" in told["licence"]
    assert schema.field("value").metadata[b"zh"].decode() == "数值"
    assert schema.field("value").metadata[b"en"].decode() == "Value"


def test_the_schema_of_parquet_does_not_hang_on_the_rows(http: httpx.Client) -> None:
    whole, none = (
        pq.read_schema(io.BytesIO(http.get("/queries/observations.parquet", params=params).content))
        for params in ({}, {"filter": "exact:eq:no such words"})
    )
    assert whole.equals(none)


def test_a_sheet_is_frozen_bold_filtered_and_explained(http: httpx.Client) -> None:
    answer = http.get("/queries/observations.xlsx", params={"kind": "money", "sort": "-value", "lang": "zh"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    data, about = book.worksheets
    assert data.freeze_panes == "A2"
    assert data["A1"].font.bold
    assert data.auto_filter.ref == f"A1:{data.cell(data.max_row, data.max_column).coordinate}"
    assert data["A2"].hyperlink.target == data["A2"].value
    assert data["E1"].comment.text.startswith("数值")
    told = {row[0]: row[1:] for row in about.iter_rows(values_only=True) if row[0]}
    assert told["value"] == ("数值", "Value", *told["value"][2:])
    assert all(told[name][2] and told[name][3] for name in QUERIES["observations"].columns)
    text = repr(told)
    for word in ("observations", "money", "-value", "creativecommons.org", str(answer.url)):
        assert word in text


def test_cells_of_a_workbook_are_what_they_are_and_never_formulas() -> None:
    texts = ["=1+1", "+1", "-a", "@SUM(A1)", "http://example.org/", "007", "{=1}", "x" * 40_000]
    rows = [(ox.Literal(text), ox.Literal(str(10**20), datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))) for text in texts]  # fmt: skip
    table = Table(("text", "n"), rows, {"text": Column("text")})
    sheet = openpyxl.load_workbook(io.BytesIO(workbooks.xlsx(table, COLOPHON))).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} == {"s"}
    assert [sheet.cell(place, 1).value for place in range(2, 9)] == texts[:7]
    assert sheet["A9"].value == "x" * 32_766 + "…"
    assert sheet["B2"].value == str(10**20)
    assert sheet["A6"].hyperlink is None


def test_the_same_answer_is_the_same_bytes(http: httpx.Client) -> None:
    for suffix in ("xlsx", "parquet", "geojson"):
        first, again = (http.get(f"/queries/money.{suffix}") for _ in range(2))
        assert first.content == again.content
        assert http.get(f"/queries/money.{suffix}", headers={"If-None-Match": first.headers["etag"]}).status_code == 304


def test_geojson_has_a_feature_for_each_row(http: httpx.Client) -> None:
    answer = http.get("/queries/observations.geojson", params={"fields": "exact,value", "kind": "money"})
    body = answer.json()
    rows = http.get("/queries/observations", params={"fields": "exact,value", "kind": "money"}).json()["rows"]
    assert answer.headers["content-type"] == "application/geo+json; charset=utf-8"
    assert body["type"] == "FeatureCollection"
    assert [feature["properties"] for feature in body["features"]] == rows
    assert {(feature["type"], "geometry" in feature) for feature in body["features"]} == {("Feature", True)}


def test_only_queries_with_places_offer_geojson(http: httpx.Client) -> None:
    with_places = {name for name, query in QUERIES.items() if {"area", "place"} & set(query.columns)}
    offered = {e["name"] for e in http.get("/queries").json()["queries"] if "geojson" in e["formats"]}
    assert offered == with_places
    assert "entities" not in with_places
    assert http.get("/queries/entities.geojson").status_code == 406
    assert http.get("/queries/entities", headers={"Accept": "application/geo+json"}).status_code == 406
    assert http.get("/queries/entities?format=geojson").json()["parameter"] == "format"


POINTS = """
PREFIX geo: <http://www.opengis.net/ont/geosparql#> PREFIX wgs84: <http://www.w3.org/2003/01/geo/wgs84_pos#>
INSERT DATA {
  <urn:a> geo:hasCentroid [ geo:asWKT "POINT(121.6 38.9)"^^geo:wktLiteral ] .
  <urn:b> geo:hasCentroid [ geo:asWKT "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT (-1 2.5)"^^geo:wktLiteral ] .
  <urn:c> geo:hasCentroid [ geo:asWKT "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT (2 1)"^^geo:wktLiteral ] .
  <urn:d> wgs84:lat 38.9 ; wgs84:long 121.6 .
  <urn:e> wgs84:lat 38.9 .
}
"""


def test_a_feature_stands_at_the_point_of_its_place_or_nowhere() -> None:
    store = ox.Store()
    store.update(POINTS)
    places = ["urn:a", "urn:b", "urn:c", "urn:d", "urn:e", None]
    points = points_of(Embedded.from_store(store), places)
    assert points == {"urn:a": (121.6, 38.9), "urn:b": (-1.0, 2.5), "urn:d": (121.6, 38.9)}
    table = Table(("n",), [(ox.Literal(place),) for place in range(6)])
    features = json.loads(feature_collection(table, places, points, COLOPHON))["features"]
    assert [f["geometry"] and f["geometry"]["coordinates"] for f in features] == [[121.6, 38.9], [-1.0, 2.5], None, [121.6, 38.9], None, None]  # fmt: skip


def test_heavy_libraries_are_not_loaded_before_they_are_needed() -> None:
    program = "import sys, reformgraph.web.app; print({'pyarrow', 'xlsxwriter'} & sys.modules.keys())"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout == "set()\n"


@pytest.mark.parametrize(("suffix", "module"), [("parquet", "pyarrow"), ("xlsx", "xlsxwriter")])
def test_without_its_library_a_format_is_501_and_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, module: str
) -> None:
    (tmp_path / f"{module}.py").write_text("raise ImportError\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with serving() as address, httpx.Client(base_url=address, timeout=60) as http:
        answer = http.get(f"/queries/money.{suffix}")
        assert (answer.status_code, answer.headers["content-type"]) == (501, "application/problem+json; charset=utf-8")
        assert "pip install 'reformgraph[tables]'" in answer.json()["detail"]
        assert http.get("/queries/money.csv").status_code == 200
