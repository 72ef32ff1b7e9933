"""Browser tests share the machine with other tests: what is expected may take a while to come."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from browsing import FLAGS, skip_unless
from playwright.sync_api import Browser, expect, sync_playwright

expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; of a module, as two of Playwright's drivers in one thread are refused."""
    chromium = shutil.which("chromium")
    skip_unless(chromium, "Debian's Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()
