"""A request for search read and checked, and its results as they leave: JSON, suggestions, parts of a marked text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from reformgraph.errors import ParameterError
from reformgraph.names import Reading, resolve
from reformgraph.namespaces import BASE, compact
from reformgraph.queries import DEFAULT_LIMIT, read_limit
from reformgraph.search import Count, Found, Hit, Narrowing
from reformgraph.searching.question import Span
from reformgraph.searching.searchable import KINDS
from reformgraph.web import respond
from reformgraph.web.pages import href, phrases
from reformgraph.web.site import Site

LONGEST = 200
_ONCE = ("q", "limit", "cursor", "format", "lang")
NARROWING = ("agency", "document", "initiative", "period", "voice", "bound")
_MANY = ("kind", *NARROWING)
_YEAR = re.compile("[12][0-9]{3}", re.ASCII)


@dataclass(frozen=True)
class Sought:
    """A request to `/search`; each part raises ParameterError where it does not fit."""

    request: Request
    site: Site

    def check(self) -> None:
        """Raise ParameterError for whatever does not fit, an unknown parameter first."""
        check_names(self.request, _ONCE, _MANY)
        _ = (self.text, self.limit, self.offset, self.narrowing)

    @property
    def text(self) -> str:
        """What is sought, without space around it; may be empty."""
        return read_text(self.request)

    @property
    def limit(self) -> int:
        """Results on a page."""
        return read_limit(self.request.query_params.get("limit")) or DEFAULT_LIMIT

    @property
    def offset(self) -> int:
        """The place that `cursor=` names."""
        return self.site.queries.offset(self.request.query_params.get("cursor"))

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that are asked for; none for all."""
        asked = self._given("kind")
        for kind in asked:
            if kind not in KINDS:
                raise ParameterError("kind", f"{kind!r} is no kind that is searched.", KINDS)
        return asked

    @cached_property
    def readings(self) -> dict[str, list[Reading]]:
        """How the bodies and the documents were read."""
        engine = self.site.engine
        read = {
            "agency": [_body(resolve(engine, "agency", "thing", text)) for text in self._given("agency")],
            "document": [resolve(engine, "document", "doc", text) for text in self._given("document")],
            "initiative": [resolve(engine, "initiative", "initiative", text) for text in self._given("initiative")],
        }
        return {name: found for name, found in read.items() if found}

    @cached_property
    def narrowing(self) -> Narrowing:
        """What the results must be."""
        read = {name: tuple(reading.read for reading in found) for name, found in self.readings.items()}
        facets = [("initiative", iri) for iri in read.get("initiative", ())]
        facets += [("period", year) for year in self._given("period") if _is_year(year)]
        facets += [(name, word) for name in ("voice", "bound") for word in self._codes(name)]
        return Narrowing(self.kinds, read.get("agency", ()), read.get("document", ()), tuple(facets))

    def _codes(self, name: str) -> tuple[str, ...]:
        asked = self._given(name)
        allowed = self.site.queries.codes(name) if asked else {}
        for word in asked:
            if word not in allowed:
                raise ParameterError(name, f"{word!r} is not one of the code list.", list(allowed))
        return asked

    def _given(self, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(v for v in self.request.query_params.getlist(name) if v.strip()))

    def ask(self) -> Found:
        """The page of results."""
        return self.site.search.search(self.text, self.narrowing, self.limit, self.offset)

    def links(self, found: Found) -> list[tuple[str, str]]:
        """Pages before and after, as targets and relations."""
        links = [(respond.url_with(self.request, cursor=None), "first")]
        if self.offset + self.limit < found.total:
            links.append((self._at(self.offset + self.limit), "next"))
        if self.offset:
            links.append((self._at(max(self.offset - self.limit, 0)), "prev"))
        return links

    def _at(self, offset: int) -> str:
        return respond.url_with(self.request, cursor=self.site.queries.cursor(offset) if offset else None)


def check_names(request: Request, once: Sequence[str], many: Sequence[str] = ()) -> None:
    """Raise ParameterError for a parameter that is unknown, given twice, or no language."""
    once = (*once, "release")  # chooses the site before any route does
    for name in request.query_params:
        if name not in (*once, *many):
            raise ParameterError(name, "there is no such parameter here.", [*once, *many])
        if name in once and len(request.query_params.getlist(name)) > 1:
            raise ParameterError(name, "is given more than once.")
    language = request.query_params.get("lang")
    if language and language not in respond.LANGUAGES:
        raise ParameterError("lang", f"{language!r} is no language of the pages.", respond.LANGUAGES)


def read_text(request: Request) -> str:
    """`q=` without space around it; ParameterError where it is too long."""
    text = request.query_params.get("q", "").strip()
    if len(text) > LONGEST:
        raise ParameterError("q", f"has {len(text)} characters; up to {LONGEST} are searched.")
    return text


