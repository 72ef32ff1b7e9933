"""Search: what is found, in which order, with which marks, and at which cost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformgraph.errors import ReleaseError
from reformgraph.namespaces import BASE
from reformgraph.release import Release, build, build_key, ensure
from reformgraph.search import STATEMENTS, Narrowing, SearchIndex
from reformgraph.searching import index as searchindex
from reformgraph.settings import Settings

PREFIXES = """
PREFIX rg: <https://w3id.org/reformgraph/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX : <https://w3id.org/reformgraph/>
PREFIX org: <http://www.w3.org/ns/org#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
"""
Make = Callable[[str], SearchIndex]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """An index over a few triples; local names hold an escaped slash."""
    opened: list[SearchIndex] = []

    def made(turtle: str) -> SearchIndex:
        store = ox.Store()
        store.load((PREFIXES + turtle).encode(), format=ox.RdfFormat.TURTLE)
        path = tmp_path / f"{len(opened)}.sqlite"
        searchindex.write(path, store)
        opened.append(SearchIndex(path))
        return opened[-1]

    yield made
    for index in opened:
        index.close()


@pytest.fixture(scope="session")
def index(root: Path) -> Iterator[SearchIndex]:
    """The index of the real graph."""
    with closing(SearchIndex(ensure(root, Settings().home).search)) as opened:
        yield opened


def found(index: SearchIndex, text: str, narrowing: Narrowing | None = None) -> list[str]:
    return [hit.iri.removeprefix(BASE) for hit in index.search(text, narrowing, limit=10_000).hits]


def named(kind: str, **labels: str) -> str:
    """Things of a kind by slug, with a Chinese label."""
    return "\n".join(f':{kind}\\/{slug} skos:prefLabel "{label}"@zh .' for slug, label in labels.items())


def evidence(claim: str, exact: str, start: int = 0) -> str:
    return (
        f"{claim} a rg:Claim ; rg:evidence :span\\/{start} . :span\\/{start} oa:hasSource :doc\\/d ; "
        f'rg:start {start} ; rg:end {start + len(exact)} ; rg:exact "{exact}" .'
    )


def test_how_a_name_fits_comes_before_all_else(make: Make) -> None:
    index = make(
        named("metric", e_terms="监控点的视频", d_phrase="城市视频监控", c_prefix="视频监控点", a_label="视频监控")
        + ':metric\\/b_alias skos:prefLabel "探头"@zh ; skos:altLabel "视频监控"@zh .'
        + evidence(":obs\\/z", "视频监控1个")
        + ':ns\\#term skos:prefLabel "视频监控"@zh .'
    )
    order = ["metric/a_label", "metric/b_alias", "metric/c_prefix", "metric/d_phrase", "ns#term", "obs/z"]
    assert found(index, "视频监控") == order
    assert found(index, "视频 监控")[4:] == ["metric/e_terms", "ns#term", "obs/z"]


def test_equal_fits_are_ordered_by_kind_then_iri(make: Make) -> None:
    index = make(named("place", b="山口", a="山口") + named("agency", z="山口") + named("period", a="山口"))
    assert found(index, "山口") == ["agency/z", "place/a", "place/b", "period/a"]


def test_a_thing_is_one_result_by_its_best_words(make: Make) -> None:
    index = make(':place\\/x skos:prefLabel "山口市"@zh, "Shankou"@en ; skos:altLabel "山口"@zh .')
    (hit,) = index.search("shankou").hits
    assert (hit.field, hit.text, hit.language, hit.marks) == ("label", "Shankou", "en", [(0, 7)])
    (hit,) = index.search("山口").hits
    assert (hit.field, hit.text, hit.zh, hit.en) == ("alias", "山口", "山口市", "Shankou")


def test_persons_and_their_names_are_not_in_the_index(make: Make) -> None:
    index = make(
        ':person\\/x a foaf:Person ; skos:prefLabel "王小明"@zh, "Wang Xiaoming"@en ; skos:altLabel "王局长"@zh .'
        + evidence(":claim\\/c", "局长王小明说")
        + evidence(":claim\\/office", "副局长", 9)
        + ":claim\\/office org:member :person\\/x ."
    )
    assert [found(index, text) for text in ("王小明", "wang", "wxm", "王局长", "局长", "副局长")] == [[]] * 6
    assert index.search("王小名").nearest == []


def test_evidence_leaves_with_its_place_and_its_figure(make: Make) -> None:
    index = make(
        evidence(":obs\\/o", "13000余台", 7)
        + """:obs\\/o rg:value 13000 ; rg:bound :code\\/over ; rg:agency :agency\\/a ; rg:claimant :agency\\/a ;
        rg:metric :metric\\/m . :code\\/over skos:notation "over" . :metric\\/m skos:prefLabel "计算机数"@zh ."""
        + named("agency", a="河湾市公安局")
    )
    (hit,) = index.search("13,000").hits
    assert (hit.zh, hit.marks) == ("计算机数", [(0, 5)])
    assert hit.evidence is not None
    place = {"exact": "13000余台", "document": "d", "start": 7, "end": 14, "observation": BASE + "obs/o"}
    assert hit.evidence | place == hit.evidence
    assert (hit.evidence["value"], hit.evidence["bound"], hit.evidence["agencyZh"]) == (13000, "over", "河湾市公安局")


def test_results_can_be_narrowed_by_kind_body_and_document(make: Make) -> None:
    index = make(
        evidence(":obs\\/o", "监控点300个")
        + ":obs\\/o rg:agency :agency\\/a ."
        + named("agency", a="河湾市公安局")
        + named("metric", m="监控点数")
    )
    agency, document = Narrowing(agencies=(BASE + "agency/a",)), Narrowing(documents=(BASE + "doc/d",))
    assert found(index, "监控") == ["metric/m", "obs/o"]
    assert found(index, "监控", agency) == found(index, "监控", document) == ["obs/o"]
    assert found(index, "监控", Narrowing(kinds=("metric",))) == ["metric/m"]
    assert index.search("监控", Narrowing(kinds=("metric",))).facets == {"metric": 1, "obs": 1}


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("公安", [(3, 5)]),
        ("局", [(5, 6)]),
        ("dls", [(0, 3)]),
        ("dalian", [(0, 2)]),
        ("gong an", [(3, 5)]),
        ("大连公安局", [(0, 2), (3, 6)]),
        ("dalian 公安", [(0, 2), (3, 5)]),
        ("局 大连", [(0, 2), (5, 6)]),
    ],
)
def test_marks_show_what_matched(make: Make, text: str, marked: list[tuple[int, int]]) -> None:
    (hit,) = make(named("agency", a="大连市公安局")).search(text).hits
    assert hit.marks == marked


@pytest.mark.parametrize("text", ["lvse", "luse", "lüse", "LǛSÈ", "lu se", "ls", "ls" + "td", "绿", "绿通道", "緑"])
def test_pinyin_is_found_without_tones_and_however_u_umlaut_is_typed(make: Make, text: str) -> None:
    assert bool(found(make(named("mechanism", a="绿色通道")), text)) == (text != "緑")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("大连", "place/cn-210200"),
        ("dalian", "place/cn-210200"),
        ("da lian", "place/cn-210200"),
        ("dl", "place/cn-210200"),
        ("Dàlián", "place/cn-210200"),
        ("210200", "place/cn-210200"),
        ("dlsgaj", "agency/dalian-shi-gonganju"),
        ("xiamen gonganju", "agency/xiamen-shi-gonganju"),
        ("厦门公安局", "agency/xiamen-shi-gonganju"),
        ("xiamen", "place/cn-350200"),
        ("三项建设", "initiative/sanxiang-jianshe"),
        ("「三项建设」", "initiative/sanxiang-jianshe"),
        ("sanxiang", "initiative/sanxiang-jianshe"),
        ("three construction", "initiative/sanxiang-jianshe"),
        ("complaint", "metric/supervision-complaints"),
        ("COMPLAINTS", "metric/supervision-complaints"),
        ("110接警", "norm/xiamen-110-jiechujing-guifan"),
        ("13000", "obs/826ec1811efe-1157-1164"),
        ("91.4%", "obs/826ec1811efe-749-754"),
    ],
)
def test_the_first_result_on_the_real_graph(index: SearchIndex, text: str, first: str) -> None:
    assert found(index, text)[0] == first


@pytest.mark.parametrize("text", ["公安", "投诉", "监控", "安全感", "110", "局"])
def test_a_short_word_finds_every_name_that_holds_it(index: SearchIndex, root: Path, text: str) -> None:
    store = Settings().home
    engine = ensure(root, store).engine()
    labels = engine.query(
        "SELECT DISTINCT ?x { ?x <http://www.w3.org/2004/02/skos/core#prefLabel> ?l "
        f'FILTER(CONTAINS(?l, "{text}") && STRSTARTS(STR(?x), "{BASE}")) }}'
    )
    assert isinstance(labels, ox.QuerySolutions)
    scanned = {row["x"].value.removeprefix(BASE) for row in labels}
    searched = {
        iri for iri in scanned if iri.partition("/")[0] not in ("person", "graph", "finding") and "shapes" not in iri
    }
    assert searched <= set(found(index, text))
    assert searched


def test_full_width_digits_are_the_same_question(index: SearchIndex) -> None:
    assert found(index, "１１０") == found(index, "110") != []


@pytest.mark.parametrize("text", ['"', "🚓", "*", "-", "  "])
def test_what_holds_no_word_finds_nothing(index: SearchIndex, text: str) -> None:
    result = index.search(text)
    assert (result.total, result.facets, result.hits, result.nearest) == (0, {}, [], [])


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ('"大连" OR 1', "大连 or 1"),
        ("大连*", "大连"),
        ("NEAR(大连, 3)", "near 大连 3"),
        ("text:大连", "text 大连"),
        ("^大连 + -公安", "大连 公安"),
    ],
)
def test_operators_of_fts5_are_plain_text(index: SearchIndex, text: str, plain: str) -> None:
    assert found(index, text) == found(index, plain)


_TEXT = st.text(st.one_of(st.characters(), st.sampled_from('公安大连监控三项建设110gongandl "*:(){}^+-')), max_size=200)


@given(text=_TEXT)
def test_any_text_is_answered_and_marks_lie_within(index: SearchIndex, text: str) -> None:
    result = index.search(text, limit=20)
    assert sum(result.facets.values()) == result.total >= len(result.hits)
    for hit in result.hits:
        ends = [place for mark in hit.marks for place in mark]
        assert ends == sorted(set(ends))
        assert all(0 <= place <= len(hit.text) for place in ends)
        assert hit.marks


@pytest.mark.parametrize("text", ["公安", "建设", "police", "jianshe"])
def test_pages_join_to_the_whole_which_the_facets_count(index: SearchIndex, text: str) -> None:
    whole = found(index, text)
    walked = [hit.iri for start in range(0, len(whole), 7) for hit in index.search(text, limit=7, offset=start).hits]
    assert [iri.removeprefix(BASE) for iri in walked] == whole
    assert len(set(whole)) == len(whole) == index.search(text).total
    for kind, count in index.search(text).facets.items():
        assert len(found(index, text, Narrowing(kinds=(kind,)))) == count


@pytest.mark.parametrize(
    ("text", "near"),
    [("complants", "督察投诉数"), ("xiamem", "厦门市"), ("survelliance", "视频监控"), ("三顶建设", "三项建设")],
)
def test_nothing_found_gives_the_nearest_names(index: SearchIndex, text: str, near: str) -> None:
    result = index.search(text)
    assert result.total == 0
    assert near in [thing.zh for thing in result.nearest]


def test_suggestions_are_names_that_begin_so(index: SearchIndex) -> None:
    hits = index.suggest("sanx")
    assert hits[0].zh == "三项建设"
    assert all(hit.field != "evidence" for hit in hits)
    assert len(index.suggest("公安", limit=3)) == 3


def test_no_statement_scans_a_table(index: SearchIndex, root: Path) -> None:
    with closing(sqlite3.connect(ensure(root, Settings().home).search)) as database:
        for statement in STATEMENTS:
            steps = [row[3] for row in database.execute("EXPLAIN QUERY PLAN " + statement, ("x",))]
            scans = [step for step in steps if step.startswith("SCAN") and "VIRTUAL TABLE INDEX" not in step]
            assert scans == [], statement
        assert database.execute("EXPLAIN QUERY PLAN SELECT * FROM phrase").fetchone()[3].startswith("SCAN phrase")


def test_several_threads_ask_at_once(index: SearchIndex) -> None:
    texts = ["公安", "大连", "dalian", "complaints", "三项建设", "dlsgaj", "xiamem", "110"] * 8
    alone = [index.search(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(index.search, texts)) == alone


def test_two_builds_have_the_same_index(tiny_root: Path, tiny_release: Release, tmp_path: Path) -> None:
    assert build(tiny_root, tmp_path).search.read_bytes() == tiny_release.search.read_bytes()


def test_the_index_of_a_release_finds_its_things(tiny_release: Release) -> None:
    with closing(SearchIndex(tiny_release.search)) as index:
        assert found(index, "河湾")[:2] == ["place/hewan-shi", "agency/hewan-shi-gonganju"]


def test_another_format_is_another_build(tiny_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = build_key(tiny_root)
    monkeypatch.setattr(searchindex, "FORMAT", searchindex.FORMAT + 1)
    assert build_key(tiny_root) != before


def test_a_file_that_is_no_index_is_refused_with_a_remedy(tiny_release: Release, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database " * 100)
    sqlite3.connect(tmp_path / "empty").close()
    copy = tmp_path / "old"
    copy.write_bytes(tiny_release.search.read_bytes())
    with closing(sqlite3.connect(copy)) as database:
        database.execute("PRAGMA user_version = 99")
    for name in ("absent", "text", "empty", "old"):
        with pytest.raises(ReleaseError, match="reformgraph build"):
            SearchIndex(tmp_path / name)
