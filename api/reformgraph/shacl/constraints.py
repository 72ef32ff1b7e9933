"""The constraint components of SHACL Core that our shapes use: which values of a focus node offend.

Each builder takes the parameter of a constraint and gives a check; a check takes the value nodes and gives those that
offend, or `None` once where the number of values does. Lengths count code points (SPARQL's STRLEN), as Python does.
Specification: https://www.w3.org/TR/shacl/#core-components
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal

import pyoxigraph as ox

from reformgraph.namespaces import RDF, SH, XSD
from reformgraph.shacl.uniongraph import Term, UnionGraph

Offending = Iterable[Term | None]
Check = Callable[[UnionGraph, Sequence[Term]], Offending]
Holds = Callable[[UnionGraph, Term], bool]

_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NUMBERS = frozenset(XSD + name for name in ("integer", "decimal", "double", "float", "int", "long"))


class UnsupportedShapeError(Exception):
    """The shapes use a part of SHACL Core that is not built here; pyshacl has it."""


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


# Datatype -> whether a text is in its lexical space (XML Schema 1.1, part 2).
_LEXICAL: dict[str, Callable[[str], bool]] = {
    XSD + "string": lambda _: True,
    RDF + "langString": lambda _: True,
    XSD + "anyURI": lambda _: True,
    XSD + "boolean": lambda text: text in ("true", "false", "1", "0"),
    XSD + "date": _is_day,
    XSD + "decimal": lambda text: _DECIMAL.fullmatch(text) is not None,
    XSD + "gYear": lambda text: re.fullmatch(r"-?\d{4,}", text, re.ASCII) is not None,
    XSD + "gYearMonth": lambda text: re.fullmatch(r"-?\d{4,}-(0[1-9]|1[0-2])", text, re.ASCII) is not None,
    XSD + "integer": lambda text: re.fullmatch(r"[+-]?\d+", text, re.ASCII) is not None,
}


def each(holds: Holds) -> Check:
    """A check that every value must pass by itself."""
    return lambda data, values: [value for value in values if not holds(data, value)]


def min_count(least: int) -> Check:
    """`sh:minCount`."""
    return lambda _, values: [None] if len(values) < least else ()


def max_count(most: int) -> Check:
    """`sh:maxCount`."""
    return lambda _, values: [None] if len(values) > most else ()


def qualified(inner: Holds, least: int | None, most: int | None) -> Check:
    """`sh:qualifiedMinCount` or `sh:qualifiedMaxCount`: how many values conform to a shape."""

    def check(data: UnionGraph, values: Sequence[Term]) -> Offending:
        found = sum(inner(data, value) for value in values)
        return [None] if (least is not None and found < least) or (most is not None and found > most) else ()

    return check


def unique_lang() -> Check:
    """`sh:uniqueLang`: one result for each tag that several values have."""

    def check(_: UnionGraph, values: Sequence[Term]) -> Offending:
        tags = [value.language.lower() for value in values if isinstance(value, ox.Literal) and value.language]
        return [None for tag in set(tags) if tags.count(tag) > 1]

    return check


def of_class(class_: Term) -> Holds:
    """`sh:class`."""
    return lambda data, value: class_ in data.classes(value)


def of_datatype(datatype: str) -> Holds:
    """`sh:datatype`: the same datatype, and a text that it can have."""
    well_formed = _LEXICAL.get(datatype)
    if well_formed is None and datatype.startswith(XSD):
        raise UnsupportedShapeError(f"sh:datatype {datatype}")

    def holds(_: UnionGraph, value: Term) -> bool:
        same = isinstance(value, ox.Literal) and value.datatype.value == datatype
        return same and (well_formed is None or well_formed(value.value))

    return holds


def of_kind(kind: str) -> Holds:
    """`sh:nodeKind`: any of its six values."""
    allowed = kind.removeprefix(SH)
    classes = {"IRI": ox.NamedNode, "BlankNode": ox.BlankNode, "Literal": ox.Literal}
    fitting = tuple(class_ for name, class_ in classes.items() if name in allowed)
    return lambda _, value: isinstance(value, fitting)


def matching(pattern: str, flags: str) -> Holds:
    """`sh:pattern` with `sh:flags`, over IRIs and literals."""
    if set(flags) - set("im"):
        raise UnsupportedShapeError(f"sh:flags {flags!r}")
    found = re.compile(pattern, (re.IGNORECASE if "i" in flags else 0) | (re.MULTILINE if "m" in flags else 0))
    return lambda _, value: not isinstance(value, ox.BlankNode) and found.search(value.value) is not None


def of_length(least: int, most: int | None) -> Holds:
    """`sh:minLength` and `sh:maxLength`."""
    return lambda _, value: (
        not isinstance(value, ox.BlankNode) and len(value.value) >= least and (most is None or len(value.value) <= most)
    )


def in_languages(ranges: Sequence[str]) -> Holds:
    """`sh:languageIn`: the tag, or the language that it starts with, is one of the ranges (RFC 4647, 3.3.1)."""
    wanted = {each.lower() for each in ranges}

    def holds(_: UnionGraph, value: Term) -> bool:
        tag = (value.language or "").lower() if isinstance(value, ox.Literal) else ""
        return bool(tag) and ("*" in wanted or tag in wanted or tag.partition("-")[0] in wanted)

    return holds


def compared(limit: ox.Literal, fits: Callable[[int], bool]) -> Holds:
    """`sh:minInclusive` and its three sisters: numbers with numbers, days with days; `fits` reads -1, 0 or 1."""
    if _comparable(limit) is None:
        raise UnsupportedShapeError(f"a limit {limit}")

    def holds(_: UnionGraph, value: Term) -> bool:
        left, right = _comparable(value), _comparable(limit)
        if left is None or right is None or type(left) is not type(right):
            return False
        return fits((left > right) - (left < right))  # type: ignore[operator]

    return holds


def _comparable(term: Term) -> Decimal | str | None:
    if not isinstance(term, ox.Literal):
        return None
    if term.datatype.value in _NUMBERS:
        try:
            return Decimal(term.value) if _LEXICAL.get(term.datatype.value, bool)(term.value) else None
        except ArithmeticError:
            return None
    return term.value if term.datatype.value == XSD + "date" and _is_day(term.value) else None
