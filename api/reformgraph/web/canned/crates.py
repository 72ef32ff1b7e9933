"""The answer of a canned query as an RO-Crate: rows or graph, the query, parameters, sources, how to cite it."""

from __future__ import annotations

import re
from typing import Any

import pyoxigraph as ox
from starlette.responses import Response

from reformgraph import results
from reformgraph.namespaces import BASE
from reformgraph.publishing import crate, publication
from reformgraph.publishing.crate import Answer, Part
from reformgraph.queries import Question
from reformgraph.results import FORMATS
from reformgraph.web import respond
from reformgraph.web.canned.requests import Asked
from reformgraph.web.site import Site

# IRIs whose slug begins with the key of a report, and columns that hold the bare key.
_KEYED = re.compile(rf"{re.escape(BASE)}(?:doc|obs|claim|span|problem|recommendation)/([0-9a-f]{{12}})")
_KEY = re.compile(r"[0-9a-f]{12}")


def answer(asked: Asked, question: Question) -> Response:
    """The crate with all rows, or those that `limit`, `sort`, `filter` and `fields` leave, as a file to keep."""
    sent = respond.answer(
        asked.site,
        asked.request,
        FORMATS["crate"],
        lambda: _crate(asked, question),
        [(f"{asked.request.base_url}openapi.json", "service-desc"), (asked.permalink, "cite-as")],
        asked.form,
    )
    name = f"{asked.query.name}-{asked.site.release.id[: publication.SHORT]}.crate.zip"
    sent.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return sent


def _crate(asked: Asked, question: Question) -> bytes:
    site = asked.site
    results_, keys = _rows(asked, question) if asked.query.form == "select" else _graph(asked, question)
    told = Answer(
        query=asked.query.name,
        version=asked.query.version,
        question=asked.query.summary,
        text=asked.query.text,
        ran=question.text,
        parameters=dict(asked.colophon(question).parameters),
        results=results_,
        sources=_sources(site, keys),
        address=asked.permalink,
    )
    return crate.crate(told, publication.read(site.engine, site.release.id))


def _rows(asked: Asked, question: Question) -> tuple[tuple[Part, ...], set[str]]:
    page = asked.site.queries.page(question, asked.limit, asked.offset, asked.view)
    objects = page.table.objects()
    body = {
        "query": asked.query.name,
        "version": asked.query.version,
        "release": asked.site.release.id,
        "columns": list(page.table.columns),
        "rows": objects,
    }
    csv = results.csv_text(page.table.columns, objects)
    parts = (
        Part("rows.csv", csv, "text/csv", f"The {len(objects)} rows, one column for each term of the answer"),
        Part("rows.json", results.json_bytes(body), "application/json", "The same rows with the types of their cells"),
    )
    return parts, _keys(value for row in page.whole.objects() for value in row.values())


def _graph(asked: Asked, question: Question) -> tuple[tuple[Part, ...], set[str]]:
    found = asked.site.queries.run(question)
    assert isinstance(found, ox.QueryTriples)
    lines = sorted(f"{triple} .\n" for triple in found)  # an order, for the same bytes
    text = "".join(lines)
    part = Part("graph.nt", text.encode(), "application/n-triples", f"The graph, {len(lines)} triples")
    return (part,), set(_KEYED.findall(text))


def _keys(values: Any) -> set[str]:
    """The keys of the reports that cells lead to."""
    texts = [value for value in values if isinstance(value, str)]
    return {text for text in texts if _KEY.fullmatch(text)} | {key for text in texts for key in _KEYED.findall(text)}


def _sources(site: Site, keys: set[str]) -> dict[str, str]:
    """The reports of these keys with their titles; all of them where the answer names none."""
    reports = {row["thing"]: row["zh"] or row["en"] or row["thing"] for row in site.resources.members("doc")}
    named = {iri: title for iri, title in reports.items() if iri.rpartition("/")[2] in keys}
    return named or reports
