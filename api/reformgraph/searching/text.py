"""Text as search sees it: folded, and cut into tokens that know their place.

Folding is for searching only: compatibility forms (full-width, ligatures), case and accents go (UAX #15, NFKC and
NFKD). A token is one Chinese character, a run of digits (commas between thousands left out), or a run of letters; all
else separates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

# CJK ideographs of all planes; the marks 々 and 〇 are written among them.
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_TOKEN = re.compile(rf"[{_HAN}]|\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+|[^\W\d_{_HAN}]+")
_IS_HAN = re.compile(f"[{_HAN}]")
# Prefixes of a pronunciation are looked up to this many letters.
LETTERS = 40


@dataclass(frozen=True, slots=True)
class Token:
    """A token as folded, and where it stands in the text: code points from `start` to before `end`."""

    text: str
    start: int
    end: int

    @property
    def is_han(self) -> bool:
        """Whether it is a Chinese character."""
        return _IS_HAN.fullmatch(self.text) is not None

    @property
    def is_word(self) -> bool:
        """Whether it is a run of letters, of which a beginning may be asked for."""
        return not self.is_han and not self.text.isdecimal()


def fold(character: str) -> str:
    """One character without width, case and accents; may be several characters, or none for a combining mark."""
    plain = unicodedata.normalize("NFKC", character).casefold()
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))


def tokens(text: str) -> list[Token]:
    """The tokens of a text in their order."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for c in fold(character):
            folded.append(c)
            places.append(place)
    return [
        Token(m[0].replace(",", ""), places[m.start()], places[m.end() - 1] + 1)
        for m in _TOKEN.finditer("".join(folded))
    ]


def pairs(sequence: Sequence[Token]) -> list[str]:
    """Each two neighbouring Chinese characters, whatever punctuation stands between them."""
    return [first.text + second.text for first, second in pairwise(sequence) if first.is_han and second.is_han]


def runs(sequence: Sequence[Token]) -> Iterator[list[Token]]:
    """Chinese characters that touch each other together, every other token alone."""
    run: list[Token] = []
    for token in sequence:
        if run and not (token.is_han and run[-1].is_han and token.start == run[-1].end):
            yield run
            run = []
        run.append(token)
    if run:
        yield run


def spelt(letters: str) -> str:
    """Letters of a pronunciation with ü as u: it is typed as u, v or ü."""
    return letters.replace("v", "u")


def tails(syllables: Sequence[str]) -> list[str]:
    """What is heard from each syllable on, joined and cut: a prefix of one of these is a part of the whole."""
    return [spelt("".join(syllables[i:]))[:LETTERS] for i in range(len(syllables))]


def grams(words: Sequence[str]) -> list[str]:
    """The letters of words by threes, their ends marked by 0, to find what is spelt nearly so."""
    marked = [f"0{word}0" for word in words]
    return [word[i : i + 3] for word in marked for i in range(len(word) - 2)]
