from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from store_servers import StoreServer, oxigraph, virtuoso, virtuoso_program

from reformgraph.release import Release, ensure
from reformgraph.settings import Settings


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


@pytest.fixture(scope="session")
def real_release(root: Path) -> Release:
    return ensure(root, Settings().home)


@pytest.fixture(scope="module")
def holding_real(store: StoreServer, real_release: Release) -> StoreServer:
    """Pushed by the command, over what another push left."""
    environment = os.environ | {f"REFORMGRAPH_{key.upper()}": value for key, value in store.environment().items()}
    options = ["--endpoint", store.endpoint, "--graph-store", store.graph_store]
    command = [sys.executable, "-m", "reformgraph", "push", *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return store
