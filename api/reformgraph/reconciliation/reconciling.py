"""Reconciliation: which things of the graph the names in somebody's table may mean, and what is told of them.

A candidate's score is that of search (`searchranking.Fit`: 100 for a whole label, 90 for a whole alias, less for
pinyin, initials, parts and short forms), at most 100; each condition that does not hold takes its share of half of it.

`match` is for what needs no second look: the only thing with this label that holds every condition. An alias is as
good only with a condition, or where it begins like the label (大连公安 for 大连市公安局): 刑侦支队 alone is any city's.
Namesakes, short forms and pinyin are left to the person who reconciles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property

from reformgraph.engines.base import Engine
from reformgraph.namespaces import compact
from reformgraph.reconciliation.reconcilable import (
    PROPERTIES,
    TYPES,
    Entity,
    Linked,
    Property,
    Value,
    identifier_of,
    read,
)
from reformgraph.search import Narrowing, SearchIndex
from reformgraph.searching.question import is_shortened
from reformgraph.searching.ranking import Fit
from reformgraph.searching.text import fold, tokens

DEFAULT_LIMIT, MAX_LIMIT = 10, 50
_SEARCHED = 200  # results of a search that are looked at: names come before the words of reports
_BEGINNING = 2  # tokens
_SHORT = 3  # characters of a short form, at least; two stand in this order in too many names


@dataclass(frozen=True)
class Condition:
    """What the values of a property must be like: one (`any`), each (`all`) or none of the wanted are among them."""

    property: str
    wanted: tuple[str, ...]
    required: bool = False
    quantifier: str = "any"


@dataclass(frozen=True)
class Query:
    """What is sought: a name, or without one whatever holds the conditions, of one of the types (all if empty)."""

    text: str = ""
    types: tuple[str, ...] = ()
    limit: int = DEFAULT_LIMIT
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A thing that may be meant; `score` from 0 to 100, `held` which conditions hold, by property."""

    entity: Entity
    score: float
    match: bool = False
    held: dict[str, bool] = field(default_factory=dict)


