"""All settings: one frozen dataclass, read from the environment in one place, handed on, never global."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

import platformdirs

from reformgraph.content import checkout_root
from reformgraph.errors import SourceFileError


def _default_home() -> Path:
    checkout = checkout_root()
    return checkout / ".cache" if checkout else Path(platformdirs.user_cache_dir("reformgraph"))


@dataclass(frozen=True)
class Settings:
    """What can be set; each field is read from `REFORMGRAPH_<FIELD>`, and the command line overrides it."""

    # Folder of the built releases.
    home: Path = field(default_factory=_default_home)
    # Folder of the report texts (*.txt). With it pages show the clause around a figure; without it all else works.
    sources: Path | None = None
    # Show clauses also on a host that is not loopback: the texts are their publishers'.
    show_clauses: bool = False
    # A folder with more canned queries (*.rq), run in the killable lane.
    queries: Path | None = None
    # Seconds that an ad-hoc SPARQL query may take.
    deadline: float = 10.0
    # Ad-hoc SPARQL queries that may run at once.
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    # Ad-hoc SPARQL queries that may wait for a worker.
    queue: int = 16
    # MiB that one ad-hoc worker may map beyond the opened store.
    worker_memory: int = 512
    # MiB that one answer of an ad-hoc query may have.
    answer_size: int = 64
    # A built release to serve as it is (a folder of `releases`), instead of that of the files at hand.
    release: Path | None = None
    # Serve each new release of `home` as soon as it is built.
    follow: bool = True
    # Processes that serve; ad-hoc workers are shared out among them.
    processes: int = 1
    # Least grave level of the logs: debug, info (a line for each request), warning or error.
    log_level: str = "info"
    # Run ad-hoc SPARQL where the system cannot limit memory and time (not Linux).
    allow_unlimited: bool = False


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings with the values of `REFORMGRAPH_*`; an unknown or ill-typed one raises SourceFileError."""
    environment = os.environ if environment is None else environment
    known = {f"REFORMGRAPH_{f.name.upper()}": f for f in fields(Settings)}
    values = {}
    for name, text in environment.items():
        if not name.startswith("REFORMGRAPH_"):
            continue
        if name not in known:
            raise SourceFileError("environment", 0, f"{name} is no setting. Known: {', '.join(known)}.")
        values[known[name].name] = _read(name, str(known[name].type), text)
    return Settings(**values)  # type: ignore[arg-type]


def to_environment(settings: Settings) -> dict[str, str]:
    """`REFORMGRAPH_*` for settings, for another process; what is None is left out."""
    values = {f.name: getattr(settings, f.name) for f in fields(Settings)}
    return {f"REFORMGRAPH_{name.upper()}": str(value) for name, value in values.items() if value is not None}


def _read(name: str, kind: str, text: str) -> object:
    """A setting's text as its type; types are the names as written above."""
    try:
        if kind == "bool":
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.lower()]
        return {"int": int, "float": float}.get(kind, Path if "Path" in kind else str)(text)
    except (KeyError, ValueError):
        raise SourceFileError("environment", 0, f"{name}={text!r} is no {kind}.") from None
