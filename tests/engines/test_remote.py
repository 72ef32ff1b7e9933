"""The remote engine against an oxigraph server, and against servers that misbehave."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyoxigraph as ox
import pytest

from reformgraph.engines.base import RdfDataset
from reformgraph.engines.remote import Remote, RemoteSettings
from reformgraph.errors import AnswerTooLargeError, EndpointError, QueryRefusedError, QuerySyntaxError

EX = "http://example.org/"
ROWS = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"1"}}]}}'
JSON = "application/sparql-results+json"
QUICK = RemoteSettings(backoff=0.01)


class Script:
    """A server that answers each request with the next (status, media type, body), the last one for ever."""

    def __init__(self, *answers: tuple[int, str, bytes]) -> None:
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        script = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                script.seen.append((self.command, self.path + body, dict(self.headers)))
                status, media_type, body = answers[min(len(script.seen), len(answers)) - 1]
                self.send_response(status)
                self.send_header("Content-Type", media_type)
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/sparql"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def call_itself(self, name: str) -> None:
        """The Server header of what follows."""
        self._server.RequestHandlerClass.version_string = lambda _: name

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def serve() -> Iterator[Callable[..., Script]]:
    scripts: list[Script] = []

    def start(*answers: tuple[int, str, bytes]) -> Script:
        scripts.append(Script(*answers))
        return scripts[-1]

    yield start
    for script in scripts:
        script.close()


def ones(engine: Remote, query: str = "SELECT ?x {}") -> list[str]:
    return [row["x"].value for row in engine.query(query)]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_both_methods_give_the_same_rows(union_endpoint: str, method: str) -> None:
    engine = Remote(union_endpoint, RemoteSettings(method=method))
    rows = engine.query(f'SELECT ?s {{ ?s <{EX}name> "大连"@zh }}')
    assert [row["s"].value for row in rows] == [EX + "dalian"]


def test_a_long_query_is_posted(serve: Callable[..., Script]) -> None:
    script = serve((200, JSON, ROWS))
    engine = Remote(script.url)
    assert ones(engine) == ones(engine, "SELECT ?x {} #" + "x" * 3_000) == ["1"]
    assert [method for method, _, _ in script.seen] == ["GET", "POST"]


def test_only_accept_says_the_format(serve: Callable[..., Script]) -> None:
    script = serve((200, JSON, ROWS))
    ones(Remote(script.url))
    _, path, headers = script.seen[0]
    assert headers["Accept"].startswith(JSON)
    assert "format=" not in path
    assert "output=" not in path


def test_a_dataset_goes_into_the_request(serve: Callable[..., Script]) -> None:
    script = serve((200, JSON, b'{"head":{},"boolean":true}'))
    dataset = RdfDataset(default=(EX + "one",), named=(EX + "two",))
    Remote(script.url).query("ASK {}", dataset)
    _, request, _ = script.seen[-1]
    assert "default-graph-uri=http%3A//example.org/one" in request
    assert "named-graph-uri=http%3A//example.org/two" in request


@pytest.mark.parametrize(
    ("settings", "header"),
    [
        (RemoteSettings(user="reader", password="secret"), "Basic cmVhZGVyOnNlY3JldA=="),
        (RemoteSettings(token="secret"), "Bearer secret"),
    ],
)
def test_credentials_are_sent_and_never_shown(
    serve: Callable[..., Script], settings: RemoteSettings, header: str
) -> None:
    script = serve((401, "text/plain", b"who are you"))
    with pytest.raises(EndpointError) as caught:
        ones(Remote(script.url, settings))
    assert script.seen[0][2]["Authorization"] == header
    assert "secret" not in str(caught.value) + repr(settings)


@pytest.mark.parametrize("status", [429, 502, 503])
def test_a_passing_failure_is_tried_again(serve: Callable[..., Script], status: int) -> None:
    script = serve((status, "text/plain", b"later"), (200, JSON, ROWS))
    assert ones(Remote(script.url, QUICK)) == ["1"]
    assert len(script.seen) == 2


@pytest.mark.parametrize("status", [401, 404, 500])
def test_a_lasting_failure_is_not_tried_again(serve: Callable[..., Script], status: int) -> None:
    script = serve((status, "text/plain", b"no"))
    with pytest.raises(EndpointError) as caught:
        ones(Remote(script.url, QUICK))
    assert len(script.seen) == 1
    assert not caught.value.timed_out


def test_retries_end(serve: Callable[..., Script]) -> None:
    script = serve((503, "text/plain", b"later"))
    with pytest.raises(EndpointError, match="503"):
        ones(Remote(script.url, QUICK))
    assert len(script.seen) == 3


def test_nobody_at_the_endpoint() -> None:
    with pytest.raises(EndpointError, match="refused") as caught:
        ones(Remote("http://127.0.0.1:1/", QUICK))
    assert not caught.value.timed_out


def test_a_silent_endpoint_times_out_once(serve: Callable[..., Script]) -> None:
    script = serve((200, JSON, ROWS))
    script._server.RequestHandlerClass.do_GET = lambda self: time.sleep(1.5)
    start = time.monotonic()
    with pytest.raises(EndpointError, match="within 1 s") as caught:
        ones(Remote(script.url, RemoteSettings(timeout=1)))
    assert caught.value.timed_out
    assert time.monotonic() - start < 1.4


def test_a_gateway_timeout_is_a_timeout(serve: Callable[..., Script]) -> None:
    with pytest.raises(EndpointError) as caught:
        ones(Remote(serve((504, "text/plain", b"")).url, QUICK))
    assert caught.value.timed_out


@pytest.mark.parametrize("cut", [ROWS[:40], ROWS[:-3] + b" cancelled", b""])
def test_a_cut_answer_is_an_error_before_anyone_reads_it(serve: Callable[..., Script], cut: bytes) -> None:
    engine = Remote(serve((200, JSON, cut)).url)
    with pytest.raises(EndpointError, match="broken"):
        engine.query("SELECT ?x {}")


def test_a_page_is_no_answer(serve: Callable[..., Script]) -> None:
    with pytest.raises(EndpointError, match="text/html"):
        ones(Remote(serve((200, "text/html", b"<p>Hello")).url))


def test_an_answer_has_a_largest_size(serve: Callable[..., Script]) -> None:
    with pytest.raises(AnswerTooLargeError):
        ones(Remote(serve((200, JSON, ROWS)).url, RemoteSettings(largest_answer=len(ROWS) - 1)))


def test_status_400_is_a_syntax_error_with_its_place(union_endpoint: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        ones(Remote(union_endpoint), "SELECT ?x {}\nGROUP BY ?y")
    assert caught.value.line == 2


@pytest.mark.parametrize("update", ["INSERT DATA { <a:s> <a:p> 1 }", "#x\nBASE <a:b> DROP ALL", "hello"])
def test_an_update_is_never_sent(serve: Callable[..., Script], update: str) -> None:
    script = serve((200, JSON, ROWS))
    with pytest.raises(QueryRefusedError):
        Remote(script.url).query(update)
    assert script.seen == []


def test_an_endpoint_is_an_http_iri() -> None:
    with pytest.raises(EndpointError, match="http"):
        Remote("file:///etc/passwd")


@pytest.mark.parametrize(("cell", "truth"), [("1", True), ("0", False)])
def test_a_boolean_in_a_table_is_a_boolean(serve: Callable[..., Script], cell: str, truth: bool) -> None:
    table = (
        '{"head":{"vars":["__ASK_RETVAL"]},"results":{"bindings":[{"__ASK_RETVAL":{"type":"literal","value":"%s"}}]}}'
    )
    answer = Remote(serve((200, JSON, (table % cell).encode())).url).query("ASK {}")
    assert isinstance(answer, ox.QueryBoolean)
    assert bool(answer) is truth


def test_each_form_asks_for_what_it_can_have(serve: Callable[..., Script]) -> None:
    script = serve((200, "application/n-triples", b"<a:s> <a:p> <a:o> .\n"))
    assert isinstance(Remote(script.url).query("CONSTRUCT WHERE { ?s ?p ?o }"), ox.QueryTriples)
    assert JSON not in script.seen[0][2]["Accept"]


def test_the_union_is_named_where_it_is_given(serve: Callable[..., Script]) -> None:
    script = serve((200, JSON, ROWS))
    engine = Remote(script.url, RemoteSettings(graphs=(EX + "one", EX + "two")))
    ones(engine)
    for name in ("default-graph-uri", "named-graph-uri"):
        assert [f"{name}=http%3A//example.org/{graph}" in script.seen[0][1] for graph in ("one", "two")] == [True, True]
    engine.query_whole_store("SELECT ?x {}")
    assert "graph-uri" not in script.seen[1][1]


def test_a_part_of_an_answer_is_a_timeout(serve: Callable[..., Script]) -> None:
    with pytest.raises(EndpointError) as caught:
        ones(Remote(serve((206, JSON, ROWS)).url, QUICK))
    assert caught.value.timed_out


@pytest.mark.parametrize(
    ("server", "unit", "sent"),
    [
        ("Virtuoso/07.20", "auto", "timeout=60000"),
        ("Apache Jena Fuseki (5.0.0)", "auto", "timeout=60"),
        ("Unheard/1", "auto", None),
        ("Unheard/1", "ms", "timeout=60000"),
        ("Virtuoso/07.20", "none", None),
    ],
)
def test_the_time_limit_is_passed_on_as_the_store_reads_it(
    serve: Callable[..., Script], server: str, unit: str, sent: str | None
) -> None:
    script = serve((200, JSON, ROWS))
    script.call_itself(server)
    engine = Remote(script.url, RemoteSettings(timeout_unit=unit, method="GET"))
    for _ in range(2):  # the first answer tells the name
        ones(engine)
    limits = [part for part in script.seen[1][1].split("?")[1].split("&") if part.startswith("timeout=")]
    assert limits == ([sent] if sent else [])


def test_a_prologue_that_a_store_does_not_take_is_left_out(serve: Callable[..., Script]) -> None:
    script = serve((200, JSON, ROWS), (500, "text/plain", b"Optimized compiler error"), (200, JSON, ROWS))
    script.call_itself("Virtuoso/07.20")
    engine = Remote(script.url, QUICK)
    assert [ones(engine), ones(engine)] == [["1"], ["1"]]
    assert ["DEFINE" in request for _, request, _ in script.seen] == [False, True, False]


@pytest.mark.parametrize(
    ("server", "value", "kind"),
    [
        ("Virtuoso/07.20", "7000000000", "integer"),
        ("Virtuoso/07.20", "7000000000.5", "decimal"),
        ("Virtuoso/07.20", "110", "decimal"),
        ("Unheard/1", "7000000000", "decimal"),
    ],
)
def test_a_large_integer_of_virtuoso_is_an_integer(
    serve: Callable[..., Script], server: str, value: str, kind: str
) -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    cell = f'{{"type": "typed-literal", "datatype": "{xsd}decimal", "value": "{value}"}}'
    script = serve((200, JSON, f'{{"head":{{"vars":["x"]}},"results":{{"bindings":[{{"x": {cell}}}]}}}}'.encode()))
    script.call_itself(server)
    (row,) = Remote(script.url).query("SELECT ?x {}")
    assert str(row["x"]) == f'"{value}"^^<{xsd}{kind}>'


def test_a_good_query_that_is_refused_is_the_fault_of_the_endpoint(serve: Callable[..., Script]) -> None:
    with pytest.raises(EndpointError, match="too complex"):
        ones(Remote(serve((400, "text/plain", b"too complex")).url))


def test_a_dripping_answer_ends_at_the_limit(serve: Callable[..., Script]) -> None:
    script = serve((200, JSON, ROWS))

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", JSON)
        handler.end_headers()
        for _ in range(30):
            handler.wfile.write(b" ")
            time.sleep(0.1)

    script._server.RequestHandlerClass.do_GET = drip
    with pytest.raises(EndpointError) as caught:
        ones(Remote(script.url, RemoteSettings(timeout=1)))
    assert caught.value.timed_out


def test_a_password_in_the_address_is_refused_and_not_shown() -> None:
    with pytest.raises(EndpointError, match="environment") as caught:
        Remote("http://me:secret@127.0.0.1/sparql")
    assert "secret" not in str(caught.value)
