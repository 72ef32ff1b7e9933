"""What the release says of one IRI, each triple with the graph that it stands in.

A description is the thing's own triples; what points at it, claims, figures, findings and spans in full with their
evidence and periods; and the labels of all things, classes and properties that occur. What points at a thing comes in
pages, so that a hub stays bounded; a page says which part it is. A graph and a vocabulary are described by their
contents (SPARQL 1.1 Graph Store HTTP Protocol, 4.1). It is many small queries, since one with a UNION over everything
takes some hundred times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyoxigraph as ox

from reformgraph.engines.base import Engine
from reformgraph.namespaces import BASE, GRAPH, RDF, RDFS, RG, SDMX_DIMENSION, SHAPES, VOCAB
from reformgraph.queries import fill
from reformgraph.results import rows

PAGE = 50  # things that point at the described one, on one page
_LABELS_AT_ONCE = 1000
_LICENSE = "https://creativecommons.org/licenses/by/4.0/"
_FOAF = "http://xmlns.com/foaf/0.1/"
_XHV_NEXT = "http://www.w3.org/1999/xhtml/vocab#next"

# The documents that hash IRIs lead to, and the graph that each one shows.
DOCUMENTS = {f"{BASE}ns": VOCAB, f"{BASE}shapes": SHAPES}

# Kinds that have no name of their own: where one points at a thing, the whole of it is part of the description.
_IN_FULL = ("obs", "claim", "problem", "recommendation", "finding", "derived", "span")
_WITH = (RG + "evidence", SDMX_DIMENSION + "refPeriod", RG + "baselinePeriod")


@dataclass(frozen=True)
class Description:
    """What is said of `iri`; of the `total` things that point at it, `shown` from `offset` on are in it."""

    iri: str
    quads: tuple[ox.Quad, ...]
    offset: int = 0
    shown: int = 0
    total: int = 0
    counts: tuple[Mapping[str, Any], ...] = ()

    @property
    def root(self) -> str | None:
        """The IRI that all of it is about, None for the contents of a graph."""
        return None if _graph_of(self.iri) else self.iri

    @property
    def more(self) -> bool:
        """Whether a further page follows."""
        return self.offset + self.shown < self.total

    def triples(self) -> list[ox.Triple]:
        """The triples without their graphs, each once, the thing itself first."""
        return list(dict.fromkeys(quad.triple for quad in self.quads))

    def with_document(self, address: str, following: str | None = None, see: str | None = None) -> Description:
        """The description with what it says of itself: `address` of the document, of its next page, of more."""
        document, quads = ox.NamedNode(address), [*self.quads]
        links = {RDF + "type": _FOAF + "Document", _FOAF + "primaryTopic": self.iri}
        links |= {"http://purl.org/dc/terms/license": _LICENSE}
        links |= {_XHV_NEXT: following} if following else {}
        links |= {RDFS + "seeAlso": see} if see else {}
        quads += [ox.Quad(document, ox.NamedNode(p), ox.NamedNode(o)) for p, o in links.items()]
        comment = ox.NamedNode(RDFS + "comment")
        notes = {tag: note for tag, note in self.notes().items() if note}
        quads += [ox.Quad(document, comment, ox.Literal(note, language=tag)) for tag, note in notes.items()]
        return replace(self, quads=tuple(quads))

    def notes(self) -> dict[str, str]:
        """What is not in the description, in words: `zh` and `en`, empty where all is in it."""
        if self.counts:
            zh = "，".join(f"{row['zh']} {row['count']}" for row in self.counts)
            en = ", ".join(f"{row['en']} {row['count']}" for row in self.counts)
            return {"zh": f"报告的图中有：{zh}。", "en": f"The graph of the report has: {en}."}
        if self.shown == self.total:
            return {"zh": "", "en": ""}
        first, last = self.offset + 1, self.offset + self.shown
        return {
            "zh": f"指向它的 {self.total} 项中，这里是第 {first} 至 {last} 项。",
            "en": f"Of the {self.total} things that point at it, these are {first} to {last}.",
        }


class Descriptions:
    """Describes IRIs of an engine; `texts` are the page queries by name."""

    def __init__(self, engine: Engine, texts: Mapping[str, str]) -> None:
        self.engine = engine
        self._texts = texts

    def describe(self, iri: str, limit: int = PAGE, offset: int = 0) -> Description:
        """The description of an IRI, with `limit` of the things that point at it from `offset` on."""
        if graph := _graph_of(iri):
            quads = self._quads("contents", {"graph": [graph]})
            return Description(iri, _ordered(quads, iri))
        quads = self._subjects([iri])
        parts = [target for target in _targets(quads) if target.startswith(iri + "#")]
        quads |= self._subjects(parts)
        if kind_of(iri) == "doc":
            quads |= self._labels(quads)
            return Description(iri, _ordered(quads, iri), counts=tuple(self.counts(iri)))
        incoming = [subject for subject in self._incoming(iri) if subject != iri]
        page = incoming[offset : offset + limit]
        quads |= self._pointing(iri, page)
        quads |= self._subjects(_targets(quads, _WITH) - {_name(quad.subject) for quad in quads})
        quads |= self._labels(quads)
        return Description(iri, _ordered(quads, iri), offset, len(page), len(incoming))

    def _pointing(self, iri: str, page: Sequence[str]) -> set[ox.Quad]:
        """What points at a thing: statements in full, of other things the link alone."""
        statements = [subject for subject in page if kind_of(subject) in _IN_FULL]
        others = [subject for subject in page if kind_of(subject) not in _IN_FULL]
        return self._subjects(statements) | (
            self._quads("links", {"subject": others, "value": [iri]}) if others else set()
        )

    def _subjects(self, iris: Iterable[str]) -> set[ox.Quad]:
        subjects = sorted(iris)
        return self._quads("quads", {"subject": subjects}) if subjects else set()

    def _labels(self, quads: set[ox.Quad]) -> set[ox.Quad]:
        """The preferred labels of all that the quads name."""
        known = {_name(quad.subject) for quad in quads}
        named = {quad.predicate.value for quad in quads} | _targets(quads) | known
        wanted = sorted(iri for iri in named if "#position" not in iri and "#quote" not in iri)
        found: set[ox.Quad] = set()
        for start in range(0, len(wanted), _LABELS_AT_ONCE):
            found |= self._quads("label-quads", {"subject": wanted[start : start + _LABELS_AT_ONCE]})
        return found

    def counts(self, iri: str) -> list[dict[str, Any]]:
        """How many things of each `class`, labelled `zh` and `en`, a graph or the graph of a report has, else none."""
        graph = f"{GRAPH}doc-{iri.rpartition('/')[2]}" if kind_of(iri) == "doc" else iri
        if not graph.startswith(GRAPH):
            return []
        found = self.engine.query(fill(self._texts["counts"], {"graph": [ox.NamedNode(graph)]}))
        assert isinstance(found, ox.QuerySolutions)
        return rows(found)

    def _incoming(self, iri: str) -> list[str]:
        return [row["subject"].value for row in self._solutions("incoming", {"value": [iri]})]

    def _quads(self, name: str, terms: Mapping[str, Sequence[str]]) -> set[ox.Quad]:
        found = self._solutions(name, terms)
        return {ox.Quad(r["subject"], r["property"], r["value"], r["graph"]) for r in found}

    def _solutions(self, name: str, terms: Mapping[str, Sequence[str]]) -> ox.QuerySolutions:
        nodes = {variable: [ox.NamedNode(iri) for iri in iris] for variable, iris in terms.items()}
        found = self.engine.query(fill(self._texts[name], nodes))
        assert isinstance(found, ox.QuerySolutions)
        return found


def kind_of(iri: str) -> str:
    """The kind of an IRI of ours, the first segment of its path; any other IRI has none."""
    return iri.removeprefix(BASE).partition("/")[0] if iri.startswith(BASE) else ""


def _name(subject: ox.NamedNode | ox.BlankNode | ox.Triple) -> str:
    return str(subject) if isinstance(subject, ox.Triple) else subject.value


def _graph_of(iri: str) -> str:
    """The graph whose contents describe an IRI: those of a graph and of the two documents of terms; else empty."""
    return DOCUMENTS.get(iri, iri if iri.startswith(GRAPH) else "")


def _targets(quads: Iterable[ox.Quad], properties: Sequence[str] = ()) -> set[str]:
    """The IRIs that the quads point at, by some properties or by any."""
    return {
        quad.object.value
        for quad in quads
        if isinstance(quad.object, ox.NamedNode) and (not properties or quad.predicate.value in properties)
    }


def _ordered(quads: Iterable[ox.Quad], iri: str) -> tuple[ox.Quad, ...]:
    """The thing, its parts, our other things, the rest; types first, ours before others; Chinese before English."""

    def order(quad: ox.Quad) -> tuple[Any, ...]:
        subject = _name(quad.subject)
        near = (subject != iri, not subject.startswith(iri + "#"), not subject.startswith(BASE))
        english = isinstance(quad.object, ox.Literal) and quad.object.language == "en"
        foreign = not str(quad.object).startswith(f"<{RG}")
        return (
            *near,
            subject,
            quad.predicate.value != RDF + "type",
            quad.predicate.value,
            english,
            foreign,
            str(quad.object),
        )

    return tuple(sorted(quads, key=order))
