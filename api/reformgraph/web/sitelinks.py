"""Where a page or file of the service stands in a copy that is made of plain files, and pages rewritten for it.

A copy has a tree of pages for each language, `data/` for what is no page, and `static/`. What a file cannot do (a form,
a search, a question to the endpoint) is left out: a form goes, and a link becomes plain text.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from reformgraph.charts.look import SIZES, THEMES
from reformgraph.namespaces import BASE, KINDS
from reformgraph.results import FORMATS

_KINDS = f"(?:{'|'.join(KINDS)})"
_PAGES = re.compile(
    r"|catalog|changelog|compare|coverage|cubes|docs|findings|graphs|matrix|method|timeline|ns|ns/[\w.-]+"
    rf"|shapes|shapes/[\w-]+|queries|queries/[\w-]+|{_KINDS}|{_KINDS}/.+"
)
_DATA = re.compile(
    r"(?:catalog|cubes|ns|shapes|\.well-known/void)\.ttl|cubes\.csv|(?:croissant|changelog|openapi)\.json"
    r"|(?:compare|coverage|matrix|timeline)\.svg|changelog\.atom|queries/[\w-]+\.(?:csv|json|rq)"
    rf"|shapes/[\w-]+\.ttl|shapes/examples/[\w-]+\.trig|{_KINDS}/.+\.(?:ttl|csv|svg)"
)
_PARAMETERS = {"lang", "cursor", "profile"}  # of what is copied; a query has its own besides
# Of the looks of a picture the first is copied, which is the one that `<img>` and the link to download it ask for.
_PLAIN = {"theme": THEMES[0], "size": SIZES[0]}
_CHOOSING = {"metric", "places", "as_of"}  # what the address of a chart may choose
_POINTING = {"link": "href", "img": "src", "source": "srcset"}


@dataclass(frozen=True)
class Place:
    """A page (in one language) or another file of the copy: the request that makes it, and where it stands."""

    path: str  # below the base, without the first slash
    query: str
    language: str  # empty for what is no page

    @property
    def file(self) -> str:
        """The file, with slashes, below the folder of the copy."""
        mark = f"@{hashlib.sha256(self.query.encode()).hexdigest()[:8]}" if self.query else ""
        if self.language:
            return f"{self.language}/{self.path or 'index'}{mark}.html"
        if self.path.startswith("static/"):
            return self.path
        stem, dot, suffix = self.path.rpartition(".")
        return f"data/{stem}{mark}{dot}{suffix}"


def place_of(url: str, language: str) -> Place | None:
    """The place of an absolute URL as a page of `language` links to it, None for what is not copied."""
    if not url.startswith(BASE):
        return None
    parts = urlsplit(url)
    path = unquote(parts.path).removeprefix(urlsplit(BASE).path)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    language = next((value for name, value in pairs if name == "lang"), language)
    query = urlencode(sorted((name, value) for name, value in pairs if name != "lang"))
    if path.startswith("static/"):
        return Place(path, "", "")
    if path.endswith(".svg"):
        return _picture(path, dict(pairs), language)
    names = {name for name, _ in pairs}
    if not _is_asked_by_a_link(path, names):
        return None
    if _DATA.fullmatch(path):
        return Place(path, query, "")
    is_page = _PAGES.fullmatch(path) and "profile" not in names and not _has_suffix(path)
    return Place(path, query, language) if is_page else None


def _picture(path: str, given: dict[str, str], language: str) -> Place | None:
    """The place of a chart, which has words and so a language."""
    known = {"lang", *_CHOOSING, *_PLAIN}
    if not _DATA.fullmatch(path) or not given.keys() <= known or not (given | _PLAIN).items() >= given.items():
        return None
    chosen = [(name, value) for name, value in given.items() if name not in {"lang", *_PLAIN}]
    return Place(path, urlencode(sorted([*chosen, ("lang", language)])), "")


def _is_asked_by_a_link(path: str, names: set[str]) -> bool:
    """Queries are copied with the parameters that pages link to, but not once more for each single figure."""
    if path.startswith("queries/"):
        return not names & {"observation", "release", "bom", "format", "sort", "filter"}
    return names <= _PARAMETERS or (path == "compare" and names <= {"metric", "lang"})


def _has_suffix(path: str) -> bool:
    return path.rpartition(".")[2] in FORMATS.keys() | {"png", "svg", "vegalite", "zip"}


def rewritten(html: str, place: Place, at: str, copied: Callable[[Place], bool]) -> str:
    """A page as it stands in the file `at`, its links relative where `copied` says so of their target."""
    writer = _Rewriter(place, at, copied)
    writer.feed(html)
    writer.close()
    return "".join(writer.written)


def links(html: str, place: Place) -> list[Place]:
    """The places that a page links to."""
    found: list[Place] = []

    def note(target: Place) -> bool:
        found.append(target)
        return True

    rewritten(html, place, place.file, note)
    return found


class _Rewriter(HTMLParser):
    """Writes a page again, tag by tag."""

    def __init__(self, place: Place, at: str, copied: Callable[[Place], bool]) -> None:
        super().__init__(convert_charrefs=False)
        self.written: list[str] = []
        self._place, self._at, self._copied = place, at, copied
        self._base = BASE + quote(place.path)
        self._in_form = False
        self._anchors: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "form":
            self._in_form = True
        given = dict(attrs)
        if self._in_form:
            return
        if tag == "a":
            self._anchor(given)
        elif name := _POINTING.get(tag):
            if (target := self._target(given.get(name) or "")) is not None:
                self.written.append(_tag(tag, {**given, name: target}))
        else:
            self.written.append(self.get_starttag_text() or "")

    def _anchor(self, given: dict[str, str | None]) -> None:
        target = self._target(given.get("href") or "", lasting=given.get("rel") == "bookmark")
        self._anchors.append("span" if target is None else "a")
        kept = {name: value for name, value in given.items() if name not in ("href", "rel")}
        self.written.append(_tag("span", kept) if target is None else _tag("a", {**given, "href": target}))

    def handle_endtag(self, tag: str) -> None:
        if self._in_form:
            self._in_form = tag != "form"
        elif tag == "a":
            self.written.append(f"</{self._anchors.pop()}>")
        else:
            self.written.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._keep(data)

    def handle_entityref(self, name: str) -> None:
        self._keep(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._keep(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self._keep(f"<!{decl}>")

    def _keep(self, text: str) -> None:
        if not self._in_form:
            self.written.append(text)

    def _target(self, href: str, lasting: bool = False) -> str | None:
        """A link as the copy has it, None where it leads to nothing there."""
        url = urlsplit(urljoin(self._base, href))
        if href.startswith("#"):
            return href
        whole = url._replace(fragment="").geturl()
        if not whole.startswith(BASE) or lasting:
            return href
        place = place_of(whole, self._place.language)
        if place is None or not self._copied(place):
            return None
        return _relative(place, self._at, url)


def _relative(place: Place, at: str, url: SplitResult) -> str:
    path = os.path.relpath(place.file, os.path.dirname(at) or ".").replace(os.sep, "/")
    return quote(path, safe="/@") + (f"#{url.fragment}" if url.fragment else "")


def _tag(name: str, attributes: dict[str, str | None]) -> str:
    written = "".join(f" {key}" if value is None else f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>"
