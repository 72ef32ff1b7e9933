"""How well a phrase fits a question: one number, of which the larger comes first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum

from reformgraph.searching.question import Question
from reformgraph.searching.text import spelt, tokens


class Fit(IntEnum):
    """How a phrase fits; the steps are wider than what BM25 adds within one."""

    LABEL = 100  # it is the whole label
    ALIAS = 90
    SOUND = 85  # it is the whole pinyin of a name
    INITIALS = 80
    PREFIX = 70  # a name begins so
    SOUND_PREFIX = 65
    INITIALS_PREFIX = 60
    PHRASE = 55  # a name holds it as one piece
    SOUND_INSIDE = 50
    TERMS = 45  # a name holds all its terms
    SHORTENED = 40  # a name holds its characters in this order
    INITIALS_INSIDE = 35
    EVIDENCE = 10  # the words of a report hold it as one piece
    EVIDENCE_TERMS = 5


# A name of the vocabulary comes after those of things, and before the words of the reports.
_TERM_FLOOR, _TERM_STEP = 15, 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase that FTS5 found, with what decides its place; `bm25` is the larger the better."""

    phrase: int
    thing: int
    iri: str
    kind: str
    weight: int
    field: str
    text: str
    document: str
    stems: str
    syllables: str
    bm25: float
    shortened: bool = False

    @property
    def is_name(self) -> bool:
        """Whether it is a label or an alias, not evidence."""
        return self.field != "evidence"

    def is_told_by(self, documents: Collection[str]) -> bool:
        """Whether it is a name, or evidence in one of the documents."""
        return self.is_name or self.document in documents


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate and its score."""

    candidate: Candidate
    score: float

    @property
    def key(self) -> tuple[float, int, str, int]:
        """What sorts best first and decides every tie."""
        return (-self.score, self.candidate.weight, self.candidate.iri, self.candidate.phrase)


def ranked(candidate: Candidate, fit: Fit) -> Ranked:
    """The candidate with the score of its fit, a little raised by BM25: above the fit by less than one."""
    score = fit + candidate.bm25 / (1 + candidate.bm25)
    if candidate.kind == "term" and candidate.is_name:
        score = _TERM_FLOOR + score / _TERM_STEP
    return Ranked(candidate, round(score, 4))


def text_fit(question: Question, candidate: Candidate) -> Fit:
    """How the text of a phrase fits that has every term of the question."""
    if not candidate.is_name:
        return Fit.EVIDENCE if _holds(candidate.stems, question.phrase) else Fit.EVIDENCE_TERMS
    if candidate.stems == question.phrase:
        return Fit.LABEL if candidate.field == "label" else Fit.ALIAS
    if candidate.stems.startswith(question.phrase):
        return Fit.PREFIX
    if _holds(candidate.stems, question.phrase):
        return Fit.PHRASE
    return Fit.SHORTENED if candidate.shortened else Fit.TERMS


def _holds(stems: str, phrase: str) -> bool:
    return f" {phrase}" in f" {stems}"


def sound_fit(letters: str, candidate: Candidate) -> Fit | None:
    """How the pinyin or the initials of a name fit letters; None where they do not.

    Two letters are too few to be initials in the middle of a name.
    """
    heard = [spelt(syllable) for syllable in candidate.syllables.split()]
    whole, initials = "".join(heard), "".join(s if s.isdecimal() else s[:1] for s in heard)
    fits = (
        (Fit.SOUND, whole == letters),
        (Fit.INITIALS, initials == letters),
        (Fit.SOUND_PREFIX, whole.startswith(letters)),
        (Fit.INITIALS_PREFIX, initials.startswith(letters)),
        (Fit.SOUND_INSIDE, any("".join(heard[i:]).startswith(letters) for i in range(len(heard)))),
        (Fit.INITIALS_INSIDE, len(letters) > 2 and letters in initials),
    )
    return next((fit for fit, holds in fits if holds), None)


def likeness(question: Question, candidate: Candidate) -> float:
    """How alike a question and a name are written or pronounced, 0 to 1; a little more where it is the whole name."""
    words = [term.text for term in question.terms]
    wanted = [token.text for term in question.terms for token in term.tokens]
    theirs = [token.text for token in tokens(candidate.text)]
    heard = "".join(candidate.syllables.split())
    whole = max(_ratio("".join(words), "".join(theirs)), _ratio(question.letters, heard))
    by_word = sum(max((_ratio(word, other) for other in theirs), default=0.0) for word in words) / len(words)
    begun = _ratio(question.letters, heard[: len(question.letters)])
    return max(whole, by_word, begun, _aligned(wanted, theirs)) + whole / 100


def _aligned(wanted: Sequence[str], theirs: Sequence[str]) -> float:
    """The share of tokens that are the same where the question is laid along a name, at its best place."""
    places = range(max(len(theirs) - len(wanted) + 1, 0))
    same = (sum(one == other for one, other in zip(wanted, theirs[i:], strict=False)) for i in places)
    return max(same, default=0) / len(wanted)


def _ratio(one: str | Sequence[str], other: str | Sequence[str]) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() if one and other else 0.0
