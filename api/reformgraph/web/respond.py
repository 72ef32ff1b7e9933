"""Answers: content negotiation, strong ETags, 304, Vary and Link headers in one place.

The ETag is a digest of release, package version and request: the graph changes only with a release, so it is exact
(RFC 9110, 8.8.3) and known before anything is computed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from reformgraph import __version__
from reformgraph.errors import QueryRefusedError
from reformgraph.results import FORMATS, Format, choose
from reformgraph.web.site import Site

_KNOWN = "reformgraph.known"  # in the scope: the language and the ETags of a request, found once
_VARY = "Accept, Accept-Language"
LANGUAGES = ("zh", "en")
MAX_BODY = 1_000_000


async def read_body(request: Request) -> bytes:
    """The body; stops reading at the limit, whatever length was announced."""
    read = b""
    async for chunk in request.stream():
        read += chunk
        if len(read) > MAX_BODY:
            raise QueryRefusedError(f"the body is larger than {MAX_BODY} bytes.")
    return read


def split_suffix(path: str, offered: Sequence[Format]) -> tuple[str, str | None]:
    """`observations.csv` -> (`observations`, `csv`); a dot that is no known suffix belongs to the name."""
    stem, dot, suffix = path.rpartition(".")
    return (stem, suffix) if dot and suffix in {f.suffix for f in offered} else (path, None)


def negotiate(request: Request, offered: Sequence[str], suffix: str | None = None, hint: str | None = None) -> Format:
    """The format for a request: suffix, then `?format=`, then Accept; the first offered is the default."""
    formats = [FORMATS[name] for name in offered]
    asked = request.query_params.get("format") if hint is None else hint
    return choose(formats, request.headers.get("accept"), suffix, asked)


def language(request: Request) -> str:
    """`zh` or `en`: by `?lang=`, else by Accept-Language, else zh, the language of the reports."""
    known: dict[Any, str] = request.scope.setdefault(_KNOWN, {})
    if "language" not in known:
        known["language"] = _language(request)
    return known["language"]


def _language(request: Request) -> str:
    asked = request.query_params.get("lang")
    if asked in LANGUAGES:
        return asked
    for part in request.headers.get("accept-language", "").split(","):
        tag = part.split(";")[0].strip().lower()[:2]
        if tag in LANGUAGES:
            return tag
    return "zh"


def etag(site: Site, request: Request, format_: Format, form: bytes = b"") -> str:
    """The strong validator of the answer to this request; `form` is the body of a POST."""
    known: dict[Any, str] = request.scope.setdefault(_KNOWN, {})
    if (format_.suffix, form) not in known:
        parts = [site.release.id, __version__, str(request.url), format_.suffix, language(request), site.variant]
        digest = hashlib.sha256("\n".join(parts).encode() + b"\n" + form).hexdigest()
        known[format_.suffix, form] = f'"{digest[:32]}"'
    return known[format_.suffix, form]


def _headers(site: Site, request: Request, format_: Format, form: bytes) -> dict[str, str]:
    return {"ETag": etag(site, request, format_, form), "Vary": _VARY, "Cache-Control": "public, max-age=60"}


def unchanged(site: Site, request: Request, format_: Format, form: bytes = b"") -> Response | None:
    """304 where the caller's If-None-Match has the ETag of the answer; known before anything is computed."""
    headers = _headers(site, request, format_, form)
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    return Response(status_code=304, headers=headers) if headers["ETag"] in known else None


def answer(
    site: Site,
    request: Request,
    format_: Format,
    body: Callable[[], bytes | str],
    links: Sequence[tuple[str, str]] = (),
    form: bytes = b"",
) -> Response:
    """The body in the chosen format, or 304 without computing it; `links` are (target, rel) pairs."""
    return unchanged(site, request, format_, form) or send(site, request, format_, body(), links, form)


def send(
    site: Site,
    request: Request,
    format_: Format,
    content: bytes | str,
    links: Sequence[tuple[str, str]] = (),
    form: bytes = b"",
) -> Response:
    """The body with its headers, for a caller that asked `unchanged` before."""
    headers = _headers(site, request, format_, form)
    if links:
        headers["Link"] = ", ".join(f'<{target}>; rel="{rel}"' for target, rel in links)
    if format_.suffix == "html":
        headers["Content-Language"] = language(request)
    return Response(content, headers=headers, media_type=format_.content_type)


def url_with(request: Request, given: Sequence[tuple[str, str]] | None = None, **changes: str | None) -> str:
    """The absolute URL of this request with some parameters changed, None to drop one; `given` includes a form's."""
    pairs = list(request.query_params.multi_items() if given is None else given)
    pairs = [(key, value) for key, value in pairs if key not in changes]
    pairs += [(key, value) for key, value in changes.items() if value is not None]
    base = str(request.url.replace(query="", fragment=""))
    return f"{base}?{urlencode(pairs)}" if pairs else base
