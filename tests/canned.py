"""Canned queries on the tiny graph: what each is asked, and its rows on an engine."""

from __future__ import annotations

import pyoxigraph as ox

from reformgraph.content import content_root
from reformgraph.engines.base import Engine
from reformgraph.queries import Catalogue, QueryService
from reformgraph.results import csv_text, rows

CASES = {
    "observations": {},
    "entities": {},
    "agency-profile": {"agency": ["河湾市公安局"]},
    "evidence": {"observation": ["obs:{a}"]},
    "compare-metric": {"metric": ["computers-per-officer"]},
    "initiative-implementers": {"initiative": ["信息化建设"]},
    "changes": {"direction": ["fall"]},
    "money": {"min_amount": ["1000000"]},
    "promises": {"place": ["河湾市"]},
    "problems": {},
    "initiative-timeline": {"initiative": ["三基工程"], "depth": ["2"]},
    "disagreements": {"tolerance": ["10"]},
    "totals": {},
    "documents": {},
    "systems-by-city": {},
    "awards": {"receiver": ["桥头县公安局"]},
    "coverage": {"min_agencies": ["2"]},
    "vagueness": {"agency": ["河湾市公安局", "桥头县公安局"]},
    "vaguest-reports": {},
    "firsts-and-onlys": {"claim": ["first"]},
    "sources-and-voices": {},
    "ranks": {},
    "figures-without-period": {},
    "evidence-matrix": {"agency": ["桥头县公安局"]},
    "hierarchy": {"agency": ["河湾市公安局"]},
    "rules-and-plans": {},
    "events": {},
    "facilities": {"place": ["桥头县"]},
    "office-holders": {"on": ["2015-03-01"]},
    "problems-and-recommendations": {},
    "not-answered": {"metric": ["public-safety-sense-rate", "public-safety-sense-rank"]},
    "derived-from": {"observation": ["d84aa6210c2f-96-100", "d84aa6210c2f-57-61"]},
    "wordings": {"thing": ["信息化建设"]},
    "findings": {"severity": ["warning"]},
    "audit-summary": {},
    "audit-shares": {},
}


def ask(engine: Engine, name: str, short: bool = False) -> bytes:
    """The rows of one case as CSV, asked as a short question or not."""
    service = QueryService(engine, Catalogue.read(content_root() / "queries"), "r" * 64)
    figures = service.run(service.ask("observations", {}))
    assert isinstance(figures, ox.QuerySolutions)
    first = rows(figures)[0]["observation"].rpartition("/")[2]
    given = {key: [value.replace("{a}", first) for value in values] for key, values in CASES[name].items()}
    found = service.run(service.ask(name, given, short=short))
    assert isinstance(found, ox.QuerySolutions)
    return csv_text(service.catalogue.get(name).columns, rows(found))
