"""Checks of formats, headers, the graph store and the descriptions."""

from __future__ import annotations

from protocol_harness import (
    CSV,
    GRAPHS,
    HTML,
    JSON,
    JSONLD,
    NQ,
    NT,
    PROBLEM,
    RDFXML,
    SOLUTIONS,
    TRIG,
    TSV,
    TURTLE,
    XML,
    Check,
    get,
    holds,
    rows,
    says,
    triples,
    url,
)
from protocol_requests import ALL, IN_A, NOWHERE, A, B

SELECT = f"SELECT ?t {{ <{IN_A}> a ?t }} LIMIT 1"
CONSTRUCT = f"CONSTRUCT WHERE {{ <{IN_A}> ?p ?o }}"

# What clients send, word for word.
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
JENA = ("application/sparql-results+json, application/sparql-results+xml;q=0.9, text/tab-separated-values;q=0.7, "
        "text/csv;q=0.5, application/json;q=0.2, application/xml;q=0.2, */*;q=0.1")  # fmt: skip
JENA_GRAPH = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
R_HTTR = "application/json, text/xml, application/xml, */*"
SPARQLWRAPPER_JSON = "application/sparql-results+json,application/json,text/javascript,application/javascript"
SPARQLWRAPPER_GRAPH = "application/rdf+xml,text/turtle,text/n3,application/n-triples,*/*"
RDFLIB_STORE = "application/sparql-results+xml, application/rdf+xml"
RDFLIB_PARSE = ("application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5, */*;q=0.1",
                "text/turtle, application/rdf+xml;q=0.9, application/n-triples;q=0.9, */*;q=0.1")  # fmt: skip
JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"

# Accept lines -> the media types that are right; None for 406. No line is no header.
_SELECT: list[tuple[tuple[str, ...], tuple[str, ...] | None]] = [
    *(((media_type,), (media_type,)) for media_type in SOLUTIONS),
    ((), SOLUTIONS),
    (("",), SOLUTIONS),
    (("*/*",), (JSON,)),
    (("*/*;q=0.1",), SOLUTIONS),
    (("application/json",), (JSON, "application/json")),
    (("application/xml",), (XML, "application/xml")),
    (("text/xml",), (XML, "text/xml")),
    (("text/*",), (CSV, TSV)),
    (("application/*",), (JSON, XML)),
    (("application/x-unknown, */*",), SOLUTIONS),
    (("application/x-unknown;q=0.9, text/csv;q=0.1",), (CSV,)),
    ((f"{XML};q=0.9, {JSON};q=0.1",), (XML,)),
    ((f"{XML};q=0.1, {JSON};q=0.9",), (JSON,)),
    ((f"{JSON};q=0.8, {CSV}",), (CSV,)),
    (("text/csv;q=0.001",), (CSV,)),
    (("text/csv;q=1.000",), (CSV,)),
    (("text/csv;Q=0.5, text/tab-separated-values;Q=0.6",), (TSV,)),
    (("text/csv ; q=0.2 , text/tab-separated-values ; q=0.4",), (TSV,)),
    ((f"{JSON};q=0, */*",), (XML, CSV, TSV)),
    (("text/*;q=0.3, text/csv;q=0, */*;q=0.1",), (TSV,)),
    (("text/*;q=0.9, text/tab-separated-values;q=0.5",), (CSV,)),
    (("text/csv;q=high, application/x-unknown",), (CSV,)),
    ((JSON.upper(),), (JSON,)),
    (("Text/CSV",), (CSV,)),
    ((f"{JSON};charset=utf-8",), (JSON,)),
    (("text/csv;header=present",), (CSV,)),
    (("text/csv;charset=utf-8;q=0.5, application/sparql-results+xml;q=0.4",), (CSV,)),
    (("text/csv  ,  application/x-unknown",), (CSV,)),
    (("text/csv,,",), (CSV,)),
    (("application/x-unknown", "text/csv"), (CSV,)),
    (("text/csv;q=0.1", f"{XML};q=0.2"), (XML,)),
    ((JENA,), (JSON,)),
    ((R_HTTR,), (JSON, XML)),
    ((SPARQLWRAPPER_JSON,), (JSON,)),
    ((RDFLIB_STORE,), (XML,)),
    ((JAVA,), (*SOLUTIONS, HTML)),
    (("text/turtle",), None),
    (("image/png",), None),
    (("text/csv;q=0",), None),
    (("*/*;q=0",), None),
]
_ASK: list[tuple[tuple[str, ...], tuple[str, ...] | None]] = [
    ((JSON,), (JSON,)),
    ((XML,), (XML,)),
    ((), (JSON, XML)),
    (("*/*",), (JSON, XML)),
    (("application/json",), (JSON, "application/json")),
    (("text/xml",), (XML, "text/xml")),
    (("application/*",), (JSON, XML)),
    (("text/csv, application/sparql-results+xml;q=0.1",), (XML,)),
    ((R_HTTR,), (JSON, XML)),
    (("text/csv",), None),
    (("text/turtle",), None),
]
_CONSTRUCT: list[tuple[tuple[str, ...], tuple[str, ...] | None]] = [
    *(((media_type,), (media_type,)) for media_type in GRAPHS),
    ((), GRAPHS),
    (("*/*",), (TURTLE,)),
    (("*/*;q=0.1",), GRAPHS),
    (("application/xml",), (RDFXML, "application/xml")),
    (("application/json",), (JSONLD, "application/json")),
    (("text/*",), (TURTLE,)),
    (("application/*",), (NT, JSONLD, RDFXML, NQ, TRIG)),
    (("application/rdf+xml;q=0.5, text/turtle;q=0.4",), (RDFXML,)),
    (("text/turtle;q=0, */*",), (NT, JSONLD, RDFXML, NQ, TRIG)),
    (("application/ld+json;profile=http://www.w3.org/ns/json-ld#expanded",), (JSONLD,)),
    (("TEXT/TURTLE",), (TURTLE,)),
    (("application/x-unknown", "application/n-triples"), (NT,)),
    ((JENA_GRAPH,), (TURTLE,)),
    ((SPARQLWRAPPER_GRAPH,), (RDFXML, TURTLE, NT)),
    *(((header,), (RDFXML, TURTLE)) for header in RDFLIB_PARSE),
    ((R_HTTR,), GRAPHS),
    ((JSON,), None),
    (("text/csv",), None),
]
_HINTS = [
    ("csv", SELECT, "*/*", CSV), ("xml", SELECT, "*/*", XML), ("json", SELECT, "*/*", JSON), ("tsv", SELECT, "", TSV),
    (XML, SELECT, "*/*", XML), ("bogus", SELECT, "*/*", JSON), ("csv", SELECT, XML, XML), ("turtle", SELECT, CSV, CSV),
    ("n3", CONSTRUCT, "*/*", TURTLE), ("xml", CONSTRUCT, "*/*", RDFXML), ("json-ld", CONSTRUCT, "*/*", JSONLD),
    ("xml", ALL, "*/*", XML), ("csv", ALL, "*/*", JSON), ("csv", SELECT, BROWSER, CSV), ("csv", SELECT, "text/html", HTML),
]  # fmt: skip


