"""Tables as data frames of pandas and of polars: numbers, dates and text as such, absent cells missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reformgraph.canned.columnar import storable, values
from reformgraph.canned.tables import Table
from reformgraph.errors import MissingLibraryError

if TYPE_CHECKING:
    import pandas
    import polars


def to_pandas(table: Table) -> pandas.DataFrame:
    """The table with nullable types: Int64, Float64, boolean, string, datetime64; absent cells are NA or NaT.

    `attrs` of the frame has the titles of the columns by language. Raises MissingLibraryError without pandas.
    """
    try:
        import pandas as pd  # noqa: PLC0415 - only whoever asks for a frame pays for it
    except ImportError:
        raise MissingLibraryError("pandas", "pandas") from None
    types = {"integer": "Int64", "number": "Float64", "date": "datetime64[s]", "boolean": "boolean"}
    columns = {name: pd.Series(cells, dtype=types.get(kind, "string")) for name, kind, cells in _columns(table)}
    frame = pd.DataFrame(columns, columns=list(table.columns))
    frame.attrs["titles"] = {name: table.column(name).title for name in table.columns}
    return frame


def to_polars(table: Table) -> polars.DataFrame:
    """The table with types Int64, Float64, Boolean, String, Date; absent cells are null.

    Raises MissingLibraryError without polars.
    """
    try:
        import polars as pl  # noqa: PLC0415 - as above
    except ImportError:
        raise MissingLibraryError("polars", "polars") from None
    types = {"integer": pl.Int64(), "number": pl.Float64(), "date": pl.Date(), "boolean": pl.Boolean()}
    return pl.DataFrame([pl.Series(name, cells, types.get(kind, pl.String())) for name, kind, cells in _columns(table)])


def _columns(table: Table) -> list[tuple[str, str, list[Any]]]:
    """Name, type and values of each column."""
    kinds = {name: storable(table, name) for name in table.columns}
    return [(name, kind, values(table, name, kind)) for name, kind in kinds.items()]
