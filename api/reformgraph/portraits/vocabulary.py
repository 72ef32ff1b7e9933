"""The ontology as its page shows it: each term with its links to other terms, how often it is used, and a real example.

What a release says of its terms never changes, so it is asked for once. Examples are taken from one figure, its span,
its report and what it is about, so that a reader meets the same things again, else from the first thing by its IRI.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from reformgraph.namespaces import BASE, RDF, RG, VOCAB
from reformgraph.portraits.figuretable import FigureTable, document_iri
from reformgraph.resources import Resources

Row = dict[str, Any]
Words = Mapping[str, Any]  # by language; None where there are none in it
# Type of a term -> the group under which it stands, in the order of the page.
GROUPS = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "Datatype")


@dataclass(frozen=True)
class Example:
    """A thing that has the term, its words where it was read from a span, and up to three values there."""

    thing: str
    words: str | None
    values: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Term:
    """A class, property or datatype; `seen` are the classes on whose things a property is used, as few as tell all."""

    iri: str
    group: str
    label: Words
    definition: Words
    notes: Words
    links: Mapping[str, tuple[str, ...]]
    below: tuple[str, ...]
    seen: tuple[str, ...]
    uses: int
    example: Example | None
    deprecated: bool
    successor: str | None

    @property
    def above(self) -> tuple[str, ...]:
        """The terms that this one is a special case of."""
        return self.links.get("subClassOf", ()) + self.links.get("subPropertyOf", ())


@dataclass(frozen=True)
class Code:
    """A value of a code list, with the bare word of tables and the first thing, by its IRI, that has it."""

    iri: str
    notation: str
    label: Words
    definition: Words
    notes: Words
    uses: int
    first: str | None


@dataclass(frozen=True)
class Scheme:
    """A code list, and the properties of ours whose values it holds."""

    iri: str
    label: Words
    definition: Words
    codes: tuple[Code, ...]


class Vocabulary:
    """The terms and code lists of a release."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self.table: FigureTable = resources.figures

    @cached_property
    def _told(self) -> dict[str, dict[str, list[Row]]]:
        """Term -> local name of a property -> its values with their language."""
        found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in self.table.select("term-statements", graph=[VOCAB]):
            found[row["term"]][_local(row["property"])].append(row)
        return found

    @cached_property
    def _declared(self) -> dict[str, Row]:
        return {row["term"]: row for row in self._resources.terms(VOCAB, RG) if _local(row["type"]) in GROUPS}

    def _of(self, *groups: str) -> list[str]:
        return [iri for iri, row in self._declared.items() if _local(row["type"]) in groups]

    @cached_property
    def properties(self) -> list[str]:
        """The properties, by IRI."""
        return sorted(self._of("ObjectProperty", "DatatypeProperty", "AnnotationProperty"))

    @cached_property
    def _uses(self) -> dict[str, Row]:
        rows = self.table.select("term-uses", term=self.properties)
        rows += self.table.select("class-uses", term=self._of("Class"))
        return {row["term"]: row for row in rows}

    @cached_property
    def _typed(self) -> dict[str, list[Row]]:
        """Datatype -> the things that have a notation of it, with the notation."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.table.select("datatype-uses", term=self._of("Datatype")):
            found[row["term"]].append(row)
        return found

    def _running(self) -> list[str]:
        """The things that examples are taken from first."""
        row = self.table.featured
        if row is None:
            return []
        span = f"{BASE}span/{row['document']}-{row['start']}-{row['end']}"
        about = (row[name] for name in ("agency", "initiative", "metric", "area") if row[name])
        return [row["observation"], span, document_iri(row["document"]), *about]

    @cached_property
    def _examples(self) -> dict[str, Example]:
        firsts = {row["first"] for row in self._uses.values() if row["first"]}
        running = self._running()
        things = dict.fromkeys([*running, *sorted(firsts)])
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.table.select("terms-of", thing=things, term=[*self.properties, RDF + "type"]):
            term = row["value"] if row["term"] == RDF + "type" else row["term"]
            found[term, row["thing"]].append(row)
        typed = {term: Example(rows[0]["thing"], None, (rows[0]["value"],)) for term, rows in self._typed.items()}
        return typed | {term: example for term in self._declared if (example := self._example(term, running, found))}

    def _example(self, term: str, running: list[str], found: Mapping[tuple[str, str], list[Row]]) -> Example | None:
        first = self._uses.get(term, {}).get("first")
        thing = next((thing for thing in running if (term, thing) in found), first)
        rows = found.get((term, thing), []) if thing else []
        if not rows or thing is None:
            return None
        is_class = rows[0]["term"] == RDF + "type"
        return Example(thing, rows[0]["words"], () if is_class else tuple(row["value"] for row in rows[:3]))

    @cached_property
    def terms(self) -> list[Term]:
        """All terms, in the order of GROUPS and by name."""
        below: dict[str, list[str]] = defaultdict(list)
        for iri in self._declared:
            for name in ("subClassOf", "subPropertyOf"):
                for row in self._told[iri][name]:
                    below[row["value"]].append(iri)
        found = [self._term(iri, row, tuple(below[iri])) for iri, row in self._declared.items()]
        return sorted(found, key=lambda term: (GROUPS.index(term.group), term.iri))

    def _term(self, iri: str, row: Row, below: tuple[str, ...]) -> Term:
        told = self._told[iri]
        links = {name: tuple(one["value"] for one in told[name]) for name in _LINKS if told[name]}
        return Term(
            iri=iri,
            group=_local(row["type"]),
            label={"zh": row["zh"], "en": row["en"]},
            definition={"zh": row["definitionZh"], "en": row["definitionEn"]},
            notes=_by_language(told["scopeNote"]),
            links=links,
            below=below,
            seen=tuple(self._seen.get(iri, ())),
            uses=self._uses.get(iri, {}).get("uses", len(self._typed.get(iri, ()))),
            example=self._examples.get(iri),
            deprecated=bool(row["deprecated"]),
            successor=row["successor"],
        )

    @cached_property
    def _seen(self) -> dict[str, list[str]]:
        """Property -> the classes of the things that have it; a class whose subclasses account for all is left out."""
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        for row in self.table.select("classes-seen", **{"term": self.properties, "class": self._of("Class")}):
            counts[row["term"]][row["class"]] = row["things"]
        above = {iri: {row["value"] for row in self._told[iri]["subClassOf"]} for iri in self._of("Class")}
        return {term: _fewest(found, above) for term, found in counts.items()}

    @cached_property
    def schemes(self) -> dict[str, Scheme]:
        """The code lists of the release by local name (`bound`, `voice` ...), without metrics and units."""
        rows = {row["term"]: row for row in self._resources.terms(VOCAB, f"{BASE}code/")}
        inside: dict[str, list[str]] = defaultdict(list)
        for iri in rows:
            for told in self._told[iri]["inScheme"]:
                inside[told["value"]].append(iri)
        codes = [iri for members in inside.values() for iri in members]
        used = {
            row["term"]: row for row in self.table.select("value-uses", term=codes, property=[*self.properties, *_ELSE])
        }
        return {
            _local(iri): Scheme(
                iri,
                {"zh": rows[iri]["zh"], "en": rows[iri]["en"]},
                {"zh": rows[iri]["definitionZh"], "en": rows[iri]["definitionEn"]},
                tuple(self._code(rows[code], used.get(code, {})) for code in sorted(inside[iri])),
            )
            for iri in sorted(inside)
            if iri in rows
        }

    def codes(self, scheme: str) -> tuple[Code, ...]:
        """The codes of a list by its local name; none where the release has no such list."""
        return self.schemes[scheme].codes if scheme in self.schemes else ()

    def _code(self, row: Row, used: Row) -> Code:
        told = self._told[row["term"]]
        return Code(
            iri=row["term"],
            notation=next((one["value"] for one in told["notation"]), ""),
            label={"zh": row["zh"], "en": row["en"]},
            definition={"zh": row["definitionZh"], "en": row["definitionEn"]},
            notes=_by_language(told["scopeNote"]),
            uses=used.get("uses", 0),
            first=used.get("first"),
        )


# Properties of other vocabularies whose values are codes of ours.
_ELSE = (
    "http://purl.org/dc/terms/type",
    "http://www.w3.org/ns/oa#hasBody",
    "http://www.w3.org/ns/org#classification",
    "http://www.w3.org/ns/org#role",
)
_LINKS = ("subClassOf", "subPropertyOf", "domain", "range", "seeAlso")


def _local(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]


def _by_language(rows: Iterable[Row]) -> Words:
    return {row["tag"]: row["value"] for row in rows if row["tag"]}


def _fewest(counts: Mapping[str, int], above: Mapping[str, set[str]]) -> list[str]:
    """The classes of `counts` without those that have no things beyond those of their subclasses there."""
    within = {iri: sum(n for other, n in counts.items() if iri in above.get(other, ())) for iri in counts}
    return sorted(iri for iri, things in counts.items() if within[iri] < things)
