"""What a path of kind and slug means: a thing, another name of one, a withdrawn thing, or nothing, with near names."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from reformgraph.engines.base import Engine
from reformgraph.errors import NotFoundError
from reformgraph.namespaces import BASE, KINDS, RG
from reformgraph.queries import fill

# Kinds whose things are terms of the ontology: deprecated ones stay, where other things are withdrawn.
TERMS = ("metric", "code", "unit")
_NEAREST = 5
_LONGEST = 100  # characters of a slug that are compared with names, since comparing is quadratic


@dataclass(frozen=True)
class Address:
    """Where a path leads: to `iri`, under another name than was asked if `moved`."""

    iri: str
    moved: bool = False
    deprecated: bool = False
    successors: tuple[str, ...] = ()

    @property
    def withdrawn(self) -> bool:
        """Whether the thing was taken back (410); a deprecated term is only not to be used any more."""
        return self.deprecated and self.iri.removeprefix(BASE).partition("/")[0] not in TERMS


def no_kind(name: str) -> NotFoundError:
    """The error for a first segment that is no kind, with the IRIs of the nearest kinds."""
    return NotFoundError(
        "kind of thing", name, [BASE + kind for kind in difflib.get_close_matches(name[:_LONGEST], KINDS)]
    )


class Addresses:
    """Finds the things that paths mean; `texts` are the page queries by name."""

    def __init__(self, engine: Engine, texts: Mapping[str, str]) -> None:
        self.engine = engine
        self._texts = texts
        self._known: dict[str, list[tuple[str, str]]] = {}

    def find(self, kind: str, slug: str) -> Address:
        """The thing at `kind/slug`, or the only one of the kind that is called so.

        NotFoundError with the nearest IRIs of the kind where there is none, or where there are several.
        """
        if kind not in KINDS:
            raise no_kind(kind)
        iri = f"{BASE}{kind}/{slug}"
        if self.exists(iri):
            return self.status(iri)
        called = [thing for thing in self._called(slug) if thing.startswith(f"{BASE}{kind}/")]
        if len(called) == 1:
            return Address(called[0], moved=True)
        raise NotFoundError(kind, slug, called or self._nearest(kind, slug))

    def exists(self, iri: str) -> bool:
        """Whether the graph says anything of an IRI, or has it as a graph."""
        try:
            term = ox.NamedNode(iri)
        except ValueError:
            return False
        if self.engine.query(f"ASK {{ {term} ?property ?value }}"):
            return True
        return iri.startswith(f"{BASE}graph/") and bool(self.engine.query(f"ASK {{ GRAPH {term} {{ ?s ?p ?o }} }}"))

    def status(self, iri: str) -> Address:
        """The address of an IRI that exists, with what its deprecation says."""
        found = list(self._solutions("status", {"thing": [ox.NamedNode(iri)]}))
        successors = tuple(row["successor"].value for row in found if row["successor"] is not None)
        return Address(iri, deprecated=bool(found), successors=successors)

    def _called(self, text: str) -> list[str]:
        """The things with a label, an alias or a code like the text; a slug in capitals means the one without."""
        names = [*(ox.Literal(text, language=tag) for tag in ("zh", "en")), ox.Literal(text)]
        names.append(ox.Literal(text, datatype=ox.NamedNode(RG + "gbCode")))
        found = [row["thing"].value for row in self._solutions("called", {"name": names})]
        lower = [f"{BASE}{kind}/{text.lower()}" for kind in KINDS] if text.lower() != text else []
        return found + [iri for iri in lower if iri not in found and self.exists(iri)]

    def _nearest(self, kind: str, text: str) -> list[str]:
        """The IRIs of the kind whose slug or label holds the text or looks like it, nearest first."""
        sought = text[:_LONGEST].lower()
        names: dict[str, list[str]] = {}
        for iri, name in self._names(kind):
            names.setdefault(name.lower(), []).append(iri)
        inside = sorted((name for name in names if sought in name), key=len)[:_NEAREST]
        close = difflib.get_close_matches(sought, names, n=2 * _NEAREST, cutoff=0.4)
        found = dict.fromkeys(iri for name in inside + close for iri in names[name])
        return list(found)[:_NEAREST]

    def _names(self, kind: str) -> list[tuple[str, str]]:
        """Each IRI of the kind with its slug, its labels and its aliases; kept, since it is a scan."""
        if kind not in self._known:
            home = [ox.Literal(f"{BASE}{kind}/")]
            things = [row["thing"].value for row in self._solutions("members", {"home": home})]
            slugs = [(thing, thing.rpartition("/")[2]) for thing in things]
            names = [(row["thing"].value, row["name"].value) for row in self._solutions("names", {"home": home})]
            self._known[kind] = slugs + names
        return self._known[kind]

    def _solutions(self, name: str, terms: Mapping[str, Sequence[ox.NamedNode | ox.Literal]]) -> ox.QuerySolutions:
        found = self.engine.query(fill(self._texts[name], terms))
        assert isinstance(found, ox.QuerySolutions)
        return found
