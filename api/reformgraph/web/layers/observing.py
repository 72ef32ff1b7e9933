"""What the service tells of itself: one line of JSON for each request, and the numbers that Prometheus reads.

Neither holds the address of a client, the text of a search or an ad-hoc query: those are the asker's own.
"""

from __future__ import annotations

import logging
import os
from functools import cache
from time import perf_counter
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reformgraph.web import problems
from reformgraph.web.layers.logs import tell_request

log = logging.getLogger("reformgraph.requests")
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Numbers:
    """Counters of one process; every label is a template or a name of ours, so that their number is bounded."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._labelled = cache(self._of_labels)
        labels = ("route", "query", "status")
        self.requests = Counter("reformgraph_requests", "Requests answered.", labels, registry=self.registry)
        self.seconds = Histogram(
            "reformgraph_request_seconds", "Time to the end of the answer.", ("route", "query"),
            registry=self.registry, buckets=_BUCKETS,
        )  # fmt: skip
        self.rows = Counter("reformgraph_rows", "Rows of canned queries.", ("query",), registry=self.registry)
        self.running = Gauge(
            "reformgraph_requests_running", "Requests at work.", registry=self.registry, multiprocess_mode="livesum"
        )

    def _of_labels(self, route: str, query: str, status: str) -> tuple[Counter, Histogram]:
        return self.requests.labels(route, query, status), self.seconds.labels(route, query)

    def text(self) -> bytes:
        """All numbers in the text format of Prometheus; of all processes where `serve` runs several."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)

    def count(self, facts: dict[str, Any]) -> None:
        """Add one request."""
        route, query = facts["route"], facts.get("query", "")
        requests, seconds = self._labelled(route, query, str(facts["status"]))
        requests.inc()
        seconds.observe(facts["ms"] / 1000)
        if "rows" in facts:
            self.rows.labels(query).inc(facts["rows"])


class Observing:
    """ASGI middleware; routes add to `scope["reformgraph.facts"]` what only they know (query, parameters, rows)."""

    def __init__(self, app: ASGIApp, numbers: Numbers) -> None:
        self.app = app
        self._numbers = numbers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start = perf_counter()
        facts: dict[str, Any] = {"method": scope["method"], "status": 0}
        scope["reformgraph.facts"] = facts

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                facts["status"] = message["status"]
            await send(message)

        with self._numbers.running.track_inprogress():
            try:
                await self.app(scope, receive, watched)
            except Exception as error:
                log.exception("fault", extra={"facts": {"error": type(error).__name__}})
                if facts["status"]:
                    raise  # the answer has begun: only its end can tell that it is broken
                await problems.unexpected()(scope, receive, watched)
            finally:
                facts["ms"] = round((perf_counter() - start) * 1000, 2)
                self._tell(scope, facts)

    def _tell(self, scope: Scope, facts: dict[str, Any]) -> None:
        facts.setdefault("route", template(scope))
        if (site := scope.get("reformgraph.site")) is not None:
            facts["release"] = site.release.id[:12]
        self._numbers.count(facts)
        tell_request(facts)


def template(scope: Scope) -> str:
    """The route as it is declared (`/{kind}/{slug}`), so that labels do not grow with what strangers ask."""
    route = scope.get("route")
    return str(getattr(route, "path", "")) or ("/static" if path_of(scope).startswith("/static/") else "none")


def path_of(scope: Scope) -> str:
    """The path without the prefix that a proxy takes off and uvicorn puts on again (ASGI, `root_path`)."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def facts_of(scope: Scope) -> dict[str, Any]:
    """Where a route writes what it knows of its answer; without the middleware it is read by nobody."""
    facts: dict[str, Any] = scope.setdefault("reformgraph.facts", {})
    return facts
