"""The look of query files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformgraph.errors import SourceFileError
from reformgraph.rqstyle import format_query
from reformgraph.tokens import tokenize

QUERIES = sorted((Path(__file__).parents[1] / "queries").rglob("*.rq"))
MESSY = """#+   summary: Messy
prefix  b: <http://b/>
PREFIX a: <http://a/>
PREFIX unused: <http://u/>
select ?x
  where {
?x a b:T ;
b:p ?y .
      optional {
?x a:q ?z
}
filter (?y > 1 &&
?y < 9)
}
order by ?x
"""
NEAT = """#+ summary: Messy
PREFIX a: <http://a/>
PREFIX b: <http://b/>

SELECT ?x
WHERE {
  ?x a b:T ;
    b:p ?y .
  OPTIONAL {
    ?x a:q ?z
  }
  FILTER (?y > 1 &&
    ?y < 9)
}
ORDER BY ?x
"""


def test_a_messy_query_becomes_neat() -> None:
    assert format_query(MESSY) == NEAT


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_every_query_of_ours_has_the_look(path: Path) -> None:
    assert format_query(path.read_text("utf-8"), path) == path.read_text("utf-8")


@given(st.sampled_from(QUERIES), st.randoms(use_true_random=False))
def test_white_space_changes_no_token(path: Path, random: object) -> None:
    text = path.read_text("utf-8")
    spaced = "".join(line + getattr(random, "choice")(["\n", " \n", "\n\n"]) for line in text.splitlines())
    assert [t.text for t in tokenize(format_query(spaced))] == [t.text for t in tokenize(text)]


def test_what_does_not_parse_is_refused_with_its_line() -> None:
    with pytest.raises(SourceFileError) as refused:
        format_query("SELECT ?x\nWHERE {\n", "broken.rq")
    assert refused.value.path == "broken.rq"
    assert refused.value.line > 0


def test_two_prefixes_on_a_line_are_not_dropped() -> None:
    text = "PREFIX a: <http://a/> PREFIX b: <http://b/>\nSELECT ?x WHERE { ?x a:p b:q }"
    assert [t.text for t in tokenize(format_query(text))] == [t.text for t in tokenize(text)]
