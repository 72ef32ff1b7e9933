"""RDF Data Cube views (https://www.w3.org/TR/vocab-data-cube/), one cube for each metric, where periods are known.

A cube needs a value for every dimension (IC-11) and no two observations in one cell (IC-12), so a figure without a
number or a period is not in it, and all that tells two figures apart is a dimension: area, body, period, claimant,
document, kind, modality, and for what remains the place in the order of the text. The observations are our figures
under their own IRIs; cube, structure and measure are parts of the metric's IRI.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from reformgraph.engines.base import Engine
from reformgraph.publishing.publication import Publication
from reformgraph.publishing.statements import about, both, iri
from reformgraph.results import Cell, Term

PROFILE = "http://purl.org/linked-data/cube"

# Variable of the question -> property, in the order of the cube; the measure and the place in the text are its own.
DIMENSIONS = {
    "area": "sdmx-dimension:refArea",
    "agency": "rg:agency",
    "period": "sdmx-dimension:refPeriod",
    "claimant": "rg:claimant",
    "document": "dcterms:source",
    "kind": "rg:measureKind",
    "modality": "rg:modality",
}
REQUIRED = {"unit": "sdmx-attribute:unitMeasure", "bound": "rg:bound", "voice": "rg:voice"}
OPTIONAL = {
    "lower": "rg:lower",
    "upper": "rg:upper",
    "unitWord": "schema:unitText",
    "baseline": "rg:baselinePeriod",
    "rankAmong": "rg:rankAmong",
    "initiative": "rg:initiative",
    "system": "rg:system",
    "dataSource": "rg:dataSource",
}
_CODED = {"kind": "code:measure-kind", "modality": "code:modality", "bound": "code:bound", "voice": "code:voice"}
_THINGS = ("area", "agency", "period", "claimant", "document", "baseline", "rankAmong", "initiative", "system")

_FIGURES = """PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX qudt: <http://qudt.org/schema/qudt/>
PREFIX rg: <https://w3id.org/reformgraph/ns#>
PREFIX schema: <https://schema.org/>
PREFIX sdmx-dimension: <http://purl.org/linked-data/sdmx/2009/dimension#>
SELECT DISTINCT * WHERE {
  VALUES ?metric { %s }
  ?observation a rg:Observation ; rg:metric ?metric ; rg:value ?value ; qudt:hasUnit ?unit ; rg:agency ?agency ;
    sdmx-dimension:refArea ?area ; sdmx-dimension:refPeriod ?period ; rg:claimant ?claimant ; rg:voice ?voice ;
    rg:bound ?bound ; rg:measureKind ?kind ; rg:modality ?modality ; rg:firstEvidence ?span .
  ?span oa:hasSource ?document ; rg:start ?start .
  OPTIONAL { ?period dcat:startDate ?from }
  OPTIONAL { ?period dcat:endDate ?to }
  OPTIONAL { ?observation rg:lower ?lower }
  OPTIONAL { ?observation rg:upper ?upper }
  OPTIONAL { ?observation schema:unitText ?unitWord }
  OPTIONAL { ?observation rg:baselinePeriod ?baseline }
  OPTIONAL { ?observation rg:rankAmong ?rankAmong }
  OPTIONAL { ?observation rg:initiative ?initiative }
  OPTIONAL { ?observation rg:system ?system }
  OPTIONAL { ?observation rg:dataSource ?dataSource }
}
ORDER BY STR(?metric) STR(?document) ?start STR(?observation)"""

_LABELS = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
SELECT DISTINCT ?thing ?property ?value WHERE {
  VALUES ?thing { %s } VALUES ?property { skos:prefLabel skos:notation dcat:startDate dcat:endDate }
  ?thing ?property ?value
}"""


@dataclass(frozen=True)
class Figure:
    """One observation of a cube: its terms by variable, and its place among the figures of the same cell, from 1."""

    terms: dict[str, Term]
    place: int

    def __getitem__(self, variable: str) -> Term:
        return self.terms[variable]

    def text(self, variable: str) -> str:
        """The IRI or the lexical form of a term, empty where it is absent."""
        return self.terms[variable].value if variable in self.terms else ""


