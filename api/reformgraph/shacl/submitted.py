"""RDF that others hand in, read without reaching for anything: syntaxes, sizes, and what is refused.

RDF/XML is not among the syntaxes: its entities can grow without bound. `owl:imports` is a triple like any other.
"""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox

from reformgraph.errors import DataRefusedError, DataSyntaxError, SourceFileError, UnsupportedSyntaxError

MAX_BYTES = 5_000_000  # of one body over HTTP
SYNTAXES = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
}
_ALIASES = {
    "turtle": "ttl",
    "text/turtle": "ttl",
    "application/x-turtle": "ttl",
    "application/n-triples": "nt",
    "text/plain": "nt",
    "ntriples": "nt",
    "application/trig": "trig",
    "application/x-trig": "trig",
    "application/n-quads": "nq",
    "text/x-nquads": "nq",
    "nquads": "nq",
    "application/ld+json": "jsonld",
    "application/json": "jsonld",
    "json-ld": "jsonld",
}
_PLACE = re.compile(r"Parser error (?:at|between) line .*?: ", re.DOTALL)
_REMOTE_CONTEXT = "LoadDocumentCallback"  # what pyoxigraph 0.5.13 says where a context is an address


def syntax(name: str) -> str:
    """The suffix of a syntax that is named by suffix, name or media type; UnsupportedSyntaxError for others."""
    suffix = _ALIASES.get(name.lower(), name.lower())
    if suffix not in SYNTAXES:
        raise UnsupportedSyntaxError(repr(name) if name else "Data without a media type", list(SYNTAXES))
    return suffix


def read(data: bytes, suffix: str, source: str = "The data") -> list[ox.Quad]:
    """The quads of a text; raises DataSyntaxError with its place and DataRefusedError. Nothing is fetched."""
    try:
        data.decode("utf-8")  # JSON-LD that is none would be read with replacement characters
        quads = list(ox.parse(data.removeprefix(b"\xef\xbb\xbf"), format=SYNTAXES[suffix]))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataSyntaxError(source, "not UTF-8.", line, error.start - data.rfind(b"\n", 0, error.start)) from None
    except SyntaxError as error:
        raise _error(source, error) from None
    if any(isinstance(quad.object, ox.Triple) for quad in quads):
        raise DataRefusedError("triple terms of RDF 1.2 are not checked.", "Name the statement by an IRI.")
    return quads


def _error(source: str, error: SyntaxError) -> DataSyntaxError | DataRefusedError:
    message = str(error.msg)
    if _REMOTE_CONTEXT in message:
        return DataRefusedError(
            "its @context is an address, and nothing is fetched.", "Write the context into the data, or send Turtle."
        )
    return DataSyntaxError(source, _PLACE.sub("", message, count=1), error.lineno or 0, error.offset or 0)


def read_file(path: Path, standard_input: bytes | None = None, name: str | None = None) -> list[ox.Quad]:
    """The quads of a file, its syntax named or told by the suffix; `standard_input` stands for a path of `-`."""
    if standard_input is not None:
        return read(standard_input, syntax(name or "ttl"), "standard input")
    suffix = syntax(name or path.suffix.removeprefix("."))
    try:
        return read(path.read_bytes(), suffix, str(path))
    except OSError as error:
        raise SourceFileError(path, 0, str(error.strerror or error)) from None
