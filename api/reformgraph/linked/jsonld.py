"""JSON-LD 1.1 that reads like a record: our prefixes, labels as `{zh, en}`, what a node points at nested in place.

The library's own serializer gives the expanded form. Every node is written once, where it is first met, so the
document holds exactly its triples. The context is inline and says only what the document uses, because a parser that
works offline cannot fetch one; the whole of it is published besides.
Specification: https://www.w3.org/TR/json-ld11/
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyoxigraph as ox

from reformgraph.namespaces import DCTERMS, RDF, RDFS, SH, SKOS, XSD, compact, prefixes
from reformgraph.results import json_bytes

# Properties whose values have a language each: an object language -> text.
_BY_LANGUAGE = frozenset((
    *(SKOS + name for name in ("prefLabel", "altLabel", "hiddenLabel", "definition", "scopeNote", "example")),
    *(SKOS + name for name in ("editorialNote", "historyNote", "changeNote")),
    *(RDFS + name for name in ("label", "comment")),
    *(DCTERMS + name for name in ("title", "description", "rights")),
    SH + "message",
    "https://schema.org/unitText",
))  # fmt: skip
_EXACT = 2**53  # beyond, many readers of JSON lose digits


def context() -> dict[str, Any]:
    """The whole context: the prefix table, and the properties whose values are keyed by language."""
    by_language = {compact(iri): {"@id": iri, "@container": "@language"} for iri in sorted(_BY_LANGUAGE)}
    return {"@version": 1.1, **prefixes(), **by_language}


def document(triples: Sequence[ox.Triple], root: str | None = None) -> bytes:
    """The triples as one JSON-LD document.

    With a root it is the tree below the root, and `@included` one below each node that points at the root; without
    one it is a list of nodes.
    """
    return json_bytes(_Writer(triples, root).document())


class _Writer:
    """Writes each node once; keeps the names that it has compacted, for the context."""

    def __init__(self, triples: Sequence[ox.Triple], root: str | None) -> None:
        self._nodes: dict[Any, dict[str, list[Any]]] = {}
        for triple in triples:
            node = self._nodes.setdefault(triple.subject, {})
            node.setdefault(triple.predicate.value, []).append(triple.object)
        self._root = ox.NamedNode(root) if root else None
        self._entries = {t.subject for t in triples if t.object == self._root} if root else set()
        self._written: set[Any] = set()
        self._used: dict[str, Any] = {}
        self._names: dict[str, str] = {}

    def document(self) -> dict[str, Any]:
        starts = sorted(self._nodes, key=lambda subject: (subject != self._root, self._inner(subject)))
        nodes = [self._node(subject) for subject in starts if subject not in self._written]
        body = nodes[0] if len(nodes) == 1 else {"@graph": nodes}
        if self._root is not None and nodes[1:]:
            body = {**nodes[0], "@included": nodes[1:]}
        return {"@context": dict(sorted(self._used.items())), **body}

    def _inner(self, subject: Any) -> bool:
        """Whether a node waits for one that points at it: blank nodes do, and in a tree what has only its labels."""
        if isinstance(subject, ox.BlankNode):
            return True
        return self._root is not None and list(self._nodes[subject]) == [SKOS + "prefLabel"]

    def _node(self, subject: Any) -> dict[str, Any]:
        self._written.add(subject)
        node: dict[str, Any] = {"@id": self._name(subject)}
        properties = self._nodes[subject]
        if types := properties.get(RDF + "type"):
            node["@type"] = _alone([self._name(type_) for type_ in types])
        for predicate, values in properties.items():
            if predicate != RDF + "type":
                node |= self._property(predicate, values)
        return node

    def _property(self, predicate: str, values: list[Any]) -> dict[str, Any]:
        if predicate in _BY_LANGUAGE:
            return self._by_language(predicate, values)
        return {self._compact(predicate): _alone([self._value(value) for value in values])}

    def _by_language(self, predicate: str, values: list[Any]) -> dict[str, Any]:
        """Values with a language under the compact name, which maps languages; others under the full IRI."""
        tagged: dict[str, list[str]] = {}
        for value in values:
            if isinstance(value, ox.Literal) and value.language:
                tagged.setdefault(value.language, []).append(value.value)
        rest = [self._value(v) for v in values if not (isinstance(v, ox.Literal) and v.language)]
        members: dict[str, Any] = {predicate: _alone(rest)} if rest else {}
        if tagged:
            name = self._compact(predicate)
            self._used[name] = {"@id": predicate, "@container": "@language"}
            members[name] = {tag: _alone(texts) for tag, texts in tagged.items()}
        return members

    def _value(self, term: Any) -> Any:
        if isinstance(term, ox.Literal):
            return self._literal(term)
        nests = isinstance(term, ox.BlankNode) or (self._root is not None and term not in self._entries)
        if nests and term in self._nodes and term not in self._written:
            return self._node(term)
        return {"@id": self._name(term)}

    def _literal(self, literal: ox.Literal) -> Any:
        if literal.language:
            return {"@language": literal.language, "@value": literal.value}
        kind = literal.datatype.value
        if kind == XSD + "string":
            return literal.value
        if kind == XSD + "boolean" and literal.value in ("true", "false"):
            return literal.value == "true"
        if kind == XSD + "integer" and _plain(literal.value):
            return int(literal.value)
        return {"@type": self._compact(kind), "@value": literal.value}

    def _name(self, term: Any) -> str:
        return str(term) if isinstance(term, ox.BlankNode) else self._compact(term.value)

    def _compact(self, iri: str) -> str:
        if iri not in self._names:
            short = compact(iri)
            prefix, _, local = short.partition(":")
            fits = short != iri and not local.startswith("//")
            self._names[iri] = short if fits else iri
            self._used |= {prefix: prefixes()[prefix]} if fits else {}
        return self._names[iri]


def _plain(digits: str) -> bool:
    """Whether an integer is written as JSON writes it, so that it comes back as it was."""
    return digits.lstrip("-").isdecimal() and str(int(digits)) == digits and abs(int(digits)) < _EXACT


def _alone(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
