"""The scheme of the metrics: a shallow tree whose every concept says what it counts and how to compare it."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

FILE = Path(__file__).resolve().parents[2] / "ontology/concepts/metrics.ttl"
BASE = "https://w3id.org/reformgraph/"
RG = BASE + "ns#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
HAS_UNIT = "http://qudt.org/schema/qudt/hasUnit"
DENOMINATOR = "https://schema.org/measurementDenominator"
LEVELS = 3
# The units of each kind; those of a level and a ratio are free, save for the units that mean another kind.
UNITS = {
    "share": {"PERCENT"},
    "change": {"PERCENT"},
    "change-pp": {"percentage-point"},
    "rank": {"rank"},
    "money": {"CCY_CNY"},
    "duration": {"YR", "MO", "DAY", "HR"},
}
OTHERS = set().union(*UNITS.values())


@cache
def triples() -> tuple[ox.Quad, ...]:
    return tuple(ox.parse(path=str(FILE), format=ox.RdfFormat.TURTLE))


@cache
def metrics() -> frozenset[str]:
    return frozenset(
        q.subject.value for q in triples() if q.predicate.value == RDF_TYPE and q.object.value == RG + "Metric"
    )


def objects(metric: str, predicate: str) -> list[str]:
    return [q.object.value for q in triples() if (q.subject.value, q.predicate.value) == (metric, predicate)]


def texts(predicate: str) -> dict[tuple[str, str], str]:
    """Metric and language to the text; the last one where there are several."""
    return {
        (q.subject.value, q.object.language): q.object.value for q in triples() if q.predicate.value == SKOS + predicate
    }


def local(iri: str) -> str:
    """The last word of an IRI: `share` for `code/measure-share`, `rank` for `unit/rank`."""
    return iri.rsplit("/", 1)[-1].removeprefix("measure-")


def line_of(metric: str) -> list[str]:
    """The metric and its broader ones up to the top; stops at the second visit of a metric."""
    line = [metric]
    while (broader := objects(line[-1], SKOS + "broader")) and broader[0] not in line:
        line.append(broader[0])
    return line


def fits(unit: str, kind: str) -> bool:
    return unit in UNITS[kind] if kind in UNITS else kind == "ratio" or unit not in OTHERS


@pytest.mark.parametrize("predicate", ["definition", "scopeNote"])
def test_every_metric_says_it_once_in_each_language(predicate: str) -> None:
    said = Counter((q.subject.value, q.object.language) for q in triples() if q.predicate.value == SKOS + predicate)
    assert said == {(metric, language): 1 for metric in metrics() for language in ("zh", "en")}


@pytest.mark.parametrize("predicate", ["definition", "scopeNote"])
def test_texts_are_sentences(predicate: str) -> None:
    shape = {"zh": re.compile(r"[^,;:]+。"), "en": re.compile(r"[A-Z].+\.")}
    said = texts(predicate)
    assert [key for key, text in said.items() if not shape[key[1]].fullmatch(text)] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_definition_repeats_its_label(language: str) -> None:
    labels, definitions = texts("prefLabel"), texts("definition")
    assert [m for m in metrics() if labels[m, language].lower() in definitions[m, language].lower()] == []


def test_no_label_is_shared() -> None:
    labels = Counter(
        (q.object.value.lower(), q.object.language)
        for q in triples()
        if q.predicate.value in (SKOS + "prefLabel", SKOS + "altLabel")
    )
    assert [label for label, n in labels.items() if n > 1] == []


def test_the_scheme_is_a_shallow_tree_without_a_cycle() -> None:
    lines = {metric: line_of(metric) for metric in metrics()}
    ends = {metric for line in lines.values() for metric in objects(line[-1], SKOS + "broader")}
    assert ends == set()
    assert [metric for metric, line in lines.items() if len(line) > LEVELS] == []
    assert [metric for metric in metrics() if len(objects(metric, SKOS + "broader")) > 1] == []


def test_every_metric_hangs_under_a_top_and_only_tops_are_tops() -> None:
    tops = {metric for metric in metrics() if objects(metric, SKOS + "topConceptOf") == [BASE + "code/metric"]}
    assert {line_of(metric)[-1] for metric in metrics()} == tops
    assert [metric for metric in tops if objects(metric, SKOS + "broader")] == []


def test_every_top_has_narrower_metrics() -> None:
    below = Counter(line_of(metric)[-1] for metric in metrics())
    assert [top for top, n in below.items() if n < 2] == []


@pytest.mark.parametrize("predicate", [RG + "direction", RG + "stage", RG + "measureKind", HAS_UNIT])
def test_every_metric_has_one(predicate: str) -> None:
    assert [metric for metric in metrics() if len(objects(metric, predicate)) != 1] == []


def test_the_unit_fits_the_kind() -> None:
    pairs = {m: (local(objects(m, HAS_UNIT)[0]), local(objects(m, RG + "measureKind")[0])) for m in metrics()}
    assert {metric: pair for metric, pair in pairs.items() if not fits(*pair)} == {}


def test_a_unit_of_another_kind_is_seen() -> None:
    assert fits("GigaBYTE", "level")
    assert not fits("PERCENT", "level")
    assert not fits("NUM", "money")


def test_a_lower_rank_is_better() -> None:
    ranks = [m for m in metrics() if local(objects(m, RG + "measureKind")[0]) == "rank"]
    assert ranks
    assert [m for m in ranks if objects(m, RG + "direction") != [BASE + "code/direction-less"]] == []


def test_a_share_has_a_denominator_or_says_that_none_is_counted() -> None:
    notes = texts("scopeNote")
    rates = [m for m in metrics() if local(objects(m, RG + "measureKind")[0]) in ("share", "ratio")]
    silent = [m for m in rates if "分母" not in notes[m, "zh"] or "denominator" not in notes[m, "en"]]
    assert [m for m in silent if not objects(m, DENOMINATOR)] == []


def test_denominators_and_neighbours_are_metrics() -> None:
    ties = (DENOMINATOR, SKOS + "broader", SKOS + "closeMatch")
    assert {q.object.value for q in triples() if q.predicate.value in ties} - metrics() == set()
