"""Messages of shapes in Chinese and English: templates filled with labels, numbers and bindings."""

from __future__ import annotations

import re

import pyoxigraph as ox

from reformgraph.namespaces import RG, SH, SKOS, compact

LANGUAGES = ("zh", "en")
_KEPT = 20_000
_PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")


class Messages:
    """The `sh:message` templates of the shapes and the labels of the store that fill them."""

    def __init__(self, store: ox.Store, shapes: ox.Store) -> None:
        self.store = store
        self.shapes = shapes
        self._templates: dict[str, dict[str, str]] = {}
        # Things that many results are about, such as units, are looked up once.
        self._labels: dict[tuple[str, str], str] = {}

    def both(self, shape: str, bindings: dict[str, str]) -> dict[str, str]:
        """Language -> the shape's message in it."""
        return {language: self.render(shape, language, bindings) for language in LANGUAGES}

    def render(self, shape: str, language: str, bindings: dict[str, str]) -> str:
        """The shape's message in a language; `{$this}` and `{?name}` become labels, CURIEs or values."""
        if shape not in self._templates:
            self._templates[shape] = self._texts(self.shapes, shape, SH + "message")
        texts = self._templates[shape]
        template = texts.get(language) or next(iter(texts.values()), compact(shape))
        return _PLACEHOLDER.sub(lambda found: self.label(bindings.get(found[1], "–"), language), template)

    def label(self, value: str, language: str) -> str:
        """A thing's label and CURIE, a CURIE alone where there is no label, or the value itself."""
        if not value.startswith(("http://", "https://")):
            return value
        if (value, language) not in self._labels:
            if len(self._labels) >= _KEPT:
                self._labels.clear()
            self._labels[value, language] = self._label(value, language)
        return self._labels[value, language]

    def _label(self, value: str, language: str) -> str:
        label = self._texts(self.store, value, SKOS + "prefLabel").get(language) or self._told(value, language)
        return f"{label} ({compact(value)})" if label else compact(value)

    def _told(self, claim: str, language: str) -> str:
        """What stands for the label of a claim or a span: the label of its metric and the words of its first span."""
        metric = self._first(claim, RG + "metric")
        name = self._texts(self.store, metric, SKOS + "prefLabel").get(language)
        words = self._first(claim, RG + "exact") or self._first(self._first(claim, RG + "firstEvidence"), RG + "exact")
        return " ".join(part for part in (name, words and f"“{words}”") if part)

    def _first(self, subject: str, predicate: str) -> str:
        """The first value of a property by its text, or nothing."""
        values = (quad.object for quad in self._about(self.store, subject, predicate))
        return min((v.value for v in values if isinstance(v, ox.NamedNode | ox.Literal)), default="")

    @staticmethod
    def _texts(store: ox.Store, subject: str, predicate: str) -> dict[str, str]:
        quads = Messages._about(store, subject, predicate)
        return {q.object.language or "": q.object.value for q in quads if isinstance(q.object, ox.Literal)}

    @staticmethod
    def _about(store: ox.Store, subject: str, predicate: str) -> list[ox.Quad]:
        """What a store says of a subject; nothing where it is a text that only looks like an IRI."""
        try:
            return list(store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None))
        except ValueError:
            return []
