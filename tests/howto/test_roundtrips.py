"""Each format that we export, read by another tool than the one that wrote it, comes back as it left; else a page tells.

Files are those of the whole graph. Graphs are compared after canonicalisation (RDFC-1.0), term by term: a language tag,
a datatype or a digit that is another one makes another quad.
"""

from __future__ import annotations

import csv
import json
import math
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import igraph
import networkx as nx
import openpyxl
import owlready2
import pyoxigraph as ox
import pytest
import rdflib
from quads import Quads, amiss, canonical
from recipes import HOW_TO, blocks, need, run

from reformgraph.exports.shelf import Shelf
from reformgraph.exports.workshop import tables_of
from reformgraph.release import ensure
from reformgraph.settings import Settings

XSD, RG = "http://www.w3.org/2001/XMLSchema#", "https://w3id.org/reformgraph/ns#"
LABEL = ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
DATASETS, UNIONS = ("nq", "trig"), ("ttl", "nt", "rdf")
RAPPER = {"nq": "nquads", "trig": "trig", "ttl": "turtle", "nt": "ntriples", "rdf": "rdfxml"}
NQ = ox.RdfFormat.N_QUADS
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def folder(root: Path) -> Path:
    shelf = Shelf(ensure(root, Settings().home), root)
    assert list(shelf.entries())
    return shelf.folder


@pytest.fixture(scope="module")
def quads(folder: Path) -> list[ox.Quad]:
    return list(ox.parse(path=folder / "reformgraph.nq", format=NQ))


@pytest.fixture(scope="module")
def left(quads: list[ox.Quad]) -> dict[bool, Quads]:
    """The graph as it left: with its named graphs (True), and as their union (False)."""
    return {True: canonical(quads), False: canonical(ox.Quad(*quad.triple) for quad in quads)}


def printed(*command: str | Path, cwd: Path | None = None) -> bytes:
    return subprocess.run(command, capture_output=True, check=True, cwd=cwd).stdout


def told(page: str, words: str) -> bool:
    return words in " ".join((HOW_TO / f"{page}.md").read_text("utf-8").split())


# --- RDF


def test_the_graph_has_all_that_could_be_lost(quads: list[ox.Quad]) -> None:
    literals = [quad.object for quad in quads if isinstance(quad.object, ox.Literal)]
    assert {"zh", "en"} <= {literal.language for literal in literals}
    assert {XSD + kind for kind in ("integer", "decimal", "date", "boolean", "anyURI")} | {RG + "gbCode"} <= {
        literal.datatype.value for literal in literals
    }
    assert any(isinstance(quad.object, ox.BlankNode) for quad in quads)
    assert len({quad.graph_name for quad in quads}) > 10
    assert any("\n" in literal.value or '"' in literal.value for literal in literals)


@pytest.mark.parametrize("suffix", [*DATASETS, *UNIONS])
def test_rapper(suffix: str, folder: Path, left: dict[bool, Quads]) -> None:
    need("rapper", "rapper")
    file = folder / f"reformgraph.{suffix}"
    text = printed("rapper", "-q", "-i", RAPPER[suffix], "-o", "nquads", file)
    assert amiss(left[suffix in DATASETS], canonical(ox.parse(text, format=NQ))) == []


def test_turtle_of_rapper_keeps_no_named_graphs(folder: Path, left: dict[bool, Quads]) -> None:
    need("rapper", "rapper")
    text = printed("rapper", "-q", "-i", "nquads", "-o", "turtle", folder / "reformgraph.nq")
    assert amiss(left[False], canonical(ox.parse(text, format=ox.RdfFormat.TURTLE))) == []
    assert told("raptor-rasqal", "Of the formats that it writes only N-Quads keeps the named graphs")


