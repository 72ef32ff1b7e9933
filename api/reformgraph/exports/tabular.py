"""Tables as CSV with CSVW metadata, and as CSV that Excel opens with its Chinese right.

Specification of the metadata: https://www.w3.org/TR/tabular-metadata/
"""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pyoxigraph as ox

from reformgraph.canned.tables import LICENCE, Table, text
from reformgraph.exports.workshop import Workshop
from reformgraph.namespaces import BASE
from reformgraph.results import guard_cell

_BOM = b"\xef\xbb\xbf"
# Type of a column by the dictionary -> datatype of CSVW (Metadata Vocabulary for Tabular Data, 5.11.1).
_DATATYPES = {"integer": "integer", "number": "decimal", "date": "date", "boolean": "boolean"}


def csv_bytes(workshop: Workshop, name: str) -> bytes:
    """The table as RFC 4180 text in UTF-8, a row of column names first, absent cells empty, cells guarded."""
    table = workshop.table(name)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(table.columns)
    writer.writerows([("" if term is None else guard_cell(text(term))) for term in row] for row in table.rows)
    return out.getvalue().encode()


def excel_csv(workshop: Workshop, name: str) -> bytes:
    """The same behind a byte order mark, without which Excel takes UTF-8 for a local code page."""
    return _BOM + csv_bytes(workshop, name)


def csvw(workshop: Workshop, name: str) -> bytes:
    """The CSVW metadata of `<name>.csv`, found beside it as `<name>.csv-metadata.json`."""
    table, query = workshop.table(name), workshop.query(name)
    described: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{name}.csv",
        "dc:title": {"zh": query.summary["zh"], "en": query.summary["en"]},
        "dc:license": {"@id": LICENCE},
        "dc:source": {"@id": f"{BASE}queries/{name}"},
        "dc:identifier": workshop.release.id,
        "dialect": {"encoding": "utf-8", "header": True, "lineTerminators": ["\r\n"], "quoteChar": '"'},
        "tableSchema": {"columns": [_column(table, column) for column in table.columns]},
    }
    if key := primary_key(table):
        described["tableSchema"] |= {"primaryKey": key, "rowTitles": [key]}
    return (json.dumps(described, ensure_ascii=False, indent=1) + "\n").encode()


def _column(table: Table, name: str) -> dict[str, Any]:
    """A column; its name is a title too, in no language, because that is what stands in the first row."""
    known = table.column(name)
    titles = {"und": name} | {tag: known.titled(tag) for tag in ("zh", "en") if tag in known.title}
    described: dict[str, Any] = {"name": name, "titles": titles, "datatype": datatype(table, name)}
    if known.explanation:
        described["dc:description"] = {tag: known.explained(tag) for tag in ("zh", "en")}
    if is_full(table, name):
        described["required"] = True
    return described


def datatype(table: Table, name: str) -> str:
    """The CSVW datatype of a column: by its type, `anyURI` where all its cells are IRIs."""
    cells = [term for term in table.cells(name) if term is not None]
    if cells and all(isinstance(term, ox.NamedNode) for term in cells):
        return "anyURI"
    return _DATATYPES.get(table.type_of(name), "string")


def is_full(table: Table, name: str) -> bool:
    """Whether every row has a cell in a column."""
    return None not in table.cells(name)


def primary_key(table: Table) -> str | None:
    """The first column, if it tells the rows apart."""
    first = table.columns[0]
    return first if is_full(table, first) and len(set(table.cells(first))) == len(table) else None
