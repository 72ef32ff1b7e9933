"""The counts of the descriptions are those of the store, whatever it holds."""

from __future__ import annotations

import pyoxigraph as ox

from reformgraph.engines.embedded import Embedded
from reformgraph.linked.holdings import Linkset, count
from reformgraph.namespaces import CATALOG, REGISTRY
from reformgraph.release import Release

TRIG = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX g: <https://w3id.org/reformgraph/graph/>
PREFIX obs: <https://w3id.org/reformgraph/obs/>
PREFIX period: <https://w3id.org/reformgraph/period/>
PREFIX place: <https://w3id.org/reformgraph/place/>
PREFIX rg: <https://w3id.org/reformgraph/ns#>
PREFIX sdmx-dimension: <http://purl.org/linked-data/sdmx/2009/dimension#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
g:a { obs:1 a rg:Observation ; sdmx-dimension:refArea place:x ; sdmx-dimension:refPeriod period:p .
      period:p dcat:endDate "2009-12-15"^^xsd:date .
      place:x a rg:Place ; skos:exactMatch <https://sws.geonames.org/1/> , <http://elsewhere.example/1> . }
g:b { obs:1 a rg:Observation . [] a <http://elsewhere.example/Thing> . }
"""


def engine() -> Embedded:
    store = ox.Store()
    store.load(TRIG, format=ox.RdfFormat.TRIG)
    return Embedded.from_store(store)


def test_a_triple_in_two_graphs_counts_once_in_the_union() -> None:
    held = count(engine())
    assert held.triples == 8
    assert {graph.rpartition("/")[2]: n for graph, n in held.graphs} == {"a": 7, "b": 2}


def test_entities_are_things_of_ours_and_subjects_are_all() -> None:
    held = count(engine())
    assert (held.entities, held.subjects, held.objects) == (3, 4, 8)
    assert dict(held.classes)["https://w3id.org/reformgraph/ns#Observation"] == 1


def test_links_are_counted_for_known_targets_only() -> None:
    match = "http://www.w3.org/2004/02/skos/core#exactMatch"
    assert count(engine()).linksets == (Linkset("https://sws.geonames.org/", match, 1),)


def test_coverage_is_told_as_far_as_it_is_known() -> None:
    held = count(engine())
    assert (held.start, held.end) == (None, "2009-12-15")
    assert held.areas == ("https://w3id.org/reformgraph/place/x",)


def test_the_namespace_of_a_term_outside_the_prefix_table_is_cut_from_it() -> None:
    assert "http://elsewhere.example/" in count(engine()).vocabularies()


def test_without_a_catalogue_nothing_is_said_of_the_data_set() -> None:
    held = count(engine())
    assert (held.dataset, held.statements, held.said("dcterms:title")) == (CATALOG, (), [])


def test_the_graphs_of_a_release_are_those_of_its_manifest(tiny_release: Release) -> None:
    with tiny_release.engine() as opened:
        held = count(opened)
    assert dict(held.graphs) == tiny_release.manifest["graphs"]
    assert REGISTRY in dict(held.graphs)
