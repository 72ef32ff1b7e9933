"""The one look of `.rq` files: head, prefixes sorted and in use, keywords in capitals, two spaces a level.

Line breaks of the body stay where the author put them. The tokens of a query are never changed but for the case of
keywords and the order of prefixes; where that cannot be held the file is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from reformgraph.engines.base import syntax_error
from reformgraph.errors import SourceFileError
from reformgraph.tokens import Token, tokenize

_PREFIX = re.compile(r"\s*PREFIX\s+(?P<prefix>[^\s:]*):\s*(?P<iri><[^>]*>)\s*", re.IGNORECASE)
_STEP = "  "
# Keywords and functions of SPARQL 1.1 (https://www.w3.org/TR/sparql11-query/#grammar) but for `a`, `true`, `false`.
_KEYWORDS = frozenset(
    "BASE PREFIX SELECT DISTINCT REDUCED CONSTRUCT DESCRIBE ASK FROM NAMED WHERE ORDER BY ASC DESC LIMIT OFFSET GROUP "
    "HAVING VALUES UNDEF OPTIONAL GRAPH UNION MINUS FILTER BIND AS EXISTS NOT IN SERVICE SILENT COUNT SUM MIN MAX AVG "
    "SAMPLE GROUP_CONCAT SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT "
    "STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES "
    "SECONDS TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRDT SAMETERM ISIRI ISURI "
    "ISBLANK ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE".split()
)
_MIXED = {"LANGMATCHES": "LANGMATCHES", "SAMETERM": "sameTerm"} | {
    f"IS{name.upper()}": f"is{name}" for name in ("IRI", "URI", "Blank", "Literal", "Numeric")
}


def format_query(text: str, name: Path | str = "query") -> str:
    """A query in the one look; raises SourceFileError where it does not parse, or would be changed."""
    _check_syntax(text, name)
    lines = text.splitlines()
    head = ["#+ " + line[2:].strip() for line in lines if line.startswith("#+")]
    rest = [line for line in lines if not line.startswith("#+")]
    prefixes = {found["prefix"]: found["iri"] for line in rest if (found := _PREFIX.fullmatch(line))}
    body = "\n".join(line.strip() for line in rest if line.strip() and not _PREFIX.fullmatch(line))
    used = {token.text.partition(":")[0] for token in tokenize(body) if token.kind == "pname"}
    table = [f"PREFIX {prefix}: {iri}" for prefix, iri in sorted(prefixes.items()) if prefix in used]
    styled = "\n".join([*head, *table, *([""] if table else []), *_indented(_capitals(body))]) + "\n"
    if _essence(styled) != _essence(text):
        raise SourceFileError(name, 0, "Formatting would change the query; write one PREFIX on each line.")
    return styled


def _check_syntax(text: str, name: Path | str) -> None:
    try:
        ox.Store().query(text)
    except SyntaxError as error:
        found = syntax_error(text, str(error))
        raise SourceFileError(name, found.line, found.reason) from None


def _capitals(body: str) -> str:
    """Keywords as the specification prints them."""
    for token in reversed([token for token in tokenize(body) if token.kind == "word"]):
        if (upper := token.text.upper()) in _KEYWORDS:
            body = body[: token.start] + _MIXED.get(upper, upper) + body[token.end :]
    return body


def _indented(body: str) -> Iterable[str]:
    """Two spaces for each open brace, one step more inside parentheses and after `;` or `,`."""
    tokens = tokenize(body)
    open_: list[int] = [0]  # for each open brace the parentheses that are open inside it
    offset, continued = 0, False
    for line in body.splitlines():
        closing = len(line) - len(line.lstrip("}"))
        depth = len(open_) - 1 - min(closing, len(open_) - 1)
        inside = not closing and (open_[-1] > 0 or continued)
        yield _STEP * (depth + inside) + line
        own = [token for token in tokens if offset <= token.start < offset + len(line)]
        _track(open_, own)
        continued = bool(own) and own[-1].text in (";", ",")
        offset += len(line) + 1


def _track(open_: list[int], tokens: Iterable[Token]) -> None:
    for token in tokens:
        if token.text == "{":
            open_.append(0)
        elif token.text == "}" and len(open_) > 1:
            open_.pop()
        elif token.text in ("(", ")"):
            open_[-1] += 1 if token.text == "(" else -1


def _essence(text: str) -> tuple[list[str], list[str]]:
    """The tokens after the prologue, words without case, and the used prefixes."""
    prologue = {m.group("prefix"): m.group("iri") for line in text.splitlines() if (m := _PREFIX.fullmatch(line))}
    body = "\n".join(line for line in text.splitlines() if not _PREFIX.fullmatch(line))
    tokens = tokenize(body)
    used = {token.text.partition(":")[0] for token in tokens if token.kind == "pname"}
    words = [token.text.lower() if token.kind == "word" else token.text for token in tokens]
    return words, sorted(f"{prefix} {prologue[prefix]}" for prefix in used if prefix in prologue)
