from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from store_servers import StoreServer, oxigraph, virtuoso, virtuoso_program


@pytest.fixture(scope="session")
def oxigraph_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreServer]:
    with oxigraph(tmp_path_factory.mktemp("oxigraph")) as store:
        yield store


@pytest.fixture(scope="session")
def virtuoso_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreServer]:
    if virtuoso_program() is None:
        installable = shutil.which("apt-get") and os.geteuid() == 0
        assert not installable, "`make test` installs Virtuoso 7 where it may"
        pytest.skip("Virtuoso 7 (virtuoso-t) is not installed, and cannot be")
    with virtuoso(tmp_path_factory.mktemp("virtuoso")) as store:
        yield store


@pytest.fixture(scope="session", params=["oxigraph", "virtuoso"])
def store(request: pytest.FixtureRequest) -> StoreServer:
    """Each store in turn, the same one for the whole run."""
    store: StoreServer = request.getfixturevalue(f"{request.param}_store")
    return store
