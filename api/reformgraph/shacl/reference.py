"""The reference: pyshacl over an rdflib copy of the graph, the SPARQL constraints taken out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox

from reformgraph.namespaces import SH, SHAPES


def reference_parts(store: ox.Store, shapes: ox.Store) -> Iterator[dict[str, str]]:
    """The results of the core constraints as `Found.parts` gives them; pyshacl and rdflib load only here."""
    import pyshacl  # noqa: PLC0415
    from rdflib import BNode, URIRef  # noqa: PLC0415

    core = _rdflib_graph(quad.triple for quad in shapes if quad.predicate.value != SH + "sparql")
    data = _rdflib_graph(quad.triple for quad in store if quad.graph_name != ox.NamedNode(SHAPES))
    _, report, _ = pyshacl.validate(data, shacl_graph=core, inplace=True, allow_warnings=True)
    for node in report.objects(None, URIRef(SH + "result")):  # those of sh:detail are no results of their own
        found = {str(p).removeprefix(SH): o for p, o in report.predicate_objects(node)}
        parts = {name: o.n3() if isinstance(o, BNode) else str(o) for name, o in found.items()}
        if isinstance(found.get("resultPath"), BNode):
            del parts["resultPath"]  # a path that is no single property has no name
        yield parts | ({"valueTerm": found["value"].n3()} if "value" in found else {})


def _rdflib_graph(triples: Iterator[ox.Triple]) -> Any:
    from rdflib import Graph  # noqa: PLC0415

    text = ox.serialize(set(triples), format=ox.RdfFormat.N_TRIPLES)
    assert text is not None
    return Graph(bind_namespaces="none").parse(data=text.decode(), format="nt")
