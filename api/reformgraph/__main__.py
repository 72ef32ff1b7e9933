"""Entry point of `reformgraph` and `python -m reformgraph`."""

from __future__ import annotations

import gc


def main() -> None:
    """Run the command line."""
    gc.disable()  # what is imported stays: to look for garbage among it is in vain
    # Imported here: the query workers import this module again, and they need none of it.
    from reformgraph import cli  # noqa: PLC0415
    from reformgraph.commands import export, mcp, stores, validate  # noqa: F401, PLC0415

    gc.enable()
    cli.app()


if __name__ == "__main__":
    main()
