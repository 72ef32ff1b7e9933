"""Bytes that are no text, requests that are no requests, parameters that are no values."""

from __future__ import annotations

import pytest
from hostile_harness import Service, check_problem

QUERY = {"Content-Type": "application/sparql-query"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BYTES = {
    "nul in the query": b"ASK { ?a ?b '\0' }",
    "only nul": b"\0" * 1000,
    "latin-1": "ASK { ?a ?b 'é' }".encode("latin-1"),
    "gbk": "ASK { ?a ?b '公安' }".encode("gbk"),
    "utf-16": "ASK { ?a ?b '公安' }".encode("utf-16"),
    "overlong": b"ASK { ?a ?b '\xc0\xaf' }",
    "half a character": "ASK { ?a ?b '公".encode()[:-1],
    "surrogate": b"ASK { ?a ?b '\xed\xa0\x80' }",
    "escaped surrogate": b"ASK { ?a ?b '\\uD800' }",
    "beyond Unicode": b"ASK { ?a ?b '\\U00110000' }",
    "thirty megabytes": b"x" * 30_000_000,
    "zip bomb of spaces": b" " * 5_000_000,
}
PATHS = {
    "parent": "/agency/../../etc/passwd",
    "encoded parent": "/agency/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "static parent": "/static/..%2f..%2fphrases.py",
    "nul": "/agency/%00",
    "broken percent": "/agency/%zz",
    "half a character": "/agency/%E5%A4",
    "latin-1": "/agency/%E9",
    "long": "/agency/" + "a" * 7_000,
    "quote": "/agency/%22%3E%7D%20UNION%20%7B%3Fa%20%3Fb%20%3Fc%7D",
    "iri end": "/obs/x%3E%20%3Fp%20%3Fo%20%7D%20%23",
    "dots": "/obs/" + "." * 500,
    "suffixes": "/obs/x.ttl.html.json.csv.rq.svg",
    "no kind": "/wp-admin/setup.php",
    "query traversal": "/queries/..%2f..%2fpyproject",
    "query of a rule": "/queries/rules%2flabels.rq",
    "version": "/queries/observations@99999999999999999999",
    "script": "/agency/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
}
PARAMETERS = {
    "end of the block": "agency-profile?agency=%7D%20UNION%20%7B%20?s%20?p%20?o%20",
    "end of an iri": "agency-profile?agency=x:a%3E%20%7D%20%23",
    "quotes": "observations?kind=%22%20%7D%20%23",
    "line break": "agency-profile?agency=%0A%7D%0A",
    "nul": "agency-profile?agency=%00",
    "half a character": "agency-profile?agency=%E5%A4",
    "negative limit": "observations?limit=-1",
    "huge limit": "observations?limit=99999999999999999999",
    "limit in Arabic digits": "observations?limit=%D9%A1%D9%A0",
    "limit as a power": "observations?limit=1e3",
    "forged cursor": "observations?cursor=000000000000.999999999",
    "cursor of words": "observations?cursor=%3Cscript%3E",
    "unknown": "observations?__class__=1",
    "twice": "observations?limit=1&limit=2",
    "format": "observations?format=../../etc/passwd",
    "sort": "observations?sort=value)%20DESC(?x",
    "filter": "observations?filter=value:ge:1%20%7C%7C%201",
    "fields": "observations?fields=__import__",
    "date": "observations?from=2010-02-30",
    "five thousand values": "observations?" + "&".join(f"document={n:012x}" for n in range(1_500)),
    "empty": "observations?agency=&agency=&agency=",
    "emoji": "agency-profile?agency=%F0%9F%9A%93",
}
RAW = {
    "no http": b"hello\r\n\r\n",
    "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100,
    "nul in the head": b"GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n",
    "Chinese unencoded": "GET /agency/大连市公安局 HTTP/1.1\r\nHost: x\r\n\r\n".encode(),
    "huge head": b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    "thousand headers": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: 1\r\n" % n for n in range(1_000)) + b"\r\n",
    "length too long": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 99999999999\r\n\r\nASK {}",
    "length no number": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\nASK {}",
    "length negative": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\nASK {}",
    "two lengths": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nContent-Length: 60\r\n\r\nASK {}",
    "length and chunks": b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "broken chunk": b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nASK {}\r\n",
    "no host": b"GET /health HTTP/1.1\r\n\r\n",
    "odd host": b"GET / HTTP/1.1\r\nHost: <script>\r\nAccept: text/html\r\n\r\n",
    "host with a port of words": b"GET / HTTP/1.1\r\nHost: x:port\r\n\r\n",
    "broken IPv6 host": b"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
    "upgrade": b"GET /sparql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    "http 0.9": b"GET /\r\n",
    "http 9": b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "method of a kilobyte": b"G" * 1_000 + b" / HTTP/1.1\r\nHost: x\r\n\r\n",
    "absolute target": b"GET http://example.org/health HTTP/1.1\r\nHost: x\r\n\r\n",
    "asterisk": b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
}  # fmt: skip
HEADERS = {
    "accept of ten thousand": {"Accept": ",".join(f"a/b{n}" for n in range(5_000))},
    "accept of commas": {"Accept": "," * 5_000},
    "accept of semicolons": {"Accept": "text/html" + ";" * 5_000},
    "accept with a broken q": {"Accept": "application/json;q=1e999"},
    "accept with q of nan": {"Accept": "application/json;q=nan"},
    "accept that is no type": {"Accept": "////;;;==="},
    "languages": {"Accept-Language": ",".join(["zz;q=0.1"] * 3_000)},
    "tags": {"If-None-Match": ",".join(f'"{n}"' for n in range(3_000))},
    "tag that never ends": {"If-None-Match": '"' + "a" * 20_000},
    "forwarded": {"X-Forwarded-Proto": "javascript", "X-Forwarded-Host": "evil.example"},
    "range": {"Range": "bytes=0-0,0-0,0-0"},
    "expect": {"Expect": "the-unexpected"},
    "origin": {"Origin": "null"},
    "content type": {"Content-Type": "application/sparql-query; charset=utf-7"},
}
METHODS = ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "LINK", "BREW", "get"]


