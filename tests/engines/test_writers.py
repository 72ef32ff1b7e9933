"""Writing to stores, against servers that ask who writes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from reformgraph.engines.writers import Credentials, GraphStore, Updates, split_by_blank_nodes
from reformgraph.errors import EndpointError

GRAPH = "http://example.org/a graph"
ME = Credentials("me", "secret")
BLANK = b'<a:s> <a:p> _:x .\n_:x <a:p> "_:no" .\n<a:s> <a:p> "_:x" .\n'
BASIC, DIGEST = 'Basic realm="store"', 'Digest realm="store", nonce="n1", qop="auth", algorithm=MD5'


class Guarded:
    """A server that asks for credentials by one challenge, or redirects, and notes what it was sent."""

    def __init__(self, challenge: str | None, status: int = 200, knows: bool = True) -> None:
        self.seen: list[tuple[str, str, str, str]] = []
        guarded = self

        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                who = self.headers.get("Authorization") or ""
                guarded.seen.append((self.command, self.path, who.partition(" ")[0], body))
                self.send_response(401 if challenge and not (who and knows) else status)
                if challenge:
                    self.send_header("WWW-Authenticate", challenge)
                self.send_header("Location", "http://127.0.0.1:9/")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"no")

            do_DELETE = do_POST = do_PUT  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/store"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def guard() -> Iterator[Callable[..., Guarded]]:
    started: list[Guarded] = []

    def start(challenge: str | None = None, status: int = 200, knows: bool = True) -> Guarded:
        started.append(Guarded(challenge, status, knows))
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.mark.parametrize(("challenge", "scheme"), [(BASIC, "Basic"), (DIGEST, "Digest")])
def test_the_second_request_answers_the_challenge_unasked(
    guard: Callable[..., Guarded], challenge: str, scheme: str
) -> None:
    server = guard(challenge)
    writer = GraphStore(server.url, ME, 5)
    writer.remove(GRAPH)
    writer.replace(GRAPH, BLANK)
    assert [(method, who) for method, _, who, _ in server.seen] == [("DELETE", ""), ("DELETE", scheme), ("PUT", scheme)]


@pytest.mark.parametrize("challenge", [BASIC, DIGEST])
def test_a_wrong_password_is_tried_once(guard: Callable[..., Guarded], challenge: str) -> None:
    server = guard(challenge, knows=False)
    with pytest.raises(EndpointError, match="401"):
        GraphStore(server.url, ME, 5).replace(GRAPH, BLANK)
    assert len(server.seen) == 2


@pytest.mark.parametrize("challenge", [BASIC, DIGEST])
def test_a_store_that_asks_somebody_without_a_name_is_an_error(guard: Callable[..., Guarded], challenge: str) -> None:
    with pytest.raises(EndpointError, match="401"):
        GraphStore(guard(challenge).url, Credentials(), 5).remove(GRAPH)


def test_a_token_is_sent_at_once(guard: Callable[..., Guarded]) -> None:
    server = guard(BASIC)
    GraphStore(server.url, Credentials(token="secret"), 5).remove(GRAPH)
    assert [who for _, _, who, _ in server.seen] == ["Bearer"]


def test_a_graph_is_named_in_the_address(guard: Callable[..., Guarded]) -> None:
    server = guard()
    GraphStore(server.url, Credentials(), 5).replace(GRAPH, BLANK)
    assert server.seen == [("PUT", "/store?graph=http%3A%2F%2Fexample.org%2Fa%20graph", "", BLANK.decode())]


def test_a_graph_that_is_not_there_can_be_removed(guard: Callable[..., Guarded]) -> None:
    server = guard(status=404)
    GraphStore(server.url, Credentials(), 5).remove(GRAPH)
    with pytest.raises(EndpointError, match="404"):
        GraphStore(server.url, Credentials(), 5).replace(GRAPH, BLANK)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_an_error_and_takes_no_token_elsewhere(guard: Callable[..., Guarded], status: int) -> None:
    server = guard(status=status)
    with pytest.raises(EndpointError, match=str(status)):
        Updates(server.url, Credentials(token="secret"), 5).remove("http://example.org/g")
    assert len(server.seen) == 1


def test_lines_with_a_blank_node_are_told_from_literals_that_look_like_one() -> None:
    bound, free = split_by_blank_nodes(BLANK)
    assert bound == ["<a:s> <a:p> _:x .\n", '_:x <a:p> "_:no" .\n']
    assert free == ['<a:s> <a:p> "_:x" .\n']


def test_blank_nodes_go_in_one_request_and_the_rest_in_batches(guard: Callable[..., Guarded]) -> None:
    server = guard()
    triples = b"".join(b'<a:s> <a:p> "%d" .\n' % number for number in range(1_200)) + BLANK
    Updates(server.url, Credentials(), 5).replace("http://example.org/g", triples)
    words = [body.partition("{")[0].strip() for _, _, _, body in server.seen]
    assert words == ["DROP SILENT GRAPH <http://example.org/g>", "INSERT", *["INSERT DATA"] * 3]


def test_credentials_are_never_shown() -> None:
    with pytest.raises(EndpointError) as caught:
        GraphStore("http://127.0.0.1:9/", ME, 5).remove(GRAPH)
    assert "secret" not in str(caught.value) + repr(ME) + repr(Credentials(token="secret"))
