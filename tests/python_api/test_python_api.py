"""`import reformgraph`: what it costs, what it gives, and that its examples are true."""

from __future__ import annotations

import ast
import doctest
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import networkx
import pandas
import polars
import pyoxigraph as ox
import pytest
import rdflib

import reformgraph
from reformgraph import frames, graphs, opening
from reformgraph.canned.columns import Column
from reformgraph.canned.tables import Table
from reformgraph.content import content_root
from reformgraph.errors import MissingLibraryError, NotFoundError, ParameterError
from reformgraph.queries import Catalogue
from tiny_graph import CHECKOUT

XSD = "http://www.w3.org/2001/XMLSchema#"
# rdflib 7.6 warns of calls that it makes itself.
ITSELF = pytest.mark.filterwarnings("ignore:Dataset.* is deprecated:DeprecationWarning:rdflib")
DALIAN = "https://w3id.org/reformgraph/agency/dalian-shi-gonganju"


def modules_after(code: str) -> set[str]:
    """The modules of a fresh Python after some code."""
    asked = f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, text=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_it_and_asking_its_version_loads_no_library() -> None:
    loaded = modules_after("import reformgraph; reformgraph.__version__; dir(reformgraph)")
    heavy = {"fastapi", "rdflib", "pyshacl", "pyarrow", "pandas", "polars", "networkx", "pyoxigraph", "mcp", "jinja2"}
    assert "reformgraph" in loaded
    assert loaded & heavy == set()
    assert {name for name in loaded if name.startswith("reformgraph.")} == set()


def test_a_frame_of_polars_needs_neither_pandas_nor_the_service() -> None:
    loaded = modules_after("import reformgraph; reformgraph.frame('documents', engine='polars')")
    assert "polars" in loaded
    assert loaded & {"fastapi", "rdflib", "pyshacl", "pandas", "networkx", "mcp"} == set()


def test_the_stub_tells_what_the_package_gives() -> None:
    stub = ast.parse(Path(reformgraph.__file__).with_suffix(".pyi").read_text("utf-8"))
    told = {alias.asname for node in stub.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert told | {"__version__"} == set(reformgraph.__all__)
    assert all(getattr(reformgraph, name) is not None for name in reformgraph.__all__)
    assert (Path(reformgraph.__file__).parent / "py.typed").is_file()


def test_no_module_takes_the_place_of_a_function() -> None:
    modules = {path.stem for path in Path(reformgraph.__file__).parent.iterdir()}
    assert modules & set(reformgraph.__all__) == set()


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(AttributeError, match="'reformgraph' has no attribute 'nope'"):
        _ = reformgraph.nope  # type: ignore[attr-defined]


@ITSELF
@pytest.mark.parametrize("module", [graphs, opening])
def test_the_examples_of_docstrings_are_true(module: object) -> None:
    results = doctest.testmod(module, globs={})  # type: ignore[arg-type]
    assert results.attempted > 2
    assert results.failed == 0


@ITSELF
def test_the_how_to_is_true_to_the_letter() -> None:
    results = doctest.testfile(str(CHECKOUT / "docs" / "how-to" / "python.md"), module_relative=False)
    assert results.attempted > 20
    assert results.failed == 0


def test_a_store_has_every_quad_of_the_release_and_is_the_callers_own() -> None:
    store = reformgraph.store()
    assert len(store) == reformgraph.opened().release.manifest["triples"]
    store.add(ox.Quad(*[ox.NamedNode("https://example.org/")] * 3))
    assert len(reformgraph.store()) == len(store) - 1


@ITSELF
def test_a_dataset_is_the_union_of_the_named_graphs_with_their_prefixes() -> None:
    dataset = reformgraph.dataset()
    assert isinstance(dataset, rdflib.Dataset)
    assert sum(1 for _ in dataset.quads()) == reformgraph.opened().release.manifest["triples"]
    assert dict(dataset.namespaces())["obs"] == rdflib.URIRef("https://w3id.org/reformgraph/obs/")
    asked = dataset.query(f"SELECT ?label {{ <{DALIAN}> skos:prefLabel ?label FILTER(LANG(?label) = 'zh') }}")
    assert [row.label for row in asked] == [rdflib.Literal("大连市公安局", lang="zh")]  # type: ignore[union-attr]


def test_both_frames_have_the_rows_and_the_types_of_the_query() -> None:
    one = reformgraph.frame("observations", agency="大连市公安局")
    other = reformgraph.frame("observations", agency="大连市公安局", engine="polars")
    columns = list(Catalogue.read(content_root() / "queries").get("observations").columns)
    assert list(one.columns) == other.columns == columns
    assert len(one) == len(other) > 20
    assert set(one["agency"]) == {DALIAN}
    types = {name: str(one[name].dtype) for name in ("value", "start", "periodEnd", "exact")}
    assert types == {"value": "Float64", "start": "Int64", "periodEnd": "datetime64[s]", "exact": "string"}
    assert other.schema["value"] == polars.Float64
    assert other.schema["start"] == polars.Int64
    assert other.schema["periodEnd"] == polars.Date


def test_an_absent_cell_is_missing_in_both_frames() -> None:
    one, other = reformgraph.frame("observations"), reformgraph.frame("observations", engine="polars")
    for name in ("value", "lower", "periodEnd", "initiative"):
        missing = int(one[name].isna().sum())
        assert 0 < missing == other[name].null_count() < len(one)
    assert one.loc[one["lower"].isna(), "lower"].iloc[0] is pandas.NA


def table_of(*cells: ox.Literal | None) -> Table:
    return Table(("cell",), [(cell,) for cell in cells], {"cell": Column("cell", {"zh": "格", "en": "Cell"})})


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", "7", 7), ("decimal", "91.40", 91.4), ("boolean", "true", True), ("string", "余", "余"),
        ("date", "2009-12-31", date(2009, 12, 31)), ("integer", str(2**70), float(2**70)),
    ],
)  # fmt: skip
def test_a_cell_keeps_its_value_in_both_frames(kind: str, text: str, value: object) -> None:
    table = table_of(ox.Literal(text, datatype=ox.NamedNode(XSD + kind)), None)
    one, other = frames.to_pandas(table), frames.to_polars(table)
    assert one["cell"][0] == (pandas.Timestamp(value) if isinstance(value, date) else value)
    assert bool(one["cell"].isna()[1])
    assert other["cell"].to_list() == [value, None]
    assert one.attrs["titles"] == {"cell": {"zh": "格", "en": "Cell"}}


