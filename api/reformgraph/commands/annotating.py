"""Help for whoever enters a report: its numerals with our reading of them, spans as Turtle."""

from __future__ import annotations

import csv
import io

from reformgraph.errors import ParameterError
from reformgraph.evidence import span_turtle
from reformgraph.reading.mentions import Mention, mentions

_CONTEXT = 8
_COLUMNS = ("start", "end", "text", "value", "unit", "unitWord", "bound", "kind", "guess", "before", "after")


def mention_rows(text: str, format_: str) -> str:
    """Each numeral of a text, one line each: as aligned text, or as `tsv` with a header."""
    if format_ not in ("text", "tsv"):
        raise ParameterError("--format", f"{format_!r} is not offered here.", ("text", "tsv"))
    found = [_cells(text, mention) for mention in mentions(text)]
    return _tsv(found) if format_ == "tsv" else "".join(_line(cells) for cells in found)


def _cells(text: str, mention: Mention) -> dict[str, str]:
    figure = mention.figure
    return {
        "start": str(mention.start),
        "end": str(mention.end),
        "text": mention.text,
        "value": "" if figure is None or figure.value is None else f"{figure.value}",
        "unit": figure.unit if figure else "",
        "unitWord": (figure.unit_word or "") if figure else "",
        "bound": figure.bound if figure else "",
        "kind": (figure.kind or "") if figure else "",
        "guess": mention.guess or "",
        "before": text[max(0, mention.start - _CONTEXT) : mention.start].replace("\n", " "),
        "after": text[mention.end : mention.end + _CONTEXT].replace("\n", " "),
    }


def _line(cells: dict[str, str]) -> str:
    reading = " ".join(cells[name] for name in ("bound", "value", "unit", "unitWord", "kind") if cells[name])
    guess = f" ({cells['guess']}?)" if cells["guess"] else ""
    place = f"{cells['start']}-{cells['end']}"
    return f"{place:>12}  …{cells['before']}[{cells['text']}]{cells['after']}…  {reading or '–'}{guess}\n"


def _tsv(found: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return out.getvalue()


def span_blocks(key: str, text: str, phrase: str, every: bool) -> str:
    """The Turtle of the place of a phrase, or of every place; ParameterError where it is not there, or twice."""
    places = [i for i in range(len(text)) if text.startswith(phrase, i)] if phrase else []
    if not places:
        raise ParameterError("TEXT", f"{phrase!r} is not in the text; copy it from there.")
    if len(places) > 1 and not every:
        shown = [f"{i}: …{text[max(0, i - _CONTEXT) : i + len(phrase) + _CONTEXT]}…" for i in places[:8]]
        reason = f"{phrase!r} stands at {len(places)} places; give more words, or --all."
        raise ParameterError("TEXT", reason, [line.replace("\n", " ") for line in shown])
    return "\n".join(span_turtle(key, text, i, i + len(phrase)) for i in places)