@pytest.fixture(scope="module")
def jena(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the class path of the page about Jena."""
    need("java", "a Java runtime")
    need("/usr/share/java/jena-cmds.jar", "Jena")
    place = tmp_path_factory.mktemp("jena")
    run(blocks("jena")[1], place)
    return place


@pytest.mark.parametrize("suffix", [*DATASETS, *UNIONS])
def test_jena(suffix: str, folder: Path, left: dict[bool, Quads], jena: Path) -> None:
    file = folder / f"reformgraph.{suffix}"
    text = printed("java", "-cp", "jena:jena/*", "riotcmd.riot", "--output=nquads", file, cwd=jena)
    assert amiss(left[suffix in DATASETS], canonical(ox.parse(text, format=NQ))) == []


def test_debians_jena_reads_json_ld_or_says_what_the_page_says(jena: Path, folder: Path) -> None:
    command = ["java", "-cp", "jena:jena/*", "riotcmd.riot", "--count", folder / "reformgraph.jsonld"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=jena, check=False)
    message = "The document could not be loaded or parsed [code=LOADING_DOCUMENT_FAILED]"
    assert told("jena", message)
    assert message in done.stderr


# rdflib 7.6 warns of calls that it makes itself.
@pytest.mark.filterwarnings("ignore:Dataset.* is deprecated:DeprecationWarning", "ignore:ConjunctiveGraph")
def test_json_ld_in_rdflib(folder: Path, left: dict[bool, Quads]) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(data=(folder / "reformgraph.jsonld").read_bytes(), format="json-ld")
    text = dataset.serialize(format="nquads")
    assert amiss(left[True], canonical(ox.parse(text, format=NQ))) == []


@pytest.mark.parametrize("suffix", UNIONS)
def test_formats_without_named_graphs_hold_the_union(suffix: str, folder: Path) -> None:
    found = ox.parse(path=folder / f"reformgraph.{suffix}")
    assert {quad.graph_name for quad in found} == {ox.DefaultGraph()}
    assert told("triple-store", "Turtle, N-Triples and RDF/XML cannot hold named graphs")


def test_rdf_xml_in_a_parser_of_owl(folder: Path, quads: list[ox.Quad]) -> None:
    world = owlready2.World()
    world.get_ontology(f"file://{folder}/reformgraph.rdf").load()
    asked = "SELECT ?x ?l { ?x <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }"
    found = {(str(label), label.lang) for _, label in world.sparql(asked)}
    assert found == {(q.object.value, q.object.language) for q in quads if q.predicate == LABEL}  # type: ignore[union-attr]


# --- Tables


def rows_of(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def figures(folder: Path) -> Rows:
    return rows_of(folder / "observations.csv")


def test_csv_has_the_very_digits_of_the_graph(figures: Rows, quads: list[ox.Quad]) -> None:
    for column in ("value", "lower", "upper"):
        said = {q.subject.value: q.object.value for q in quads if q.predicate.value == RG + column}  # type: ignore[union-attr]
        found = {row["observation"]: row[column] for row in figures if row[column]}
        assert found == {figure: digits for figure, digits in said.items() if "/obs/" in figure}
        assert any("." in digits for digits in found.values())


def test_parquet_in_duckdb_has_numbers_days_and_chinese(folder: Path, figures: Rows) -> None:
    asked = "SELECT observation, value, CAST(periodEnd AS VARCHAR), agencyZh, exact FROM '{}'"
    found = duckdb.sql(asked.format(folder / "observations.parquet")).fetchall()
    columns = ("observation", "value", "periodEnd", "agencyZh", "exact")
    expected = [[row[column] or None for column in columns] for row in figures]
    assert [list(row) for row in found] == [[a, float(b) if b else None, *rest] for a, b, *rest in expected]
    assert told("duckdb", "no named graphs and no language tags")
    assert told("duckdb", "is a double here")


@pytest.fixture(scope="module")
def office(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook and the CSV files as LibreOffice reads them, with the commands of the page."""
    need("soffice", "LibreOffice")
    place = tmp_path_factory.mktemp("office")
    (place / "reform").symlink_to(folder)
    for block in (blocks("excel")[3], blocks("excel")[4]):
        run(block, place)
    return place / "office"


def test_the_workbook_in_libreoffice_is_the_tables(office: Path, folder: Path, root: Path) -> None:
    for name in tables_of(root):
        assert rows_of(office / f"reformgraph-{name}.csv") == rows_of(folder / f"{name}.csv")


def test_csv_in_libreoffice_loses_the_words_of_percentages_and_nothing_else(office: Path, figures: Rows) -> None:
    head, *rows = openpyxl.load_workbook(office / "observations.xlsx").active.iter_rows(values_only=True)
    changed = {}
    for row, expected in zip(rows, figures, strict=True):
        for column, cell in zip(head, row, strict=True):
            if as_text(cell) != expected[column] and not same_number(cell, expected[column]):
                changed[expected[column]] = cell, column
    assert changed["11.34%"] == (0.1134, "exact")
    assert all(words.endswith("%") and column == "exact" for words, (_, column) in changed.items())
    assert told("excel", "`11.34%`, which are the words of a report, would become the number 0.1134")


def as_text(cell: Any) -> str:
    return "" if cell is None else cell.date().isoformat() if hasattr(cell, "date") else str(cell)


def same_number(cell: object, text: str) -> bool:
    return isinstance(cell, int | float) and text != "" and not text.endswith("%") and float(text) == cell


# --- Networks


@pytest.fixture(scope="module")
def networks(folder: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """The nodes of each network file by id: igraph reads GraphML, networkx what is left."""
    graph = igraph.Graph.Read_GraphML(str(folder / "reformgraph.graphml"))
    cytoscape = nx.cytoscape_graph(json.loads((folder / "reformgraph.cyjs").read_bytes()))
    return {
        "igraph": {node["id"]: node.attributes() for node in graph.vs},
        "gephi": dict(nx.read_gexf(folder / "reformgraph.gexf").nodes(data=True)),
        "networkx": {id_: data | {"value": data.get("figureValue")} for id_, data in cytoscape.nodes(data=True)},
    }


PAGES = ("igraph", "gephi", "networkx")


@pytest.mark.parametrize("page", PAGES)
def test_labels_come_back_in_two_attributes_for_there_are_no_tags(
    page: str, networks: dict[str, Any], quads: list[ox.Quad]
) -> None:
    labels = {(q.subject.value, q.object.language): q.object.value for q in quads if q.predicate == LABEL}  # type: ignore[union-attr]
    things = [node for id_, node in networks[page].items() if (node["iri"], "zh") in labels]
    assert len(things) > 100
    assert all(labels[node["iri"], "zh"] == node["labelZh"] for node in things)
    assert all(labels[node["iri"], "en"] == node["labelEn"] for node in things)
    assert told(page, "language tags (hence `labelZh` and `labelEn`)")


@pytest.mark.parametrize("page", PAGES)
def test_numbers_come_back_as_doubles_and_absent_ones_as_the_page_says(
    page: str, networks: dict[str, Any], figures: Rows
) -> None:
    for row in figures:
        node = networks[page]["obs:" + row["observation"].rpartition("/")[2]]
        if row["value"]:
            assert node["value"] == float(row["value"])
        else:
            assert math.isnan(node["value"]) if page == "igraph" else node.get("value") is None
        assert node["exact"] == row["exact"]
        assert node["document"] == f"doc:{row['document']}"
    assert told(page, "decimals (they are doubles)")
    assert told(page, "named graphs (hence `document`)")
