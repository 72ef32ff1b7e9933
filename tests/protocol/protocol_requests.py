"""Checks of operations, datasets, errors and methods."""

from __future__ import annotations

from urllib.parse import urlencode

from protocol_harness import (
    DIRECT,
    FORM,
    GRAPHS,
    JSON,
    PROBLEM,
    REFUSED,
    SOLUTIONS,
    XML,
    Check,
    Pairs,
    get,
    holds,
    rows,
    says,
    triples,
    url,
)

BASE = "https://w3id.org/reformgraph/"
# Three graphs of ours, each with a thing that has a type there, and there alone an owl:Class, a dcat:Dataset.
A, B, C = (BASE + "graph/" + name for name in ("registry", "vocab", "catalog"))
IN_A, IN_B, IN_C = (BASE + name for name in ("agency/dalian-shi-gonganju", "ns#Observation", "graph/catalog"))
ALL = "ASK {}"
NOWHERE = "http://nowhere.example/"


def posted(query: str, *pairs: tuple[str, str]) -> dict[str, object]:
    """Direct POST, the dataset in the URL."""
    return {"method": "POST", "target": url("/sparql", *pairs), "headers": (("Content-Type", DIRECT),),
            "body": query.encode()}  # fmt: skip


def form(*pairs: tuple[str, str], to: str = "/sparql") -> dict[str, object]:
    return {"method": "POST", "target": to, "headers": (("Content-Type", FORM),), "body": urlencode(pairs).encode()}


def update(text: str, *pairs: tuple[str, str]) -> dict[str, object]:
    headers = (("Content-Type", "application/sparql-update"),)
    return {"method": "POST", "target": url("/sparql", *pairs), "headers": headers, "body": text.encode()}


# The protocol tests of the W3C (https://w3c.github.io/rdf-tests/sparql/sparql11/protocol/) by their names, with
# graphs of ours in place of theirs. A read-only endpoint refuses what its update tests send.
_TYPED = f"ASK {{ <{IN_A}> a ?t . <{IN_B}> a ?u }}"
_NAMED = f"ASK {{ GRAPH ?g {{ <{IN_A}> a ?t }} GRAPH ?h {{ <{IN_B}> a ?u }} }}"
_FULL = f"ASK {{ <{IN_C}> a ?s GRAPH ?g {{ <{IN_A}> a ?t }} GRAPH ?h {{ <{IN_B}> a ?u }} }}"
_DEFAULT_GRAPHS: Pairs = (("default-graph-uri", A), ("default-graph-uri", B))
_NAMED_GRAPHS: Pairs = (("named-graph-uri", A), ("named-graph-uri", B))
_TRUE: dict[str, object] = {"media_types": (JSON, XML), "content": says(True)}
_BAD: dict[str, object] = {"status": REFUSED}
_INSERT = f"INSERT {{ GRAPH <{NOWHERE}> {{ ?s a <{NOWHERE}c> }} }} WHERE {{ ?s a ?c }}"
_ANY: Pairs = (("default-graph-uri", A),)


