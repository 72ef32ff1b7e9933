"""The templates, compiled once for all root paths."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from reformgraph import __version__
from reformgraph.namespaces import BASE, compact
from reformgraph.web.pages import href, phrases, telling
from reformgraph.web.pages.reasons import reason_in


class _Compiled(BytecodeCache):
    """Compiled templates, shared by the environments of all root paths."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def compiled() -> Iterator[str]:
    """Compile one template after another, which takes longer than most of them take to be filled; their names."""
    templates = environment("")
    for name in templates.list_templates():
        templates.get_template(name)
        yield name


@cache
def environment(root: str) -> Environment:
    """The templates for a service at a root path (ASGI `root_path`): empty, or `/rg` behind a proxy."""
    folder = Path(__file__).parent / "templates"
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_COMPILED,
    )
    made.filters |= {"compact": compact, "href": partial(href, root=root), "urlencode_pairs": urlencode}
    made.filters["reason_in"] = reason_in
    made.tests["in_kind"] = lambda iri, kind: iri.startswith(f"{BASE}{kind}/")
    made.globals |= {"phrases": phrases, "telling": telling, "version": __version__, "base": BASE, "root": root}
    return made
