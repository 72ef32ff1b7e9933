"""Every numeral is inside a figure or set aside."""

from __future__ import annotations

from pathlib import Path

import pytest

from reformgraph.errors import SourceFileError
from reformgraph.reading.ledger import SetAside, account, read_ledger

TEXT = "2015年,三项建设投入300万元。"
MONEY = (TEXT.index("300"), TEXT.index("。"))


def test_figures_and_set_aside_places_account_for_all() -> None:
    found = account(TEXT, [MONEY], [SetAside(0, 5, "date"), SetAside(6, 8, "name")])
    assert (found.figures, dict(found.set_aside), found.unaccounted) == (1, {"date": 1, "name": 1}, ())


def test_a_numeral_that_nobody_accounts_for_is_named() -> None:
    found = account(TEXT, [], [SetAside(0, 5, "date"), SetAside(6, 8, "name")])
    assert len(found.unaccounted) == 1
    assert "300万元" in found.unaccounted[0]


def test_setting_aside_what_is_a_figure_is_named() -> None:
    found = account(TEXT, [MONEY], [SetAside(0, 5, "date"), SetAside(6, 8, "name"), SetAside(*MONEY, "no-quantity")])
    assert "inside a figure" in found.unaccounted[0]
    assert "beyond the end" in account("无", [], [SetAside(4, 6, "date")]).unaccounted[0]


@pytest.mark.parametrize("row", ["1\t2\tbecause\t", "2\t1\tdate\t", "x\t2\tdate\t"])
def test_a_faulty_row_is_told_with_its_line(tmp_path: Path, row: str) -> None:
    path = tmp_path / "k.tsv"
    path.write_text(f"start\tend\treason\tnote\n{row}\n")
    with pytest.raises(SourceFileError) as faulty:
        read_ledger(path)
    assert faulty.value.line == 2


def test_no_ledger_is_an_empty_one(tmp_path: Path) -> None:
    assert read_ledger(tmp_path / "none.tsv") == []