def _w3c() -> list[Check]:
    table: dict[str, dict[str, object]] = {
        "query_post_form": form(("query", ALL), to=url("/sparql", *_ANY)) | _TRUE,
        "query_dataset_default_graphs_get": {"target": get(_TYPED, *_DEFAULT_GRAPHS)} | _TRUE,
        "query_dataset_default_graphs_post": posted(_TYPED, *_DEFAULT_GRAPHS) | _TRUE,
        "query_dataset_named_graphs_post": posted(_NAMED, *_NAMED_GRAPHS) | _TRUE,
        "query_dataset_named_graphs_get": {"target": get(_NAMED, *_NAMED_GRAPHS)} | _TRUE,
        "query_dataset_full": posted(_FULL, ("default-graph-uri", C), *_NAMED_GRAPHS) | _TRUE,
        "query_multiple_dataset": posted(_NAMED.replace("ASK", f"ASK FROM <{C}>"), *_NAMED_GRAPHS) | _TRUE,
        "query_get": {"target": get(ALL, *_ANY)} | _TRUE,
        "query_content_type_select": posted("SELECT (1 AS ?value) {}", *_ANY)
        | {"media_types": SOLUTIONS, "content": rows(1)},
        "query_content_type_ask": posted(ALL, *_ANY) | {"media_types": (JSON, XML)},
        "query_content_type_describe": posted(f"DESCRIBE <{NOWHERE}>", *_ANY) | {"media_types": GRAPHS},
        "query_content_type_construct": posted("CONSTRUCT { <s> <p> 1 } WHERE {}", *_ANY)
        | {"media_types": GRAPHS, "content": triples(1, 1)},
        "update_dataset_default_graph": update(_INSERT, ("using-graph-uri", A)) | _BAD,
        "update_dataset_default_graphs": update(_INSERT, ("using-graph-uri", A), ("using-graph-uri", B)) | _BAD,
        "update_dataset_named_graphs": update(_INSERT, ("using-named-graph-uri", A)) | _BAD,
        "update_dataset_full": update(_INSERT, ("using-graph-uri", A), ("using-named-graph-uri", B)) | _BAD,
        "update_post_form": form(("update", "CLEAR ALL")) | _BAD,
        "update_post_direct": update("CLEAR ALL") | _BAD,
        "update_base_uri": update(f"INSERT DATA {{ GRAPH <{NOWHERE}> {{ <s> <p> <test> }} }}") | _BAD,
        "query_post_direct": posted(ALL) | _TRUE,
        "bad_query_method": {"method": "PUT", "target": get(ALL), "headers": (("Content-Type", FORM),)} | _BAD,
        "bad_multiple_queries": {"target": get(ALL, ("query", "SELECT * {}"))} | _BAD,
        "bad_query_wrong_media_type": posted(ALL) | {"headers": (("Content-Type", "text/plain"),)} | _BAD,
        "bad_query_missing_form_type": form(("query", ALL)) | {"headers": ()} | _BAD,
        "bad_query_missing_direct_type": posted(ALL) | {"headers": ()} | _BAD,
        "bad_query_non_utf8": posted(ALL)
        | {"headers": (("Content-Type", DIRECT + "; charset=UTF-16"),), "body": ALL.encode("utf-16")}
        | _BAD,
        "bad_query_syntax": {"target": get("ASK {"), "status": (400,)},
        "bad_update_get": {"target": url("/sparql", ("update", "CLEAR ALL"))} | _BAD,
        "bad_multiple_updates": form(("update", "CLEAR NAMED"), ("update", "CLEAR DEFAULT")) | _BAD,
        "bad_update_wrong_media_type": update("CLEAR NAMED") | {"headers": (("Content-Type", "text/plain"),)} | _BAD,
        "bad_update_missing_form_type": form(("update", "CLEAR NAMED")) | {"headers": ()} | _BAD,
        "bad_update_non_utf8": update("CLEAR NAMED") | {"body": "CLEAR NAMED".encode("utf-16")} | _BAD,
        "bad_update_syntax": form(("update", "CLEAR XYZ")) | _BAD,
        "bad_update_dataset_conflict": update(f"WITH <{A}> {_INSERT}", ("using-named-graph-uri", B)) | _BAD,
    }
    return [Check(name, **row) for name, row in table.items()]  # type: ignore[arg-type]


W3C = _w3c()


