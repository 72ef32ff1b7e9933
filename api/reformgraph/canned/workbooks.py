"""Tables as Excel workbooks: typed cells that never run as formulas, and a sheet that explains the columns."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyoxigraph as ox

from reformgraph.canned.tables import Colophon, Table, text, typed
from reformgraph.errors import AnswerTooLargeError, MissingLibraryError
from reformgraph.namespaces import BASE
from reformgraph.results import Cell

# Limits of the format (ECMA-376; Microsoft, "Excel specifications and limits").
MAX_ROWS = 1_048_575
MAX_LINKS = 65_000
_MAX_TEXT = 32_767
_MAX_URL = 2_079
_CARDS = (BASE + "obs/", BASE + "claim/")  # what has a card that a cell links to
_EXACT = 10**15  # a spreadsheet keeps 15 digits of a number
_SHEETS = {"zh": ("数据", "说明"), "en": ("data", "about")}
_COLUMNS = ("column", "中文名", "English title", "中文说明", "Explanation")
_WORDS = {
    "query": "查询 query",
    "version": "查询版本 version",
    "question_zh": "问题",
    "question_en": "question",
    "release": "数据版本 release",
    "licence": "许可 licence",
    "source": "来源 source",
}


def xlsx(table: Table, colophon: Colophon, language: str = "zh") -> bytes:
    """The table as a workbook of two sheets; raises MissingLibraryError without XlsxWriter.

    The first sheet has the column names in a frozen bold row with a filter, and as its comment what the column is, in
    the language given; IRIs of figures and claims are links. The second explains every column in both languages and
    says which query, parameters and release the rows come from.
    """
    try:
        import xlsxwriter  # noqa: PLC0415 - only this format needs it
    except ImportError:
        raise MissingLibraryError("XlsxWriter", "tables") from None
    if len(table) > MAX_ROWS:
        raise AnswerTooLargeError(f"a sheet holds {MAX_ROWS} rows")
    out = io.BytesIO()
    # The options keep texts that look like formulas, numbers or addresses the texts that they are.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    # No clock: the same answer is the same bytes, as its ETag says.
    book.set_properties({"title": colophon.query, "comments": colophon.source, "created": datetime(2000, 1, 1)})
    data, about = (book.add_worksheet(name) for name in _SHEETS[language])
    Rows(book, data).write(table, language)
    _explain(book, about, table, colophon)
    book.close()
    return out.getvalue()


class Rows:
    """Writes a sheet of rows under a frozen head."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self.sheet = sheet
        self.bold = book.add_format({"bold": True})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.links = 0

    def write(self, table: Table, language: str) -> None:
        """Head and rows."""
        for place, name in enumerate(table.columns):
            column = table.column(name)
            self.sheet.write_string(0, place, name, self.bold)
            if column.title:
                self.sheet.write_comment(0, place, f"{column.titled(language)}\n{column.explained(language)}")
        for number, row in enumerate(table.rows, 1):
            for place, term in enumerate(row):
                if term is not None:
                    self._cell(number, place, term)
        self.sheet.freeze_panes(1, 0)
        self.sheet.autofilter(0, 0, len(table), max(len(table.columns) - 1, 0))
        self.sheet.set_column(0, max(len(table.columns) - 1, 0), 16)

    def _cell(self, row: int, place: int, term: Cell) -> None:
        value = typed(term)
        if isinstance(value, bool):
            self.sheet.write_boolean(row, place, value)
        elif isinstance(value, date):
            self._date(row, place, value)
        elif isinstance(value, int | Decimal) and -_EXACT < value < _EXACT:
            self.sheet.write_number(row, place, float(value))
        elif self._links(term):
            self.links += 1
            self.sheet.write_url(row, place, text(term), string=text(term))
        else:
            self.sheet.write_string(row, place, _fitting(text(term)))

    def _date(self, row: int, place: int, value: date) -> None:
        if value.year >= 1900:  # the calendar of a spreadsheet starts there
            self.sheet.write_datetime(row, place, value, self.day)
        else:
            self.sheet.write_string(row, place, value.isoformat())

    def _links(self, term: Cell) -> bool:
        """Whether a cell becomes a link: the IRI of a figure or claim, while the format has room for links."""
        card = isinstance(term, ox.NamedNode) and term.value.startswith(_CARDS)
        return card and len(text(term)) <= _MAX_URL and self.links < MAX_LINKS


def _fitting(words: str) -> str:
    return words if len(words) <= _MAX_TEXT else words[: _MAX_TEXT - 1] + "…"


def _explain(book: Any, sheet: Any, table: Table, colophon: Colophon) -> None:
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for place, word in enumerate(_COLUMNS):
        sheet.write_string(0, place, word, bold)
    for number, name in enumerate(table.columns, 1):
        column = table.column(name)
        told = (name, column.titled("zh"), column.titled("en"), column.explained("zh"), column.explained("en"))
        for place, word in enumerate(told):
            sheet.write_string(number, place, word, wrapped)
    for number, (name, value) in enumerate(_facts(colophon), len(table.columns) + 2):
        sheet.write_string(number, 0, name, bold)
        sheet.write_string(number, 1, _fitting(value))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 2, 24)
    sheet.set_column(3, 4, 60)


def _facts(colophon: Colophon) -> list[tuple[str, str]]:
    told = {
        "query": colophon.query,
        "version": colophon.version,
        "question_zh": colophon.question["zh"],
        "question_en": colophon.question["en"],
        "release": colophon.release,
        "licence": colophon.licence,
        "source": colophon.source,
    }
    parameters = [(f"参数 parameter {name}", value) for name, value in colophon.parameters.items()]
    return [(_WORDS[key], value) for key, value in told.items()] + parameters
