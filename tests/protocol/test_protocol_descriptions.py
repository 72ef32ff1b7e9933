"""Service description, VoID and DCAT say what the graph and the service really have; nothing is invented."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from pyshacl import validate
from rdflib import DCAT, DCTERMS, RDF, VOID, XSD, Graph, Literal, Namespace, URIRef

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
BASE = "https://w3id.org/reformgraph/"
DATASET = URIRef(BASE + "graph/catalog")

# What DCAT 3 and DCAT-AP ask of a catalogue that names no publisher.
RULES = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
<x:catalog> sh:targetClass dcat:Catalog ; sh:property
  [ sh:path dcterms:title ; sh:minCount 2 ; sh:uniqueLang true ] , [ sh:path dcterms:description ; sh:minCount 2 ; sh:uniqueLang true ] ,
  [ sh:path dcat:dataset ; sh:minCount 1 ; sh:class dcat:Dataset ] , [ sh:path dcat:service ; sh:minCount 2 ; sh:class dcat:DataService ] .
<x:dataset> sh:targetClass dcat:Dataset ; sh:property
  [ sh:path dcterms:title ; sh:minCount 2 ; sh:uniqueLang true ] , [ sh:path dcterms:description ; sh:minCount 2 ] ,
  [ sh:path dcterms:license ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] , [ sh:path dcterms:language ; sh:minCount 2 ; sh:nodeKind sh:IRI ] ,
  [ sh:path dcat:version ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:Literal ] ,
  [ sh:path dcterms:temporal ; sh:maxCount 1 ; sh:class dcterms:PeriodOfTime ] , [ sh:path dcterms:spatial ; sh:minCount 1 ; sh:class dcterms:Location ] ,
  [ sh:path dcat:distribution ; sh:minCount 6 ; sh:class dcat:Distribution ] .
<x:distribution> sh:targetClass dcat:Distribution ; sh:property
  [ sh:path dcat:accessURL ; sh:minCount 1 ; sh:nodeKind sh:IRI ] , [ sh:path dcat:downloadURL ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
  [ sh:path dcat:mediaType ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] , [ sh:path dcterms:license ; sh:minCount 1 ] ,
  [ sh:path dcat:accessService ; sh:class dcat:DataService ] .
<x:service> sh:targetClass dcat:DataService ; sh:property
  [ sh:path dcterms:title ; sh:minCount 2 ] , [ sh:path dcat:endpointURL ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
  [ sh:path dcat:endpointDescription ; sh:minCount 1 ; sh:nodeKind sh:IRI ] , [ sh:path dcat:servesDataset ; sh:minCount 1 ; sh:class dcat:Dataset ] .
<x:period> sh:targetClass dcterms:PeriodOfTime ; sh:property
  [ sh:path dcat:startDate ; sh:maxCount 1 ; sh:datatype xsd:date ] , [ sh:path dcat:endDate ; sh:maxCount 1 ; sh:datatype xsd:date ] .
"""


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=30) as client:
        yield client


def read(http: httpx.Client, path: str, format_: str = "turtle") -> Graph:
    accept = {
        "turtle": "text/turtle",
        "xml": "application/rdf+xml",
        "json-ld": "application/ld+json",
        "nt": "application/n-triples",
    }
    return Graph().parse(data=http.get(path, headers={"Accept": accept[format_]}).content, format=format_)


def ask(http: httpx.Client, select: str) -> int:
    answer = http.get("/sparql", params={"query": f"SELECT {select}"}).json()
    return int(answer["results"]["bindings"][0]["n"]["value"])


def number(graph: Graph, subject: object, predicate: URIRef) -> int:
    (value,) = graph.objects(subject, predicate)  # type: ignore[arg-type]
    assert isinstance(value, Literal)
    assert value.datatype == XSD.integer
    return int(value)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's JSON-LD parser
@pytest.mark.parametrize("path", ["/sparql", "/.well-known/void", "/catalog", "/graphs", "/prefixes"])
def test_rdflib_reads_the_same_graph_from_each_format(http: httpx.Client, path: str) -> None:
    first, *others = (set(read(http, path, name)) for name in ("turtle", "xml", "json-ld", "nt"))
    assert all(other == first for other in others)
    assert len(first) > 20


def test_the_service_description_names_an_absolute_endpoint_that_answers(http: httpx.Client) -> None:
    graph = read(http, "/sparql")
    (service,) = graph.subjects(RDF.type, SD.Service)
    (endpoint,) = graph.objects(service, SD.endpoint)
    assert httpx.get(str(endpoint), params={"query": "ASK {}"}).json()["boolean"] is True
    assert set(graph.objects(service, SD.supportedLanguage)) == {SD.SPARQL11Query}
    assert set(graph.objects(service, SD.feature)) == {SD.UnionDefaultGraph}
    assert not set(graph.objects(service, SD.extensionFunction))


