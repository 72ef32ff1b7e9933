"""Cubes hold the integrity constraints of the Data Cube recommendation, and every figure that fits is in one."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from reformgraph.engines.embedded import Embedded
from reformgraph.namespaces import BASE, RDF, RG
from reformgraph.publishing import datacube, sdmxcsv
from reformgraph.publishing.datacube import Cube
from reformgraph.publishing.publication import Publication
from reformgraph.publishing.statements import iri

CONSTRAINTS = {path.stem: path.read_text("utf-8") for path in (Path(__file__).parent / "constraints").glob("*.rq")}
CONCEPT = ox.NamedNode("http://www.w3.org/2004/02/skos/core#Concept")
METRIC = f"{BASE}metric/police-stations-new-build"  # two figures of it stand in one cell but for their place


def violated(triples: list[ox.Triple]) -> set[str]:
    store = ox.Store()
    store.bulk_extend(ox.Quad(*triple) for triple in triples)
    return {name for name, question in CONSTRAINTS.items() if bool(store.query(question))}


@pytest.fixture(scope="module")
def all_cubes(whole_engine: Embedded) -> list[Cube]:
    return datacube.cubes(whole_engine)


@pytest.fixture
def cube(whole_engine: Embedded, published: Publication) -> list[ox.Triple]:
    (found,) = datacube.cubes(whole_engine, [METRIC])
    return datacube.triples(whole_engine, found, published)


def without(triples: list[ox.Triple], predicate: str, subject: str = "") -> list[ox.Triple]:
    kept = [t for t in triples if t.predicate.value != predicate or (subject and str(t.subject) != f"<{subject}>")]
    assert len(kept) < len(triples)
    return kept


def test_all_constraints_of_the_recommendation_are_asked() -> None:
    assert {name[3:5] for name in CONSTRAINTS} == {f"{number:02d}" for number in range(1, 22)}


def test_every_cube_of_the_graph_holds_every_constraint(
    all_cubes: list[Cube], whole_engine: Embedded, published: Publication
) -> None:
    assert len(all_cubes) > 100
    faults = {c.slug: violated(datacube.triples(whole_engine, c, published)) for c in all_cubes}
    assert {slug: found for slug, found in faults.items() if found} == {}


def test_every_figure_with_a_number_and_a_period_is_in_the_cube_of_its_metric(
    all_cubes: list[Cube], whole_engine: Embedded
) -> None:
    found = whole_engine.query(
        f"SELECT ?o ?m {{ ?o a <{RG}Observation> ; <{RG}metric> ?m ; <{RG}value> ?v ; <{iri('sdmx-dimension:refPeriod')}> ?p }}"
    )
    assert isinstance(found, ox.QuerySolutions)
    expected = {(row["o"].value, row["m"].value) for row in found}
    assert {(f.text("observation"), c.metric) for c in all_cubes for f in c.figures} == expected
    assert sum(len(c.figures) for c in all_cubes) == len(expected)


def test_figures_of_one_cell_are_told_apart_by_their_place(all_cubes: list[Cube]) -> None:
    assert {figure.place for cube in all_cubes for figure in cube.figures} == {1, 2}


DIMENSION, RANGE, COMPONENT = iri("rg:agency"), iri("rdfs:range"), iri("qb:component")


@pytest.mark.parametrize(
    ("predicate", "subject", "constraint"),
    [
        (iri("qb:dataSet"), "", "ic-01"),
        (iri("qb:structure"), "", "ic-02"),
        (RANGE, DIMENSION, "ic-04"),
        (iri("qb:codeList"), "", "ic-05"),
        (DIMENSION, "", "ic-11"),
        (f"{METRIC}#place", "", "ic-11"),
        (iri("sdmx-attribute:unitMeasure"), "", "ic-13"),
        (f"{METRIC}#measure", "", "ic-14"),
        (iri("skos:inScheme"), "", "ic-19a"),
    ],
)
def test_a_cube_without_one_of_its_parts_is_found(
    cube: list[ox.Triple], predicate: str, subject: str, constraint: str
) -> None:
    assert constraint in violated(without(cube, predicate, subject))


def test_a_structure_without_a_measure_is_found(cube: list[ox.Triple]) -> None:
    measure = ox.NamedNode(iri("qb:MeasureProperty"))
    assert "ic-03" in violated([triple for triple in cube if triple.object != measure])


def test_two_figures_in_one_cell_are_found(cube: list[ox.Triple]) -> None:
    place = ox.NamedNode(f"{METRIC}#place")
    levelled = [ox.Triple(t.subject, t.predicate, ox.Literal(1)) if t.predicate == place else t for t in cube]
    assert "ic-12" in violated(levelled)


def test_an_optional_dimension_is_found(cube: list[ox.Triple]) -> None:
    required = ox.NamedNode(iri("qb:componentRequired"))
    spec = ox.NamedNode(f"{METRIC}#component-area")
    assert "ic-06" in violated([*cube, ox.Triple(spec, required, ox.Literal(False))])


def test_sdmx_csv_has_a_line_for_each_figure_with_its_number_and_its_period(all_cubes: list[Cube]) -> None:
    rows = list(csv.DictReader(io.StringIO(sdmxcsv.sdmx_csv(all_cubes).decode())))
    assert len(rows) == sum(len(cube.figures) for cube in all_cubes)
    row = next(row for row in rows if row["OBSERVATION"].endswith("/826ec1811efe-1516-1524"))
    assert (row["OBS_VALUE"], row["MEASURE_KIND"], row["UNIT_MEASURE"]) == ("-30.6", "change", "PERCENT")
    assert (row["TIME_PERIOD"], row["BASELINE"]) == ("2009-01-01/P349D", "d2008-01-01_2008-12-15")
    assert all(row["TIME_PERIOD"] and row["STRUCTURE_ID"].startswith("REFORMGRAPH:") for row in rows)


def test_the_cube_of_a_metric_is_served_by_its_profile(http: httpx.Client, all_cubes: list[Cube]) -> None:
    answer = http.get("/metric/computers.ttl?profile=qb")
    assert f'<{datacube.PROFILE}>; rel="profile"' in answer.headers["Link"]
    quads = list(ox.parse(answer.content, format=ox.RdfFormat.TURTLE))
    assert violated([quad.triple for quad in quads]) == set()
    assert sum(quad.object.value == iri("qb:Observation") for quad in quads if quad.predicate.value == RDF + "type")


def test_the_figures_of_a_metric_are_served_as_sdmx_csv(http: httpx.Client) -> None:
    answer = http.get("/metric/computers.csv?profile=sdmx-csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.startswith("STRUCTURE,STRUCTURE_ID,ACTION,")
    assert "REFORMGRAPH:COMPUTERS(1.0)" in answer.text


def test_all_cubes_are_listed_and_come_in_one_file(http: httpx.Client, all_cubes: list[Cube]) -> None:
    told = http.get("/cubes.json").json()
    assert [cube["metric"] for cube in told["cubes"]] == [cube.metric for cube in all_cubes]
    assert http.get("/cubes.csv").text.count("\n") == sum(len(cube.figures) for cube in all_cubes) + 1
    assert violated([q.triple for q in ox.parse(http.get("/cubes.ttl").content, format=ox.RdfFormat.TURTLE)]) == set()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/metric/computers?profile=nanopub", 422),
        ("/metric/computers?profile=nonsense", 422),
        ("/metric/no-such-metric.ttl?profile=qb", 404),
    ],
)
def test_a_profile_that_does_not_fit_is_the_callers_mistake(http: httpx.Client, path: str, status: int) -> None:
    answer = http.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json; charset=utf-8")


def test_a_metric_without_a_figure_that_fits_has_no_cube(http: httpx.Client, all_cubes: list[Cube]) -> None:
    metrics = {row["thing"] for row in http.get("/metric?limit=1000").json()["members"]}
    without_cube = sorted(metrics - {cube.metric for cube in all_cubes})
    answer = http.get(without_cube[0].replace(BASE, "/") + ".ttl?profile=qb")
    assert (answer.status_code, answer.json()["type"].rpartition("#")[2]) == (404, "problem-not-found")
