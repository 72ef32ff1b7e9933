"""The words that bound a figure as a table for readers, taken from the tables that the reader of figures works by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reformgraph.reading.wording import AFTER, BEFORE, BEFORE_PLACE, STEPPED, TAILS, WORDS

# 几 and 来 take a number that ends in a place: 200来个, and not 205来个; 上 stands before the place alone.
_TAIL, _AFTER, _BEFORE, _PLACE = "200{}个", "200个{}", "{}200个", "{}百个"


@dataclass(frozen=True)
class BoundWords:
    """Words of one meaning: the bound they set, whether the truth is less than a step away, and a phrase with each.

    A phrase has the word at its place around one and the same number: 余 stands in 200余个, 近 in 近200个.
    """

    bound: str
    stepped: bool
    phrases: Mapping[str, str]

    @property
    def words(self) -> list[str]:
        """The words, each once."""
        return list(self.phrases)

    @property
    def example(self) -> str:
        """The phrase of the first word."""
        return next(iter(self.phrases.values()))


def bound_words() -> list[BoundWords]:
    """All bound words in groups of one meaning, those of `over` first."""
    groups: dict[tuple[str, bool], dict[str, str]] = {}
    for word, bound, phrase in _words():
        groups.setdefault((bound, word in STEPPED), {}).setdefault(word, phrase)
    return [BoundWords(bound, stepped, phrases) for (bound, stepped), phrases in groups.items()]


def _words() -> Iterator[tuple[str, str, str]]:
    """Each word with its bound and a phrase that holds it."""
    places = (
        (TAILS, _TAIL),
        (BEFORE, _BEFORE),
        (AFTER, _AFTER),
        (BEFORE_PLACE, _PLACE),
    )
    for table, phrase in places:
        for word, bound in table.items():
            yield word, bound, phrase.format(word)
    yield "强", "top-n", "30强"
    yield "前", "top-n", "前三名"
    for word, (_, _, fixed) in WORDS.items():
        if fixed and fixed[0] == "top-n":
            yield word, "top-n", word
