"""The remote engine: any endpoint of the SPARQL 1.1 Protocol, spoken to through SPARQLWrapper.

The protocol has no word for "the union of all graphs". Either the endpoint's own default graph is the
union (the usual setting of Virtuoso, GraphDB and QLever, an option of Fuseki and Oxigraph), or each
request names the graphs: `RemoteSettings.graphs`. Naming them is exact also where a store holds other graphs.
"""

from __future__ import annotations

import ast
import time
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Literal
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

import pyoxigraph as ox
from SPARQLWrapper import SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import EndPointInternalError, QueryBadFormed, SPARQLWrapperException

import reformgraph
from reformgraph.engines.base import (
    Engine,
    QueryResult,
    RdfDataset,
    dataset_of,
    require_graphs,
    syntax_error,
    triples_result,
)
from reformgraph.engines.dialects import Dialect, TimeoutUnit, dialect_of, solutions_or_boolean, with_integers
from reformgraph.errors import AnswerTooLargeError, EndpointError, QueryRefusedError, QuerySyntaxError
from reformgraph.tokens import query_form

_SOLUTIONS = "application/sparql-results+json"
# By form: asked for both, Virtuoso answers a CONSTRUCT with a table of its triples.
_ACCEPT = {
    "SELECT": _SOLUTIONS,
    "ASK": _SOLUTIONS,
    "CONSTRUCT": "application/n-triples, text/turtle;q=0.8",
    "DESCRIBE": "application/n-triples, text/turtle;q=0.8",
}
_LONGEST_GET = 2_000  # bytes of query that any server takes in a URL
_PASSING = (429, 502, 503)  # too many requests, bad gateway, unavailable
_CHUNK = 2**16


@dataclass(frozen=True)
class RemoteSettings:
    """How an endpoint is spoken to."""

    method: Literal["GET", "POST"] | None = None  # None: GET while the query is short, so that caches help
    timeout: int = 60  # s for an answer to be whole
    timeout_unit: TimeoutUnit | Literal["auto"] = "auto"  # of `timeout=` in a request; auto: as the dialect has it
    retries: int = 2  # after a refused connection or a passing status; queries only read
    backoff: float = 0.5  # s before the first retry, doubled each time
    largest_answer: int = 256 * 2**20  # bytes
    graphs: tuple[str, ...] | None = None  # the union, named in each request; None: the endpoint's default graph is it
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)  # sent as Bearer


