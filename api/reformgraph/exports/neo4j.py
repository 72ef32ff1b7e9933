"""The network for Neo4j: two CSV files for `neo4j-admin database import`, and a script that loads them by Cypher.

Format: https://neo4j.com/docs/operations-manual/current/import/
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from reformgraph.exports.network import EDGE_FIELDS, NODE_FIELDS, Edge, Network, Node
from reformgraph.exports.packing import zipped

NODES, RELATIONSHIPS, SCRIPT = "nodes.csv", "relationships.csv", "load.cypher"
_SEPARATOR = ";"  # between the members of an array, as neo4j-admin has it by default
_TYPES = {"string": "string", "integer": "long", "double": "double"}
_DATES = ("periodStart", "periodEnd")
# How Cypher reads a text as the type of a property.
_READ = {"string": "{}", "long": "toInteger({})", "double": "toFloat({})", "date": "date({})",
         "string[]": f"split({{}}, '{_SEPARATOR}')"}  # fmt: skip
_README = """reformgraph for Neo4j / 供 Neo4j 使用

Into a new database (Neo4j 5, server stopped) / 导入新数据库:
  neo4j-admin database import full neo4j --nodes=nodes.csv --relationships=relationships.csv

Into a running database: put both CSV files into its import folder / 导入运行中的数据库:
  cypher-shell -f load.cypher
"""


def archive(network: Network) -> bytes:
    """A ZIP file of the two CSV files, the script and a note on how to run it."""
    return zipped(
        {
            NODES: _csv(_node_head(), map(_node_row, network.nodes)),
            RELATIONSHIPS: _csv(_edge_head(), map(_edge_row, network.edges)),
            SCRIPT: _script(network).encode(),
            "README.txt": _README.encode(),
        }
    )


def label(type_: str) -> str:
    """The label of a node's type: `normative-document` -> `NormativeDocument`."""
    return "".join(word.capitalize() for word in type_.split("-"))


def relation(predicate: str) -> str:
    """The type of a relationship: `dcterms:isPartOf` -> `IS_PART_OF`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", predicate.partition(":")[2]).upper()


def _property_type(name: str, kind: str) -> str:
    return "string[]" if name == "aliases" else "date" if name in _DATES else _TYPES[kind]


def _node_properties() -> dict[str, str]:
    return {name: _property_type(name, kind) for name, kind in NODE_FIELDS.items() if name != "type"}


def _edge_properties() -> dict[str, str]:
    return {"weight": "double"} | {name: _property_type(name, kind) for name, kind in EDGE_FIELDS.items()}


def _node_head() -> list[str]:
    return ["id:ID", ":LABEL", *(f"{name}:{kind}" for name, kind in _node_properties().items())]


def _edge_head() -> list[str]:
    return [":START_ID", ":END_ID", ":TYPE", *(f"{name}:{kind}" for name, kind in _edge_properties().items())]


def _node_row(node: Node) -> list[Any]:
    labels = f"{label(node.attributes['type'])}{_SEPARATOR}Thing"
    aliases = node.attributes.get("aliases", "").replace("|", _SEPARATOR)
    attributes = node.attributes | {"aliases": aliases}
    return [node.id, labels, *(attributes.get(name, "") for name in _node_properties())]


def _edge_row(edge: Edge) -> list[Any]:
    attributes = edge.attributes | {"weight": edge.weight}
    values = (attributes.get(name, "") for name in _edge_properties())
    return [edge.source, edge.target, relation(edge.attributes["predicate"]), *values]


def _csv(head: list[str], rows: Iterable[list[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue().encode()


def _script(network: Network) -> str:
    """A block for each label and each type of relationship, for Cypher has neither as a parameter."""
    labels = sorted({label(node.attributes["type"]) for node in network.nodes})
    types = sorted({relation(edge.attributes["predicate"]) for edge in network.edges})
    first = "CREATE CONSTRAINT thing_id IF NOT EXISTS FOR (n:Thing) REQUIRE n.id IS UNIQUE;"
    return "\n\n".join([first, *map(_load_nodes, labels), *map(_load_edges, types)]) + "\n"


def _load_nodes(name: str) -> str:
    return "\n".join(
        [
            f"LOAD CSV WITH HEADERS FROM 'file:///{NODES}' AS row",
            f"WITH row WHERE row.`:LABEL` = '{name}{_SEPARATOR}Thing'",
            "MERGE (n:Thing {id: row.`id:ID`})",
            f"SET n:{name},",
            ",\n".join(_assignments("n", _node_properties())) + ";",
        ]
    )


def _load_edges(type_: str) -> str:
    return "\n".join(
        [
            f"LOAD CSV WITH HEADERS FROM 'file:///{RELATIONSHIPS}' AS row",
            f"WITH row WHERE row.`:TYPE` = '{type_}'",
            "MATCH (a:Thing {id: row.`:START_ID`}), (b:Thing {id: row.`:END_ID`})",
            f"CREATE (a)-[r:{type_}]->(b)",
            "SET " + ",\n".join(_assignments("r", _edge_properties())).lstrip() + ";",
        ]
    )


def _assignments(variable: str, properties: dict[str, str]) -> Iterator[str]:
    for name, kind in properties.items():
        column = f"row.`{name}:{kind}`"
        value = f"CASE {column} WHEN '' THEN null ELSE {column} END"
        yield f"  {variable}.{name} = " + _READ[kind].format(value)