def test_a_column_without_cells_keeps_the_type_that_the_dictionary_tells() -> None:
    empty = Table(("value",), [], {"value": Column("value", type="number")})
    assert str(frames.to_pandas(empty)["value"].dtype) == "Float64"
    assert frames.to_polars(empty).schema["value"] == polars.Float64


def test_parameters_are_those_of_http() -> None:
    both = reformgraph.frame("money", place=["大连市", "place:cn-350200"], from_=date(2009, 1, 1), to=None)
    apart = [reformgraph.frame("money", place=place, from_="2009-01-01") for place in ("大连市", "厦门市")]
    assert len(both) == sum(map(len, apart)) > 0
    assert len(reformgraph.frame("initiative-timeline", initiative="三项建设", depth=2)) > 0


def test_what_cannot_be_asked_is_told_with_what_can() -> None:
    with pytest.raises(NotFoundError, match="observations"):
        reformgraph.frame("observation")
    with pytest.raises(ParameterError, match="agency"):
        reformgraph.frame("observations", agencies="大连市公安局")
    with pytest.raises(ParameterError, match="pandas, polars"):
        reformgraph.frame("observations", engine="arrow")  # type: ignore[call-overload]
    with pytest.raises(ParameterError, match="place"):
        reformgraph.find("大连", kinds=["person"])


@pytest.mark.parametrize(
    ("library", "call"),
    [
        ("pandas", lambda: reformgraph.frame("documents")),
        ("polars", lambda: reformgraph.frame("documents", engine="polars")),
        ("networkx", reformgraph.network),
    ],
)
def test_a_missing_library_is_told_with_its_extra(library: str, call: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)  # as Python marks what cannot be imported
    with pytest.raises(MissingLibraryError, match=rf"reformgraph\[{library}\]"):
        call()  # type: ignore[operator]


def test_the_network_has_the_edges_of_the_claims_between_things_with_labels() -> None:
    graph = reformgraph.network()
    assert isinstance(graph, networkx.MultiDiGraph)
    assert graph.graph["release"] == reformgraph.opened().release.id
    figure = graph.nodes["obs:826ec1811efe-1157-1164"]
    assert (figure["type"], figure["value"], figure["bound"]) == ("figure", 13000, "over")
    ends = {edge["predicate"]: end for _, end, edge in graph.out_edges("obs:826ec1811efe-1157-1164", data=True)}
    assert ends["rg:agency"] == "agency:dalian-shi-gonganju"
    assert all(data["labelZh"] and data["labelEn"] for _, data in graph.nodes(data=True))


def test_a_home_of_its_own_is_built_and_opened_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release = reformgraph.opened().release
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / release.path.name).symlink_to(release.path)
    apart = reformgraph.opened(tmp_path)
    assert apart.release.path.parent == tmp_path / "releases"
    assert (tmp_path / "current").read_text().strip() == release.path.name
    monkeypatch.setenv("REFORMGRAPH_HOME", str(tmp_path))
    assert reformgraph.opened() is apart
    assert reformgraph.opened(release.path.parents[1]) is not apart
