"""A question as search reads it, and where the words that it found stand in a text.

Nothing that a user types is an operator: every term reaches FTS5 as a quoted string of letters or digits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reformgraph.searching.text import Token, runs, spelt, tokens

Span = tuple[int, int]


@dataclass(frozen=True)
class Term:
    """What must be found: a run of Chinese characters, a word or a number, with the stem of each token."""

    tokens: tuple[Token, ...]
    stems: tuple[str, ...]

    @property
    def text(self) -> str:
        """The term as one word."""
        return "".join(token.text for token in self.tokens)

    @property
    def may_begin(self) -> bool:
        """Whether it is enough that a word begins so."""
        return self.tokens[0].is_word and len(self.text) > 1

    def fits(self, stem: str, token: Token) -> bool:
        """Whether one token of a text is this term, which is one token."""
        return stem == self.stems[0] or (self.may_begin and token.text.startswith(self.text))


@dataclass(frozen=True)
class Question:
    """The text as it was given, its terms, and its tokens as stems."""

    text: str
    terms: tuple[Term, ...]
    stems: tuple[str, ...]

    @classmethod
    def of(cls, text: str, stems: Sequence[str]) -> Question:
        """A question of a text whose tokens have these stems."""
        found = tokens(text)
        terms: dict[str, Term] = {}
        done = 0
        for run in runs(found):
            term = Term(tuple(run), tuple(stems[done : done + len(run)]))
            terms.setdefault(term.text, term)
            done += len(run)
        return cls(text, tuple(terms.values()), tuple(stems))

    @property
    def phrase(self) -> str:
        """The stems in a row, as phrases of the index have them."""
        return " ".join(self.stems)

    @property
    def letters(self) -> str:
        """The question as a pronunciation, spaces left out; empty where it cannot be one."""
        found = tokens(self.text)
        text = "".join(token.text for token in found)
        heard = text.isascii() and any(token.is_word for token in found) and len(text) > 1
        return spelt(text) if heard else ""


def marks(question: Question, text: str, stems: Sequence[str], syllables: Sequence[str]) -> list[Span]:
    """The parts of a text that the question found: [start, end) in code points, in order, none touching another."""
    found = tokens(text)
    stems = stems if len(stems) == len(found) else [token.text for token in found]
    places = (
        list(_phrases(question.stems, stems))
        or list(_heard(question.letters, syllables))
        or [place for term in question.terms for place in _of_term(term, found, stems, syllables)]
        or _scattered(question.stems, stems)
    )
    return _merged([(found[first].start, found[last].end) for first, last in places])


def _phrases(wanted: Sequence[str], stems: Sequence[str]) -> Iterator[Span]:
    """First and last place of each row of tokens that is the wanted one."""
    size = len(wanted)
    for first in range(len(stems) - size + 1):
        if list(stems[first : first + size]) == list(wanted):
            yield first, first + size - 1


def _of_term(term: Term, found: Sequence[Token], stems: Sequence[str], syllables: Sequence[str]) -> list[Span]:
    """The places of a term: whole, else of a Chinese one its pairs, of a word the syllables that it spells."""
    if not term.tokens[0].is_han:
        written = [(i, i) for i, token in enumerate(found) if term.fits(stems[i], token)]
        return written or (list(_heard(spelt(term.text), syllables)) if term.may_begin else [])
    return list(_phrases(term.stems, stems)) or [
        place for pair in pairwise(term.stems) for place in _phrases(pair, stems)
    ]


def _heard(letters: str, syllables: Sequence[str]) -> Iterator[Span]:
    """The syllables that the letters spell, else those whose initials they are; the first such place."""
    for heard in (list(syllables), [s if s.isdecimal() else s[:1] for s in syllables]):
        for first in range(len(heard) if letters else 0):
            if spelt("".join(heard[first:])).startswith(letters):
                last, length = first, len(heard[first])
                while length < len(letters):
                    last += 1
                    length += len(heard[last])
                yield first, last
                return


def _scattered(wanted: Sequence[str], stems: Sequence[str]) -> list[Span]:
    """The places of tokens that stand in this order with others between them; empty where they do not."""
    places: list[Span] = []
    for stem in wanted:
        after = places[-1][0] + 1 if places else 0
        place = next((i for i in range(after, len(stems)) if stems[i] == stem), None)
        if place is None:
            return []
        places.append((place, place))
    return places


def is_shortened(wanted: Sequence[str], stems: Sequence[str]) -> bool:
    """Whether the tokens stand in this order with others between them, as 厦门公安局 in 厦门市公安局."""
    return bool(_scattered(wanted, stems))


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
