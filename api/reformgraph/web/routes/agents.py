"""`/mcp`: the graph for agents over the Model Context Protocol (streamable HTTP); `/llms.txt`: where agents begin."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from reformgraph import __version__, results
from reformgraph.results import FORMATS, Format
from reformgraph.web import problems, respond
from reformgraph.web.agents.mounting import Agents
from reformgraph.web.dependencies import SiteOf
from reformgraph.web.pages import render

routes = APIRouter(tags=["agents"])
_TEXT = Format("txt", "text/plain", "text")
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_JSON = {"application/json": {"schema": {"type": "object"}}}
_ABOUT: dict[int | str, dict[str, Any]] = {
    200: {"description": "What answers here", "content": _JSON},
    405: {"description": "No stream is held open here", "content": _PROBLEM},
}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The answer (JSON-RPC 2.0)", "content": _JSON},
    202: {"description": "A notification, taken"},
    400: {"description": "No request of the protocol", "content": _JSON},
    501: {"description": "The extra `mcp` is not installed", "content": _PROBLEM},
}
_BODY = {"required": True, "description": "A message of JSON-RPC 2.0", "content": _JSON}


@routes.get("/mcp", responses=_ABOUT, response_model=None)
def about(request: Request, site: SiteOf) -> Response:
    """What answers here (JSON). A client that asks for a stream of events is told that there is none."""
    accepted = request.headers.get("accept", "")
    if "text/event-stream" in accepted and "application/json" not in accepted:
        return problems.problem(
            405, "http", "Method Not Allowed", "No stream is held open here: POST asks, and is told."
        )
    body = {
        "name": "reformgraph",
        "version": __version__,
        "release": site.release.id,
        "protocol": "https://modelcontextprotocol.io/",
        "transport": "streamable-http",
        "url": str(request.url.replace(query="")),
        "documentation": f"{request.base_url}llms.txt",
    }
    return respond.answer(site, request, FORMATS["json"], lambda: results.json_bytes(body))


@routes.post("/mcp", responses=_ANSWERS, openapi_extra={"requestBody": _BODY}, response_model=None)
async def ask(request: Request) -> Response:
    """The Model Context Protocol: tools `search`, `get_claim`, `list_canned_queries`, `run_canned_query`, `compare`."""
    agents: Agents = request.app.state.agents
    return await agents.answer()


@routes.get(
    "/llms.txt", responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}, response_model=None
)
def begin(request: Request, site: SiteOf) -> Response:
    """What this is and where to ask, in the form that agents look for (https://llmstxt.org/)."""
    return respond.answer(
        site, request, _TEXT,
        lambda: render(request, "llms.txt", manifest=site.release.manifest, queries=list(site.queries.catalogue)),
    )  # fmt: skip
