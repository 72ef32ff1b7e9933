"""`export --site`: every page in both languages as a file, every link to a file that is there, nothing of the server."""

from __future__ import annotations

import asyncio
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from starlette.types import Receive, Scope, Send

from least_graph import copy_least
from reformgraph.release import Release, build
from reformgraph.settings import Settings
from reformgraph.web import staticsite
from reformgraph.web.app import create_app
from reformgraph.web.sitelinks import Place, place_of, rewritten
from reformgraph.web.staticsite import Copied, export_site, fetch


class Links(HTMLParser):
    """The links and identifiers of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.ids: set[str] = set()
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        self.ids.add(given.get("id") or "")
        self.targets += [value for name in ("href", "src", "action") if (value := given.get(name))]


@pytest.fixture(scope="module")
def least_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build(copy_least(tmp_path_factory.mktemp("least")), tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def site(least_release: Release, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Copied]:
    folder = tmp_path_factory.mktemp("site")
    home = least_release.path.parent.parent
    return folder, export_site(Settings(home=home), least_release, folder)


@pytest.fixture(scope="module")
def pages(site: tuple[Path, Copied]) -> dict[Path, Links]:
    return {path: Links(path.read_text("utf-8")) for path in sorted(site[0].rglob("*.html"))}


def test_the_crawl_of_the_folder_finds_no_dead_link(pages: dict[Path, Links]) -> None:
    dead = []
    for path, page in pages.items():
        for target in page.targets:
            parts = urlsplit(target)
            if parts.scheme or not parts.path:
                continue
            if target.startswith("/") or not (path.parent / unquote(parts.path)).is_file():
                dead.append((path.name, target))
    assert dead == []


def test_every_fragment_is_in_the_page_that_it_names(pages: dict[Path, Links]) -> None:
    lost = []
    for path, page in pages.items():
        for target in page.targets:
            parts = urlsplit(target)
            there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not parts.scheme and parts.fragment and there.suffix == ".html" and unquote(parts.fragment) not in pages[there].ids:  # fmt: skip
                lost.append((path.name, target))
    assert lost == []


def test_links_that_leave_lead_to_lasting_addresses_and_not_to_a_server(pages: dict[Path, Links]) -> None:
    schemes = {urlsplit(target).scheme for page in pages.values() for target in page.targets}
    hosts = {urlsplit(target).hostname for page in pages.values() for target in page.targets} - {None}
    assert schemes <= {"", "http", "https"}
    assert not any("127.0.0.1" in str(host) or host == "localhost" for host in hosts)


def test_all_kinds_of_pages_are_there_in_both_languages(site: tuple[Path, Copied], pages: dict[Path, Links]) -> None:
    folder, copied = site
    zh, en = (
        {path.relative_to(folder / tag) for path in pages if path.is_relative_to(folder / tag)} for tag in ("zh", "en")
    )
    assert zh == en
    for name in ("index", "obs", "doc", "metric", "finding", "queries", "queries/findings", "ns", "shapes", "docs", "catalog", "changelog"):  # fmt: skip
        assert Path(f"{name}.html") in zh, name
    things = [path for path in zh if path.parent.name in ("obs", "agency", "span", "metric")]
    assert len(things) > 20
    # The invented graph has none of the cities that the examples of the queries name.
    assert {(place.path.partition("/")[0], status) for place, status in copied.missing.items()} == {("queries", 422)}


def test_every_thing_of_a_list_has_its_page_and_its_turtle(site: tuple[Path, Copied], pages: dict[Path, Links]) -> None:
    folder, _ = site
    listed = [target for target in pages[folder / "zh" / "obs.html"].targets if target.startswith("obs/")]
    assert listed
    for target in listed:
        assert (folder / "zh" / target).is_file()
        assert (folder / "data" / target).with_suffix(".ttl").is_file()


def test_nothing_of_it_needs_a_server(pages: dict[Path, Links]) -> None:
    assert all("form" not in page.tags for page in pages.values())


def test_each_page_is_in_its_language_and_leads_to_the_other(
    site: tuple[Path, Copied], pages: dict[Path, Links]
) -> None:
    folder, _ = site
    for path, page in pages.items():
        if path.parent == folder:
            continue
        language, other = ("zh", "en") if path.is_relative_to(folder / "zh") else ("en", "zh")
        text = path.read_text("utf-8")
        assert f'<html lang="{"zh-Hans" if language == "zh" else "en"}"' in text
        twin = (folder / other / path.relative_to(folder / language)).resolve()
        assert any((path.parent / unquote(t)).resolve() == twin for t in page.targets), path


def test_the_manifest_lists_the_files(site: tuple[Path, Copied], least_release: Release) -> None:
    folder, copied = site
    manifest = json.loads((folder / "release.json").read_text())
    assert manifest["release"] == least_release.id
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(manifest["files"]) == files - {"release.json"}
    assert manifest["pages"] == copied.pages == sum(name.endswith(".html") for name in files) - 1


def test_the_same_release_gives_the_same_bytes(site: tuple[Path, Copied], least_release: Release) -> None:
    folder, copied = site
    sample = sorted((place for place in copied.places if place.language), key=lambda place: place.file)[::40]
    app = create_app(Settings(release=least_release.path, workers=1, resident=0), least_release)

    async def again() -> list[bytes]:
        async with app.router.lifespan_context(app):
            return [(await fetch(app, place))[2] for place in sample]

    for place, body in zip(sample, asyncio.run(again()), strict=True):
        written = rewritten(body.decode(), place, place.file, copied.places.__contains__)
        assert (folder / place.file).read_text("utf-8") == written, place


def test_a_page_that_the_application_is_too_busy_for_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    statuses = [503, 503, 200]

    async def busy(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": statuses.pop(0), "headers": []})
        await send({"type": "http.response.body", "body": b"drawn"})

    monkeypatch.setattr(staticsite, "_PAUSES", (0, 0, 0))
    assert asyncio.run(staticsite._patiently(busy, Place("coverage.svg", "", ""))) == (200, "", b"drawn")
    assert statuses == []


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("", "zh/index.html"),
        ("?lang=en", "en/index.html"),
        ("obs/0123456789ab-1-3.2", "zh/obs/0123456789ab-1-3.2.html"),
        ("obs/0123456789ab-1-3.ttl", "data/obs/0123456789ab-1-3.ttl"),
        ("static/style.css", "static/style.css"),
        ("sparql?query=x", None),
        ("search?q=x", None),
        ("obs/0123456789ab-1-3.rdf", None),
    ],
)
def test_where_a_page_stands(url: str, file: str | None) -> None:
    place = place_of(f"https://w3id.org/reformgraph/{url}", "zh")
    assert (place.file if place else None) == file


def test_a_query_string_is_part_of_the_name_and_its_order_is_not() -> None:
    first, second = (place_of(f"https://w3id.org/reformgraph/queries/x?{q}", "en") for q in ("a=1&b=2", "b=2&a=1"))
    assert first == second
    assert first is not None
    assert re.fullmatch(r"en/queries/x@[0-9a-f]{8}\.html", first.file)


def test_a_link_that_is_not_copied_becomes_text_and_a_form_goes() -> None:
    page = '<a href="/reformgraph/sparql">ask &amp; see</a><form action="/x"><input></form><a href="doc">d</a>'
    place = Place("", "", "en")
    text = rewritten(page, place, place.file, lambda target: target.path == "doc")
    assert text == '<span>ask &amp; see</span><a href="doc.html">d</a>'
