"""The report texts at hand, found by the SHA-256 of their bytes.

They are decoded as UTF-8 with newlines untouched, so that offsets count code points as the Web Annotation model has
them (https://www.w3.org/TR/annotation-model/#text-position-selector).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reformgraph.errors import SourceFileError

MAX_CLAUSE = 120
_CLAUSE_ENDS = "。;；!！?？\n"


@dataclass(frozen=True)
class Texts:
    """The report texts at hand, by document key (first 12 hex digits of the SHA-256 of the bytes)."""

    by_key: Mapping[str, str]

    @classmethod
    def read(cls, folder: Path | None) -> Texts:
        """All `*.txt` of a folder, none without a folder; SourceFileError for one that is no UTF-8."""
        if folder is not None and not folder.is_dir():
            raise SourceFileError(folder, 0, "There is no such folder of texts.")
        return cls(dict(read_text(path) for path in sorted(folder.glob("*.txt"))) if folder else {})

    def clause(self, key: str, start: int, end: int) -> tuple[str, str, str] | None:
        """Before, quote and after within the sentence, at most 120 characters in all; None without the text."""
        text = self.by_key.get(key)
        if text is None:
            return None
        room = (MAX_CLAUSE - (end - start)) // 2
        left = max(start - room, max((text.rfind(mark, 0, start) for mark in _CLAUSE_ENDS), default=-1) + 1, 0)
        stops = [place for mark in _CLAUSE_ENDS if (place := text.find(mark, end)) >= 0]
        right = min([end + room, len(text), *stops])
        return text[left:start], text[start:end], text[end:right]


def read_text(path: Path) -> tuple[str, str]:
    """Key and text of a file; raises SourceFileError where it is not readable as UTF-8."""
    try:
        return decode(path, path.read_bytes())
    except OSError as error:
        raise SourceFileError(path, 0, f"Not readable: {error.strerror}") from None


def decode(name: Path | str, data: bytes) -> tuple[str, str]:
    """Key and text of a report's bytes; newlines stay as they are, for offsets count them."""
    try:
        return hashlib.sha256(data).hexdigest()[:12], data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SourceFileError(name, 0, f"Not UTF-8 ({error.reason} at byte {error.start}): convert it first.") from None
