"""One look for Turtle and query files: which files would change, and changing them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from reformgraph.canned.style import format_query
from reformgraph.errors import SourceFileError
from reformgraph.turtle import format_text

_LOOKS = {".ttl": format_text, ".rq": format_query}


def restyle(paths: Iterable[Path], write: bool) -> Iterator[Path]:
    """The files whose look differs, rewritten if `write`; folders are walked, other kinds of file refused."""
    for path in _files(paths):
        text = path.read_text("utf-8")
        styled = _LOOKS[path.suffix](text, path)
        if styled != text:
            if write:
                path.write_text(styled, "utf-8")
            yield path


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix in _LOOKS)
        elif path.suffix in _LOOKS and path.is_file():
            yield path
        else:
            raise SourceFileError(path, 0, f"No file or folder of {', '.join(_LOOKS)}.")
