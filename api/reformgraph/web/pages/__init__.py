"""Pages: Jinja2 templates in Chinese and English, no script, nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request

from reformgraph.namespaces import BASE
from reformgraph.publishing.publication import SHORT
from reformgraph.results import FORMATS
from reformgraph.web import respond


@lru_cache(maxsize=8192)
def href(iri: str, root: str = "") -> str:
    """The local path of an IRI of ours, any other web address as it is, nothing for what is no web address."""
    if iri.startswith(BASE):
        return f"{root}/" + quote(iri.removeprefix(BASE), safe="/#.~_-")
    return iri if iri.startswith(("http://", "https://")) else ""


def _pin(request: Request) -> dict[str, str | None]:
    """The release that the page is pinned to, its address as pinned and as of now."""
    site, pinned = request.scope.get("reformgraph.site"), request.scope.get("reformgraph.pinned", "")
    links = site is not None and request.method == "GET"
    return {
        "pinned": pinned[:SHORT],
        "permalink": respond.url_with(request, release=site.release.id[:SHORT]) if site and links else None,
        "newest": respond.url_with(request, release=None),
    }


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
        **_pin(request),
        "site_url": str(request.base_url),
        "request": request,
    }
    root: str = request.scope.get("root_path", "").rstrip("/")
    from reformgraph.web.pages.environment import environment  # noqa: PLC0415 - at the start nobody waits for Jinja

    page = environment(root).get_template(template).render(**shared, **values)
    return _carrying(page, _carried(request, language), root, str(request.base_url))


# A link to a path or an address, but not to the release of now; and a form that asks for a page.
_LINK = re.compile(r'(?<=href=")((?:https?://[^/"]*)?/[^"#?]*)(\?[^"#]*)?(?=[#"])(?!" rel="latest-version")')
_FORM = re.compile(r'(<form\b[^>]*\bmethod="get"[^>]*>)(.*?</form>)', re.DOTALL)
# What is the same in every language, or in every release; what is linked by a full address has its language already.
_FIXED = {
    "lang": re.compile(rf"^http|\.(?:{'|'.join(FORMATS)}|css|xml|txt|zip|gz)$|/static/|/exports/."),
    "release": re.compile(r"/static/|/opensearch\.xml$|/changelog\.atom$"),
}


def _carried(request: Request, language: str) -> dict[str, str]:
    """The parameters of a page that go along with the reader: the language and the release that it was asked for in."""
    pinned = request.scope.get("reformgraph.pinned", "")
    chosen = {"lang": language} if "lang" in request.query_params else {}
    return chosen | ({"release": pinned[:SHORT]} if pinned else {})


def _carrying(page: str, carried: Mapping[str, str], root: str, base: str) -> str:
    """The page with what was chosen by `?lang=` and `?release=` in each link to a page of ours and in each form.

    A choice goes along with the reader without a cookie, and so every address tells all that its answer depends on.
    """
    if not carried:
        return page

    def linked(link: re.Match[str]) -> str:
        path, query = link[1], link[2] or ""
        if not path.startswith((f"{root}/", base)):
            return link[0]
        new = {key: value for key, value in carried.items() if f"{key}=" not in query and not _FIXED[key].search(path)}
        return f"{path}{query}{('&amp;' if query else '?') + urlencode(new).replace('&', '&amp;') if new else ''}"

    def asked(form: re.Match[str]) -> str:
        new = [(key, value) for key, value in carried.items() if f'name="{key}"' not in form[0]]
        return form[1] + "".join(f'<input type="hidden" name="{key}" value="{value}">' for key, value in new) + form[2]

    return _LINK.sub(linked, _FORM.sub(asked, page))
