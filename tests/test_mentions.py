"""Mentions: no numeral is missed, phrases slice back, and what is no quantity is said so."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformgraph.numerals import read
from reformgraph.reading.mentions import Mention, mentions

SOURCES = Path(__file__).resolve().parents[2] / "shared" / "sources"
NUMERALS = re.compile("[0-9\uff10-\uff19]+|[零〇一二三四五六七八九十百千万亿两]+")
TEXT = (
    "0123456789.,:%\n零一二三九十百千万亿两半第前近余多几数成强分"
    "之点以上下降年月日号个名级G元大是、。(每“”《》A唯全部进步统"
)


def only(text: str) -> Mention:
    (mention,) = mentions(text)
    return mention


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("全局配备电脑13000余台,人均", "13000余台"),
        ("案件比去年下降了30.6%,", "下降了30.6%"),
        ("满意率达到91.4%,", "91.4%"),
        ("每年都在5000万元以上。", "5000万元以上"),
        ("投入近4亿元建成", "近4亿元"),
        ("带宽达到千兆以上", "千兆以上"),
        ("并连续五年获评", "连续五年"),
        ("占人口的三分之一,", "三分之一"),
        ("走在全国前列,", "前列"),
        ("有一半以上的分局", "一半以上"),
        ("解决困难36800余件(次),", "36800余件(次)"),
        ("时限压缩近一半", "压缩近一半"),
        ("附近100米", "100米"),
    ],
)
def test_phrase_takes_in_the_words_that_bound_it(text: str, phrase: str) -> None:
    mention = only(text)
    assert mention.text == phrase
    assert mention.figure == read(phrase)
    assert mention.guess is None


@pytest.mark.parametrize(
    ("text", "phrase", "guess"),
    [
        ("于2009年12月15日下午", "2009年12月15日", "date"),
        ("时间:2010-04-29,", "2010-04-29", "date"),
        ("二〇一七年五月", "二〇一七年", "date"),
        ("十三五规划", "十三五", "date"),
        ("2017128在某市", "2017128", "date"),
        ("。一是建设了", "一", "list-number"),
        ("(二)切实加大", "二", "list-number"),
        ("走进110指挥大厅", "110", "name"),
        ("评选十大新闻人物", "十", "name"),
        ("被评为一级示范局", "一级", "name"),
        ("第十届大会", "第十届", "name"),
        ("第二派出所", "第二", "name"),
        ("“三项建设”成果", "三项", "name"),
        ("B2机房", "2", "name"),
        ("进一步加强", "进一步", "no-quantity"),
        ("三基工程", "三", "no-quantity"),
        ("每百名民警", "百名", "no-quantity"),
        ("抓获几十人", "几十", "vague"),
        ("抓获七八个人", "七八个", "vague"),
        ("编号" + "7" * 30, "7" * 30, "name"),
    ],
)
def test_what_is_no_quantity_is_guessed(text: str, phrase: str, guess: str) -> None:
    mention = next(mentions(text))
    assert (mention.text, mention.guess) == (phrase, guess)


def test_rank_before_a_particle_is_no_name() -> None:
    assert only("全省第一的成绩").guess is None


def test_chinese_count_of_lettered_classes_is_a_quantity() -> None:
    assert only("分为A、B、C三类").guess is None


def test_dates_and_list_numbers_have_no_figure_but_names_keep_theirs() -> None:
    assert only("在2009年").figure is None
    assert only("。一是建设").figure is None
    name = only("“三项建设”").figure
    assert name is not None
    assert name.value == 3


def test_every_figure_of_a_list_is_a_mention_of_its_own() -> None:
    found = [mention.text for mention in mentions("分别下降37.89%11.34%,共9支1862人")]
    assert found == ["下降37.89%", "11.34%", "9支", "1862人"]


@given(st.text(TEXT, max_size=60) | st.text(max_size=60))
def test_mentions_slice_back_in_order_without_overlap(text: str) -> None:
    found = list(mentions(text))
    assert all(text[mention.start : mention.end] == mention.text != "" for mention in found)
    assert all(left.end <= right.start for left, right in pairwise(found))


@given(st.text(TEXT, max_size=60) | st.text(max_size=60))
def test_no_numeral_is_missed(text: str) -> None:
    covered = {offset for mention in mentions(text) for offset in range(mention.start, mention.end)}
    assert all(covered.issuperset(range(*numeral.span())) for numeral in NUMERALS.finditer(text))


@given(st.text(TEXT, max_size=60))
def test_figure_of_a_mention_is_what_read_makes_of_its_text(text: str) -> None:
    assert all(mention.figure == read(mention.text) for mention in mentions(text) if mention.figure)


@given(st.text(TEXT, max_size=60))
def test_mention_without_figure_has_a_guess(text: str) -> None:
    assert all(mention.figure or mention.guess for mention in mentions(text))


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the five source texts are not at ../shared/sources")
def test_no_numeral_of_the_source_texts_is_missed() -> None:
    texts = [path.read_bytes().decode() for path in sorted(SOURCES.glob("*.txt"))]
    assert len(texts) == 5
    for text in texts:
        covered = {offset for mention in mentions(text) for offset in range(mention.start, mention.end)}
        assert all(covered.issuperset(range(*numeral.span())) for numeral in NUMERALS.finditer(text))
