"""What the browser tests have in common: how Chromium is started, and when a test may skip."""

from __future__ import annotations

import os
import shutil

import pytest

FLAGS = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def skip_unless(is_there: object, what: str) -> None:
    """Skip where `what` is not there and cannot be installed; where `make test` installs it its absence is a failure."""
    if not is_there:
        installable = shutil.which("apt-get") and os.geteuid() == 0
        assert not installable, f"`make test` installs {what} where it may"
        pytest.skip(f"{what} is not installed, and cannot be")