@dataclass(frozen=True)
class Cube:
    """The figures of one metric that have a number and a period."""

    metric: str
    figures: tuple[Figure, ...]

    @property
    def slug(self) -> str:
        """The last part of the metric's IRI."""
        return self.metric.rpartition("/")[2]

    def part(self, name: str) -> str:
        """The IRI of a part of the cube, such as `cube`, `structure`, `measure`."""
        return f"{self.metric}#{name}"


def cubes(engine: Engine, metrics: Sequence[str] = ()) -> list[Cube]:
    """The cubes of some metrics, of all by default; a metric without a figure that fits has none."""
    wanted = " ".join(str(ox.NamedNode(metric)) for metric in metrics) or "UNDEF"
    found = engine.query(_FIGURES % wanted)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    by_metric: dict[str, list[dict[str, Term]]] = {}
    for row in found:
        terms = {name: _term(row[name]) for name in names if row[name] is not None}
        by_metric.setdefault(terms["metric"].value, []).append(terms)
    return [Cube(metric, _placed(rows)) for metric, rows in by_metric.items()]


def _term(cell: Cell | None) -> Term:
    assert cell is not None
    assert not isinstance(cell, ox.Triple)
    return cell


def _placed(rows: Iterable[dict[str, Term]]) -> tuple[Figure, ...]:
    """The rows with their place in the order of the text among those with equal dimensions."""
    seen: Counter[tuple[Term, ...]] = Counter()
    figures = []
    for terms in rows:
        cell = tuple(terms[name] for name in DIMENSIONS)
        seen[cell] += 1
        figures.append(Figure(terms, seen[cell]))
    return tuple(figures)


def triples(engine: Engine, cube: Cube, publication: Publication) -> list[ox.Triple]:
    """The cube in normal form (Data Cube, 10.2): data set, structure, properties, code lists, observations, labels."""
    return [
        *_dataset(cube, publication, _label(engine, cube.metric)),
        *_structure(cube),
        *_properties(cube),
        *_codes(cube),
        *(triple for figure in cube.figures for triple in _observation(cube, figure)),
        *_labels(engine, cube),
    ]


def _dataset(cube: Cube, publication: Publication, label: dict[str, str]) -> list[ox.Triple]:
    notes = both(
        "只含有数值且知道时期的数字；每个数字都是某人的主张。",
        "Only figures with a number and a known period; each is somebody's claim.",
    )
    return about(
        cube.part("cube"),
        ("rdf:type", iri("qb:DataSet")),
        ("rdfs:label", both(label.get("zh", cube.slug), label.get("en", cube.slug))),
        ("rdfs:comment", notes),
        ("dcterms:subject", cube.metric),
        ("dcterms:isPartOf", publication.dataset),
        ("dcat:version", ox.Literal(publication.short)),
        ("dcterms:license", publication.licence),
        ("qb:structure", cube.part("structure")),
    )


def _structure(cube: Cube) -> list[ox.Triple]:
    """The components, each with an IRI; only attributes may be optional (IC-6)."""
    structure = cube.part("structure")
    dimensions = [*((name, iri(curie)) for name, curie in DIMENSIONS.items()), ("place", cube.part("place"))]
    found = about(structure, ("rdf:type", iri("qb:DataStructureDefinition")))
    for order, (name, property_) in enumerate(dimensions, 1):
        spec = cube.part(f"component-{name}")
        found += about(structure, ("qb:component", spec))
        found += about(spec, ("rdf:type", iri("qb:ComponentSpecification")), ("qb:order", order))
        found += about(spec, ("qb:dimension", property_), ("qb:componentProperty", property_))
    spec = cube.part("component-measure")
    found += about(structure, ("qb:component", spec))
    found += about(spec, ("rdf:type", iri("qb:ComponentSpecification")))
    found += about(spec, ("qb:measure", cube.part("measure")), ("qb:componentProperty", cube.part("measure")))
    for name, curie in (REQUIRED | OPTIONAL).items():
        spec = cube.part(f"component-{name}")
        found += about(structure, ("qb:component", spec))
        found += about(spec, ("rdf:type", iri("qb:ComponentSpecification")), ("qb:attribute", iri(curie)))
        required = ox.Literal(name in REQUIRED)
        found += about(spec, ("qb:componentProperty", iri(curie)), ("qb:componentRequired", required))
    return found


