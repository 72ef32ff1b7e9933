"""Figure phrases of Chinese reports, read into value, unit, bound and kind: 13000余台 is 13000, NUM, over.

Values are in plain base units and follow `rg:value`: an integer where whole, else a decimal without trailing
zeros; a fraction is a percentage to two decimals; a fall is negative. Bounds and kinds are the notations of
`ontology/concepts/codes.ttl`, units the local names of `ontology/concepts/units.ttl`. Words of vague size
(几十, 数百, 三四百) hold no figure. The words themselves are in the tables of `wording.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from reformgraph.reading.amounts import DIGITS, Number, UnreadableFigure, amount, plain
from reformgraph.reading.wording import (
    AFTER,
    BEFORE,
    BEFORE_PLACE,
    COUNT,
    FALL,
    HALF_WIDTH,
    PERCENT,
    RANK,
    RISE,
    STEPPED,
    TAILS,
    UNITS,
    WORD_MEASURES,
    WORDS,
    Unit,
    any_of,
    phrase,
)

__all__ = ["Figure", "Limits", "Number", "UnreadableFigure", "limits", "limits_of", "read", "step_of"]

Core = tuple[Number | None, Unit | None, tuple[str, str | None] | None]
Limits = tuple[Number | None, Number | None]

_TAIL = re.compile(f"[{''.join(TAILS)}]")
_BOUNDS_BEFORE = BEFORE | BEFORE_PLACE
_BEFORE = re.compile(any_of(_BOUNDS_BEFORE))
_VERB = re.compile(f"(?:(?P<fall>{any_of(FALL)})|{any_of(RISE)})(?![到至为])")
_CLAUSE_END = re.compile(r"[,;。、!?]")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as its phrase tells it; what only the context can tell is left open.

    `value` is None only for a rank without a number (前列). `unit` is the first of the admissible `units`:
    2.5G may be a size or a bandwidth. `unit_word` is the measure word as written, in half-width characters.
    `bound_word` made `bound`, None for `exact`. `kind` is None where the phrase alone does not show it.
    """

    value: Number | None
    unit: str
    unit_word: str | None
    bound: str
    kind: str | None
    units: tuple[str, ...]
    bound_word: str | None = None

    @property
    def step(self) -> Number | None:
        """One step of the last stated digit: 1000 for 13000余, 100 for 36800余, 100000000 for 近4亿."""
        return None if self.value is None else step_of(self.value)


def read(phrase: str) -> Figure:
    """Read the first figure of `phrase`; raises UnreadableFigure where there is none.

    Dates and vague numbers are passed over. A lone Chinese digit counts only with a measure word or the like
    (三基 holds no figure), or when it is the whole phrase. A verb of rise or fall counts from anywhere in the
    clause before the number.
    """
    text = phrase.translate(HALF_WIDTH)
    for match in phrases(text):
        if counts(match) or match[0] == text.strip():
            try:
                return figure_of(match, _CLAUSE_END.split(text[: match.start("core")])[-1])
            except UnreadableFigure:
                continue
    raise UnreadableFigure(phrase)


def phrases(text: str) -> Iterator[re.Match[str]]:
    """Matches of `phrase` that may be figures, in half-width `text`: no dates, vague numbers or idioms."""
    return (match for match in phrase().finditer(text) if match["core"])


def counts(match: re.Match[str]) -> bool:
    """Whether a match is more than a Chinese digit inside a word: 三 in 三基工程 is none."""
    lone = len(match["core"]) == 1 and not match["core"].isascii() and match["core"] != "零"
    return not lone or bool(match["half"] or match["unit"] or match["after"])


def figure_of(match: re.Match[str], lead: str) -> Figure:
    """The figure of a match of a phrase; `lead` is the text before its number, searched for verbs of change."""
    value, unit, fixed = _core(match)
    unit = unit or UNITS.get(match["special"] or "") or COUNT
    word = match["measure"] or (match["counter"] or "") + (match["special"] or "") or _own_measure(match)
    if value is not None:
        half = Decimal("0.5") if "半" in (match["inner"], match["more"]) else 0
        value = plain((value + half) * unit.scale)
    sign, kind = _change(unit, lead)
    bound, bound_word = fixed or _bound(match)
    return Figure(
        value=value if value is None else sign * value,
        unit=unit.names[0],
        unit_word=word,
        bound=bound,
        kind=kind,
        units=unit.names[:1] if match["counter"] else unit.names,
        bound_word=bound_word,
    )


