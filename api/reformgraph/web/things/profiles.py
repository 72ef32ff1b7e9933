"""`?profile=`: other views of one thing (https://www.w3.org/TR/dx-prof-conneg/): nanopublication, data cube, SDMX."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from reformgraph.errors import NotFoundError, ParameterError
from reformgraph.namespaces import prefixes
from reformgraph.publishing import datacube, nanopub, publication, sdmxcsv
from reformgraph.publishing.datacube import Cube
from reformgraph.results import FORMATS, Format
from reformgraph.web import respond
from reformgraph.web.offers import serialized
from reformgraph.web.site import Site
from reformgraph.web.things import missing, representing
from reformgraph.web.things.representing import Link

SDMX_CSV = "https://sdmx.org/sdmx-csv/2.0.0"
_GRAPHS = ("ttl", "nt", "jsonld", "rdf")
_WHOLE = 10_000  # all spans of a figure


@dataclass(frozen=True)
class Profile:
    """A view: its IRI, the kind of thing that has it, its formats with the default first, and what writes it."""

    iri: str
    kind: str
    formats: tuple[str, ...]
    write: Callable[[Site, str, Format], bytes]


def answer(request: Request, site: Site, kind: str, slug: str) -> Response:
    """A thing as the profile of the request has it.

    ParameterError for a profile that is unknown or that this kind has not, NotFoundError for a metric without a cube.
    """
    name = request.query_params["profile"]
    fitting = {key: profile for key, profile in PROFILES.items() if profile.kind == kind}
    if name not in fitting:
        reason = f"{name!r} is no profile of {kind}."
        raise ParameterError("profile", reason, list(fitting) or [f"{p.kind}: {key}" for key, p in PROFILES.items()])
    profile = fitting[name]
    stem, suffix = respond.split_suffix(slug, [FORMATS[offered] for offered in profile.formats])
    address = site.resources.find(kind, stem)
    if address.withdrawn:
        return missing.gone(request, site, address)
    chosen = respond.negotiate(request, profile.formats, suffix)
    here = representing.path_of(request, address.iri)
    query = urlencode({"profile": name})
    if address.moved:
        target = f"{here}{f'.{suffix}' if suffix else ''}?{query}"
        return Response(status_code=303, headers={"Location": target})
    links = [Link(profile.iri, "profile"), Link(f"{here}.html", "alternate", "text/html"), Link(address.iri, "about")]
    links += [Link(representing.LICENSE, "license")]
    body = profile.write
    return representing.send(
        site, request, chosen, lambda: body(site, address.iri, chosen), f"{here}.{chosen.suffix}?{query}", links
    )


def _nanopublication(site: Site, iri: str, chosen: Format) -> bytes:
    described = site.resources.describe(iri, _WHOLE)
    made = nanopub.nanopublication(described, publication.read(site.engine, site.release.id))
    return quads(made, chosen)


def quads(made: nanopub.Nanopublication, chosen: Format) -> bytes:
    """A nanopublication in a format of data sets, its graphs in the order of their names."""
    assert isinstance(chosen.engine, ox.RdfFormat)
    lines = sorted((str(quad.graph_name), str(quad), quad) for quad in made.quads)
    text = "\n".join(line for _, line, _ in lines)
    used = {prefix: space for prefix, space in prefixes().items() if f"<{space}" in text}
    used |= {"np": nanopub.NP, "this": f"{made.address}#"} if chosen.suffix == "trig" else {}
    return representing.dataset([quad for _, _, quad in lines], chosen.engine, used)


def _cube(site: Site, iri: str, chosen: Format) -> bytes:
    return cube_graph(site, [cube_of(site, iri)], chosen)


def _sdmx(site: Site, iri: str, chosen: Format) -> bytes:
    return sdmxcsv.sdmx_csv([cube_of(site, iri)])


def cube_of(site: Site, iri: str) -> Cube:
    """The cube of a metric; NotFoundError where no figure of it has a number and a period."""
    found = datacube.cubes(site.engine, [iri])
    if not found:
        nearest = [cube.metric for cube in datacube.cubes(site.engine)][:5]
        raise NotFoundError("cube of the metric", iri, nearest)
    return found[0]


def cube_graph(site: Site, cubes: list[Cube], chosen: Format) -> bytes:
    """Cubes as one graph."""
    published = publication.read(site.engine, site.release.id)
    return serialized([t for cube in cubes for t in datacube.triples(site.engine, cube, published)], chosen)


PROFILES = {
    "nanopub": Profile(nanopub.PROFILE, "obs", ("trig", "nq", "jsonld"), _nanopublication),
    "qb": Profile(datacube.PROFILE, "metric", _GRAPHS, _cube),
    "sdmx-csv": Profile(SDMX_CSV, "metric", ("csv",), _sdmx),
}
