"""Every IRI of ours in the release is answered at its path: all by the service, some of each kind by the server."""

from __future__ import annotations

import random

import httpx
import pyoxigraph as ox
import pytest
from linked_harness import Served, of_the_graph, read, subjects

from reformgraph.namespaces import BASE, KINDS

RDF_FORMATS = ("ttl", "jsonld", "nt", "rdf", "nq", "trig")
DOCUMENTS = ("ns", "shapes")
VERSIONS = (f"{BASE}ns/0.1.0",)  # answered by the ontology itself


def path_of(iri: str) -> str:
    return iri.removeprefix(BASE)


def documents(ours: set[str]) -> list[str]:
    return sorted({iri.partition("#")[0] for iri in ours})


def of_each_kind(ours: set[str], count: int) -> list[str]:
    chosen: list[str] = []
    for kind in (*KINDS, "ns", "shapes"):
        found = [iri for iri in documents(ours) if path_of(iri).split("/")[0] == kind]
        chosen += random.Random(7).sample(found, min(count, len(found)))
    return chosen


@pytest.fixture(scope="module")
def described(whole: Served, ours: set[str]) -> dict[str, set[str]]:
    """Every document of the release, and the IRIs that it has triples of."""
    return {iri: subjects(list(whole.resources.describe(iri, limit=1).quads)) for iri in documents(ours)}


def test_every_thing_of_the_release_is_found_at_its_own_path(whole: Served, ours: set[str]) -> None:
    things = [iri for iri in documents(ours) if path_of(iri).split("/")[0] in KINDS]
    assert len(things) > 3000
    for iri in things:
        address = whole.resources.find(*path_of(iri).split("/"))
        assert (address.iri, address.moved, address.withdrawn) == (iri, False, False)


def test_every_thing_of_the_release_is_described_by_its_document(described: dict[str, set[str]]) -> None:
    silent = [iri for iri in described if iri not in described[iri] and iri not in VERSIONS]
    # A graph and the shapes are answered by their contents.
    assert all(path_of(iri).startswith(("graph/", "shapes")) for iri in silent), silent
    assert all(described[iri] for iri in silent)


def test_every_head_of_a_file_is_found(whole: Served, ours: set[str]) -> None:
    heads = [iri for iri in documents(ours) if path_of(iri).startswith(("ns/", "shapes/"))]
    assert len(heads) >= 15
    for iri in heads:
        assert whole.resources.document(*path_of(iri).split("/", 1)).iri == (f"{BASE}ns" if iri in VERSIONS else iri)


def test_every_hash_iri_is_described_by_the_document_before_the_hash(
    described: dict[str, set[str]], ours: set[str]
) -> None:
    parts = [iri for iri in ours if "#" in iri]
    assert len(parts) > 3000
    assert [iri for iri in parts if iri not in described[iri.partition("#")[0]]] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_documents_of_terms_are_exactly_their_graphs(whole: Served, name: str) -> None:
    graph = ox.NamedNode(f"{BASE}graph/{'vocab' if name == 'ns' else 'shapes'}")
    assert set(whole.resources.describe(BASE + name).quads) == set(
        whole.store.quads_for_pattern(None, None, None, graph)
    )


def test_iris_of_each_kind_answer_over_http_with_the_same_triples_in_every_format(
    http: httpx.Client, ours: set[str]
) -> None:
    for iri in of_each_kind(ours, 2):
        answers = {name: http.get(f"/{path_of(iri)}.{name}") for name in RDF_FORMATS}
        assert {answer.status_code for answer in answers.values()} == {200}, iri
        found = {
            name: _without_blank_nodes(of_the_graph(read(answer.content, ox.RdfFormat.from_extension(name))))
            for name, answer in answers.items()
        }
        named = any(subject == f"<{iri}>" for subject, _, _ in found["nt"])
        assert named or iri in VERSIONS or path_of(iri).startswith("graph/"), iri
        assert [name for name in found if found[name] != found["nt"]] == [], iri


def _without_blank_nodes(triples: set[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    return {triple for triple in triples if not any(term.startswith("_:") for term in triple)}


def test_iris_of_each_kind_answer_a_browser_in_both_languages(http: httpx.Client, ours: set[str]) -> None:
    for iri in of_each_kind(ours, 2):
        for language, tag in (("zh", "zh-Hans"), ("en", "en")):
            answer = http.get(f"/{path_of(iri)}", params={"lang": language}, headers={"Accept": "text/html"})
            assert (answer.status_code, answer.headers["content-language"]) == (200, language), iri
            assert f'<html lang="{tag}">' in answer.text


def test_quads_stand_in_the_graphs_of_the_release(http: httpx.Client, whole: Served, ours: set[str]) -> None:
    for iri in of_each_kind(ours, 1):
        quads = read(http.get(f"/{path_of(iri)}.nq").content, ox.RdfFormat.N_QUADS)
        strange = [q for q in quads if q not in whole.store and not isinstance(q.graph_name, ox.DefaultGraph)]
        assert _without_blank_nodes(of_the_graph(strange)) == set(), iri
        loose = [q for q in quads if isinstance(q.graph_name, ox.DefaultGraph)]
        assert of_the_graph(loose) == set(), iri
