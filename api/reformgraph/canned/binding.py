"""Which variables are bound for certain at a place of a query, in the group of patterns around it.

A cautious reading of SPARQL 1.1, 18.2.1 (https://www.w3.org/TR/sparql11-query/#variableScope): what is bound in a part
that need not match, by VALUES alone, or by an expression that is more than another variable does not count.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from reformgraph.tokens import Token, tokenize

_DOUBTFUL = {"OPTIONAL", "MINUS", "EXISTS", "VALUES"}  # what stands before a group whose variables do not count
_MODIFIERS = {"GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET"}


@dataclass
class _Group:
    """A group as it is read: `lead` is the keyword before it, `projected` the variables of its SELECT, None for all."""

    lead: str
    bound: set[str] = field(default_factory=set)
    projected: set[str] | None = None
    part: str = "patterns"  # or "select" or "modifiers"
    before: set[str] = field(default_factory=set)  # bound before the branches of a UNION
    branches: set[str] = field(default_factory=set)  # bound in each of them

    def word(self, word: str) -> None:
        if word == "SELECT":
            self.part, self.projected = "select", set()
        elif word in _MODIFIERS:
            self.part = "modifiers"

    def mention(self, token: Token) -> None:
        if token.text == "*" and self.part == "select":
            self.projected = None
        elif token.kind == "var" and self.part == "patterns":
            self.bound.add(token.text[1:])
        elif token.kind == "var" and self.part == "select" and self.projected is not None:
            self.projected.add(token.text[1:])

    def bind(self, expression: list[Token]) -> None:
        """Count the variable of `BIND (?this AS ?that)`."""
        if [token.kind for token in expression] == ["var", "word", "var"] and expression[0].text[1:] in self.bound:
            self.bound.add(expression[2].text[1:])

    def take(self, inner: _Group) -> None:
        """Count what a group within this one binds."""
        if inner.lead in _DOUBTFUL:
            return
        visible = inner.bound if inner.projected is None else inner.bound & inner.projected
        if inner.lead == "UNION":
            self.branches &= visible
        else:
            self.before, self.branches = set(self.bound), visible
        self.bound = self.before | self.branches


def bound_before(text: str, place: int) -> set[str]:
    """The names of the variables that every solution binds before `place` (offset) in its group, without their `?`."""
    groups, depth, lead, inside = [_Group("")], 0, "", list[Token]()
    for token in tokenize(text):
        if token.start >= place:
            break
        if depth or token.text == "(":
            inside.append(token)
            depth += (token.text == "(") - (token.text == ")")
            if not depth and lead == "BIND":
                groups[-1].bind(inside[1:-1])
            inside = inside if depth else []
        elif token.text == "{":
            groups.append(_Group(lead))
            lead = ""
        elif token.text == "}":
            inner, lead = groups.pop(), ""
            groups[-1].take(inner)
        elif token.kind == "word":
            lead = token.text.upper()
            groups[-1].word(lead)
        elif lead != "VALUES":
            groups[-1].mention(token)
            lead = ""
    return groups[-1].bound
