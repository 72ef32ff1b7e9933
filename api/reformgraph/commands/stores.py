"""The command of the user's own store: `reformgraph push`."""

from __future__ import annotations

from typing import Annotated

import typer

from reformgraph.cli import CONFORMS, ERROR, NOT_CONFORMING, app, current_release, current_settings, errors_told, talk

__all__ = ["app"]


@app.command()
def push(
    endpoint: Annotated[
        str | None, typer.Option(help="SPARQL endpoint that reads the store; else REFORMGRAPH_ENDPOINT.")
    ] = None,
    graph_store: Annotated[
        str | None, typer.Option(help="Where the store takes graphs (Graph Store Protocol, ?graph= is added).")
    ] = None,
    update: Annotated[str | None, typer.Option(help="Where the store takes SPARQL updates, instead.")] = None,
    timeout: Annotated[int, typer.Option(help="Seconds that writing one graph or batch may take.", min=1)] = 600,
) -> None:
    """Load the release into a store of your own; a second time changes nothing.

    Only graphs below https://w3id.org/reformgraph/graph/ are replaced or removed. Credentials are read from
    REFORMGRAPH_ENDPOINT_USER and _PASSWORD, or _TOKEN. Exit codes: 0 the store holds the release, 1 it does not
    hold what was sent, 2 error.
    """
    from reformgraph import push as pushing  # noqa: PLC0415
    from reformgraph.engines.remote import Remote, RemoteSettings  # noqa: PLC0415
    from reformgraph.engines.writers import Credentials, GraphStore, Updates  # noqa: PLC0415

    with errors_told():
        settings = current_settings(endpoint=endpoint)
        address = graph_store or update
        if settings.endpoint is None or address is None or (graph_store and update):
            talk("Name the endpoint to read with --endpoint, and one to write with: --graph-store or --update.")
            raise typer.Exit(ERROR)
        who = Credentials(settings.endpoint_user, settings.endpoint_password, settings.endpoint_token)
        reading = RemoteSettings(timeout=timeout, user=who.user, password=who.password, token=who.token)
        store = Remote(settings.endpoint, reading)
        writer = (GraphStore if graph_store else Updates)(address, who, timeout)
        release = current_release(settings)
        talk(f"release {release.id[:12]} to {address}")
        done = pushing.push(release, store, writer, talk)
        for difference in done.differences:
            talk(difference)
        talk("the store does not hold the release" if done.differences else f"{done.triples} triples are there")
        raise typer.Exit(NOT_CONFORMING if done.differences else CONFORMS)
