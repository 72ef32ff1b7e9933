"""The tools for agents, through the client of the package `mcp`: over stdio, and over streamable HTTP on a server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from reformgraph.content import content_root
from reformgraph.errors import MissingLibraryError
from reformgraph.queries import Catalogue
from reformgraph.web import agents
from serving import started
from tiny_graph import CHECKOUT

OBS = "https://w3id.org/reformgraph/obs/"
COMPUTERS = OBS + "826ec1811efe-1157-1164"
TOOLS = ["search", "get_claim", "list_canned_queries", "run_canned_query", "compare"]
STDIO = StdioServerParameters(command=sys.executable, args=["-m", "reformgraph", "mcp"])


class Agent:
    """A client that stays connected."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self._portal = portal
        self.client = client

    def tools(self) -> dict[str, Any]:
        return {tool.name: tool for tool in self._portal.call(self.client.list_tools).tools}

    def call(self, tool: str, **arguments: Any) -> Any:
        return self._portal.call(self.client.call_tool, tool, arguments)

    def ask(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The structured answer, which the text holds too."""
        answer = self.call(tool, **arguments)
        assert not answer.is_error, answer.content
        assert json.loads(answer.content[0].text) == answer.structured_content
        found: dict[str, Any] = answer.structured_content
        return found

    def refused(self, tool: str, **arguments: Any) -> str:
        answer = self.call(tool, **arguments)
        assert answer.is_error
        text: str = answer.content[0].text
        assert "Traceback" not in text
        return text


def connected(target: Any, mode: str) -> Iterator[Agent]:
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(Client(target, mode=mode)) as client:
        yield Agent(portal, client)


@pytest.fixture(scope="module", params=["stdio", "http", "http of 2025"])
def agent(request: pytest.FixtureRequest) -> Iterator[Agent]:
    if request.param == "stdio":
        yield from connected(stdio_client(STDIO), "auto")
    else:
        server = request.getfixturevalue("server")
        yield from connected(f"{server}/mcp", "legacy" if "2025" in request.param else "auto")


@pytest.fixture(scope="module")
def one(server: str) -> Iterator[Agent]:
    """Over HTTP, for what does not depend on the way."""
    yield from connected(f"{server}/mcp", "auto")


def is_whole(figure: dict[str, Any]) -> bool:
    """Whether nothing that must not be parted from a number is missing."""
    told = all(figure[name] for name in ("iri", "unit", "bound", "kind", "modality", "voice"))
    parties = all(figure[name]["iri"] and figure[name]["zh"] for name in ("metric", "agency", "claimant"))
    span = figure["evidence"]
    return (
        told
        and parties
        and "period" in figure
        and bool(span["document"] and span["exact"])
        and span["end"] > span["start"]
    )


def test_each_tool_tells_what_it_takes_and_gives(agent: Agent) -> None:
    tools = agent.tools()
    assert list(tools) == TOOLS
    assert tools["run_canned_query"].input_schema["required"] == ["name"]
    assert tools["search"].input_schema["properties"]["limit"]["maximum"] == 50
    assert {"figure", "spans", "verdicts"} <= tools["get_claim"].output_schema["properties"].keys()
    assert all(tool.description and tool.annotations.read_only_hint for tool in tools.values())
    assert "ctx" not in tools["search"].input_schema["properties"]


def test_a_claim_comes_with_its_words_and_its_speaker(agent: Agent) -> None:
    for name in ("obs:826ec1811efe-1157-1164", "826ec1811efe-1157-1164", COMPUTERS):
        answer = agent.ask("get_claim", claim=name)
        figure = answer["figure"]
        assert is_whole(figure)
        assert (figure["value"], figure["unitWord"], figure["bound"], figure["voice"]) == (
            13000,
            "台",
            "over",
            "self-report",
        )
        assert figure["evidence"]["exact"] == "13000余台"
        assert [(span["start"], span["end"]) for span in answer["spans"]] == [(1157, 1164), (2946, 2953)]
    assert [verdict["left"] for verdict in answer["verdicts"]] == [COMPUTERS] * len(answer["others"])
    assert [verdict["right"] for verdict in answer["verdicts"]] == [other["iri"] for other in answer["others"]]
    assert len(answer["release"]) == 64


def test_search_finds_by_pinyin_and_by_the_words_of_a_report(agent: Agent) -> None:
    assert agent.ask("search", text="dalianshigonganju", kinds=["agency"])["results"][0]["zh"] == "大连市公安局"
    best = agent.ask("search", text="13000余台")["results"][0]
    assert (best["iri"], best["field"], best["evidence"]["start"]) == (COMPUTERS, "evidence", 1157)
    assert is_whole(best["figure"])


def test_rows_are_bounded_and_go_on_after_the_cursor(agent: Agent) -> None:
    asked = {"name": "observations", "parameters": {"agency": "大连市公安局"}}
    whole = agent.ask("run_canned_query", **asked, limit=200)
    found, cursor = [], None
    while cursor is not None or not found:
        page = agent.ask("run_canned_query", **asked, limit=10, cursor=cursor)
        assert len(page["rows"]) <= 10
        found, cursor = found + page["rows"], page["next"]
    assert (found, whole["next"]) == (whole["rows"], None)
    assert list(whole["figures"]) == [row["observation"] for row in found]
    assert all(is_whole(figure) for figure in whole["figures"].values())
    assert whole["parameters"]["agency"]["read"].endswith("/agency/dalian-shi-gonganju")


def test_figures_side_by_side_have_verdicts_with_reasons(agent: Agent) -> None:
    answer = agent.ask("compare", metric="computers-per-officer", places=["大连市", "厦门市"])
    assert (answer["verdict"], answer["missing"]) == ("with-care", [])
    assert all(is_whole(figure) for figure in answer["figures"])
    assert {reason["code"] for reason in answer["pairs"][0]["reasons"]} == {"period", "bound", "voice"}
    assert {answer["pairs"][0]["left"], answer["pairs"][0]["right"]} == {figure["iri"] for figure in answer["figures"]}


def test_an_error_names_the_remedy(agent: Agent) -> None:
    assert "observations" in agent.refused("run_canned_query", name="observation")
    assert "agency" in agent.refused("run_canned_query", name="observations", parameters={"agencies": "x"})
    assert "search" in agent.refused("get_claim", claim="obs:826ec1811efe-1-2")
    assert "大连市" in agent.refused("compare", metric="computers", places=["大连氏"])
    assert "less than or equal to 50" in agent.refused("search", text="大连", limit=51)


def test_every_figure_that_a_canned_query_names_is_told_in_full(one: Agent) -> None:
    for query in one.ask("list_canned_queries")["queries"]:
        example = Catalogue.read(content_root() / "queries").get(query["name"]).example
        answer = one.ask("run_canned_query", name=query["name"], parameters=example, limit=200)
        words = [word for row in answer["rows"] for cell in row.values() for word in str(cell).split()]
        named = {word for word in words if word.startswith(OBS)}
        assert named == answer["figures"].keys(), query["name"]
        assert all(is_whole(figure) for figure in answer["figures"].values()), query["name"]
        assert list(answer["columns"]) == query["columns"]


def test_the_catalogue_tells_what_each_query_takes(one: Agent) -> None:
    queries = {query["name"]: query for query in one.ask("list_canned_queries")["queries"]}
    parameters = {known["name"]: known for known in queries["observations"]["parameters"]}
    assert queries.keys() == {
        query.name for query in Catalogue.read(content_root() / "queries") if query.form == "select"
    }
    assert (parameters["agency"]["many"], parameters["agency"]["example"]) == (True, "大连市公安局")
    assert "over" in parameters["bound"]["allowed"]
    assert queries["hierarchy"]["parameters"][0]["required"] is True


def test_numbers_and_lists_are_taken_as_parameters(one: Agent) -> None:
    given = {"initiative": "三项建设", "depth": 2}
    assert one.ask("run_canned_query", name="initiative-timeline", parameters=given)["rows"]
    both = one.ask("run_canned_query", name="money", parameters={"place": ["大连市", "厦门市"]}, limit=200)
    assert {row["areaZh"] for row in both["rows"]} == {"大连市", "厦门市"}


def test_pairs_go_on_after_the_cursor(one: Agent) -> None:
    whole = one.ask("compare", metric="police-stations-new-build", limit=50)["pairs"]
    first = one.ask("compare", metric="police-stations-new-build", limit=1)
    second = one.ask("compare", metric="police-stations-new-build", limit=1, cursor=first["next"])
    assert len(whole) > 1
    assert first["pairs"] + second["pairs"] == whole[:2]


def test_a_foreign_cursor_and_persons_are_refused(one: Agent) -> None:
    assert "cursor" in one.refused("search", text="大连", cursor="x")
    assert "kinds" in one.refused("search", text="大连", kinds=["person"])


def test_many_agents_ask_at_once(server: str) -> None:
    with start_blocking_portal() as portal:
        asked = [portal.start_task_soon(_ask_alone, f"{server}/mcp") for _ in range(8)]
        assert {future.result(60) for future in asked} == {COMPUTERS}


async def _ask_alone(url: str) -> str:
    async with Client(url) as client:
        answer = await client.call_tool("get_claim", {"claim": COMPUTERS})
        assert answer.structured_content is not None
        return str(answer.structured_content["figure"]["iri"])


def test_a_browser_is_told_what_answers_and_no_stream_is_held_open(server: str) -> None:
    told = httpx.get(f"{server}/mcp").json()
    assert (told["transport"], told["url"]) == ("streamable-http", f"{server}/mcp")
    stream = httpx.get(f"{server}/mcp", headers={"Accept": "text/event-stream"})
    assert (stream.status_code, stream.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")
    assert httpx.post(f"{server}/mcp", json={"nope": 1}).status_code in (400, 406)
    assert httpx.delete(f"{server}/mcp").status_code == 405


def test_llms_txt_leads_to_what_is_there(server: str) -> None:
    answer = httpx.get(f"{server}/llms.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("# reformgraph\n")
    links = [line.partition("](")[2].partition(")")[0] for line in answer.text.splitlines() if line.startswith("- [")]
    queries = [link for link in links if link.startswith(f"{server}/queries/")]
    assert queries == [f"{server}/queries/{query.name}.json" for query in Catalogue.read(content_root() / "queries")]
    assert len(links) - len(queries) > 7
    for link in links:
        if link not in queries and not link.endswith("/exports"):
            assert httpx.get(link, timeout=30).status_code == 200, link


def test_without_the_package_the_rest_serves_and_the_tools_name_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agents, "find_spec", lambda name: None)
    with pytest.raises(MissingLibraryError, match=r"reformgraph\[mcp\]"):
        agents.require()


def test_the_log_holds_nothing_of_what_was_sought(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log, started(stderr=log) as (url, _):
        for agent in connected(f"{url}/mcp", "auto"):
            agent.refused("run_canned_query", name="observations", parameters={"agency": "查无此局"})
    text = (tmp_path / "log").read_text("utf-8")
    assert '"/mcp"' in text
    assert "查无此局" not in text


def test_the_how_to_is_true_to_the_letter(server: str) -> None:
    text = (CHECKOUT / "docs" / "how-to" / "agents.md").read_text("utf-8")
    blocks = [block.split("\n", 1) for block in text.split("```")[1::2]]
    config = json.loads(next(code for language, code in blocks if language == "json"))
    command = config["mcpServers"]["reformgraph"]
    assert (command["command"], command["args"]) == ("reformgraph", STDIO.args[2:])
    for language, code in blocks:
        if language == "python":
            asked = code.replace("http://127.0.0.1:8000", server)
            done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
            assert done.stdout == "over 13000 台 13000余台 大连市公安局 self-report\n"


def test_it_ends_when_its_input_ends() -> None:
    command = [STDIO.command, *STDIO.args]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, b"")
