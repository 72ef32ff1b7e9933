"""The house has floors: a module imports only from groups below its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "api" / "reformgraph"

# Folders are a word and a line each, no code: their modules may stand on different floors.
FOLDERS = set(
    "canned charts commands comparability engines exports linked portraits publishing reading reconciliation searching shacl".split()
)

# Lowest first; modules of one group do not know each other. A name with .* stands for a whole folder.
GROUPS = [
    {""} | FOLDERS,  # the package itself: its version, on demand
    {"errors"},
    {"publishing.citing", "content", "reading.wording"},
    {"namespaces", "settings"},
    {
        "reading.amounts",
        "reading.boundwords",
        "charts.look",
        "canned.columns",
        "searching.facets",
        "comparability.intervals",
        "canned.literals",
        "canned.heads",
        "results",
        "searching.text",
        "texts",
        "tokens",
        "turtle",
    },
    {
        "linked.jsonld",
        "numerals",
        "searching.pronunciation",
        "comparability.scales",
        "searching.searchable",
        "searching.question",
        "canned.binding",
        "canned.snippets",
        "publishing.statements",
        "canned.tables",
        "comparability.verdicts",
    },
    {
        "charts.figures",
        "charts.grids",
        "reading.mentions",
        "comparability.reasons",
        "canned.columnar",
        "searching.index",
        "searching.ranking",
        "canned.views",
        "canned.workbooks",
    },
    {"frames"},
    {"engines.base"},
    {"engines.dialects"},
    {"engines.embedded", "engines.labels", "engines.rdflib", "engines.remote", "engines.wall"},
    {"engines.resident", "engines.writers"},
    {"engines.sandbox"},
    {"engines.process"},
    {"engines.workers"},
    {"engines.killable"},
    {
        "canned.style",
        "rules",
        "shacl.messages",
        "canned.labelling",
        "canned.lint",
        "integrity",
        "canned.geojson",
        "reconciliation.reconcilable",
        "searching.connections",
    },
    {"charts.drawing", "charts.drawer"},
    {"shacl.examples"},
    {"shacl.rulebook"},
    {"shacl.uniongraph"},
    {"shacl.constraints", "shacl.reference", "shacl.selects"},
    {"shacl.judging"},
    {"shacl.coreshapes"},
    {"shacl.fastlane"},
    {"shacl.chunks"},
    {"shacl.parallel"},
    {"assembly", "validation"},
    {"shacl.findings"},
    {"release", "shacl.submissions"},
    {"names", "publishing.publication", "canned.files", "push"},
    {"queries", "canned.graph"},
    {
        "publishing.changelog",
        "publishing.crate",
        "publishing.croissant",
        "publishing.datacube",
        "publishing.keptreleases",
        "publishing.schemaorg",
    },
    {"publishing.sdmxcsv"},
    {"reading.ledger"},
    {
        "linked.addresses",
        "canned.choosing",
        "comparison",
        "linked.descriptions",
        "evidence",
        "linked.holdings",
        "search",
    },
    {
        "shacl.junit",
        "publishing.nanopub",
        "reconciliation.reconciling",
        "shacl.reportgraphs",
        "shacl.reportpage",
        "shacl.submitted",
    },
    {"portraits.coremap", "portraits.figuretable"},
    {
        "portraits.cards",
        "resources",
        "comparability.comparing",
        "commands.annotating",
        "shacl.reports",
        "commands.asking",
        "commands.looks",
    },
    {"portraits.things", "portraits.overviews", "portraits.questions", "portraits.vocabulary"},
    {"shacl.checker"},
    {"shacl.checking"},
    {"exports.packing", "exports.workshop"},
    {"exports.rdf", "exports.tabular", "exports.sheets", "exports.network"},
    {"exports.datapackage", "exports.graphml", "exports.cytoscape", "exports.neo4j"},
    {"exports.catalogue"},
    {"exports.shelf", "opening"},
    {"graphs"},
    {"web.*"},
    {"cli"},
    {"commands.export", "commands.mcp", "commands.stores", "commands.validate"},
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
