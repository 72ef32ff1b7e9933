"""`/matrix`, `/timeline`, `/coverage`, `/findings`: a whole release at a glance, as pages, JSON and pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from reformgraph import results
from reformgraph.charts.look import Spec
from reformgraph.errors import ParameterError
from reformgraph.names import resolve
from reformgraph.namespaces import compact
from reformgraph.portraits.figuretable import document_iri
from reformgraph.portraits.overviews import FACETS, STAGES, chosen_rows
from reformgraph.results import FORMATS
from reformgraph.web import overviewing, respond
from reformgraph.web.charts import pictures
from reformgraph.web.charts.picturing import Picturing
from reformgraph.web.dependencies import SiteOf
from reformgraph.web.pages import render
from reformgraph.web.routes.charts import PARAMETERS, RESPONSES
from reformgraph.web.site import Site

PLAIN = ("json", "html")
PAGE = 50  # findings of a page
Plain = Literal["json", "html"]
Suffix = Literal["json", "html", "svg", "png"]
routes = APIRouter(tags=["overviews"])


def _named(name: str, description: str) -> dict[str, Any]:
    schema = {"type": "array", "items": {"type": "string"}}
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _documented(responses: dict[int | str, dict[str, Any]], *parameters: dict[str, Any]) -> dict[str, Any]:
    return {"responses": responses, "openapi_extra": {"parameters": list(parameters)}, "response_model": None}


_AGENCY = _named("agency", "Bodies: label, alias, slug, CURIE or IRI; all if not given")
_INITIATIVE = _named("initiative", "Initiatives, named in the same ways; all if not given")
_CURSOR = {"name": "cursor", "in": "query", "description": "A place in the list, as `next` gives it"}
_FACETS = [
    _named("severity", "violation, warning or info"),
    _named("rule", "Numbers of rules, such as S18"),
    _named("document", "Keys of reports"),
    _AGENCY,
    _CURSOR | {"schema": {"type": "string"}},
]


def _responses(*formats: str) -> dict[int | str, dict[str, Any]]:
    return RESPONSES | {200: {"content": {FORMATS[name].media_type: {} for name in formats}}}


_DRAWN = _responses(*PLAIN, *pictures.FORMATS)


@routes.get("/matrix", **_documented(_DRAWN, _AGENCY, _INITIATIVE, *PARAMETERS))
def matrix(request: Request, site: SiteOf) -> Response:
    """Initiatives and bodies by input, output, outcome and satisfaction; where nothing is shown the cell is empty."""
    return _matrix(request, site, None)


@routes.get("/matrix.{suffix}", include_in_schema=False)
def matrix_as(request: Request, site: SiteOf, suffix: Suffix) -> Response:
    """The same in the format of the suffix."""
    return _matrix(request, site, suffix)


def _matrix(request: Request, site: Site, suffix: str | None) -> Response:
    agencies, initiatives = _read(request, site, "agency", "thing"), _read(request, site, "initiative", "initiative")
    rows = chosen_rows(site.overviews.matrix, agencies, initiatives)
    return _answer(
        request,
        site,
        suffix,
        lambda: overviewing.matrix(site, rows),
        lambda drawn: drawn.matrix(rows),
        template="matrix.html",
        rows=rows,
        stages=STAGES,
        agencies=list(dict.fromkeys(row.agency for row in site.overviews.matrix)),
        chosen=agencies,
        about=initiatives,
    )


@routes.get("/timeline", **_documented(_DRAWN, _AGENCY, *PARAMETERS))
def timeline(request: Request, site: SiteOf) -> Response:
    """Initiatives by the time that their figures speak of, with what came before and after them."""
    return _timeline(request, site, None)


@routes.get("/timeline.{suffix}", include_in_schema=False)
def timeline_as(request: Request, site: SiteOf, suffix: Suffix) -> Response:
    """The same in the format of the suffix."""
    return _timeline(request, site, suffix)


def _timeline(request: Request, site: Site, suffix: str | None) -> Response:
    agencies = _read(request, site, "agency", "thing")
    own = {row.initiative for row in chosen_rows(site.overviews.matrix, agencies, ())}
    rows = [row for row in site.overviews.timeline if row.initiative in own]
    return _answer(
        request,
        site,
        suffix,
        lambda: overviewing.timeline(site, rows),
        lambda drawn: drawn.timeline(rows),
        template="timeline.html",
        rows=rows,
        agencies=list(dict.fromkeys(row.agency for row in site.overviews.matrix)),
        chosen=agencies,
    )


@routes.get("/coverage", **_documented(_DRAWN, *PARAMETERS))
def coverage(request: Request, site: SiteOf) -> Response:
    """The places of the graph: reports, figures, metrics, themes, voices, and from when to when."""
    return _coverage(request, site, None)


@routes.get("/coverage.{suffix}", include_in_schema=False)
def coverage_as(request: Request, site: SiteOf, suffix: Suffix) -> Response:
    """The same in the format of the suffix."""
    return _coverage(request, site, suffix)


def _coverage(request: Request, site: Site, suffix: str | None) -> Response:
    places, themes = site.overviews.coverage, site.overviews.themes
    return _answer(
        request,
        site,
        suffix,
        lambda: overviewing.coverage(site),
        lambda drawn: drawn.coverage(),
        template="coverage.html",
        places=places,
        themes=themes,
    )


@routes.get("/findings", **_documented(_responses(*PLAIN), *_FACETS, PARAMETERS[-1]))
def findings(request: Request, site: SiteOf) -> Response:
    """What validation and audit find, by rule, gravity, report and body, 50 on a page."""
    return _findings(request, site, None)


@routes.get("/findings.{suffix}", include_in_schema=False)
def findings_as(request: Request, site: SiteOf, suffix: Plain) -> Response:
    """The same in the format of the suffix."""
    return _findings(request, site, suffix)


def _findings(request: Request, site: Site, suffix: str | None) -> Response:
    chosen = {name: _facet(request, site, name) for name in FACETS}
    found, offset = site.overviews.findings(chosen), site.queries.offset(request.query_params.get("cursor"))
    shown, more = found.rows[offset : offset + PAGE], offset + PAGE < len(found.rows)
    following = respond.url_with(request, cursor=site.queries.cursor(offset + PAGE)) if more else None
    return _answer(
        request,
        site,
        suffix,
        lambda: overviewing.findings(site, found, chosen, shown, following),
        template="findings.html",
        found=found,
        chosen=chosen,
        shown=shown,
        offset=offset,
        following=following,
        toggled=lambda name, value: _toggled(request, chosen, name, value),
    )


def _read(request: Request, site: Site, parameter: str, kind: str) -> list[str]:
    """The things that the values of a parameter name; ParameterError for what names none."""
    given = [value for value in request.query_params.getlist(parameter) if value.strip()]
    return [resolve(site.engine, parameter, kind, value).read for value in given]


def _facet(request: Request, site: Site, name: str) -> list[str]:
    """The values of a facet as they stand in its column; ParameterError for a word that no finding has."""
    if name == "agency":
        return _read(request, site, name, "thing")
    allowed = {row[name] for row in site.overviews.findings({}).rows}
    given = [value for value in request.query_params.getlist(name) if value.strip()]
    for value in given:
        if value not in allowed:
            raise ParameterError(name, f"{value!r} is not among the findings.", sorted(allowed))
    return given


def _toggled(request: Request, chosen: dict[str, list[str]], name: str, value: str) -> str:
    """The address of the list with one value of a facet more, or with one less that was chosen."""
    kept = {key: [one for one in values if (key, one) != (name, value)] for key, values in chosen.items()}
    if value not in chosen[name]:
        kept[name].append(value)
    pairs = [(key, compact(one)) for key, values in kept.items() for one in values]
    pairs += [(key, request.query_params[key]) for key in ("release", "lang") if key in request.query_params]
    root = request.scope.get("root_path", "").rstrip("/")
    return f"{root}/findings?{urlencode(pairs)}" if pairs else f"{root}/findings"


def _answer(
    request: Request,
    site: Site,
    suffix: str | None,
    told: Callable[[], dict[str, Any]],
    chart: Callable[[Picturing], Spec] | None = None,
    *,
    template: str,
    **values: Any,
) -> Response:
    """An overview in the format that is asked for: `told` as JSON, `template` with `values`, `chart` as a picture."""
    chosen = respond.negotiate(request, (*PLAIN, *pictures.FORMATS) if chart else PLAIN, suffix)
    if chart and chosen.suffix in pictures.FORMATS:
        return pictures.send(site, request, chosen, chart)

    def body() -> bytes | str:
        if chosen.suffix == "json":
            return results.json_bytes({"release": site.release.id} | told())
        return _page(request, site, template, values)

    links = [(str(request.base_url) + "openapi.json", "service-desc")]
    links += [(respond.url_with(request, format=name), "alternate") for name in PLAIN if name != chosen.suffix]
    return respond.answer(site, request, chosen, body, links)


def _page(request: Request, site: Site, template: str, values: dict[str, Any]) -> str:
    table = site.resources.figures
    name = template.removesuffix(".html")
    shared = {"names": table.names, "table": table, "document_iri": document_iri, "overviews": site.overviews}
    return render(request, template, here_name=name, picture=pictures.addresses(request, name), **shared, **values)
