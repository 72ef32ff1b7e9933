"""`/validate` from outside: what it tells, and what no body can make it do."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pyoxigraph as ox
import pytest

from reformgraph.namespaces import RG, SH
from reformgraph.shacl.submitted import MAX_BYTES
from serving import started

ROOT = Path(__file__).parents[2]
REPORT = (ROOT / "tests" / "fixtures" / "tiny" / "reports" / "a.ttl").read_text("utf-8")
FAULTY = REPORT.replace("rg:value 92.5", "rg:value 192.5")
SHARE = "https://w3id.org/reformgraph/shapes#Observation-shareRange"
MEDIA_TYPES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A service with patience: its checkers give way to all else on the machine (nice), and tests come by the dozen."""
    with started(deadline="120") as (url, _):
        yield url


def post(
    server: str, body: str | bytes, media_type: str = "text/turtle", query: str = "", **headers: str
) -> httpx.Response:
    content = body.encode() if isinstance(body, str) else body
    return httpx.post(
        f"{server}/validate{query}", content=content, headers={"Content-Type": media_type} | headers, timeout=130
    )


def shapes_of(answer: httpx.Response, *severities: str) -> list[str]:
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    return [result["shape"] for result in results if not severities or result["severity"] in severities]


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_every_syntax_is_read(server: str, media_type: str) -> None:
    triples = {quad.triple for quad in ox.parse(FAULTY, format=ox.RdfFormat.TURTLE)}
    body = ox.serialize(triples, format=MEDIA_TYPES[media_type])
    assert body is not None
    assert shapes_of(post(server, body, media_type), "Violation") == [SHARE]


def test_a_sound_report_conforms_and_findings_of_ours_are_not_repeated(server: str) -> None:
    answer = post(server, REPORT)
    assert answer.json()["conforms"] is True
    described = {quad.subject.value for quad in ox.parse(REPORT, format=ox.RdfFormat.TURTLE)}
    ours = [result["focus"] for result in answer.json()["results"] if result["focus"] not in described]
    nothing = post(server, "<https://example.org/a> <https://example.org/b> 1 .").json()
    assert (nothing["conforms"], nothing["results"]) == (True, [])
    assert len(ours) < 5


def test_a_result_has_both_languages_and_the_rule(server: str) -> None:
    (result,) = [r for r in post(server, FAULTY).json()["results"] if r["severity"] == "Violation"]
    assert "192.5" in result["messages"]["zh"]
    assert "not within 0 and 100" in result["messages"]["en"]
    assert result["finding"].startswith("https://w3id.org/reformgraph/finding/Observation-shareRange-")


def test_shapes_of_form_or_of_content_can_be_asked_for(server: str) -> None:
    assert SHARE in shapes_of(post(server, FAULTY, query="?shapes=core"))
    content = shapes_of(post(server, FAULTY, query="?shapes=plausibility"))
    assert SHARE not in content
    assert not set(content) & set(shapes_of(post(server, FAULTY, query="?shapes=core")))


def test_text_comes_in_the_language_asked_for(server: str) -> None:
    zh = post(server, FAULTY, query="?format=text&lang=zh")
    assert zh.headers["content-type"] == "text/plain; charset=utf-8"
    assert "不符合" in zh.text
    assert "Does not conform" in post(server, FAULTY, query="?lang=en", Accept="text/plain").text


@pytest.mark.parametrize("name", ["ttl", "nt", "jsonld", "rdf"])
def test_rdf_is_a_shacl_report(server: str, name: str) -> None:
    answer = post(server, FAULTY, query=f"?format={name}")
    format_ = ox.RdfFormat.from_media_type(answer.headers["content-type"].partition(";")[0])
    quads = list(ox.parse(answer.content, format=format_))
    assert ox.Literal(False) in [quad.object for quad in quads if quad.predicate.value == SH + "conforms"]
    assert ox.NamedNode(SHARE) in [quad.object for quad in quads if quad.predicate.value == SH + "sourceShape"]
    values = [quad.object for quad in quads if quad.predicate.value == SH + "value"]
    assert any(isinstance(value, ox.Literal) and value.datatype.value.endswith("decimal") for value in values)


def test_junit_fails_where_the_report_does(server: str) -> None:
    answer = post(server, FAULTY, query="?format=junit&lang=en")
    suites = ElementTree.fromstring(answer.content)
    assert suites.attrib["failures"] == "1"
    assert len(suites.findall(".//failure")) == 1
    assert int(suites.attrib["tests"]) == len(suites.findall(".//testcase")) > 60


