"""Names to IRIs: a label, an alias, a slug, a CURIE or an IRI, and how it was read.

Exact labels are looked up through the engine, so nothing is kept in memory; only a name that is not found costs a
scan, for the nearest names that the error then shows.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import pyoxigraph as ox

from reformgraph.engines.base import Engine
from reformgraph.errors import ParameterError
from reformgraph.namespaces import BASE, KINDS, SKOS, compact, expand

_LABELS = f"<{SKOS}prefLabel>|<{SKOS}altLabel>"


@dataclass(frozen=True)
class Reading:
    """How one given value was read: the term, and for a thing its IRI and label."""

    given: str
    term: ox.NamedNode | ox.Literal
    label: str | None = None

    @property
    def read(self) -> str:
        """The IRI, or the value of the literal."""
        return self.term.value


def resolve(engine: Engine, parameter: str, kind: str, given: str) -> Reading:
    """The thing of a kind (`thing` for any) that a name means; ParameterError when none or several fit."""
    text = given.strip()
    found = [iri for iri in _as_iri(kind, text) if _exists(engine, iri)] or _by_label(engine, kind, text)
    if not found:
        nearest = _nearest(engine, kind, text)
        raise ParameterError(parameter, f"no {kind} is called {given!r}.", nearest)
    if len(found) > 1:
        raise ParameterError(parameter, f"{given!r} names {len(found)} things; say which.", [compact(i) for i in found])
    return Reading(given, ox.NamedNode(found[0]), label_of(engine, found[0]))


def _as_iri(kind: str, text: str) -> list[str]:
    """The IRIs that a text may stand for as an IRI, a CURIE or a slug of the kind."""
    tried = [text if text.startswith(("http://", "https://")) else None, expand(text)]
    kinds = KINDS if kind == "thing" else (kind,)
    if not text.startswith("http") and ":" not in text:
        tried += [f"{BASE}{k}/{text}" for k in kinds]
    home = BASE if kind == "thing" else f"{BASE}{kind}/"
    return [iri for iri in tried if iri and iri.startswith(home) and _valid(iri)]


def _valid(iri: str) -> bool:
    try:
        ox.NamedNode(iri)
    except ValueError:
        return False
    return True


def _exists(engine: Engine, iri: str) -> bool:
    return bool(engine.query(f"ASK {{ {ox.NamedNode(iri)} ?property ?value }}"))


def _by_label(engine: Engine, kind: str, text: str) -> list[str]:
    terms = " ".join(str(ox.Literal(text, language=tag)) for tag in ("zh", "en"))
    rows = engine.query(
        f"SELECT DISTINCT ?thing {{ VALUES ?label {{ {terms} }} ?thing {_LABELS} ?label }} ORDER BY ?thing"
    )
    return [iri for iri in _iris(rows) if _of_kind(iri, kind)]


def _iris(rows: object) -> list[str]:
    assert isinstance(rows, ox.QuerySolutions)
    return [row["thing"].value for row in rows if isinstance(row["thing"], ox.NamedNode)]


def _of_kind(iri: str, kind: str) -> bool:
    return iri.startswith(BASE if kind == "thing" else f"{BASE}{kind}/")


def _nearest(engine: Engine, kind: str, text: str, count: int = 5) -> list[str]:
    """Labels of the kind that look or contain most like the text."""
    home = BASE if kind == "thing" else f"{BASE}{kind}/"
    rows = engine.query(
        f"SELECT ?thing ?label {{ ?thing {_LABELS} ?label FILTER(STRSTARTS(STR(?thing), {ox.Literal(home)})) }}"
    )
    assert isinstance(rows, ox.QuerySolutions)
    labels = sorted({row["label"].value for row in rows})
    inside = [label for label in labels if text.lower() in label.lower()]
    inside.sort(key=lambda label: (not label.lower().startswith(text.lower()), len(label)))
    close = difflib.get_close_matches(text, labels, n=count, cutoff=0.4)
    return list(dict.fromkeys(inside + close))[:count]


def label_of(engine: Engine, iri: str, language: str = "zh") -> str | None:
    """The preferred label of a thing in a language, or None."""
    rows = engine.query(
        f"SELECT ?label {{ {ox.NamedNode(iri)} <{SKOS}prefLabel> ?label "
        f"FILTER(LANG(?label) = {ox.Literal(language)}) }}"
    )
    assert isinstance(rows, ox.QuerySolutions)
    return next((row["label"].value for row in rows), None)


def codes_of(engine: Engine, scheme: str, language: str = "zh") -> dict[str, str]:
    """The bare words of a code list and their labels in a language."""
    found = engine.query(
        f"SELECT ?word ?label {{ ?code <{SKOS}inScheme> <{BASE}code/{scheme}> ; <{SKOS}notation> ?word ; "
        f"<{SKOS}prefLabel> ?label FILTER(LANG(?label) = {ox.Literal(language)}) }} ORDER BY ?word"
    )
    assert isinstance(found, ox.QuerySolutions)
    return {row["word"].value: row["label"].value for row in found}
