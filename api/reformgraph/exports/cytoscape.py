"""The network as Cytoscape JSON (`.cyjs`), which Cytoscape and Cytoscape.js read."""

from __future__ import annotations

from typing import Any

from reformgraph.exports.network import Edge, Network, Node
from reformgraph.results import json_bytes


def cyjs(network: Network) -> bytes:
    """Elements with their attributes; `name`, `interaction` and their shared forms are the columns of Cytoscape."""
    return json_bytes({
        "format_version": "1.0",
        "generated_by": "reformgraph",
        "target_cytoscapejs_version": "~3.0",
        "directed": True,
        "multigraph": True,
        "data": {"name": "reformgraph", "shared_name": "reformgraph", "release": network.release},
        "elements": {
            "nodes": [{"data": _node(node)} for node in network.nodes],
            "edges": [{"data": _edge(edge)} for edge in network.edges],
        },
    })  # fmt: skip


def _node(node: Node) -> dict[str, Any]:
    """The data of a node; `value` is its id, as networkx has it, and the value of a figure is `figureValue`."""
    named = {"id": node.id, "value": node.id, "name": node.label, "shared_name": node.id}
    return named | {("figureValue" if name == "value" else name): told for name, told in node.attributes.items()}


def _edge(edge: Edge) -> dict[str, Any]:
    predicate = edge.attributes["predicate"]
    named = {"name": edge.label, "shared_name": edge.id, "interaction": predicate, "shared_interaction": predicate}
    ends = {"id": edge.id, "source": edge.source, "target": edge.target, "key": edge.id, "weight": edge.weight}
    return ends | named | edge.attributes
