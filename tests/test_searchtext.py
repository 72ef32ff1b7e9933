"""Text as search sees it: folded, cut, pronounced, each piece with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformgraph.searching.pronunciation import syllables
from reformgraph.searching.text import pairs, runs, tails, tokens


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("１１０接警", ["110", "接", "警"]),
        ("Café ﬁne", ["cafe", "fine"]),
        ("350MHz", ["350", "mhz"]),
        ("13,000余台", ["13000", "余", "台"]),
        ("91.4%", ["91", "4"]),
        ("“三项”", ["三", "项"]),
        ("🚓 _ \"*'", []),
    ],
)
def test_text_is_folded_and_cut(text: str, cut: list[str]) -> None:
    assert [token.text for token in tokens(text)] == cut


@given(st.text())
def test_a_token_knows_its_place(text: str) -> None:
    found = tokens(text)
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    assert [token.start for token in found] == sorted(token.start for token in found)
    for token in found:
        again = [other.text for other in tokens(text[token.start : token.end])]
        assert token.text in again


def test_pairs_bridge_punctuation_and_stop_at_other_tokens() -> None:
    assert pairs(tokens("公安“三项”110接警")) == ["公安", "安三", "三项", "接警"]


def test_a_run_ends_where_characters_do_not_touch() -> None:
    cut = ["".join(token.text for token in run) for run in runs(tokens("大连 公安110接警 police"))]
    assert cut == ["大连", "公安", "110", "接警", "police"]


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("重庆", "chong qing"),
        ("重点", "zhong dian"),
        ("长白山", "chang bai shan"),
        ("县长", "xian zhang"),
        ("银行", "yin hang"),
        ("行动", "xing dong"),
        ("厦门", "xia men"),
        ("大厦", "da sha"),
        ("110接警", "110 jie jing"),
        ("绿色", "lv se"),
        ("网 net 格", "wang net ge"),
    ],
)
def test_characters_of_several_readings_are_read_by_their_phrase(text: str, heard: str) -> None:
    assert " ".join(syllables(tokens(text))) == heard


@given(st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF)))
def test_every_token_has_one_syllable(text: str) -> None:
    assert len(syllables(tokens(text))) == len(tokens(text))


def test_a_name_is_heard_from_each_syllable_on() -> None:
    assert tails(["lv", "se", "tong", "dao"]) == ["lusetongdao", "setongdao", "tongdao", "dao"]
