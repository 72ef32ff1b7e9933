"""The pages that explain the graph: its ontology, and how reports are read.

Tables on the method page are made from the very tables that the reader of figures, the comparison and the audit work
by, so that the page cannot tell of another method than the one at work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from reformgraph.comparability import verdicts
from reformgraph.namespaces import BASE, RG, prefixes
from reformgraph.numerals import Figure, UnreadableFigure, limits, read
from reformgraph.portraits import coremap
from reformgraph.portraits.figuretable import FigureTable, document_iri
from reformgraph.portraits.questions import compared_metric
from reformgraph.publishing import citing
from reformgraph.reading.boundwords import BoundWords, bound_words
from reformgraph.reading.wording import WORDS
from reformgraph.web import respond
from reformgraph.web.pages import phrases_method, render, telling
from reformgraph.web.site import Site

Row = dict[str, Any]
_VAGUE_WORDS = 4  # of a class of wording


def ontology(request: Request, site: Site) -> str:
    """Every term with a real example, the code lists, and a drawing of the core."""
    table, vocabulary = site.resources.figures, site.vocabulary
    shown = {iri for link in coremap.LINKS for iri in (link.property, link.source, link.target)}
    drawn = shown <= table.names.keys()
    return render(
        request,
        "explained/ontology.html",
        terms=vocabulary.terms,
        schemes=vocabulary.schemes,
        layouts=coremap.LAYOUTS if drawn else (),
        links=coremap.LINKS if drawn else (),
        themes=site.overviews.themes,
        versions=site.resources.versions(),
        names=table.names,
        table=table,
    )


def method(request: Request, site: Site) -> str:
    """How figures are read, who speaks, what compares, what is checked, and what the graph is not."""
    table, language = site.resources.figures, respond.language(request)
    example = table.featured
    return render(
        request,
        f"explained/method.{language}.html",
        example=example,
        spans=table.canned("evidence", observation=example["observation"]) if example else [],
        reading=_anatomy(example["exact"]) if example else None,
        bound_groups=_groups(),
        wordless=_wordless(),
        vague_words=_vague_words(table),
        voices=[(code.notation, _distance(code.notation, language)) for code in site.vocabulary.codes("voice")],
        counts={name: Counter(row[name] for row in table.rows) for name in ("bound", "voice", "modality", "kind")},
        inferred_fields=_inferred(table),
        reasons=_reasons(),
        verdicts=verdicts.VERDICT_LABELS,
        rules=_rules(site),
        compared=compared_metric(table),
        contact=_contact(site),
        codes_of=site.vocabulary.codes,
        release=site.release.id,
        reports=table.reports,
        names=table.names,
        table=table,
        document_iri=document_iri,
        method=phrases_method,
    )


@dataclass(frozen=True)
class Anatomy:
    """The parts of a figure phrase: the characters of its number, the word that bounds it, its measure word."""

    number: str
    bound: str | None
    unit: str | None


def _anatomy(phrase: str) -> Anatomy | None:
    """The parts of a phrase as the reader tells them apart, None where it reads no figure in it."""
    try:
        figure = read(phrase)
    except UnreadableFigure:
        return None
    rest = phrase
    for word in (figure.bound_word, figure.unit_word):
        rest = rest.replace(word, "", 1) if word else rest
    return Anatomy(rest, figure.bound_word, figure.unit_word)


@dataclass(frozen=True)
class Group:
    """Bound words of one meaning, a phrase with the first of them, and how the reader reads it, by language."""

    words: list[str]
    example: str
    limits: Mapping[str, str]


def _groups() -> list[tuple[str, list[Group]]]:
    """The groups of words of each bound."""
    found: dict[str, list[Group]] = {}
    for words in bound_words():
        found.setdefault(words.bound, []).append(_group(words))
    return list(found.items())


def _group(words: BoundWords) -> Group:
    figure = read(words.example)
    return Group(words.words, words.example, {tag: _told(figure, tag) for tag in respond.LANGUAGES})


def _told(figure: Figure, language: str) -> str:
    """The limits of a figure as a claim card has them, without the words that lead in."""
    lower, upper = limits(figure)
    row = {"bound": figure.bound, "lower": lower, "upper": upper, "unit": figure.unit}
    return telling.limits(row, language).partition("：" if language == "zh" else ": ")[2]


def _wordless() -> list[tuple[list[str], dict[str, str]]]:
    """The words that are figures without a numeral, those of one reading together."""
    groups: dict[tuple[Any, ...], list[str]] = {}
    for word, (value, unit, fixed) in WORDS.items():
        kind = "rank" if unit.kind == "rank" else unit.names[0]
        groups.setdefault((value, kind, fixed[0] if fixed else "exact"), []).append(word)
    return [(words, phrases_method.wordless(*reading)) for reading, words in groups.items()]


def _vague_words(table: FigureTable) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in table.select("vague-words"):
        found.setdefault(row["wording"], []).append(row["exact"])
    return {wording: words[:_VAGUE_WORDS] for wording, words in found.items()}


def _distance(voice: str, language: str) -> tuple[int, str]:
    return telling.independence({"voice": voice, "dataSource": None}, language)


def _inferred(table: FigureTable) -> list[tuple[str, int]]:
    """The fields that are inferred in some figure, and in how many."""
    counts = Counter(field for row in table.rows for field in (row["inferred"] or "").split())
    spaces = prefixes().values()
    return [
        (next((space + field for space in spaces if space + field in table.names), RG + field), count)
        for field, count in counts.most_common()
    ]


def _reasons() -> list[tuple[str, list[dict[str, str]]]]:
    """Every reason by what it looks at, its sentences with dots for what differs."""
    blank = {"left": "…", "right": "…"}
    found: dict[str, list[dict[str, str]]] = {code: [] for code in verdicts.CODES}
    for one in verdicts.SENTENCES.values():
        told = {"zh": one.zh.format(**blank), "en": one.en.format(**blank).replace("….", "…")}
        found[one.code].append({"verdict": one.verdict} | told)
    return [(code, rows) for code, rows in found.items() if rows]


def _rules(site: Site) -> list[tuple[str, list[Row], int]]:
    """The rules that find something, what their shapes are called, and how many findings there are."""
    counts = Counter(row["rule"] for row in site.resources.figures.findings)
    return [(rule, names, counts[rule]) for rule, names in sorted(site.overviews.rules.items(), key=_number)]


def _number(rule: tuple[str, Any]) -> tuple[int, str]:
    digits = "".join(filter(str.isdigit, rule[0]))
    return (int(digits or 0), rule[0])


def _contact(site: Site) -> str | None:
    """The address for whoever asks that an entry be removed or a reading changed."""
    contact = site.settings.contact
    if contact is None or contact.startswith("mailto:"):
        return contact
    return citing.challenge(contact, f"{BASE}person", site.release.id, "", "en")
