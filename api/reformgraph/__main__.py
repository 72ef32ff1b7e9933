"""Entry point of `reformgraph` and `python -m reformgraph`."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    # Imported here: the query workers import this module again, and they need none of it.
    from reformgraph.cli import app  # noqa: PLC0415

    app()


if __name__ == "__main__":
    main()
