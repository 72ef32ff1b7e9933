"""How Chinese is pronounced: toneless pinyin, characters with several readings by the phrase that they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from reformgraph.searching.text import Token


def syllables(sequence: Sequence[Token]) -> list[str]:
    """A syllable for each token: pinyin of a Chinese character, every other token as it is.

    重庆 -> chong qing, but 重点 -> zhong dian; ü is written v.
    """
    # Its dictionaries take a tenth of a second, and only a build needs them.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    one_by_one: Any = list  # an unknown character stays as it is; the types know no list

    heard: list[str] = []
    for is_han, run in groupby(sequence, key=lambda token: token.is_han):
        texts = [token.text for token in run]
        heard += lazy_pinyin("".join(texts), errors=one_by_one) if is_han else texts
    return heard