def _datasets() -> list[Check]:
    """Each dataset by GET, form and direct POST: graphs of the default graph, named graphs, FROM, pattern, answer."""
    default, named = "{ <%s> a ?t }", "{ GRAPH ?g { <%s> a ?t } }"
    none, both = "{ ?s ?p ?o }", f"FROM <{C}> FROM NAMED <{A}> "
    table: list[tuple[str, str, str, str, str, bool]] = [
        ("nothing asked: union", "", "", "", f"{{ <{IN_A}> a ?t . <{IN_B}> a ?u . <{IN_C}> a ?v }}", True),
        ("nothing asked: GRAPH sees all", "", "", "", named % IN_B, True),
        ("default: is there", A, "", "", default % IN_A, True),
        ("default: no other", A, "", "", default % IN_B, False),
        ("default: GRAPH sees nothing", A, "", "", "{ GRAPH ?g { ?s ?p ?o } }", False),
        ("default: GRAPH by its name neither", A, "", "", f"{{ GRAPH <{A}> {none} }}", False),
        ("two defaults merge", f"{A} {B}", "", "", f"{{ <{IN_A}> a ?t . <{IN_B}> a ?u }}", True),
        ("named: default is empty", "", A, "", none, False),
        ("named: is there", "", A, "", named % IN_A, True),
        ("named: no other", "", A, "", named % IN_B, False),
        ("named: no other by its name", "", A, "", f"{{ GRAPH <{B}> {none} }}", False),
        ("both: default", C, A, "", default % IN_C, True),
        ("both: default has not the named", C, A, "", default % IN_A, False),
        ("both: GRAPH has not the default", C, A, "", named % IN_C, False),
        ("FROM: is there", "", "", f"FROM <{A}> ", default % IN_A, True),
        ("FROM: no other", "", "", f"FROM <{A}> ", default % IN_B, False),
        ("FROM: GRAPH sees nothing", "", "", f"FROM <{A}> ", "{ GRAPH ?g { ?s ?p ?o } }", False),
        ("FROM NAMED: default is empty", "", "", f"FROM NAMED <{A}> ", none, False),
        ("FROM NAMED: is there", "", "", f"FROM NAMED <{A}> ", named % IN_A, True),
        ("FROM NAMED: no other", "", "", f"FROM NAMED <{A}> ", named % IN_B, False),
        ("FROM and FROM NAMED: default", "", "", both, default % IN_C, True),
        ("FROM and FROM NAMED: named", "", "", both, named % IN_A, True),
        ("FROM and FROM NAMED: no mixing", "", "", both, named % IN_C, False),
        ("protocol beats FROM", B, "", f"FROM <{A}> ", default % IN_B, True),
        ("protocol beats FROM wholly", B, "", f"FROM <{A}> ", default % IN_A, False),
        ("protocol default hides FROM NAMED", A, "", f"FROM NAMED <{B}> ", named % IN_B, False),
        ("protocol named hides FROM", "", A, f"FROM <{B}> ", default % IN_B, False),
        ("protocol named beats FROM NAMED", "", A, f"FROM NAMED <{B}> ", named % IN_A, True),
    ]  # fmt: skip
    checks = []
    for place, (name, default_graphs, named_graphs, clauses, pattern, expected) in enumerate(table):
        query = f"ASK {clauses}{pattern}"
        pairs = tuple(("default-graph-uri", g) for g in default_graphs.split())
        pairs += tuple(("named-graph-uri", g) for g in named_graphs.split())
        ways = {"get": {"target": get(query, *pairs)}, "form": form(("query", query), *pairs),
                "direct": posted(query, *pairs)}  # fmt: skip
        # The dataset is read in one way whatever brought it: three ways for the named, else each way in its turn.
        for way in ways if pairs else [list(ways)[place % 3]]:
            checks.append(Check(f"{name} ({way})", content=says(expected), **ways[way]))  # type: ignore[arg-type]
    return checks


_FROM = f"PREFIX g: <{BASE}graph/> ASK FROM g:registry {{ <{IN_A}> a ?t }}"
DATASETS = [
    *_datasets(),
    Check("FROM by a prefixed name", get(_FROM), content=says(True)),
    Check("FROM by a relative IRI", get(f"BASE <{A}> ASK FROM <registry> {{ <{IN_A}> a ?t }}"), content=says(True)),
    Check("CONSTRUCT over a graph", get("CONSTRUCT WHERE { ?s ?p ?o }", ("default-graph-uri", C)), content=triples(5, 50)),
    Check("DESCRIBE over a graph", get(f"DESCRIBE <{IN_C}>", ("default-graph-uri", C)), content=triples(5, 50)),
    Check("unknown default graph", get(ALL, ("default-graph-uri", NOWHERE)), status=(400,), content=holds(NOWHERE), ours=True),
    Check("unknown named graph", get(ALL, ("named-graph-uri", NOWHERE)), status=(400,), content=holds(NOWHERE), ours=True),
    Check("one unknown of two", get(ALL, ("default-graph-uri", A), ("default-graph-uri", NOWHERE)), status=(400,), ours=True),
    Check("unknown FROM", get(f"ASK FROM <{NOWHERE}> {{}}"), status=(400,), content=holds(NOWHERE), ours=True),
    Check("unknown FROM NAMED", get(f"ASK FROM NAMED <{NOWHERE}> {{}}"), status=(400,), content=holds(NOWHERE), ours=True),
    Check("relative graph", get(ALL, ("default-graph-uri", "registry")), status=(400,)),
    Check("empty graph", get(ALL, ("named-graph-uri", "")), status=(400,)),
]  # fmt: skip

