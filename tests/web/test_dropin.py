"""A query file dropped into a folder is a route, a page and an OpenAPI operation; a faulty one stops the start."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from reformgraph.errors import SourceFileError
from reformgraph.settings import Settings
from reformgraph.web.app import create_app
from serving import serving

GOOD = """#+ summary: Which figures have this bound?
#+ summary_zh: 哪些数字有此界限？
#+ param bound: code bound, many, example over
#+ param bound zh: 界限
#+ param bound en: Bound
#+ columns: figure bound
#+ example: bound=over
PREFIX rg: <https://w3id.org/reformgraph/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?figure ?bound
WHERE {
  VALUES ?bound { UNDEF }
  ?figure a rg:Observation ;
    rg:bound/skos:notation ?bound .
}
ORDER BY STR(?figure)
"""
FAULTS = {
    "no summary": (GOOD.replace("#+ summary: Which", "#+ description: Which"), "lacks the line '#+ summary"),
    "syntax": (GOOD.replace("ORDER BY STR(?figure)", "ORDER BY STR(?figure"), "gave up"),
    "unknown key": (GOOD.replace("#+ columns", "#+ colums"), "Unknown head line"),
    "unknown kind": (GOOD.replace("code bound,", "colour,"), "Unknown kind 'colour'"),
    "no block": (GOOD.replace("  VALUES ?bound { UNDEF }\n", ""), "No block VALUES ?bound"),
    "no order": (GOOD.replace("ORDER BY STR(?figure)\n", ""), "ORDER BY"),
    "limit": (GOOD + "LIMIT 5\n", "LIMIT and OFFSET are added"),
    "in optional": (
        GOOD.replace("rg:bound/skos:notation ?bound .", "rg:bound ?x .\n  OPTIONAL { ?x skos:notation ?bound }"),
        "inside OPTIONAL",
    ),
    "in exists": (
        GOOD.replace("rg:bound/skos:notation ?bound .", "rg:bound ?x .\n  FILTER EXISTS { ?x skos:notation ?bound }"),
        "inside EXISTS",
    ),
    "in a subselect": (
        GOOD.replace("  ?figure a", "  { SELECT ?bound { ?x skos:notation ?bound } }\n  ?figure a"),
        "subselect",
    ),
    "columns": (GOOD.replace("figure bound\n#+ example", "figure\n#+ example"), "not those of the SELECT"),
    "version": (GOOD.replace("#+ columns", "#+ version: newest\n#+ columns"), "no version such as 2"),
    "service": (GOOD.replace("  ?figure a", "  SERVICE <http://x/> { ?a ?b ?c }\n  ?figure a"), "SERVICE"),
}


def test_a_dropped_file_becomes_an_operation(tmp_path: Path) -> None:
    (tmp_path / "by-bound.rq").write_text(GOOD, "utf-8")
    with serving("--queries", str(tmp_path)) as address, httpx.Client(base_url=address) as http:
        body = http.get("/queries/by-bound?bound=over&limit=3").json()
        assert [row["bound"] for row in body["rows"]] == ["over"] * 3
        told = http.get("/openapi.json").json()["paths"]["/queries/by-bound"]["get"]["parameters"]
        assert {p["name"] for p in told} >= {"bound", "sort", "filter", "fields"}
        viewed = http.get("/queries/by-bound?sort=-figure&fields=figure&filter=bound:eq:over&limit=3").json()
        assert list(viewed["columnTitles"].values()) == ["figure"]
        assert viewed["rows"][0]["figure"] > viewed["rows"][2]["figure"]
        assert "by-bound" in {entry["name"] for entry in http.get("/queries").json()["queries"]}
        assert http.get("/queries/by-bound.html?bound=over").status_code == 200


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_file_stops_the_start_with_file_line_and_reason(tmp_path: Path, fault: str) -> None:
    text, reason = FAULTS[fault]
    (tmp_path / "faulty.rq").write_text(text, "utf-8")
    with pytest.raises(SourceFileError, match=r"faulty\.rq") as stopped:
        create_app(Settings(queries=tmp_path))
    assert reason in stopped.value.reason


def test_a_query_may_have_the_language_as_a_parameter_of_its_own(tmp_path: Path) -> None:
    text = GOOD.replace("code bound, many, example over", "lang, default zh").replace("param bound", "param lang")
    text = text.replace("?bound", "?lang").replace("figure bound", "figure lang").replace("bound=over", "lang=en")
    text = text.replace(
        "    rg:bound/skos:notation ?lang .", "    rg:metric/skos:prefLabel ?label .\n  FILTER (LANG(?label) = ?lang)"
    )
    (tmp_path / "labels.rq").write_text(text, "utf-8")
    with serving("--queries", str(tmp_path)) as address, httpx.Client(base_url=address, timeout=30) as http:
        bodies = [http.get("/queries/labels", params=given | {"limit": "5"}).json() for given in ({}, {"lang": "en"})]
        assert [{row["lang"] for row in body["rows"]} for body in bodies] == [{"zh"}, {"en"}]
        assert http.get("/queries/labels?lang=fr").json()["parameter"] == "lang"


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    (tmp_path / "observations.rq").write_text(GOOD, "utf-8")
    with pytest.raises(SourceFileError, match="has this name already"):
        create_app(Settings(queries=tmp_path))


def test_a_runaway_from_a_users_folder_ends_at_the_deadline(tmp_path: Path) -> None:
    text = GOOD.replace(
        "    rg:bound/skos:notation ?bound .", "    rg:bound/skos:notation ?bound .\n  ?a ?b ?c . ?d ?e ?f . ?g ?h ?i ."
    )
    (tmp_path / "runaway.rq").write_text(text, "utf-8")
    with serving("--queries", str(tmp_path), "--deadline", "1") as address, httpx.Client(base_url=address) as http:
        answer = http.get("/queries/runaway.csv?bound=over", timeout=10)
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json; charset=utf-8")
        assert http.get("/queries/observations").status_code == 200


@pytest.mark.parametrize(
    ("text", "status"), [("12.5", 200), ("NaN", 422), ("1e99999999", 422), ("１２", 422), ("1_0", 422)]
)
def test_a_decimal_is_read_strictly(tmp_path: Path, text: str, status: int) -> None:
    query = GOOD.replace("code bound, many, example over", "decimal, example 5").replace("bound=over", "bound=5")
    (tmp_path / "above.rq").write_text(
        query.replace("?bound .\n}", "?word .\n  FILTER (!BOUND(?bound) || 5 > ?bound)\n}"), "utf-8"
    )
    with serving("--queries", str(tmp_path)) as address, httpx.Client(base_url=address) as http:
        assert http.get("/queries/above", params={"bound": text}).status_code == status
