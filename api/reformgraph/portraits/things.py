"""What the page of a thing shows besides its plain statements, by kind: relations in their words, figures, findings.

A relation is told by claims with words, or stands in the registry without; both are one row here, so that a page shows
who says it and where. Which relations make a section, and under which heading, is the table `SECTIONS`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reformgraph.namespaces import BASE, RG
from reformgraph.portraits.figuretable import FigureTable, document_iri
from reformgraph.resources import Resources, Thing

Row = dict[str, Any]
_DCTERMS = "http://purl.org/dc/terms/"
_SCHEMA = "https://schema.org/"
_GEO = "http://www.opengis.net/ont/geosparql#"
_ORG = "http://www.w3.org/ns/org#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
STAGES = ("input", "output", "outcome", "satisfaction", "context")


@dataclass(frozen=True)
class Section:
    """A heading over the things that stand in one of some relations to a thing; `inverse`: they point at it."""

    zh: str
    en: str
    predicates: tuple[str, ...]
    inverse: bool = False


@dataclass(frozen=True)
class Related:
    """A section with its rows: `thing`, and `told`, the claims that tell the relation; none: it is in the registry."""

    section: Section
    rows: list[Row]


@dataclass(frozen=True)
class Portrait:
    """What a page of a kind shows: sections of relations, figures in reading order, and lists under names of their own.

    `lists` has, by kind: `units` (`depth`, `thing`), `officers`, `parts` (`part`, `words`), `siblings`, `named`,
    `issues`, `vague`, `exactness`, `findings`, `spans`, `quote`, `carried`, `comparison`.
    """

    thing: Thing
    related: list[Related]
    rest: list[Row]
    references: list[Row]
    figures: list[Row]
    lists: dict[str, list[Row]]


def _section(zh: str, en: str, *predicates: str, inverse: bool = False) -> Section:
    return Section(zh, en, predicates, inverse)


_PARTS = _section("组成部分", "Components", _DCTERMS + "isPartOf", inverse=True)
_PART_OF = _section("属于", "Part of", _DCTERMS + "isPartOf")
_BY = _section("谁在推行", "Who carries it out", RG + "implements", inverse=True)
_ISSUER = _section("由谁发起或发布", "Who started or issued it", _DCTERMS + "creator")
_SUPPORTING = _section("支撑它的系统与设施", "Systems and facilities behind it", RG + "supports", inverse=True)
_RECEIVED = _section("获得的荣誉", "Awards received", RG + "received")
_OPERATOR = _section("由谁运行", "Who runs it", RG + "operatedBy")
_SUPPORTS = _section("支撑什么", "What it supports", RG + "supports")
_WHERE = _section("在哪里", "Where it is", _SCHEMA + "location")
_BODY = (
    _section("推行的举措与规范", "Initiatives and rules it carries out", RG + "implements"),
    _section("运行的系统与设施", "Systems and facilities it runs", RG + "operatedBy", inverse=True),
    _RECEIVED,
    _section("授予的荣誉", "Awards it gave", RG + "awardedBy", inverse=True),
    _section("发起或发布", "What it started or issued", _DCTERMS + "creator", inverse=True),
    _section("发布的报告", "Reports it published", _DCTERMS + "publisher", inverse=True),
)
_ASSET = (_OPERATOR, _SUPPORTS, _WHERE, _PART_OF, _RECEIVED, _ISSUER)
_PLAN = (
    _ISSUER,
    _BY,
    _PARTS,
    _PART_OF,
    _section("之前", "Before it", RG + "follows", RG + "deepens", _DCTERMS + "replaces"),
    _section("之后", "After it", RG + "follows", RG + "deepens", _DCTERMS + "replaces", inverse=True),
    _section("与之有关", "Related to it", _DCTERMS + "relation", _SKOS + "closeMatch"),
    _section("提到与它有关", "Said to be related", _DCTERMS + "relation", _SKOS + "closeMatch", inverse=True),
    _SUPPORTING,
)
SECTIONS: dict[str, tuple[Section, ...]] = {
    "agency": _BODY,
    "body": _BODY,
    "initiative": _PLAN,
    "mechanism": _PLAN,
    "norm": _PLAN,
    "system": _ASSET,
    "facility": _ASSET,
    "award": (
        _section("谁获得", "Who received it", RG + "received", inverse=True),
        _section("谁授予", "Who gave it", RG + "awardedBy"),
        _PART_OF,
    ),
    "event": (_PART_OF, _PARTS, _WHERE),
    "place": (
        _section("属于", "Within", _GEO + "sfWithin"),
        _section("包含", "Contains", _GEO + "sfWithin", inverse=True),
        _section("管辖它的机构", "Bodies that serve it", _SCHEMA + "areaServed", inverse=True),
        _section("关于它的报告", "Reports about it", _SCHEMA + "about", inverse=True),
        _section("位于此处", "What stands or happens here", _SCHEMA + "location", inverse=True),
    ),
    "doc": (
        _section("关于哪里", "About", _SCHEMA + "about"),
        _section("发布者", "Publisher", _DCTERMS + "publisher"),
        _section("作者", "Author", _DCTERMS + "creator"),
    ),
    "problem": (_section("针对它的建议", "Recommendations that address it", RG + "addresses", inverse=True),),
    "recommendation": (_section("针对的问题", "The problem it addresses", RG + "addresses"),),
    "metric": (
        _section("上位指标", "Broader metric", _SKOS + "broader"),
        _section("下位指标", "Narrower metrics", _SKOS + "broader", inverse=True),
        _section("相近而不相同", "Close, not the same", _SKOS + "closeMatch"),
        _section("相近而不相同", "Close, not the same", _SKOS + "closeMatch", inverse=True),
        _section("分母", "Denominator", _SCHEMA + "measurementDenominator"),
    ),
}


class Portraits:
    """Draws the portrait of a thing from the release."""

    def __init__(self, resources: Resources, table: FigureTable) -> None:
        self.resources = resources
        self.table = table

    def portrait(self, iri: str) -> Portrait:
        """All that the page of a thing shows."""
        thing = self.resources.thing(iri)
        sections = SECTIONS.get(thing.kind, ())
        related = [found for section in sections if (found := relate(thing, section)).rows]
        outward = {(p, False) for s in sections if not s.inverse for p in s.predicates}
        inward = {(p, True) for s in sections if s.inverse for p in s.predicates}
        return Portrait(
            thing=thing,
            related=related,
            rest=[row for row in thing.statements if (row["property"], False) not in outward],
            references=[row for row in thing.references if (row["property"], True) not in inward],
            figures=self.figures(thing),
            lists=self._lists(thing),
        )

    def figures(self, thing: Thing) -> list[Row]:
        """The figures that concern a thing, in reading order."""
        return self.table.of(row["observation"] for row in self.table.select("figures-of", thing=[thing.iri]))

    def _lists(self, thing: Thing) -> dict[str, list[Row]]:
        kind, iri, found = thing.kind, thing.iri, dict[str, list[Row]]()
        if kind in ("agency", "body"):
            found["units"] = [{"depth": depth, "thing": unit} for depth, unit in self.table.below(iri)]
            found["officers"] = self.table.canned("office-holders", body=iri)
        if kind in ("initiative", "mechanism", "norm"):
            found["parts"] = self._parts(iri)
        if kind in ("system", "facility"):
            found["siblings"] = _grouped(self.table.select("same-type", thing=[iri]))
        found["issues"] = [row for row in self.table.issues if _touches(row, iri)]
        found["vague"] = [row for row in self.table.vague if iri in (row["agency"], row["metric"], report_of(row))]
        if kind == "doc":
            found["exactness"] = [row for row in self.table.exactness if document_iri(row["document"]) == iri]
            found["named"] = self.table.select("named-in", doc=[iri])
        if kind == "metric":
            found["comparison"] = self.table.comparing(iri)
        if kind == "span":
            found["quote"] = self.table.select("quote", span=[iri])
            found["carried"] = self.table.select("carried", span=[iri])
        if kind in ("claim", "problem", "recommendation"):
            found["spans"] = self.table.canned("evidence", observation=iri)
        if kind == "person":
            found["officers"] = [row for row in self.table.canned("office-holders") if row["person"] == iri]
        return found | {"findings": self.findings(thing)}

    def findings(self, thing: Thing) -> list[Row]:
        """What the audit says of a claim, of a report or of a body's work, the gravest first."""
        key = thing.iri.rpartition("/")[2]
        if thing.kind in ("agency", "body"):
            return [row for row in self.table.findings if row["agency"] == thing.iri]
        if thing.kind == "doc":
            return [row for row in self.table.findings if row["document"] == key]
        return [row for row in self.table.findings if thing.iri in row["claims"]]

    def _parts(self, iri: str) -> list[Row]:
        """The components, each with the words that each report has for it."""
        found: dict[str, list[Row]] = {}
        for row in self.table.select("part-words", thing=[iri]):
            words = found.setdefault(row["part"], [])
            same = next((word for word in words if word["document"] == row["document"]), None)
            if same is None:
                words.append({"document": row["document"], "exact": [row["exact"]]})
            else:
                same["exact"].append(row["exact"])
        return [{"part": part, "words": words} for part, words in found.items()]


