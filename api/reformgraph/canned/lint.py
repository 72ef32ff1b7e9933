"""Rules for the places of a parameter in a canned query, so that every engine gives the same rows.

Measured on pyoxigraph, rdflib and Virtuoso: a parameter's variable that only OPTIONAL, MINUS or EXISTS binds, or
that a subselect uses without a VALUES block of its own, is read differently or wrongly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reformgraph.tokens import Token

Places = Sequence[tuple[int, int]]
_FORBIDDEN = ("OPTIONAL", "MINUS", "EXISTS")


@dataclass
class _Group:
    """One pair of braces: the keyword before it, whether it is a subselect, and the parameters used and bound there."""

    keyword: str
    subselect: bool = False
    parentheses: int = 0
    used: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)


def misplaced_parameters(tokens: Iterable[Token], places: Mapping[str, Places], variables: set[str]) -> Iterator[str]:
    """A sentence for each misplaced use of the variables; none where all stand well.

    `places` are those of their blocks, as `tokens.values_blocks` finds them.
    """
    blocks = {start: name for name, found in places.items() for start, _ in found}
    stack: list[_Group] = []
    before: Token | None = None
    inside: dict[str, str] = {}  # variable -> the keyword of a group that may not be its only place
    required: set[str] = set()
    for token in tokens:
        if token.text == "{":
            stack.append(_Group(before.text.upper() if before else ""))
        elif token.text == "}" and stack:
            yield from _closed(stack)
        elif token.text in ("(", ")") and stack:
            stack[-1].parentheses += 1 if token.text == "(" else -1
        elif token.kind == "word" and token.text.upper() == "SELECT" and stack:
            stack[-1].subselect = True
        elif token.start in blocks and len(stack) > 1:
            stack[-2].bound.add(blocks[token.start])
        elif token.kind == "var" and token.text[1:] in variables and stack and not stack[-1].subselect:
            stack[-1].used.add(token.text[1:])
            keyword = next((group.keyword for group in stack if group.keyword in _FORBIDDEN), None)
            if keyword:
                inside.setdefault(token.text[1:], keyword)
            elif not any(group.parentheses for group in stack) and not _declares(before):
                required.add(token.text[1:])
        before = token
    for name in sorted(inside.keys() - required):
        yield f"?{name} stands only inside {inside[name]}: use it in a pattern or FILTER of the outermost group."


def _declares(before: Token | None) -> bool:
    """Whether a variable after this token is named, not matched: in VALUES, or projected."""
    return before is not None and before.text.upper() in ("VALUES", "SELECT", "DISTINCT", "AS")


def _closed(stack: list[_Group]) -> Iterator[str]:
    """Leave a group: what it uses and binds counts for the group around it, up to a subselect."""
    group = stack.pop()
    if group.subselect:
        for name in sorted(group.used - group.bound):
            yield f"?{name} is used in a subselect without a block VALUES ?{name} {{ UNDEF }} of its own."
    elif stack:
        stack[-1].used |= group.used
        stack[-1].bound |= group.bound
