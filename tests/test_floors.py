"""The house has floors: a module imports only from groups below its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "api" / "reformgraph"

# Lowest first; modules of one group do not know each other. A name with .* stands for a whole folder.
GROUPS = [
    {""},  # the package itself: its version, on demand
    {"errors"},
    {"citing", "content", "wording"},
    {"namespaces", "settings"},
    {
        "amounts",
        "chartlook",
        "columns",
        "facets",
        "intervals",
        "literals",
        "queryheads",
        "results",
        "searchtext",
        "tokens",
        "turtle",
    },
    {
        "jsonld",
        "numerals",
        "pronunciation",
        "scales",
        "searchable",
        "searchquery",
        "snippets",
        "statements",
        "tables",
        "verdicts",
    },
    {"charts", "gridcharts", "mentions", "reasons", "columnar", "searchindex", "searchranking", "views", "workbooks"},
    {"engines", "frames"},
    {"engines.base"},
    {"engines.dialects"},
    {"engines.embedded", "engines.rdflib", "engines.remote", "engines.wall"},
    {"engines.writers"},
    {"engines.sandbox"},
    {"engines.process"},
    {"engines.workers"},
    {"engines.killable"},
    {"rqstyle", "rules", "messages", "querylint", "integrity", "geojson", "reconcilable", "searchconnections"},
    {"charting", "chartmaker"},
    {"uniongraph"},
    {"constraints", "reference", "selects"},
    {"coreshapes"},
    {"fastlane"},
    {"chunks"},
    {"parallel"},
    {"validation"},
    {"release", "submissions"},
    {"names", "publication", "queryfiles", "push"},
    {"queries", "querygraph"},
    {"changelog", "crate", "croissant", "datacube", "keptreleases", "schemaorg"},
    {"sdmxcsv"},
    {"ledger"},
    {"addresses", "choosing", "comparison", "descriptions", "evidence", "holdings", "search"},
    {"junit", "nanopub", "reconciling", "reportgraphs", "reportpage", "submitted"},
    {"figuretable"},
    {"cards", "resources", "comparing", "annotating", "reports", "asking", "looks"},
    {"portraits", "overviews"},
    {"checker"},
    {"checking"},
    {"exports"},
    {"exports.packing", "exports.workshop"},
    {"exports.rdf", "exports.tabular", "exports.sheets", "exports.network"},
    {"exports.datapackage", "exports.graphml", "exports.cytoscape", "exports.neo4j"},
    {"exports.catalogue"},
    {"exports.shelf", "opening"},
    {"graphs"},
    {"web.*"},
    {"cli"},
    {"cli_export", "cli_mcp", "cli_stores", "cli_validate"},
    {"__main__"},
]


def floor_of(module: str) -> int:
    for number, group in enumerate(GROUPS):
        if module in group or any(name.endswith(".*") and (module + ".").startswith(name[:-1]) for name in group):
            return number
    raise AssertionError(f"{module} has no floor: name it in GROUPS")


def module_of(path: Path, package: Path) -> str:
    parts = path.relative_to(package).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path: Path, package: Path) -> Iterator[str]:
    """The modules of the package that a file imports, also inside functions and for type checking."""
    known = {module_of(p, package) for p in package.rglob("*.py")}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}: import from reformgraph by full name"
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "reformgraph":
            home = (node.module or "").removeprefix("reformgraph").lstrip(".")
            for alias in node.names:
                inner = f"{home}.{alias.name}".lstrip(".")
                yield inner if inner in known else home
        elif isinstance(node, ast.Import):
            yield from (a.name.removeprefix("reformgraph.") for a in node.names if a.name.startswith("reformgraph."))


def upward(package: Path) -> list[str]:
    found = []
    for path in sorted(package.rglob("*.py")):
        own = module_of(path, package)
        floor = floor_of(own)
        for used in imports(path, package):
            same_room = own.startswith("web") and used.startswith("web")
            if not same_room and floor_of(used) >= floor:
                found.append(f"{own} imports {used}")
    return found


def test_imports_go_down_only() -> None:
    assert upward(PACKAGE) == []


def test_an_upward_import_is_found(tmp_path: Path) -> None:
    (tmp_path / "errors.py").write_text("from reformgraph.release import build\n")
    (tmp_path / "release.py").write_text("def f():\n    from reformgraph import cli\n")
    (tmp_path / "cli.py").write_text("import reformgraph.errors\n")
    assert upward(tmp_path) == ["errors imports release", "release imports cli"]


def test_a_module_without_a_floor_is_found(tmp_path: Path) -> None:
    (tmp_path / "utils.py").write_text("import os\n")
    with pytest.raises(AssertionError, match="no floor"):
        upward(tmp_path)


def test_a_relative_import_is_found(tmp_path: Path) -> None:
    (tmp_path / "errors.py").write_text("from .release import build\n")
    with pytest.raises(AssertionError, match="full name"):
        upward(tmp_path)
