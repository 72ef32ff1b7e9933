"""The tools, each a function of the site and the caller's arguments; errors are those of `errors`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reformgraph.canned.files import CannedQuery
from reformgraph.comparability import comparing
from reformgraph.errors import ParameterError
from reformgraph.names import resolve
from reformgraph.portraits import cards
from reformgraph.queries import Question
from reformgraph.search import Hit, Narrowing
from reformgraph.searching.searchable import KINDS
from reformgraph.web import comparisons
from reformgraph.web.agents import shapes
from reformgraph.web.agents.figures import figure, figures, named, span, verdict
from reformgraph.web.canned.answers import readings
from reformgraph.web.searching import LONGEST
from reformgraph.web.site import Site

MAX_RESULTS, MAX_ROWS, MAX_PAIRS, MAX_OTHERS = 50, 200, 50, 20
Given = Mapping[str, str | int | float | Sequence[str | int | float]]


def search(site: Site, text: str, kinds: Sequence[str], limit: int, cursor: str | None) -> shapes.SearchAnswer:
    """Results of a search from the cursor on."""
    if not text.strip() or len(text) > LONGEST:
        raise ParameterError("text", f"is what is sought, of 1 to {LONGEST} characters.")
    for kind in kinds:
        if kind not in KINDS:
            raise ParameterError("kinds", f"{kind!r} is no kind that is searched.", KINDS)
    check_limit(limit, MAX_RESULTS)
    offset = site.queries.offset(cursor)
    found = site.search.search(text, Narrowing(tuple(kinds)), limit, offset)
    return shapes.SearchAnswer(
        release=site.release.id,
        total=found.total,
        facets=found.facets,
        results=[_match(site, hit) for hit in found.hits],
        nearest=[shapes.Named(iri=near.iri, zh=near.zh, en=near.en) for near in found.nearest],
        next=_next(site, offset + limit, found.total),
    )


def _match(site: Site, hit: Hit) -> shapes.Match:
    place = hit.evidence if hit.evidence and hit.evidence["document"] else None
    return shapes.Match(
        iri=hit.iri, kind=hit.kind, zh=hit.zh, en=hit.en, matched=hit.text, field=hit.field,
        evidence=span(site, place) if place else None, figure=figures(site, [hit.iri]).get(hit.iri),
    )  # fmt: skip


def get_claim(site: Site, claim: str) -> shapes.ClaimAnswer:
    """One figure."""
    card = cards.card(site.resources.figures, _figure_iri(site, claim))
    others = card.others[:MAX_OTHERS]
    iri = card.row["observation"]
    return shapes.ClaimAnswer(
        release=site.release.id,
        figure=figure(site, card.row),
        spans=[span(site, row) for row in card.evidence],
        others=list(figures(site, [row["observation"] for row, _ in others]).values()),
        verdicts=[verdict(iri, row["observation"], found) for row, found in others],
        findings=[
            shapes.Finding(rule=row["rule"], severity=row["severity"], zh=row["messageZh"], en=row["messageEn"])
            for row in card.findings
        ],
    )


def _figure_iri(site: Site, claim: str) -> str:
    try:
        return resolve(site.engine, "claim", "obs", claim).read
    except ParameterError:
        remedy = "`search` finds figures by their words, `run_canned_query` lists them with their IRIs."
        raise ParameterError("claim", f"{claim!r} is the IRI, CURIE or slug of no figure. {remedy}") from None


def list_canned_queries(site: Site) -> shapes.CatalogueAnswer:
    """The catalogue."""
    queries = [_query(site, query) for query in site.queries.catalogue if query.form == "select"]
    return shapes.CatalogueAnswer(release=site.release.id, queries=queries)


def _query(site: Site, query: CannedQuery) -> shapes.CannedQueryShape:
    parameters = [
        shapes.ParameterShape(
            name=known.name,
            kind="code" if known.scheme else known.kind,
            explanation=known.label["en"],
            required=known.required,
            many=known.many,
            example=known.example,
            allowed=list(site.queries.codes(known.scheme)) if known.scheme else None,
        )
        for known in query.parameters
    ]
    return shapes.CannedQueryShape(
        name=query.name, question=query.summary["en"], question_zh=query.summary["zh"], parameters=parameters,
        columns=list(query.columns), tags=list(query.tags),
    )  # fmt: skip


def run_canned_query(site: Site, name: str, given: Given, limit: int, cursor: str | None) -> shapes.RowsAnswer:
    """Rows of a canned query from the cursor on, and the figures that they name."""
    check_limit(limit, MAX_ROWS)
    question = site.queries.ask(name, _texts(given), "en")
    if question.query.form != "select":
        raise ParameterError("name", f"{name!r} answers with a graph and has no rows; ask it over HTTP.")
    offset = site.queries.offset(cursor)
    page = site.queries.page(question, limit, offset)
    rows = page.table.objects()
    cells = (cell for row in rows for cell in row.values() if isinstance(cell, str))
    words = dict.fromkeys(word for cell in cells for word in cell.split())  # some cells list several IRIs
    return shapes.RowsAnswer(
        release=site.release.id,
        query=question.query.name,
        version=question.query.version,
        parameters=readings(question),
        columns={column: page.table.column(column).titled("en") for column in page.table.columns},
        rows=rows,
        figures=figures(site, words),
        next=site.queries.cursor(offset + limit) if page.more else None,
    )


def _texts(given: Given) -> dict[str, list[str]]:
    """Arguments as texts, as they come over HTTP."""
    lists = {name: [value] if isinstance(value, str | int | float) else list(value) for name, value in given.items()}
    return {name: [str(value) for value in values] for name, values in lists.items()}


def compare(
    site: Site, metric: str, places: Sequence[str], as_of: str | None, limit: int, cursor: str | None
) -> shapes.CompareAnswer:
    """Figures of a metric with the verdicts on their pairs from the cursor on."""
    check_limit(limit, MAX_PAIRS)
    offset = site.queries.offset(cursor)
    asked = {"metric": [metric], "places": list(places)} | ({"as_of": [as_of]} if as_of else {})
    table = comparing.side_by_side(site.engine, site.queries, asked)
    told = comparisons.as_json(site, table)
    iris = [row["observation"] for row in table.figures]
    return shapes.CompareAnswer(
        release=site.release.id,
        metric=named(site, _metric(table.question)),
        verdict=table.verdict,
        figures=list(figures(site, iris).values()),
        pairs=[verdict(iris[p.left], iris[p.right], p.comparison) for p in table.pairs[offset : offset + limit]],
        missing=told["missing"],
        notes=told["notes"],
        next=_next(site, offset + limit, len(table.pairs)),
    )


def _metric(question: Question) -> str:
    return question.readings["metric"][0].read


def check_limit(limit: int, most: int) -> None:
    """Raise ParameterError for a limit that is too large; it is refused, not clamped."""
    if not 1 <= limit <= most:
        raise ParameterError("limit", f"{limit} is no whole number from 1 to {most}.")


def _next(site: Site, offset: int, total: int) -> str | None:
    return site.queries.cursor(offset) if offset < total else None
