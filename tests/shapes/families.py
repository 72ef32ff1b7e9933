"""Which shapes a case is held against."""

from __future__ import annotations

from pathlib import Path


def family_of(case: Path) -> str:
    """The family of a case: all shapes if it is one of plausibility, else the core ones."""
    return "all" if case.parent.name == "plausibility" else "core"
