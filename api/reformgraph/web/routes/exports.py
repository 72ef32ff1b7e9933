"""`/exports`: the list of files to take away, with sizes and SHA-256, and the files."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from reformgraph import results
from reformgraph.content import content_root
from reformgraph.errors import ParameterError
from reformgraph.exports.catalogue import GROUPS
from reformgraph.exports.shelf import Entry, Shelf
from reformgraph.results import FORMATS
from reformgraph.web import respond
from reformgraph.web.dependencies import SiteOf
from reformgraph.web.pages import render
from reformgraph.web.site import Site

_LISTS = ("json", "html")
_OWN = ("format", "lang", "release")
# What is made of the whole graph when it is asked for, and so has no size or digest here.
_BESIDE = (
    ("cubes.ttl", FORMATS["ttl"].media_type, "各指标的数据立方体（Data Cube）", "A cube for each metric (Data Cube)"),
    ("cubes.csv", FORMATS["csv"].media_type, "同一数据立方体的 SDMX-CSV", "The same cubes as SDMX-CSV"),
    ("croissant.json", FORMATS["jsonld"].media_type, "Croissant：数据集元数据", "Croissant: metadata of the data set"),
)  # fmt: skip
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_LIST: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"schema": {"type": "object"}}, "text/html": {"schema": {"type": "string"}}}},
    304: {"description": "Not modified since the ETag given"},
    406: {"description": "No acceptable format", "content": _PROBLEM},
    422: {"description": "A parameter does not fit", "content": _PROBLEM},
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file", "content": {"application/octet-stream": {"schema": {"type": "string"}}}},
    206: {"description": "The part of the file that Range asks for"},
    304: {"description": "Not modified since the ETag given"},
    404: {"description": "No such file", "content": _PROBLEM},
    416: {"description": "The file has no such part"},
    422: {"description": "A parameter does not fit", "content": _PROBLEM},
    501: {"description": "The file needs a library that is not installed", "content": _PROBLEM},
}
routes = APIRouter(tags=["exports"])


@routes.get("/exports", responses=_LIST, response_model=None)
def exports(request: Request, site: SiteOf) -> Response:
    """All files: name, title, media type, size in bytes, SHA-256, URL. The first request of a release makes them."""
    return _list(request, site, None)


@routes.get("/exports.{suffix}", include_in_schema=False)
def exports_as(request: Request, site: SiteOf, suffix: Literal["json", "html"]) -> Response:
    """The same in the format of the suffix."""
    return _list(request, site, suffix)


@routes.get("/exports/{file}", responses=_FILE, response_model=None)
def export(request: Request, site: SiteOf, file: str) -> Response:
    """One file, the same bytes for the same release; its ETag is its SHA-256, and Range is understood."""
    _check(request, ("release",))
    entry = shelf_of(request, site).entry(file)
    etag = f'"{entry.sha256}"'
    headers = {"ETag": etag, "Cache-Control": "public, max-age=60"}
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    media_type = entry.export.media_type
    if media_type.startswith("text/") or media_type.endswith("json"):
        media_type += "; charset=utf-8"
    return FileResponse(entry.path, headers=headers, media_type=media_type, filename=entry.export.name)


def shelf_of(request: Request, site: Site) -> Shelf:
    """The shelf of the release that is served."""
    kept: dict[str, Shelf] = getattr(request.app.state, "shelves", {})
    if site.release.id not in kept:
        kept = {site.release.id: Shelf(site.release, content_root())}
        request.app.state.shelves = kept
    return kept[site.release.id]


def _list(request: Request, site: Site, suffix: str | None) -> Response:
    _check(request, _OWN)
    chosen = respond.negotiate(request, _LISTS, suffix)

    def body() -> str | bytes:
        entries = list(shelf_of(request, site).entries())
        if chosen.suffix == "html":
            groups = [(group, [e for e in entries if e.export.group == group]) for group in GROUPS]
            return render(request, "exports.html", groups=groups, beside=_BESIDE, release=site.release.id)
        files = [entry.listed() | {"url": _url(request, entry)} for entry in entries]
        beside = [
            {"url": f"{request.base_url}{name}", "mediaType": media_type, "title": {"zh": zh, "en": en}}
            for name, media_type, zh, en in _BESIDE
        ]
        return results.json_bytes({"release": site.release.id, "exports": files, "seeAlso": beside})

    return respond.answer(site, request, chosen, body)


def _url(request: Request, entry: Entry) -> str:
    return f"{request.base_url}exports/{entry.export.name}"


def _check(request: Request, known: tuple[str, ...]) -> None:
    for name in request.query_params:
        if name not in known:
            raise ParameterError(name, "there is no such parameter here.", list(known))
    language = request.query_params.get("lang")
    if language and language not in respond.LANGUAGES:
        raise ParameterError("lang", f"{language!r} is no language of ours.", list(respond.LANGUAGES))
