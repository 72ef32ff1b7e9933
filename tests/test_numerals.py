"""Figure phrases: a table of readings, properties over generated numerals, and cn2an as a second reader."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformgraph.errors import InputError
from reformgraph.numerals import Figure, UnreadableFigure, limits, limits_of, read, step_of

SOURCES = Path(__file__).resolve().parents[2] / "shared" / "sources"
BOUNDS = ("exact", "approx", "over", "at-least", "under", "up-to", "top-n")
FIGURE_CHARACTERS = "0123456789.,%零一二三九十百千万亿两半第前近余多几成强分之点以上下降年月日个名G元倍 唯全部"

# phrase, value, unit, unit word, bound, kind
READINGS = [
    # counts and their measure words
    ("13000余台", 13000, "NUM", "台", "over", None),
    ("47200多个", 47200, "NUM", "个", "over", None),
    ("36800余件(次)", 36800, "NUM", "件(次)", "over", None),
    ("1115人(次)", 1115, "NUM", "人(次)", "exact", None),
    ("1675人次", 1675, "NUM", "人次", "exact", None),
    ("近200万人", 2000000, "NUM", "人", "under", None),
    ("100多项", 100, "NUM", "项", "over", None),
    ("200余个", 200, "NUM", "个", "over", None),
    ("70余亿条", 7000000000, "NUM", "条", "over", None),
    ("34.8万余条", 348000, "NUM", "条", "over", None),
    ("316万余条", 3160000, "NUM", "条", "over", None),
    ("2.3万余起", 23000, "NUM", "起", "over", None),
    ("11.8万个", 118000, "NUM", "个", "exact", None),
    ("1.8万套", 18000, "NUM", "套", "exact", None),
    ("15个领域", 15, "NUM", "个", "exact", None),
    ("1所", 1, "NUM", "所", "exact", None),
    ("三级", 3, "NUM", "级", "exact", None),
    ("3倍", 3, "NUM", "倍", "exact", None),
    ("5 个", 5, "NUM", "个", "exact", None),
    ("12台套", 12, "NUM", "台套", "exact", None),
    # numerals
    ("1,234,567件", 1234567, "NUM", "件", "exact", None),
    ("1\uff0c234件", 1234, "NUM", "件", "exact", None),
    ("\uff13\uff10万", 300000, "NUM", None, "exact", None),
    ("12,345.6万", 123456000, "NUM", None, "exact", None),
    ("1亿2000多万元", 120000000, "CCY_CNY", "元", "over", "money"),
    ("3万5000人", 35000, "NUM", "人", "exact", None),
    ("三百二十", 320, "NUM", None, "exact", None),
    ("三百二", 320, "NUM", None, "exact", None),
    ("一千零五", 1005, "NUM", None, "exact", None),
    ("三点五万名", 35000, "NUM", "名", "exact", None),
    ("一万五千亿", 1500000000000, "NUM", None, "exact", None),
    ("二十万亿", 20000000000000, "NUM", None, "exact", None),
    ("三十万多亿", 30000000000000, "NUM", None, "over", None),
    ("二〇〇八", 2008, "NUM", None, "exact", None),
    ("两", 2, "NUM", None, "exact", None),
    ("零败诉", 0, "NUM", None, "exact", None),
    ("十几个", 10, "NUM", "个", "over", None),
    ("十余省市", 10, "NUM", "省市", "over", None),
    ("百余名", 100, "NUM", "名", "over", None),
    ("50来人", 50, "NUM", "人", "approx", None),
    # money, storage, bandwidth, area, mass
    ("近4亿元", 400000000, "CCY_CNY", "元", "under", "money"),
    ("均在5000万元以上", 50000000, "CCY_CNY", "元", "at-least", "money"),
    ("2亿多元", 200000000, "CCY_CNY", "元", "over", "money"),
    ("1000元多", 1000, "CCY_CNY", "元", "over", "money"),
    ("30万个G", 300000, "GigaBYTE", "个G", "exact", None),
    ("千兆以上", 1, "GigaBIT-PER-SEC", "千兆", "at-least", None),
    ("1.56万平方公里", 15600, "KiloM2", "平方公里", "exact", None),
    ("3.8万平米", 38000, "M2", "平米", "exact", None),
    ("250亩", 250, "mu", "亩", "exact", None),
    ("3185克", 3185, "GM", "克", "exact", None),
    # time
    ("连续五年", 5, "YR", "年", "exact", "duration"),
    ("两年半", Decimal("2.5"), "YR", "年", "exact", "duration"),
    ("半年多", Decimal("0.5"), "YR", "年", "over", "duration"),
    ("两个多月", 2, "MO", "个月", "over", "duration"),
    ("3个半小时", Decimal("3.5"), "HR", "个小时", "exact", "duration"),
    ("24小时", 24, "HR", "小时", "exact", "duration"),
    ("15天", 15, "DAY", "天", "exact", "duration"),
    ("缩短至3天", 3, "DAY", "天", "exact", "duration"),
    ("50岁以下", 50, "YR", "岁", "up-to", None),
    # percentages, fractions, wholes
    ("91.4%", Decimal("91.4"), "PERCENT", "%", "exact", None),
    ("12.50%", Decimal("12.5"), "PERCENT", "%", "exact", None),
    ("99\uff05", 99, "PERCENT", "%", "exact", None),
    ("4.5‰", Decimal("0.45"), "PERCENT", "‰", "exact", None),
    ("超过100%", 100, "PERCENT", "%", "over", None),
    ("达到95%以上", 95, "PERCENT", "%", "at-least", None),
    ("占38.6%", Decimal("38.6"), "PERCENT", "%", "exact", "share"),
    ("百分之三十点六", Decimal("30.6"), "PERCENT", None, "exact", None),
    ("百分之百", 100, "PERCENT", None, "exact", None),
    ("三成", 30, "PERCENT", None, "exact", None),
    ("三成五", 35, "PERCENT", None, "exact", None),
    ("八成以上", 80, "PERCENT", None, "at-least", None),
    ("三分之一", Decimal("33.33"), "PERCENT", None, "exact", None),
    ("三分之二", Decimal("66.67"), "PERCENT", None, "exact", None),
    ("四分之一", 25, "PERCENT", None, "exact", None),
    ("一半以上", 50, "PERCENT", None, "at-least", None),
    ("近半数", 50, "PERCENT", None, "under", None),
    ("过半", 50, "PERCENT", None, "over", None),
    ("全部", 100, "PERCENT", None, "exact", "share"),
    ("全部分局", 100, "PERCENT", None, "exact", "share"),
    ("所有", 100, "PERCENT", None, "exact", "share"),
    ("全员", 100, "PERCENT", None, "exact", "share"),
    # changes
    ("下降了30.6%", Decimal("-30.6"), "PERCENT", "%", "exact", "change"),
    ("办件时限压缩43%", -43, "PERCENT", "%", "exact", "change"),
    ("下降37.89%11.34%", Decimal("-37.89"), "PERCENT", "%", "exact", "change"),
    ("下降近三成", -30, "PERCENT", None, "under", "change"),
    ("减少一半", -50, "PERCENT", None, "exact", "change"),
    ("增长20%", 20, "PERCENT", "%", "exact", "change"),
    ("先升高后下降5%", -5, "PERCENT", "%", "exact", "change"),
    ("降低到30%", 30, "PERCENT", "%", "exact", None),
    ("降低成本,占30%", 30, "PERCENT", "%", "exact", "share"),
    ("减少200起", 200, "NUM", "起", "exact", None),
    ("上升3.3个百分点", Decimal("3.3"), "percentage-point", "个百分点", "exact", "change-pp"),
    ("下降2个百分点", -2, "percentage-point", "个百分点", "exact", "change-pp"),
    # ranks
    ("全省第二", 2, "rank", None, "exact", "rank"),
    ("第26名", 26, "rank", "名", "exact", "rank"),
    ("唯一", 1, "rank", None, "exact", "rank"),
    ("首家", 1, "rank", "家", "exact", "rank"),
    ("首次", 1, "rank", "次", "exact", "rank"),
    ("率先", 1, "rank", None, "exact", "rank"),
    ("最大规模", 1, "rank", None, "exact", "rank"),
    ("30强", 30, "rank", "强", "top-n", "rank"),
    ("百强", 100, "rank", "强", "top-n", "rank"),
    ("前三", 3, "rank", None, "top-n", "rank"),
    ("前10名", 10, "rank", "名", "top-n", "rank"),
    ("前列", None, "rank", None, "top-n", "rank"),
    ("名列前茅", None, "rank", None, "top-n", "rank"),
    # bounds
    ("将近100起", 100, "NUM", "起", "under", None),
    ("不到100起", 100, "NUM", "起", "under", None),
    ("不足3%", 3, "PERCENT", "%", "under", None),
    ("约100起", 100, "NUM", "起", "approx", None),
    ("大约100起", 100, "NUM", "起", "approx", None),
    ("100起左右", 100, "NUM", "起", "approx", None),
    ("逾百起", 100, "NUM", "起", "over", None),
    ("突破了1万起", 10000, "NUM", "起", "over", None),
    ("上百起", 100, "NUM", "起", "at-least", None),
    ("至少3名", 3, "NUM", "名", "at-least", None),
    ("不少于3名", 3, "NUM", "名", "at-least", None),
    ("3级及以上", 3, "NUM", "级", "at-least", None),
    ("最多3次", 3, "NUM", "次", "up-to", None),
    ("不超过3次", 3, "NUM", "次", "up-to", None),
    ("30天以内", 30, "DAY", "天", "up-to", "duration"),
    ("达200起", 200, "NUM", "起", "exact", None),
    ("节约500万元", 5000000, "CCY_CNY", "元", "exact", "money"),
    ("约200余起", 200, "NUM", "起", "over", None),
    # the first figure wins; dates are none
    ("9支1862人", 9, "NUM", "支", "exact", None),
    ("2013年新增18个", 18, "NUM", "个", "exact", None),
    ("几十台中的3台", 3, "NUM", "台", "exact", None),
    ("目前18个", 18, "NUM", "个", "exact", None),
    ("500万2012年", 5000000, "NUM", None, "exact", None),
]

NO_FIGURE = (
    "", "显著", "大幅提高", "进一步", "统一指挥", "一线民警", "三基", "老百姓", "几十", "数十", "数百万",
    "三四百", "七八个", "十三五", "倒数第二", "2009年", "12月15日", "1031日", "2010-04-29", "14:51:46",
    "二〇一七年五月", "最高人民法院", "最好时期之一", "所有制", "零分之一", "3万5万", "百二",
    "9" * 20, "9" * 50, "三" * 50,
)  # fmt: skip


@pytest.mark.parametrize("row", READINGS, ids=lambda row: row[0])
def test_phrase_is_read(row: tuple[str, int | Decimal | None, str, str | None, str, str | None]) -> None:
    phrase, *expected = row
    figure = read(phrase)
    assert [figure.value, figure.unit, figure.unit_word, figure.bound, figure.kind] == expected


@pytest.mark.parametrize("phrase", NO_FIGURE)
def test_phrase_without_a_figure_is_refused_by_name(phrase: str) -> None:
    with pytest.raises(UnreadableFigure) as caught:
        read(phrase)
    assert isinstance(caught.value, InputError)
    assert repr(phrase[:30]) in str(caught.value)


def test_whole_numbers_are_int_and_others_have_no_trailing_zeros() -> None:
    assert isinstance(read("11.8万个").value, int)
    assert str(read("12.50%").value) == "12.5"


def test_unit_that_only_context_decides_lists_its_candidates() -> None:
    assert read("2.5G").units == ("GigaBYTE", "GigaBIT-PER-SEC")
    assert read("30万个G").units == ("GigaBYTE",)


def test_bound_word_is_kept() -> None:
    assert [read(phrase).bound_word for phrase in ("3000余台", "近4亿元", "超过了3次", "3台")] == [
        "余",
        "近",
        "超过",
        None,
    ]


@given(st.integers(0, 10**16 - 1))
def test_chinese_integers_are_read(number: int) -> None:
    assert read(cn2an.an2cn(number) + "个").value == number


@given(st.integers(0, 10**15 - 1))
def test_arabic_integers_are_read_with_and_without_separators(number: int) -> None:
    assert read(f"{number}件").value == read(f"{number:,}件").value == number


@given(
    st.integers(1, 99999),
    st.integers(0, 3),
    st.sampled_from([("万", 10**4), ("亿", 10**8), ("万亿", 10**12)]),
)
def test_decimals_before_a_multiplier_are_exact(digits: int, shift: int, place: tuple[str, int]) -> None:
    decimal = Decimal(digits).scaleb(-shift)
    assert read(f"{decimal:f}{place[0]}").value == decimal * place[1]


@given(st.integers(1, 10**9), st.sampled_from(["余", "多", "几"]), st.sampled_from(["", "万", "亿"]))
def test_tail_keeps_the_value_on_either_side_of_the_multiplier(number: int, tail: str, place: str) -> None:
    exact = read(f"{number}{place}件").value
    for phrase in (f"{number}{tail}{place}件", f"{number}{place}{tail}件"):
        figure = read(phrase)
        assert (figure.value, figure.bound, figure.unit_word) == (exact, "over", "件")


@given(
    st.integers(1, 10**9),
    st.sampled_from(["近", "约", "超过", "至少", "不超过"]),
    st.sampled_from(["以上", "以下", "左右"]),
)
def test_bound_words_keep_the_value(number: int, before: str, after: str) -> None:
    exact = read(f"{number}件")
    bounded = [read(f"{before}{number}件"), read(f"{number}件{after}")]
    assert [(figure.value, figure.unit_word) for figure in bounded] == [(number, "件")] * 2
    assert exact.bound == "exact"
    assert "exact" not in [figure.bound for figure in bounded]


@given(st.text(max_size=30) | st.text(FIGURE_CHARACTERS, max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        figure = read(text)
    except UnreadableFigure:
        return
    assert isinstance(figure, Figure)
    assert figure.bound in BOUNDS
    assert figure.value is not None or figure.kind == "rank"


@given(st.text(FIGURE_CHARACTERS, max_size=30))
def test_full_width_characters_read_as_half_width(text: str) -> None:
    wide = text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert _read_or_none(wide) == _read_or_none(text)


def _read_or_none(phrase: str) -> Figure | None:
    try:
        return read(phrase)
    except UnreadableFigure:
        return None


@pytest.mark.parametrize(
    "phrase", ["1.3万", "1万3千", "30万", "一百二十三", "两千零八", "一万零一十", "三百五", "4亿3千万"]
)
def test_cn2an_agrees(phrase: str) -> None:
    assert read(phrase).value == cn2an.cn2an(phrase, "smart")


@pytest.mark.parametrize(
    ("value", "step"),
    [
        (13000, 1000),
        (36800, 100),
        (400000000, 100000000),
        (91, 1),
        (0, 1),
        (Decimal("91.4"), Decimal("0.1")),
        (-30, 10),
    ],
)
def test_step_is_that_of_the_last_digit_that_is_not_zero(value: int | Decimal, step: int | Decimal) -> None:
    assert step_of(value) == step


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("13000余台", (13000, 14000)),
        ("36800余件", (36800, 36900)),
        ("70余亿条", (7 * 10**9, 8 * 10**9)),
        ("1500多万元", (15 * 10**6, 16 * 10**6)),
        ("近4亿元", (300000000, 400000000)),
        ("5000万元以上", (50000000, None)),
        ("50岁以下", (None, 50)),
        ("约3000台", (2500, 3500)),
        ("约91.4%", (Decimal("91.35"), Decimal("91.45"))),
        ("30强", (1, 30)),
        ("前列", (None, None)),
        ("22人", (22, 22)),
        ("超过100%", (100, None)),
        ("不到100起", (None, 100)),
        ("下降近30%", (-30, -20)),
        ("下降30%以上", (None, -30)),
        ("下降超过30%", (None, -30)),
    ],
)
def test_limits_follow_the_bound(phrase: str, expected: tuple[int | None, int | None]) -> None:
    assert limits(read(phrase)) == expected


@given(
    st.integers(1, 10**12) | st.decimals("0.01", 10**6, places=2),
    st.sampled_from(BOUNDS),
    st.sampled_from([1, -1]),
)
def test_limits_hold_their_value(size: int | Decimal, bound: str, sign: int) -> None:
    value = sign * (max(1, int(size)) if bound == "top-n" else size)
    lower, upper = limits_of(value, bound)
    assert lower is None or lower <= value
    assert upper is None or value <= upper


@given(st.integers(1, 10**6), st.sampled_from(["", "万", "亿"]))
def test_step_of_a_figure_is_the_place_of_its_last_written_digit(number: int, place: str) -> None:
    written = str(number)
    zeros = len(written) - len(written.rstrip("0"))
    assert read(f"{number}{place}余件").step == 10**zeros * {"": 1, "万": 10**4, "亿": 10**8}[place]


# document key, start, end, value, unit, bound: the worked examples of the modelling notes
WORKED_EXAMPLES = [
    ("826ec1811efe", 1157, 1164, 13000, "NUM", "over"),
    ("826ec1811efe", 2946, 2953, 13000, "NUM", "over"),
    ("826ec1811efe", 1516, 1524, Decimal("-30.6"), "PERCENT", "exact"),
    ("826ec1811efe", 749, 754, Decimal("91.4"), "PERCENT", "exact"),
    ("dba2d35c16cf", 2580, 2582, 2, "rank", "exact"),
    ("2d604a421b00", 622, 630, 50000000, "CCY_CNY", "at-least"),
    ("9fc155751619", 410, 413, 18, "NUM", "exact"),
    ("9fc155751619", 416, 418, 1, "NUM", "exact"),
]


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the five source texts are not at ../shared/sources")
@pytest.mark.parametrize("row", WORKED_EXAMPLES)
def test_spans_of_the_source_texts_are_read(row: tuple[str, int, int, int | Decimal, str, str]) -> None:
    key, start, end, *expected = row
    contents = {hashlib.sha256(path.read_bytes()).hexdigest()[:12]: path for path in SOURCES.glob("*.txt")}
    text = contents[key].read_bytes().decode()
    figure = read(text[start:end])
    assert [figure.value, figure.unit, figure.bound] == expected
