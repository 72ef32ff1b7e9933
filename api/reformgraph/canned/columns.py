"""The dictionary of columns: what each column of the canned queries is called and means, in Chinese and English.

`queries/columns.tsv` holds it, one line a column: name, title zh, title en, explanation zh, explanation en, and the
type of its cells (`integer`, `number`, `date`, `text`; empty where the cells tell it).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from reformgraph.errors import SourceFileError

FILE = "columns.tsv"
TYPES = ("integer", "number", "date", "text")
_HEAD = ("name", "zh", "en", "explanation_zh", "explanation_en", "type")


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, and by language (`zh`, `en`) its title and explanation; `type` may be empty."""

    name: str
    title: dict[str, str] = field(default_factory=dict)
    explanation: dict[str, str] = field(default_factory=dict)
    type: str = ""

    def titled(self, language: str) -> str:
        """The title in a language; a column that no dictionary knows is called by its name."""
        return self.title.get(language, self.name)

    def explained(self, language: str) -> str:
        """The explanation in a language, empty for a column that no dictionary knows."""
        return self.explanation.get(language, "")


def read_columns(folder: Path) -> dict[str, Column]:
    """The dictionary of a folder of queries by column name, empty without the file; raises SourceFileError."""
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceFileError(path, 0, f"Not readable as UTF-8: {error}") from None
    if not lines or tuple(lines[0].split("\t")) != _HEAD:
        raise SourceFileError(path, 1, f"The first line names the fields, joined by tabs: {' '.join(_HEAD)}.")
    known: dict[str, Column] = {}
    for number, line in enumerate(lines[1:], 2):
        column = _column(path, number, line.split("\t"))
        if column.name in known:
            raise SourceFileError(path, number, f"The column {column.name!r} has a line already.")
        known[column.name] = column
    return known


def _column(path: Path, number: int, fields: list[str]) -> Column:
    if len(fields) not in (5, 6) or not all(text.strip() for text in fields[:5]):
        raise SourceFileError(path, number, f"A line has the fields {' '.join(_HEAD)}; only the type may be empty.")
    name, zh, en, about_zh, about_en, *rest = fields
    kind = rest[0] if rest else ""
    if kind and kind not in TYPES:
        raise SourceFileError(path, number, f"Unknown type {kind!r}. Known: {', '.join(TYPES)}.")
    return Column(name, {"zh": zh, "en": en}, {"zh": about_zh, "en": about_en}, kind)
