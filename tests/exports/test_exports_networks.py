"""The networks, read by networkx, igraph and plain parsers, have the nodes and edges that SPARQL counts."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import igraph
import networkx as nx
import pyoxigraph as ox
import pytest

from reformgraph.engines.base import Engine
from reformgraph.exports.network import EDGE_FIELDS, NODE_FIELDS
from reformgraph.namespaces import sparql_prologue

NODES = """SELECT (COUNT(DISTINCT ?x) AS ?n) { VALUES ?c { rg:Agency org:Organization rg:Initiative rg:Mechanism
  rg:NormativeDocument rg:InformationSystem rg:Facility rg:Place rg:Event rg:Award rg:Metric rg:SourceDocument
  rg:Observation } ?x a ?c }"""
EDGES = {
    "claim": "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a rg:RelationClaim }",
    "registry": """SELECT (COUNT(*) AS ?n) { GRAPH g:registry { ?s ?p ?o
      VALUES ?p { org:subOrganizationOf geo:sfWithin schema:areaServed } } }""",
    "vocabulary": "SELECT (COUNT(*) AS ?n) { GRAPH g:vocab { ?s a rg:Metric ; skos:broader ?o } }",
    "mention": """SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?d ?x { ?span rg:names ?x ; oa:hasSource ?d
      FILTER NOT EXISTS { ?x a foaf:Person } FILTER NOT EXISTS { ?x a rg:Issue }
      FILTER NOT EXISTS { ?x a rg:RankingGroup } } }""",
    "figure": """SELECT (COUNT(*) AS ?n) { ?f a rg:Observation ; ?p ?o VALUES ?p { rg:metric rg:agency rg:initiative
      rg:system sdmx-dimension:refArea rg:claimant rg:dataSource rg:partOfTotal rg:measuredAgainst rg:firstEvidence } }""",
}


def number(engine: Engine, query: str) -> int:
    found = engine.query(sparql_prologue() + query)
    assert isinstance(found, ox.QuerySolutions)
    return int(next(iter(found))["n"].value)


@pytest.fixture(scope="module")
def graphs(folder: Path) -> dict[str, Any]:
    return {
        "graphml": nx.read_graphml(folder / "reformgraph.graphml"),
        "gexf": nx.read_gexf(folder / "reformgraph.gexf"),
        "cyjs": nx.cytoscape_graph(json.loads((folder / "reformgraph.cyjs").read_bytes())),
    }


@pytest.mark.parametrize("name", ["graphml", "gexf", "cyjs"])
def test_networkx_finds_the_nodes_and_edges_that_sparql_counts(
    name: str, graphs: dict[str, Any], engine: Engine
) -> None:
    graph = graphs[name]
    assert isinstance(graph, nx.MultiDiGraph)
    assert graph.number_of_nodes() == number(engine, NODES)
    origins = [data["origin"] for _, _, data in graph.edges(data=True)]
    assert {origin: origins.count(origin) for origin in EDGES} == {o: number(engine, q) for o, q in EDGES.items()}
    assert len(origins) == sum(origins.count(origin) for origin in EDGES)


def test_igraph_finds_the_same(folder: Path, graphs: dict[str, Any]) -> None:
    graph = igraph.Graph.Read_GraphML(str(folder / "reformgraph.graphml"))
    assert graph.is_directed()
    assert (graph.vcount(), graph.ecount()) == (
        graphs["graphml"].number_of_nodes(),
        graphs["graphml"].number_of_edges(),
    )
    assert "河湾市公安局" in graph.vs["labelZh"]


@pytest.mark.parametrize("name", ["graphml", "gexf", "cyjs"])
def test_nodes_and_edges_are_labelled_in_both_languages_and_weighed(name: str, graphs: dict[str, Any]) -> None:
    for _, data in graphs[name].nodes(data=True):
        assert data["labelZh"]
        assert data["labelEn"]
        assert data["type"]
    for _, _, data in graphs[name].edges(data=True):
        assert data["labelZh"]
        assert data["labelEn"]
        assert float(data["weight"]) >= 1


@pytest.mark.parametrize("name", ["graphml", "gexf"])
def test_a_figure_keeps_value_unit_bound_voice_words_and_year(name: str, graphs: dict[str, Any], folder: Path) -> None:
    with (folder / "observations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        data = graphs[name].nodes["obs:" + row["observation"].rpartition("/")[2]]
        assert [data[key] for key in ("bound", "voice", "exact", "iri")] == [
            row[key] for key in ("bound", "voice", "exact", "observation")
        ]
        assert data.get("value") == (float(row["value"]) if row["value"] else None)
        assert data.get("yearEnd") == (int(row["periodEnd"][:4]) if row["periodEnd"] else None)


@pytest.mark.parametrize("name", ["graphml", "gexf", "cyjs"])
def test_a_claimed_relation_keeps_its_claim_document_and_voice(name: str, graphs: dict[str, Any]) -> None:
    claimed = [data for _, _, data in graphs[name].edges(data=True) if data["origin"] in ("claim", "figure")]
    assert all(data["claim"] and data["document"].startswith("doc:") and data["voice"] for data in claimed)
    assert len({data["claim"] for data in claimed if data["origin"] == "claim"}) == sum(
        data["origin"] == "claim" for data in claimed
    )


def test_ids_are_xml_name_tokens(folder: Path) -> None:
    root = ElementTree.parse(folder / "reformgraph.graphml").getroot()
    ids = [element.get("id", "") for element in root.iter() if element.tag.endswith(("}node", "}edge", "}key"))]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[\w.:-]+", id_) for id_ in ids)


def test_gexf_keeps_the_rules_that_gephi_checks(folder: Path) -> None:
    """The rules of https://github.com/gephi/gexf, specs/1.3: order, declared and typed attributes, known ends."""
    root = ElementTree.parse(folder / "reformgraph.gexf").getroot()
    space = "{http://gexf.net/1.3}"
    assert (root.tag, root.get("version")) == (space + "gexf", "1.3")
    assert [child.tag for child in root] == [space + "meta", space + "graph"]
    graph = root[1]
    assert [child.tag.removeprefix(space) for child in graph] == ["attributes", "attributes", "nodes", "edges"]
    declared = {a.get("class"): {x.get("id"): x.get("type") for x in a} for a in graph[:2]}
    assert declared == {"node": NODE_FIELDS, "edge": EDGE_FIELDS}
    reads = {"string": str, "integer": int, "double": float}
    for owner, elements in (("node", graph[2]), ("edge", graph[3])):
        assert elements.get("count") == str(len(elements))
        for value in elements.iter(space + "attvalue"):
            reads[declared[owner][value.get("for")]](value.get("value", ""))
    ids = {node.get("id") for node in graph[2]}
    assert len(ids) == len(graph[2])
    assert {end for edge in graph[3] for end in (edge.get("source"), edge.get("target"))} <= ids
    assert all(edge.get("kind") and edge.get("type") == "directed" for edge in graph[3])


