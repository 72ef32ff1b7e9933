"""Data that a request carries: as the body itself, pasted into a form, or uploaded with one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from urllib.parse import parse_qsl

from starlette.requests import Request

from reformgraph.errors import BodyTooLargeError, DataRefusedError, UnsupportedSyntaxError
from reformgraph.shacl.submitted import MAX_BYTES, SYNTAXES, syntax

_FORM, _UPLOAD = "application/x-www-form-urlencoded", "multipart/form-data"
_MARGIN = 100_000  # bytes that a form may have beside the data


@dataclass(frozen=True)
class Posted:
    """Data with the suffix of their syntax, and the other fields of a form."""

    data: bytes
    syntax: str
    fields: dict[str, str]


async def posted(request: Request) -> Posted:
    """What a request carries; BodyTooLargeError, UnsupportedSyntaxError, DataRefusedError where it cannot be read."""
    header = request.headers.get("content-type", "")
    media_type = header.partition(";")[0].strip().lower()
    if (coding := request.headers.get("content-encoding", "identity").lower()) != "identity":
        raise UnsupportedSyntaxError(f"The coding {coding!r}", list(SYNTAXES))
    if media_type not in (_FORM, _UPLOAD):
        suffix = syntax(media_type)
        return Posted(await _body(request, MAX_BYTES), suffix, {})
    # A form escapes each byte of what is not ASCII as three.
    body = await _body(request, (3 if media_type == _FORM else 1) * MAX_BYTES + _MARGIN)
    return _of_form(_pasted(body) if media_type == _FORM else _uploaded(header, body))


async def _body(request: Request, limit: int) -> bytes:
    """The body; stops reading at the limit, whatever length was announced."""
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > limit:
            raise BodyTooLargeError(MAX_BYTES)
    return bytes(read)


def _of_form(parts: dict[str, bytes]) -> Posted:
    """The uploaded file if there is one, else what was pasted."""
    data = parts.pop("file", b"") or parts.pop("data", b"")
    parts.pop("data", None)
    if len(data) > MAX_BYTES:
        raise BodyTooLargeError(MAX_BYTES)
    fields = {name: value.decode("utf-8", "replace") for name, value in parts.items()}
    return Posted(data, syntax(fields.pop("syntax", "") or "ttl"), fields)


def _pasted(body: bytes) -> dict[str, bytes]:
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise DataRefusedError("the form is not UTF-8 in percent-encoding.") from None
    return {name: value.encode() for name, value in pairs}


def _uploaded(header: str, body: bytes) -> dict[str, bytes]:
    """The parts of `multipart/form-data` (RFC 7578), which has the form of a mail."""
    head = b"Content-Type: " + header.encode("latin-1") + b"\r\n\r\n"
    message = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    if not message.is_multipart():
        raise DataRefusedError("the form has no parts.", "Send its boundary in Content-Type.")
    return dict(_parts(message))


def _parts(message: object) -> Iterator[tuple[str, bytes]]:
    for part in message.iter_parts():  # type: ignore[attr-defined]
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            yield name, content
