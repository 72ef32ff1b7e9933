"""The one look of `.rq` files: head, prefixes sorted and in use, keywords in capitals, two spaces a level.

Line breaks of the body stay where the author put them, but `{` ends a line and `}` starts one. Only white space,
the case of keywords and the table of prefixes change; where that cannot be held the file is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise, takewhile
from pathlib import Path

import pyoxigraph as ox

from reformgraph.errors import QueryRefusedError, SourceFileError
from reformgraph.tokens import Token, guard, replace_escapes, tokenize, undeclared_prefix

_STEP = "  "
_COMMENT = re.compile(r"#[^\r\n]*")
# Words of a query that parses are keywords (SPARQL 1.1, section 19.8), printed in capitals there but for these.
_AS_WRITTEN = {"a", "true", "false"}
_MIXED = {word.upper(): word for word in ("sameTerm", "isIRI", "isURI", "isBlank", "isLiteral", "isNumeric")}


def format_query(text: str, name: Path | str = "query") -> str:
    """A query in the one look; raises SourceFileError where it does not parse, or would be changed."""
    _check(text, name)
    tokens = tokenize(text)
    base, prefixes, first = _prologue(text, tokens, name)
    body, comments = tokens[first:], list(_comments(text, tokens))
    head = [comment for comment in comments if _is_head(text, comment)]
    parts = sorted([*body, *(c for c in comments if c not in head)], key=lambda part: part.start)
    table = [f"PREFIX {prefix} {prefixes[prefix]}" for prefix in sorted(_used(body)) if prefix in prefixes]
    opening = [*base, *table]
    lines = ["#+ " + line.text[2:].strip() for line in head] + opening + [""] * bool(opening)
    styled = "\n".join(line.rstrip() for line in [*lines, *_indented(text, parts)]) + "\n"
    if _fault(styled) or _essence(styled, name) != _essence(text, name):
        raise SourceFileError(name, 0, "Formatting would change the query; the file is left as it is.")
    return styled


def _check(text: str, name: Path | str) -> None:
    """Refuse what does not parse, what reads two ways, and escapes, which move the places of tokens."""
    try:
        guard(text)
    except QueryRefusedError as error:
        raise SourceFileError(name, 0, str(error)) from None
    if fault := _fault(text):
        raise SourceFileError(name, *fault)
    if replace_escapes(text) != text:
        line = text.count("\n", 0, text.lower().index("\\u")) + 1
        raise SourceFileError(name, line, "Write the character itself instead of a \\u escape.")


def _fault(text: str) -> tuple[int, str] | None:
    """Line and reason of the first fault that the parser finds."""
    try:
        ox.Store().query(text)
    except SyntaxError as error:
        if undeclared := undeclared_prefix(text):
            line = text.count("\n", 0, undeclared.start) + 1
            return line, f"The prefix of {undeclared.text} is not declared."
        place = re.match(r"error at (\d+):", str(error))
        return (int(place[1]) if place else 0), str(error)
    return None


def _prologue(text: str, tokens: list[Token], name: Path | str) -> tuple[list[str], dict[str, str], int]:
    """The BASE line, if any, the prefixes (`rg:` -> `<...>`) and the index of the first token after them."""
    base: list[str] = []
    prefixes: dict[str, str] = {}
    index = 0
    while (word := tokens[index].text.upper()) in ("BASE", "PREFIX"):
        line = text.count("\n", 0, tokens[index].start) + 1
        if word == "BASE":
            if base or prefixes:
                raise SourceFileError(name, line, "BASE stands once, before every PREFIX.")
            base.append(f"BASE {tokens[index + 1].text}")
        elif prefixes.setdefault(tokens[index + 1].text, tokens[index + 2].text) != tokens[index + 2].text:
            raise SourceFileError(name, line, f"The prefix {tokens[index + 1].text} is declared twice.")
        index += 2 if word == "BASE" else 3
    return base, prefixes, index


def _used(tokens: Iterable[Token]) -> set[str]:
    return {token.text.partition(":")[0] + ":" for token in tokens if token.kind == "pname"}


def _essence(text: str, name: Path | str) -> tuple[list[str], list[str], dict[str, str], list[str]]:
    """What formatting keeps: BASE, tokens after the prologue, prefixes in use, comments (words without case)."""
    tokens = tokenize(text)
    base, prefixes, first = _prologue(text, tokens, name)
    words = [token.text.lower() if token.kind == "word" else token.text for token in tokens[first:]]
    used = _used(tokens[first:])
    comments = sorted("".join(comment.text.split()) for comment in _comments(text, tokens))
    return base, words, {prefix: iri for prefix, iri in prefixes.items() if prefix in used}, comments


def _comments(text: str, tokens: list[Token]) -> Iterator[Token]:
    """The comments as tokens of kind `punct`, which no other token that starts with `#` has."""
    ends = [0, *(token.end for token in tokens)]
    for start, end in zip(ends, [*(token.start for token in tokens), len(text)], strict=True):
        for found in _COMMENT.finditer(text, start, end):
            yield Token("punct", found.group().rstrip(), found.start(), found.end())


def _is_head(text: str, comment: Token) -> bool:
    return comment.text.startswith("#+") and not text[: comment.start].rpartition("\n")[2].strip()


def _indented(text: str, parts: list[Token]) -> Iterator[str]:
    """Two spaces for each open brace, one step more inside parentheses and after `;` or `,`."""
    open_ = [0]  # for each open brace the parentheses that are open inside it
    continued = False
    for line in _broken(text, parts):
        closing = list(takewhile(lambda part: part.text in ("}", ")", "]"), line))
        _track(open_, closing)
        braced = bool(closing) and closing[0].text == "}"
        inside = (open_[-1] > 0 and not braced) or (continued and not closing)
        yield _STEP * (len(open_) - 1 + inside) + _joined(text, line)
        _track(open_, line[len(closing) :])
        if own := [part for part in line if not part.text.startswith("#")]:
            continued = own[-1].text in (";", ",")


def _broken(text: str, parts: list[Token]) -> Iterator[list[Token]]:
    """The tokens and comments of each line."""
    inline = set(_inline(text, parts))
    open_, line = [0], parts[:1]
    for before, part in pairwise(parts):
        _track(open_, [before])
        if _has_break(text, before.end, part.start) or (
            not part.text.startswith("#") and _must_break(line, part, inline, nested=open_[-1] > 0)
        ):
            yield line
            line = []
        line.append(part)
    yield line


def _must_break(line: list[Token], part: Token, inline: set[Token], *, nested: bool) -> bool:
    """Whether braces ask for a line break; what follows a block inside parentheses stays beside its `}`."""
    before = line[-1]
    if before.text == "{":
        return before not in inline
    if before.text == "}":
        return not nested and part.text != "."
    closed = before.text == "." and len(line) > 1 and line[-2].text == "}"
    return closed or (part.text == "}" and part not in inline)


def _inline(text: str, parts: list[Token]) -> Iterator[Token]:
    """The braces of the VALUES blocks that their author wrote on one line."""
    for index, part in enumerate(parts):
        if part.kind == "word" and part.text.upper() == "VALUES":
            opening = next(p for p in parts[index:] if p.text == "{")
            closing = next(p for p in parts[index:] if p.text == "}")
            if not _has_break(text, opening.start, closing.end):
                yield from (opening, closing)


def _has_break(text: str, start: int, end: int) -> bool:
    return "\n" in text[start:end] or "\r" in text[start:end]


def _track(open_: list[int], parts: Iterable[Token]) -> None:
    for part in parts:
        if part.text == "{":
            open_.append(0)
        elif part.text == "}":
            open_.pop()
        elif part.text in ("(", "[", ")", "]"):
            open_[-1] += 1 if part.text in ("(", "[") else -1


def _joined(text: str, line: list[Token]) -> str:
    """One line, with at most one space between two tokens."""
    return _cased(line[0]) + "".join(_space(text, *pair) + _cased(pair[1]) for pair in pairwise(line))


def _space(text: str, before: Token, part: Token) -> str:
    """The space between two tokens of a line: the author's, or one where the look asks for it."""
    word = before.text.upper() if before.kind == "word" else ""
    opens = word in ("FILTER", "BIND") and part.text == "("
    brace = part.text.startswith(("{", "}", "#")) or before.text == "{"
    closed = before.text == "}" and part.text not in (")", ".")
    return " " if opens or brace or closed or before.end < part.start else ""


def _cased(part: Token) -> str:
    if part.kind != "word" or part.text in _AS_WRITTEN:
        return part.text
    return _MIXED.get(part.text.upper(), part.text.upper())
