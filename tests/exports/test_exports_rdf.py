"""The whole graph in each RDF format, read back by pyoxigraph and by rdflib, is the graph."""

from __future__ import annotations

import gzip
import hashlib
import json
import tarfile
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from reformgraph.engines.base import Engine
from reformgraph.linked import jsonld
from reformgraph.release import Release

DATASETS = {"nq": ("nquads", ox.RdfFormat.N_QUADS), "trig": ("trig", ox.RdfFormat.TRIG),
            "jsonld": ("json-ld", ox.RdfFormat.JSON_LD)}  # fmt: skip
UNIONS = {"ttl": ("turtle", ox.RdfFormat.TURTLE), "nt": ("nt11", ox.RdfFormat.N_TRIPLES),
          "rdf": ("xml", ox.RdfFormat.RDF_XML)}  # fmt: skip


def canonical(quads: list[ox.Quad]) -> str:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    text = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS)
    assert text is not None
    return "\n".join(sorted(text.decode().splitlines()))


@pytest.mark.parametrize("suffix", DATASETS)
def test_a_dataset_read_back_is_the_dataset(suffix: str, folder: Path, quads: list[ox.Quad]) -> None:
    found = list(ox.parse(path=str(folder / f"reformgraph.{suffix}"), format=DATASETS[suffix][1]))
    assert canonical(found) == canonical(quads)


@pytest.mark.parametrize("suffix", UNIONS)
def test_a_graph_read_back_is_the_union(suffix: str, folder: Path, quads: list[ox.Quad]) -> None:
    found = list(ox.parse(path=str(folder / f"reformgraph.{suffix}"), format=UNIONS[suffix][1]))
    assert canonical(found) == canonical([ox.Quad(*quad.triple) for quad in quads])


@pytest.mark.filterwarnings("ignore:Dataset.default_context", "ignore:ConjunctiveGraph")  # rdflib's parsers use them
@pytest.mark.parametrize("suffix", DATASETS | UNIONS)
def test_rdflib_reads_as_many_statements(suffix: str, folder: Path, quads: list[ox.Quad]) -> None:
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(folder / f"reformgraph.{suffix}", format=(DATASETS | UNIONS)[suffix][0])
    expected = set(quads) if suffix in DATASETS else {quad.triple for quad in quads}
    assert sum(1 for _ in dataset.quads()) == len(expected)


def test_chinese_tags_and_numbers_come_back_in_rdflib(folder: Path) -> None:
    label = rdflib.Literal("河湾市公安局", lang="zh")
    for suffix, (name, _) in UNIONS.items():
        graph = rdflib.Graph().parse(folder / f"reformgraph.{suffix}", format=name)
        assert (None, rdflib.SKOS.prefLabel, label) in graph
        values = graph.objects(None, rdflib.URIRef("https://w3id.org/reformgraph/ns#value"))
        assert {str(value.datatype).rpartition("#")[2] for value in values} == {"integer", "decimal"}


def test_the_digest_of_the_nquads_is_the_release(folder: Path, tiny_release: Release) -> None:
    assert hashlib.sha256((folder / "reformgraph.nq").read_bytes()).hexdigest() == tiny_release.id


@pytest.mark.parametrize("suffix", [*DATASETS, *UNIONS])
def test_a_compressed_file_holds_the_plain_one(suffix: str, folder: Path) -> None:
    plain = folder / f"reformgraph.{suffix}"
    packed = plain.with_name(plain.name + ".gz").read_bytes()
    assert gzip.decompress(packed) == plain.read_bytes()
    assert packed[4:8] == bytes(4)  # no time


def test_oxigraph_opens_the_store(folder: Path, tmp_path: Path, quads: list[ox.Quad]) -> None:
    with tarfile.open(folder / "reformgraph-store.tar.gz") as archive:
        assert {member.mtime for member in archive} == {0}
        archive.extractall(tmp_path, filter="data")
    for opened in (
        ox.Store.read_only(str(tmp_path / "reformgraph-store")),
        ox.Store(str(tmp_path / "reformgraph-store")),
    ):
        assert len(opened) == len(quads)


def test_the_context_is_the_published_one(folder: Path) -> None:
    context = json.loads((folder / "context.jsonld").read_bytes())["@context"]
    assert context == jsonld.context()
    assert json.loads((folder / "reformgraph.jsonld").read_bytes())["@context"] == context


def test_there_is_a_record_for_each_claim(folder: Path, engine: Engine) -> None:
    records = json.loads((folder / "reformgraph-claims.jsonld").read_bytes())["@graph"]
    found = engine.query("SELECT DISTINCT ?c { ?c a <https://w3id.org/reformgraph/ns#Claim> }")
    assert isinstance(found, ox.QuerySolutions)
    assert len(records) == len(list(found))


def test_a_record_has_its_words_and_labels_in_place(folder: Path) -> None:
    records = json.loads((folder / "reformgraph-claims.jsonld").read_bytes())["@graph"]
    record = next(record for record in records if record["@id"].startswith("obs:"))
    spans = record["rg:evidence"] if isinstance(record["rg:evidence"], list) else [record["rg:evidence"]]
    assert all(span["rg:exact"] for span in spans)
    assert set(record["rg:metric"]["skos:prefLabel"]) == {"zh", "en"}


def test_the_records_say_nothing_that_the_graph_does_not(folder: Path, quads: list[ox.Quad]) -> None:
    said = {
        quad.triple for quad in ox.parse(path=str(folder / "reformgraph-claims.jsonld"), format=ox.RdfFormat.JSON_LD)
    }
    assert said < {quad.triple for quad in quads}
