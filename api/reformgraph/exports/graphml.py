"""The network as GraphML and as GEXF 1.3: the same nodes, edges and typed attributes in two XML forms.

Specifications: http://graphml.graphdrawing.org/specification.html, https://gexf.net/
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from reformgraph.exports.network import EDGE_FIELDS, NODE_FIELDS, Edge, Network, Node
from reformgraph.namespaces import BASE

_GRAPHML = "http://graphml.graphdrawing.org/xmlns"
_GEXF = "http://gexf.net/1.3"
_TYPES = {"string": "string", "integer": "int", "double": "double"}
_FIELDS = (("node", NODE_FIELDS), ("edge", EDGE_FIELDS))


def graphml(network: Network) -> bytes:
    """A directed GraphML graph; weight and label of an edge are attributes like the others."""
    root = Element("graphml", {"xmlns": _GRAPHML})
    for owner, fields in _FIELDS:
        shared = {"label": "string"} | ({"weight": "double"} if owner == "edge" else {})
        for name, kind in (shared | fields).items():
            key = {"id": f"{owner}-{name}", "for": owner, "attr.name": name, "attr.type": _TYPES[kind]}
            SubElement(root, "key", key)
    graph = SubElement(root, "graph", {"id": "reformgraph", "edgedefault": "directed"})
    for node in network.nodes:
        _graphml_data(SubElement(graph, "node", {"id": node.id}), "node", {"label": node.label} | node.attributes)
    for edge in network.edges:
        element = SubElement(graph, "edge", {"id": edge.id, "source": edge.source, "target": edge.target})
        _graphml_data(element, "edge", {"label": edge.label, "weight": edge.weight} | edge.attributes)
    return _written(root)


def _graphml_data(element: Element, owner: str, attributes: dict[str, Any]) -> None:
    for name, value in attributes.items():
        SubElement(element, "data", {"key": f"{owner}-{name}"}).text = str(value)


def gexf(network: Network) -> bytes:
    """A directed, static GEXF graph; the kind of an edge is its property, so that Gephi keeps relations apart."""
    root = Element("gexf", {"xmlns": _GEXF, "version": "1.3"})
    meta = SubElement(root, "meta")
    SubElement(meta, "creator").text = "reformgraph"
    SubElement(meta, "description").text = f"{BASE} release {network.release}"
    graph = SubElement(root, "graph", {"defaultedgetype": "directed", "mode": "static", "idtype": "string"})
    for owner, fields in _FIELDS:
        attributes = SubElement(graph, "attributes", {"class": owner})
        for name, kind in fields.items():
            SubElement(attributes, "attribute", {"id": name, "title": name, "type": kind})
    nodes = SubElement(graph, "nodes", {"count": str(len(network.nodes))})
    for node in network.nodes:
        _attvalues(SubElement(nodes, "node", {"id": node.id, "label": node.label}), node)
    edges = SubElement(graph, "edges", {"count": str(len(network.edges))})
    for edge in network.edges:
        ends = {"id": edge.id, "source": edge.source, "target": edge.target, "type": "directed"}
        told = {"label": edge.label, "weight": str(edge.weight), "kind": edge.attributes["predicate"]}
        _attvalues(SubElement(edges, "edge", ends | told), edge)
    return _written(root)


def _attvalues(element: Element, told: Node | Edge) -> None:
    values = SubElement(element, "attvalues")
    for name, value in told.attributes.items():
        SubElement(values, "attvalue", {"for": name, "value": str(value)})


def _written(root: Element) -> bytes:
    indent(root, " ")
    text: bytes = tostring(root, "utf-8", xml_declaration=True)
    return text + b"\n"
