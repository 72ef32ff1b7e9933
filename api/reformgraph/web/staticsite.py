"""The pages of a release as plain files in Chinese and English, which need no server and outlive it.

The application answers itself: each page is asked for in process, under the lasting addresses of the graph, from the
home page on as far as links lead; then links are made relative. The same release gives the same bytes.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote, urlsplit

from starlette.types import ASGIApp, Message, Scope

from reformgraph.namespaces import BASE, KINDS
from reformgraph.release import Release
from reformgraph.settings import Settings
from reformgraph.web.app import create_app
from reformgraph.web.respond import LANGUAGES
from reformgraph.web.sitelinks import Place, links, rewritten

Progress = Callable[[str], None]
_TOGETHER = 8  # requests at once
_TOLD = 500  # pages between two lines of progress
_BUSY, _PAUSES = 503, (1, 5, 20)  # seconds before it is asked again
_LASTING = urlsplit(BASE)


@dataclass
class Copied:
    """What a copy holds: its places, and those that could not be copied with their status."""

    places: set[Place] = field(default_factory=set)
    missing: dict[Place, int] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        """Pages in both languages together."""
        return sum(bool(place.language) for place in self.places)


def export_site(settings: Settings, release: Release, folder: Path, progress: Progress = lambda _: None) -> Copied:
    """Write the pages of a release and the files that they link to into a folder, which is made.

    `release.json` there names the release and lists the files. Clauses of the texts are not in it.
    """
    settings = replace(settings, release=release.path, follow=False, sources=None, show_clauses=False, workers=1)
    return asyncio.run(_export(settings, release, folder, progress))


async def _export(settings: Settings, release: Release, folder: Path, progress: Progress) -> Copied:
    app = create_app(settings, release)
    copied = Copied()
    async with app.router.lifespan_context(app):
        await _crawl(app, folder, copied, progress)
    progress(f"making the links of {copied.pages} pages relative")
    home = Place("", "", LANGUAGES[0])
    _rewrite(folder, home, "index.html", copied)
    for place in sorted(copied.places, key=lambda place: place.file):
        if place.language:
            _rewrite(folder, place, place.file, copied)
    files = sorted({"index.html", *(place.file for place in copied.places)})
    manifest = {"release": release.id, "base": BASE, "pages": copied.pages, "files": files}
    (folder / "release.json").write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")
    return copied


async def _crawl(app: ASGIApp, folder: Path, copied: Copied, progress: Progress) -> None:
    """Fetch pages, breadth first; each is written as it is, to be rewritten once all is known."""
    starts = [
        "",
        "queries",
        *KINDS,
        "ns",
        "method",
        "shapes",
        "docs",
        "catalog",
        "graphs",
        "cubes",
        "changelog",
        "compare",
        "findings",
    ]
    waiting = [Place(path, "", language) for path in starts for language in LANGUAGES]
    seen = set(waiting)
    while waiting:
        batch, waiting = waiting[:_TOGETHER], waiting[_TOGETHER:]
        for place, (status, media_type, body) in zip(
            batch, await asyncio.gather(*(_patiently(app, p) for p in batch)), strict=True
        ):
            if status != 200 or (place.language and not media_type.startswith("text/html")):
                copied.missing[place] = status
                continue
            _write(folder / place.file, body)
            copied.places.add(place)
            if len(copied.places) % _TOLD == 0:
                progress(f"{len(copied.places)} files, {len(waiting)} links to follow")
            new = _followed(links(body.decode(), place), seen) if place.language else []
            waiting += new


def _followed(found: Iterable[Place], seen: set[Place]) -> list[Place]:
    """The places that were not met before, in the order of the page."""
    new = [place for place in dict.fromkeys(found) if place not in seen]
    seen.update(new)
    return new


async def _patiently(app: ASGIApp, place: Place) -> tuple[int, str, bytes]:
    """As `fetch`, asked again where the application is busy: one process draws all charts."""
    for seconds in _PAUSES:
        answer = await fetch(app, place)
        if answer[0] != _BUSY:
            return answer
        await asyncio.sleep(seconds)
    return await fetch(app, place)


async def fetch(app: ASGIApp, place: Place) -> tuple[int, str, bytes]:
    """Status, media type and body of a place, asked for as at the lasting address of the graph."""
    accept = b"text/html" if place.language else b"*/*"
    headers = [(b"host", _LASTING.netloc.encode()), (b"accept", accept)]
    headers += [(b"accept-language", place.language.encode())] if place.language else []
    path = _LASTING.path + place.path
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": _LASTING.scheme,
        "root_path": _LASTING.path.rstrip("/"),
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": place.query.encode(),
        "headers": headers,
        "server": (_LASTING.netloc, 443),
        "client": None,
    }
    status, media_type, body, asked = 0, "", bytearray(), False

    async def receive() -> Message:
        nonlocal asked
        if asked:  # who listens for the end of the connection waits for it in vain
            await asyncio.Event().wait()
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status, media_type
        if message["type"] == "http.response.start":
            status = message["status"]
            media_type = dict(message["headers"]).get(b"content-type", b"").decode()
        body.extend(message.get("body", b""))

    await app(scope, receive, send)
    return status, media_type, bytes(body)


def _rewrite(folder: Path, place: Place, at: str, copied: Copied) -> None:
    """Make the links of a fetched page those of the file `at`."""
    text = (folder / place.file).read_text("utf-8")
    (folder / at).write_text(rewritten(text, place, at, copied.places.__contains__), "utf-8")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
