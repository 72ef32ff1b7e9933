"""Every parameter of every canned query, in real stores over the real graph: the rows are those of the embedded store.

A parameter is asked for by its example, alone and beside one that nothing fits: Virtuoso 7 drops a filter on what an
OPTIONAL finds where a parameter is all that ties the OPTIONAL to the rest, and only a row too many tells of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from store_answers import CATALOGUE, answer
from store_servers import StoreServer

from reformgraph.canned.files import CannedQuery
from reformgraph.canned.heads import Parameter
from reformgraph.engines.base import Engine
from reformgraph.release import Release

Given = dict[str, list[str]]
Asked = Callable[[str, Given], bytes]
# By kind, what is there but fits nearly nothing.
SELDOM = {
    "place": "鸭绿江",
    "thing": "鸭绿江",
    "initiative": "执法规范化建设",
    "doc": "826ec1811efe",
    "string": "nonesuch",
    "integer": "1000000000",
    "decimal": "1000000000",
    "date": "1900-01-01",
}
# No report of ours differs from another by as much, so that every answer to this query is empty.
WITHOUT_ROWS = {"disagreements"}


def example(parameter: Parameter) -> list[str]:
    assert parameter.example, f"{parameter.name} has no example"
    return [parameter.example]


def needed(query: CannedQuery) -> Given:
    return {p.name: query.example.get(p.name) or example(p) for p in query.parameters if p.required}


def filters(query: CannedQuery, parameter: Parameter) -> bool:
    """Whether a parameter is compared with what is found, instead of standing in a pattern."""
    return f"!BOUND(?{parameter.variable})" in query.text


def seldom(parameter: Parameter) -> list[str]:
    latest = parameter.kind == "date" and parameter.name == "from"
    return ["2100-01-01"] if latest else [SELDOM.get(parameter.kind) or example(parameter)[0]]


ALONE = [(q.name, needed(q) | {p.name: example(p)}, p.name) for q in CATALOGUE for p in q.parameters]
PAIRS = [
    (q.name, needed(q) | {p.name: example(p), other.name: seldom(other)}, f"{p.name}-{other.name}")
    for q in CATALOGUE
    for p in q.parameters
    for other in q.parameters
    if filters(q, other) and not filters(q, p)
]


@pytest.fixture(scope="module")
def embedded(real_release: Release) -> Iterator[Engine]:
    with real_release.engine() as engine:
        yield engine


@pytest.fixture(scope="module")
def here(embedded: Engine) -> Asked:
    """Answers of the embedded store, each asked for once."""
    known: dict[str, bytes] = {}

    def asked(name: str, given: Given) -> bytes:
        key = f"{name} {given}"
        if key not in known:
            known[key] = answer(embedded, name, given)
        return known[key]

    return asked


@pytest.fixture(scope="module")
def there(holding_real: StoreServer, embedded: Engine) -> Asked:
    remote = holding_real.remote()
    return lambda name, given: answer(remote, name, given, reader=embedded)


@pytest.mark.parametrize(("name", "given"), [pytest.param(*case[:2], id=f"{case[0]}-{case[2]}") for case in ALONE])
def test_rows_with_one_parameter_are_the_same(name: str, given: Given, there: Asked, here: Asked) -> None:
    assert there(name, given) == here(name, given)


@pytest.mark.parametrize(("name", "given"), [pytest.param(*case[:2], id=f"{case[0]}-{case[2]}") for case in PAIRS])
@pytest.mark.parametrize("store", ["virtuoso"], indirect=True)  # the other store is the embedded engine, too
def test_a_parameter_that_nothing_fits_counts_beside_another(
    name: str, given: Given, there: Asked, here: Asked
) -> None:
    assert there(name, given) == here(name, given)


@pytest.mark.parametrize(
    ("name", "given"),
    [pytest.param(*case[:2], id=f"{case[0]}-{case[2]}") for case in ALONE if case[0] not in WITHOUT_ROWS],
)
def test_the_example_of_a_parameter_has_rows(name: str, given: Given, here: Asked) -> None:
    assert here(name, given).count(b"\r\n") > 1
