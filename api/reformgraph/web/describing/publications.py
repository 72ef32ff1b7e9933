"""What DCAT and VoID say of the publications made of the graph: cubes, Croissant, kept releases, the changelog."""

from __future__ import annotations

import pyoxigraph as ox
from starlette.requests import Request

from reformgraph.linked.holdings import Holdings
from reformgraph.publishing import croissant, datacube, keptreleases
from reformgraph.publishing.publication import SHORT
from reformgraph.publishing.statements import about, both, iri
from reformgraph.web.site import Site
from reformgraph.web.things.profiles import SDMX_CSV

_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def publications(request: Request, site: Site, held: Holdings) -> list[ox.Triple]:
    """Distributions besides the whole graph, the releases that are kept (DCAT 3, 11), where changes are told."""
    here = f"{request.base_url}catalog"
    folder = site.release.path.parent
    before = keptreleases.before(folder, site.release)
    triples = about(
        held.dataset,
        ("dcat:hasVersion", [_pinned(request, release.id) for release in keptreleases.kept(folder)]),
        ("dcat:previousVersion", _pinned(request, before.id) if before else None),
        ("dcat:distribution", [f"{here}#{name}" for name in ("cubes", "sdmx-csv", "croissant")]),
        ("foaf:page", [f"{request.base_url}{path}" for path in ("changelog", "cubes")]),
    )
    for name, path, title, standard, media_type in (
        ("cubes", "cubes.ttl", both("数据立方体", "Data cubes"), datacube.PROFILE, "text/turtle"),
        ("sdmx-csv", "cubes.csv", both("SDMX-CSV 表", "SDMX-CSV table"), SDMX_CSV, "text/csv"),
        ("croissant", "croissant.json", both("Croissant 元数据", "Croissant metadata"), croissant.SPECIFICATION,
         "application/ld+json"),
    ):  # fmt: skip
        triples += about(
            f"{here}#{name}",
            ("rdf:type", iri("dcat:Distribution")),
            ("dcterms:title", title),
            ("dcterms:license", held.said("dcterms:license")),
            ("dcterms:conformsTo", standard),
            ("dcat:accessURL", f"{request.base_url}cubes" if name != "croissant" else f"{request.base_url}{path}"),
            ("dcat:downloadURL", f"{request.base_url}{path}"),
            ("dcat:mediaType", _MEDIA_TYPES + media_type),
        )
    return triples


def cubes_subset(request: Request, held: Holdings) -> list[ox.Triple]:
    """The cubes as a subset of the data set (VoID, 4.4)."""
    node = f"{request.base_url}.well-known/void#cubes"
    return about(held.dataset, ("void:subset", node)) + about(
        node,
        ("rdf:type", iri("void:Dataset")),
        ("dcterms:title", both("数据立方体", "Data cubes")),
        ("dcterms:conformsTo", datacube.PROFILE),
        ("void:dataDump", f"{request.base_url}cubes.ttl"),
    )


def _pinned(request: Request, release: str) -> str:
    return f"{request.base_url}catalog?release={release[:SHORT]}"
