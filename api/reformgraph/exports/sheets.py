"""All tables as one Excel workbook: a sheet for each, and one that explains every column in both languages."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from reformgraph.canned.tables import LICENCE
from reformgraph.canned.workbooks import Rows
from reformgraph.errors import MissingLibraryError
from reformgraph.exports.workshop import Workshop
from reformgraph.namespaces import BASE

_ABOUT = "说明 about"
_HEAD = ("表 table", "列 column", "中文名", "English title", "中文说明", "Explanation")
_NOTE = (
    ("数据版本 release", None),
    ("许可 licence", LICENCE),
    ("来源 source", BASE),
    ("说明 note", "每个数字都是某人的主张，不是事实。 Every figure is somebody's claim, not a fact."),
)


def workbook(workshop: Workshop, names: tuple[str, ...]) -> bytes:
    """The workbook of the tables named; raises MissingLibraryError without XlsxWriter.

    Head rows are bold, frozen and have a filter; numbers and dates are typed; IRIs of figures and claims are links
    to their cards; nothing runs as a formula. The file tells no time, so that equal rows are equal bytes.
    """
    try:
        import xlsxwriter  # noqa: PLC0415 - only this format needs it
    except ImportError:
        raise MissingLibraryError("XlsxWriter", "tables") from None
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": "reformgraph", "comments": workshop.release.id, "created": datetime(2000, 1, 1)})
    about = book.add_worksheet(_ABOUT)
    for name in names:
        Rows(book, book.add_worksheet(name)).write(workshop.table(name), "zh")
    _explain(book, about, workshop, names)
    book.close()
    return out.getvalue()


def _explain(book: Any, sheet: Any, workshop: Workshop, names: tuple[str, ...]) -> None:
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for number, (label, value) in enumerate(_NOTE):
        sheet.write_string(number, 0, label, bold)
        sheet.write_string(number, 1, value or workshop.release.id)
    head = len(_NOTE) + 1
    for place, word in enumerate(_HEAD):
        sheet.write_string(head, place, word, bold)
    for number, row in enumerate(_columns(workshop, names), head + 1):
        for place, word in enumerate(row):
            sheet.write_string(number, place, word, wrapped)
    sheet.freeze_panes(head + 1, 0)
    sheet.set_column(0, 3, 20)
    sheet.set_column(4, 5, 60)


def _columns(workshop: Workshop, names: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [
        (name, column.name, *(column.titled(tag) for tag in ("zh", "en")), *map(column.explained, ("zh", "en")))
        for name in names
        for column in map(workshop.table(name).column, workshop.table(name).columns)
    ]
