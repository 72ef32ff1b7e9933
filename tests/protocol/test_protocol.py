"""The SPARQL 1.1 Protocol and what stands around it, check by check (tables in the modules beside)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pyoxigraph as ox
import pytest
from protocol_answers import DESCRIPTIONS, FORMATS, GRAPH_STORE, HEADERS
from protocol_harness import Check, faults
from protocol_requests import DATASETS, ERRORS, METHODS, OPERATIONS, PROBLEMS, W3C

SLASH = [replace(check, target=check.target.replace("/sparql", "/sparql/", 1)) for check in W3C]
FAMILIES = {"w3c": W3C, "w3c at /sparql/": SLASH, "operations": OPERATIONS, "datasets": DATASETS, "formats": FORMATS, "errors": ERRORS + PROBLEMS,
            "methods": METHODS, "headers": HEADERS, "graph store": GRAPH_STORE, "descriptions": DESCRIPTIONS}  # fmt: skip


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=30) as client:
        yield client


@pytest.mark.parametrize(
    "check", [pytest.param(c, id=f"{family}: {c.name}") for family, checks in FAMILIES.items() for c in checks]
)
def test_protocol(http: httpx.Client, check: Check) -> None:
    assert faults(http, check) == []


def test_all_tests_of_the_w3c_are_in_the_table_and_no_name_is_used_twice(report_lines: list[str]) -> None:
    assert len(W3C) == 34
    names = [(family, check.name) for family, checks in FAMILIES.items() for check in checks]
    assert len(names) == len(set(names))
    counts = ", ".join(f"{family} {len(checks)}" for family, checks in FAMILIES.items())
    report_lines.append(f"protocol checks: {len(names)} ({counts})")


def test_what_the_graph_store_gives_after_all_this_is_the_release_to_the_byte(http: httpx.Client) -> None:
    """Refused updates changed nothing: the graphs, put together again, have the hash that names the release."""
    for check in W3C + ERRORS + METHODS:
        faults(http, check)
    dataset = ox.Dataset()
    for graph in http.get("/graphs", headers={"Accept": "application/json"}).json()["graphs"]:
        body = http.get(graph["url"], headers={"Accept": "application/n-triples"}).content
        for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES, rename_blank_nodes=True):
            dataset.add(ox.Quad(*quad.triple, ox.NamedNode(graph["graph"])))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    text = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b""
    lines = sorted(line + "\n" for line in text.decode().split("\n") if line)
    assert hashlib.sha256("".join(lines).encode()).hexdigest() == http.get("/ready").json()["release"]
