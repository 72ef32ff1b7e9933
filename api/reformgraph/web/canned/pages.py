"""What the page of a canned query shows beside its rows: the form with its lists, the columns, the ways to order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from reformgraph.canned.choosing import Choice, Choosing
from reformgraph.canned.heads import Parameter
from reformgraph.canned.snippets import Snippet, snippets
from reformgraph.canned.views import OPERATORS
from reformgraph.errors import ParameterError
from reformgraph.namespaces import compact
from reformgraph.queries import Page, Question
from reformgraph.web import respond
from reformgraph.web.canned.openapi import formats_of
from reformgraph.web.canned.requests import Asked, Pairs
from reformgraph.web.charts import pictures
from reformgraph.web.pages import render

# What an operator of `filter` is called; in the order of a list to choose from.
OPERATIONS = {
    "has": ("包含", "contains"),
    "eq": ("等于", "is"),
    "ne": ("不等于", "is not"),
    "ge": ("不小于", "at least"),
    "gt": ("大于", "more than"),
    "le": ("不大于", "at most"),
    "lt": ("小于", "less than"),
    "in": ("是其中之一（逗号分隔）", "is one of (commas between)"),
}
assert set(OPERATIONS) == set(OPERATORS)
_NOT_KEPT = ("format", "cursor", "lang", "limit", "bom")
_LABELS = ("Zh", "En")
# Where the words stand is told by the claim's own page, the release by the foot of every page.
_ON_THE_CARD = ("start", "end", "release")
# Columns of which a chart is drawn, and the parameters that narrow it as /compare calls them.
_DRAWN = {"observation", "metric", "value", "unit", "agency"}
_SHOWN = {"place": "places", "as_of": "as_of"}


@dataclass(frozen=True)
class Field:
    """A parameter as a part of the form: its list, the values given, for a day the first and last there are."""

    parameter: Parameter
    given: tuple[str, ...]
    choices: list[Choice]
    span: tuple[str, str] | None

    @property
    def slots(self) -> tuple[str, ...]:
        """What the inputs hold: the values given and an empty one to add another, or the one value."""
        return (*self.given, "") if self.parameter.many else (self.given or ("",))[:1]

    @property
    def control(self) -> str:
        """`checks` for codes of which several fit, `select` for one, else the type of an input."""
        if self.parameter.scheme:
            return "checks" if self.parameter.many else "select"
        return {"date": "date", "integer": "number", "decimal": "decimal"}.get(self.parameter.kind, "text")


@dataclass(frozen=True)
class Shown:
    """A column of the page: its title, what it means, `sorted` as aria-sort has it, the address that sorts by it."""

    name: str
    title: str
    about: str
    type: str
    sorted: str
    url: str


def written(
    asked: Asked,
    question: Question | None,
    page: Page | None,
    links: Sequence[tuple[str, str]],
    graph: str = "",
    problem: ParameterError | None = None,
) -> str:
    """The page of a query: its form, and its rows or graph where the parameters that it needs are given."""
    query, root = asked.query, asked.request.scope.get("root_path", "").rstrip("/")
    return render(
        asked.request,
        "query.html",
        query=query,
        path=f"{root}/queries/{_name(asked)}",
        question=question,
        page=page,
        graph=graph,
        problem=problem,
        links={rel: target for target, rel in links},
        shared=asked.shared,
        filters=asked.filters,
        formats=[name for name in formats_of(query) if name not in ("html", "rq")],
        **values(asked, asked.site.choosing, question, page),
    )


def values(asked: Asked, choosing: Choosing, question: Question | None, page: Page | None) -> dict[str, Any]:
    """What `query.html` needs besides the answer itself."""
    types = {name: page.whole.type_of(name) for name in page.whole.columns} if page else {}
    shown = columns(asked, page, types) if page else []
    empty = [column for column in shown if page and not asked.view.fields and _is_empty(page, column.name)]
    return {
        "fields": fields(asked, choosing),
        "shown": [column for column in shown if column not in empty],
        "empty": empty,
        "labels": choosing.labels,
        "conditions": conditions(asked),
        "operations": OPERATIONS,
        "kept": kept(asked.pairs),
        "edited": [("example", _name(asked)), *_own(asked)],
        "snippets": lines(asked, page, types),
        **_chart(asked, question, page),
    }


def fields(asked: Asked, choosing: Choosing) -> list[Field]:
    """The parameters of the query with their lists."""
    return [
        Field(
            parameter=parameter,
            given=tuple(value for value in asked.given.get(parameter.name, ()) if value.strip()),
            choices=choosing.choices(asked.query, parameter, asked.language),
            span=choosing.span(asked.query, parameter),
        )
        for parameter in asked.query.parameters
        if parameter.name != "lang"
    ]


def columns(asked: Asked, page: Page, types: Mapping[str, str]) -> list[Shown]:
    """The columns of the page: the label of a thing stands in the place of its IRI and needs none of its own.

    Columns that were asked for by name are all shown.
    """
    named = asked.view.fields
    return [
        _column(asked, page, name, types[name])
        for name in page.table.columns
        if named or not (_is_label(name, page.table.columns) or name in _ON_THE_CARD)
    ]


def _is_label(name: str, names: Sequence[str]) -> bool:
    return name.endswith(_LABELS) and name[:-2] in names


def _is_empty(page: Page, name: str) -> bool:
    return all(cell is None for cell in page.table.cells(name))


def _column(asked: Asked, page: Page, name: str, type_: str) -> Shown:
    column, language = page.table.column(name), asked.language
    label = f"{name}{language.capitalize()}"
    key = label if label in page.table.columns else name
    current = next(("-" if down else "") + first for first, down in asked.view.order[:1]) if asked.view.order else ""
    following = {key: f"-{key}", f"-{key}": None}.get(current, key)
    return Shown(
        name=name,
        title=column.titled(language),
        about=column.explained(language),
        type=type_,
        sorted={key: "ascending", f"-{key}": "descending"}.get(current, "none"),
        url="?" + respond.url_with(asked.request, asked.pairs, sort=following, cursor=None).partition("?")[2],
    )


def conditions(asked: Asked) -> list[tuple[str, str]]:
    """The conditions in words, each with the address without it."""
    told = []
    for text in asked.filters:
        column, operator, value = [*text.split(":", 2), "", ""][:3]
        words = OPERATIONS.get(operator.strip(), (operator, operator))[asked.language == "en"]
        known = asked.site.queries.catalogue.columns.get(column.strip())
        title = known.titled(asked.language) if known else column
        others = [pair for pair in asked.pairs if pair != ("filter", text)]
        told.append((f"{title} {words} {value or '–'}", respond.url_with(asked.request, others, cursor=None)))
    return told


def kept(pairs: Pairs) -> Pairs:
    """The parameters that go along to another format: those of the query and of the view, without empty ones."""
    return [(name, value) for name, value in pairs if name not in _NOT_KEPT and value.strip()]


def lines(asked: Asked, page: Page | None, types: Mapping[str, str]) -> list[Snippet]:
    """The lines to copy; none before there is an answer. The dictionary tells of more rows than a page has."""
    is_graph = asked.query.form != "select"
    if page is None and not is_graph:
        return []
    told = {name: page.table.column(name).type or types[name] for name in page.table.columns} if page else {}
    url = f"{asked.request.base_url}queries/{_name(asked)}"
    return snippets(url, asked.query.name, kept(asked.pairs), told, is_graph)


def _name(asked: Asked) -> str:
    return f"{asked.query.name}@{asked.query.version}" if asked.pinned else asked.query.name


def _own(asked: Asked) -> Pairs:
    """The parameters of the query itself."""
    return [(name, value) for name, value in asked.pairs if value.strip() and asked.query.parameter(name)]


def _chart(asked: Asked, question: Question | None, page: Page | None) -> dict[str, Any]:
    """The metric of the rows where it is one, and the addresses of its chart where the rows have figures to draw.

    The chart is that of the metric page, of the places and up to the day that are asked for; `more` tells that other
    conditions leave out rows that it shows.
    """
    metric = _one_metric(question, page)
    drawn = metric and page and set(page.whole.columns) >= _DRAWN and not _is_empty(page, "value")
    pairs = [("metric", compact(metric or ""))]
    pairs += [(_SHOWN[name], value) for name, value in _own(asked) if name in _SHOWN]
    more = bool(asked.filters) or any(name not in ("metric", *_SHOWN) for name, _ in _own(asked))
    picture = pictures.addresses(asked.request, "compare", pairs) if drawn else None
    return {"metric": metric, "picture": picture, "more": more}


def _one_metric(question: Question | None, page: Page | None) -> str | None:
    """The metric that is asked for, else that of all rows, where it is one."""
    read = question.readings.get("metric", []) if question else []
    found = {one.read for one in read}
    if page and not found and "metric" in page.whole.columns:
        found = {cell.value for cell in page.whole.cells("metric") if isinstance(cell, ox.NamedNode)}
    return found.pop() if len(found) == 1 else None
