"""The command for agents on this machine: `reformgraph mcp`."""

from __future__ import annotations

from reformgraph.cli import app, current_release, current_settings, errors_told
from reformgraph.web.agents import require

__all__ = ["app"]


@app.command()
def mcp() -> None:
    """Answer an agent over the Model Context Protocol on stdin and stdout, until stdin ends.

    The same tools as at /mcp of the service: search, get_claim, list_canned_queries, run_canned_query, compare.
    """
    with errors_told():
        require()
        from reformgraph.web.agents.server import server  # noqa: PLC0415 - half a second, for this command only
        from reformgraph.web.site import open_site  # noqa: PLC0415

        settings = current_settings()
        with open_site(settings, current_release(settings)) as site:
            server(lambda _: site).run("stdio")
