"""What is made of the graph for others: `/cubes`, `/croissant.json`, `/changelog`."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response

from reformgraph import results
from reformgraph.errors import ParameterError
from reformgraph.publishing import croissant, datacube, keptreleases, publication, sdmxcsv
from reformgraph.publishing.croissant import Listed
from reformgraph.publishing.datacube import Cube
from reformgraph.release import Release
from reformgraph.results import FORMATS, Format, choose
from reformgraph.web import respond
from reformgraph.web.dependencies import SiteOf
from reformgraph.web.describing import changes
from reformgraph.web.describing.changes import Step
from reformgraph.web.pages import render
from reformgraph.web.site import Site
from reformgraph.web.things import profiles

ATOM = Format("atom", "application/atom+xml", "page")
_CUBES = ("json", "html", "ttl", "nt", "jsonld", "rdf", "csv")
_LOG = (FORMATS["json"], FORMATS["html"], ATOM)
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def _responses(*media_types: str) -> dict[int | str, dict[str, Any]]:
    return {
        200: {"content": {name: {"schema": {"type": "string"}} for name in media_types}},
        304: {"description": "Not modified since the ETag given"},
        406: {"description": "No acceptable format", "content": _PROBLEM},
        422: {"description": "A parameter does not fit", "content": _PROBLEM},
    }


def _entry(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


routes = APIRouter(tags=["publishing"])
_RELEASE = {"type": "string", "pattern": "^[0-9a-f]{12,64}$"}
_BETWEEN = {
    "parameters": [
        _entry("from", "Release before; by default the one that was kept before `to`", _RELEASE),
        _entry("to", "Release after; by default that of now", _RELEASE),
        _entry("format", "Format of the answer", {"type": "string", "enum": [f.suffix for f in _LOG]}),
    ]
}


@routes.get("/cubes", responses=_responses(*(FORMATS[n].media_type for n in _CUBES)), response_model=None)
def cubes(request: Request, site: SiteOf) -> Response:
    """The data cubes, one for each metric: a list (JSON, HTML), all as RDF Data Cube, all as SDMX-CSV."""
    return _cubes(request, site, None)


@routes.get("/cubes.{suffix}", include_in_schema=False)
def cubes_as(
    request: Request, site: SiteOf, suffix: Literal["json", "html", "ttl", "nt", "jsonld", "rdf", "csv"]
) -> Response:
    """The same in the format of the suffix."""
    return _cubes(request, site, suffix)


def _cubes(request: Request, site: Site, suffix: str | None) -> Response:
    chosen = respond.negotiate(request, _CUBES, suffix)

    def body() -> bytes | str:
        found = datacube.cubes(site.engine)
        if chosen.suffix == "csv":
            return sdmxcsv.sdmx_csv(found)
        if chosen.suffix in ("json", "html"):
            return _list(request, site, found, chosen)
        return profiles.cube_graph(site, found, chosen)

    return respond.answer(site, request, chosen, body)


def _list(request: Request, site: Site, found: list[Cube], chosen: Format) -> bytes | str:
    labels = site.resources.labels([cube.metric for cube in found])
    rows = [
        {
            "metric": cube.metric,
            "cube": cube.part("cube"),
            "zh": labels.get(cube.metric, {}).get("zh"),
            "en": labels.get(cube.metric, {}).get("en"),
            "observations": len(cube.figures),
            "structure": sdmxcsv.structure_id(cube),
            "turtle": f"{request.base_url}metric/{cube.slug}.ttl?profile=qb",
            "csv": f"{request.base_url}metric/{cube.slug}.csv?profile=sdmx-csv",
        }
        for cube in found
    ]
    if chosen.suffix == "html":
        return render(request, "cubes.html", rows=rows)
    return results.json_bytes({"release": site.release.id, "cubes": rows})


@routes.get("/croissant.json", responses=_responses("application/ld+json"), response_model=None)
def croissant_metadata(request: Request, site: SiteOf) -> Response:
    """The data set and its main tables in Croissant 1.0, with checksums."""
    published = publication.read(site.engine, site.release.id)

    def body() -> bytes:
        names = {query.name for query in site.queries.catalogue}
        tables = [_table(request, site, name) for name in croissant.TABLES if name in names]
        return results.json_bytes(croissant.metadata(published, tables, str(request.base_url)))

    return respond.answer(site, request, FORMATS["jsonld"], body)


def _table(request: Request, site: Site, name: str) -> Listed:
    question = site.queries.ask(name, {})
    table = site.queries.table(question)
    address = f"{request.base_url}queries/{name}@{question.query.version}.csv?release={site.release.id[:12]}"
    csv = results.csv_text(table.columns, table.objects())
    return Listed(name, table, csv, address, question.query.summary["en"])


@routes.get(
    "/changelog",
    responses=_responses(*(f.media_type for f in _LOG)) | {404: {"description": "Not kept", "content": _PROBLEM}},
    openapi_extra=_BETWEEN,
    response_model=None,
)
def changelog_(request: Request, site: SiteOf) -> Response:
    """The claims that one release adds, corrects and withdraws against another."""
    return _changelog(request, site, None)


@routes.get("/changelog.{suffix}", include_in_schema=False)
def changelog_as(request: Request, site: SiteOf, suffix: Literal["json", "html", "atom"]) -> Response:
    """The same in the format of the suffix."""
    return _changelog(request, site, suffix)


def _changelog(request: Request, site: Site, suffix: str | None) -> Response:
    chosen = choose(_LOG, request.headers.get("accept"), suffix, request.query_params.get("format"))
    before, after = _between(request, site)
    stem = f"{request.base_url}changelog"
    pair = f"?from={before.id[:12]}&to={after.id[:12]}" if before else f"?to={after.id[:12]}"
    links = [(f"{stem}.{f.suffix}{pair}", "alternate") for f in _LOG if f is not chosen]
    links.append((f"{stem}{pair}", "cite-as"))

    def body() -> bytes | str:
        step = changes.step_between(before, after)
        if chosen.suffix == "json":
            return changes.as_json(step)
        if chosen is ATOM:
            return changes.as_atom(step, f"{stem}.html{pair}", str(request.url))
        return _page(request, site, step)

    return respond.answer(site, request, chosen, body, links)


def _between(request: Request, site: Site) -> tuple[Release | None, Release]:
    """The two releases of a request; the later is that of the site, the earlier the one kept before it."""
    known = ("from", "to", "format", "lang", "release")
    for name in request.query_params:
        if name not in known:
            raise ParameterError(name, "there is no such parameter here.", known)
    folder = site.release.path.parent
    given = request.query_params.get("to")
    after = keptreleases.choose(folder, given, "to") if given else site.release
    given = request.query_params.get("from")
    return keptreleases.choose(folder, given, "from") if given else keptreleases.before(folder, after), after


def _page(request: Request, site: Site, step: Step) -> str:
    return render(
        request,
        "changelog.html",
        step=step,
        kept=keptreleases.kept(site.release.path.parent),
        shown=changes.shown,
        feed=f"{request.base_url}changelog.atom",
    )
