"""An endpoint in place of the local store: it answers canned queries, and is watched for another release.

A push removes the release triple first and writes it last, so an answer is of our release exactly where the triple
says so before and after it. Where it does not, the answer has no ETag, and says which release the endpoint tells of.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reformgraph.engines.base import Engine, QueryResult, RdfDataset
from reformgraph.errors import EndpointError
from reformgraph.namespaces import CATALOG
from reformgraph.push import pushed_release
from reformgraph.release import Release
from reformgraph.settings import Settings

if TYPE_CHECKING:
    from reformgraph.engines.remote import Remote

HEADER = "Reformgraph-Endpoint-Release"
# What the endpoint told of while one request was answered, where that is not our release; None for nothing.
_told: ContextVar[list[str | None]] = ContextVar("told")


class Endpoint(Engine):
    """An endpoint that should hold a release."""

    def __init__(self, remote: Remote, release: str) -> None:
        self._remote, self._release = remote, release
        self._checked = False

    def query(self, query: str, dataset: RdfDataset | None = None) -> QueryResult:
        """See `Engine.query`."""
        self._look()
        answer = self._remote.query(query, dataset)
        self._look()
        return answer

    def graphs(self) -> list[str]:
        """See `Engine.graphs`."""
        return self._remote.graphs()

    def release(self) -> str | None:
        """The release that it tells of now, None where it tells of none.

        Raises `EndpointError`, also where queries are not asked over the union: they would have no rows, and no error.
        """
        told = pushed_release(self._remote)
        if told is not None and not self._checked:
            if not self._remote.query(f"ASK {{ <{CATALOG}> ?p ?o }}"):
                raise EndpointError("that is set", "its default graph is empty: set REFORMGRAPH_ENDPOINT_GRAPHS=named.")
            self._checked = True
        return told

    def _look(self) -> None:
        told = _told.get([])
        if not told and (release := self.release()) != self._release:
            told.append(release)


def open_endpoint(settings: Settings, release: Release) -> Endpoint | None:
    """The endpoint that the settings name, or None; it is not asked yet."""
    if settings.endpoint is None:
        return None
    from reformgraph.engines.remote import Remote, RemoteSettings  # noqa: PLC0415 - few have an endpoint of their own

    remote = Remote(
        settings.endpoint,
        RemoteSettings(
            timeout=settings.endpoint_timeout,
            timeout_unit=settings.endpoint_timeout_unit,
            graphs=tuple(release.manifest["graphs"]) if settings.endpoint_graphs == "named" else None,
            user=settings.endpoint_user,
            password=settings.endpoint_password,
            token=settings.endpoint_token,
        ),
    )
    return Endpoint(remote, release.id)


def other_release() -> dict[str, str | None]:
    """For the JSON of an answer: `endpointRelease` where the endpoint tells of another release, or of none."""
    told = _told.get([])
    return {"endpointRelease": told[0]} if told else {}


class Telling:
    """ASGI middleware: takes the ETag from answers that are not surely of our release, and tells of it in a header."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        told: list[str | None] = []
        token = _told.set(told)

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start" and told:
                dropped = (b"etag", b"cache-control")
                kept = [(name, value) for name, value in message["headers"] if name.lower() not in dropped]
                release = (told[0] or "none").encode("ascii", "replace")
                kept += [(b"cache-control", b"no-store"), (HEADER.lower().encode(), release)]
                message = {**message, "headers": kept}
            await send(message)

        try:
            await self.app(scope, receive, telling)
        finally:
            _told.reset(token)