def _own_measure(match: re.Match[str]) -> str | None:
    """The measure word inside a number word: 首家 counts 家, 30强 counts 强."""
    return "强" if match["strong"] else WORD_MEASURES.get(match["word"] or "")


def _core(match: re.Match[str]) -> Core:
    """What the number itself says; unit and bound are None where the words around it decide."""
    if match["word"]:
        return WORDS[match["word"]]
    if match["ordinal"]:
        return amount(match["ordinal"]), RANK, ("exact", None)
    if match["top"] or match["strong"]:
        return amount(match["top"] or match["strong"]), RANK, ("top-n", "前" if match["top"] else "强")
    if match["whole"] or match["tenths"]:
        return _percent(match), PERCENT, None
    return Decimal("0.5") if match["half"] else amount(match["number"]), None, None


def _percent(match: re.Match[str]) -> Number:
    """三成五 is 35, 三分之一 33.33; 百分之 and 千分之 keep the decimals of their own."""
    if match["tenths"]:
        fifth = {None: 0, "半": 5} | DIGITS
        return amount(match["tenths"]) * 10 + fifth[match["fifth"]]
    whole, part = amount(match["whole"]), amount(match["part"])
    if not whole:
        raise UnreadableFigure(match["core"])
    percent = Decimal(part) * 100 / Decimal(whole)
    return percent if whole in (100, 1000, 10000) else percent.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _change(unit: Unit, lead: str) -> tuple[int, str | None]:
    """Sign and kind: only percentages and percentage points fall; 减少200起 stays a count of 200."""
    verbs = list(_VERB.finditer(lead)) if unit.moves else []
    sign = -1 if verbs and verbs[-1]["fall"] else 1
    if verbs and unit is not UNITS["百分点"]:
        return sign, "change"
    return sign, unit.kind or ("share" if unit.moves and "占" in lead else None)


def _bound(match: re.Match[str]) -> tuple[str, str | None]:
    """Bound and its word; the nearest wins: 余 or 多 at the number, then 以上 behind, then 近 before."""
    tails = _TAIL.findall("".join(match[name] or "" for name in ("core", "inner", "more")))
    if tails:
        return TAILS[tails[0]], tails[0]
    if match["after"]:
        return AFTER[match["after"]], match["after"]
    if before := _BEFORE.findall(match["before"] or ""):
        return _BOUNDS_BEFORE[before[-1]], before[-1]
    return "exact", None


def step_of(value: Number) -> Number:
    """One step of the last digit that is not zero: 13000 -> 1000, 91.4 -> 0.1; 1 for zero.

    Multipliers are powers of ten, so the last non-zero digit of a value is the last one in its phrase.
    """
    exponent = int(Decimal(value).normalize().as_tuple().exponent) if value else 0
    return plain(Decimal(1).scaleb(exponent))


def limits_of(value: Number | None, bound: str) -> Limits:
    """Lower and upper limit from value and bound alone (model.md 2.3); None is open.

    over [v, v + step), under [v - step, v), approx half a step to each side (the numbers that round to v),
    at-least [v, open], up-to [open, v], top-n [1, n]. Bounds of a fall speak of its size: they are mirrored.
    """
    if value is None:
        return None, None
    if value < 0:
        lower, upper = limits_of(-value, bound)
        return (None if upper is None else -upper), (None if lower is None else -lower)
    step = step_of(value)
    half = Decimal(step) / 2
    return {
        "exact": (value, value),
        "approx": (plain(value - half), plain(value + half)),
        "over": (value, value + step),
        "at-least": (value, None),
        "under": (value - step, value),
        "up-to": (None, value),
        "top-n": (1, value),
    }[bound]


def limits(figure: Figure) -> Limits:
    """As `limits_of`, but open above for 超过 and below for 不足: only 余, 多, 几 and 近 tell of one step."""
    lower, upper = limits_of(figure.value, figure.bound)
    if figure.value is None or figure.bound not in ("over", "under") or figure.bound_word in STEPPED:
        return lower, upper
    return (lower, None) if (figure.bound == "over") == (figure.value >= 0) else (None, upper)
