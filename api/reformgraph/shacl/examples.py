"""The example of a rule: a small made-up report once as it fails and once as it passes.

A file of TriG holds both: in the default graph what they share, in `ex:fails` and `ex:passes` what each has beside it,
which is all that the rule minds. Either may be empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from reformgraph.errors import SourceFileError

_HOME = "https://example.org/"
Triples = frozenset[ox.Triple]


@dataclass(frozen=True)
class Line:
    """A line of Turtle, and whether it stands in one half of the example only."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Example:
    """What the two halves share, and what each has beside it."""

    shared: Triples
    fails: Triples
    passes: Triples

    @classmethod
    def read(cls, path: Path) -> Example:
        """Read a file; SourceFileError where it is no TriG or has other graphs."""
        try:
            quads = list(ox.parse(path=str(path), format=ox.RdfFormat.TRIG))
        except SyntaxError as error:
            raise SourceFileError(path, error.lineno or 0, str(error.msg)) from None
        parts: dict[str, set[ox.Triple]] = {"": set(), "fails": set(), "passes": set()}
        for quad in quads:
            name = quad.graph_name.value.removeprefix(_HOME) if isinstance(quad.graph_name, ox.NamedNode) else ""
            if name not in parts:
                raise SourceFileError(path, 0, f"A graph {quad.graph_name}: there are ex:fails and ex:passes only.")
            parts[name].add(quad.triple)
        return cls(*map(frozenset, parts.values()))

    @property
    def failing(self) -> Triples:
        """The half that fails."""
        return self.shared | self.fails

    @property
    def passing(self) -> Triples:
        """The half that passes."""
        return self.shared | self.passes

    def failing_lines(self) -> list[Line]:
        """The blocks of the failing half in which the two differ."""
        return self._lines(self.failing, self.fails)

    def passing_lines(self) -> list[Line]:
        """The same of the passing half."""
        return self._lines(self.passing, self.passes)

    def rest(self) -> str:
        """The blocks that are the same in both, as Turtle."""
        return "\n".join("\n".join(block) + "\n" for block in _blocks(self.shared) if block[0] not in self._touched)

    def turtle(self, triples: Triples) -> str:
        """A half as a file of Turtle."""
        return _written(triples)

    @property
    def _touched(self) -> set[str]:
        """The heads of the blocks in which the halves differ."""
        return {block[0] for half in (self.fails, self.passes) for block in _blocks(half)}

    def _lines(self, half: Triples, own: Triples) -> list[Line]:
        marked = {(block[0], line) for block in _blocks(own) for line in block[1:-1]}
        found = [block for block in _blocks(half) if block[0] in self._touched]
        new = {block[0] for block in _blocks(own)} - {block[0] for block in _blocks(self.shared)}
        return [
            Line(line, (block[0], line) in marked or (block[0] in new and line in (block[0], block[-1])))
            for block in found
            for line in block
        ]


def _blocks(triples: Triples) -> list[list[str]]:
    """The blocks of Turtle of some triples, each a list of lines with its subject first and its full stop last."""
    if not triples:
        return []
    text = _written(triples)
    blocks = [block.splitlines() for block in text.strip().split("\n\n")]
    return [block for block in blocks if not block[0].startswith("PREFIX")]


def _written(triples: Triples) -> str:
    """Turtle in the look of our files."""
    from reformgraph.turtle import format_text  # noqa: PLC0415 - rdflib takes a tenth of the time of a start

    return format_text((ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode())
