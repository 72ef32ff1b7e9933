"""Every link of the site from the home page on, over HTTP: nothing is missing, nothing fails, each fragment is there.

Pages are followed to the last; where addresses multiply (conditions, order, formats, languages, releases) each rule of
`Rules` takes one representative, and the count of those that it stands for is told at the end of the run.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qsl, unquote, urldefrag, urlencode, urljoin, urlsplit

import httpx
import pytest

from reformgraph.namespaces import KINDS
from reformgraph.results import FORMATS

LIGHT = 150_000
pytestmark = pytest.mark.timeout(900)  # a minute of a machine that does nothing else
FILE = re.compile(rf"\.({'|'.join(name for name in FORMATS if name != 'html')})$")
# Parameters that every query has: one page with each stands for the pages of all queries.
SHARED = {"lang", "release", "sort", "filter", "fields", "limit", "cursor", "bom", "format", "column"}
LOOKS = {"size", "theme"}
LINK, ID = re.compile(r'\s(?:href|src|srcset)="([^"]*)"'), re.compile(r'\sid="([^"]*)"')
FORM = re.compile("<form.*?</form>", re.DOTALL)


class Forms(HTMLParser):
    """The forms of a page: method, action and the pairs that each sends untouched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str, list[tuple[str, str]]]] = []
        self._select: str | None = None
        for form in FORM.findall(page):
            self.feed(form)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("method", "get"), given["action"], []))
        elif tag == "option":
            if self._select and "selected" in given:
                self.found[-1][2].append((self._select, given.get("value", "")))
        elif tag in ("input", "select", "textarea"):
            self._select = given.get("name") if tag == "select" else None
            sent = given.get("type") not in ("checkbox", "radio", "file") or "checked" in given
            if tag == "input" and sent and "name" in given:
                self.found[-1][2].append((given["name"], given.get("value", "")))


@dataclass
class Rules:
    """Which addresses are followed: what `keys` gives is followed until each key was met once."""

    met: set[tuple[str, str]] = field(default_factory=set)
    stood_for: Counter[str] = field(default_factory=Counter)

    def follows(self, url: str) -> bool:
        keys = self.keys(url)
        if keys <= self.met:
            self.stood_for[" ".join(sorted(f"{route}?{name}" for route, name in keys))] += 1
            return False
        self.met |= keys
        return True

    def keys(self, url: str) -> set[tuple[str, str]]:
        """A page without parameters is its own key, else route and parameter; all things of a kind are one route, and
        all queries but for what they ask."""
        parts = urlsplit(url)
        route, suffix = self._route(parts.path)
        names = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
        if suffix:  # each file of a route once, and each parameter with each suffix
            return {(route, ""), *((f"*{suffix}", name) for name in names & (SHARED | LOOKS))}
        shared = re.sub(r"^/queries/[^/]+", "/queries/*", route)
        return {(shared if name in SHARED else route, name) for name in names} or {(parts.path, "")}

    def _route(self, path: str) -> tuple[str, str]:
        first, _, rest = path.strip("/").partition("/")
        file = FILE.search(path)
        suffix = file[0] if file else ""
        return (f"/{first}/*{suffix}" if first in {*KINDS, "shapes"} and rest else path), suffix


@dataclass
class Crawl:
    """What was found: address -> status; pages with their ids; where each address and fragment was met first."""

    status: dict[str, int] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    ids: dict[str, set[str]] = field(default_factory=dict)
    fragments: dict[tuple[str, str], str] = field(default_factory=dict)
    met_on: dict[str, str] = field(default_factory=dict)
    abroad: set[str] = field(default_factory=set)
    rules: Rules = field(default_factory=Rules)


def crawl(http: httpx.Client, start: str) -> Crawl:
    found, waiting = Crawl(), deque([start])
    while waiting:
        url = waiting.popleft()
        answer = http.get(url)
        found.status[url] = answer.status_code
        if answer.headers.get("content-type", "").startswith("text/html"):
            waiting += _links(found, str(http.base_url).rstrip("/"), url, answer.text)
            found.sizes[url] = len(answer.content)
    return found


def _links(found: Crawl, base: str, url: str, page: str) -> Iterator[str]:
    """The addresses of a page that are followed next."""
    found.ids[url] = set(ID.findall(page))
    forms = [f"{action}?{urlencode(pairs)}" for method, action, pairs in Forms(page).found if method == "get"]
    for link in dict.fromkeys([*map(unescape, LINK.findall(page)), *forms]):
        target, fragment = urldefrag(link if link.startswith("/") else urljoin(base + url, link).removeprefix(base))
        if not target.startswith("/"):
            found.abroad.add(target)
            continue
        if fragment:
            found.fragments.setdefault((target, unquote(fragment)), url)
        if target not in found.met_on:
            found.met_on[target] = url
            if found.rules.follows(target):
                yield target


@pytest.fixture(scope="module")
def crawled(server: str, report_lines: list[str]) -> Crawl:
    headers = {"Accept": "text/html,*/*;q=0.1", "Accept-Language": "zh"}
    with httpx.Client(base_url=server, headers=headers, timeout=120) as http:
        found = crawl(http, "/")
    pages, others = len(found.sizes), len(found.status) - len(found.sizes)
    left = sum(found.rules.stood_for.values())
    report_lines.append(
        f"crawl: {pages} pages and {others} files of {len(found.met_on)} addresses; "
        f"{left} have a representative under {len(found.rules.stood_for)} rules"
    )
    return found


def test_no_link_leads_nowhere(crawled: Crawl) -> None:
    wrong = {url: status for url, status in crawled.status.items() if status >= 400}
    assert {url: (status, crawled.met_on.get(url)) for url, status in wrong.items()} == {}


def test_every_fragment_is_in_its_page(crawled: Crawl) -> None:
    lost = {
        (target, name): page
        for (target, name), page in crawled.fragments.items()
        if target in crawled.ids and name not in crawled.ids[target]
    }
    assert lost == {}


def test_all_pages_of_all_things_are_found(crawled: Crawl, server: str) -> None:
    for kind in KINDS:
        listed = httpx.get(f"{server}/{kind}.json", timeout=60).json()
        members = [urlsplit(member["thing"]).path.removeprefix("/reformgraph") for member in listed["members"]]
        assert [path for path in members if path not in crawled.status] == [], kind


def test_each_parameter_has_a_representative(crawled: Crawl) -> None:
    """What was left out has keys that were all met, so that no parameter of a route is left out as a whole."""
    followed: defaultdict[str, set[str]] = defaultdict(set)
    for url in crawled.status:
        for route, name in crawled.rules.keys(url):
            followed[route].add(name)
    for url in crawled.met_on:
        assert [(route, name) for route, name in crawled.rules.keys(url) if name not in followed[route]] == []


def test_no_page_is_heavy(crawled: Crawl, server: str) -> None:
    look = len(httpx.get(f"{server}/static/style.css").content)
    assert {url: size for url, size in crawled.sizes.items() if size + look >= LIGHT} == {}


def test_addresses_elsewhere_are_addresses(crawled: Crawl) -> None:
    assert [url for url in crawled.abroad if not re.match(r"https?://[\w.-]+|mailto:", url)] == []
