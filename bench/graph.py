"""A made-up graph of the model, of any size, for measuring: `python bench/graph.py TRIPLES DIRECTORY`.

It writes a release directory that the service opens: our ontology and registry as they are, and reports of bureaus
that do not exist, 18 figures each. The same size gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from reformgraph.namespaces import BASE, GRAPH, REGISTRY, RG, VOCAB
from reformgraph.searching import index as searchindex

FIGURES = 18  # in a report
TRIPLES_OF_A_REPORT = 18 * FIGURES + 9 * FIGURES + 24
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_DCAT = "http://www.w3.org/ns/dcat#"
_OA = "http://www.w3.org/ns/oa#"
_ORG = "http://www.w3.org/ns/org#"
_SDMX = "http://purl.org/linked-data/sdmx/2009/dimension#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_UNIT = "http://qudt.org/vocab/unit/NUM"
_BOUNDS = ("exact", "over", "approx", "at-least", "under")
_KINDS = ("level", "level", "level", "share", "change")


def quads(triples: int, root: Path) -> Iterator[ox.Quad]:
    """About that many quads, beside those of the ontology and the registry below `root`."""
    for folder, graph in (("ontology", VOCAB), ("data/ttl/registry", REGISTRY)):
        for path in sorted((root / folder).rglob("*.ttl")):
            for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
                yield ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(graph))
    metrics = _metrics(root)
    dice = random.Random(triples)
    for number in range(max(1, triples // TRIPLES_OF_A_REPORT)):
        yield from _report(number, dice, metrics)


def _metrics(root: Path) -> list[ox.NamedNode]:
    text = (root / "ontology" / "concepts" / "metrics.ttl").read_bytes()
    found = {q.subject for q in ox.parse(text, format=ox.RdfFormat.TURTLE) if "/metric/" in str(q.subject)}
    return sorted((iri for iri in found if isinstance(iri, ox.NamedNode)), key=str)


class _Writer:
    """Quads of one graph, with the words of the model."""

    def __init__(self, graph: str) -> None:
        self.graph, self.quads = ox.NamedNode(graph), list[ox.Quad]()

    def say(self, subject: str, predicate: str, *values: ox.NamedNode | ox.Literal | str) -> None:
        for value in values:
            term = ox.NamedNode(value) if isinstance(value, str) else value
            self.quads.append(ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), term, self.graph))

    def label(self, subject: str, zh: str, en: str) -> None:
        self.say(subject, _SKOS + "prefLabel", ox.Literal(zh, language="zh"), ox.Literal(en, language="en"))


def _report(number: int, dice: random.Random, metrics: list[ox.NamedNode]) -> Iterator[ox.Quad]:
    key = hashlib.sha256(str(number).encode()).hexdigest()[:12]
    registry, report = _Writer(REGISTRY), _Writer(f"{GRAPH}doc-{key}")
    city = number // 4
    place, agency = f"{BASE}place/made-up-{city}", f"{BASE}agency/made-up-{city}"
    system, doc = f"{BASE}system/made-up-{number}", f"{BASE}doc/{key}"
    if number % 4 == 0:
        registry.say(place, _TYPE, RG + "Place")
        registry.label(place, f"虚构{city}市", f"Made-up City {city}")
        registry.say(agency, _TYPE, RG + "Agency")
        registry.label(agency, f"虚构{city}市公安局", f"Made-up City {city} Public Security Bureau")
        registry.say(agency, "https://schema.org/areaServed", place)
        registry.say(agency, _ORG + "subOrganizationOf", BASE + "agency/gonganbu")
    registry.say(system, _TYPE, RG + "InformationSystem")
    registry.label(system, f"虚构系统{number}", f"Made-up system {number}")
    registry.say(system, RG + "operatedBy", agency)
    report.say(doc, _TYPE, RG + "SourceDocument")
    report.label(doc, f"虚构报告{number}", f"Made-up report {number}")
    report.say(doc, RG + "charLength", ox.Literal(4000))
    report.say(doc, "https://schema.org/about", place)
    year = 2005 + number % 15
    if number < 15:  # a triple stands in one graph only: the union of pyoxigraph is a bag
        _period(registry, year)
    for place_in_text in range(FIGURES):
        _figure(report, key, 20 + 200 * place_in_text, dice, (agency, place, system, doc), metrics, year)
    yield from registry.quads
    yield from report.quads


def _period(registry: _Writer, year: int) -> None:
    period = f"{BASE}period/made-up-{year}"
    registry.say(period, _DCAT + "startDate", ox.Literal(f"{year}-01-01", datatype=ox.NamedNode(_XSD + "date")))
    registry.say(period, _DCAT + "endDate", ox.Literal(f"{year}-12-31", datatype=ox.NamedNode(_XSD + "date")))


def _figure(
    report: _Writer, key: str, start: int, dice: random.Random, around: tuple[str, str, str, str],
    metrics: list[ox.NamedNode], year: int,
) -> None:  # fmt: skip
    agency, place, system, doc = around
    value = dice.randrange(1, 100_000)
    exact = f"{value}余台"
    end = start + len(exact)
    span, obs = f"{BASE}span/{key}-{start}-{end}", f"{BASE}obs/{key}-{start}-{end}"
    kind, bound = dice.choice(_KINDS), dice.choice(_BOUNDS)
    number = ox.Literal(value if kind == "level" else value % 100)
    report.say(obs, _TYPE, RG + "Observation")
    report.say(obs, RG + "metric", dice.choice(metrics))
    report.say(obs, RG + "value", number)
    report.say(obs, "http://qudt.org/schema/qudt/hasUnit", _UNIT)
    report.say(obs, RG + "bound", f"{BASE}code/bound-{bound}")
    report.say(obs, RG + "measureKind", f"{BASE}code/measure-{kind}")
    report.say(obs, RG + "modality", f"{BASE}code/modality-achieved")
    report.say(obs, RG + "agency", agency)
    report.say(obs, RG + "claimant", agency)
    report.say(obs, RG + "voice", f"{BASE}code/voice-self-report")
    report.say(obs, RG + "initiative", BASE + "initiative/sanxiang-jianshe")
    report.say(obs, RG + "system", system)
    report.say(obs, _SDMX + "refArea", place)
    report.say(obs, _SDMX + "refPeriod", f"{BASE}period/made-up-{year}")
    report.say(obs, RG + "evidence", span)
    report.say(obs, RG + "firstEvidence", span)
    report.say(span, _TYPE, RG + "Evidence")
    report.say(span, _OA + "hasSource", doc)
    report.say(span, RG + "start", ox.Literal(start))
    report.say(span, RG + "end", ox.Literal(end))
    report.say(span, RG + "exact", ox.Literal(exact))
    report.say(span, RG + "prefix", ox.Literal("全市共有计算机"))
    report.say(span, RG + "suffix", ox.Literal(",比上年增加"))


def write_release(triples: int, folder: Path, root: Path) -> Path:
    """A release directory with a graph of about that many triples; left as it is if it is there."""
    path = folder / f"made-up-{triples}"
    if (path / "manifest.json").is_file():
        return path
    path.mkdir(parents=True, exist_ok=True)
    lines = sorted({f"{quad} .\n" for quad in quads(triples, root)})
    text = "".join(lines).encode()
    (path / "release.nq").write_bytes(text)
    store = ox.Store(str(path / "store"))
    store.bulk_load(text, format=ox.RdfFormat.N_QUADS)
    store.flush()
    searchindex.write(path / searchindex.NAME, store)
    del store
    manifest = {"release": hashlib.sha256(text).hexdigest(), "triples": len(lines), "graphs": {}, "findings": {}}
    (path / "manifest.json").write_text(json.dumps(manifest) + "\n", "utf-8")
    return path


if __name__ == "__main__":
    print(write_release(int(sys.argv[1]), Path(sys.argv[2]), Path(__file__).parents[1]))
