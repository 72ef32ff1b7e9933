"""`CITATION.cff` fits the schema of the format, and says what the package says of itself."""

from __future__ import annotations

import re
from pathlib import Path

import reformgraph

TEXT = (Path(__file__).parents[2] / "CITATION.cff").read_text("utf-8")
# Keys of a file of version 1.2.0 (https://github.com/citation-file-format/citation-file-format, schema.json).
KEYS = frozenset("abstract authors cff-version commit contact date-released doi identifiers keywords license license-url message preferred-citation references repository repository-artifact repository-code title type url version".split())  # fmt: skip


def value(key: str) -> str:
    found = re.search(rf"^{key}: (.+)$", TEXT, re.MULTILINE)
    assert found, key
    return found[1]


def test_the_file_has_all_required_keys_and_no_unknown_one() -> None:
    keys = re.findall(r"^([a-z-]+):", TEXT, re.MULTILINE)
    assert len(keys) == len(set(keys))
    assert {"cff-version", "message", "title", "authors"} <= set(keys) <= KEYS


def test_version_type_and_licences_are_those_of_the_package() -> None:
    assert value("cff-version") == "1.2.0"
    assert value("version") == reformgraph.__version__
    assert (value("type"), value("license")) == ("dataset", "[Apache-2.0, CC-BY-4.0]")
