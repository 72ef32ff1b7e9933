"""Evidence: spans held against the texts they were cut from, figures read again from their phrases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from reformgraph.engines.embedded import Embedded
from reformgraph.errors import SourceFileError
from reformgraph.integrity import Fault, integrity_faults
from reformgraph.namespaces import BASE, RG, compact
from reformgraph.numerals import Figure, read
from reformgraph.queries import fill
from reformgraph.reading.amounts import UnreadableFigure
from reformgraph.reading.ledger import Account, account, read_ledger
from reformgraph.results import rows
from reformgraph.texts import Texts

CONTEXT = 12
MAX_QUOTE = 30
_SIGNS = ("%", "％", "‰", "个百分点")  # what the unit says already; no unit word is stored for them


@dataclass(frozen=True)
class Verification:
    """What was held against the texts: counts for each document key, and the faults."""

    spans: Counter[str]
    figures: Counter[str]
    missing: tuple[str, ...]
    faults: tuple[Fault, ...]
    accounts: Mapping[str, Account]


_SPANS = f"""SELECT ?span ?key ?start ?end ?exact ?prefix ?suffix {{
  ?span a <{RG}Evidence> ; <http://www.w3.org/ns/oa#hasSource> ?doc ; <{RG}start> ?start ; <{RG}end> ?end ;
    <{RG}exact> ?exact ; <{RG}prefix> ?prefix ; <{RG}suffix> ?suffix .
  BIND (STRAFTER(STR(?doc), "/doc/") AS ?key)
}} ORDER BY ?key ?start ?end"""


def verify(store: ox.Store, texts: Texts, root: Path) -> Verification:
    """Hold every span and figure of a store against the texts, and account for every numeral of them.

    A document whose text is not at hand is named in `missing`, its spans and figures are not counted.
    """
    spans = _select(store, _SPANS)
    figures = _select(store, fill((root / "queries" / "observations.rq").read_text("utf-8"), {}))
    found = [*integrity_faults(store), *_span_faults(spans, texts), *_figure_faults(figures, texts)]
    keys = {row["key"] for row in spans}
    return Verification(
        spans=Counter(row["key"] for row in spans if row["key"] in texts.by_key),
        figures=Counter(row["document"] for row in figures if row["document"] in texts.by_key),
        missing=tuple(sorted(keys - texts.by_key.keys())),
        faults=tuple(found),
        accounts={key: _account(store, key, texts.by_key[key], root) for key in sorted(keys & texts.by_key.keys())},
    )


_FIGURE_SPANS = f"""SELECT DISTINCT ?start ?end {{
  VALUES ?doc {{ UNDEF }}
  ?observation a <{RG}Observation> ; <{RG}evidence> ?span .
  ?span <http://www.w3.org/ns/oa#hasSource> ?doc ; <{RG}start> ?start ; <{RG}end> ?end .
}} ORDER BY ?start ?end"""


def _account(store: ox.Store, key: str, text: str, root: Path) -> Account:
    spans = _select(store, fill(_FIGURE_SPANS, {"doc": [ox.NamedNode(f"{BASE}doc/{key}")]}))
    ledger = read_ledger(root / "data" / "ledger" / f"{key}.tsv")
    return account(text, [(row["start"], row["end"]) for row in spans], ledger)


def _select(store: ox.Store, query: str) -> list[dict[str, Any]]:
    found = Embedded.from_store(store).query(query)
    assert isinstance(found, ox.QuerySolutions)
    return rows(found)


def _span_faults(spans: list[dict[str, Any]], texts: Texts) -> Iterator[Fault]:
    for row in spans:
        text = texts.by_key.get(row["key"])
        if text is None:
            continue
        start, end = row["start"], row["end"]
        if text[start:end] != row["exact"]:
            yield Fault(row["span"], f"{row['exact']!r} is not at {start}-{end}; {_where(text, row['exact'])}")
        elif not text[:start].endswith(row["prefix"]) or not text.startswith(row["suffix"], end):
            yield Fault(row["span"], "prefix or suffix is not what stands around it; make the span anew.")


def _where(text: str, quote: str) -> str:
    places = [i for i in range(len(text)) if text.startswith(quote, i)]
    if not places:
        return "it is nowhere in the text: copy the phrase from the text."
    return "it stands at " + ", ".join(f"{i}-{i + len(quote)}" for i in places[:5]) + ": correct the offsets."


def _figure_faults(figures: list[dict[str, Any]], texts: Texts) -> Iterator[Fault]:
    for row in figures:
        if row["document"] in texts.by_key:
            try:
                figure = read(row["exact"])
            except UnreadableFigure as error:
                yield Fault(row["observation"], str(error))
                continue
            yield from (Fault(row["observation"], reason) for reason in differences(row, figure))


def differences(row: dict[str, Any], figure: Figure) -> Iterator[str]:
    """Where a row of `observations` and the reading of its phrase differ in value, unit, unit word or bound."""
    phrase = row["exact"]
    stored = None if row["value"] is None else Decimal(str(row["value"]))
    reread = None if figure.value is None else Decimal(figure.value)
    if stored != reread and not (row["kind"] in ("change", "change-pp") and stored == -(reread or 0)):
        yield f"{phrase!r} reads as {reread}, but {stored} is stored: correct one of them."
    if row["bound"] != figure.bound:
        yield f"{phrase!r} reads with bound {figure.bound}, but {row['bound']} is stored: correct one of them."
    unit_word = None if figure.unit_word in _SIGNS else figure.unit_word
    if row["unitWord"] != unit_word and "unitText" not in (row["inferred"] or "").split():
        yield f"{phrase!r} has the unit word {unit_word}, but {row['unitWord']} is stored: correct one of them."


def span_turtle(key: str, text: str, start: int, end: int) -> str:
    """The Turtle block of one span, ready to paste into the report's file."""
    quote = text[start:end]
    if len(quote) > MAX_QUOTE:
        reason = f"The phrase has {len(quote)} characters, {MAX_QUOTE} at most: cut it to the words that carry it."
        raise SourceFileError("span", 0, reason)
    around = {
        "exact": quote,
        "prefix": text[max(0, start - CONTEXT) : start],
        "suffix": text[end : end + CONTEXT],
    }
    lines = [f"span:{key}-{start}-{end}", "    a rg:Evidence ;", f"    oa:hasSource doc:{key} ;"]
    lines += [f"    rg:start {start} ;", f"    rg:end {end} ;"]
    lines += [f"    rg:{name} {ox.Literal(value)} ;" for name, value in around.items()]
    return "\n".join([*lines, ".", ""])


def locate(root: Path, iri: str) -> tuple[Path, int] | None:
    """File and line of the block of a subject in `data/ttl`, None where it has none."""
    curie = compact(iri) if iri.startswith(BASE) else f"<{iri}>"
    for path in sorted((root / "data" / "ttl").rglob("*.ttl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if line == curie:
                return path, number
    return None
