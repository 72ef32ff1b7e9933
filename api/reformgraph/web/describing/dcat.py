"""DCAT 3: the catalogue with the data set, its downloads and its services (https://www.w3.org/TR/vocab-dcat-3/)."""

from __future__ import annotations

import pyoxigraph as ox
from starlette.requests import Request

from reformgraph.content import content_root
from reformgraph.exports.catalogue import Export, exports_of
from reformgraph.linked.holdings import Holdings
from reformgraph.namespaces import expand
from reformgraph.results import FORMATS
from reformgraph.web.describing.publications import publications
from reformgraph.web.describing.statements import about, address, both
from reformgraph.web.describing.void import store_address
from reformgraph.web.offers import GRAPHS
from reformgraph.web.site import Site

_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_LANGUAGES = "http://id.loc.gov/vocabulary/iso639-1/"  # the IRIs that DCAT 3, 6.4.6, names
_SHORT = 12  # hex digits of the release that stand for it


def catalogue(request: Request, site: Site, held: Holdings) -> list[ox.Triple]:
    """The catalogue; it names no publisher and no time, for the graph tells of none."""
    here = address(request, "catalog")
    services = [f"{here}#sparql", f"{here}#queries", f"{here}#graphs"]
    return [
        *about(
            here,
            ("rdf:type", _dcat("Catalog")),
            ("dcterms:title", both("reformgraph 数据目录", "Catalogue of reformgraph")),
            ("dcterms:description", both("一个数据集及其下载和服务。", "One data set, its downloads, its services.")),
            ("dcterms:license", held.said("dcterms:license")),
            ("foaf:homepage", address(request, "")),
            ("dcat:dataset", held.dataset),
            ("dcat:service", services),
        ),
        *_dataset(request, site, held),
        *_distributions(request, held),
        *_files(request, held),
        *_services(request, held),
        *publications(request, site, held),
    ]


def version(site: Site) -> str:
    """The release as the catalogue writes it, 12 hex digits."""
    return site.release.id[:_SHORT]


def _dataset(request: Request, site: Site, held: Holdings) -> list[ox.Triple]:
    here = address(request, "catalog")
    languages = [_LANGUAGES + str(tag.value) for tag in held.said("dcterms:language")]
    triples = about(
        held.dataset,
        ("rdf:type", _dcat("Dataset")),
        ("dcterms:title", held.said("dcterms:title")),
        ("dcterms:description", held.said("dcterms:description")),
        ("dcterms:license", held.said("dcterms:license")),
        ("dcterms:language", languages),
        ("dcterms:identifier", ox.Literal(site.release.id)),
        ("dcat:version", ox.Literal(version(site))),
        ("dcat:landingPage", address(request, "")),
        ("dcterms:source", held.documents),
        ("dcterms:spatial", held.areas),
        ("dcat:distribution", [f"{here}#{name}" for name in (*_distribution_names(), *(e.name for e in _exports()))]),
    )
    for area in held.areas:
        triples += about(area, ("rdf:type", expand("dcterms:Location")))
    if held.start or held.end:
        triples += about(held.dataset, ("dcterms:temporal", f"{here}#period"))
        triples += about(
            f"{here}#period",
            ("rdf:type", expand("dcterms:PeriodOfTime")),
            ("dcat:startDate", _date(held.start)),
            ("dcat:endDate", _date(held.end)),
        )
    return triples


def _distribution_names() -> list[str]:
    return [format_.suffix for format_ in GRAPHS]


def _distributions(request: Request, held: Holdings) -> list[ox.Triple]:
    """The union of all graphs in each format of the graph store."""
    here, url = address(request, "catalog"), store_address(request)
    return [
        triple
        for name in _distribution_names()
        for triple in about(
            f"{here}#{name}",
            ("rdf:type", _dcat("Distribution")),
            ("dcterms:title", both(f"全部命名图之并（{name}）", f"The union of all graphs ({name})")),
            ("dcterms:license", held.said("dcterms:license")),
            ("dcat:accessURL", url),
            ("dcat:downloadURL", f"{url}&format={name}"),
            ("dcat:accessService", f"{here}#graphs"),
            ("dcat:mediaType", _MEDIA_TYPES + FORMATS[name].media_type),
        )
    ]


def _exports() -> list[Export]:
    return [export for export in exports_of(content_root()) if export.available]


def _files(request: Request, held: Holdings) -> list[ox.Triple]:
    """The files of `/exports`; of a compressed one the media type is that of what it holds (DCAT 3, 6.8.17)."""
    here = address(request, "catalog")
    return [
        triple
        for export in _exports()
        for triple in about(
            f"{here}#{export.name}",
            ("rdf:type", _dcat("Distribution")),
            ("dcterms:title", both(export.title["zh"], export.title["en"])),
            ("dcterms:license", held.said("dcterms:license")),
            ("dcat:accessURL", address(request, "exports")),
            ("dcat:downloadURL", address(request, f"exports/{export.name}")),
            ("dcat:mediaType", _MEDIA_TYPES + (export.packed or export.media_type)),
            ("dcat:compressFormat", _MEDIA_TYPES + export.media_type if export.packed else None),
        )
    ]


def _services(request: Request, held: Holdings) -> list[ox.Triple]:
    here, openapi = address(request, "catalog"), address(request, "openapi.json")
    triples = []
    for name, title, path, description, standard in (
        ("sparql", both("SPARQL 端点", "SPARQL endpoint"), "sparql", address(request, "sparql"),
         "https://www.w3.org/TR/sparql11-protocol/"),
        ("queries", both("查询 API", "Query API"), "queries", openapi, "https://spec.openapis.org/oas/v3.1.0"),
        ("graphs", both("图存储（只读）", "Graph store, read-only"), "graphs", openapi,
         "https://www.w3.org/TR/sparql11-http-rdf-update/"),
    ):  # fmt: skip
        triples += about(
            f"{here}#{name}",
            ("rdf:type", _dcat("DataService")),
            ("dcterms:title", title),
            ("dcterms:license", held.said("dcterms:license")),
            ("dcterms:conformsTo", standard),
            ("dcat:endpointURL", address(request, path)),
            ("dcat:endpointDescription", description),
            ("dcat:servesDataset", held.dataset),
        )
    return triples


def _date(value: str | None) -> ox.Literal | None:
    """A day, month or year as the literal that it is."""
    if value is None:
        return None
    kind = {10: "date", 7: "gYearMonth", 4: "gYear"}.get(len(value), "string")
    return ox.Literal(value, datatype=ox.NamedNode(expand(f"xsd:{kind}") or ""))


def _dcat(name: str) -> str:
    iri = expand("dcat:" + name)
    assert iri is not None
    return iri
