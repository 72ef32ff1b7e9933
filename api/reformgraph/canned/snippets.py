"""Lines that fetch the answer of a canned query, to be copied: curl, Python, R, DuckDB, and Excel's Power Query.

Every line asks for CSV, or for Turtle where the answer is a graph, at an absolute address, and keeps the types: a key
such as `826ec1811efe` is text though it may look like a number, a day is a day. Addresses are percent-encoded by
`urlencode`, so that no quote in them ends a string of the language around them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

Types = Mapping[str, str]


@dataclass(frozen=True)
class Snippet:
    """Lines of one language: `name` is what people call the tool."""

    name: str
    code: str


def snippets(url: str, name: str, pairs: Sequence[tuple[str, str]], columns: Types, is_graph: bool) -> list[Snippet]:
    """The lines for a query at `url` (absolute, without suffix) with parameters.

    `columns` tells the type of each column of the answer (`integer`, `number`, `date`, `text`) in its order.
    """
    suffix = "ttl" if is_graph else "csv"
    address = f"{url}.{suffix}" + (f"?{urlencode(pairs)}" if pairs else "")
    if is_graph:
        return [
            Snippet("curl", _curl(address, f"{name}.ttl")),
            Snippet("Python", _rdflib(address)),
        ]
    makers: dict[str, Callable[[str, str, Types], str]] = {
        "Python (pandas)": _pandas,
        "R": _r,
        "DuckDB": _duckdb,
        "Excel (Power Query)": _power_query,
    }
    made = [Snippet(tool, maker(address, name, columns)) for tool, maker in makers.items()]
    return [Snippet("curl", _curl(address, f"{name}.csv")), *made]


def _of(columns: Types, *types: str) -> list[str]:
    return [name for name, type_ in columns.items() if type_ in types]


def _curl(address: str, file: str) -> str:
    return f"curl --fail --output {file} '{address}'"


def _rdflib(address: str) -> str:
    return f'import rdflib\n\ngraph = rdflib.Graph().parse("{address}", format="turtle")\nprint(len(graph))'


def _pandas(address: str, _: str, columns: Types) -> str:
    """All is text unless told: a key or a code of digits alone would else become a number."""
    numbers, days = _of(columns, "integer", "number"), _of(columns, "date")
    dates = f", parse_dates={json.dumps(days)}" if days else ""
    lines = ["import pandas as pd", "", f'url = "{address}"', f'table = pd.read_csv(url, dtype="string"{dates})']
    if numbers:
        lines += [f"numbers = {json.dumps(numbers)}", "table[numbers] = table[numbers].apply(pd.to_numeric)"]
    return "\n".join([*lines, "print(table.head())"])


def _r(address: str, _: str, columns: Types) -> str:
    numbers, days = _of(columns, "integer", "number"), _of(columns, "date")
    lines = [
        f'url <- "{address}"',
        'table <- read.csv(url, colClasses = "character", encoding = "UTF-8", na.strings = "")',
    ]
    for names, reader in ((numbers, "as.numeric"), (days, "as.Date")):
        if names:
            listed = f"c({', '.join(json.dumps(name) for name in names)})"
            lines.append(f"table[{listed}] <- lapply(table[{listed}], {reader})")
    return "\n".join([*lines, "head(table)"])


_DUCKDB_TYPES = {"integer": "BIGINT", "number": "DOUBLE", "date": "DATE"}


def _duckdb(address: str, name: str, columns: Types) -> str:
    """Python fetches the file: DuckDB's own way to the web is an extension that it loads from elsewhere."""
    typed = ", ".join(f"'{column}': '{_DUCKDB_TYPES.get(kind, 'VARCHAR')}'" for column, kind in columns.items())
    return "\n".join(
        [
            "import urllib.request",
            "import duckdb",
            "",
            f'urllib.request.urlretrieve("{address}", "{name}.csv")',
            'duckdb.sql("""',
            f"    CREATE TABLE answer AS FROM read_csv('{name}.csv', header = true,",
            f"        columns = {{{typed}}})",
            '""")',
            'duckdb.sql("FROM answer LIMIT 5").show()',
        ]
    )


_M_TYPES = {"integer": "Int64.Type", "number": "type number", "date": "type date"}


def _power_query(address: str, _: str, columns: Types) -> str:
    """The advanced editor of Power Query (language M); `en-US` reads 91.4 and 2009-12-31 whatever Excel speaks."""
    typed = ", ".join(f'{{"{column}", {_M_TYPES.get(kind, "type text")}}}' for column, kind in columns.items())
    return "\n".join(
        [
            "let",
            f'    Answer = Web.Contents("{address}"),',
            '    Csv = Csv.Document(Answer, [Delimiter = ",", Encoding = 65001, QuoteStyle = QuoteStyle.Csv]),',
            "    Rows = Table.PromoteHeaders(Csv, [PromoteAllScalars = true]),",
            f'    Typed = Table.TransformColumnTypes(Rows, {{{typed}}}, "en-US")',
            "in",
            "    Typed",
        ]
    )
