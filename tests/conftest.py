"""Fixtures: the smallest thing that has what a test needs.

- `tiny_root`: a content root with our ontology, shapes and queries and a hand-made graph of two invented reports
  (`tests/fixtures/tiny`); most tests use it or a store of a few triples written in the test.
- `root`: the content root of the checkout, for tests about the data themselves.
- `sources`: the folder of the five report texts; only tests that need these texts may skip.
- `approve`: whether `--approve` was given: golden files are written instead of compared, to be looked at in the diff.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reformgraph.content import content_root
from reformgraph.release import Release, build
from serving import serving
from tiny_graph import CHECKOUT, copy_tiny


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--approve", action="store_true", help="write what golden tests find as approved")


@pytest.fixture(scope="session")
def approve(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--approve"))


@pytest.fixture(scope="session")
def root() -> Path:
    return content_root()


@pytest.fixture(scope="session")
def sources() -> Path:
    folder = CHECKOUT.parent / "shared" / "sources"
    if not folder.is_dir():
        pytest.skip("the five report texts are not beside the checkout (../shared/sources)")
    return folder


@pytest.fixture(scope="session")
def tiny_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_tiny(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def tiny_release(tiny_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build(tiny_root, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A running server over the real graph."""
    with serving() as address:
        yield address


_LINES: list[str] = []


@pytest.fixture(scope="session")
def report_lines() -> list[str]:
    """Lines that the end of the run prints, for counts that a reader of the log wants to see."""
    return _LINES


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of pytest-xdist hands its lines to the process that prints."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["report_lines"] = _LINES


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    _LINES.extend(getattr(node, "workeroutput", {}).get("report_lines", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in _LINES:
        terminalreporter.write_line(line)
