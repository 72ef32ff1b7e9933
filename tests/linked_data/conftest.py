"""The release of the checkout, all IRIs of ours in it, and a client of its server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from linked_harness import Served, served

from reformgraph.namespaces import BASE
from reformgraph.release import ensure
from reformgraph.settings import Settings


@pytest.fixture(scope="session")
def whole(root: Path) -> Iterator[Served]:
    with served(ensure(root, Settings().home), root) as found:
        yield found


@pytest.fixture(scope="session")
def ours(whole: Served) -> set[str]:
    """Every IRI below the base as subject, predicate, object, datatype or graph of the release."""
    found = set()
    for quad in whole.store:
        terms = [*quad, *([quad.object.datatype] if isinstance(quad.object, ox.Literal) else [])]
        found |= {term.value for term in terms if isinstance(term, ox.NamedNode) and term.value.startswith(BASE)}
    return found


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=30) as client:
        yield client
