"""The look of query files."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reformgraph.canned.style import format_query
from reformgraph.errors import SourceFileError
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
filter(?y > 1 &&
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
ONE_LINE = "select * where{values ?x {undef}{?x a ?t}union{?t a ?x}filter(not exists{?x ?t 1}&&  isiri(?x))}"
BLOCKS = """SELECT * WHERE {
  VALUES ?x { UNDEF }
  {
    ?x a ?t
  }
  UNION {
    ?t a ?x
  }
  FILTER (NOT EXISTS {
    ?x ?t 1
  } && isIRI(?x))
}
"""
NOTED = """# above
SELECT ?x {  # beside the brace
?x a ?t ; # beside the triple
# between
?p ?o
}
"""
NOTED_NEAT = """# above
SELECT ?x { # beside the brace
  ?x a ?t ; # beside the triple
    # between
    ?p ?o
}
"""


def words(text: str) -> list[str]:
    return [token.text.lower() if token.kind == "word" else token.text for token in tokenize(text)]


@pytest.mark.parametrize(("messy", "neat"), [(MESSY, NEAT), (ONE_LINE, BLOCKS), (NOTED, NOTED_NEAT)])
def test_a_messy_query_becomes_neat_and_stays_so(messy: str, neat: str) -> None:
    assert format_query(messy) == neat
    assert format_query(neat) == neat


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_query_of_ours_has_the_look(path: Path) -> None:
    assert format_query(path.read_text("utf-8"), path) == path.read_text("utf-8")


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(QUERIES), st.randoms(use_true_random=False))
def test_white_space_changes_no_token(path: Path, chance: random.Random) -> None:
    text = path.read_text("utf-8")
    head = "".join(line + "\n" for line in text.splitlines() if line.startswith("#+"))
    spaced = head
    for token in tokenize(text):
        # pyoxigraph takes no space in `CONCAT (`
        called = text[token.end : token.end + 1] == "("
        spaced += token.text + ("" if called else chance.choice([" ", "  ", "\t", "\n", " \n\n "]))
    styled = format_query(spaced)
    assert words(styled) == words(text)
    assert styled.startswith(head)
    assert format_query(styled) == styled


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(QUERIES), st.randoms(use_true_random=False))
def test_white_space_around_lines_is_all_undone(path: Path, chance: random.Random) -> None:
    lines = path.read_text("utf-8").splitlines()
    indents = [("" if line.startswith("#+") else chance.choice(["", " ", "\t"])) for line in lines]
    ends = [chance.choice(["\n", " \n", "\n\n"]) for _ in lines]
    spaced = "".join(indent + line.strip() + end for indent, line, end in zip(indents, lines, ends, strict=True))
    assert format_query(spaced) == path.read_text("utf-8")


def test_two_prefixes_on_a_line_are_not_dropped() -> None:
    text = "PREFIX a: <http://a/> PREFIX b: <http://b/>\nSELECT ?x WHERE { ?x a:p b:q }"
    assert words(format_query(text)) == words(text)


def test_a_string_of_several_lines_is_kept() -> None:
    text = 'SELECT ?x {\n?x ?p """ {\n\n#+ select  \n  } """\n}\n'
    assert '  ?x ?p """ {\n\n#+ select  \n  } """\n}\n' in format_query(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("SELECT ?x\nWHERE {\n", 3),
        ("SELECT ?x\nWHERE {\n?x a a:T }", 3),
        ('SELECT ?x\nWHERE { ?x ?p "\\u4e00" }', 2),
        ("PREFIX a: <http://a/>\nPREFIX a: <http://b/>\nSELECT ?x { ?x a a:T }", 2),
        ("PREFIX a: <http://a/>\nBASE <http://b/>\nSELECT ?x { ?x a <T> }", 2),
        ("INSERT DATA { <http://a/> a <http://b/> }", 0),
    ],
)
def test_what_cannot_be_formatted_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(SourceFileError) as refused:
        format_query(text, "broken.rq")
    assert (refused.value.path, refused.value.line) == ("broken.rq", line)
