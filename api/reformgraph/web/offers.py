"""The formats of SPARQL answers and of descriptions, and which of them a request means.

Accept decides (RFC 9110, 12.5.1). `format`, `output` and `results`, which SPARQLWrapper always sends, are hints
below it: they count where Accept names no data format, so that a link of a page can ask for CSV.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from reformgraph.errors import NotAcceptableError
from reformgraph.namespaces import prefixes
from reformgraph.results import FORMATS, Format, choose, parse_accept
from reformgraph.web import respond
from reformgraph.web.site import Site
from reformgraph.web.things.representing import with_sorted_prefixes

# Names that clients use for a format besides its own; kept here because `application/json` is plain rows elsewhere.
_ALIASES: dict[str, tuple[str, ...]] = {
    "srj": ("application/json",),
    "ttl": ("application/x-turtle", "application/turtle", "text/n3"),
    "jsonld": ("application/json",),
    "rdf": ("application/xml", "text/xml"),
    "nq": ("text/x-nquads", "text/nquads"),
    "trig": ("application/x-trig",),
}
_HINTS: dict[str, tuple[str, ...]] = {
    "srj": ("json",),
    "srx": ("xml",),
    "ttl": ("turtle", "n3"),
    "nt": ("ntriples", "n-triples"),
    "nq": ("nquads", "n-quads"),
    "jsonld": ("json-ld", "json"),
    "rdf": ("rdf+xml", "xml", "rdfxml"),
}


def _offer(name: str) -> Format:
    return replace(FORMATS[name], aliases=(*FORMATS[name].aliases, *_ALIASES.get(name, ())))


PAGE = FORMATS["html"]
SOLUTIONS = tuple(_offer(name) for name in ("srj", "srx", "csv", "tsv"))
BOOLEANS = SOLUTIONS[:2]  # CSV and TSV have no form for a boolean (SPARQL 1.1 CSV and TSV, 1)
GRAPHS = tuple(_offer(name) for name in ("ttl", "nt", "jsonld", "rdf", "nq", "trig"))


def negotiate(request: Request, offered: Sequence[Format], suffix: str | None = None) -> Format:
    """The format of a description: suffix, then `?format=`, then Accept; the first offered is the default."""
    return choose(offered, request.headers.get("accept"), suffix, request.query_params.get("format"))


def negotiate_hinted(offered: Sequence[Format], accept: str | None, hint: str | None) -> Format:
    """The format of a SPARQL answer: what Accept names, else the hint if Accept admits it, else the default."""
    best = choose(offered, accept)
    hinted = next((f for f in offered if _means(f, hint)), None)
    if hinted is None or (best.suffix != "html" and _is_named(best, accept)):
        return best
    if hinted.suffix == "html":
        return hinted
    try:
        return choose([hinted], accept)
    except NotAcceptableError:
        return best


def _means(format_: Format, hint: str | None) -> bool:
    names = (format_.suffix, format_.media_type, *format_.aliases, *_HINTS.get(format_.suffix, ()))
    return hint is not None and hint.lower() in names


def _is_named(format_: Format, accept: str | None) -> bool:
    names = (format_.media_type, *format_.aliases)
    return any(quality > 0 and media_range in names for media_range, quality in parse_accept(accept or ""))


def graph_answer(
    site: Site,
    request: Request,
    chosen: Format,
    triples: Callable[[], Iterable[ox.Triple]],
    links: Sequence[tuple[str, str]] = (),
) -> Response:
    """A graph in one of `GRAPHS`, or 304 without computing it; `links` are (target, rel) pairs."""
    return respond.answer(site, request, chosen, lambda: serialized(triples(), chosen), links)


def serialized(triples: Iterable[ox.Triple], chosen: Format) -> bytes:
    """Triples in the order of their text, so that equal graphs are equal bytes, with the prefixes that they use."""
    assert isinstance(chosen.engine, ox.RdfFormat)
    lines = sorted((str(triple), triple) for triple in set(triples))
    text = "\n".join(line for line, _ in lines)
    used = {prefix: namespace for prefix, namespace in prefixes().items() if namespace in text}
    found = ox.serialize((triple for _, triple in lines), format=chosen.engine, prefixes=used)
    assert found is not None
    return with_sorted_prefixes(found)