def test_every_format_of_the_service_description_can_be_had(http: httpx.Client) -> None:
    names = {str(iri).rpartition("/")[2] for iri in read(http, "/sparql").objects(None, SD.resultFormat)}
    select = ["json", "xml", "csv", "tsv"]
    assert {f"SPARQL_Results_{name.upper()}" for name in select} < names
    assert names - {f"SPARQL_Results_{name.upper()}" for name in select} == {"Turtle", "N-Triples", "JSON-LD", "RDF_XML", "N-Quads", "TriG"}  # fmt: skip


def test_the_service_description_has_every_graph_with_its_triples(http: httpx.Client) -> None:
    graph = read(http, "/sparql")
    (dataset,) = graph.objects(None, SD.defaultDataset)
    (default,) = graph.objects(dataset, SD.defaultGraph)
    assert number(graph, default, VOID.triples) == ask(http, "(COUNT(*) AS ?n) { SELECT DISTINCT * { ?s ?p ?o } }")
    named = {
        str(graph.value(node, SD.name)): graph.value(node, SD.graph) for node in graph.objects(dataset, SD.namedGraph)
    }
    answer = http.get("/sparql", params={"query": "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"})
    counted = {row["g"]["value"]: int(row["n"]["value"]) for row in answer.json()["results"]["bindings"]}
    assert {iri: number(graph, node, VOID.triples) for iri, node in named.items()} == counted


@pytest.mark.parametrize(
    ("predicate", "select"),
    [
        (VOID.triples, "(COUNT(*) AS ?n) { SELECT DISTINCT * { ?s ?p ?o } }"),
        (VOID.entities, f"(COUNT(DISTINCT ?s) AS ?n) {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), '{BASE}')) }}"),
        (VOID.classes, "(COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }"),
        (VOID.properties, "(COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }"),
        (VOID.distinctSubjects, "(COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"),
        (VOID.distinctObjects, "(COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }"),
    ],
)
def test_the_numbers_of_void_are_those_of_the_graph(http: httpx.Client, predicate: URIRef, select: str) -> None:
    assert number(read(http, "/.well-known/void"), DATASET, predicate) == ask(http, select)


def test_the_partitions_of_void_are_whole(http: httpx.Client) -> None:
    graph = read(http, "/.well-known/void")
    classes, properties = (set(graph.objects(DATASET, VOID[f"{kind}Partition"])) for kind in ("class", "property"))
    assert len(classes) == number(graph, DATASET, VOID.classes)
    assert len(properties) == number(graph, DATASET, VOID.properties)
    assert sum(number(graph, node, VOID.triples) for node in properties) == number(graph, DATASET, VOID.triples)
    observations = next(n for n in classes if graph.value(n, VOID["class"]) == URIRef(BASE + "ns#Observation"))
    assert number(graph, observations, VOID.entities) == ask(
        http, f"(COUNT(*) AS ?n) {{ ?s a <{BASE}ns#Observation> }}"
    )


def test_the_linksets_of_void_are_the_links_of_the_graph(http: httpx.Client) -> None:
    graph = read(http, "/.well-known/void")
    for linkset in graph.subjects(RDF.type, VOID.Linkset):
        target = graph.value(graph.value(linkset, VOID.objectsTarget), VOID.uriSpace)
        predicate = graph.value(linkset, VOID.linkPredicate)
        found = ask(http, f"(COUNT(*) AS ?n) {{ ?s <{predicate}> ?o FILTER(STRSTARTS(STR(?o), '{target}')) }}")
        assert number(graph, linkset, VOID.triples) == found > 0
    assert {str(space) for space in graph.objects(None, VOID.uriSpace)} == {
        BASE, "https://sws.geonames.org/", "http://www.wikidata.org/entity/"}  # fmt: skip


def test_what_void_points_at_is_there(http: httpx.Client) -> None:
    graph = read(http, "/.well-known/void")
    examples = [str(iri) for iri in graph.objects(DATASET, VOID.exampleResource)]
    assert len(examples) == 6
    for iri in examples:
        assert http.get(iri.replace(BASE, "/"), headers={"Accept": "text/turtle"}).status_code == 200
    for url in {*graph.objects(None, VOID.dataDump), *graph.objects(None, VOID.sparqlEndpoint)}:
        assert httpx.head(str(url)).status_code == 200, url
    vocabularies = {str(iri) for iri in graph.objects(DATASET, VOID.vocabulary)}
    assert {BASE + "ns#", "http://www.w3.org/ns/oa#", str(DCTERMS), str(DCAT)} < vocabularies


