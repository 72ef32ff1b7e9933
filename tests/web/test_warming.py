"""What is made ahead after the start: all that first readers would wait for, of the release of now."""

from __future__ import annotations

import asyncio

import pytest
from jinja2 import Environment

from reformgraph.release import Release
from reformgraph.settings import Settings
from reformgraph.web import warming
from reformgraph.web.pages import environment
from reformgraph.web.site import open_site
from reformgraph.web.sites import Sites


def made(release: Release) -> set[str]:
    """What a site holds once it was warmed, as names of its parts."""

    async def warmed() -> set[str]:
        sites = Sites(lambda release: open_site(Settings(workers=1), release))
        await sites.change_to(release)
        await warming.warm(sites)
        kept = {*vars(sites.now), *vars(sites.now.overviews), *vars(sites.now.resources.figures)}
        await sites.close()
        return kept

    return asyncio.run(warmed())


def test_lists_counts_and_overviews_are_made_ahead(tiny_release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "PAUSE", 0)
    assert made(tiny_release) >= {
        "holdings",
        "vocabulary",
        "choosing",
        "matrix",
        "timeline",
        "coverage",
        "names",
        "rulebook",
    }


def test_pages_are_compiled_ahead_for_every_root_path(tiny_release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "PAUSE", 0)
    monkeypatch.setattr(environment, "_COMPILED", environment._Compiled())
    environment.environment.cache_clear()
    made(tiny_release)
    monkeypatch.setattr(Environment, "_compile", None)  # what is compiled now would fail
    for root in ("", "/behind/a/proxy"):
        assert environment.environment(root).get_template("query.html").name == "query.html"
    environment.environment.cache_clear()


def test_a_service_can_end_before_all_is_made(tiny_release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "PAUSE", 0)

    async def ended() -> bool:
        sites = Sites(lambda release: open_site(Settings(workers=1), release))
        await sites.change_to(tiny_release)
        task = asyncio.create_task(warming.warm(sites))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait_for(sites.close(), 30)
        return task.cancelled()

    assert asyncio.run(ended())
