"""Listening sockets: one for a single process, one for each of several, so that the kernel spreads the connections.

From one shared socket the process that wakes first takes every connection that waits, and the other cores idle.
"""

from __future__ import annotations

import socket
import sys

from uvicorn import Config
from uvicorn.supervisors import Multiprocess

from reformgraph.errors import SourceFileError

BACKLOG = 2048  # what comes before the service is ready waits instead of being refused
# Other systems share the address, too, but do not spread: https://man7.org/linux/man-pages/man7/socket.7.html
SPREADS = sys.platform == "linux"


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, so that the address can be told before the first request, also for port 0."""
    try:
        listener = _bound(host, port)
    except OSError as error:
        reason = f"cannot listen on {host}:{port}: {error.strerror}. Choose another: --port."
        raise SourceFileError("serve", 0, reason) from None
    listener.listen(BACKLOG)
    return listener


class Spreading(Multiprocess):
    """uvicorn's supervisor of processes, where each of them listens on a socket of its own.

    `listener`, which held the address until now, is closed before the first process begins.
    """

    def __init__(self, config: Config, listener: socket.socket) -> None:
        host, port = listener.getsockname()[:2]
        self._address: tuple[str, int] = host, port
        listener.close()
        super().__init__(config, [])

    @property
    def sockets(self) -> list[socket.socket]:
        """A new socket for the next process; ours closes once the process has its copy."""
        listener = _bound(*self._address, shared=True)
        listener.listen(BACKLOG)
        return [listener]

    @sockets.setter
    def sockets(self, _: list[socket.socket]) -> None:
        """What uvicorn would have all processes share."""


def _bound(host: str, port: int, shared: bool = False) -> socket.socket:
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.bind((host, port))
    return bound
