"""Where the graph's own files are: inside an installed wheel, or in the checkout of an editable install."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from reformgraph.errors import ReleaseError


@cache
def content_root() -> Path:
    """The folder that holds `ontology/`, `data/ttl/`, `shapes/` and `queries/`."""
    package = Path(__file__).resolve().parent
    for root in (package / "content", package.parents[1]):
        if (root / "ontology" / "prefixes.ttl").is_file():
            return root
    raise ReleaseError(f"No ontology/prefixes.ttl beside {package}: reinstall reformgraph.")


@cache
def checkout_root() -> Path | None:
    """The root of the checkout when reformgraph runs from one, else None."""
    root = content_root()
    return root if (root / "pyproject.toml").is_file() else None
