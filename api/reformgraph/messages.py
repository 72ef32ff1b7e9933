"""Messages of shapes in Chinese and English: templates filled with labels, numbers and bindings."""

from __future__ import annotations

import re

import pyoxigraph as ox

from reformgraph.namespaces import SH, SKOS, compact

LANGUAGES = ("zh", "en")
_PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")


class Messages:
    """The `sh:message` templates of the shapes and the labels of the store that fill them."""

    def __init__(self, store: ox.Store, shapes: ox.Store) -> None:
        self.store = store
        self.shapes = shapes

    def render(self, shape: str, language: str, bindings: dict[str, str]) -> str:
        """The shape's message in a language; `{$this}` and `{?name}` become labels, CURIEs or values."""
        texts = self._texts(self.shapes, shape, SH + "message")
        template = texts.get(language) or next(iter(texts.values()), compact(shape))
        return _PLACEHOLDER.sub(lambda found: self.label(bindings.get(found[1], "–"), language), template)

    def label(self, value: str, language: str) -> str:
        """A thing's label and CURIE, a CURIE alone where there is no label, or the value itself."""
        if not value.startswith(("http://", "https://")):
            return value
        label = self._texts(self.store, value, SKOS + "prefLabel").get(language)
        return f"{label} ({compact(value)})" if label else compact(value)

    @staticmethod
    def _texts(store: ox.Store, subject: str, predicate: str) -> dict[str, str]:
        quads = store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None)
        return {q.object.language or "": q.object.value for q in quads if isinstance(q.object, ox.Literal)}
