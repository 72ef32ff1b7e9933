"""The tools as an MCP server of the package `mcp`; https://modelcontextprotocol.io/specification

Imported only where an agent asks, for the package is optional and takes half a second to load.
"""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Callable
from typing import Annotated, Any, ParamSpec, TypeVar

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from reformgraph import __version__
from reformgraph.errors import ReformgraphError
from reformgraph.namespaces import BASE
from reformgraph.web import problems
from reformgraph.web.agents import shapes, tools
from reformgraph.web.site import Site

P = ParamSpec("P")
T = TypeVar("T")
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, destructive_hint=False, open_world_hint=False)
_INSTRUCTIONS = """What Chinese police bureaus claim about their reforms, read from their published reports.
Every figure is somebody's claim, not a fact. Quote it with its bound (13000余台 is over 13,000), unit, period, claimant
and voice, and cite its iri and the words in `evidence`. Before you set two figures side by side ask `compare`: it tells
whether they may be compared, and why not. Arguments that name a thing take a label (大连市公安局, Dalian), an alias, a
CURIE or an IRI; `search` finds what something is called, from pinyin too."""

Cursor = Annotated[str | None, Field(description="`next` of the answer before")]
Kinds = Annotated[list[str], Field(description="Only results of these kinds: agency, metric, place, obs (figures), …")]
Claim = Annotated[str, Field(description="IRI, CURIE or slug of a figure, such as obs:826ec1811efe-1157-1164")]
Given = Annotated[
    dict[str, str | int | float | list[str | int | float]],
    Field(description='Parameters by name: {"agency": "大连市公安局"}; a list where the query takes many'),
]
Places = Annotated[list[str], Field(description="Places, or bodies that serve one; all that tell the metric if empty")]
AsOf = Annotated[str | None, Field(description="Only figures whose period ends on or before this day (YYYY-MM-DD)")]


def _limit(most: int) -> Any:
    return Field(ge=1, le=most, description="How many at most")


class _Tools:
    """The tools as agents see them: names, arguments, and docstrings that tell when to use each."""

    def __init__(self, site_of: Callable[[Context[Any]], Site]) -> None:
        self._site_of = site_of

    def search(
        self,
        ctx: Context[Any],
        text: str,
        kinds: Kinds = [],  # noqa: B006 - never changed
        limit: Annotated[int, _limit(tools.MAX_RESULTS)] = 10,
        cursor: Cursor = None,
    ) -> shapes.SearchAnswer:
        """Find bodies, places, initiatives, systems, metrics and figures by name (Chinese, English, pinyin) or by the
        words of the reports. Start here to learn how something is called. Persons are not searched.
        """
        return tools.search(self._site_of(ctx), text, kinds, limit, cursor)

    def get_claim(self, ctx: Context[Any], claim: Claim) -> shapes.ClaimAnswer:
        """One figure: number, bound, unit, period, who says it, every place where it stands, what validation found, and
        how other figures of its metric compare with it.
        """
        return tools.get_claim(self._site_of(ctx), claim)

    def list_canned_queries(self, ctx: Context[Any]) -> shapes.CatalogueAnswer:
        """The questions that the graph answers as they stand, with their parameters and columns."""
        return tools.list_canned_queries(self._site_of(ctx))

    def run_canned_query(
        self,
        ctx: Context[Any],
        name: str,
        parameters: Given = {},  # noqa: B006 - never changed
        limit: Annotated[int, _limit(tools.MAX_ROWS)] = 50,
        cursor: Cursor = None,
    ) -> shapes.RowsAnswer:
        """Run one of `list_canned_queries`: `observations` lists figures, others answer about money, ranks, changes,
        problems, promises, initiatives. `figures` tells each figure of the rows in full.
        """
        return tools.run_canned_query(self._site_of(ctx), name, parameters, limit, cursor)

    def compare(
        self,
        ctx: Context[Any],
        metric: str,
        places: Places = [],  # noqa: B006 - never changed
        as_of: AsOf = None,
        limit: Annotated[int, _limit(tools.MAX_PAIRS)] = 20,
        cursor: Cursor = None,
    ) -> shapes.CompareAnswer:
        """Figures of one metric side by side, and for each pair whether they may be compared: comparable, with-care or
        not-comparable, with the reasons. Places without a figure are told with what is there instead.
        """
        return tools.compare(self._site_of(ctx), metric, places, as_of, limit, cursor)


def server(site_of: Callable[[Context[Any]], Site]) -> MCPServer[Any]:
    """The server; `site_of` gives the release that answers a call."""
    made: MCPServer[Any] = MCPServer(
        name="reformgraph",
        title="警务改革图谱 · reformgraph",
        version=__version__,
        website_url=BASE,
        instructions=_INSTRUCTIONS,
        subscriptions=False,  # a release does not change under a call, and nobody needs to hold a stream open
        log_level="WARNING",
    )
    # At info it writes what was sought and why it was not found, which is the caller's own.
    logging.getLogger("mcp").setLevel(logging.WARNING)
    offered = _Tools(site_of)
    for tool in (
        offered.search, offered.get_claim, offered.list_canned_queries, offered.run_canned_query, offered.compare,
    ):  # fmt: skip
        made.add_tool(_told(tool), annotations=_READS)
    return made


def _told(tool: Callable[P, T]) -> Callable[P, T]:
    """The tool with errors of ours as errors that the agent reads: what is wrong, and what there is instead."""

    @functools.wraps(tool)
    def telling(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return tool(*args, **kwargs)
        except ReformgraphError as error:
            raise ToolError(json.loads(bytes(problems.from_error(error).body))["detail"]) from None

    return telling