_CHINESE = 'SELECT * { VALUES ?x { "大连市公安局"@zh <http://例.cn/公安> "😀" } }'
_LONG = "ASK { VALUES ?x { " + " ".join(f"<{BASE}obs/{n}>" for n in range(1500)) + " } }"
OPERATIONS = [
    Check("GET", get(ALL), content=says(True)),
    Check("GET, spaces as plus", "/sparql?query=ASK+%7B+%7D", content=says(True)),
    Check("GET, spaces as %20", "/sparql?query=ASK%20%7B%20%7D", content=says(True)),
    Check("GET, unknown parameters", get(ALL, ("timeout", "5"), ("debug", "on"), ("run", "")), content=says(True)),
    Check("GET in Chinese", get(_CHINESE), content=rows(3)),
    Check("GET with a comment and line breaks", get("# why\r\nASK\n{\n}\n# end"), content=says(True)),
    Check("form", content=says(True), **form(("query", ALL))),  # type: ignore[arg-type]
    Check("form in Chinese", content=rows(3), **form(("query", _CHINESE))),  # type: ignore[arg-type]
    Check("form, dataset in the form", content=says(False), **form(("query", f"ASK {{ <{IN_B}> a ?t }}"), ("default-graph-uri", A))),  # type: ignore[arg-type]
    Check("form with a charset", content=says(True), **form(("query", ALL)) | {"headers": (("Content-Type", FORM + "; charset=UTF-8"),)}),  # type: ignore[arg-type]
    Check("form, media type in capitals", content=says(True), **form(("query", ALL)) | {"headers": (("Content-Type", FORM.upper()),)}),  # type: ignore[arg-type]
    Check("long form", content=says(True), **form(("query", _LONG))),  # type: ignore[arg-type]
    Check("direct", content=says(True), **posted(ALL)),  # type: ignore[arg-type]
    Check("direct in Chinese", content=rows(3), **posted(_CHINESE)),  # type: ignore[arg-type]
    Check("direct with a charset", content=says(True), **posted(ALL) | {"headers": (("Content-Type", DIRECT + '; charset="utf-8"'),)}),  # type: ignore[arg-type]
    Check("direct, media type in capitals", content=says(True), **posted(ALL) | {"headers": (("Content-Type", "Application/SPARQL-Query"),)}),  # type: ignore[arg-type]
    Check("direct and long", content=says(True), **posted(_LONG)),  # type: ignore[arg-type]
    Check("QUERY, direct", content=says(True), **posted(ALL) | {"method": "QUERY"}),  # type: ignore[arg-type]
    Check("QUERY, form", content=says(True), **form(("query", ALL)) | {"method": "QUERY"}),  # type: ignore[arg-type]
    Check("relative IRIs have a base", get("ASK { FILTER(STRLEN(STR(<x>)) > 8 && STRENDS(STR(<x>), '/x')) }"), content=says(True)),
    Check("BASE of the query counts", get("BASE <http://b.example/> ASK { FILTER(STR(<x>) = 'http://b.example/x') }"), content=says(True)),
    Check("HEAD", get(ALL), method="HEAD", media_types=(JSON,), answers=(("content-length", r"^\d+$|^$"),)),
]  # fmt: skip

