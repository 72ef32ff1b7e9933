"""Faults that no shape sees because they concern the graph as a whole: undefined terms, dangling IRIs, duplicates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from reformgraph.namespaces import BASE, GRAPH, OA, RDF, RG, SDMX_DIMENSION, compact


@dataclass(frozen=True)
class Fault:
    """What is wrong with a subject of the data, and what to do."""

    iri: str
    reason: str

    def __str__(self) -> str:
        return f"{compact(self.iri)}: {self.reason}"


def integrity_faults(store: ox.Store) -> list[Fault]:
    """All faults of a store with its rules applied, in the order of the subjects."""
    subjects = {quad.subject.value for quad in store if isinstance(quad.subject, ox.NamedNode)}
    found = [*_undefined(store, subjects), *_dangling(store, subjects), *_duplicates(store)]
    return sorted(set(found), key=lambda fault: (fault.iri, fault.reason))


def _undefined(store: ox.Store, subjects: set[str]) -> Iterator[Fault]:
    for quad in store:
        used = [quad.predicate.value]
        if quad.predicate.value == RDF + "type" and isinstance(quad.object, ox.NamedNode):
            used.append(quad.object.value)
        for term in used:
            if term.startswith(RG) and term not in subjects and isinstance(quad.subject, ox.NamedNode):
                reason = f"{compact(term)} is no term of the ontology: correct it, or declare it in ontology/."
                yield Fault(quad.subject.value, reason)


def _dangling(store: ox.Store, subjects: set[str]) -> Iterator[Fault]:
    for quad in store:
        target = quad.object
        if not isinstance(target, ox.NamedNode) or not isinstance(quad.subject, ox.NamedNode):
            continue
        ours = target.value.startswith(BASE) and not target.value.startswith((GRAPH, BASE + "ns", BASE + "shapes"))
        if ours and target.value not in subjects and "#" not in target.value:
            what = f"{compact(quad.predicate.value)} {compact(target.value)}"
            yield Fault(quad.subject.value, f"{what} leads nowhere: correct the name, or add the thing.")


_DUPLICATES = f"""SELECT ?one ?other {{
  ?one a <{RG}Observation> ; <{RG}metric> ?metric ; <{RG}firstEvidence> ?span .
  ?other <{RG}firstEvidence> ?span ; a <{RG}Observation> ; <{RG}metric> ?metric .
  FILTER (STR(?one) < STR(?other))
  ?one <{RG}measureKind> ?kind . ?other <{RG}measureKind> ?kind .
  OPTIONAL {{ ?one <{RG}rankAmong> ?group }} OPTIONAL {{ ?other <{RG}rankAmong> ?otherGroup }}
  FILTER (COALESCE(?group, <{OA}>) = COALESCE(?otherGroup, <{OA}>))
  OPTIONAL {{ ?one <{SDMX_DIMENSION}refArea> ?area }} OPTIONAL {{ ?other <{SDMX_DIMENSION}refArea> ?otherArea }}
  FILTER (COALESCE(?area, <{OA}>) = COALESCE(?otherArea, <{OA}>))
}}"""


def _duplicates(store: ox.Store) -> Iterator[Fault]:
    for row in store.query(_DUPLICATES, use_default_graph_as_union=True):  # type: ignore[union-attr]
        reason = f"says the same as {compact(row['one'].value)}: keep one, with all its spans."
        yield Fault(row["other"].value, reason)