def relate(thing: Thing, section: Section) -> Related:
    """The things that stand in the relations of a section to a thing, those that a text tells first."""
    near, far = ("object", "subject") if section.inverse else ("subject", "object")
    found: dict[str, Row] = {}
    for claim in thing.claims:
        if claim["predicate"] in section.predicates and claim[near] == thing.iri:
            found.setdefault(claim[far], {"thing": claim[far], "told": []})["told"].append(claim)
    for row in thing.references if section.inverse else thing.statements:
        if row["property"] in section.predicates and str(row["value"]).startswith(BASE):
            found.setdefault(row["value"], {"thing": row["value"], "told": []})
    return Related(section, list(found.values()))


def by_theme(figures: Iterable[Row]) -> list[tuple[str | None, list[Row]]]:
    """Figures by the top metric above theirs, the theme with most figures first, reading order within."""
    groups: dict[str | None, list[Row]] = {}
    for row in figures:
        groups.setdefault(row["theme"], []).append(row)
    return sorted(groups.items(), key=lambda group: -len(group[1]))


def by_stage(figures: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """Figures by the stage that their metric measures; an empty stage stays, for that nothing is shown is news."""
    rows = list(figures)
    return [(stage, [row for row in rows if row["stage"] == stage]) for stage in STAGES]


def _touches(issue: Row, iri: str) -> bool:
    """Whether a problem or recommendation has to do with a thing, its speaker, its place or its report."""
    return iri != issue["issue"] and iri in (
        *issue["about"], *issue["addresses"], issue["claimant"], issue["area"], report_of(issue)
    )  # fmt: skip


def _grouped(rows: list[Row]) -> list[Row]:
    """Each other thing once, with all its operators."""
    found: dict[str, Row] = {}
    for row in rows:
        entry = found.setdefault(row["other"], {"thing": row["other"], "type": row["type"], "operators": []})
        entry["operators"] += [row["operator"]] if row["operator"] else []
    return list(found.values())


def report_of(row: Row) -> str:
    """The IRI of the report of a row with a `document` key."""
    return document_iri(row["document"])
