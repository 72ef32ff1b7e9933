from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
from hostile_harness import Service, check_alive, hostile_service


class Listener:
    """A server on loopback that nobody may call."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.calls = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="session")
def hostile() -> Iterator[Service]:
    with hostile_service() as service:
        yield service


@pytest.fixture
def service(hostile: Service) -> Iterator[Service]:
    """The service before a case; after it the same process must be as good as before."""
    yield hostile
    check_alive(hostile)


@pytest.fixture(scope="session")
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()
