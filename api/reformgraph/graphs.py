"""The graph in Python: as an RDF dataset, as a store, as data frames and as a network, and its claims one by one.

These are the functions of `import reformgraph`. Each opens the release on its first use, as `opening.opened` says, and
takes `home`, the folder of built releases. Examples in docstrings are run by the tests.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, overload

import pyoxigraph as ox

from reformgraph import frames
from reformgraph.comparability.comparing import Table as Comparisons
from reformgraph.comparability.comparing import side_by_side
from reformgraph.content import content_root
from reformgraph.errors import MissingLibraryError, ParameterError
from reformgraph.names import resolve
from reformgraph.namespaces import prefixes
from reformgraph.opening import opened
from reformgraph.portraits import cards
from reformgraph.portraits.cards import ClaimCard
from reformgraph.search import Found, Narrowing
from reformgraph.searching.searchable import KINDS

if TYPE_CHECKING:
    import networkx
    import pandas
    import polars
    import rdflib

Home = str | os.PathLike[str] | None
Value = str | int | float | date
ENGINES = ("pandas", "polars")


def store(home: Home = None) -> ox.Store:
    """All named graphs in a new pyoxigraph store in memory: change it as you like, the release stays as it is.

    The default graph is empty; `use_default_graph_as_union=True` asks all graphs, as the service does.

    >>> import reformgraph
    >>> store = reformgraph.store()
    >>> cities = "SELECT ?place { ?place <http://www.w3.org/2004/02/skos/core#prefLabel> '大连市'@zh }"
    >>> [row["place"].value for row in store.query(cities, use_default_graph_as_union=True)]
    ['https://w3id.org/reformgraph/place/cn-210200']
    """
    found = ox.Store()
    found.bulk_load(path=str(opened(home).release.path / "release.nq"), format=ox.RdfFormat.N_QUADS)
    return found


def dataset(home: Home = None) -> rdflib.Dataset:
    """All named graphs in a new rdflib dataset, whose default graph is their union, with the prefixes of the graph.

    rdflib reads some 20,000 quads a second, and asks slowly: for questions use `store` or `frame`.

    >>> import rdflib, reformgraph
    >>> dataset = reformgraph.dataset()
    >>> str(dataset.value(predicate=rdflib.SKOS.prefLabel, object=rdflib.Literal("大连市", lang="zh")))
    'https://w3id.org/reformgraph/place/cn-210200'
    """
    from reformgraph.engines.rdflib import read  # noqa: PLC0415 - a third of a second

    found = read((opened(home).release.path / "release.nq").read_bytes())
    for prefix, namespace in prefixes().items():
        found.bind(prefix, namespace, replace=True)
    return found


@overload
def frame(
    query: str, *, engine: Literal["pandas"] = "pandas", home: Home = None, **parameters: Value | Iterable[Value] | None
) -> pandas.DataFrame: ...


@overload
def frame(
    query: str, *, engine: Literal["polars"], home: Home = None, **parameters: Value | Iterable[Value] | None
) -> polars.DataFrame: ...


def frame(
    query: str, *, engine: str = "pandas", home: Home = None, **parameters: Value | Iterable[Value] | None
) -> pandas.DataFrame | polars.DataFrame:
    """All rows of a canned query, named as at `/queries` (also `observations@1`), as a data frame.

    Parameters are those of the query: a label, an alias, a CURIE or an IRI, a number, a date; or a list of them. One
    that Python reserves takes an underscore: `from_="2009-01-01"`. Columns are those of the query, with integers,
    numbers, dates, booleans and text as types; absent cells are missing. Order, selection and grouping are the frame's.

    Raises NotFoundError for the query and ParameterError for a parameter, with what there is instead;
    MissingLibraryError names the extra that is to be installed (`reformgraph[pandas]`, `reformgraph[polars]`).

    >>> import reformgraph
    >>> figures = reformgraph.frame("observations", agency="大连市公安局", metric="computers")
    >>> figures[["exact", "value", "bound", "voice"]].values.tolist()
    [['13000余台', 13000.0, 'over', 'self-report']]
    >>> reformgraph.frame("observations", engine="polars", metric="computers")["value"].dtype
    Float64
    """
    if engine not in ENGINES:
        raise ParameterError("engine", f"{engine!r} makes no frame here.", ENGINES)
    queries = opened(home).queries
    question = queries.ask(query, _given(parameters))
    if question.query.form != "select":
        raise ParameterError("query", f"{query!r} answers with a graph, which is no table.")
    table = queries.table(question)
    return frames.to_pandas(table) if engine == "pandas" else frames.to_polars(table)


def _given(parameters: Mapping[str, Value | Iterable[Value] | None]) -> dict[str, list[str]]:
    """Parameters as texts, as they come over HTTP; None is not given."""
    given: dict[str, list[str]] = {}
    for name, value in parameters.items():
        values = [value] if isinstance(value, str | int | float | date) else [] if value is None else list(value)
        if values:
            given[name.removesuffix("_")] = [str(one) for one in values]
    return given


def network(home: Home = None) -> networkx.MultiDiGraph[str]:
    """Things and figures as nodes, relations as edges, as in the file `reformgraph.graphml` of `/exports`.

    A node is called by its CURIE, an edge by its number; labels in both languages, types, values and evidence are
    attributes, an absent one is left out. Raises MissingLibraryError without networkx.

    >>> import reformgraph
    >>> graph = reformgraph.network()
    >>> graph.nodes["agency:dalian-shi-gonganju"]["labelZh"]
    '大连市公安局'
    """
    try:
        import networkx  # noqa: PLC0415 - only whoever asks for a network pays for it
    except ImportError:
        raise MissingLibraryError("networkx", "networkx") from None
    from reformgraph.exports.network import read_network  # noqa: PLC0415
    from reformgraph.exports.workshop import Workshop  # noqa: PLC0415

    here = opened(home)
    found = read_network(Workshop(here.release, here.engine, content_root()))
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(release=found.release)
    graph.add_nodes_from((node.id, {"label": node.label} | node.attributes) for node in found.nodes)
    for edge in found.edges:
        told: dict[str, Any] = {"label": edge.label, "weight": edge.weight} | edge.attributes
        graph.add_edge(edge.source, edge.target, key=edge.id, **told)
    return graph


def claim(name: str, home: Home = None) -> ClaimCard:
    """One figure with its words, its speaker, what rests on it, and other figures of its metric with a verdict on each.

    `name` is an IRI, a CURIE (`obs:…`) or a slug. Raises ParameterError where there is no such figure.

    >>> import reformgraph
    >>> card = reformgraph.claim("obs:826ec1811efe-1157-1164")
    >>> card.row["exact"], card.row["unitWord"], card.evidence[0]["start"]
    ('13000余台', '台', 1157)
    """
    here = opened(home)
    return cards.card(here.resources.figures, resolve(here.engine, "name", "obs", name).read)


def find(text: str, *, kinds: Sequence[str] = (), limit: int = 20, offset: int = 0, home: Home = None) -> Found:
    """Things and figures by label, alias, pinyin and the words of the reports, best first, as at `/search`.

    `kinds` narrows to kinds of things; ParameterError names those there are.

    >>> import reformgraph
    >>> reformgraph.find("dalian", kinds=["place"]).hits[0].zh
    '大连市'
    """
    for kind in kinds:
        if kind not in KINDS:
            raise ParameterError("kinds", f"{kind!r} is no kind that is searched.", KINDS)
    return opened(home).search.search(text, Narrowing(tuple(kinds)), limit, offset)


def compare(
    metric: str, *, places: Sequence[str] = (), as_of: str | date | None = None, home: Home = None
) -> Comparisons:
    """The figures of one metric side by side, every pair with a verdict and its reasons, as at `/compare`.

    `places` are places or bodies that serve one, all if none is given; `as_of` leaves out later periods.

    >>> import reformgraph
    >>> table = reformgraph.compare("computers-per-officer", places=["大连市", "厦门市"])
    >>> table.verdict, [figure["exact"] for figure in table.figures]
    ('with-care', ['110台', '超过100%'])
    """
    here = opened(home)
    given = _given({"metric": metric, "places": places, "as_of": as_of})
    return side_by_side(here.engine, here.queries, given)