def _is_year(text: str) -> bool:
    if not _YEAR.fullmatch(text):
        raise ParameterError("period", f"{text!r} is no year.", ["2009"])
    return True


def _body(reading: Reading) -> Reading:
    if not reading.read.startswith((f"{BASE}agency/", f"{BASE}body/")):
        raise ParameterError("agency", f"{reading.given!r} is no agency and no other body.")
    return reading


def as_json(sought: Sought, found: Found, following: str | None) -> dict[str, Any]:
    """The answer; `total` counts what it is narrowed to, `facets` every kind that the question finds."""
    return {
        "q": sought.text,
        "release": sought.site.release.id,
        "parameters": {
            name: [{"given": r.given, "read": r.read, "label": r.label} for r in read]
            for name, read in sought.readings.items()
        },
        "total": found.total,
        "facets": found.facets,
        "results": [_result(hit) for hit in found.hits],
        "counts": {name: [asdict(count) for count in counts] for name, counts in found.counts.items()},
        "nearest": [asdict(named) for named in found.nearest],
        "next": following,
    }


def _result(hit: Hit) -> dict[str, Any]:
    return {
        "iri": hit.iri,
        "kind": hit.kind,
        "zh": hit.zh,
        "en": hit.en,
        "matched": {"field": hit.field, "language": hit.language or None, "text": hit.text, "marks": hit.marks},
        "score": hit.score,
        "evidence": hit.evidence,
    }


def suggestions(request: Request, text: str, hits: Sequence[Hit]) -> list[Any]:
    """Completions, what each is, and its address (OpenSearch Suggestions 1.1)."""
    language = respond.language(request)
    named = {hit.text: hit for hit in reversed(hits)}  # of two things of one name the first stays
    best = [hit for hit in hits if named[hit.text] is hit]
    return [
        text,
        [hit.text for hit in best],
        [" · ".join(filter(None, (phrases.section(hit.kind, language), hit.zh, hit.en))) for hit in best],
        [str(request.base_url).rstrip("/") + href(hit.iri) for hit in best],
    ]


@dataclass(frozen=True)
class Facet:
    """One value of a facet on the page: what it is called, how many results have it, the address that turns it."""

    label: str
    count: int
    chosen: bool
    url: str


def narrower(sought: Sought, found: Found) -> dict[str, list[Facet]]:
    """The facets of the page by name; a value that is chosen leads to the results without it."""
    language = respond.language(sought.request)
    narrowing = sought.narrowing
    chosen = {*narrowing.facets, *(("agency", iri) for iri in narrowing.agencies)}
    return {
        name: [
            Facet(
                _called(name, count, language), count.count, (name, count.value) in chosen, _turned(sought, name, count)
            )
            for count in counts
        ]
        for name, counts in found.counts.items()
    }


def conditions(sought: Sought) -> list[tuple[str, str]]:
    """What the results are narrowed to besides kinds, in words, each with the address without it."""
    language = respond.language(sought.request)
    pairs = [pair for pair in sought.request.query_params.multi_items() if pair[0] != "cursor"]
    labels = {reading.given: reading.label for found in sought.readings.values() for reading in found}
    told = []
    for name, value in pairs:
        if name in NARROWING and value.strip():
            words = phrases.code(name, value, language) if name in ("voice", "bound") else labels.get(value) or value
            told.append((words, "?" + urlencode([pair for pair in pairs if pair != (name, value)])))
    return told


def _called(name: str, count: Count, language: str) -> str:
    if name in ("voice", "bound"):
        return phrases.code(name, count.value, language)
    return (count.zh if language == "zh" else count.en) or count.zh or compact(count.value)


def _turned(sought: Sought, name: str, count: Count) -> str:
    """The address with a value of a facet added, or without it where it is chosen."""
    value = compact(count.value)
    readings = {reading.given: reading.read for reading in sought.readings.get(name, [])}
    pairs = [(key, given) for key, given in sought.request.query_params.multi_items() if key != "cursor"]
    others = [pair for pair in pairs if not (pair[0] == name and readings.get(pair[1], pair[1]) == count.value)]
    pairs = others if len(others) < len(pairs) else [*pairs, (name, value)]
    return "?" + urlencode(pairs)


def parts(text: str, marks: Sequence[Span]) -> list[tuple[str, bool]]:
    """A text cut at its marks: each part, and whether it is marked."""
    cut, done = [], 0
    for start, end in marks:
        cut += [(text[done:start], False), (text[start:end], True)]
        done = end
    return [(part, marked) for part, marked in [*cut, (text[done:], False)] if part]