def cases(name: str, family: dict[str, object]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(name, family.values(), ids=family.keys())


@cases("body", BYTES)
def test_bytes_that_are_no_query_are_refused(service: Service, body: bytes) -> None:
    check_problem(service.ask("POST", "/sparql", content=body, headers=QUERY), (400, 413))
    check_problem(service.ask("POST", "/sparql", content=b"query=" + body[:3_000_000], headers=FORM), (400, 413))


@cases("path", PATHS)
def test_a_path_that_names_nothing_is_not_found(service: Service, path: str) -> None:
    answer = service.ask("GET", path)
    check_problem(answer, (400, 404, 414, 422))
    assert "root:" not in answer.text


@cases("question", PARAMETERS)
def test_a_parameter_that_does_not_fit_is_refused(service: Service, question: str) -> None:
    answer = service.ask("GET", "/queries/" + question)
    if question != PARAMETERS["empty"]:
        check_problem(answer, (400, 404, 414, 422))
    assert answer.status_code < 500


@cases("data", RAW)
def test_what_is_no_request_is_refused_or_closed(service: Service, data: bytes) -> None:
    status = service.raw(data, wait=2)[:12]
    assert status in (
        b"",
        b"HTTP/1.1 200",
        b"HTTP/1.1 400",
        b"HTTP/1.1 403",
        b"HTTP/1.1 404",
        b"HTTP/1.1 405",
        b"HTTP/1.1 431",
    )


@cases("headers", HEADERS)
@pytest.mark.parametrize("path", ["/queries/observations?limit=1", "/sparql?query=ASK%7B%7D", "/agency/dalian-psb"])
def test_odd_headers_do_no_harm(service: Service, headers: dict[str, str], path: str) -> None:
    check_problem(service.ask("GET", path, headers=headers), (200, 400, 404, 406, 431))


@pytest.mark.parametrize("method", METHODS)
def test_other_methods_are_refused(service: Service, method: str) -> None:
    answer = service.raw(f"{method} /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
    assert answer[:12] in (b"HTTP/1.1 405", b"HTTP/1.1 400", b"")
