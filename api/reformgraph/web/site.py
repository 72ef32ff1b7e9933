"""What the routes share: settings, the opened release, the canned queries, the worker pool.

What only pages ask for is read when it is first asked for, so that the first answers need not wait for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from starlette.requests import Request

from reformgraph.canned.choosing import Choosing
from reformgraph.charts.drawing import ChartPool
from reformgraph.content import content_root
from reformgraph.engines.base import Engine
from reformgraph.engines.killable import Killable
from reformgraph.engines.workers import WorkerLimits, WorkerPool
from reformgraph.portraits.overviews import Overviews
from reformgraph.queries import Catalogue, QueryService
from reformgraph.release import Release
from reformgraph.resources import Resources
from reformgraph.search import SearchIndex
from reformgraph.settings import Settings
from reformgraph.shacl.checking import CheckPool
from reformgraph.texts import Texts
from reformgraph.web.endpoint import Endpoint, open_endpoint
from reformgraph.web.pacing import Pace

if TYPE_CHECKING:
    from reformgraph.linked.holdings import Holdings
    from reformgraph.portraits.vocabulary import Vocabulary
    from reformgraph.reconciliation.reconciling import Reconciler
    from reformgraph.shacl.rulebook import Rulebook

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Site:
    """One running service over one release."""

    settings: Settings
    release: Release
    engine: Engine
    queries: QueryService
    resources: Resources
    pool: WorkerPool
    checks: CheckPool
    charts: ChartPool
    overviews: Overviews
    texts: Texts
    search: SearchIndex
    endpoint: Endpoint | None = None
    pace: Pace = field(default_factory=Pace)

    @property
    def variant(self) -> str:
        """What besides the release changes the pages: whether the texts are at hand."""
        return "texts" if self.texts.by_key else ""

    @cached_property
    def reconciler(self) -> Reconciler:
        """What answers reconciliation."""
        from reformgraph.reconciliation.reconciling import Reconciler  # noqa: PLC0415

        return Reconciler(self.engine, self.search)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The terms of the ontology and the code lists."""
        from reformgraph.portraits.vocabulary import Vocabulary  # noqa: PLC0415

        return Vocabulary(self.resources)

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rules of validation, with their examples."""
        from reformgraph.shacl.rulebook import Rulebook  # noqa: PLC0415

        return Rulebook.of(self.engine)

    @cached_property
    def holdings(self) -> Holdings:
        """The counts of what the graph holds."""
        from reformgraph.linked.holdings import count  # noqa: PLC0415

        return count(self.engine)

    @cached_property
    def choosing(self) -> Choosing:
        """The lists of the forms."""
        return Choosing(self.queries)

    def shows_clauses(self, request: Request) -> bool:
        """Whether clauses of the texts may be shown: to this machine only, unless the settings say otherwise."""
        bound = (request.scope.get("server") or ("",))[0]
        loopback = bound in _LOOPBACK and request.url.hostname in _LOOPBACK
        return bool(self.texts.by_key) and (self.settings.show_clauses or loopback)


@contextmanager
def open_site(settings: Settings, release: Release, catalogue: Catalogue | None = None) -> Iterator[Site]:
    """Open the release read-only, read the queries unless they are given, start the workers; close all at the end."""
    root = content_root()
    catalogue = catalogue or Catalogue.read(root / "queries", settings.queries)
    limits = WorkerLimits(
        processes=settings.workers,
        deadline=settings.deadline,
        memory=settings.worker_memory * 2**20,
        answer=settings.answer_size * 2**20,
        queue=settings.queue,
    )
    with release.engine(settings.resident) as engine, closing(SearchIndex(release.search)) as search:
        pool = WorkerPool(release.store, limits, allow_unlimited=settings.allow_unlimited)
        checks = CheckPool(release.path, limits, allow_unlimited=settings.allow_unlimited)
        charts = ChartPool(release.path)
        try:
            endpoint = open_endpoint(settings, release)
            queries = QueryService(engine, catalogue, release.id, Killable(pool, engine), endpoint)
            resources = Resources(engine, queries, root / "queries" / "pages")
            texts = Texts.read(settings.sources)
            yield Site(
                settings=settings,
                release=release,
                engine=engine,
                queries=queries,
                resources=resources,
                pool=pool,
                checks=checks,
                charts=charts,
                overviews=Overviews(resources.figures),
                texts=texts,
                search=search,
                endpoint=endpoint,
            )
        finally:
            charts.close()
            checks.close()
            pool.close()
