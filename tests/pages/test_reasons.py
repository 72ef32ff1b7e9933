"""Every reason why a parameter of a canned query does not fit is told in Chinese on a Chinese page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import reformgraph
from reformgraph.canned.files import read_folder
from reformgraph.canned.literals import LITERALS
from reformgraph.content import content_root
from reformgraph.web.pages.reasons import reason_in

API = Path(reformgraph.__file__).parent
# What reads the parameters of a canned query.
READERS = ["queries.py", "names.py", "results.py", "canned/literals.py", "canned/views.py", "web/canned/requests.py"]
SAMPLES = {"kind": "metric", "len(texts)": "2", "len(found)": "2", "MAX_LIMIT": "10000"}
LATIN = re.compile(r"[A-Za-z]{3,}")


def reasons() -> Iterator[str]:
    """The reasons that the readers give, with a sample where a value stands."""
    for name in READERS:
        for node in ast.walk(ast.parse((API / name).read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ParameterError":
                yield from expanded(node.args[1])
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "reason":
                yield from expanded(node.value)


def expanded(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else sample(part) for part in node.values]
        yield "".join(str(part) for part in parts)


def sample(node: ast.expr) -> str:
    assert isinstance(node, ast.FormattedValue)
    if node.conversion == ord("r"):
        return repr("东岸's")
    text = ast.unparse(node.value)
    return LITERALS["integer"].expected if text == "reader.expected" else SAMPLES[text]


def test_the_readers_give_reasons() -> None:
    assert len(set(reasons())) > 15


@pytest.mark.parametrize("reason", sorted(set(reasons())))
def test_each_reason_has_chinese(reason: str) -> None:
    told = reason_in(reason, "zh")
    assert re.search("[一-鿿]", told.replace("东岸", ""))
    assert set(LATIN.findall(told)) <= {"JSON"}
    assert ("东岸" in reason) == ("东岸" in told)
    assert reason_in(reason, "en") == reason


@pytest.mark.parametrize("kind", sorted(LITERALS))
def test_what_is_expected_has_chinese(kind: str) -> None:
    told = reason_in(f"'x' is not {LITERALS[kind].expected}.", "zh")
    assert re.search("[一-鿿]", told.partition("不是")[2])


def test_the_kinds_of_parameters_have_chinese() -> None:
    kinds = {parameter.kind for query in read_folder(content_root() / "queries") for parameter in query.parameters}
    for kind in kinds - LITERALS.keys() - {"code"}:
        assert not LATIN.search(reason_in(f"no {kind} is called '东'.", "zh")), kind


def test_the_page_of_a_query_tells_the_reason_in_its_language(server: str) -> None:
    for language, words in (("zh", "“多少”不是1至10000的整数。"), ("en", "is no whole number from 1 to 10000.")):
        asked = {"limit": "多少", "lang": language}
        answer = httpx.get(f"{server}/queries/documents", params=asked, headers={"Accept": "text/html"})
        assert answer.status_code == 422
        assert words in answer.text
