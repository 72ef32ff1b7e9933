"""From Turtle in git to named graphs in memory: which file fills which graph, and the rules that follow.

A report fills a graph named by the key of its one `rg:SourceDocument`; a report may be a folder of several files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from reformgraph.errors import SourceFileError
from reformgraph.namespaces import CATALOG, CURATED, GRAPH, RDF, REGISTRY, RG, SHAPES, VOCAB
from reformgraph.rules import apply_rules, read_rules

Progress = Callable[[str], None]

# Folder or file below the content root -> the graph that it fills; reports have a graph for each document.
_GRAPHS = (
    ("ontology", VOCAB),
    ("shapes", SHAPES),
    ("data/ttl/registry", REGISTRY),
    ("data/ttl/catalogue.ttl", CATALOG),
    ("data/ttl/curated.ttl", CURATED),
)
_REPORTS = "data/ttl/reports"


def inputs(root: Path) -> list[Path]:
    """All files that a release is made from, in the order of their names."""
    folders = ("ontology", "data/ttl", "shapes", "queries/rules")
    return sorted(p for f in folders for p in (root / f).rglob("*") if p.suffix in (".ttl", ".rq"))


def assemble(root: Path, extra: Iterable[Path] = (), progress: Progress = lambda _: None) -> ox.Store:
    """Read all files into named graphs of a store in memory and run the rules; `extra` are further reports."""
    store = ox.Store()
    files = [path for path in inputs(root) if path.suffix == ".ttl"]
    progress(f"reading {len(files)} Turtle files")
    for path in files:
        _load(store, path, _graph_of(root, path))
    for path in extra:
        _load(store, path, _document_graph(path, [path]))
    rules = read_rules(root / "queries" / "rules")
    progress(f"running {len(rules)} rules over {len(store)} triples")
    apply_rules(store, rules)
    return store


def _graph_of(root: Path, path: Path) -> str:
    relative = path.relative_to(root).as_posix()
    for start, graph in _GRAPHS:
        if relative == start or relative.startswith(start + "/"):
            return graph
    if not relative.startswith(_REPORTS + "/"):
        raise SourceFileError(path, 0, f"No graph for this file: put it below one of {_REPORTS}, data/ttl/registry.")
    folder = path.parent if path.parent != root / _REPORTS else None
    return _document_graph(path, sorted(folder.glob("*.ttl")) if folder else [path])


def _document_graph(path: Path, files: list[Path]) -> str:
    """`g:doc-<key>` of the one `rg:SourceDocument` that the files of a report describe."""
    kind = ox.NamedNode(RG + "SourceDocument")
    keys = {
        quad.subject.value.rpartition("/")[2]
        for file in files
        for quad in _parse(file)
        if quad.object == kind and quad.predicate.value == RDF + "type" and isinstance(quad.subject, ox.NamedNode)
    }
    if len(keys) != 1:
        raise SourceFileError(path, 0, f"A report describes exactly one rg:SourceDocument, not {len(keys)}.")
    return f"{GRAPH}doc-{keys.pop()}"


def _parse(path: Path) -> list[ox.Quad]:
    with _told(path):
        return list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Errors of reading a file as errors that name it."""
    try:
        yield
    except SyntaxError as error:
        raise SourceFileError(path, error.lineno or 0, str(error.msg)) from None
    except OSError as error:
        raise SourceFileError(path, 0, str(error.strerror or error)) from None


def _load(store: ox.Store, path: Path, graph: str) -> None:
    with _told(path):
        store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(graph))
