"""The least graph whose release can be built, for tests that walk over every page: one report, and what it names."""

from __future__ import annotations

import re
from pathlib import Path

from reformgraph.content import content_root
from reformgraph.release import Release, build, build_key
from tiny_graph import copy_tiny

_OTHERS = ("registry/more.ttl", "reports/a.ttl", "reports/c.ttl")
_CONCEPTS = ("codes.ttl", "metrics.ttl")
_CONCEPT = re.compile(r"\b(?:code|metric):[\w-]+")


def copy_least(target: Path) -> Path:
    """A content root with report b of the tiny graph, without the codes and metrics that nothing in it names."""
    root = copy_tiny(target)
    for name in _OTHERS:
        (root / "data" / "ttl" / name).unlink()
    files = [root / "ontology" / "concepts" / name for name in _CONCEPTS]
    blocks = {file: file.read_text("utf-8").rstrip().split("\n\n") for file in files}
    named = _named(root, {_head(block): block for some in blocks.values() for block in some})
    for file, some in blocks.items():
        kept = [block for block in some if not _CONCEPT.match(block) or _head(block) in named]
        file.write_text("\n\n".join(kept) + "\n", "utf-8")
    return root


def home_with_least(home: Path, root: Path, key: str | None = None) -> Release:
    """Build the least graph and let `home` take it for the release of the files at hand, or of a build key.

    The command line has no option for another graph; a home in which the release is already built is its way in.
    """
    release = build(copy_least(root), home)
    (home / "releases" / (key or build_key(content_root()))).symlink_to(release.path)
    return release


def _head(block: str) -> str:
    return block.partition("\n")[0]


def _named(root: Path, blocks: dict[str, str]) -> set[str]:
    """The concepts that the graph names, and those that they name in turn."""
    folders = ("data", "ontology", "shapes")
    files = [path for folder in folders for path in sorted((root / folder).rglob("*.ttl"))]
    waiting = [n for path in files if path.name not in _CONCEPTS for n in _CONCEPT.findall(path.read_text("utf-8"))]
    named: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in named:
            named.add(name)
            waiting += _CONCEPT.findall(blocks.get(name, ""))
    return named
