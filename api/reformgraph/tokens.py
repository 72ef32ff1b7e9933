"""The terminals of a SPARQL text, and what they tell before an engine parses it.

Nothing here understands a query. It finds words where words can stand (not in IRIs, strings, comments,
names), so that others' queries can be refused early and the parameters of ours be found. Two traps shape
it. The grammar of SPARQL 1.1 (section 19.8) takes `<2)x#>` in `1<2)x#>` for an IRI; an engine without a
lexer reads a comparison and a comment. And such an engine takes `SERVICEex:a` for a keyword and a name.
`guard` refuses a text whose tokens depend on that choice: it may be too strict, it must never be too lax.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Literal, NamedTuple
from urllib.parse import urljoin

from reformgraph.errors import QueryRefusedError

Kind = Literal["iri", "pname", "var", "blank", "string", "number", "lang", "word", "punct"]


class Token(NamedTuple):
    """One terminal: `text == query[start:end]`, in code points. A character that fits nothing is `punct`."""

    kind: Kind
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class QueryLimits:
    """How large a text may be before it reaches a parser.

    pyoxigraph 0.5.13 dies at some 2,000 open braces. A VALUES block of 2,000 full IRIs passes.
    """

    max_bytes: int = 200_000  # UTF-8
    max_tokens: int = 20_000
    max_depth: int = 100  # open braces, parentheses and brackets
    max_iri: int = 2_000  # code points; a long comparison can look like an IRI and hide its tokens


def tokenize(query: str) -> list[Token]:
    r"""The tokens as SPARQL 1.1 reads them: `\uXXXX` replaced first (section 19.2), offsets in that text."""
    return list(_scanned(replace_escapes(query)))


def replace_escapes(query: str) -> str:
    r"""The query with each `\uXXXX` and `\UXXXXXXXX` replaced by its character."""
    return _ESCAPE.sub(_character, query) if "\\" in query else query


def guard(query: str, limits: QueryLimits | None = None) -> None:
    """Refuse a text that is too large or deep, may reach SERVICE, is an update, or reads two ways."""
    limits = limits or QueryLimits()
    size = len(query.encode("utf-8", "surrogatepass"))
    if size > limits.max_bytes:
        raise QueryRefusedError(f"it has {size} bytes, more than {limits.max_bytes}.")
    if "\0" in query:
        raise QueryRefusedError("it has a NUL character.")
    tokens = _checked(query, limits)
    if "\\u" in query or "\\U" in query:
        _refuse_doubtful_escapes(query)
        replaced = _checked(replace_escapes(query), limits)
        if [replace_escapes(token.text) for token in tokens] != [token.text for token in replaced]:
            raise QueryRefusedError(
                "its \\u escapes change how it is read.", "Use them only for letters inside IRIs and strings."
            )


def query_form(query: str) -> str | None:
    """The first keyword after the prologue, in capitals (`SELECT`, `ASK`, `INSERT`, ...)."""
    return _operation(list(_scan(query)))


def dataset_clauses(query: str) -> bool:
    """Whether the query has a FROM or FROM NAMED clause."""
    return any(_is_word(token, "FROM") for token in _scan(query))


# Most queries have no FROM: the letters stand only in the comments before the query or in names of variables.
_HEAD = re.compile(r"(?:[ \t]*+#[^\r\n]*+[\r\n]++)*+")
_MAY_NAME_GRAPHS = re.compile(r"(?<![?$])from|\\u", re.IGNORECASE)


def from_clauses(query: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The IRIs after FROM and after FROM NAMED, None if the query has no such clause.

    Prefixed names and relative IRIs are resolved by the prologue; a name whose prefix is not declared is left
    out, as no engine will accept the query.
    """
    # Ten times faster than the pattern alone, and than str.upper.
    ascii_upper = query.encode("utf-8", "surrogatepass").upper()
    if b"FROM" not in ascii_upper and b"\\U" not in ascii_upper:
        return None
    if not _MAY_NAME_GRAPHS.search(query, _HEAD.match(query).end()):  # type: ignore[union-attr] # it matches nothing too
        return None
    tokens = list(_scan(query))
    prefixes, base = _prologue(tokens)
    clauses: tuple[list[str], list[str]] = ([], [])
    found = False
    for index, token in enumerate(tokens):
        if _is_word(token, "FROM"):
            found = True
            named = _is_word(_at(tokens, index + 1), "NAMED")
            iri = _resolve(_at(tokens, index + 1 + named), prefixes, base)
            clauses[named].extend([iri] if iri is not None else [])
    return (tuple(clauses[0]), tuple(clauses[1])) if found else None


def undeclared_prefix(query: str) -> Token | None:
    """The first prefixed name whose prefix is not declared: a better reason than a parser gives."""
    tokens = list(_scan(query))
    prefixes, _ = _prologue(tokens)
    names = (token for token in tokens if token.kind == "pname")
    return next((token for token in names if token.text.partition(":")[0] not in prefixes), None)


