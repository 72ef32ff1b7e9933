"""Charts: what may share an axis, how a bound is drawn, what stands in the picture, and that nothing is fetched."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import combinations
from pathlib import Path
from typing import Any

import altair
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reformgraph.charts import drawer as chartmaker
from reformgraph.charts.drawing import ChartPool
from reformgraph.charts.figures import Mark, Panel, apart, domain, figures_chart, opens
from reformgraph.charts.grids import Cell, Span, grid_chart, timeline_chart
from reformgraph.charts.look import SIZES, THEMES, Frame, Look, Spec, shorten, text_width, wrap
from reformgraph.engines.workers import WorkerLimits
from reformgraph.errors import AnswerTooLargeError, BusyError, MissingFontError, MissingLibraryError, QueryRefusedError

LOOKS = [Look(language, theme, size) for language in ("zh", "en") for theme in THEMES for size in SIZES]
FRAME = Frame("每百名民警计算机数", ("可比，但须注意",), ("来源：某报告", "release"))
OVER = Mark("河湾市", "超过100%", 100, 100, None, exact=False, opens=frozenset({"right"}))
NEARLY = Mark("山口市", "近80", 80, 70, 80, exact=False)
EXACT = Mark("山口市", "95台", 95)


def charts(look: Look) -> Iterator[Spec]:
    ranks = Panel("名", "rank", (Mark("x", "第1名", 1),), "第 2 组", ("不可比",))
    yield figures_chart(look, FRAME, [Panel("台", "ratio", (OVER, NEARLY, EXACT)), ranks])
    yield grid_chart(look, FRAME, ["投入", "产出"], {"甲": [Cell("1 / 2", 0.5), Cell("0 / 2", 0)]})
    yield timeline_chart(
        look, FRAME, [Span("甲", "2003-01-01", "2010-04-29", ("2010-04-29",)), Span("乙", None, "2018-12-31")]
    )


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChartPool]:
    pool = ChartPool(tmp_path_factory.mktemp("charts"))
    yield pool
    pool.close()


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.language}-{look.theme}-{look.size}")
def test_each_chart_is_vega_lite_by_its_schema(look: Look) -> None:
    schema = json.loads((Path(altair.__file__).parent / "vegalite/v6/schema/vega-lite-schema.json").read_text())
    validator = jsonschema.Draft7Validator(schema)
    assert [error.message for spec in charts(look) for error in validator.iter_errors(spec)] == []


@given(st.data())
def test_no_two_figures_of_a_group_are_not_comparable(data: st.DataObject) -> None:
    figures = list(range(data.draw(st.integers(0, 7))))
    verdict = st.sampled_from(["comparable", "with-care", "not-comparable"])
    verdicts = {pair: data.draw(verdict) for pair in combinations(figures, 2)}
    groups = apart(verdicts, figures)
    assert sorted(figure for group in groups for figure in group) == figures
    assert all(verdicts[pair] != "not-comparable" for group in groups for pair in combinations(sorted(group), 2))


@pytest.mark.parametrize(
    ("bound", "lower", "upper", "sides"),
    [
        ("exact", None, None, ""), ("over", 100, None, "right"), ("over", 13000, 14000, ""), ("at-least", 1, None, "right"),
        ("under", None, 60, "left"), ("under", 3, 4, ""), ("up-to", None, 5, "left"), ("approx", None, None, "left right"),
        ("approx", 9, 11, ""), ("top-n", 1, 3, ""),
    ],
)  # fmt: skip
def test_an_arrow_stands_where_the_text_tells_no_end(bound: str, lower: Any, upper: Any, sides: str) -> None:
    assert opens(bound, lower, upper) == frozenset(sides.split())


@pytest.mark.parametrize(
    ("kind", "marks", "ends"),
    [
        ("level", (EXACT,), (0, 98.8)), ("level", (OVER,), (0, 112)), ("share", (EXACT,), (0, 100)),
        ("rank", (Mark("", "", 3),), (1, 3.08)), ("change", (Mark("", "", -50), Mark("", "", 50)), (-50, 54)),
        ("level", (Mark("", "", 0),), (0, 0.04)),
    ],
)  # fmt: skip
def test_an_axis_shows_zero_or_the_first_rank(kind: str, marks: tuple[Mark, ...], ends: tuple[float, float]) -> None:
    assert domain(Panel("", kind, marks)) == pytest.approx(ends)


@given(st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=60), st.integers(40, 300))
def test_wrapped_lines_hold_the_whole_text(text: str, width: int) -> None:
    lines = wrap(text, width, 12)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_lines_are_as_wide_as_told_and_begin_with_no_closing_mark() -> None:
    lines = wrap("总的判断：可比，但须注意。时期不同，至少一方只给出界限。", 96, 12)
    assert all(text_width(line, 12) <= 96 + 12 for line in lines)
    assert not any(line[0] in "，。：" for line in lines)
    assert shorten("a long name of a body", 60, 12) == "a long…"


def test_a_bound_is_drawn_as_an_arrow_or_an_interval() -> None:
    spec = next(charts(Look()))
    rows = {row["words"]: row for row in spec["vconcat"][0]["data"]["values"] if "words" in row}
    assert (rows["超过100%"]["right"], rows["超过100%"]["exact"]) == (True, False)
    assert (rows["近80"]["low"], rows["近80"]["high"], rows["近80"]["left"]) == (70, 80, False)
    assert (rows["95台"]["low"], rows["95台"]["high"], rows["95台"]["exact"]) == (95, 95, True)


def test_a_picture_tells_source_unit_and_words_and_has_no_style_of_its_own(pool: ChartPool) -> None:
    svg = pool.draw(next(charts(Look())), "svg").decode()
    for told in ("来源：某报告", "台", "超过100%", "不可比", "每百名民警计算机数"):
        assert told in svg
    assert svg.startswith('<svg role="img" aria-label="每百名民警计算机数 可比，但须注意 来源：某报告 release" ')
    assert not any(word in svg for word in ("<style", "style=", "<script", "<image", "href="))


def test_the_same_chart_has_the_same_bytes_from_another_process(pool: ChartPool, tmp_path: Path) -> None:
    other = ChartPool(tmp_path)
    try:
        for spec in charts(Look()):
            for format_ in ("svg", "png"):
                assert pool.draw(spec, format_) == other.draw(spec, format_)
    finally:
        other.close()


def test_an_address_in_a_chart_is_never_asked(pool: ChartPool) -> None:
    asked: list[str] = []

    class Telling(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    with HTTPServer(("127.0.0.1", 0), Telling) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        spec = {"data": {"url": f"http://127.0.0.1:{server.server_port}/x.csv"}, "mark": "bar"}
        with pytest.raises((QueryRefusedError, AnswerTooLargeError)):
            pool.draw(spec, "svg")
        server.shutdown()
    assert asked == []


def test_a_chart_that_fails_does_not_end_the_service(pool: ChartPool) -> None:
    with pytest.raises(QueryRefusedError):
        pool.draw({"mark": "nonsense"}, "svg")
    assert pool.draw(next(charts(Look())), "svg").startswith(b"<svg")


def test_a_missing_font_is_told() -> None:
    with pytest.raises(MissingFontError, match="fonts-noto-cjk"):
        chartmaker.require_glyphs("\U000ffffd")
    chartmaker.require_glyphs("公")


def test_without_the_library_the_remedy_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(MissingLibraryError, match=r"reformgraph\[charts\]"):
        ChartPool(tmp_path).draw({}, "svg")


def test_too_many_at_once_are_turned_away(tmp_path: Path) -> None:
    busy = ChartPool(tmp_path, WorkerLimits(processes=1, queue=0, deadline=20))
    refused: list[BusyError] = []

    def ask() -> None:
        try:
            busy.draw(next(charts(Look())), "svg")
        except BusyError as error:
            refused.append(error)

    try:
        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert refused
    finally:
        busy.close()