def _properties(cube: Cube) -> list[ox.Triple]:
    found: list[ox.Triple] = []
    for name, curie in DIMENSIONS.items():
        coded = name in _CODED
        types = [iri("rdf:Property"), iri("qb:DimensionProperty"), *([iri("qb:CodedProperty")] if coded else [])]
        found += about(iri(curie), ("rdf:type", types))
        found += about(iri(curie), ("rdfs:range", iri("skos:Concept" if coded else "rdfs:Resource")))
        found += about(iri(curie), ("qb:codeList", iri(_CODED[name]) if coded else None))
    place = both("同一格中按原文次序的第几个", "Place in the order of the text among figures of one cell")
    found += about(cube.part("place"), ("rdf:type", [iri("rdf:Property"), iri("qb:DimensionProperty")]))
    found += about(cube.part("place"), ("rdfs:range", iri("xsd:integer")), ("rdfs:label", place))
    found += about(cube.part("measure"), ("rdf:type", [iri("rdf:Property"), iri("qb:MeasureProperty")]))
    found += about(cube.part("measure"), ("rdfs:subPropertyOf", iri("sdmx-measure:obsValue")))
    found += about(cube.part("measure"), ("rdfs:range", iri("xsd:decimal")), ("qb:concept", cube.metric))
    for curie in (REQUIRED | OPTIONAL).values():
        found += about(iri(curie), ("rdf:type", [iri("rdf:Property"), iri("qb:AttributeProperty")]))
    return found


def _codes(cube: Cube) -> list[ox.Triple]:
    """The code lists, with those of their concepts that occur."""
    found: list[ox.Triple] = []
    for name, scheme in _CODED.items():
        found += about(iri(scheme), ("rdf:type", iri("skos:ConceptScheme")))
        for code in {figure.text(name) for figure in cube.figures}:
            found += about(code, ("rdf:type", iri("skos:Concept")), ("skos:inScheme", iri(scheme)))
    return found


def _observation(cube: Cube, figure: Figure) -> list[ox.Triple]:
    columns = DIMENSIONS | REQUIRED | OPTIONAL
    node = ox.NamedNode(figure.text("observation"))
    parts = about(
        node.value,
        ("rdf:type", iri("qb:Observation")),
        ("qb:dataSet", cube.part("cube")),
        *((curie, figure[name]) for name, curie in columns.items() if name in figure.terms),
    )
    place = ox.Triple(node, ox.NamedNode(cube.part("place")), ox.Literal(figure.place))
    return [*parts, place, ox.Triple(node, ox.NamedNode(cube.part("measure")), figure["value"])]


def _labels(engine: Engine, cube: Cube) -> list[ox.Triple]:
    """Names of all things that the cube speaks of, notations of codes, days of periods."""
    names = (*_THINGS, *_CODED, "metric", "dataSource", "unit")
    things = {figure[name] for figure in cube.figures for name in names if name in figure.terms}
    found = engine.query(_LABELS % " ".join(sorted(str(thing) for thing in things)))
    assert isinstance(found, ox.QuerySolutions)
    return [ox.Triple(row["thing"], row["property"], row["value"]) for row in found]


def _label(engine: Engine, metric: str) -> dict[str, str]:
    found = engine.query(f"SELECT ?label {{ <{metric}> <{iri('skos:prefLabel')}> ?label }}")
    assert isinstance(found, ox.QuerySolutions)
    labels = [row["label"] for row in found]
    return {label.language: label.value for label in labels if isinstance(label, ox.Literal) and label.language}