@lru_cache(maxsize=256)  # the texts of canned queries, asked again and again
def values_blocks(query: str) -> Mapping[str, Sequence[tuple[int, int]]]:
    """Variable name -> (start, end) of the UNDEF in each of its `VALUES ?name { UNDEF }` blocks."""
    tokens = _scanned(query)
    blocks: dict[str, list[tuple[int, int]]] = {}
    for values, variable, brace, undef, end in zip(*(tokens[shift:] for shift in range(5)), strict=False):
        words = _is_word(values, "VALUES") and _is_word(undef, "UNDEF")
        if words and variable.kind == "var" and (brace.text, end.text) == ("{", "}"):
            blocks.setdefault(variable.text[1:], []).append((undef.start, undef.end))
    return blocks


# The terminals, section 19.8. Quantifiers are possessive (`*+`), so that no text makes the matching go back.
# Classes of letters are negated and hold all above U+00BF: the few characters that the grammar leaves out are
# errors wherever it matters, and `re` takes 5 ms to compile a class that names them.
_LETTER = r"[^\x00-@\[-`{-\xbf]"
_LETTER_ = r"[^\x00-@\[-^`{-\xbf]"  # and _
_START = r"[^\x00-/:-@\[-^`{-\xbf]"  # and digits
_VARCHAR = r"[^\x00-/:-@\[-^`{-\xb6\xb8-\xbf]"  # and the middle dot
_CHAR = r"[^\x00-,./:-@\[-^`{-\xb6\xb8-\xbf]"  # and -
_COLON_CHAR = r"[^\x00-,./;-@\[-^`{-\xb6\xb8-\xbf]"  # and :
_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ECHAR = rf"""\\[tbnrf"'\\]|{_UCHAR}"""
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_DOTTED = rf"{_CHAR}*+(?:\.++{_CHAR}++)*+"
_LOCAL = rf"(?:{_START}|:|{_PLX})(?:{_COLON_CHAR}|{_PLX})*+(?:\.++(?:{_COLON_CHAR}|{_PLX})++)*+"
_NAME = rf"(?P<pname>(?:{_LETTER}{_DOTTED})?:(?:{_LOCAL})?)|"
_OTHER = rf"""
  (?P<skip>[ \t\r\n]++|\#[^\r\n]*+)
| (?P<var>[?$]{_START}{_VARCHAR}*+)
| (?P<blank>_:{_START}{_DOTTED})
| %s(?P<word>{_LETTER_}{_VARCHAR}*+)
| (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]++|{_UCHAR})*+>)
| (?P<string>'''(?:'{{0,2}}+(?:[^'\\]++|{_ECHAR}))*+'''|\"\"\"(?:"{{0,2}}+(?:[^"\\]++|{_ECHAR}))*+\"\"\"
  |'(?:[^'\\\r\n]++|{_ECHAR})*+'|"(?:[^"\\\r\n]++|{_ECHAR})*+")
| (?P<number>(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)[eE][+\-]?[0-9]++|[0-9]*+\.[0-9]++|[0-9]++)
| (?P<lang>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?)
| (?P<punct><<\(|\)>>|<<|>>|\^\^|\|\||&&|[<>!]=|.)
"""
_TOKEN = re.compile(_OTHER % _NAME, re.VERBOSE | re.DOTALL)
_TOKEN_NOT_NAME = re.compile(_OTHER % "", re.VERBOSE | re.DOTALL)
_RUN = re.compile(rf"{_LETTER_}{_DOTTED}")
_ESCAPE = re.compile(_UCHAR)
# No character, or one that some parsers of hexadecimal numbers let through.
_DOUBTFUL_ESCAPE = re.compile(r"\\u(?:[dD][89A-Fa-f]|\+)|\\U(?:0000[dD][89A-Fa-f]|000[2-9A-Fa-f]|00[1-9A-Fa-f]|\+)")
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}


def _scan(text: str) -> Iterator[Token]:
    """The tokens of a text as it stands, escapes not replaced; takes time in proportion to its length."""
    position = nameless = 0
    while position < len(text):
        # `a.b.c` without a colon after it holds no name; to look again at each letter would be quadratic.
        match = (_TOKEN if position >= nameless else _TOKEN_NOT_NAME).match(text, position)
        assert match is not None, "punct takes any character"
        kind, start, position = match.lastgroup, position, match.end()
        if kind == "word" and start >= nameless and (run := _RUN.match(text, start)):
            nameless = run.end()
        if kind != "skip":
            yield Token(kind, match.group(), start, position)  # type: ignore[arg-type]


@lru_cache(maxsize=2)
def _scanned(text: str) -> tuple[Token, ...]:
    """The tokens of a text that several readers look at, one after the other: a query file as it is checked."""
    return tuple(_scan(text))


