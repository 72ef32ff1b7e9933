"""Browser tests share the machine with other tests: what is expected may take a while to come."""

from playwright.sync_api import expect

expect.set_options(timeout=30_000)
