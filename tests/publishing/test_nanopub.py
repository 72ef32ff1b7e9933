"""A figure as a nanopublication keeps the rules of the nanopublication guidelines, and says what the graph says."""

from __future__ import annotations

import httpx
import pyoxigraph as ox
import pytest

from reformgraph.namespaces import BASE, RDF, RG
from reformgraph.publishing import nanopub, publication
from reformgraph.publishing.nanopub import NP
from reformgraph.publishing.statements import iri

CLAIM = f"{BASE}obs/826ec1811efe-1157-1164"
PATH = "/obs/826ec1811efe-1157-1164.trig?profile=nanopub"
Graphs = dict[str, set[ox.Triple]]


@pytest.fixture(scope="module")
def answer(http: httpx.Client) -> httpx.Response:
    return http.get(PATH)


@pytest.fixture(scope="module")
def graphs(answer: httpx.Response) -> Graphs:
    """Graph IRI -> its triples, of the nanopublication as it is served."""
    found: Graphs = {}
    for quad in ox.parse(answer.content, format=ox.RdfFormat.TRIG):
        found.setdefault(quad.graph_name.value, set()).add(quad.triple)
    return found


@pytest.fixture(scope="module")
def parts(graphs: Graphs) -> dict[str, str]:
    """`head`, the nanopublication itself and the graphs that its head names, as IRIs."""
    kind = ox.NamedNode(NP + "Nanopublication")
    (head,) = (name for name, triples in graphs.items() if any(t.object == kind for t in triples))
    told = {str(t.predicate.value).removeprefix(NP): t for t in graphs[head]}
    named = {name: told[name].object.value for name in ("hasAssertion", "hasProvenance", "hasPublicationInfo")}
    return {"head": head, "self": told["hasAssertion"].subject.value, **named}


def test_there_are_four_graphs_and_the_head_names_the_three_others(graphs: Graphs, parts: dict[str, str]) -> None:
    named = {parts[name] for name in ("head", "hasAssertion", "hasProvenance", "hasPublicationInfo")}
    assert len(named) == 4
    assert named == set(graphs)
    assert len(graphs[parts["head"]]) == 4


def test_the_provenance_speaks_of_the_assertion_and_the_publication_info_of_the_nanopublication(
    graphs: Graphs, parts: dict[str, str]
) -> None:
    assertion, own = ox.NamedNode(parts["hasAssertion"]), ox.NamedNode(parts["self"])
    assert any(triple.subject == assertion for triple in graphs[parts["hasProvenance"]])
    assert any(triple.subject == own for triple in graphs[parts["hasPublicationInfo"]])


def test_the_assertion_is_the_figure_and_its_speaker_stands_in_the_provenance(
    graphs: Graphs, parts: dict[str, str]
) -> None:
    asserted = {t.predicate.value: t.object for t in graphs[parts["hasAssertion"]]}
    assert {t.subject for t in graphs[parts["hasAssertion"]]} == {ox.NamedNode(CLAIM)}
    assert (asserted[RG + "value"], asserted[RG + "bound"].value) == (ox.Literal(13000), f"{BASE}code/bound-over")
    assert RG + "claimant" not in asserted
    provenance = {(t.predicate.value, t.object.value) for t in graphs[parts["hasProvenance"]]}
    assert (RG + "claimant", f"{BASE}agency/dalian-shi-gonganju") in provenance
    assert (RG + "exact", "13000余台") in provenance
    assert (iri("prov:wasDerivedFrom"), f"{BASE}span/826ec1811efe-2946-2953") in provenance


def test_licence_and_release_stand_in_the_publication_info(
    graphs: Graphs, parts: dict[str, str], http: httpx.Client
) -> None:
    release = http.get("/ready").json()["release"]
    told = {(t.predicate.value, t.object.value) for t in graphs[parts["hasPublicationInfo"]]}
    assert (iri("dcterms:license"), publication.LICENCE) in told
    assert (iri("dcterms:identifier"), release) in told
    assert parts["self"].endswith(f"release={release[:12]}")


def test_every_triple_of_the_assertion_is_in_the_graph_of_the_report(graphs: Graphs, parts: dict[str, str], http: httpx.Client) -> None:  # fmt: skip
    served = http.get("/graphs", params={"graph": f"{BASE}graph/doc-826ec1811efe", "format": "nt"})
    report = {quad.triple for quad in ox.parse(served.content, format=ox.RdfFormat.N_TRIPLES)}
    assert graphs[parts["hasAssertion"]] <= report


def test_the_address_of_the_nanopublication_gives_it_again(answer: httpx.Response, parts: dict[str, str], http: httpx.Client) -> None:  # fmt: skip
    again = http.get(parts["self"].replace(BASE, "/"), headers={"Accept": "application/trig"})
    assert again.content == answer.content
    assert f'<{nanopub.PROFILE}>; rel="profile"' in answer.headers["Link"]


@pytest.mark.parametrize("suffix", ["nq", "jsonld"])
def test_other_formats_hold_the_same_quads(http: httpx.Client, answer: httpx.Response, suffix: str) -> None:
    format_ = {"nq": ox.RdfFormat.N_QUADS, "jsonld": ox.RdfFormat.JSON_LD}[suffix]
    other = http.get(PATH.replace(".trig", f".{suffix}"))
    assert set(ox.parse(other.content, format=format_)) == set(ox.parse(answer.content, format=ox.RdfFormat.TRIG))


def test_every_figure_has_one(http: httpx.Client) -> None:
    things = [row["thing"] for row in http.get("/obs?limit=1000").json()["members"]]
    assert len(things) > 200
    for thing in things[::10]:
        quads = list(ox.parse(http.get(thing.replace(BASE, "/") + ".nq?profile=nanopub").content, format=ox.RdfFormat.N_QUADS))  # fmt: skip
        assert len({quad.graph_name for quad in quads}) == 4, thing
        assert sum(quad.object.value == NP + "Nanopublication" for quad in quads if quad.predicate.value == RDF + "type") == 1  # fmt: skip