def _accepted(
    kind: str, query: str, table: list[tuple[tuple[str, ...], tuple[str, ...] | None]], content: object
) -> list[Check]:
    return [
        Check(f"{kind} {' | '.join(accept) or ('an empty Accept' if accept else 'no Accept')}", get(query), accept=accept,
              **({"status": (406,)} if expected is None else {"media_types": expected, "content": content}))  # type: ignore[arg-type]
        for accept, expected in table
    ]  # fmt: skip


_READ_SOLUTIONS = rows(1)


def _solutions_or_page(body: bytes, media_type: str) -> bool:
    return media_type == HTML or _READ_SOLUTIONS(body, media_type)


FORMATS = [
    *_accepted("SELECT", SELECT, _SELECT, lambda body, kind: kind == "application/json" or _solutions_or_page(body, kind)),
    *_accepted("ASK", ALL, _ASK, lambda body, kind: kind not in (JSON, XML) or says(True)(body, kind)),
    *_accepted("CONSTRUCT", CONSTRUCT, _CONSTRUCT, lambda body, kind: kind not in GRAPHS or triples(5)(body, kind)),
    *_accepted("DESCRIBE", f"DESCRIBE <{IN_A}>", [((m,), (m,)) for m in GRAPHS], triples(5)),
    Check("SELECT for a browser", get(SELECT), accept=(BROWSER,), media_types=(HTML,), ours=True),
    Check("CONSTRUCT for a browser", get(CONSTRUCT), accept=(BROWSER,), media_types=(HTML,), ours=True),
    Check("a page only by its name", get(SELECT), accept=("text/*;q=0.9, */*;q=0.1",), media_types=(CSV,)),
    Check("a page that is asked for last", get(SELECT), accept=(f"{JSON}, text/html;q=0.5",), media_types=(JSON,)),
    Check("406 lists what there is", get(SELECT), accept=("image/png",), status=(406,), media_types=(PROBLEM,),
          content=holds(*SOLUTIONS), answers=(("vary", "Accept"),), ours=True),
    *(Check(f"{query.partition(' ')[0]} with {name}={hint} below {accept or 'nothing'}", url("/sparql", ("query", query), (name, hint)), accept=(accept,),
            media_types=(expected,), ours=True)
      for (hint, query, accept, expected), name in zip(_HINTS, ["format", "output", "results"] * 5, strict=True)),
    Check("CSV to the letter", get('SELECT ?a ?b ?c { VALUES (?a ?b ?c) { (<x:i> "公,安\\"局\\n"@zh UNDEF) (1.5 true "") } }'),
          accept=(CSV,), content=lambda body, _: body.decode() == 'a,b,c\r\nx:i,"公,安""局\n",\r\n1.5,true,\r\n'),
    Check("TSV to the letter", get('SELECT ?a ?b ?c { VALUES (?a ?b ?c) { (<x:i> "公\\t安\\n"@zh UNDEF) (1.5 true 2) } }'),
          accept=(TSV,), content=lambda body, _: body.decode() == '?a\t?b\t?c\n<x:i>\t"公\\t安\\n"@zh\t\n1.5\ttrue\t2\n'),
    Check("CSV of a formula is not touched", get('SELECT ?a { VALUES ?a { "=1+1" } }'), accept=(CSV,),
          content=lambda body, _: body == b"a\r\n=1+1\r\n"),
    Check("no rows", get("SELECT ?x { FILTER(false) }"), accept=(JSON,), content=rows(0)),
    Check("no rows in CSV", get("SELECT ?x { FILTER(false) }"), accept=(CSV,), content=lambda body, _: body == b"x\r\n"),
]  # fmt: skip

