"""How a description goes out: the formats, their bytes, and the links that lead from a thing to all of them.

The links follow FAIR Signposting (https://signposting.org/FAIR/): `cite-as` the lasting IRI, `describedby` RDF,
`type` the classes, `collection` the list of the kind, `license`. The thing is answered at its own path with 200;
`Content-Location` (RFC 9110, 8.7) names the document, which is not the thing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from reformgraph.linked import jsonld
from reformgraph.linked.descriptions import Description
from reformgraph.namespaces import BASE, prefixes
from reformgraph.results import FORMATS, Format
from reformgraph.web import respond
from reformgraph.web.site import Site

# The first is the default; `json` is JSON-LD for callers that know no other name for JSON.
NAMES = ("ttl", "html", "jsonld", "json", "nt", "rdf", "nq", "trig")
_TURTLE_HEAD = re.compile(rb"\A(?:@prefix [^\n]*\n)+")
_XML_HEAD = re.compile(rb"(\A(?:<\?xml[^>]*>\s*)?<rdf:RDF)((?: xmlns:[\w-]+=\"[^\"]*\")+)")
_XMLNS = re.compile(rb" xmlns:[\w-]+=\"[^\"]*\"")
LICENSE = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class Link:
    """A typed link of a Link header (RFC 8288)."""

    target: str
    rel: str
    media_type: str | None = None

    def __str__(self) -> str:
        kind = f'; type="{self.media_type}"' if self.media_type else ""
        return f'<{self.target}>; rel="{self.rel}"{kind}'


def rdf(description: Description, chosen: Format) -> bytes:
    """The description in an RDF format; N-Quads and TriG tell the graph of each triple."""
    if chosen.suffix in ("json", "jsonld"):
        return jsonld.document(description.triples(), description.root)
    assert isinstance(chosen.engine, ox.RdfFormat)
    content = description.quads if chosen.engine.supports_datasets else description.triples()
    text = ox.serialize(content, format=chosen.engine, prefixes=_used_prefixes(content))
    assert text is not None
    return with_sorted_prefixes(text)


def dataset(quads: Iterable[ox.Quad], format_: ox.RdfFormat, used: dict[str, str]) -> bytes:
    """Quads in their order in a format of data sets, with prefixes."""
    text = ox.serialize(quads, format=format_, prefixes=used)
    assert text is not None
    return with_sorted_prefixes(text)


def _used_prefixes(content: Iterable[ox.Triple | ox.Quad]) -> dict[str, str]:
    """The part of the prefix table that triples or quads need."""
    terms = {term for statement in content for term in statement}
    iris = {term.value for term in terms if isinstance(term, ox.NamedNode)}
    iris |= {term.datatype.value for term in terms if isinstance(term, ox.Literal)}
    spaces = {iri[: max(iri.rfind("/"), iri.rfind("#")) + 1] for iri in iris}
    return {prefix: space for prefix, space in prefixes().items() if space in spaces}


def with_sorted_prefixes(text: bytes) -> bytes:
    """The library declares prefixes in an order that changes from run to run, and a strong ETag promises bytes."""
    text = _TURTLE_HEAD.sub(lambda head: b"".join(sorted(head[0].splitlines(keepends=True))), text)
    return _XML_HEAD.sub(lambda head: head[1] + b"".join(sorted(_XMLNS.findall(head[2]))), text)


def path_of(request: Request, iri: str) -> str:
    """The address at this service of an IRI of ours."""
    return str(request.base_url) + quote(iri.removeprefix(BASE), safe="/~")


def pairs_of(request: Request, *names: str) -> str:
    """Those parameters of the request that choose a part of a document, as a query string with its mark."""
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name in names]
    return f"?{urlencode(pairs)}" if pairs else ""


def alternates(here: str, names: Iterable[str] = NAMES) -> list[Link]:
    """Links to the document in each format."""
    return [Link(f"{here}.{name}", "alternate", FORMATS[name].media_type) for name in names]


def send(
    site: Site,
    request: Request,
    chosen: Format,
    body: Callable[[], bytes | str],
    document: str,
    links: Iterable[Link],
    private: bool = False,
) -> Response:
    """The body with its links and `Content-Location: document`; what is `private` is not for search engines."""
    answer = respond.answer(site, request, chosen, body)
    answer.headers["Content-Location"] = document
    answer.headers["Link"] = ", ".join(map(str, links))
    if private:
        answer.headers["X-Robots-Tag"] = "noindex"
    return answer
