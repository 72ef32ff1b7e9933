"""The page of a thing: the template of its kind, and what the templates need beside the portrait or the claim card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from markupsafe import Markup
from starlette.requests import Request

from reformgraph.linked.addresses import Address
from reformgraph.namespaces import BASE, compact
from reformgraph.portraits.cards import ClaimCard, card
from reformgraph.portraits.figuretable import FigureTable, document_iri
from reformgraph.portraits.questions import questions
from reformgraph.portraits.things import Portraits, by_stage, by_theme
from reformgraph.publishing.citing import Citation, challenge
from reformgraph.web import respond
from reformgraph.web.charts import pictures
from reformgraph.web.pages import render, telling
from reformgraph.web.site import Site
from reformgraph.web.things import structured

_OWN = ["agency", "claim", "derived", "doc", "finding", "initiative", "metric", "person", "place", "span", "system"]
# Kind -> its template; the others have the plain one.
TEMPLATES = {kind: kind for kind in _OWN} | {
    "body": "agency",
    "facility": "system",
    "mechanism": "initiative",
    "norm": "initiative",
    "problem": "issue",
    "recommendation": "issue",
}


def page(request: Request, site: Site, address: Address) -> str:
    """The page of a thing in the language of the request."""
    iri, table = address.iri, site.resources.figures
    shared = {"names": table.names, "table": table, "document_iri": document_iri, "release": site.release.id}
    shared |= _status(site, address)
    if iri.startswith(f"{BASE}obs/") and table.row(iri):
        return _card(request, site, card(table, iri), shared)
    portrait = Portraits(site.resources, table).portrait(iri)
    return render(
        request,
        f"{TEMPLATES.get(portrait.thing.kind, 'thing')}.html",
        portrait=portrait,
        thing=portrait.thing,
        themes=by_theme(portrait.figures),
        stages=by_stage(portrait.figures),
        structured=structured.thing(request, site, portrait.thing),
        picture=pictures.addresses(request, quote(iri.removeprefix(BASE), safe="/~")),
        **shared,
    )


def home(request: Request, site: Site, data: Markup) -> str:
    """The first page: what this is, one figure as an example, the reports, the doors."""
    table = site.resources.figures
    example = table.featured
    span = table.canned("evidence", observation=example["observation"])[0] if example else None
    return render(
        request,
        "home.html",
        manifest=site.release.manifest,
        queries=list(site.queries.catalogue),
        structured=data,
        reports=table.reports,
        figures=table.rows,
        featured=(example, span) if example else None,
        themes=by_theme(table.rows),
        questions=questions(table, [query.name for query in site.queries.catalogue]),
        names=table.names,
        table=table,
        document_iri=document_iri,
    )


def members(request: Request, site: Site, kind: str, shown: list[dict[str, Any]], **values: Any) -> str:
    """The list of a kind: figures by report, metrics by theme, bodies by their line, the others by name."""
    table, language = site.resources.figures, respond.language(request)
    return render(
        request,
        "members.html",
        kind=kind,
        members=shown,
        groups=grouped(table, kind, [row["thing"] for row in shown], language),
        counts=Counter(row["metric"] for row in table.rows),
        names=table.names,
        table=table,
        document_iri=document_iri,
        **values,
    )


def grouped(table: FigureTable, kind: str, iris: list[str], language: str) -> list[tuple[str | None, list[str]]]:
    """The things of a list under the thing that they belong to, None where there is no such order."""
    if kind == "obs":
        heads = {iri: document_iri(row["document"]) for iri in iris if (row := table.row(iri))}
        iris = [row["observation"] for row in table.of(iris)]
    elif kind == "metric":
        heads = {iri: row["theme"] for iri in iris if (row := table.metrics.get(iri))}
    elif kind == "agency":
        lines = {iri: [*table.above(iri), iri] for iri in iris}
        iris = sorted(iris, key=lambda iri: lines[iri])
        heads = {iri: line[min(1, len(line) - 1)] for iri, line in lines.items()}
    else:
        return [(None, sorted(iris, key=lambda iri: table.name(iri, language)))]
    groups: dict[str | None, list[str]] = {}
    for iri in iris:
        groups.setdefault(heads.get(iri), []).append(iri)
    return list(groups.items())


def _status(site: Site, address: Address) -> dict[str, Any]:
    labels = site.resources.labels(address.successors) if address.successors else {}
    return {"deprecated": address.deprecated, "successors": {iri: labels.get(iri, {}) for iri in address.successors}}


def _card(request: Request, site: Site, claim: ClaimCard, shared: Mapping[str, Any]) -> str:
    row, language = claim.row, respond.language(request)
    citation = cite(site.resources.figures, row, site.release.id, language)
    return render(
        request,
        "card.html",
        card=claim,
        row=row,
        iri=row["observation"],
        clauses=_clauses(request, site, claim),
        citation=citation,
        challenge=challenge(site.settings.contact, citation.iri, site.release.id, citation.says, language),
        structured=structured.figure(site, row),
        fetching=fetching(str(request.base_url), row["observation"]),
        **shared,
    )


def _clauses(request: Request, site: Site, claim: ClaimCard) -> list[tuple[str, str, str] | None]:
    """The clause around each span, None where the texts are not at hand or may not be shown."""
    if not site.shows_clauses(request):
        return [None for _ in claim.evidence]
    return [site.texts.clause(span["document"], span["start"], span["end"]) for span in claim.evidence]


def cite(table: FigureTable, row: Mapping[str, Any], release: str, language: str) -> Citation:
    """The citation of a figure in a language."""
    colon = "：" if language == "zh" else ": "
    when = telling.period(row, language)
    place = f"{table.name(row['area'], language)}, " if row["area"] else ""
    says = f"{table.name(row['metric'], language)}{colon}{telling.told(row, language)} ({place}{when})"
    report = document_iri(row["document"])
    return Citation(
        iri=row["observation"],
        release=release,
        says=says,
        exact=row["exact"],
        claimant=table.name(row["claimant"], language),
        report=table.name(report, language),
        start=row["start"],
        end=row["end"],
        language=language,
        issued=table.issued.get(report),
    )


def fetching(site_url: str, iri: str) -> list[tuple[str, str, str]]:
    """How to fetch one figure: (title, language of the code, code) for SPARQL, curl, pandas and R."""
    csv = f"{site_url}queries/observations.csv?observation={compact(iri)}"
    sparql = f"""PREFIX rg: <{BASE}ns#>

SELECT ?value ?bound ?lower ?upper ?exact
WHERE {{
  <{iri}> rg:value ?value ;
    rg:bound ?bound ;
    rg:firstEvidence/rg:exact ?exact .
  OPTIONAL {{ <{iri}> rg:lower ?lower }}
  OPTIONAL {{ <{iri}> rg:upper ?upper }}
}}"""
    return [
        ("SPARQL", "sparql", sparql),
        ("curl", "sh", f"curl '{csv}'"),
        ("Python", "python", f'import pandas as pd\n\nfigure = pd.read_csv("{csv}")'),
        ("R", "r", f'figure <- read.csv("{csv}", encoding = "UTF-8")'),
    ]
