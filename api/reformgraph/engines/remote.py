"""The remote engine: any endpoint of the SPARQL 1.1 Protocol, spoken to through SPARQLWrapper.

The protocol has no word for "the union of all graphs". Either the endpoint's own default graph is the
union (the usual setting of Virtuoso, GraphDB and QLever, an option of Fuseki and Oxigraph), or each
request names all graphs.
"""

from __future__ import annotations

import ast
import time
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Literal
from urllib.error import HTTPError, URLError

import pyoxigraph as ox
from SPARQLWrapper import SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

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
from reformgraph.errors import AnswerTooLargeError, EndpointError, QueryRefusedError
from reformgraph.tokens import query_form

_ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9, text/turtle;q=0.8"
_LONGEST_GET = 2_000  # bytes of query that any server takes in a URL
_PASSING = (429, 502, 503)  # too many requests, bad gateway, unavailable


@dataclass(frozen=True)
class RemoteSettings:
    """How an endpoint is spoken to."""

    method: Literal["GET", "POST"] | None = None  # None: GET while the query is short, so that caches help
    timeout: int = 60  # s without a byte from the endpoint
    retries: int = 2  # after a refused connection or a passing status; queries only read
    backoff: float = 0.5  # s before the first retry, doubled each time
    largest_answer: int = 256 * 2**20  # bytes
    name_all_graphs: bool = False  # True: the endpoint's own default graph is not the union
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)  # sent as Bearer


class Remote(Engine):
    """A SPARQL endpoint at an http or https IRI."""

    def __init__(self, endpoint: str, settings: RemoteSettings | None = None) -> None:
        if not endpoint.startswith(("http://", "https://")):
            raise EndpointError(endpoint, "an endpoint starts with http:// or https://.")
        self._endpoint, self._settings = endpoint, settings or RemoteSettings()
        self._union: RdfDataset | None = None

    def query(self, query: str, dataset: RdfDataset | None = None) -> QueryResult:
        """See `Engine.query`; an answer is complete when it is handed out. Raises `EndpointError`, too."""
        chosen = dataset_of(query, dataset)
        if chosen is not None:
            require_graphs(chosen, self._has_graph)
        elif self._settings.name_all_graphs:
            chosen = self._all_graphs()
        # Sent with FROM, too: `oxigraph --union-default-graph` heeds the protocol's dataset, but not FROM.
        return self._ask(query, chosen)

    def graphs(self) -> list[str]:
        """See `Engine.graphs`; graphs without a triple are not told."""
        rows = self._ask("SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } }", None)
        assert isinstance(rows, ox.QuerySolutions)
        return sorted(row["graph"].value for row in rows if isinstance(row["graph"], ox.NamedNode))

    def _has_graph(self, iri: str) -> bool:
        try:
            return bool(self._ask(f"ASK {{ GRAPH {ox.NamedNode(iri)} {{ ?s ?p ?o }} }}", None))
        except ValueError:  # not an IRI
            return False

    def _all_graphs(self) -> RdfDataset:
        if self._union is None:
            graphs = tuple(self.graphs())
            self._union = RdfDataset(graphs, graphs)
        return self._union

    def _ask(self, query: str, dataset: RdfDataset | None) -> QueryResult:
        request = self._request(query, dataset)
        for attempt in range(self._settings.retries + 1):
            try:
                return self._read(*self._send(request))
            except QueryBadFormed as error:
                _hang_up(error)
                raise syntax_error(query, _body(error)) from error
            except (SPARQLWrapperException, OSError, HTTPException) as error:
                _hang_up(error)
                if not _is_passing(error) or attempt == self._settings.retries:
                    raise self._failure(error) from error
                time.sleep(self._settings.backoff * 2**attempt)
        raise AssertionError("the last attempt returns or raises")

    def _request(self, query: str, dataset: RdfDataset | None) -> SPARQLWrapper:
        form = query_form(query)
        if form not in (
            "SELECT",
            "ASK",
            "CONSTRUCT",
            "DESCRIBE",
        ):  # SPARQLWrapper would send an update as one
            raise QueryRefusedError("it is none of SELECT, ASK, CONSTRUCT, DESCRIBE.")
        settings = self._settings
        request = SPARQLWrapper(self._endpoint, agent=f"reformgraph/{reformgraph.__version__}")
        request.queryString, request.queryType = (
            query,
            form,
        )  # setQuery guesses the form, and warns if it cannot
        request.setOnlyConneg(True)
        request.addCustomHttpHeader("Accept", _ACCEPT)
        request.setTimeout(settings.timeout)
        graphs = dataset.default + dataset.named if dataset else ()
        short = len(query.encode()) < _LONGEST_GET and not graphs and "?" not in self._endpoint
        request.setMethod(settings.method or ("GET" if short else "POST"))
        for iri in dataset.default if dataset else ():
            request.addParameter("default-graph-uri", iri)
        for iri in dataset.named if dataset else ():
            request.addParameter("named-graph-uri", iri)
        if settings.token:
            request.addCustomHttpHeader("Authorization", f"Bearer {settings.token}")
        elif settings.user:
            request.setCredentials(settings.user, settings.password or "")
        return request

    def _send(self, request: SPARQLWrapper) -> tuple[bytes, str]:
        """The body of the answer and its media type."""
        with request.query().response as response:
            body = response.read(self._settings.largest_answer + 1)
            media_type = response.headers.get("Content-Type") or "no media type"
        if len(body) > self._settings.largest_answer:
            raise AnswerTooLargeError(f"more than {self._settings.largest_answer} bytes")
        return body, media_type

    def _read(self, body: bytes, media_type: str) -> QueryResult:
        try:
            if results_format := ox.QueryResultsFormat.from_media_type(media_type):
                result = ox.parse_query_results(body, results_format)
                if isinstance(result, ox.QueryBoolean):
                    return result
                # Some endpoints cut an answer at their time limit and call it 200: look before anyone reads.
                for _ in result:
                    pass
                return ox.parse_query_results(body, results_format)
            if graph_format := ox.RdfFormat.from_media_type(media_type):
                return triples_result(quad.triple for quad in ox.parse(body, format=graph_format))
        except (SyntaxError, ValueError) as error:
            raise EndpointError(self._endpoint, f"its answer is broken: {error}") from error
        raise EndpointError(self._endpoint, f"it answers with {media_type}.")

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
