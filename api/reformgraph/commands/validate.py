"""The command `reformgraph validate`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import pyoxigraph as ox
import typer

from reformgraph.assembly import assemble
from reformgraph.cli import CONFORMS, NOT_CONFORMING, Format, app, current_settings, errors_told, out, talk
from reformgraph.content import content_root
from reformgraph.errors import NotFoundError, ParameterError, SourceFileError
from reformgraph.namespaces import GRAPH
from reformgraph.release import build_key
from reformgraph.rules import read_rules
from reformgraph.shacl.messages import LANGUAGES
from reformgraph.validation import FAMILIES, Report

Done = Callable[[int, int], None]


@app.command()
def validate(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Further reports (Turtle, N-Triples, TriG, N-Quads, JSON-LD), - for stdin."),
    ] = None,
    format_: Format = "text",
    language: Annotated[str, typer.Option("--lang", help="Language of text, HTML and JUnit: zh or en.")] = "en",
    shapes: Annotated[str, typer.Option(help="core (form), plausibility (content) or all.")] = "all",
    severity: Annotated[str, typer.Option(help="Fail from this on: Violation, Warning or Info.")] = "Violation",
    syntax: Annotated[str | None, typer.Option("--from", help="Syntax of the files, if not by suffix.")] = None,
    document: Annotated[str | None, typer.Option(help="Only this report of the graph (its key).")] = None,
    store: Annotated[Path | None, typer.Option(help="An Oxigraph store to check instead of the files at hand.")] = None,
    jobs: Annotated[int | None, typer.Option(help="Processes and threads to check on.", min=1)] = None,
    scheduler: Annotated[str | None, typer.Option(help="Address of a Dask scheduler for the core shapes.")] = None,
    reference: Annotated[bool, typer.Option("--reference", help="Let pyshacl check the core shapes.")] = False,
) -> None:
    """Check the whole graph against the shapes, or the files given as further reports on top of it.

    Formats: text, json, html, turtle, nt, jsonld, rdf, junit.
    Exit codes: 0 conforms, 1 does not, 2 error, 3 unsupported.
    """
    from reformgraph.shacl import reports  # noqa: PLC0415

    with errors_told():
        _one_of("--lang", language, LANGUAGES)
        _one_of("--shapes", shapes, FAMILIES)
        write, threshold = reports.writer(format_), reports.severity(severity)
        if files:
            report = _on_top(files, shapes, syntax)
        elif document:
            report = _of_document(document, shapes, store)
        else:
            report = _whole(shapes, store, jobs, scheduler, reference)
        rules = _rules(shapes) if format_ == "junit" else []
        how = reports.Rendering(language, threshold, rules)
        out(write(report, how))
        raise typer.Exit(CONFORMS if how.passes(report) else NOT_CONFORMING)


def _one_of(option: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ParameterError(option, f"{value!r} is not known here.", allowed)


def _rules(family: str) -> list[str]:
    from reformgraph.validation import read_shapes, rule_names  # noqa: PLC0415

    return rule_names(read_shapes(content_root(), family))


def _on_top(files: list[Path], family: str, syntax: str | None) -> Report:
    """The report on files as further reports: what they bring about in our graph."""
    from reformgraph.shacl.submissions import Ground  # noqa: PLC0415
    from reformgraph.shacl.submitted import read_file  # noqa: PLC0415
    from reformgraph.validation import read_shapes  # noqa: PLC0415

    quads = []
    for path in files:
        quads.append(read_file(path, sys.stdin.buffer.read() if str(path) == "-" else None, syntax))
    root = content_root()
    ground = Ground.of(_checked_graph(), read_rules(root / "queries" / "rules"))
    return ground.check(quads, read_shapes(root, family))


def _checked_graph() -> ox.Store:
    """Our graph with its findings: the release of the files at hand if it is built, else made of the files."""
    from reformgraph.shacl.findings import finding_quads  # noqa: PLC0415
    from reformgraph.validation import validate as run  # noqa: PLC0415

    root = content_root()
    lines = current_settings().home / "releases" / build_key(root) / "release.nq"
    if lines.is_file():
        store = ox.Store()
        store.bulk_load(path=str(lines), format=ox.RdfFormat.N_QUADS)
        return store
    store = assemble(root, progress=talk)
    store.extend(list(finding_quads(run(store, root))))
    return store


def _of_document(key: str, family: str, directory: Path | None) -> Report:
    """The report on what one document of the graph describes."""
    from reformgraph.validation import validate as run  # noqa: PLC0415

    store = _opened(directory) if directory else assemble(content_root(), progress=talk)
    graph = ox.NamedNode(f"{GRAPH}doc-{key}")
    nodes = {quad.subject for quad in store.quads_for_pattern(None, None, None, graph)}
    if not nodes:
        keys = [name.value.rpartition("doc-")[2] for name in store.named_graphs() if "/doc-" in str(name)]
        raise NotFoundError("report in the graph", key, sorted(keys)[:5])
    return run(store, content_root(), family, nodes)  # type: ignore[arg-type]


def _whole(family: str, directory: Path | None, jobs: int | None, scheduler: str | None, reference: bool) -> Report:
    from reformgraph import validation  # noqa: PLC0415
    from reformgraph.shacl import parallel  # noqa: PLC0415

    root = content_root()
    store = _opened(directory) if directory else assemble(root, progress=talk)
    if not (jobs or scheduler):
        return validation.validate(store, root, family, reference=reference)
    work = parallel.Work(store, validation.read_shapes(root, family), directory)
    with _progress() as done:
        found = parallel.on_cluster(work, scheduler, done) if scheduler else parallel.on_cores(work, jobs, done)
        return validation.report_of(store, work.shapes, list(found), jobs or 1)


def _opened(directory: Path) -> ox.Store:
    from reformgraph.engines.embedded import open_read_only  # noqa: PLC0415

    inner = directory / "store"  # of a release
    if not directory.is_dir():
        raise SourceFileError(directory, 0, "there is no such folder.")
    return open_read_only(inner if inner.is_dir() else directory)


@contextmanager
def _progress() -> Iterator[Done]:
    """A bar on stderr while chunks are checked, if a person looks on."""
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("chunks", total=None)
        yield lambda finished, total: bar.update(task, completed=finished, total=total)
