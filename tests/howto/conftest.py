from __future__ import annotations

import os
import re
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

COMUNICA = Path(__file__).parents[2] / ".venv" / "comunica" / "node_modules" / ".bin"


@pytest.fixture(scope="module")
def comunica() -> Iterator[Path]:
    """The folder of Comunica's commands, which is on the PATH as after `npm install`."""
    if not (COMUNICA / "comunica-sparql").exists():
        assert shutil.which("npm") is None, "`make test` installs Comunica where npm is: sh tests/install-comunica.sh"
        pytest.skip("Comunica (comunica-sparql) is not installed, and cannot be: there is no npm")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(COMUNICA), prepend=os.pathsep)
        yield COMUNICA


@pytest.fixture(scope="module")
def ports() -> dict[str, int]:
    """A free port for each that pages give to stores; all are held at once, so that no two are the same."""
    with ExitStack() as stack:
        free = {port: stack.enter_context(socket.socket()) for port in ("1111", "8890", "7878")}
        for held in free.values():
            held.bind(("127.0.0.1", 0))
        return {port: int(held.getsockname()[1]) for port, held in free.items()}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for pages that start servers; those that a failure leaves running are stopped."""
    folder = tmp_path_factory.mktemp("shop")
    yield folder
    for left in (*folder.rglob("oxigraph.pid"), *folder.rglob("virtuoso.lck")):
        os.kill(int(re.findall(r"\d+", left.read_text())[0]), signal.SIGTERM)
