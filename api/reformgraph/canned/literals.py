"""Values of parameters that are no things: texts, dates and numbers, read strictly into literals."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from reformgraph.errors import ParameterError
from reformgraph.namespaces import XSD


@dataclass(frozen=True)
class _LiteralKind:
    """How the text of a parameter becomes a literal: datatype, canonical form, what is expected."""

    datatype: str
    read: Callable[[str], str]
    expected: str


def literal(parameter: str, kind: str, text: str) -> ox.Literal:
    """The literal that a text means for a parameter of a kind of `LITERALS`; ParameterError where it means none."""
    reader = LITERALS[kind]
    try:
        value = reader.read(text.strip())
    except ValueError:
        raise ParameterError(parameter, f"{text!r} is not {reader.expected}.") from None
    if kind == "lang" and value not in ("zh", "en"):
        raise ParameterError(parameter, f"{text!r} is no language of the graph.", ("zh", "en"))
    if reader.datatype == "string":
        return ox.Literal(value)
    return ox.Literal(value, datatype=ox.NamedNode(XSD + reader.datatype))


def _date(text: str) -> str:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(text).isoformat()


def _integer(text: str) -> str:
    return _matched(r"[+-]?\d{1,18}", text)


def _decimal(text: str) -> str:
    return _matched(r"[+-]?\d{1,18}(\.\d{1,18})?", text)


def _matched(pattern: str, text: str) -> str:
    """The text itself, where it has the form that the engine holds without loss."""
    if not re.fullmatch(pattern, text, re.ASCII):
        raise ValueError(text)
    return text


LITERALS = {
    "string": _LiteralKind("string", str, "text"),
    "lang": _LiteralKind("string", str, "zh or en"),
    "date": _LiteralKind("date", _date, "a date such as 2009-12-31"),
    "integer": _LiteralKind("integer", _integer, "a whole number"),
    "decimal": _LiteralKind("decimal", _decimal, "a number such as 91.4"),
}
