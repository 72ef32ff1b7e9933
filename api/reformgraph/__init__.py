"""reformgraph: what Chinese police bureaus claim about their reforms, every figure traced to its words.

    >>> import reformgraph
    >>> figures = reformgraph.frame("observations", agency="大连市公安局")
    >>> store = reformgraph.store()

The functions are those of `graphs`; they are imported when they are first used (SPEC 1 of Scientific Python,
https://scientific-python.org/specs/spec-0001/), and `__init__.pyi` tells type checkers what they are.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
# Names of `reformgraph` that are not modules of it: a module that is imported would take the place of a function.
__all__ = ["Opened", "__version__", "claim", "compare", "dataset", "find", "frame", "network", "opened", "store"]
_HOMES = dict.fromkeys(("claim", "compare", "dataset", "find", "frame", "network", "store"), "graphs")
_HOMES |= {"Opened": "opening", "opened": "opening"}


def __getattr__(name: str) -> Any:
    """What the package offers, on demand."""
    if name in _HOMES:
        return getattr(import_module(f"reformgraph.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