def _checked(text: str, limits: QueryLimits) -> list[Token]:
    """The tokens of a text that passes every check but those on escapes."""
    tokens = list(islice(_scan(text), limits.max_tokens + 1))
    if len(tokens) > limits.max_tokens:
        raise QueryRefusedError(f"it has more than {limits.max_tokens} tokens.")
    if (operation := _operation(tokens)) in _UPDATES:
        raise QueryRefusedError(f"{operation} is an update and this service only reads.")
    depth, before, earlier = 0, None, None
    for token in tokens:
        depth += _step(token)
        if depth > limits.max_depth:
            raise QueryRefusedError(f"it is nested more than {limits.max_depth} deep.")
        _refuse_keywords(token, depth, declared=_is_word(before, "PREFIX"))
        _refuse_ambiguity(token, limits, None if _is_word(earlier, "PREFIX") else before)
        before, earlier = token, before
    return tokens


def _step(token: Token) -> int:
    if token.kind != "punct":
        return 0
    return sum(token.text.count(mark) for mark in "{([") - sum(token.text.count(mark) for mark in "})]")


def _refuse_keywords(token: Token, depth: int, *, declared: bool) -> None:
    """Refuse SERVICE where a parser without word boundaries can see it, FROM where only such a one can."""
    if token.kind not in ("word", "pname"):
        return
    prefix, _, local = token.text.upper().partition(":")
    # pyoxigraph ends a name at its second dot, so that a keyword may follow there.
    tail = re.sub(r"^[^.]*(\.+[^.]*)?", "", local)
    if "SERVICE" in prefix + " " + tail:
        raise QueryRefusedError("SERVICE would call other servers.", "Rename a prefix or a word that only contains it.")
    glued = "FROM" in prefix and prefix != "FROM" if token.kind == "word" else "FROM" in prefix and depth <= 0
    if (glued and not declared) or "FROM" in tail:
        raise QueryRefusedError(f"{token.text!r} may be read as FROM.", "Put spaces around FROM.")


def _refuse_ambiguity(token: Token, limits: QueryLimits, before: Token | None) -> None:
    """Refuse a `<` that one reader takes for the start of an IRI and another for a comparison."""
    if token.kind == "punct" and token.text.startswith("<<"):
        raise QueryRefusedError("triple terms (<<) are not in this graph.", "Put a space between < and an IRI.")
    if token.kind != "iri":
        return
    if len(token.text) > limits.max_iri:
        raise QueryRefusedError(f"it has an IRI of more than {limits.max_iri} characters.")
    # No expression holds `//`; without these characters both readings see the same tokens after the `>`.
    head = re.split(r"[#'()\[\]]", token.text, maxsplit=1)[0]
    if head != token.text and "//" not in head and before is not None and _ends_operand(before):
        raise QueryRefusedError(
            f"{token.text} may be an IRI or a comparison.",
            "Write the IRI in full or as a prefixed name; put spaces around <.",
        )


def _ends_operand(token: Token) -> bool:
    if token.kind == "punct":
        return token.text in (")", "]", "}", ">", ">>", ")>>")
    return token.kind != "word" or token.text.upper().endswith(("TRUE", "FALSE"))


def _refuse_doubtful_escapes(query: str) -> None:
    if _DOUBTFUL_ESCAPE.search(query):
        raise QueryRefusedError("a \\u escape in it names no character.")


def _character(match: re.Match[str]) -> str:
    code = int(match.group()[2:], 16)
    return match.group() if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF else chr(code)


def _is_word(token: Token | None, word: str) -> bool:
    return token is not None and token.kind == "word" and token.text.upper() == word


def _at(tokens: list[Token], index: int) -> Token | None:
    return tokens[index] if index < len(tokens) else None


def _operation(tokens: list[Token]) -> str | None:
    words = (token.text.upper() for token in tokens if token.kind == "word")
    return next((word for word in words if word not in ("BASE", "PREFIX", "VERSION")), None)


def _prologue(tokens: list[Token]) -> tuple[dict[str, str], str]:
    """Prefix -> namespace IRI, and the last BASE, '' where there is none."""
    prefixes, base = {}, ""
    for index, token in enumerate(tokens):
        if _is_word(token, "BASE"):
            base = _resolve(_at(tokens, index + 1), {}, base) or base
        elif _is_word(token, "PREFIX") and (name := _at(tokens, index + 1)):
            namespace = _resolve(_at(tokens, index + 2), {}, base)
            prefixes[name.text.removesuffix(":")] = namespace or ""
    return prefixes, base


def _resolve(token: Token | None, prefixes: dict[str, str], base: str) -> str | None:
    """The IRI of an `iri` or `pname` token, None if it is neither or its prefix is not declared."""
    if token is None or token.kind not in ("iri", "pname"):
        return None
    if token.kind == "iri":
        iri = replace_escapes(token.text[1:-1])
        return iri if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", iri) else _join(base, iri)
    prefix, _, local = token.text.partition(":")
    return prefixes[prefix] + re.sub(r"\\(.)", r"\1", local) if prefix in prefixes else None


def _join(base: str, reference: str) -> str | None:
    """A relative reference resolved as RFC 3986 says, with the empty fragment that `urljoin` drops."""
    try:
        return urljoin(base, reference) + ("#" if reference.endswith("#") else "")
    except ValueError:  # an address of IPv6 that is none
        return None
