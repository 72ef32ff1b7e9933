"""`?release=` answers from a kept release, says which are kept where it is not, and is named by every answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import httpx
import pytest

from reformgraph.publishing import keptreleases
from reformgraph.release import Release, build
from serving import started
from tiny_graph import copy_tiny

BROWSER = {"Accept": "text/html,*/*;q=0.8"}


@dataclass(frozen=True)
class Kept:
    """A service that has two releases: the newer says another value of one figure."""

    http: httpx.Client
    old: Release
    new: Release

    def rows(self, **given: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = self.http.get("/queries/observations", params=given).json()["rows"]
        return found


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    root, home = copy_tiny(tmp_path_factory.mktemp("kept")), tmp_path_factory.mktemp("home")
    old = build(root, home)
    change(root)
    new = build(root, home)
    with started(release=str(new.path)) as (url, _), httpx.Client(base_url=url, timeout=60) as client:
        yield Kept(client, old, new)


def change(root: Path) -> None:
    """Another modality for the first figure of the first report."""
    path = root / "data" / "ttl" / "reports" / "c.ttl"
    block = re.compile(r"(a rg:Observation ;(?:(?!\n\.).)*?)code:modality-achieved", re.DOTALL)
    text, changed = block.subn(r"\1code:modality-target", path.read_text("utf-8"), count=1)
    assert changed
    path.write_text(text, "utf-8")


def test_a_pinned_query_answers_from_the_older_release(kept: Kept) -> None:
    old, new = kept.rows(release=kept.old.id[:12]), kept.rows()
    assert {row["release"] for row in old} == {kept.old.id}
    assert {row["release"] for row in new} == {kept.new.id}
    differing = [
        (a["modality"], b["modality"]) for a, b in zip(old, new, strict=True) if a["modality"] != b["modality"]
    ]
    assert differing == [("achieved", "target")]


def test_a_pinned_thing_answers_from_the_older_release(kept: Kept) -> None:
    changed = next(row["observation"] for row in kept.rows() if row["modality"] == "target")
    path = "/" + str(changed).removeprefix("https://w3id.org/reformgraph/")
    assert "modality-target" in kept.http.get(f"{path}.nt").text
    assert "modality-achieved" in kept.http.get(f"{path}.nt", params={"release": kept.old.id}).text


def test_the_whole_identifier_and_the_release_of_now_are_understood(kept: Kept) -> None:
    assert kept.rows(release=kept.old.id) == kept.rows(release=kept.old.id[:12])
    assert kept.rows(release=kept.new.id[:20]) == kept.rows()


@pytest.mark.parametrize(
    "path", ["/", "/queries/observations", "/sparql", "/obs", "/search?q=a", "/compare", "/catalog"]
)
def test_a_release_that_is_not_kept_is_told_with_those_that_are(kept: Kept, path: str) -> None:
    answer = kept.http.get(path, params={"release": "0123456789ab"})
    assert (answer.status_code, answer.json()["type"].rpartition("#")[2]) == (404, "problem-release-not-kept")
    assert answer.json()["releases"] == [kept.new.id, kept.old.id]


def test_a_browser_gets_the_kept_releases_as_links(kept: Kept) -> None:
    page = kept.http.get("/obs?release=0123456789ab", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert f"/obs?release={kept.old.id[:12]}" in page.text


@pytest.mark.parametrize("asked", ["x", "0123", "0123456789AB", "../../current", "0" * 65])
def test_what_is_no_release_is_the_callers_mistake(kept: Kept, asked: str) -> None:
    answer = kept.http.get("/queries/observations", params={"release": asked})
    assert (answer.status_code, answer.json()["parameter"]) == (422, "release")


def test_a_release_in_a_form_is_refused_rather_than_ignored(kept: Kept) -> None:
    answer = kept.http.post("/queries/observations", data={"release": kept.old.id})
    assert (answer.status_code, answer.json()["parameter"]) == (422, "release")


def test_every_answer_of_a_query_names_its_permalink_and_that_answers_the_same(kept: Kept) -> None:
    answer = kept.http.get("/queries/observations?kind=level")
    permalink = answer.links["cite-as"]["url"]
    assert permalink.endswith(f"/queries/observations@1?kind=level&release={kept.new.id[:12]}")
    assert kept.http.get(permalink).json()["rows"] == answer.json()["rows"]


def test_a_pinned_answer_leads_to_the_newest_and_is_not_for_search_engines(kept: Kept) -> None:
    answer = kept.http.get("/obs", params={"release": kept.old.id[:12]}, headers={"Accept": "text/html"})
    assert answer.links["canonical"]["url"].endswith("/obs")
    assert answer.links["latest-version"]["url"].endswith("/obs")
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert f"<code>{kept.old.id[:12]}</code>" in answer.text


def test_two_releases_have_two_entity_tags(kept: Kept) -> None:
    tags = [kept.http.get("/obs.ttl", params={"release": r.id}).headers["ETag"] for r in (kept.old, kept.new)]
    assert len(set(tags)) == 2


def test_the_pages_of_a_pinned_list_stay_with_their_release(kept: Kept) -> None:
    first = kept.http.get("/queries/observations", params={"release": kept.old.id[:12], "limit": "1"}).json()
    second = kept.http.get(first["next"]).json()
    assert second["release"] == kept.old.id


PINNED_PAGES = (
    "/", "/method", "/ns", "/obs", "/matrix", "/findings", "/compare", "/queries", "/queries/observations", "/search?q=a",
    "/graphs", "/exports", "/catalog",
)  # fmt: skip


def pinned_page(kept: Kept, path: str) -> str:
    answer = kept.http.get(path, params={"release": kept.old.id[:12]}, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return unescape(answer.text)


@pytest.mark.parametrize("path", PINNED_PAGES)
def test_links_of_a_pinned_page_stay_with_their_release(kept: Kept, path: str) -> None:
    page, base = pinned_page(kept, path), str(kept.http.base_url).rstrip("/")
    links = re.findall(rf'<a\b[^>]*\bhref="((?:{base})?/[^"#]*)"([^>]*)', page)
    assert len(links) > 10
    loose = [link for link, rest in links if f"release={kept.old.id[:12]}" not in link]
    assert loose == [link for link, rest in links if 'rel="latest-version"' in rest]
    assert len(loose) == 1
    for link, _ in links:  # an example of a query may name what this small graph lacks, pinned or not
        unpinned = re.sub("[?&]release=[0-9a-f]+", "", link)
        asked = [kept.http.get(one, headers=BROWSER).status_code for one in (link, unpinned)]
        assert asked[0] in (200, asked[1]), link


@pytest.mark.parametrize("path", PINNED_PAGES)
def test_forms_of_a_pinned_page_stay_with_their_release_once(kept: Kept, path: str) -> None:
    forms = re.findall(r'<form\b[^>]*method="get".*?</form>', pinned_page(kept, path), re.DOTALL)
    assert forms
    field = f'<input type="hidden" name="release" value="{kept.old.id[:12]}">'
    assert [form.count('name="release"') for form in forms] == [1] * len(forms)
    assert all(field in form for form in forms)


def test_a_page_that_is_not_pinned_has_no_release_in_its_links(kept: Kept) -> None:
    page = kept.http.get("/", headers={"Accept": "text/html"}).text
    assert re.findall(r'href="(/[^"]*release=[^"]*)"', page) == []


def test_the_catalogue_names_the_kept_releases(kept: Kept) -> None:
    text = kept.http.get("/catalog.nt").text
    versions = [line.split()[2] for line in text.splitlines() if "hasVersion>" in line]
    assert {version[1:-1].rpartition("=")[2] for version in versions} == {kept.old.id[:12], kept.new.id[:12]}
    assert f"previousVersion> <{kept.http.base_url}/catalog?release={kept.old.id[:12]}>" in text.replace(
        "//cat", "/cat"
    )


def test_the_changelog_of_the_service_tells_the_step(kept: Kept) -> None:
    told = kept.http.get("/changelog").json()
    assert (told["from"], told["to"]) == (kept.old.id, kept.new.id)
    assert told["counts"] == {"added": 0, "corrected": 1, "withdrawn": 0}
    back = kept.http.get("/changelog", params={"from": kept.new.id, "to": kept.old.id}).json()
    assert back["corrected"][0]["gone"] == told["corrected"][0]["new"]


def test_kept_releases_come_newest_first_and_a_folder_that_is_none_does_not_count(kept: Kept) -> None:
    folder = kept.new.path.parent
    (folder / "half").mkdir()
    (folder / "half" / "manifest.json").write_text('{"release": "00"}')
    assert [release.id for release in keptreleases.kept(folder)] == [kept.new.id, kept.old.id]
    assert keptreleases.before(folder, kept.old) is None