def test_the_catalogue_conforms_to_the_rules_of_dcat(http: httpx.Client) -> None:
    conforms, _, report = validate(read(http, "/catalog"), shacl_graph=Graph().parse(data=RULES, format="turtle"))
    assert conforms, report


def test_the_rules_of_dcat_find_a_catalogue_without_a_licence(http: httpx.Client) -> None:
    graph = read(http, "/catalog")
    graph.remove((DATASET, DCTERMS.license, None))
    assert not validate(graph, shacl_graph=Graph().parse(data=RULES, format="turtle"))[0]


def test_the_catalogue_names_the_release_and_invents_no_publisher_and_no_time(http: httpx.Client) -> None:
    graph = read(http, "/catalog")
    release = http.get("/ready").json()["release"]
    assert [str(value) for value in graph.objects(DATASET, URIRef(str(DCAT) + "version"))] == [release[:12]]
    assert [str(value) for value in graph.objects(DATASET, DCTERMS.identifier)] == [release]
    assert not {DCTERMS.publisher, DCTERMS.creator, DCTERMS.issued, DCTERMS.modified} & set(graph.predicates())


def test_every_download_of_the_catalogue_has_its_media_type_and_all_triples(http: httpx.Client) -> None:
    graph = read(http, "/catalog")
    for distribution in graph.subjects(DCAT.accessService):  # files under /exports are asked in tests/exports
        answer = httpx.head(str(graph.value(distribution, DCAT.downloadURL)), timeout=30)
        media_type = str(graph.value(distribution, DCAT.mediaType)).partition("/media-types/")[2]
        assert (answer.status_code, answer.headers["content-type"]) == (200, f"{media_type}; charset=utf-8")


def test_every_service_of_the_catalogue_and_its_description_answer(http: httpx.Client) -> None:
    graph = read(http, "/catalog")
    for predicate in (DCAT.endpointURL, DCAT.endpointDescription):
        for url in set(graph.objects(None, predicate)):
            assert httpx.get(str(url)).status_code == 200, url


def test_the_query_api_conforms_to_the_openapi_that_its_description_is_in(http: httpx.Client) -> None:
    graph = read(http, "/catalog")
    version = http.get("/openapi.json").json()["openapi"]
    assert URIRef(f"https://spec.openapis.org/oas/v{version}") in set(graph.objects(None, DCTERMS.conformsTo))


def test_the_coverage_is_that_of_the_figures(http: httpx.Client) -> None:
    graph = read(http, "/catalog")
    areas = {str(iri) for iri in graph.objects(DATASET, DCTERMS.spatial)}
    rows = http.get("/queries/observations.json", params={"limit": 1000}).json()["rows"]
    assert areas == {row["area"] for row in rows if row["area"]}
    (period,) = graph.objects(DATASET, DCTERMS.temporal)
    days = [str(graph.value(period, DCAT[name])) for name in ("startDate", "endDate")]
    assert days == [
        min(r["periodStart"] for r in rows if r["periodStart"]),
        max(r["periodEnd"] for r in rows if r["periodEnd"]),
    ]


@pytest.mark.parametrize("path", ["/catalog", "/.well-known/void", "/graphs"])
@pytest.mark.parametrize(("language", "word"), [("zh", "命名图"), ("en", "Named graphs")])
def test_a_description_is_also_a_page(http: httpx.Client, path: str, language: str, word: str) -> None:
    page = http.get(path, headers={"Accept": "text/html", "Accept-Language": language})
    assert page.headers["content-language"] == language
    assert word in page.text


def test_the_prefix_document_declares_each_prefix_and_opens_every_query(http: httpx.Client) -> None:
    table = http.get("/prefixes.json").json()
    declared = dict(read(http, "/prefixes").namespaces())
    assert {prefix: str(namespace) for prefix, namespace in declared.items() if prefix in table} == table
    sh = Namespace("http://www.w3.org/ns/shacl#")
    graph = read(http, "/prefixes")
    assert {
        str(graph.value(n, sh.prefix)): str(graph.value(n, sh.namespace)) for n in graph.objects(None, sh.declare)
    } == table
    prologue = http.get("/prefixes", headers={"Accept": "application/sparql-query"}).text
    assert http.get("/sparql", params={"query": prologue + "ASK { ?x a rg:Observation }"}).json()["boolean"] is True
