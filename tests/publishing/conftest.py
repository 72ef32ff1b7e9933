"""The release of the checkout opened for reading, its publication, and a client of its server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from reformgraph.engines.embedded import Embedded
from reformgraph.publishing import publication
from reformgraph.publishing.publication import Publication
from reformgraph.release import Release, ensure
from reformgraph.settings import Settings


@pytest.fixture(scope="session")
def whole_release(root: Path) -> Release:
    return ensure(root, Settings().home)


@pytest.fixture(scope="session")
def whole_engine(whole_release: Release) -> Iterator[Embedded]:
    with whole_release.engine() as engine:
        yield engine


@pytest.fixture(scope="session")
def published(whole_engine: Embedded, whole_release: Release) -> Publication:
    return publication.read(whole_engine, whole_release.id)


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=60) as client:
        yield client