_ORIGIN = (("Origin", "https://app.example"),)
_PREFLIGHT = (*_ORIGIN, ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type"))
_PAGES = ("/", "/docs", "/openapi.json", "/prefixes", "/catalog", "/.well-known/void", "/graphs", "/static/style.css",
          "/static/icon.svg", "/health", "/ready", "/nothing-here", "/ns", "/agency")  # fmt: skip
HEADERS = [
    Check("CORS of GET", get(ALL), headers=_ORIGIN,
          answers=(("access-control-allow-origin", r"\*|https://app"), ("access-control-expose-headers", "ETag.*Link.*Retry-After")), ours=True),
    Check("CORS of an error", get("ASK {"), headers=_ORIGIN, status=(400,), answers=(("access-control-allow-origin", r"\*"),), ours=True),
    Check("CORS of a 406", get(ALL), accept=("image/png",), headers=_ORIGIN, status=(406,),
          answers=(("access-control-allow-origin", r"\*"),), ours=True),
    Check("CORS of POST", "/sparql", "POST", headers=(*_ORIGIN, ("Content-Type", "application/sparql-query")), body=b"ASK {}",
          answers=(("access-control-allow-origin", r"\*"),), ours=True),
    Check("preflight of POST", "/sparql", "OPTIONS", headers=_PREFLIGHT, status=(200, 204),
          answers=(("access-control-allow-methods", "POST"), ("access-control-allow-headers", "content-type")), ours=True),
    Check("preflight of a GET with If-None-Match", "/graphs", "OPTIONS", status=(200, 204), ours=True,
          headers=(*_ORIGIN, ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "if-none-match")),
          answers=(("access-control-allow-headers", "if-none-match"),)),
    Check("Vary and ETag", get(SELECT), answers=(("vary", "Accept"), ("etag", '^"[^"]+"$')), ours=True),
    Check("service-desc link", get(SELECT), answers=(("link", r'/sparql>; rel="service-desc"'),), ours=True),
    Check("a stale ETag is answered", get(SELECT), headers=(("If-None-Match", '"other"'),), content=rows(1)),
    *(Check(f"charset of {media_type}", get(SELECT), accept=(media_type,), answers=(("content-type", "charset=utf-8"),), ours=True)
      for media_type in SOLUTIONS),
    *(Check(f"charset of {media_type}", get(CONSTRUCT), accept=(media_type,), answers=(("content-type", "charset=utf-8"),), ours=True)
      for media_type in GRAPHS),
    *(Check(f"charset of {path}", path, status=(200, 404), answers=(("content-type", "; ?charset=utf-8"),), ours=True)
      for path in _PAGES),
    *(Check(f"charset of the page {path}", path, accept=(BROWSER,), media_types=(HTML,), answers=(("content-type", "charset=utf-8"),), ours=True)
      for path in ("/sparql", "/graphs", "/catalog", "/.well-known/void")),
    Check("a Host that is none", "/sparql", headers=(("Host", 'a"b<c>'),), status=(400,), ours=True),
]  # fmt: skip

