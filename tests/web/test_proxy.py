"""Behind a proxy that takes a prefix off: links start with what the client asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from serving import serving

ASKED = {"Host": "example.org", "X-Forwarded-Proto": "https"}
BASE = "https://example.org/reform"


@pytest.fixture(scope="module")
def behind() -> Iterator[str]:
    with serving("--root-path", "/reform") as url:
        yield url


def test_the_next_page_is_where_the_client_asked(behind: str) -> None:
    answer = httpx.get(behind + "/queries/observations", params={"limit": "1"}, headers=ASKED)
    assert answer.json()["next"].startswith(f"{BASE}/queries/observations?")
    assert f'<{BASE}/openapi.json>; rel="service-desc"' in answer.headers["link"]


def test_allow_tells_the_methods_of_the_path(behind: str) -> None:
    assert "POST" in httpx.put(behind + "/sparql", headers=ASKED).headers["allow"]


@pytest.mark.parametrize(
    "path",
    ["/", "/queries", "/agency", "/agency/dalian-shi-gonganju", "/obs/826ec1811efe-1157-1164", "/method", "/ns"],
)
def test_every_link_of_a_page_has_the_prefix(behind: str, path: str) -> None:
    page = httpx.get(behind + path, headers={**ASKED, "Accept": "text/html"}).text
    links = re.findall(r'(?:href|src|action)="([^"]*)"', page)
    local = [link for link in links if link.startswith(("/", BASE))]
    assert local
    assert [link for link in local if not link.startswith(("/reform", BASE))] == []


def test_a_forwarded_host_of_a_stranger_changes_nothing(behind: str) -> None:
    headers = {**ASKED, "X-Forwarded-Host": "evil.example"}
    assert "evil" not in httpx.get(behind + "/queries/observations?limit=1", headers=headers).text


def test_suggestions_lead_to_where_the_client_asked(behind: str) -> None:
    addresses = httpx.get(behind + "/search/suggest", params={"q": "大连"}, headers=ASKED).json()[3]
    assert len(addresses) > 1
    assert [address for address in addresses if not address.startswith(f"{BASE}/")] == []
    own = [address.replace(f"{BASE}/", "/") for address in addresses]
    assert [path for path in own if httpx.get(behind + path, headers={"Accept": "text/html"}).status_code != 200] == []
