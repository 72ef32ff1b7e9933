"""Rows of canned queries as the typed figures, spans and verdicts that tools answer with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reformgraph.comparison import Comparison
from reformgraph.namespaces import BASE
from reformgraph.portraits.figuretable import document_iri
from reformgraph.web.agents.shapes import Figure, Named, Period, Span, Verdict
from reformgraph.web.site import Site

Row = dict[str, Any]


def figure(site: Site, row: Row) -> Figure:
    """A row of `observations`."""
    inferred = (row["inferred"] or "").split()
    told = ("value", "unit", "bound", "lower", "upper", "kind", "modality", "voice")
    return Figure(
        iri=row["observation"],
        metric=named(site, row["metric"]),
        unit_word=row["unitWord"],
        period=_period(row, "period", "refPeriod" in inferred),
        baseline=_period(row, "baseline", "baselinePeriod" in inferred),
        agency=named(site, row["agency"]),
        area=named(site, row["area"]) if row["area"] else None,
        claimant=named(site, row["claimant"]),
        data_source=named(site, row["dataSource"]) if row["dataSource"] else None,
        evidence=span(site, row),
        inferred=inferred,
        **{name: row[name] for name in told},
    )


def figures(site: Site, iris: Iterable[str]) -> dict[str, Figure]:
    """Those of some IRIs that are figures, by IRI, in the order given."""
    rows = {iri: site.resources.figures.row(iri) for iri in iris if iri.startswith(f"{BASE}obs/")}
    return {iri: figure(site, row) for iri, row in rows.items() if row is not None}


def named(site: Site, iri: str) -> Named:
    """A thing with its names."""
    label = site.resources.figures.names.get(iri, {})
    return Named(iri=iri, zh=label.get("zh"), en=label.get("en"))


def span(site: Site, row: Row) -> Span:
    """The place of a row's words."""
    title = site.resources.figures.names.get(document_iri(row["document"]), {}).get("zh")
    place = {name: row[name] for name in ("document", "start", "end", "exact")}
    return Span(document_title=title, **place)


def _period(row: Row, prefix: str, inferred: bool) -> Period | None:
    start, end = row[f"{prefix}Start"], row[f"{prefix}End"]
    return Period(start=start, end=end, inferred=inferred) if start or end else None


def verdict(left: str, right: str, found: Comparison) -> Verdict:
    """How two figures compare, by their IRIs."""
    told = found.as_json()
    return Verdict(left=left, right=right, **{name: told[name] for name in _TOLD})


_TOLD = ("verdict", "reasons", "order", "difference", "ratio")