def test_a_browser_gets_a_page_for_what_it_pastes_and_for_what_it_uploads(server: str) -> None:
    page = httpx.get(f"{server}/validate", headers={"Accept": "text/html"})
    assert 'enctype="multipart/form-data"' in page.text
    html = {"Accept": "text/html"}
    pasted = httpx.post(
        f"{server}/validate?lang=en", data={"data": FAULTY, "shapes": "core"}, headers=html, timeout=130
    )
    assert "Does not conform" in pasted.text
    assert re.search('href="[^"]*/shapes[^"]*#Observation-shareRange"', pasted.text)
    uploaded = httpx.post(
        f"{server}/validate",
        files={"file": ("a.ttl", FAULTY.encode())},
        data={"syntax": "ttl"},
        headers=html,
        timeout=130,
    )
    assert "不符合" in uploaded.text


def test_what_is_pasted_is_shown_as_text(server: str) -> None:
    body = {"data": "</textarea><script>alert(1)</script>"}
    page = httpx.post(f"{server}/validate", data=body, headers={"Accept": "text/html"}, timeout=130)
    assert page.status_code == 400
    assert "<script>" not in page.text


def test_limits_are_stated(server: str) -> None:
    told = httpx.get(f"{server}/validate").json()
    assert told["maxBytes"] == MAX_BYTES
    assert told["shapes"] == ["core", "plausibility", "all"]
    assert set(told["syntaxes"].values()) == set(MEDIA_TYPES)


@pytest.mark.parametrize(
    ("body", "media_type", "line", "column"),
    [
        ("a b", "text/turtle", 1, 1),
        ("<https://a/b> <https://a/c> 1 .\n<https://a/b> <https://a/c> ?x .", "text/turtle", 2, 29),
        ("<https://a/b> <https://a/c> .", "application/n-triples", 1, 29),
        ('{"@id": "https://a/b",\n "x": }', "application/ld+json", 2, 7),
    ],
)
def test_a_syntax_error_has_its_place(server: str, body: str, media_type: str, line: int, column: int) -> None:
    answer = post(server, body, media_type)
    assert (answer.status_code, answer.json()["line"], answer.json()["column"]) == (400, line, column)
    assert answer.json()["title"] == "The data do not parse"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("?shape=core", "shape"), ("?shapes=all+", "shapes"), ("?lang=fr", "lang"), ("?format=pdf", "format")],
)
def test_a_parameter_that_does_not_fit_is_named(server: str, query: str, parameter: str) -> None:
    answer = post(server, REPORT, query=query)
    assert (answer.status_code, answer.json()["parameter"]) == (422, parameter)
    assert answer.json()["allowed"]


