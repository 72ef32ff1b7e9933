"""Browser tests share the machine with other tests: what is expected may take a while to come."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

expect.set_options(timeout=30_000)


def skip_unless(is_there: object, what: str) -> None:
    """Skip where `what` is not there and cannot be installed; where `make test` installs it its absence is a failure."""
    if not is_there:
        installable = shutil.which("apt-get") and os.geteuid() == 0
        assert not installable, f"`make test` installs {what} where it may"
        pytest.skip(f"{what} is not installed, and cannot be")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; of a module, as two of Playwright's drivers in one thread are refused."""
    chromium = shutil.which("chromium")
    skip_unless(chromium, "Debian's Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()
