"""Errors as problem documents (RFC 9457): one table from our errors to HTTP status."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from reformgraph import errors
from reformgraph.namespaces import RG

# The nearest class up the tree of `errors.py` counts.
STATUS: dict[type[errors.ReformgraphError], int] = {
    errors.NotFoundError: 404,
    errors.ParameterError: 422,
    errors.NotAcceptableError: 406,
    errors.BodyTooLargeError: 413,
    errors.UnsupportedSyntaxError: 415,
    errors.AnswerTooLargeError: 400,
    errors.InputError: 400,
    errors.LimitError: 503,
    errors.EndpointError: 502,
    errors.MissingLibraryError: 501,
    errors.MissingFontError: 501,
    errors.ReformgraphError: 500,
}
_TITLES = {
    errors.NotFoundError: "Not found",
    errors.ParameterError: "A parameter does not fit",
    errors.NotAcceptableError: "No acceptable format",
    errors.DataSyntaxError: "The data do not parse",
    errors.DataRefusedError: "The data are refused",
    errors.BodyTooLargeError: "The body is too large",
    errors.UnsupportedSyntaxError: "Unsupported media type",
    errors.QuerySyntaxError: "The query does not parse",
    errors.QueryRefusedError: "The query is refused",
    errors.EvaluationError: "The query cannot be evaluated",
    errors.QueryTimeoutError: "The query took too long",
    errors.CheckTimeoutError: "The check took too long",
    errors.AnswerTooLargeError: "The answer is too large",
    errors.BusyError: "The service is busy",
    errors.EndpointError: "The SPARQL endpoint failed",
    errors.MissingLibraryError: "A library is not installed",
    errors.MissingFontError: "A font is not installed",
}


def _nearest(table: dict[type[errors.ReformgraphError], Any], error: Exception, default: Any) -> Any:
    return next((table[kind] for kind in type(error).__mro__ if kind in table), default)


def problem(status: int, name: str, title: str, detail: str, **members: Any) -> JSONResponse:
    """A problem document; `type` is an IRI of our vocabulary, members with None are left out."""
    body = {"type": f"{RG}problem-{name}", "title": title, "status": status, "detail": detail}
    body |= {key: value for key, value in members.items() if value is not None}
    headers = {"Retry-After": str(members["retryAfter"])} if members.get("retryAfter") else {}
    headers["Cache-Control"] = "no-store"
    return JSONResponse(body, status, headers, "application/problem+json; charset=utf-8")


def name_of(error: Exception) -> str:
    """`QueryTimeoutError` -> `query-timeout`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__.removesuffix("Error")).lower()


def from_error(error: errors.ReformgraphError) -> JSONResponse:
    """The problem document of one of our errors, with the members that its data give."""
    status = _nearest(STATUS, error, 500)
    if isinstance(error, errors.EndpointError) and error.timed_out:
        status = 504
    members: dict[str, Any] = {
        "parameter": getattr(error, "parameter", None),
        "allowed": _listed(getattr(error, "allowed", None)),
        "nearest": _listed(getattr(error, "nearest", None)),
        "offered": _listed(getattr(error, "offered", None)),
        "retryAfter": getattr(error, "retry_after", None) if status == 503 else None,
    }
    if isinstance(error, errors.QuerySyntaxError | errors.DataSyntaxError) and error.line:
        members |= {"line": error.line, "column": error.column}
    return problem(status, name_of(error), _nearest(_TITLES, error, "Error"), _detail(error), **members)


def _detail(error: errors.ReformgraphError) -> str:
    """What a stranger may read: neither the address of the operator's endpoint nor what it wrote."""
    if not isinstance(error, errors.EndpointError):
        return str(error)
    logging.getLogger(__name__).warning("%s", error)
    what = "gave no answer in time" if error.timed_out else "failed"
    return f"The SPARQL endpoint behind this service {what}. Try again later; its operator finds the cause in the log."


def _listed(values: Sequence[str] | None) -> list[str] | None:
    return list(values) if values else None


async def _ours(_: Request, error: Any) -> Response:
    return from_error(error)


async def _http(request: Request, error: Any) -> Response:
    details = {404: f"Nothing is at {request.url.path}.", 405: f"{request.method} is not allowed here."}
    detail = details.get(error.status_code, str(error.detail))
    answer = problem(error.status_code, "http", str(error.detail), detail)
    answer.headers.update(error.headers or {})
    return answer


# What an application does with the errors that its routes raise.
HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Coroutine[Any, Any, Response]]] = {
    errors.ReformgraphError: _ours,
    HTTPException: _http,
}


def unexpected() -> Response:
    """The answer to a fault of ours; what it was is for the log alone."""
    return problem(500, "unexpected", "Unexpected error", "A fault of the service; it is logged.")
