"""A comparison as it leaves: JSON with every figure, pair and gap, CSV with one line for each pair."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reformgraph.comparability.comparing import Gap, Pair, Row, Table, scope_notes
from reformgraph.comparability.verdicts import VERDICT_LABELS
from reformgraph.comparison import normalised
from reformgraph.names import Reading
from reformgraph.namespaces import BASE
from reformgraph.web.site import Site

_SIDE = ("observation", "metric", "areaZh", "exact", "unit", "lower", "upper", "document")
COLUMNS = (
    *(f"{side}{name[0].upper()}{name[1:]}" for side in ("left", "right") for name in _SIDE),
    "verdict", "codes", "reasonsZh", "reasonsEn", "order", "overlap",
    "differenceUnit", "differenceLower", "differenceUpper", "ratioLower", "ratioUpper",
)  # fmt: skip
_NAMED = ("metric", "area", "agency", "claimant", "dataSource", "rankAmong", "denominator")

Labels = dict[str, dict[str, str]]


def as_json(site: Site, table: Table) -> dict[str, Any]:
    """The whole answer; `places` says how many figures of how many reports stand for each place, none is picked."""
    metric = table.question.readings["metric"][0].read
    labels = site.resources.labels(_named(table, metric))
    return {
        "query": table.question.query.name,
        "version": table.question.query.version,
        "release": site.release.id,
        "parameters": _parameters(table),
        "metric": _thing(metric, labels),
        "verdict": table.verdict,
        "verdictLabel": VERDICT_LABELS[table.verdict] if table.verdict else None,
        "verdicts": {word: sum(pair.comparison.verdict == word for pair in table.pairs) for word in VERDICT_LABELS},
        "sources": table.sources,
        "places": _places(table, labels),
        "figures": [_figure(row, labels) for row in table.figures],
        "pairs": [_pair(table, pair) for pair in table.pairs],
        "missing": [_gap(gap, labels) for gap in table.missing],
        "notes": _notes(site, [metric, *(row["metric"] for row in table.figures)], labels),
    }


def _notes(site: Site, metrics: list[str], labels: Labels) -> list[dict[str, Any]]:
    """What to heed when figures of the metrics are compared, as the scheme of metrics says."""
    return [{"metric": _thing(iri, labels)} | note for iri, note in scope_notes(site.engine, metrics).items()]


def _parameters(table: Table) -> dict[str, Any]:
    """How each given value was read, as `/queries/{name}` tells it."""
    readings = {name: found for name, found in table.question.readings.items() if found and name != "place"}
    told: dict[str, Any] = {name: _reading(found[0]) for name, found in readings.items()}
    return told | ({"places": [_reading(place) for place in table.places]} if table.places else {})


def _reading(reading: Reading) -> dict[str, Any]:
    return {"given": reading.given, "read": reading.read, "label": reading.label}


def _named(table: Table, metric: str) -> list[str]:
    named = [metric, *(place.read for place in table.places)]
    named += [row[key] for row in table.figures for key in _NAMED if row[key]]
    named += [_document(row["document"]) for row in table.figures]
    named += [row[key] for gap in table.missing for row in gap.told for key in ("metric", "area")]
    return named


def _document(key: str) -> str:
    return f"{BASE}doc/{key}"


def _thing(iri: str, labels: Labels) -> dict[str, Any]:
    found = labels.get(iri, {})
    return {"id": iri, "zh": found.get("zh"), "en": found.get("en")}


def _places(table: Table, labels: Labels) -> list[dict[str, Any]]:
    """The places asked for, then others that have figures."""
    areas = dict.fromkeys(
        [place.read for place in table.places] + [row["area"] for row in table.figures if row["area"]]
    )
    told = {area: [row for row in table.figures if row["area"] == area] for area in areas}
    return [
        _thing(area, labels) | {"figures": len(rows), "sources": len({row["document"] for row in rows})}
        for area, rows in told.items()
    ]


def _figure(row: Row, labels: Labels) -> dict[str, Any]:
    named = {key: _thing(row[key], labels) if row[key] else None for key in _NAMED}
    inferred = (row["inferred"] or "").split()
    told = ("value", "unit", "unitWord", "bound", "kind", "modality", "frequency", "voice", "document", "start", "end")
    return {
        "observation": row["observation"],
        "exact": row["exact"],
        "relation": row["relation"],
        **named,
        **{key: row[key] for key in told},
        "period": _period(row, "period", "refPeriod" in inferred),
        "baseline": _period(row, "baseline", "baselinePeriod" in inferred),
        "inferred": inferred,
        "documentLabel": labels.get(_document(row["document"]), {}),
        "normalised": normalised(row),
    }


def _period(row: Row, prefix: str, inferred: bool) -> dict[str, Any] | None:
    start, end = row[f"{prefix}Start"], row[f"{prefix}End"]
    return {"start": start, "end": end, "inferred": inferred} if start or end else None


def _pair(table: Table, pair: Pair) -> dict[str, Any]:
    sides = {"left": table.figures[pair.left]["observation"], "right": table.figures[pair.right]["observation"]}
    return sides | pair.comparison.as_json()


def _gap(gap: Gap, labels: Labels) -> dict[str, Any]:
    told = [row | {key: _thing(row[key], labels) for key in ("metric", "area")} for row in gap.told]
    return _thing(gap.place, labels) | {"why": gap.why, "explanation": gap.words, "told": told}


def lines(table: Table) -> Iterator[dict[str, Any]]:
    """One line for each pair, by the names of COLUMNS; several reasons are joined by spaces or line by line."""
    for pair in table.pairs:
        found, reasons = pair.comparison.as_json(), pair.comparison.reasons
        difference, ratio = found["difference"] or {}, found["ratio"] or {}
        yield {
            **_side("left", table.figures[pair.left]),
            **_side("right", table.figures[pair.right]),
            "verdict": found["verdict"],
            "codes": " ".join(dict.fromkeys(reason.code for reason in reasons)),
            "reasonsZh": "".join(reason.zh for reason in reasons),
            "reasonsEn": " ".join(reason.en for reason in reasons),
            "order": found["order"],
            "overlap": found["overlap"],
            "differenceUnit": difference.get("unit"),
            "differenceLower": difference.get("lower"),
            "differenceUpper": difference.get("upper"),
            "ratioLower": ratio.get("lower"),
            "ratioUpper": ratio.get("upper"),
        }


def _side(side: str, row: Row) -> dict[str, Any]:
    told = row | {key: value for key, value in normalised(row).items() if key in ("unit", "lower", "upper")}
    return {f"{side}{name[0].upper()}{name[1:]}": told[name] for name in _SIDE}
