"""The service as processes: one, or several that listen at the same address and follow the same releases.

serve -> build or open the release -> bind -> uvicorn (one process)
                                           -> uvicorn's supervisor -> `application()` in each process
"""

from __future__ import annotations

import gc
import logging
import math
import os
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.supervisors import Multiprocess

from reformgraph.content import content_root
from reformgraph.errors import ReformgraphError
from reformgraph.queries import Catalogue
from reformgraph.release import Release, ensure, latest, open_release
from reformgraph.settings import Settings, from_environment, to_environment
from reformgraph.web.layers import logs
from reformgraph.web.listening import SPREADS, Spreading

if TYPE_CHECKING:
    from fastapi import FastAPI

    from reformgraph.web.front import Front
    from reformgraph.web.service import Service

log = logging.getLogger("reformgraph.service")
Talk = Callable[[str], None]


def release_of(settings: Settings, talk: Talk) -> Release:
    """The release to serve: the one that is named, else that of the files at hand.

    Where the files are faulty it is the last good one, and the fault is told.
    """
    if settings.release is not None:
        return open_release(settings.release)
    try:
        return ensure(content_root(), settings.home, talk)
    except ReformgraphError as error:
        last = latest(settings.home)
        if last is None:
            raise
        talk(f"reformgraph: {error}")
        talk(f"The files are faulty; release {last.id[:12]} is served instead.")
        return last


def run(settings: Settings, release: Release, listener: socket.socket, root_path: str) -> None:
    """Serve until a signal ends it; a request at work has the deadline of a query to end, and two seconds."""
    several = settings.processes > 1
    app = "reformgraph.web.server:application" if several else _app(settings, release)
    config = uvicorn.Config(
        app,
        factory=several,
        workers=settings.processes,
        root_path=root_path,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=math.ceil(settings.deadline) + 2,
    )
    logs.configure(settings.log_level)
    if not several:
        uvicorn.Server(config).run([listener])
        return
    share = max(1, settings.workers // settings.processes)
    with tempfile.TemporaryDirectory(prefix="reformgraph-metrics-") as numbers:
        os.environ |= to_environment(replace(settings, workers=share))
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = numbers
        (Spreading(config, listener) if SPREADS else Multiprocess(config, sockets=[listener])).run()


def application() -> Front:
    """The application in one of several processes; settings come from the environment."""
    settings = from_environment()
    logs.configure(settings.log_level)
    return _app(settings, release_of(settings, log.info))


def _app(settings: Settings, release: Release) -> Front:
    """The application; what takes the engine or the disk is done while the modules of the lane are read."""
    with _uncollected(), ThreadPoolExecutor(1) as aside:
        catalogue = aside.submit(Catalogue.read, content_root() / "queries", settings.queries)
        # Both read the library of the counters, which looks at the environment once: `run` has set it by now.
        from reformgraph.web.front import Front  # noqa: PLC0415
        from reformgraph.web.service import Service  # noqa: PLC0415

        service = Service(settings, release, catalogue.result())
        return Front(service.lane(), lambda: _whole(service))


def _whole(service: Service) -> FastAPI:
    """All routes; where they cannot be read the process ends, so that whoever watches it sees that."""
    try:
        with _uncollected():
            from reformgraph.web.app import create_app  # noqa: PLC0415 - half of the start

            return create_app(service=service)
    except Exception:
        log.critical("the routes cannot be read: the service ends", exc_info=True)
        os.kill(os.getpid(), signal.SIGTERM)
        raise


@contextmanager
def _uncollected() -> Iterator[None]:
    """What is made to stay is not searched for garbage, neither while it is made nor afterwards.

    What requests hold at the end of it is not searched again either; it is freed with its last reference, as ever.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
