"""reformgraph: what Chinese police bureaus claim about their reforms, every figure traced to its words."""

from __future__ import annotations

from importlib.metadata import version

__version__ = version("reformgraph")
