"""The page on validating one's own data says what holds."""

from __future__ import annotations

import re

from reformgraph.shacl.reports import FORMATS
from reformgraph.shacl.submitted import MAX_BYTES, SYNTAXES
from reformgraph.validation import FAMILIES
from tiny_graph import CHECKOUT

TEXT = (CHECKOUT / "docs" / "how-to" / "validate-your-own-data.md").read_text("utf-8")


def test_the_stated_size_is_the_limit() -> None:
    assert f"{MAX_BYTES:,} bytes" in TEXT


def test_all_syntaxes_formats_and_families_are_named() -> None:
    words = set(re.findall(r"`\.?([a-z]+)`", TEXT))
    assert words >= {*SYNTAXES, *FAMILIES, *FORMATS} - {"ttl"}


def test_every_option_on_the_page_is_one_of_the_command() -> None:
    source = (CHECKOUT / "api" / "reformgraph" / "commands" / "validate.py").read_text("utf-8")
    options = set(re.findall(r"reformgraph validate.*?--([a-z]+)", TEXT)) | {"lang"}
    assert options
    assert [
        o for o in options if f'"--{o}"' not in source and f"    {o}: Annotated" not in source and o != "format"
    ] == []
