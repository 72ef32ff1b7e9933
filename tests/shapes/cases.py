"""The made-up reports that shapes are held against: files of a folder for each family, and the examples of the rules."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from reformgraph.content import content_root
from reformgraph.shacl.examples import Example

FOLDER = Path(__file__).parent
EXAMPLES = sorted((content_root() / "shapes" / "examples").glob("*.trig"))


@dataclass(frozen=True)
class Case:
    """A report; of an example, one of its halves."""

    path: Path
    half: str = ""  # fails or passes

    @property
    def name(self) -> str:
        """`share-below-0` of `observation/invalid.share-below-0.ttl`; of an example the rule."""
        return self.path.stem if self.half else self.path.stem.partition(".")[2]

    @property
    def id(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}{self.half and '.' + self.half}"

    @property
    def family(self) -> str:
        """Which shapes it is held against: those of plausibility too if it is about content."""
        content = self.path.parent.name == "plausibility" or self.path.stem.startswith("Audit-")
        return "all" if content else "core"

    @property
    def approved(self) -> Path:
        """Where the approved results are."""
        folder = FOLDER / "examples" if self.half else self.path.parent
        return folder / f"{self.path.stem}.approved.txt"

    def triples(self) -> list[ox.Triple]:
        if not self.half:
            return [quad.triple for quad in ox.parse(path=str(self.path))]
        example = Example.read(self.path)
        return sorted(example.failing if self.half == "fails" else example.passing, key=str)


VALID = [Case(path) for path in sorted(FOLDER.glob("*/valid.*.ttl"))] + [Case(path, "passes") for path in EXAMPLES]
INVALID = [Case(path) for path in sorted(FOLDER.glob("*/invalid.*.ttl"))] + [Case(path, "fails") for path in EXAMPLES]
CASES = [*VALID, *INVALID]
