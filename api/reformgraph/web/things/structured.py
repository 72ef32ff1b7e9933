"""schema.org JSON-LD in pages, as data blocks.

A `<script>` whose type is no JavaScript is data: it is not run, and a Content-Security-Policy that forbids scripts does
not concern it (HTML, 4.12.1: a data block is left before the policy is asked).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from starlette.requests import Request

from reformgraph.namespaces import BASE
from reformgraph.publishing import publication, schemaorg
from reformgraph.resources import Thing
from reformgraph.web.describing.void import store_address
from reformgraph.web.offers import GRAPHS
from reformgraph.web.site import Site

_FORMATS = GRAPHS[:3]


def block(told: Mapping[str, Any]) -> Markup:
    """A data block; `<` is escaped, so that no text of the graph ends it."""
    text = json.dumps(told, ensure_ascii=False).replace("<", "\\u003c")
    return Markup(f'<script type="application/ld+json">{text}</script>')  # noqa: S704 - escaped above


def dataset(request: Request, site: Site) -> Markup:
    """The whole data set, for the home page and the catalogue."""
    held = site.holdings
    labels = site.resources.labels(held.areas)
    told = schemaorg.dataset(
        publication.read(site.engine, site.release.id),
        [(f.media_type, f"{store_address(request)}&format={f.suffix}") for f in _FORMATS],
        str(request.base_url),
        (held.start, held.end),
        [labels.get(area, {}).get("zh") or area for area in held.areas],
    )
    return block(told)


def thing(request: Request, site: Site, shown: Thing) -> Markup:
    """A report as a data set; other things have none."""
    if shown.kind != "doc":
        return Markup("")
    graph = f"{BASE}graph/doc-{shown.iri.rpartition('/')[2]}"
    downloads = [(f.media_type, f"{store_address(request, graph)}&format={f.suffix}") for f in _FORMATS]
    told = schemaorg.report(publication.read(site.engine, site.release.id), shown.iri, shown.labels, downloads)
    return block(told)


def figure(site: Site, row: Mapping[str, Any]) -> Markup:
    """A figure, a row of the query `observations`, as an Observation."""
    named = [row[name] for name in ("metric", "area", "claimant") if row[name]]
    labels = site.resources.labels([*named, f"{BASE}doc/{row['document']}"])
    return block(schemaorg.observation(row, labels, publication.read(site.engine, site.release.id)))
