"""The command line. Data goes to stdout, talk to stderr; exit codes as pyshacl: 0 good, 1 not conforming, 2 error.

Imports that cost time stand inside the commands that need them: `reformgraph serve` must answer within a second.
"""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from reformgraph import __version__
from reformgraph.assembly import assemble
from reformgraph.content import content_root
from reformgraph.errors import LimitError, MissingLibraryError, ReformgraphError, UnsupportedSyntaxError
from reformgraph.release import Release, ensure
from reformgraph.settings import Settings, from_environment

app = typer.Typer(
    name="reformgraph",
    help="What Chinese police bureaus claim about their reforms, every figure traced to its words.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
CONFORMS, NOT_CONFORMING, ERROR, UNSUPPORTED = 0, 1, 2, 3
_UNSUPPORTED = (LimitError, MissingLibraryError, UnsupportedSyntaxError)

Sources = Annotated[Path | None, typer.Option("--sources", help="Folder of the report texts (*.txt).")]
Format = Annotated[str, typer.Option("--format", "-f", help="Format of the output.")]


def talk(message: str) -> None:
    """One line to the person at the terminal."""
    print(message, file=sys.stderr)


def fail(error: ReformgraphError) -> NoReturn:
    """Say what is wrong and end with the error's exit code."""
    talk(f"reformgraph: {error}")
    raise typer.Exit(UNSUPPORTED if isinstance(error, _UNSUPPORTED) else ERROR)


@contextmanager
def errors_told() -> Iterator[None]:
    """Turn our errors into a line on stderr and an exit code; anything else is a fault of ours and shows whole."""
    try:
        yield
    except ReformgraphError as error:
        fail(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(CONFORMS) from None


def out(data: bytes | str) -> None:
    """Data to stdout as it is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data.encode() if isinstance(data, str) else data)
    sys.stdout.buffer.flush()


def _version(value: bool) -> None:
    if value:
        print(__version__)
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    """Settings come from REFORMGRAPH_*; options of a command override them."""


def current_settings(**given: Any) -> Settings:
    """The settings of the environment with the options that are given, those that are not None."""
    return dataclasses.replace(from_environment(), **{key: value for key, value in given.items() if value is not None})


def current_release(settings: Settings) -> Release:
    """The release of the files at hand, built if it is not yet."""
    return ensure(content_root(), settings.home, talk)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8000,
    sources: Sources = None,
    show_clauses: Annotated[bool | None, typer.Option(help="Show clauses of the texts to other machines too.")] = None,
    queries: Annotated[Path | None, typer.Option(help="Folder with more canned queries (*.rq).")] = None,
    deadline: Annotated[float | None, typer.Option(help="Seconds an ad-hoc query may take.", min=0.1)] = None,
    workers: Annotated[int | None, typer.Option(help="Ad-hoc queries at once.", min=1)] = None,
    processes: Annotated[int | None, typer.Option(help="Processes that serve, best one for each core.", min=1)] = None,
    release: Annotated[Path | None, typer.Option(help="Serve this built release as it is.")] = None,
    log_level: Annotated[str | None, typer.Option(help="debug, info, warning or error.")] = None,
    root_path: Annotated[str, typer.Option(help="Path prefix that a proxy takes off.")] = "",
    endpoint: Annotated[str | None, typer.Option(help="SPARQL endpoint that answers the canned queries.")] = None,
) -> None:
    """Build the release if it is not built, and serve it."""
    with errors_told():
        settings = current_settings(
            sources=sources, show_clauses=show_clauses, queries=queries, deadline=deadline, workers=workers,
            processes=processes, release=release, log_level=log_level, endpoint=endpoint,
        )  # fmt: skip
        if settings.endpoint is not None:
            from reformgraph.engines.remote import check_address  # noqa: PLC0415

            check_address(settings.endpoint)
        from reformgraph.web import listening, server  # noqa: PLC0415

        opened = server.release_of(settings, talk)
        listener = listening.listen(host, port)
        talk(f"release {opened.id[:12]} on http://{host}:{listener.getsockname()[1]}/")
        server.run(settings, opened, listener, root_path)


@app.command()
def build(
    force: Annotated[bool, typer.Option(help="Build even if this release is there, and compare.")] = False,
) -> None:
    """Build the release of the files at hand; prints its directory."""
    from reformgraph.release import build as build_release  # noqa: PLC0415

    with errors_told():
        settings = current_settings()
        release = build_release(content_root(), settings.home, talk) if force else current_release(settings)
        talk(f"release {release.id}")
        out(f"{release.path}\n")


@app.command()
def info() -> None:
    """What this release holds: identifier, triples by graph, findings, versions (JSON)."""
    with errors_told():
        release = current_release(current_settings())
        out(json.dumps({"path": str(release.path), **release.manifest}, indent=2, ensure_ascii=False) + "\n")


@app.command()
def verify(sources: Sources = None) -> None:
    """Hold every span against the texts, read every figure again from its phrase, account for every numeral.

    Exit codes: 0 all hold, 1 some do not, 2 error.
    """
    from reformgraph.evidence import locate  # noqa: PLC0415
    from reformgraph.evidence import verify as hold  # noqa: PLC0415
    from reformgraph.texts import Texts  # noqa: PLC0415

    with errors_told():
        folder = sources or current_settings().sources
        if folder is None:
            talk("Name the folder of the texts: --sources DIR or REFORMGRAPH_SOURCES.")
            raise typer.Exit(ERROR)
        root = content_root()
        store = assemble(root)
        found = hold(store, Texts.read(folder), root)
        for key, account in found.accounts.items():
            aside = ", ".join(f"{count} {reason}" for reason, count in sorted(account.set_aside.items()))
            out(f"{key}: {found.spans[key]} spans, {found.figures[key]} figures; numerals: ")
            out(f"{account.figures} in figures, set aside {aside or 'none'}\n")
            for place in account.unaccounted:
                talk(f"{root / 'data' / 'ledger' / key}.tsv: {place}: enter a figure, or a row with its reason")
        for key in found.missing:
            talk(f"{key}: its text is not in {folder}")
        for fault in found.faults:
            path, line = locate(root, fault.iri) or (root, 0)
            talk(f"{path}:{line}: {fault}")
        left = sum(len(account.unaccounted) for account in found.accounts.values())
        talk(f"{len(found.faults)} faults, {left} numerals unaccounted for")
        raise typer.Exit(NOT_CONFORMING if found.faults or found.missing or left else CONFORMS)


@app.command()
def mentions(
    file: Annotated[Path, typer.Argument(help="A report as UTF-8 text, - for stdin.")],
    format_: Format = "text",
) -> None:
    """Each numeral of a text with its offsets, its context and our reading of it (text or tsv)."""
    from reformgraph.commands.annotating import mention_rows  # noqa: PLC0415

    with errors_told():
        out(mention_rows(_text(file)[1], format_))


@app.command()
def span(
    file: Annotated[Path, typer.Argument(help="A report as UTF-8 text.")],
    text: Annotated[str, typer.Argument(help="The phrase as it stands in the report, 30 characters at most.")],
    all_: Annotated[bool, typer.Option("--all", help="Every place, where the phrase stands more than once.")] = False,
) -> None:
    """The Turtle of a span, ready to paste into the report's file."""
    from reformgraph.commands.annotating import span_blocks  # noqa: PLC0415

    with errors_told():
        key, whole = _text(file)
        out(span_blocks(key, whole, text, all_))


def _text(file: Path) -> tuple[str, str]:
    from reformgraph.texts import decode, read_text  # noqa: PLC0415

    return decode("standard input", sys.stdin.buffer.read()) if str(file) == "-" else read_text(file)


@app.command()
def query(
    name: Annotated[str | None, typer.Argument(help="Name of a canned query; without it the list.")] = None,
    parameters: Annotated[list[str] | None, typer.Argument(help="name=value ...")] = None,
    format_: Format = "csv",
    limit: Annotated[int | None, typer.Option(help="Rows at most.", min=1)] = None,
) -> None:
    """Run a canned query over the release; formats csv, json, tsv, srj, srx, rq."""
    from reformgraph.commands import asking  # noqa: PLC0415

    with errors_told():
        release = current_release(current_settings())
        with release.engine() as engine:
            out(asking.canned(engine, release.id, current_settings().queries, name, parameters or [], format_, limit))


@app.command()
def sparql(
    query_: Annotated[str, typer.Argument(metavar="QUERY", help="SPARQL, @FILE, or - for stdin.")],
    format_: Format = "",
) -> None:
    """Ask the release in SPARQL 1.1 under the limits of the service; formats as at /sparql."""
    from reformgraph.commands import asking  # noqa: PLC0415

    with errors_told():
        settings = current_settings()
        out(asking.ad_hoc(current_release(settings).store, settings, query_, format_))


@app.command(name="format")
def format_files(
    files: Annotated[list[Path], typer.Argument(help="Turtle and .rq files, or folders of them.")],
    check: Annotated[bool, typer.Option(help="Write nothing; name the files that would change.")] = False,
) -> None:
    """Give Turtle and query files their one look."""
    from reformgraph.commands.looks import restyle  # noqa: PLC0415

    with errors_told():
        changed = list(restyle(files, write=not check))
        for path in changed:
            talk(f"{'would change' if check else 'changed'} {path}")
        raise typer.Exit(NOT_CONFORMING if check and changed else CONFORMS)