class Reconciler:
    """Answers for one release; reads its things once, when it is first asked."""

    def __init__(self, engine: Engine, search: SearchIndex) -> None:
        self._engine = engine
        self._search = search

    @cached_property
    def entities(self) -> dict[str, Entity]:
        """All things that are reconciled, by identifier."""
        return read(self._engine)

    def get(self, text: str) -> Entity | None:
        """The thing that an identifier, a CURIE or an IRI means."""
        identifier = identifier_of(text)
        return self.entities.get(identifier) if identifier else None

    def candidates(self, query: Query) -> list[Candidate]:
        """The best candidates, best first, at most `query.limit`; none for a query that asks for nothing."""
        if not query.text and not query.conditions:
            return []
        named = self._named(query) if query.text else dict.fromkeys(self._of(query.types), 100.0)
        found = [self._weighed(self.entities[identifier], score, query) for identifier, score in named.items()]
        wanted = [hit for hit in found if hit is not None and (query.text or all(hit.held.values()))]
        sure = _sure(wanted, named, query)
        wanted.sort(key=lambda hit: (-hit.score, list(TYPES).index(hit.entity.type), hit.entity.id))
        return [_decided(hit, sure) for hit in wanted[: query.limit]]

    def _of(self, types: Sequence[str]) -> list[str]:
        return [identifier for identifier, entity in self.entities.items() if not types or entity.type in types]

    def _named(self, query: Query) -> dict[str, float]:
        """Identifier -> how well its names fit the text."""
        if (meant := self.get(query.text)) is not None:
            return {meant.id: 100.0}
        found = self._search.search(query.text, Narrowing(query.types or tuple(TYPES)), _SEARCHED)
        scores = {identifier_of(hit.iri): min(hit.score, 100.0) for hit in found.hits if hit.field != "evidence"}
        if all(score < Fit.PREFIX for score in scores.values()):
            scores |= {one: score for one, score in self._shortened(query).items() if score > scores.get(one, 0)}
        if not scores:
            near = [identifier_of(named.iri) for named in found.nearest]
            scores = {one: _alike(query.text, self.entities[one]) for one in near if one in self._of(query.types)}
            scores = {one: score for one, score in scores.items() if score > Fit.INITIALS_INSIDE / 2}
        return {one: score for one, score in scores.items() if one is not None and one in self.entities}

    def _shortened(self, query: Query) -> dict[str | None, float]:
        """Names that have the characters in this order with others between, the shorter the better: 大连市局."""
        wanted = [token.text for token in tokens(query.text)]
        if len(wanted) < _SHORT:
            return {}
        fits: dict[str | None, float] = {}
        for identifier in self._of(query.types):
            lengths = [len(name) for name in self._stems[identifier] if is_shortened(wanted, name)]
            if lengths:
                step = Fit.TERMS - Fit.SHORTENED
                fits[identifier] = Fit.SHORTENED + step * len(wanted) / min(lengths)
        return fits

    @cached_property
    def _stems(self) -> dict[str, list[list[str]]]:
        return {
            identifier: [[token.text for token in tokens(name)] for name in _names(entity)]
            for identifier, entity in self.entities.items()
        }

    def _weighed(self, entity: Entity, score: float, query: Query) -> Candidate | None:
        """The candidate with its conditions looked at, None where a required one does not hold."""
        held: dict[str, bool] = {}
        for condition in query.conditions:
            held[condition.property] = self._holds(entity, condition) and held.get(condition.property, True)
        if any(condition.required and not held[condition.property] for condition in query.conditions):
            return None
        share = sum(held.values()) / len(held) if held else 1.0
        return Candidate(entity, round(score * (1 + share) / 2, 2), held=held)

    def _holds(self, entity: Entity, condition: Condition) -> bool:
        values = entity.values.get(condition.property, [])
        told = {_folded(text) for value in values for text in self._texts(value)}
        found = [_folded(text) in told for text in condition.wanted]
        return {"any": any(found), "all": all(found), "none": not any(found)}[condition.quantifier]

    def _texts(self, value: Value) -> Iterable[str]:
        """Everything that a value may be called."""
        if not isinstance(value, Linked):
            return [str(value)]
        linked = self.entities.get(value.id or "")
        return [
            value.iri,
            compact(value.iri),
            value.id or "",
            *value.names.values(),
            *(linked.aliases if linked else []),
        ]

    def suggest(self, prefix: str, types: Sequence[str] = ()) -> list[Entity]:
        """The things whose names begin so or hold it, best first; an identifier means its thing."""
        found = self.candidates(Query(prefix, tuple(types), MAX_LIMIT))
        return [candidate.entity for candidate in found]


def _sure(found: Sequence[Candidate], named: dict[str, float], query: Query) -> str | None:
    """The identifier of the only thing that bears the name and holds every condition."""
    fitting = [hit.entity for hit in found if all(hit.held.values()) and named[hit.entity.id] >= Fit.ALIAS]
    if len(fitting) != 1:
        return None
    entity = fitting[0]
    decides = named[entity.id] >= Fit.LABEL or bool(query.conditions) or _begins_alike(query.text, entity)
    return entity.id if decides else None


def _begins_alike(text: str, entity: Entity) -> bool:
    """Whether an alias begins as the label does, by two characters or a word."""
    given = [token.text for token in tokens(text)][:_BEGINNING]
    return any([token.text for token in tokens(name)][:_BEGINNING] == given for name in entity.names.values())


def _decided(candidate: Candidate, sure: str | None) -> Candidate:
    return Candidate(candidate.entity, candidate.score, candidate.entity.id == sure, candidate.held)


def _names(entity: Entity) -> list[str]:
    return [*entity.names.values(), *entity.aliases]


def _alike(text: str, entity: Entity) -> float:
    """How alike a text and the nearest name are written, less than any fit of a whole word."""
    ratios = [SequenceMatcher(None, text.lower(), name.lower(), autojunk=False).ratio() for name in _names(entity)]
    return Fit.INITIALS_INSIDE * max(ratios)


def _folded(text: str) -> str:
    return "".join(fold(character) for character in text.strip())


def properties_of(kind: str) -> list[Property]:
    """The properties that things of a type may have."""
    return [found for found in PROPERTIES.values() if kind in found.types]
