"""The graph for agents: few typed tools over the Model Context Protocol, on stdio and over HTTP at `/mcp`."""

from __future__ import annotations

from importlib.util import find_spec

from reformgraph.errors import MissingLibraryError


def require() -> None:
    """Raise MissingLibraryError where the package `mcp` is not installed; `server` needs it."""
    if find_spec("mcp") is None:
        raise MissingLibraryError("mcp", "mcp")
