"""Pages: Jinja2 templates in Chinese and English, no script, nothing from elsewhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reformgraph import __version__
from reformgraph.namespaces import BASE, compact
from reformgraph.web import respond
from reformgraph.web.pages import phrases


@cache
def _environment() -> Environment:
    folder = Path(__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"compact": compact, "href": href, "urlencode_pairs": urlencode}
    environment.globals |= {"phrases": phrases, "version": __version__, "base": BASE}
    return environment


def href(iri: str) -> str:
    """The local path of an IRI of ours, any other web address as it is, nothing for what is no web address."""
    if iri.startswith(BASE):
        return "/" + quote(iri.removeprefix(BASE), safe="/#.~_-")
    return iri if iri.startswith(("http://", "https://")) else ""


def render(request: Request, template: str, **values: Any) -> str:
    """A template as HTML in the language of the request; `t(zh, en)` picks the words."""
    language = respond.language(request)
    other = "en" if language == "zh" else "zh"

    def t(zh: Any, en: Any) -> Any:
        first, second = (zh, en) if language == "zh" else (en, zh)
        return first if first not in (None, "") else second

    shared = {
        "t": t,
        "language": language,
        "switch": respond.url_with(request, lang=other),
        "here": str(request.url),
        "root": str(request.base_url),
        "request": request,
    }
    return _environment().get_template(template).render(**shared, **values)