@pytest.fixture(scope="module")
def neo4j(folder: Path) -> dict[str, Any]:
    archive = zipfile.ZipFile(folder / "reformgraph-neo4j.zip")
    texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(texts) == {"nodes.csv", "relationships.csv", "load.cypher", "README.txt"}
    tables = {name: list(csv.DictReader(io.StringIO(texts[name]))) for name in texts if name.endswith(".csv")}
    return texts | tables


def test_neo4j_has_the_nodes_and_relationships(neo4j: dict[str, Any], graphs: dict[str, Any]) -> None:
    ids = {row["id:ID"] for row in neo4j["nodes.csv"]}
    assert len(ids) == len(neo4j["nodes.csv"]) == graphs["graphml"].number_of_nodes()
    assert len(neo4j["relationships.csv"]) == graphs["graphml"].number_of_edges()
    assert {row[end] for row in neo4j["relationships.csv"] for end in (":START_ID", ":END_ID")} <= ids


def test_the_heads_for_neo4j_admin_are_typed_and_the_cells_fit(neo4j: dict[str, Any]) -> None:
    kinds = {"long": r"-?\d+", "double": r"-?\d+(\.\d+)?", "date": r"\d{4}-\d\d-\d\d", "string": r".*",
             "string[]": r".*", "ID": r"\S+", "LABEL": r"\w+;Thing", "START_ID": r"\S+", "END_ID": r"\S+",
             "TYPE": r"[A-Z_]+"}  # fmt: skip
    for name in ("nodes.csv", "relationships.csv"):
        for row in neo4j[name]:
            for column, cell in row.items():
                assert not cell or re.fullmatch(kinds[column.partition(":")[2]], cell), (column, cell)


def test_arrays_are_split_where_the_names_are(neo4j: dict[str, Any], engine: Engine) -> None:
    found = engine.query("SELECT ?x ?l { ?x <http://www.w3.org/2004/02/skos/core#altLabel> ?l }")
    aliases: dict[str, set[str]] = {}
    for iri, label in found:  # type: ignore[misc, union-attr]
        aliases.setdefault(iri.value, set()).add(label.value)
    told = {
        row["iri:string"]: set(row["aliases:string[]"].split(";"))
        for row in neo4j["nodes.csv"]
        if row["aliases:string[]"]
    }
    assert told
    assert all(names == aliases[iri] for iri, names in told.items())


def test_the_cypher_script_loads_every_label_type_and_column(neo4j: dict[str, Any]) -> None:
    script = neo4j["load.cypher"]
    labels = {row[":LABEL"] for row in neo4j["nodes.csv"]}
    types = {row[":TYPE"] for row in neo4j["relationships.csv"]}
    assert set(re.findall(r"`:LABEL` = '([^']+)'", script)) == labels
    assert set(re.findall(r"`:TYPE` = '([^']+)'", script)) == set(re.findall(r"\[r:(\w+)\]", script)) == types
    columns = {*neo4j["nodes.csv"][0], *neo4j["relationships.csv"][0]}
    assert set(re.findall(r"row\.`([^`]+)`", script)) == columns
    assert script.count("(") == script.count(")")
