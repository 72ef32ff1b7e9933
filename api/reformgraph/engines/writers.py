"""Writing to stores: whole graphs by the Graph Store Protocol, or triples by SPARQL Update.

Both replace a graph or remove it, and nothing else; a second time gives the same store. Names and passwords are sent
when a store asks for them, by the method that it names (Basic, or Digest as Virtuoso does); a token is sent at once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import (
    HTTPBasicAuthHandler,
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPRedirectHandler,
    OpenerDirector,
    Request,
    build_opener,
    parse_http_list,
    parse_keqv_list,
)

import pyoxigraph as ox

import reformgraph
from reformgraph.engines.remote import check_address
from reformgraph.errors import EndpointError

_BATCH = 500  # triples; Virtuoso's compiler gives up at some thousands


@dataclass(frozen=True)
class Credentials:
    """Who writes; all None for a store that takes anybody."""

    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)


class _NoRedirect(HTTPRedirectHandler):
    """A body and a token go to the address that the user named, and to no other."""

    def redirect_request(self, *_: Any) -> None:
        """None: the status of the redirect is the answer, and an error."""


class _Request(Request):
    """A request that answers one challenge: a store that asks again does not know the name and password."""

    answered = False


def _answer_once(retry: Callable[..., Any], req: _Request, fp: IO[bytes], code: int, msg: str, headers: Any) -> Any:
    """What the first 401 becomes; urllib would try six times, and leave each answer open."""
    if req.answered:
        raise HTTPError(req.full_url, code, msg, headers, fp)
    try:
        found = retry(req, fp, code, msg, headers)
    except HTTPError:
        fp.close()
        raise
    if found is not None:
        fp.close()
    return found


class _Digest(HTTPDigestAuthHandler):
    """Answers the last challenge again, unasked: Virtuoso hangs up in the midst of a body that comes without."""

    _challenge: dict[str, str] | None = None

    def http_error_401(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        """See `_answer_once`."""
        return _answer_once(super().http_error_401, req, fp, code, msg, headers)

    def retry_http_digest_auth(self, req: Any, auth: str) -> Any:
        """Keep the challenge (RFC 7616, 3.3) and go on."""
        req.answered, self._challenge = True, parse_keqv_list(parse_http_list(auth.partition(" ")[2]))
        return super().retry_http_digest_auth(req, auth)

    def http_request(self, req: Request) -> Request:
        """Called for each request before it is sent."""
        if self._challenge is not None and not req.has_header("Authorization"):
            answer = self.get_authorization(req, self._challenge)
            req.add_unredirected_header("Authorization", f"Digest {answer}")
        return req

    https_request = http_request


class _Basic(HTTPBasicAuthHandler):
    """The same for Basic (RFC 7617)."""

    _asked = False

    def http_error_401(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        """See `_answer_once`."""
        return _answer_once(super().http_error_401, req, fp, code, msg, headers)

    def retry_http_basic_auth(self, host: str, req: Any, realm: str) -> Any:
        """Remember that the store asked, and go on."""
        req.answered = self._asked = True
        return super().retry_http_basic_auth(host, req, realm)

    def http_request(self, req: Request) -> Request:
        """Called for each request before it is sent."""
        user, password = self.passwd.find_user_password(None, req.full_url)  # type: ignore[arg-type]
        if self._asked and user is not None:
            pair = b64encode(f"{user}:{password}".encode()).decode("ascii")
            req.add_unredirected_header("Authorization", f"Basic {pair}")
        return req

    https_request = http_request


class Writer(ABC):
    """Replaces and removes graphs at an http or https IRI."""

    def __init__(self, url: str, credentials: Credentials, timeout: int) -> None:
        check_address(url)
        self._url, self._timeout = url, timeout
        self._headers = {"User-Agent": f"reformgraph/{reformgraph.__version__}"}
        if credentials.token:
            self._headers["Authorization"] = f"Bearer {credentials.token}"
        self._opener = _opener(url, credentials)

    @abstractmethod
    def replace(self, graph: str, triples: bytes) -> None:
        """Make a graph hold these triples (N-Triples) and no others; raises `EndpointError`."""

    @abstractmethod
    def remove(self, graph: str) -> None:
        """Remove a graph, also one that is not there; raises `EndpointError`."""

    def _send(self, method: str, url: str, body: bytes | None, media_type: str, allowed: tuple[int, ...] = ()) -> None:
        headers = self._headers | ({"Content-Type": media_type} if body is not None else {})
        request = _Request(url, body, headers, method=method)
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                response.read()
        except HTTPError as error:
            with error:
                if error.code not in allowed:
                    raise EndpointError(self._url, f"{method}: {error.code} {_first_words(error)}") from error
        except (OSError, HTTPException) as error:
            cause = error.reason if isinstance(error, URLError) else error
            late = isinstance(cause, TimeoutError)
            raise EndpointError(
                self._url, f"no answer within {self._timeout} s." if late else str(cause), late
            ) from error


class GraphStore(Writer):
    """SPARQL 1.1 Graph Store HTTP Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/), graphs by `?graph=`.

    The store's own address: `/store` of Oxigraph, `/<dataset>/data` of Fuseki, `/repositories/<id>/rdf-graphs/service`
    of GraphDB and RDF4J, `/sparql-graph-crud-auth` of Virtuoso.
    """

    def replace(self, graph: str, triples: bytes) -> None:
        """See `Writer.replace`."""
        self._send("PUT", self._address(graph), triples, "application/n-triples")

    def remove(self, graph: str) -> None:
        """See `Writer.remove`."""
        self._send("DELETE", self._address(graph), None, "", allowed=(404,))

    def _address(self, graph: str) -> str:
        return f"{self._url}{'&' if '?' in self._url else '?'}graph={quote(graph, safe='')}"


class Updates(Writer):
    """SPARQL 1.1 Update, triples in batches: a graph that is being replaced is there in part."""

    def replace(self, graph: str, triples: bytes) -> None:
        """See `Writer.replace`."""
        self.remove(graph)
        bound, free = split_by_blank_nodes(triples)
        block = f"{{ GRAPH {ox.NamedNode(graph)} {{\n%s}} }}"
        if bound:  # a label names one node within one request; Virtuoso takes none after INSERT DATA
            self._update(f"INSERT {block % ''.join(bound)} WHERE {{}}")
        for start in range(0, len(free), _BATCH):
            self._update(f"INSERT DATA {block % ''.join(free[start : start + _BATCH])}")

    def remove(self, graph: str) -> None:
        """See `Writer.remove`."""
        self._update(f"DROP SILENT GRAPH {ox.NamedNode(graph)}")

    def _update(self, text: str) -> None:
        self._send("POST", self._url, text.encode(), "application/sparql-update")


def split_by_blank_nodes(triples: bytes) -> tuple[list[str], list[str]]:
    """The lines of N-Triples, which are SPARQL as they stand: those with a blank node, those without."""
    lines = [line + "\n" for line in triples.decode().split("\n") if line]
    return [line for line in lines if _has_blank_node(line)], [line for line in lines if not _has_blank_node(line)]


def _has_blank_node(line: str) -> bool:
    subject, _, thing = line.split(" ", 2)
    return subject.startswith("_:") or thing.startswith("_:")


def _opener(url: str, credentials: Credentials) -> OpenerDirector:
    if credentials.user is None:
        return build_opener(_NoRedirect)
    passwords = HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, url, credentials.user, credentials.password or "")
    return build_opener(_NoRedirect, _Digest(passwords), _Basic(passwords))


def _first_words(error: HTTPError) -> str:
    """The reason of an answer and what its body begins with."""
    text = " ".join(error.read(2_000).decode("utf-8", "replace").split())
    return f"{error.reason}. {text[:200]}".strip()
