"""What two releases say differently: claims added, corrected and withdrawn.

A claim is an `rg:Claim`; what it says are its own triples in the graphs of reports and of assessments, and those of its
spans. What rules derive follows from these and is not compared. *Corrected* is a claim whose IRI stays and whose
triples differ; *withdrawn* is one that is deprecated or gone.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from reformgraph.engines.base import Engine
from reformgraph.namespaces import BASE, CURATED, GRAPH, RG, SKOS

_OWL_DEPRECATED = "http://www.w3.org/2002/07/owl#deprecated"
_REPLACED = "http://purl.org/dc/terms/isReplacedBy"
_KINDS = ("obs", "claim", "problem", "recommendation")

_SAID = "SELECT ?subject ?property ?value {{ GRAPH <{}> {{ ?subject ?property ?value }} }}"
_NAMES = f"""PREFIX rg: <{RG}> SELECT DISTINCT ?claim ?exact ?tag ?label WHERE {{
  ?claim a rg:Claim ; rg:firstEvidence/rg:exact ?exact .
  OPTIONAL {{ ?claim rg:metric/<{SKOS}prefLabel> ?label BIND(LANG(?label) AS ?tag) }}
}} ORDER BY ?claim ?exact"""

# Property and value as the library prints a term: IRIs in angle brackets, literals with datatype or tag.
Pair = tuple[str, str]


@dataclass(frozen=True)
class Claim:
    """What one release says of a claim: pairs of property and value, its words, its metric by language."""

    iri: str
    pairs: frozenset[Pair]
    exact: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    deprecated: bool = False
    successors: tuple[str, ...] = ()

    @property
    def document(self) -> str:
        """The key of the report."""
        return self.iri.rpartition("/")[2].partition("-")[0]

    def label(self, language: str) -> str:
        """The metric of a figure, empty for other claims."""
        return dict(self.labels).get(language, "")


@dataclass(frozen=True)
class Correction:
    """A claim whose triples differ; `gone` and `new` are the pairs that only one of the releases has."""

    before: Claim
    after: Claim

    @property
    def gone(self) -> list[Pair]:
        """What is not said any more."""
        return sorted(self.before.pairs - self.after.pairs)

    @property
    def new(self) -> list[Pair]:
        """What is said now."""
        return sorted(self.after.pairs - self.before.pairs)


@dataclass(frozen=True)
class Changes:
    """The difference between two releases, each list in the order of IRIs."""

    added: tuple[Claim, ...] = ()
    corrected: tuple[Correction, ...] = ()
    withdrawn: tuple[Claim, ...] = ()

    def __len__(self) -> int:
        return len(self.added) + len(self.corrected) + len(self.withdrawn)


def changes(before: Engine, after: Engine) -> Changes:
    """What the second store says differently of claims than the first."""
    old, new = _claims(before), _claims(after)
    lives = {iri for iri, claim in new.items() if not claim.deprecated}
    lived = {iri for iri, claim in old.items() if not claim.deprecated}
    corrected = [iri for iri in sorted(lives & lived) if old[iri].pairs != new[iri].pairs]
    return Changes(
        added=tuple(new[iri] for iri in sorted(lives - lived)),
        corrected=tuple(Correction(old[iri], new[iri]) for iri in corrected),
        withdrawn=tuple(_withdrawn(old[iri], new.get(iri)) for iri in sorted(lived - lives)),
    )


def _withdrawn(old: Claim, left: Claim | None) -> Claim:
    """What was said, with the successors that the deprecated claim names."""
    successors = left.successors if left else ()
    return Claim(old.iri, old.pairs, old.exact, old.labels, True, successors)


def _claims(engine: Engine) -> dict[str, Claim]:
    """All claims of a release by IRI."""
    said = _said(engine)
    names = _names(engine)
    claims = {}
    for iri in said:
        if iri.removeprefix(BASE).partition("/")[0] not in _KINDS:
            continue
        pairs = said[iri]
        spans = [value[1:-1] for name, value in pairs if name == f"{RG}evidence"]
        exact, labels = names.get(iri, ("", ()))
        claims[iri] = Claim(
            iri,
            frozenset(pairs | {pair for span in spans for pair in said.get(span, set())}),
            exact,
            labels,
            any(name == _OWL_DEPRECATED for name, _ in pairs),
            tuple(sorted(value[1:-1] for name, value in pairs if name == _REPLACED)),
        )
    return claims


def _said(engine: Engine) -> dict[str, set[Pair]]:
    """Subject -> its pairs in the graphs of reports and assessments.

    Asked graph by graph: a filter on the graph would look at every quad there is.
    """
    said: dict[str, set[Pair]] = {}
    for graph in engine.graphs():
        if graph != CURATED and not graph.startswith(f"{GRAPH}doc-"):
            continue
        found = engine.query(_SAID.format(graph))
        assert isinstance(found, ox.QuerySolutions)
        for subject, property_, value in found:
            if isinstance(subject, ox.NamedNode) and isinstance(property_, ox.NamedNode):
                said.setdefault(subject.value, set()).add((property_.value, str(value)))
    return said


def _names(engine: Engine) -> dict[str, tuple[str, tuple[tuple[str, str], ...]]]:
    """Claim -> the words of its first span, and its metric by language."""
    found = engine.query(_NAMES)
    assert isinstance(found, ox.QuerySolutions)
    names: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {}
    for claim, exact, tag, label in found:
        words, labels = names.get(claim.value, (exact.value, ()))
        more = ((str(tag.value), str(label.value)),) if tag is not None and label is not None else ()
        names[claim.value] = (words, tuple(sorted({*labels, *more})))
    return names
