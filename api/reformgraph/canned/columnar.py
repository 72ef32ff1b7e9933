"""Tables as Apache Parquet: typed columns, titles in both languages as metadata of the fields."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from typing import Any

from reformgraph.canned.tables import Colophon, Table, text, typed
from reformgraph.errors import MissingLibraryError


def parquet(table: Table, colophon: Colophon) -> bytes:
    """The table as a Parquet file; raises MissingLibraryError without pyarrow.

    Integers are int64, other numbers double, dates date32, IRIs and the rest strings, absent cells null. The schema's
    metadata hold the colophon, a field's metadata title and explanation of its column (`zh`, `en`, `explanation_zh`,
    `explanation_en`).
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - some 40 MB, and only this format needs it
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError:
        raise MissingLibraryError("pyarrow", "tables") from None
    kinds = {"integer": pa.int64(), "number": pa.float64(), "date": pa.date32(), "boolean": pa.bool_()}
    types = {name: storable(table, name) for name in table.columns}
    fields = [
        pa.field(name, kinds.get(types[name], pa.string()), metadata=_told(table, name)) for name in table.columns
    ]
    arrays = [pa.array(values(table, name, types[name]), f.type) for name, f in zip(table.columns, fields, strict=True)]
    schema = pa.schema(fields, metadata=_metadata(colophon))
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), out)
    return out.getvalue()


def storable(table: Table, name: str) -> str:
    """The type of a column, `number` for integers that 64 bits do not hold."""
    kind = table.type_of(name)
    if kind == "integer" and any(not -(2**63) <= int(value) < 2**63 for value in values(table, name, kind) if value):
        return "number"
    return kind


def values(table: Table, name: str, kind: str) -> list[Any]:
    """The cells of a column as values of a type that `storable` gave, None where one is absent."""
    cells = table.cells(name)
    if kind == "number":
        return [None if term is None else float(typed(term)) for term in cells]  # type: ignore[arg-type]
    return [typed(term) if kind != "text" or term is None else text(term) for term in cells]


def _told(table: Table, name: str) -> dict[str, str]:
    column = table.column(name)
    told = {tag: column.titled(tag) for tag in ("zh", "en")}
    return told | {f"explanation_{tag}": column.explained(tag) for tag in ("zh", "en")}


def _metadata(colophon: Colophon) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in asdict(colophon).items()
    }
