"""What stores do in their own way, by the name that they give themselves in the Server header of an answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import pyoxigraph as ox

TimeoutUnit = Literal["s", "ms", "none"]


@dataclass(frozen=True)
class Dialect:
    """How a store reads `timeout=` of a request, what goes before a query, and whether it widens large integers."""

    timeout_unit: TimeoutUnit = "none"
    prologue: str = ""
    widens_integers: bool = False


# Virtuoso 7.2.5 took 30 s to order the joins of a query with twenty OPTIONALs that it then ran in 0.2 s, and locked up
# over one: with this line it joins in the order of the text.
_VIRTUOSO = Dialect("ms", 'DEFINE sql:select-option "order"\n', widens_integers=True)
_BY_NAME = {"virtuoso": _VIRTUOSO, "fuseki": Dialect("s"), "graphdb": Dialect("s"), "rdf4j": Dialect("s")}
_ASKED = "__ASK_RETVAL"
# Virtuoso 7 keeps an xsd:integer beyond 32 bits as xsd:decimal, still without a point.
_WIDENED = re.compile(rb'("datatype": "http://www\.w3\.org/2001/XMLSchema#)decimal(", "value": "-?\d{10,}")')


def dialect_of(server: str) -> Dialect:
    """The dialect of the store whose Server header is given; that of the specification where it is not known."""
    return next((dialect for name, dialect in _BY_NAME.items() if name in server.lower()), Dialect())


def with_integers(body: bytes) -> bytes:
    """SPARQL JSON of Virtuoso with its large integers as integers again; quotes within a string are escaped there."""
    return _WIDENED.sub(rb"\1integer\2", body)


def solutions_or_boolean(body: bytes, format_: ox.QueryResultsFormat) -> ox.QuerySolutions | ox.QueryBoolean:
    """The answer to SELECT or ASK, read once before anyone else reads it: SyntaxError where it was cut.

    Some endpoints cut an answer at their time limit and call it 200. Virtuoso 7 has a boolean as a table of one cell.
    """
    result = ox.parse_query_results(body, format_)
    if isinstance(result, ox.QueryBoolean):
        return result
    rows = list(result)
    if [variable.value for variable in result.variables] != [_ASKED]:
        return ox.parse_query_results(body, format_)
    said = "true" if rows and isinstance(cell := rows[0][0], ox.Literal) and cell.value == "1" else "false"
    boolean = ox.parse_query_results(f'{{"head":{{}},"boolean":{said}}}', ox.QueryResultsFormat.JSON)
    assert isinstance(boolean, ox.QueryBoolean)
    return boolean