def test_other_syntaxes_and_codings_are_unsupported(server: str) -> None:
    xml = post(server, "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "application/rdf+xml")
    assert xml.status_code == 415
    assert "ttl, nt, trig, nq, jsonld" in xml.json()["detail"]
    assert post(server, b"\x1f\x8b", **{"Content-Encoding": "gzip"}).status_code == 415
    assert post(server, REPORT, "").status_code == 415


def test_a_body_above_the_limit_is_refused_and_one_below_is_not(server: str) -> None:
    large = post(server, b"#" * (MAX_BYTES + 1))
    assert large.status_code == 413
    assert str(MAX_BYTES) in large.json()["detail"]
    assert post(server, b"#" * MAX_BYTES).json()["conforms"] is True


def test_text_that_is_not_utf_8_has_its_place(server: str) -> None:
    answer = post(server, b"<https://a/b> <https://a/c>\n \xff")
    assert (answer.status_code, answer.json()["line"], answer.json()["column"]) == (400, 2, 2)


def test_blank_nodes_are_checked_like_others(server: str) -> None:
    results = post(server, f"[] a <{RG}Observation> .").json()["results"]
    assert {result["focus"][:2] for result in results} == {"_:"}
    assert post(server, f"[] a <{RG}Observation> .", query="?format=nt").status_code == 200


def test_a_text_that_looks_like_an_address_is_only_a_text(server: str) -> None:
    body = REPORT.replace("rg:value 92.5", 'rg:value "https://no iri"')
    assert "shapes#Observation-value" in post(server, body, query="?format=text&lang=en").text


@contextmanager
def listening() -> Iterator[tuple[int, list[bytes]]]:
    """A port on loopback, and what connects to it."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        ended = threading.Event()

        def listen() -> None:
            while not ended.is_set():
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    continue
                heard.append(connection.recv(1000))
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield listener.getsockname()[1], heard
        finally:
            ended.set()
            thread.join()


def reaching(port: int) -> list[tuple[str, str, int]]:
    """Bodies that name an address, with the status of the answer."""
    url = f"http://127.0.0.1:{port}/x"
    select = f"SELECT $this WHERE {{ SERVICE <{url}> {{ $this ?p ?o }} }}"
    shape = f"<{url}> a <{SH}NodeShape> ; <{SH}targetClass> <{RG}Observation> ; <{SH}sparql> [ <{SH}select> {json.dumps(select)} ] ."
    owl = "<http://www.w3.org/2002/07/owl#imports>"
    return [
        (f"<{url}> a <http://www.w3.org/2002/07/owl#Ontology> ; {owl} <{url}> .", "text/turtle", 200),
        (REPORT + shape, "text/turtle", 200),
        (f"<{url}> <{SH}shapesGraph> <{url}> ; <{SH}jsLibrary> <{url}> .", "text/turtle", 200),
        (json.dumps({"@context": url, "@id": "https://a/b"}), "application/ld+json", 400),
        (json.dumps({"@context": [{"@import": url}], "@id": "https://a/b"}), "application/ld+json", 400),
        (
            json.dumps({"@context": {"x": {"@id": "https://a/x", "@context": url}}, "x": {"x": 1}}),
            "application/ld+json",
            400,
        ),
        (json.dumps({"@context": "file:///etc/passwd", "@id": "https://a/b"}), "application/ld+json", 400),
    ]


def test_no_body_reaches_out(server: str) -> None:
    with listening() as (port, heard):
        for body, media_type, status in reaching(port):
            answer = post(server, body, media_type)
            assert answer.status_code == status, (body, answer.text)
        remote = post(server, json.dumps({"@context": f"http://127.0.0.1:{port}/x"}), "application/ld+json")
        assert "nothing is fetched" in remote.json()["detail"]
    assert heard == []


def test_shapes_in_the_body_are_data(server: str) -> None:
    shape = f"<https://a/s> a <{SH}NodeShape> ; <{SH}targetNode> <https://a/x> ; <{SH}hasValue> <https://a/y> ."
    assert post(server, shape).json()["results"] == []


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ("<https://a/b> <https://a/c> " + "(" * 100_000, "text/turtle"),
        ("<https://a/b> <https://a/c> " + "[ <https://a/c> " * 20_000 + "1" + "]" * 20_000 + " .", "text/turtle"),
        ('{"https://a/c":' * 20_000 + "1" + "}" * 20_000, "application/ld+json"),
        ("[" * 1_000_000, "application/ld+json"),
    ],
)
def test_deep_nesting_ends_in_an_answer(server: str, body: str, media_type: str) -> None:
    assert post(server, body, media_type).status_code in (200, 400)
    assert post(server, REPORT).status_code == 200


def checkers(pid: int) -> set[int]:
    """The processes of a service that check data."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    commands = {int(child): Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
    return {child for child, command in commands.items() if b"reformgraph.shacl.checker" in command}


def test_a_check_past_the_deadline_is_stopped() -> None:
    with started("--deadline", "0.1", "--workers", "1") as (server, _):
        answer = post(server, REPORT * 20)
        assert (answer.status_code, answer.json()["title"]) == (503, "The check took too long")
        assert int(answer.headers["retry-after"]) >= 1


def heavy() -> str:
    """A report that takes seconds to check."""
    head, _, _ = REPORT.partition("\n\n")
    blocks = (f"<https://a/{n}> a rg:Observation ; rg:agency <https://a/{n + 1}> .\n" for n in range(50_000))
    return f"{head}\n\nPREFIX rg: <{RG}>\n{''.join(blocks)}"


def test_who_is_too_many_is_told_to_wait_and_who_leaves_stops_the_work() -> None:
    with started("--workers", "1", queue="0", deadline="120") as (server, process):
        assert post(server, REPORT).status_code == 200
        before = checkers(process.pid)
        body = heavy().encode()
        with socket.create_connection((httpx.URL(server).host, httpx.URL(server).port or 80)) as leaver:
            head = f"POST /validate HTTP/1.1\r\nHost: x\r\nContent-Type: text/turtle\r\nContent-Length: {len(body)}\r\n\r\n"
            leaver.sendall(head.encode() + body)
            until(lambda: post(server, REPORT).status_code == 503)
        until(lambda: checkers(process.pid).isdisjoint(before))
        until(lambda: post(server, REPORT).status_code == 200)


def until(holds: object, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.05)
