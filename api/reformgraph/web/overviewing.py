"""Overviews as they leave: JSON with names in both languages and the IRI of every figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reformgraph.portraits.overviews import STAGES, Evidence, Programme, Row
from reformgraph.searching.facets import Faceted
from reformgraph.web.site import Site

_FIGURE = (
    "observation", "metric", "exact", "value", "unit", "bound", "modality", "periodStart", "periodEnd", "document",
)  # fmt: skip


def _thing(site: Site, iri: str) -> dict[str, Any]:
    label = site.resources.figures.names.get(iri, {})
    return {"id": iri, "zh": label.get("zh"), "en": label.get("en")}


def _figures(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [{key: row[key] for key in _FIGURE} | {"inferred": (row["inferred"] or "").split()} for row in rows]


def matrix(site: Site, rows: Sequence[Evidence]) -> dict[str, Any]:
    """`rows` of initiative, agency and cells (stage -> figures); `empty` counts the cells without a figure."""
    told = [
        {
            "initiative": _thing(site, row.initiative),
            "agency": _thing(site, row.agency),
            "cells": {stage: _figures(found) for stage, found in row.cells.items()},
        }
        for row in rows
    ]
    empty = sum(not found for row in rows for found in row.cells.values())
    return {"stages": list(STAGES), "cells": len(rows) * len(STAGES), "empty": empty, "rows": told}


def timeline(site: Site, rows: Sequence[Programme]) -> dict[str, Any]:
    """`initiatives` with `from` and `to` (null without a dated figure), figures, and claimed relations."""
    told = [
        _thing(site, row.initiative)
        | {"from": row.start, "to": row.end, "inferred": row.inferred}
        | {"figures": _figures(row.figures), "relations": row.relations}
        for row in rows
    ]
    return {"initiatives": told}


def coverage(site: Site) -> dict[str, Any]:
    """`places` with counts, and `themes`: how many figures each theme has of each place."""
    places = site.overviews.coverage
    told = [
        _thing(site, place.place)
        | {
            "code": place.code,
            "reports": place.reports,
            "figures": len(place.figures),
            "metrics": len(place.distinct("metric")),
            "initiatives": len(place.distinct("initiative")),
            "voices": place.distinct("voice"),
            "from": place.days[0],
            "to": place.days[1],
        }
        for place in places
    ]
    themes = [
        _thing(site, theme) | {"figures": {place.place: len(place.themed(theme)) for place in places}}
        for theme in site.overviews.themes
    ]
    return {"places": told, "themes": themes}


def findings(
    site: Site, found: Faceted, chosen: Mapping[str, Sequence[str]], shown: Sequence[Row], following: str | None
) -> dict[str, Any]:
    """`findings` of this page as `/queries/findings` has them, `facets` with counts, `total`, `next`."""
    facets = {
        name: [{"value": one.value, "count": one.count, "chosen": one.chosen} for one in choices]
        for name, choices in found.facets.items()
    }
    rules = site.overviews.rules
    return {
        "chosen": {name: list(values) for name, values in chosen.items()},
        "total": len(found.rows),
        "facets": facets,
        "rules": {choice.value: rules.get(choice.value, []) for choice in found.facets["rule"]},
        "findings": list(shown),
        "next": following,
    }
