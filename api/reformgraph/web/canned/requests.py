"""Requests for a canned query: the parameters that every query has, read apart from its own."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from starlette.requests import Request

from reformgraph.canned.files import CannedQuery
from reformgraph.canned.tables import Colophon
from reformgraph.canned.views import View, read_view
from reformgraph.errors import NotAcceptableError, ParameterError
from reformgraph.publishing.publication import SHORT
from reformgraph.queries import Question, read_limit
from reformgraph.results import FORMATS, Format
from reformgraph.web import respond
from reformgraph.web.canned.openapi import formats_of
from reformgraph.web.site import Site

Pairs = list[tuple[str, str]]
SHARED = ("format", "lang", "release")
OF_ROWS = ("limit", "cursor", "sort", "filter", "fields", "bom")


@dataclass(frozen=True)
class Asked:
    """A request for `query`: `pairs` are the parameters of URL and form, `form` the bytes of a form."""

    request: Request
    site: Site
    query: CannedQuery
    pairs: Pairs
    suffix: str | None = None
    form: bytes = b""
    pinned: bool = False

    @property
    def kind(self) -> Hashable:
        """What questions that take about the same time have in common: query, names of parameters, format, size."""
        names = tuple(sorted(name for name, _ in self.pairs))
        told = tuple(value for name, value in self.pairs if name == "format")
        size = sum(len(value) for name, value in self.pairs if name == "limit")
        return self.query.name, self.suffix, self.request.headers.get("accept"), told, names, size

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that are not the query's own."""
        return (*SHARED, *OF_ROWS) if self.query.form == "select" else SHARED

    @cached_property
    def shared(self) -> dict[str, str]:
        """The values of the shared parameters but `filter`; ParameterError for one that is given twice."""
        names = [name for name, _ in self.pairs if name in self.names and name != "filter"]
        for name in names:
            if names.count(name) > 1:
                raise ParameterError(name, "is given more than once.")
        return {name: value for name, value in self.pairs if name in names}

    @cached_property
    def given(self) -> dict[str, list[str]]:
        """The values of the query's own parameters, and of what is no parameter at all."""
        given: dict[str, list[str]] = {}
        for name, value in self.pairs:
            if name not in self.names or self.query.parameter(name) is not None:
                given.setdefault(name, []).append(value)
        return given

    @cached_property
    def language(self) -> str:
        """`lang=`, else what the caller's headers prefer."""
        return _one_of("lang", self.shared.get("lang"), respond.LANGUAGES) or respond.language(self.request)

    @cached_property
    def limit(self) -> int | None:
        """`limit=`, None where it is not given."""
        return read_limit(self.shared.get("limit"))

    @property
    def offset(self) -> int:
        """The place that `cursor=` names."""
        return self.site.queries.offset(self.shared.get("cursor"))

    @property
    def bom(self) -> bool:
        """Whether CSV begins with a byte order mark."""
        return _one_of("bom", self.shared.get("bom"), ("0", "1")) == "1"

    @property
    def filters(self) -> list[str]:
        """The conditions as they were given, without the empty ones of a form."""
        return [value for name, value in self.pairs if name == "filter" and value.strip() and name in self.names]

    @cached_property
    def view(self) -> View:
        """Order, conditions and columns; ParameterError names what is unknown and what there is."""
        shared = self.shared
        return read_view(self.query.columns, shared.get("sort", ""), self.filters, shared.get("fields", ""))

    @property
    def permalink(self) -> str:
        """The address that gives this answer later too: with the version of the query and the release."""
        pairs = [(name, value) for name, value in self.pairs if name not in ("release", "format", "bom", "cursor")]
        pairs.append(("release", self.site.release.id[:SHORT]))
        return f"{self.request.base_url}queries/{self.query.name}@{self.query.version}?{urlencode(pairs)}"

    def check(self) -> None:
        """Raise ParameterError for an unknown parameter and a shared one that does not fit, needed here or not."""
        own = [parameter.name for parameter in self.query.parameters]
        for name in self.given.keys() - set(own):
            raise ParameterError(name, "there is no such parameter here.", [*own, *self.names])
        asked = self.shared.get("release", "")
        if not self.site.release.id.startswith(asked):  # a form reaches us after the release was chosen
            raise ParameterError("release", "goes into the address, not into a form.")
        _ = (self.shared, self.language, self.limit, self.offset, self.bom, self.view)

    def format(self) -> Format:
        """Suffix, then `format=`, then Accept; NotAcceptableError also for a suffix that this query does not have."""
        offered = formats_of(self.query)
        if self.suffix is not None and self.suffix not in offered:
            raise NotAcceptableError("." + self.suffix, [FORMATS[name].media_type for name in offered])
        return respond.negotiate(self.request, offered, self.suffix, self.shared.get("format", ""))

    def colophon(self, question: Question) -> Colophon:
        """What a file with the answer says of itself."""
        read = {name: " ".join(f"{r.given} → {r.read}" for r in found) for name, found in question.readings.items()}
        view = {name: self.shared[name] for name in ("sort", "fields") if self.shared.get(name)}
        return Colophon(
            query=self.query.name,
            version=self.query.version,
            question=self.query.summary,
            release=self.site.release.id,
            parameters={name: text for name, text in read.items() if text} | view | self._conditions(),
            source=respond.url_with(self.request, self.pairs),
        )

    def _conditions(self) -> dict[str, str]:
        return {"filter": " ".join(self.filters)} if self.filters else {}


def _one_of(name: str, value: str | None, allowed: tuple[str, ...]) -> str | None:
    """A value of a closed list, None where it is absent or empty."""
    if value and value not in allowed:
        raise ParameterError(name, f"{value!r} is none of the values.", allowed)
    return value or None