_NOT_A_FORM = (("Content-Type", "multipart/form-data; boundary=x"),)
_ERRORS: list[tuple[str, dict[str, object], int | tuple[int, ...]]] = [
    ("empty query", {"target": "/sparql?query="}, 400),
    ("blank query", {"target": get("  \n ")}, 400),
    ("no query in a form", form(("default-graph-uri", A)), 400),
    ("empty form", form(), 400),
    ("empty body", posted(""), 400),
    ("syntax by form", form(("query", "SELECT ?x WHERE { ?x")), 400),
    ("syntax by direct POST", posted("SELECT ?x WHERE { ?x"), 400),
    ("unknown prefix", {"target": get("ASK { ?s nope:p ?o }")}, 400),
    ("not projected", {"target": get("SELECT ?s (COUNT(?p) AS ?n) { ?s ?p ?o }")}, 400),
    ("unknown function", {"target": get("SELECT (<http://no.example/f>(1) AS ?x) {}"), "ours": True}, 400),
    ("two queries in a form", form(("query", ALL), ("query", ALL)), REFUSED),
    ("query in URL and form", form(("query", ALL), to=get(ALL)), REFUSED),
    ("query in URL and body", posted(ALL, ("query", ALL)), REFUSED),
    ("update as query", {"target": get("CLEAR ALL")}, 400),
    ("insert as query by direct POST", posted("INSERT DATA { <a:a> <a:b> <a:c> }"), 400),
    ("load as query", form(("query", "LOAD <http://127.0.0.1:1/>")), 400),
    ("update beside a query", form(("query", ALL), ("update", "CLEAR ALL")), REFUSED),
    ("using-graph-uri with a query", {"target": get(ALL, ("using-graph-uri", A)), "ours": True}, 400),
    ("SERVICE", {"target": get("ASK { SERVICE <http://127.0.0.1:1/> {} }"), "ours": True}, 400),
    ("broken percent escape", {"target": "/sparql?query=ASK%20%7B%7D%zz", "ours": True}, 400),
    ("percent escape cut short", form() | {"body": b"query=ASK%20%7B%7D%2"}, 400),
    ("latin-1 in a form", form() | {"body": b"query=ASK%20%7B%20?s%20?p%20'%E9'%20%7D"}, REFUSED),
    ("latin-1 in the URL", {"target": "/sparql?query=ASK%20%7B%20?s%20?p%20'%E9'%20%7D"}, REFUSED),
    ("latin-1 in the body", posted("") | {"body": "ASK { ?s ?p 'é' }".encode("latin-1")}, REFUSED),
    ("a charset that is not UTF-8", posted(ALL) | {"headers": (("Content-Type", DIRECT + "; charset=gbk"),)}, REFUSED),
    ("form in another charset", form(("query", ALL)) | {"headers": (("Content-Type", FORM + "; charset=gbk"),)}, REFUSED),
    ("multipart", form(("query", ALL)) | {"headers": _NOT_A_FORM}, 415),
    ("JSON body", posted('{"query":"ASK {}"}') | {"headers": (("Content-Type", "application/json"),)}, 415),
    ("update media type", update("CLEAR ALL"), REFUSED),
    ("compressed body", posted(ALL) | {"headers": (("Content-Type", DIRECT), ("Content-Encoding", "gzip"))}, REFUSED),
]  # fmt: skip
ERRORS = [
    Check(name, **{"ours": False} | row | {"status": status if isinstance(status, tuple) else (status,)})  # type: ignore[arg-type]
    for name, row, status in _ERRORS
]
_PLACES = {"/sparql": ("PUT", "DELETE", "PATCH"), url("/graphs", ("graph", A)): ("PUT", "POST", "DELETE", "PATCH")}
METHODS = [
    Check(f"{method} {target.partition('?')[0]}", target, method, headers=(("Content-Type", "text/turtle"),), body=b"",
          status=(405,), answers=(("allow", "GET.*HEAD"),))
    for target, methods in _PLACES.items()
    for method in methods
] + [
    Check("PUT with a query", get(ALL), "PUT", status=(405,), answers=(("allow", "POST"),)),
    Check("PROPFIND", "/sparql", "PROPFIND", status=(405, 501)),
    Check("OPTIONS /sparql", "/sparql", "OPTIONS", status=(200, 204), answers=(("allow", "GET.*POST"),), ours=True),
    Check("OPTIONS /graphs", "/graphs", "OPTIONS", status=(200, 204), answers=(("allow", "GET"),), ours=True),
    *(Check(f"{method} {path}", path, method, status=(405,), answers=(("allow", "GET, HEAD"),), ours=True)
      for method in ("POST", "DELETE") for path in ("/catalog", "/.well-known/void", "/prefixes")),
]  # fmt: skip
PROBLEMS = [
    Check(f"{check.name} is a problem document", check.target, check.method, headers=check.headers, body=check.body,
          status=check.status, media_types=(PROBLEM,), answers=(("content-type", "charset=utf-8"),), ours=True)
    for check in [*ERRORS[:1], *ERRORS[5:9], ERRORS[26], METHODS[0], DATASETS[-4]]
]  # fmt: skip
