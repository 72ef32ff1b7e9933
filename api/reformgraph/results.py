"""Formats of answers: which one the caller wants, and rows as JSON and CSV.

Choice: suffix of the path, then `?format=`, then Accept (RFC 9110, 12.5.1); `*/*` and an absent Accept mean the
route's default, and HTML is given only if asked for by name. Bytes of SPARQL formats come from the engine's own
serializer; only the JSON and CSV of canned queries are made here.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from reformgraph.errors import NotAcceptableError, ParameterError
from reformgraph.namespaces import XSD, prefixes

Term = ox.NamedNode | ox.BlankNode | ox.Literal
Cell = Term | ox.Triple  # RDF 1.2 lets a solution hold a triple term


@dataclass(frozen=True)
class Format:
    """A format by its suffix, with its media type, what it holds, and further names that callers use.

    What holds a `file` is bytes, all else is text.
    """

    suffix: str
    media_type: str
    holds: str
    engine: ox.QueryResultsFormat | ox.RdfFormat | None = None
    aliases: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The media type; of text with `charset=utf-8`, which R's client needs to read Chinese."""
        return self.media_type if self.holds == "file" else f"{self.media_type}; charset=utf-8"


_R, _G = ox.QueryResultsFormat, ox.RdfFormat
FORMATS = {
    f.suffix: f
    for f in (
        Format("html", "text/html", "page", aliases=("application/xhtml+xml",)),
        Format("json", "application/json", "rows"),
        Format("csv", "text/csv", "solutions", _R.CSV),
        Format("tsv", "text/tab-separated-values", "solutions", _R.TSV),
        Format("srj", "application/sparql-results+json", "solutions", _R.JSON),
        Format("srx", "application/sparql-results+xml", "solutions", _R.XML, ("application/xml", "text/xml")),
        Format("ttl", "text/turtle", "graph", _G.TURTLE, ("application/x-turtle",)),
        Format("nt", "application/n-triples", "graph", _G.N_TRIPLES, ("text/plain",)),
        Format("jsonld", "application/ld+json", "graph", _G.JSON_LD),
        Format("rdf", "application/rdf+xml", "graph", _G.RDF_XML),
        Format("nq", "application/n-quads", "quads", _G.N_QUADS),
        Format("trig", "application/trig", "quads", _G.TRIG),
        Format("rq", "application/sparql-query", "query"),
        Format("geojson", "application/geo+json", "rows"),
        Format("svg", "image/svg+xml", "picture"),
        Format("png", "image/png", "file"),
        Format("vegalite", "application/vnd.vegalite.v6+json", "picture"),
        Format("parquet", "application/vnd.apache.parquet", "file"),
        Format("crate", "application/zip", "file"),
        Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "file"),
    )
}


def choose(
    offered: Sequence[Format], accept: str | None, suffix: str | None = None, asked: str | None = None
) -> Format:
    """The format to answer in; the first of `offered` is the default.

    Raises ParameterError for an unknown `?format=` and NotAcceptableError when Accept excludes all.
    """
    by_suffix = {f.suffix: f for f in offered}
    if suffix is not None and suffix in by_suffix:
        return by_suffix[suffix]
    if asked:
        found = by_suffix.get(asked) or next((f for f in offered if asked in (f.media_type, *f.aliases)), None)
        if found is None:
            raise ParameterError("format", f"{asked!r} is not offered here.", list(by_suffix))
        return found
    return _by_accept(offered, accept)


def _by_accept(offered: Sequence[Format], accept: str | None) -> Format:
    ranges = parse_accept(accept or "*/*")
    scored = [(_quality(f, ranges), -place, f) for place, f in enumerate(offered)]
    best = max(scored, key=lambda score: score[:2])
    if best[0] <= 0:
        raise NotAcceptableError(accept or "", [f.media_type for f in offered])
    return best[2]


def parse_accept(header: str) -> list[tuple[str, float]]:
    """Media ranges with their q-values; a broken q counts as 1, parameters other than q are ignored."""
    ranges = []
    for part in header.split(","):
        media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        valid = re.fullmatch(r"[01](\.\d*)?", quality)
        if media_range:
            ranges.append((media_range, min(float(quality), 1.0) if valid else 1.0))
    return ranges or [("*/*", 1.0)]


def _quality(offer: Format, ranges: list[tuple[str, float]]) -> float:
    """The q of the most specific range that fits; wildcards never mean HTML."""
    names = (offer.media_type, *offer.aliases)
    exact = [q for media_range, q in ranges if media_range in names]
    if exact or offer.suffix == "html":
        return max(exact, default=0.0)
    partial = [q for media_range, q in ranges if media_range == offer.media_type.split("/")[0] + "/*"]
    anything = [q for media_range, q in ranges if media_range == "*/*"]
    return max(partial or anything, default=0.0)


def cell(term: Cell | None) -> Any:
    """A term as a JSON value: IRIs and text as strings, numbers as numbers, absent as None."""
    if not isinstance(term, ox.Literal):
        return None if term is None else str(term) if isinstance(term, ox.Triple) else term.value
    kind = term.datatype.value.removeprefix(XSD)
    try:
        if kind == "integer":
            return int(term.value)
        if kind in ("decimal", "double", "float"):
            return float(term.value)
    except ValueError:
        return term.value
    return term.value == "true" if kind == "boolean" else term.value


def rows(solutions: ox.QuerySolutions) -> list[dict[str, Any]]:
    """All solutions as objects of JSON values, column -> value, in the order of the answer."""
    names = [variable.value for variable in solutions.variables]
    return [{name: cell(term) for name, term in zip(names, solution, strict=True)} for solution in solutions]


_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


def guard_cell(text: str) -> str:
    """A CSV cell that a spreadsheet cannot run: a quote before = + - @ where the cell is no number."""
    return "'" + text if text[:1] in "=+-@\t\r" and text and not _NUMBER.fullmatch(text) else text


def csv_text(columns: Iterable[str], table: Iterable[dict[str, Any]], bom: bool = False) -> bytes:
    """RFC 4180 text (CRLF) of the rows, cells guarded; `bom` is for Excel, which else garbles Chinese."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    names = list(columns)
    writer.writerow(names)
    for row in table:
        writer.writerow([_csv_cell(row.get(name)) for name in names])
    return (b"\xef\xbb\xbf" if bom else b"") + out.getvalue().encode()


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return guard_cell(str(value))


def json_bytes(value: Any) -> bytes:
    """JSON in UTF-8, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def graph_bytes(triples: Iterable[ox.Triple], format_: ox.RdfFormat) -> bytes:
    """Triples as bytes, with our prefixes where the format has prefixes."""
    text = ox.serialize(triples, format=format_, prefixes=prefixes())
    assert text is not None
    return text