def check_address(url: str) -> None:
    """Raise `EndpointError` for what is no address of an endpoint, or holds a password that messages would show."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise EndpointError(url, "an endpoint starts with http:// or https://.")
    if parts.username is not None:
        raise EndpointError(f"{parts.scheme}://...@{parts.hostname}", "credentials come from the environment.")


class Remote(Engine):
    """A SPARQL endpoint at an http or https IRI."""

    def __init__(self, endpoint: str, settings: RemoteSettings | None = None) -> None:
        check_address(endpoint)
        self._endpoint, self._settings = endpoint, settings or RemoteSettings()
        graphs = self._settings.graphs
        self._union = None if graphs is None else RdfDataset(graphs, graphs)
        self._dialect = Dialect()  # until the endpoint has told its name

    def query(self, query: str, dataset: RdfDataset | None = None) -> QueryResult:
        """See `Engine.query`; an answer is complete when it is handed out. Raises `EndpointError`, too."""
        chosen = dataset_of(query, dataset)
        if chosen is not None:
            require_graphs(chosen, self._has_graph)
        # Sent with FROM, too: `oxigraph --union-default-graph` heeds the protocol's dataset, but not FROM.
        return self._ask(query, chosen or self._union)

    def query_whole_store(self, query: str) -> QueryResult:
        """The answer over the endpoint's own dataset, whatever graphs the settings name as the union."""
        return self._ask(query, None)

    def graphs(self) -> list[str]:
        """See `Engine.graphs`; graphs without a triple are not told."""
        rows = self.query_whole_store("SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } }")
        assert isinstance(rows, ox.QuerySolutions)
        return sorted(row["graph"].value for row in rows if isinstance(row["graph"], ox.NamedNode))

    def _has_graph(self, iri: str) -> bool:
        try:
            return bool(self._ask(f"ASK {{ GRAPH {ox.NamedNode(iri)} {{ ?s ?p ?o }} }}", None))
        except ValueError:  # not an IRI
            return False

    def _ask(self, query: str, dataset: RdfDataset | None) -> QueryResult:
        if prologue := self._dialect.prologue:
            try:
                return self._ask_as(prologue + query, query, dataset)
            except EndpointError as error:
                if not isinstance(error.__cause__, QueryBadFormed | EndPointInternalError):
                    raise
        return self._ask_as(query, query, dataset)  # where a store does not take its own prologue, without it

    def _ask_as(self, text: str, query: str, dataset: RdfDataset | None) -> QueryResult:
        request = self._request(text, query_form(query), dataset)
        for attempt in range(self._settings.retries + 1):
            try:
                return self._read(*self._send(request))
            except QueryBadFormed as error:
                _hang_up(error)
                raise self._refusal(query, _body(error)) from error
            except (SPARQLWrapperException, OSError, HTTPException) as error:
                _hang_up(error)
                if not _is_passing(error) or attempt == self._settings.retries:
                    raise self._failure(error) from error
                time.sleep(self._settings.backoff * 2**attempt)
        raise AssertionError("the last attempt returns or raises")

    def _request(self, text: str, form: str | None, dataset: RdfDataset | None) -> SPARQLWrapper:
        if form not in _ACCEPT:  # SPARQLWrapper would send an update as one
            raise QueryRefusedError("it is none of SELECT, ASK, CONSTRUCT, DESCRIBE.")
        settings = self._settings
        request = SPARQLWrapper(self._endpoint, agent=f"reformgraph/{reformgraph.__version__}")
        # setQuery guesses the form, and warns if it cannot
        request.queryString, request.queryType = text, form
        request.setOnlyConneg(True)
        request.addCustomHttpHeader("Accept", _ACCEPT[form])
        request.setTimeout(settings.timeout)
        graphs = dataset.default + dataset.named if dataset else ()
        short = len(text.encode()) < _LONGEST_GET and not graphs and "?" not in self._endpoint
        request.setMethod(settings.method or ("GET" if short else "POST"))
        self._add_parameters(request, dataset)
        if settings.token:
            request.addCustomHttpHeader("Authorization", f"Bearer {settings.token}")
        elif settings.user:
            request.setCredentials(settings.user, settings.password or "")
        return request

    def _add_parameters(self, request: SPARQLWrapper, dataset: RdfDataset | None) -> None:
        for iri in dataset.default if dataset else ():
            request.addParameter("default-graph-uri", iri)
        for iri in dataset.named if dataset else ():
            request.addParameter("named-graph-uri", iri)
        unit = self._dialect.timeout_unit if self._settings.timeout_unit == "auto" else self._settings.timeout_unit
        if unit != "none":
            request.addParameter("timeout", str(self._settings.timeout * (1000 if unit == "ms" else 1)))

    def _send(self, request: SPARQLWrapper) -> tuple[bytes, str]:
        """The body of the answer and its media type."""
        deadline = time.monotonic() + self._settings.timeout
        with request.query().response as response:
            self._dialect = dialect_of(response.headers.get("Server") or "")
            # Virtuoso stops at `timeout=` and answers with the rows that it has by then; it says so in a header.
            if response.status == 206 or response.headers.get("X-SQL-State"):
                raise TimeoutError
            body = self._read_body(response, deadline)
            media_type = response.headers.get("Content-Type") or "no media type"
        return body, media_type

    def _read_body(self, response: HTTPResponse, deadline: float) -> bytes:
        """All bytes; an endpoint that sends one now and then does not hold us past the deadline."""
        body = bytearray()
        while part := response.read1(_CHUNK):
            body += part
            if len(body) > self._settings.largest_answer:
                raise AnswerTooLargeError(f"more than {self._settings.largest_answer} bytes")
            if time.monotonic() > deadline:
                raise TimeoutError
        return bytes(body)

    def _read(self, body: bytes, media_type: str) -> QueryResult:
        try:
            if results_format := ox.QueryResultsFormat.from_media_type(media_type):
                wide = self._dialect.widens_integers
                return solutions_or_boolean(with_integers(body) if wide else body, results_format)
            if graph_format := ox.RdfFormat.from_media_type(media_type):
                return triples_result(quad.triple for quad in ox.parse(body, format=graph_format))
        except (SyntaxError, ValueError) as error:
            raise EndpointError(self._endpoint, f"its answer is broken: {error}") from error
        raise EndpointError(self._endpoint, f"it answers with {media_type}.")

    def _refusal(self, query: str, message: str) -> QuerySyntaxError | EndpointError:
        """Whose fault a 400 is: the query's where our own parser finds one, else the endpoint's."""
        try:
            ox.Store().query(query)
        except SyntaxError as error:
            return syntax_error(query, str(error))
        return EndpointError(self._endpoint, f"it refuses the query: {' '.join(message.split())[:300]}")

    def _failure(self, error: Exception) -> EndpointError:
        cause = error.reason if isinstance(error, URLError) and not isinstance(error, HTTPError) else error
        late = isinstance(cause, TimeoutError) or (isinstance(cause, HTTPError) and cause.code in (408, 504))
        reason = f"no answer within {self._settings.timeout} s." if late else " ".join(str(cause).split())[:300]
        return EndpointError(self._endpoint, reason, timed_out=late)


def _is_passing(error: Exception) -> bool:
    if isinstance(error, HTTPError):
        return error.code in _PASSING
    return isinstance(error, URLError) and not isinstance(error.reason, TimeoutError)


def _hang_up(error: Exception) -> None:
    """Close the connection that an `HTTPError` holds, also one that SPARQLWrapper made another error of."""
    for each in (error, error.__context__):
        if isinstance(each, HTTPError):
            each.close()


def _body(error: QueryBadFormed) -> str:
    """What the endpoint wrote: SPARQLWrapper keeps it as a literal of bytes at the end of its message."""
    _, _, literal = str(error).partition("Response:\n")
    try:
        return str(ast.literal_eval(literal).decode("utf-8", "replace"))
    except (SyntaxError, ValueError):
        return str(error)
