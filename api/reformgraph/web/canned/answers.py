"""Answers of canned queries in every format: pages of JSON and HTML, and whole tables and graphs."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
from starlette.responses import HTMLResponse, Response

from reformgraph import results
from reformgraph.canned import columnar, geojson, tables, workbooks
from reformgraph.canned.tables import Table
from reformgraph.errors import ParameterError
from reformgraph.queries import DEFAULT_LIMIT, Page, Question
from reformgraph.results import FORMATS, Format
from reformgraph.web import respond
from reformgraph.web.canned.requests import Asked
from reformgraph.web.endpoint import other_release
from reformgraph.web.layers.observing import facts_of
from reformgraph.web.things import missing

Links = list[tuple[str, str]]


def answer(asked: Asked, short: bool = False) -> Response:
    """The answer to a request, from its parameters to the bytes; raises errors of `errors` for what does not fit.

    A `short` one is made on the event loop.
    A browser gets what does not fit as the form with the reason, to be corrected there; status 422 all the same.
    """
    try:
        return _answer(asked, short)
    except ParameterError as error:
        if asked.suffix is not None or not missing.wants_page(asked.request):
            raise
        return _corrected(asked, error)


def _corrected(asked: Asked, error: ParameterError) -> Response:
    try:
        page = _page(asked, None, None, [], problem=error)
    except ParameterError:  # not even the form can be made: a language that there is not, a name given twice
        raise error from None
    return HTMLResponse(page, 422, {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language"})


def _answer(asked: Asked, short: bool) -> Response:
    site, request = asked.site, asked.request
    chosen = asked.format()
    asked.check()
    if chosen.suffix == "rq":
        return respond.answer(site, request, chosen, lambda: asked.query.text, _fixed_links(asked))
    lacks = any(p.required and not any(asked.given.get(p.name, [])) for p in asked.query.parameters)
    if chosen.suffix == "html" and lacks:
        return respond.answer(site, request, chosen, lambda: _page(asked, None, None, []), _fixed_links(asked))
    if (not_modified := respond.unchanged(site, request, chosen, asked.form)) is not None:
        return not_modified
    question = site.queries.ask(_name(asked), asked.given, asked.language, short)
    facts = facts_of(request.scope)
    facts.update(query=question.query.name, parameters=asked.given)
    return _of_question(asked, question, chosen)


def _of_question(asked: Asked, question: Question, chosen: Format) -> Response:
    """The answer once the parameters are read."""
    site, request = asked.site, asked.request
    if chosen.suffix == "crate":
        from reformgraph.web.canned import crates  # noqa: PLC0415 - few ask for an archive

        return crates.answer(asked, question)
    if asked.query.form != "select":
        body = (_graph_page if chosen.suffix == "html" else _graph)(asked, question, chosen)
        return respond.send(site, request, chosen, body, _fixed_links(asked), asked.form)
    if chosen.suffix in ("json", "html"):
        page = site.queries.page(question, asked.limit or DEFAULT_LIMIT, asked.offset, asked.view)
        facts_of(request.scope)["rows"] = len(page.table.rows)
        links = _links(asked, page)
        rows = (_json if chosen.suffix == "json" else _page)(asked, question, page, links)
        return respond.send(site, request, chosen, rows, links, asked.form)
    whole = _whole(asked, question, chosen)
    return respond.send(site, request, chosen, whole, _fixed_links(asked), asked.form)


def _name(asked: Asked) -> str:
    return f"{asked.query.name}@{asked.query.version}"


def _links(asked: Asked, page: Page) -> Links:
    """Link targets of a page of rows: they carry all its parameters."""
    links = [(respond.url_with(asked.request, asked.pairs, cursor=None), "first"), *_fixed_links(asked)]
    limit = page.limit or 0
    if page.more:
        following = asked.site.queries.cursor(page.offset + limit)
        links.append((respond.url_with(asked.request, asked.pairs, cursor=following), "next"))
    if page.offset:
        before = max(page.offset - limit, 0)
        cursor = asked.site.queries.cursor(before) if before else None
        links.append((respond.url_with(asked.request, asked.pairs, cursor=cursor), "prev"))
    return links


def _fixed_links(asked: Asked) -> Links:
    """Where the service describes itself, the lasting address, for a pinned version the newest one (RFC 5829)."""
    base = str(asked.request.base_url)
    newest = [(f"{base}queries/{asked.query.name}", "latest-version")] if asked.pinned else []
    return [(f"{base}openapi.json", "service-desc"), (asked.permalink, "cite-as"), *newest]


def _json(asked: Asked, question: Question, page: Page, links: Links) -> bytes:
    body = {
        "query": question.query.name,
        "version": question.query.version,
        "release": asked.site.release.id,
        **other_release(),
        "parameters": readings(question),
        "columns": list(page.table.columns),
        "columnTitles": _titles(page.table, asked.language),
        "rows": page.table.objects(),
        "next": _target(links, "next"),
    }
    return results.json_bytes(body)


def readings(question: Question) -> dict[str, Any]:
    """How each given value was read: an object for one value, a list for several; values not given are absent."""
    read = {
        name: [{"given": r.given, "read": r.read, "label": r.label} for r in found]
        for name, found in question.readings.items()
        if found
    }
    return {name: found[0] if len(found) == 1 else found for name, found in read.items()}


def _titles(table: Table, language: str) -> dict[str, str]:
    return {name: table.column(name).titled(language) for name in table.columns}


def _target(links: Links, wanted: str) -> str | None:
    return next((target for target, rel in links if rel == wanted), None)


def _page(asked: Asked, question: Question | None, page: Page | None, links: Links, **more: Any) -> str:
    from reformgraph.web.canned.pages import written  # noqa: PLC0415 - a program that asks first need not wait for it

    return written(asked, question, page, links, **more)


def _whole(asked: Asked, question: Question, chosen: Format) -> bytes:
    """All rows, or `limit` of them, in a format that is not paged."""
    if isinstance(chosen.engine, ox.QueryResultsFormat) and chosen.suffix != "csv" and asked.view.is_plain:
        solutions = asked.site.queries.run(question, asked.limit, asked.offset)
        assert isinstance(solutions, ox.QuerySolutions)
        return solutions.serialize(format=chosen.engine) or b""
    page = asked.site.queries.page(question, asked.limit, asked.offset, asked.view)
    facts_of(asked.request.scope)["rows"] = len(page.table.rows)
    if chosen.suffix == "csv":
        return results.csv_text(page.table.columns, page.table.objects(), asked.bom)
    if isinstance(chosen.engine, ox.QueryResultsFormat):
        return tables.serialized(page.table, chosen.engine)
    return _file(asked, question, page, chosen.suffix)


def _file(asked: Asked, question: Question, page: Page, suffix: str) -> bytes:
    """Parquet, a workbook or GeoJSON of the rows."""
    colophon = asked.colophon(question)
    if suffix == "parquet":
        return columnar.parquet(page.table, colophon)
    if suffix == "xlsx":
        return workbooks.xlsx(page.table, colophon, asked.language)
    column = geojson.place_column(asked.query.columns)
    assert column is not None, "offered only with a column of places"
    places = [term.value if isinstance(term, ox.NamedNode) else None for term in page.whole.cells(column)]
    points = geojson.points_of(asked.site.engine, places)
    return geojson.feature_collection(page.table, places, points, colophon)


def _graph(asked: Asked, question: Question, chosen: Format) -> bytes:
    found = asked.site.queries.run(question)
    assert isinstance(found, ox.QueryTriples)
    assert isinstance(chosen.engine, ox.RdfFormat)
    return results.graph_bytes(found, chosen.engine)


def _graph_page(asked: Asked, question: Question, chosen: Format) -> str:
    """The page of a CONSTRUCT query: its form and the graph as Turtle."""
    graph = _graph(asked, question, FORMATS["ttl"]).decode()
    return _page(asked, question, None, _fixed_links(asked), graph=graph)
