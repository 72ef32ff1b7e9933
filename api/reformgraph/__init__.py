"""reformgraph: what Chinese police bureaus claim about their reforms, every figure traced to its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    __version__: str


def __getattr__(name: str) -> str:
    """`__version__` on demand: reading the metadata costs every query worker 30 ms."""
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415

        return version("reformgraph")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
