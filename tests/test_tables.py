"""Tables of terms: sorted, filtered, cut to columns, and serialized without losing datatypes or language tags."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformgraph.canned.columns import Column
from reformgraph.canned.tables import Table, serialized, typed
from reformgraph.canned.views import read_view
from reformgraph.errors import ParameterError

ROWS = """
  ("三" 10 <https://w3id.org/reformgraph/obs/c> "2010-12-31"^^xsd:date)
  ("一" 9.5 <https://w3id.org/reformgraph/obs/a> UNDEF)
  ("二"@zh-hans -40 <https://w3id.org/reformgraph/obs/b> "2009-01-01"^^xsd:date)
  ("四,五" UNDEF <https://w3id.org/reformgraph/obs/d> "2010-01-01"^^xsd:date)
  ("Two" 10 <https://w3id.org/reformgraph/obs/e> "2010-01-01"^^xsd:date)
"""
NAMES = ("word", "value", "figure", "day")


def solutions(rows: str = ROWS, names: tuple[str, ...] = NAMES) -> ox.QuerySolutions:
    variables = " ".join(f"?{name}" for name in names)
    text = f"PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT {variables} {{ VALUES ({variables}) {{ {rows} }} }}"
    found = ox.Store().query(text)
    assert isinstance(found, ox.QuerySolutions)
    return found


def seen(sort: str = "", filters: tuple[str, ...] = (), fields: str = "figure") -> list[str]:
    """The last letter of the first field of each row that is left."""
    view = read_view(NAMES, sort, filters, fields)
    table = view.project(view.arrange(Table.of(solutions())))
    return ["" if row[0] is None else str(row[0].value)[-1] for row in table.rows]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", "cabde"),
        ("value", "baced"),
        ("-value", "ceabd"),
        ("-value,day", "ecabd"),
        ("-day", "cdeba"),
        ("day", "bdeca"),
        ("-day,-figure", "cedba"),
    ],
)
def test_rows_are_sorted_stably_with_absent_cells_last(sort: str, order: str) -> None:
    assert "".join(seen(sort)) == order


@pytest.mark.parametrize(
    ("condition", "left"),
    [
        ("value:eq:10", "ce"),
        ("value:eq:10.0", "ce"),
        ("value:ne:10", "abd"),
        ("value:lt:9.5", "b"),
        ("value:le:9.5", "ab"),
        ("value:gt:9.5", "ce"),
        ("value:ge:9.50", "cae"),
        ("value:in:10,-40", "cbe"),
        ("value:eq:", "d"),
        ("value:ne:", "cabe"),
        ("day:eq:", "a"),
        ("day:ge:2010-01-01", "cde"),
        ("day:lt:2010-01-01", "b"),
        ("word:has:tw", "e"),
        ("word:has:,", "d"),
        ("word:eq:四,五", "d"),
        ('word:in:["四,五","一"]', "ad"),
        ("word:in:一,二", "ab"),
        ("word:lt:a", "e"),
        ("figure:eq:https://w3id.org/reformgraph/obs/a", "a"),
        ("figure:eq:obs:a", "a"),
        ("figure:ne:obs:a", "cbde"),
        ("figure:in:obs:a,obs:b", "ab"),
    ],
)
def test_a_condition_leaves_the_rows_that_fit(condition: str, left: str) -> None:
    assert "".join(seen(filters=(condition,))) == left


def test_several_conditions_hold_together() -> None:
    assert seen(filters=("value:ge:0", "day:ne:")) == ["c", "e"]


@pytest.mark.parametrize(
    ("sort", "filters", "fields", "parameter", "allowed"),
    [
        ("nope", (), "", "sort", "value"),
        ("-nope", (), "", "sort", "value"),
        ("value,-value", (), "", "sort", None),
        ("", (), "nope", "fields", "value"),
        ("", (), "day,day", "fields", None),
        ("", ("nope:eq:1",), "", "filter", "value"),
        ("", ("value:like:1",), "", "filter", "has"),
        ("", ("value",), "", "filter", "has"),
        ("", ("value:gt:",), "", "filter", None),
        ("", ("value:gt:ten",), "", "filter", "a number such as 91.4"),
        ("", ("value:gt:NaN",), "", "filter", "a number such as 91.4"),
        ("", ("value:eq:1_0",), "", "filter", "a number such as 91.4"),
        ("", ("value:eq:１０",), "", "filter", "a number such as 91.4"),
        ("", ("value:in:1,two",), "", "filter", "a number such as 91.4"),
        ("", ("word:in:[1",), "", "filter", None),
        ("", ("day:ge:2010",), "", "filter", "a date such as 2009-12-31"),
        ("", ("day:ge:20100101",), "", "filter", "a date such as 2009-12-31"),
    ],
)
def test_what_does_not_fit_is_told_with_what_does(
    sort: str, filters: tuple[str, ...], fields: str, parameter: str, allowed: str | None
) -> None:
    with pytest.raises(ParameterError) as told:
        seen(sort, filters, fields)
    assert told.value.parameter == parameter
    assert allowed is None or allowed in told.value.allowed


def test_a_column_without_a_cell_still_takes_only_values_of_its_type() -> None:
    table = Table.of(solutions("(UNDEF)", ("amount",)), {"amount": Column("amount", type="number")})
    view = read_view(("amount",), filters=("amount:gt:much",))
    with pytest.raises(ParameterError):
        view.arrange(table)


def test_fields_choose_columns_and_their_order() -> None:
    table = read_view(NAMES, fields="day, word").project(Table.of(solutions()))
    assert table.columns == ("day", "word")
    assert [typed(term) for term in table.rows[0]] == [typed(ox.Literal("2010-12-31", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))), "三"]  # fmt: skip


@pytest.mark.parametrize("format_", [ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.XML, ox.QueryResultsFormat.TSV])
def test_a_table_is_serialized_as_the_engine_does_it(format_: ox.QueryResultsFormat) -> None:
    rows = ROWS + '("2"^^xsd:byte "x"^^<urn:t> UNDEF 1e0) (<<( <urn:a> <urn:b> "c"@en )>> true UNDEF UNDEF)'
    expected = solutions(rows).serialize(format=format_)
    assert serialized(Table.of(solutions(rows)), format_) == expected


def test_a_blank_node_is_serialized_too() -> None:
    found = ox.Store().query("SELECT ?x { BIND(BNODE() AS ?x) }")
    assert isinstance(found, ox.QuerySolutions)
    text = serialized(Table.of(found), ox.QueryResultsFormat.JSON)
    assert json.loads(text)["results"]["bindings"][0]["x"]["type"] == "bnode"


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ("(1) (2)", "integer"),
        ("(1) (2.5)", "number"),
        ("(1) (UNDEF)", "integer"),
        ('("2010-01-01"^^xsd:date)', "date"),
        ('("2010-01-01Z"^^xsd:date)', "text"),
        ("(true)", "boolean"),
        ('(1) ("a")', "text"),
        ('("NaN"^^xsd:double)', "text"),
        ("(UNDEF)", "text"),
    ],
)
def test_the_type_of_a_column_is_that_of_its_cells(cells: str, kind: str) -> None:
    assert Table.of(solutions(cells, ("x",))).type_of("x") == kind


@given(st.lists(st.one_of(st.none(), st.integers(-999, 999), st.decimals(-99, 99, places=2))), st.booleans())
def test_sorting_numbers_agrees_with_python(values: list[int | Decimal | None], descending: bool) -> None:
    rows = [(None if value is None else ox.Literal(value), ox.Literal(place)) for place, value in enumerate(values)]
    view = read_view(("n", "place"), "-n" if descending else "n")
    found = [typed(row[1]) for row in view.arrange(Table(("n", "place"), rows)).rows]
    present = [place for place, value in enumerate(values) if value is not None]
    expected = sorted(present, key=lambda place: values[place] or 0, reverse=descending)
    assert found == expected + [place for place, value in enumerate(values) if value is None]


def test_csv_of_the_engine_and_ours_have_the_same_cells() -> None:
    table = Table.of(solutions())
    ours = list(csv.reader(io.StringIO(serialized(table, ox.QueryResultsFormat.CSV).decode(), newline="")))
    assert ours[0] == list(NAMES)
    assert [row[0] for row in ours[1:]] == ["三", "一", "二", "四,五", "Two"]