_GRAPH = url("/graphs", ("graph", A))
GRAPH_STORE = [
    *(Check(f"a graph in {media_type}", _GRAPH, accept=(media_type,), media_types=(media_type,), content=triples(1000))
      for media_type in GRAPHS),
    *(Check(f"the union in {media_type}", "/graphs?default", accept=(media_type,), media_types=(media_type,), content=triples(40_000))
      for media_type in (TURTLE, NQ)),
    Check("Turtle is the default", _GRAPH, media_types=(TURTLE,), content=triples(1000)),
    Check("no Accept", _GRAPH, accept=(), media_types=GRAPHS),
    Check("?default=", "/graphs?default=", accept=(NT,), content=triples(40_000)),
    Check("q-values", _GRAPH, accept=(f"{TURTLE};q=0.1, {NT};q=0.2",), media_types=(NT,)),
    Check("unknown types and */*", _GRAPH, accept=("application/x-unknown, */*;q=0.1",), media_types=GRAPHS),
    Check("unknown parameters", url("/graphs", ("graph", A), ("x", "1")), media_types=(TURTLE,)),
    Check("HEAD of a graph", _GRAPH, "HEAD", media_types=(TURTLE,), answers=(("content-length", r"^\d+$|^$"),)),
    Check("HEAD of an unknown graph", url("/graphs", ("graph", NOWHERE)), "HEAD", status=(404,)),
    Check("HEAD of the union", "/graphs?default", "HEAD", media_types=(TURTLE,)),
    Check("unknown graph", url("/graphs", ("graph", NOWHERE)), status=(404,)),
    Check("unknown graph is named", url("/graphs", ("graph", NOWHERE)), status=(404,), content=holds(NOWHERE), ours=True),
    Check("nearest graph is named", url("/graphs", ("graph", A[:-1])), status=(404,), content=holds(A), ours=True),
    Check("empty graph", "/graphs?graph=", status=(400,)),
    Check("relative graph", "/graphs?graph=registry", status=(400,)),
    Check("graph that is no IRI", url("/graphs", ("graph", "http://a b/")), status=(400,)),
    Check("graph and default", url("/graphs", ("graph", A), ("default", "")), status=(400,)),
    Check("two graphs", url("/graphs", ("graph", A), ("graph", B)), status=(400,)),
    Check("not acceptable", _GRAPH, accept=("image/png",), status=(406,)),
    Check("solutions are not acceptable", _GRAPH, accept=(CSV,), status=(406,)),
    Check("ETag of a graph", _GRAPH, answers=(("etag", '^"'), ("vary", "Accept")), ours=True),
    Check("the list as JSON", "/graphs", accept=("application/json",), media_types=("application/json",), content=holds(A, B, '"triples"'), ours=True),
    Check("the list as a page", "/graphs", accept=(BROWSER,), media_types=(HTML,), content=holds("/graph/registry"), ours=True),
    *(Check(f"the list in {media_type}", "/graphs", accept=(media_type,), media_types=(media_type,), content=triples(40), ours=True)
      for media_type in GRAPHS),
    Check("format by parameter", url("/graphs", ("graph", A), ("format", "nt")), media_types=(NT,), ours=True),
    Check("a graph at its own IRI", "/graph/registry", accept=(TURTLE,), media_types=(TURTLE,), content=triples(1000), ours=True),
]  # fmt: skip

DESCRIPTIONS = [
    Check("service description", "/sparql", media_types=GRAPHS, content=triples(20)),
    *(Check(f"service description in {media_type}", "/sparql", accept=(media_type,), media_types=(media_type,), content=triples(20))
      for media_type in GRAPHS),
    Check("HEAD of the service description", "/sparql", "HEAD", media_types=GRAPHS),
    Check("a browser gets the editor", "/sparql", accept=(BROWSER,), media_types=(HTML,), content=holds("<textarea"), ours=True),
    *(Check(f"{path} in {media_type}", path, accept=(media_type,), media_types=(media_type,), content=triples(20), ours=True)
      for path in ("/.well-known/void", "/catalog") for media_type in GRAPHS),
    *(Check(f"{path} by default", path, media_types=(TURTLE,), content=triples(20), ours=True) for path in ("/.well-known/void", "/catalog")),
    *(Check(f"{path} by suffix", path, media_types=(expected,), ours=True)
      for path, expected in (("/catalog.jsonld", JSONLD), ("/catalog.html", HTML), ("/.well-known/void.nt", NT), ("/prefixes.ttl", TURTLE),
                             ("/prefixes.rq", "application/sparql-query"), ("/prefixes.json", "application/json"))),
    Check("unknown suffix", "/catalog.docx", status=(404,), media_types=(PROBLEM,), ours=True),
    Check("prefixes by default", "/prefixes", media_types=("application/json",), ours=True),
    Check("prefixes as Turtle", "/prefixes", accept=(TURTLE,), media_types=(TURTLE,), content=triples(100), ours=True),
    Check("prefixes for SPARQL", "/prefixes", accept=("application/sparql-query",), media_types=("application/sparql-query",), ours=True),
    Check("prefixes by parameter", "/prefixes?format=rq", media_types=("application/sparql-query",), ours=True),
]  # fmt: skip
