"""What the first readers of a release would wait for, made soon after the start: names, figures, lists, pages.

It is made step by step in a thread, once the service has answered for a while, so that neither the start nor a reader
waits for it; what is asked for before its turn is made then, as without this.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

from starlette.concurrency import run_in_threadpool

from reformgraph.errors import ReformgraphError
from reformgraph.web.site import Site
from reformgraph.web.sites import Sites

log = logging.getLogger("reformgraph.service")
PAUSE = 3.0  # s from the start to the first step
BREATH = 0.05  # s between two steps
MOST = 250_000  # triples: what takes half a minute here takes many for a million, and slows all that are answered


async def warm(sites: Sites) -> None:
    """Take the steps for the release of now; none where it is large, or where another store is asked."""
    await asyncio.sleep(PAUSE)
    with sites.lease() as site:
        steps = _steps(site)
        try:
            while site.endpoint is None and site.release.triples <= MOST:
                if not await run_in_threadpool(next, steps, ""):
                    break
                await asyncio.sleep(BREATH)
        except ReformgraphError as error:  # whoever asks for the same is told the same
            log.info("nothing more is made ahead: %s", error)


def _steps(site: Site) -> Iterator[str]:
    """Make one thing after another; the name of each once it is there."""
    from reformgraph.publishing import keptreleases  # noqa: PLC0415 - long after the start
    from reformgraph.web.describing.changes import step_between  # noqa: PLC0415
    from reformgraph.web.pages.environment import compiled  # noqa: PLC0415

    table, overviews = site.resources.figures, site.overviews
    yield f"{len(table.names)} names"
    yield f"{len(table.rows)} figures of {len(table.reports)} reports, {len(table.findings)} findings"
    yield f"{len(overviews.matrix)} rows of the matrix, {len(overviews.timeline)} of the timeline"
    yield f"{len(overviews.coverage)} places, {len(overviews.themes)} themes"
    yield f"{len(overviews.findings({}).rows)} findings under {len(overviews.rules)} rules"
    yield f"{len(site.vocabulary.terms)} terms, {len(site.vocabulary.schemes)} code lists"
    yield f"{site.holdings.triples} triples"
    yield f"{len(site.rulebook.rules)} rules"
    for query in site.queries.catalogue:
        for parameter in query.parameters:
            site.choosing.choices(query, parameter, "zh")
        yield f"the lists of {query.name}"
    yield from compiled()
    before = keptreleases.before(site.release.path.parent, site.release)
    yield f"{len(step_between(before, site.release).changes)} changes"
