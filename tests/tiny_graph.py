"""Copies of the tiny graph, for tests that change it."""

from __future__ import annotations

import shutil
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
FIXTURES = Path(__file__).parent / "fixtures"


def copy_tiny(target: Path) -> Path:
    """A content root of its own with the tiny graph, to be changed by the test."""
    for name in ("ontology", "shapes", "queries"):
        shutil.copytree(CHECKOUT / name, target / name)
    shutil.copytree(FIXTURES / "tiny", target / "data" / "ttl", ignore=shutil.ignore_patterns("*.txt"))
    return target
