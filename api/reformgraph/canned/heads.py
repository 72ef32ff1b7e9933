"""Heads of query files: the `#+` lines, and the parameters that they declare; see `files`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from reformgraph.errors import SourceFileError
from reformgraph.namespaces import KINDS

VALUE_KINDS = ("string", "lang", "date", "integer", "decimal")
_KEYS = ("summary", "summary_zh", "description", "description_zh", "tags", "version", "columns", "example")
_PARAM = re.compile(r"param (\w+)(?: (zh|en))?")
_RESERVED = ("limit", "cursor", "format", "lang", "sort", "filter", "fields", "bom", "release")


@dataclass(frozen=True)
class Parameter:
    """One parameter of a canned query as its head declares it."""

    name: str
    kind: str
    variable: str
    scheme: str | None = None
    many: bool = False
    required: bool = False
    default: str | None = None
    example: str | None = None
    label: dict[str, str] = field(default_factory=dict)


class Head:
    """The `#+` lines of a file: key -> text and line number."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[str, tuple[str, int]] = {}

    def one(self, key: str, default: str | None = None) -> str:
        """The text of a key, or the default; a key without default must be there."""
        if key in self.lines:
            return self.lines[key][0]
        if default is None:
            raise SourceFileError(self.path, 1, f"The head lacks the line '#+ {key}: …'.")
        return default

    def line(self, key: str) -> int:
        """The line number of a key, 1 where it is absent."""
        return self.lines.get(key, ("", 1))[1]

    def parameters(self) -> Iterable[Parameter]:
        """The parameters in the order of their declarations."""
        for key in self.lines:
            found = _PARAM.fullmatch(key)
            if found and not found[2]:
                yield self._parameter(found[1], *self.lines[key])

    def _parameter(self, name: str, text: str, line: int) -> Parameter:
        first, *rest = (part.strip() for part in text.split(","))
        kind, _, scheme = first.partition(" ")
        kind = "thing" if kind == "iri" else kind
        if kind not in (*KINDS, *VALUE_KINDS, "thing") or (kind == "code" and not scheme):
            known = ", ".join((*KINDS, *VALUE_KINDS, "thing", "code <scheme>"))
            raise SourceFileError(self.path, line, f"Unknown kind {first!r} of parameter {name}. Known: {known}.")
        if name in _RESERVED and not (name == "lang" and kind == "lang"):
            raise SourceFileError(self.path, line, f"{name!r} is a parameter of every query: choose another name.")
        label = {tag: self.one(f"param {name} {tag}", name) for tag in ("zh", "en")}
        options = {word: value for word, _, value in (part.partition(" ") for part in rest)}
        unknown = set(options) - {"many", "required", "default", "example", "in"}
        if unknown:
            raise SourceFileError(self.path, line, f"Unknown words {', '.join(sorted(unknown))} for parameter {name}.")
        return Parameter(
            name=name,
            kind=kind,
            variable=options.get("in", name).lstrip("?"),
            scheme=scheme or None,
            many="many" in options,
            required="required" in options,
            default=options.get("default"),
            example=options.get("example"),
            label=label,
        )


def read_head(path: Path, text: str) -> Head:
    """The `#+` lines of a text; SourceFileError for one that is unknown."""
    head = Head(path)
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#+"):
            continue
        key, colon, value = line[2:].strip().partition(":")
        if not colon or not (key in _KEYS or _PARAM.fullmatch(key)):
            raise SourceFileError(path, number, f"Unknown head line {line!r}. Keys: {', '.join(_KEYS)}, param <name>.")
        head.lines[key] = (value.strip(), number)
    return head
