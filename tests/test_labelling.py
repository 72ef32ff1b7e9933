"""Labels called for instead of matched: which parts of a query change, and which do not."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from reformgraph.canned.labelling import with_labels_called
from reformgraph.engines.labels import LABEL
from reformgraph.engines.resident import Resident
from reformgraph.errors import ParameterError
from reformgraph.queries import Catalogue, QueryService
from reformgraph.release import ensure
from reformgraph.settings import Settings

HEAD = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?agency ?agencyZh
WHERE {
  ?any <http://example.org/agency> ?agency .
"""
OPTIONAL = """  OPTIONAL {
    ?agency skos:prefLabel ?agencyLabel .
    FILTER (LANG(?agencyLabel) = "zh")
  }
"""
BIND = "  BIND (STR(?agencyLabel) AS ?agencyZh)\n"
TAIL = "}\nORDER BY ?agency\n"


def test_a_label_is_called_for() -> None:
    called = f'  BIND (<{LABEL}>(?agency, "zh") AS ?agencyZh)\n'
    assert with_labels_called(HEAD + OPTIONAL + BIND + TAIL) == HEAD + called + TAIL


def test_two_labels_of_one_thing_are_both_called_for() -> None:
    other = (OPTIONAL + BIND).replace("agencyLabel", "englishLabel").replace('"zh"', '"en"').replace("Zh", "En")
    text = with_labels_called(HEAD + OPTIONAL + other + BIND + TAIL)
    assert f'<{LABEL}>(?agency, "zh") AS ?agencyZh' in text
    assert f'<{LABEL}>(?agency, "en") AS ?agencyEn' in text
    assert "OPTIONAL" not in text


def test_a_thing_that_every_branch_binds_is_bound() -> None:
    union = "  {\n    ?agency a ?one .\n  }\n  UNION\n  {\n    ?agency a ?other .\n  }\n"
    head = HEAD.replace("  ?any <http://example.org/agency> ?agency .\n", union)
    assert LABEL in with_labels_called(head + OPTIONAL + BIND + TAIL)
    assert LABEL not in with_labels_called(head.replace("?agency a ?other", "?x a ?other") + OPTIONAL + BIND + TAIL)


@pytest.mark.parametrize(
    "body",
    [
        OPTIONAL + '  FILTER (?agencyLabel != "x"@zh)\n' + BIND,
        OPTIONAL + BIND.replace("STR(?agencyLabel)", "UCASE(?agencyLabel)"),
        OPTIONAL.replace("  }\n", "    ?agency a ?kind .\n  }\n") + BIND,
        OPTIONAL.replace("skos:prefLabel", "skos:altLabel") + BIND,
        "  GRAPH ?graph {\n" + OPTIONAL + BIND + "  }\n",
        "  OPTIONAL {\n  ?agency a ?kind .\n" + OPTIONAL + "  }\n" + BIND,
        "  {\n" + OPTIONAL + "  }\n  UNION {\n" + BIND + "  }\n",
        "  OPTIONAL {\n" + OPTIONAL + BIND + "  }\n",
        "  {\n" + OPTIONAL + BIND + "  }\n  UNION {\n    ?x a ?y .\n  }\n",
    ],
    ids=[
        "used elsewhere",
        "another function",
        "more in it",
        "another property",
        "in a graph",
        "in a group",
        "in two",
        "not bound within",
        "not bound in the branch",
    ],
)
def test_what_is_more_than_a_label_stays(body: str) -> None:
    assert with_labels_called(HEAD + body + TAIL) == HEAD + body + TAIL


def test_solutions_over_the_five_reports_are_the_same(root: Path) -> None:
    release, catalogue = ensure(root, Settings().home), Catalogue.read(root / "queries")
    with release.engine(resident=release.triples) as engine:
        assert isinstance(engine, Resident)
        engine.wait()
        service = QueryService(engine, catalogue, release.id)
        for query in catalogue:
            for given in ({}, query.example) if query.form == "select" else ():
                assert answer(service, query.name, given, True) == answer(service, query.name, given, False), query.name


def answer(service: QueryService, name: str, given: dict[str, list[str]], short: bool) -> bytes | None:
    """The answer to a question, None where a parameter is missing."""
    try:
        found = service.run(service.ask(name, given, short=short))
    except ParameterError:
        return None
    assert isinstance(found, ox.QuerySolutions)
    return found.serialize(format=ox.QueryResultsFormat.JSON)
