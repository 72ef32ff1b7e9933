"""All settings: one frozen dataclass, read from the environment in one place, handed on, never global."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal, get_args, get_type_hints

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
    # Where a reader challenges a reading: a `mailto:` or `https://` address; it gets IRI and release, in a web address
    # at `{iri}` and `{release}` if it has these. Without it a page only says what to send to the publisher.
    contact: str | None = None
    # A folder with more canned queries (*.rq), run in the killable lane.
    queries: Path | None = None
    # Seconds that an ad-hoc SPARQL query may take.
    deadline: float = 10.0
    # A graph of at most so many triples is held in memory by each process for canned queries (some 330 bytes a triple).
    resident: int = 1_500_000
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
    # A SPARQL 1.1 endpoint, filled by `reformgraph push`, that answers the canned queries instead of the release here.
    endpoint: str | None = None
    # Name and password, or else a token, for that endpoint and for `push`: from the environment only, never shown.
    endpoint_user: str | None = field(default=None, repr=False)
    endpoint_password: str | None = field(default=None, repr=False)
    endpoint_token: str | None = field(default=None, repr=False)
    # What a query is asked over: `union` takes the endpoint's default graph, `named` names our graphs in each request.
    endpoint_graphs: Literal["union", "named"] = "union"
    # Seconds that the endpoint may take for an answer.
    endpoint_timeout: int = 60
    # Unit of `timeout=` in a request: `s`, `ms` (Stardog), `none` for no such parameter; `auto` knows some stores.
    endpoint_timeout_unit: Literal["auto", "s", "ms", "none"] = "auto"
    # Run ad-hoc SPARQL where the system cannot limit memory and time (not Linux).
    allow_unlimited: bool = False

    def __post_init__(self) -> None:
        """Refuse a contact that a browser would not open as mail or page, such as `javascript:`."""
        if self.contact and not self.contact.startswith(("mailto:", "https://", "http://")):
            reason = f"REFORMGRAPH_CONTACT={self.contact!r} is neither a mailto: nor an https: address."
            raise SourceFileError("environment", 0, reason)


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


def _field(name: str) -> str:
    return name.removeprefix("REFORMGRAPH_").lower()


def _read(name: str, kind: str, text: str) -> object:
    """A setting's text as its type; types are the names as written above."""
    try:
        if kind.startswith("Literal"):
            return {option: option for option in get_args(get_type_hints(Settings)[_field(name)])}[text]
        if kind == "bool":
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.lower()]
        return {"int": int, "float": float}.get(kind, Path if "Path" in kind else str)(text)
    except (KeyError, ValueError):
        raise SourceFileError("environment", 0, f"{name}={text!r} is no {kind}.") from None
