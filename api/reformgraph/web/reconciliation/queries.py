"""Batches of reconciliation read and checked: the queries of versions 0.2 and 1.0 of the API, and data extension.

Specifications of the W3C Entity Reconciliation Community Group: https://www.w3.org/community/reports/reconciliation/
(0.2), https://reconciliation-api.github.io/specs/draft/ (1.0, a draft).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from reformgraph.errors import ParameterError
from reformgraph.reconciliation.reconcilable import PROPERTIES, TYPES, Property
from reformgraph.reconciliation.reconciling import DEFAULT_LIMIT, MAX_LIMIT, Condition, Query

LONGEST = 200  # characters of a name that is sought
_QUANTIFIERS = ("any", "all", "none")
_QUALIFIERS = ("ExactMatch",)

Json = dict[str, Any]


def parsed(name: str, text: str | bytes) -> Any:
    """JSON of a parameter or a body; ParameterError with the place of the fault."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ParameterError(name, f"is no JSON: {error}.") from None


def read_batch(given: Any) -> dict[str, Query]:
    """The queries of a batch of version 0.2 by key; ParameterError for what cannot be read."""
    if not isinstance(given, dict):
        raise ParameterError("queries", 'is no object of queries, such as {"q0": {"query": "大连市公安局"}}.')
    return {key: _query(f"queries.{key}", query) for key, query in given.items()}


def _query(place: str, given: Any) -> Query:
    query = _object(place, given, ("query", "type", "limit", "properties", "type_strict"))
    types = query.get("type") or []
    conditions = tuple(
        _condition(f"{place}.properties", _object(f"{place}.properties", one, ("pid", "v")), "pid", "v")
        for one in _list(f"{place}.properties", query.get("properties") or [])
    )
    return _checked(place, query.get("query") or "", [types] if isinstance(types, str) else types, query, conditions)


def read_draft_batch(given: Any) -> list[Query]:
    """The queries of a batch of version 1.0 in their order; ParameterError for what cannot be read."""
    queries = given.get("queries") if isinstance(given, dict) else None
    return [_draft_query(f"queries.{place}", query) for place, query in enumerate(_list("queries", queries))]


def _draft_query(place: str, given: Any) -> Query:
    query = _object(place, given, ("type", "limit", "lang", "dir", "conditions"))
    known = ("matchType", "propertyId", "propertyValue", "required", "matchQuantifier", "matchQualifier")
    text, conditions = "", []
    for each in _list(f"{place}.conditions", query.get("conditions")):
        one = _object(f"{place}.conditions", each, known)
        one_of(f"{place}.conditions.matchQualifier", one.get("matchQualifier", "ExactMatch"), _QUALIFIERS)
        if one_of(f"{place}.conditions.matchType", one.get("matchType"), ("name", "id", "property")) == "property":
            conditions.append(_condition(f"{place}.conditions", one, "propertyId", "propertyValue"))
        else:
            text = next(iter(_texts(f"{place}.conditions.propertyValue", one.get("propertyValue"))), "")
    types = [query["type"]] if query.get("type") else []
    return _checked(place, text, types, query, tuple(conditions))


def _checked(place: str, text: Any, types: Any, given: Json, conditions: tuple[Condition, ...]) -> Query:
    if not isinstance(text, str) or len(text) > LONGEST:
        raise ParameterError(place, f"a name is a text of at most {LONGEST} characters.")
    if "query" not in given and not text and not conditions:
        raise ParameterError(place, "has neither a name nor a condition on a property.")
    kinds = tuple(one_of(f"{place}.type", kind, tuple(TYPES)) for kind in _list(f"{place}.type", types))
    limit = given.get("limit", DEFAULT_LIMIT)
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MAX_LIMIT:
        raise ParameterError(f"{place}.limit", f"is no whole number from 1 to {MAX_LIMIT}.")
    return Query(text.strip(), kinds, limit, conditions)


def _condition(place: str, given: Json, name: str, value: str) -> Condition:
    wanted = _texts(f"{place}.{value}", given.get(value))
    required = given.get("required", False)
    if not isinstance(required, bool):
        raise ParameterError(f"{place}.required", "is neither true nor false.")
    known = one_of(f"{place}.{name}", given.get(name), tuple(PROPERTIES))
    quantifier = one_of(f"{place}.matchQuantifier", given.get("matchQuantifier", "any"), _QUANTIFIERS)
    return Condition(known, wanted, required, quantifier)


def _texts(place: str, value: Any) -> tuple[str, ...]:
    """The values of a condition as texts; a thing that is reconciled already by its identifier."""
    texts = []
    for one in value if isinstance(value, list) else [value]:
        found = one.get("id") if isinstance(one, dict) else one
        if isinstance(found, bool) or not isinstance(found, str | int | float):
            raise ParameterError(place, "is a text, a number, a thing with its id, or a list of them.")
        texts.append(str(found))
    return tuple(texts)


def _object(place: str, given: Any, known: Sequence[str]) -> Json:
    if not isinstance(given, dict):
        raise ParameterError(place, "is no object.", known)
    for name in given:
        if name not in known:
            raise ParameterError(f"{place}.{name}", "there is no such member here.", known)
    return given


def _list(place: str, given: Any) -> list[Any]:
    if not isinstance(given, list):
        raise ParameterError(place, "is no list.")
    return given


def one_of(place: str, given: Any, known: tuple[str, ...]) -> str:
    """A text that is one of the known; ParameterError names them."""
    if not isinstance(given, str) or given not in known:
        raise ParameterError(place, f"{given!r} is not known here.", known)
    return given


def read_extension(given: Any) -> tuple[list[str], list[Property]]:
    """The identifiers and properties that are asked for; ParameterError for what cannot be read."""
    asked = _object("extend", given, ("ids", "properties"))
    ids = _list("extend.ids", asked.get("ids"))
    if not all(isinstance(identifier, str) for identifier in ids):
        raise ParameterError("extend.ids", "are texts.")
    members = [
        _object("extend.properties", one, ("id", "settings"))
        for one in _list("extend.properties", asked.get("properties"))
    ]
    names = [one_of("extend.properties.id", one.get("id"), tuple(PROPERTIES)) for one in members]
    return ids, [PROPERTIES[name] for name in names]
