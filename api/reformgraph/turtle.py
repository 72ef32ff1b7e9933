"""The one look of Turtle in this project: a formatter that never changes a triple.

Prefixes sorted and only those in use, the header block (the file's ontology or source document) first,
subjects by CURIE, `a` first, predicates in reading order, Chinese before English, one statement per line,
` ;` after the last statement and `.` alone. Comments would be lost, so a file with comments is refused.
"""

from __future__ import annotations

import re
from functools import lru_cache
from io import BytesIO
from itertools import takewhile
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import OWL, RDF, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.plugins.serializers.longturtle import OBJECT, LongTurtleSerializer
from rdflib.term import Node

from reformgraph.errors import SourceFileError
from reformgraph.namespaces import RG, XSD, compact, prefixes

# Reading order of predicates; those not named follow in the order of their CURIEs, sources come last.
FIRST = (
    "rdf:type", "rdfs:subClassOf", "rdfs:subPropertyOf", "owl:disjointWith", "skos:prefLabel", "skos:altLabel",
    "dcterms:title", "dcterms:description", "skos:definition", "skos:scopeNote", "skos:example", "skos:notation",
    "sh:targetClass", "sh:targetSubjectsOf", "sh:path", "sh:severity", "sh:message",
    "rg:metric", "rg:value", "qudt:hasUnit", "schema:unitText", "rg:bound", "rg:measureKind", "rg:modality",
    "rg:agency", "rg:initiative", "rg:system", "rg:about", "sdmx-dimension:refArea", "sdmx-dimension:refPeriod",
    "rg:baselinePeriod", "rdf:subject", "rdf:predicate", "rdf:object", "oa:hasSource", "rg:start", "rg:end",
    "rg:exact", "rg:prefix", "rg:suffix", "rg:names",
)  # fmt: skip
LAST = ("rg:claimant", "rg:voice", "rg:dataSource", "rg:inferredField", "rg:evidence", "skos:editorialNote")
_RANK = {curie: i - len(FIRST) for i, curie in enumerate(FIRST)} | {curie: i + 1 for i, curie in enumerate(LAST)}
_HEADERS = (OWL.Ontology, URIRef(RG + "SourceDocument"), URIRef("http://www.w3.org/ns/dcat#Dataset"))
# The bare forms of Turtle (https://www.w3.org/TR/turtle/#abbrev) by datatype.
_BARE = {
    XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "double": re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+"),
    XSD + "boolean": re.compile("true|false"),
}
_LANGUAGES = {"zh": 0, "en": 1}
# The safe part of PN_LOCAL, https://www.w3.org/TR/turtle/#grammar-production-PN_LOCAL: no escapes needed.
_PLAIN_LOCAL = re.compile(r"(?:[\w.-]*[\w-])?", re.ASCII)

# What may hold a number sign, strings and IRIs, and what is left of it: a comment.
_COMMENT = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\''
    r"|<[^<>\s]*>|\\.|(?P<comment>#)",
    re.DOTALL,
)

_compact = lru_cache(maxsize=None)(compact)


def _curie(iri: str) -> str | None:
    curie = _compact(iri)
    _, _, local = curie.partition(":")
    return curie if curie != iri and _PLAIN_LOCAL.fullmatch(local) and not local.startswith(("-", ".")) else None


def _object_key(node: Node) -> tuple[Any, ...]:
    if isinstance(node, Literal):
        return (1, _LANGUAGES.get(node.language or "", 2), str(node))
    return (2 if isinstance(node, BNode) else 0, 0, _compact(str(node)))


class _Look(LongTurtleSerializer):
    """rdflib's longturtle with our CURIEs, our order, and one statement on each line."""

    short_name = "reformgraph"

    def get_pname(self, uri: Any, gen_prefix: bool = True) -> Any:
        """The CURIE of an IRI by our own prefix table; rdflib would invent ns1: and split digits off."""
        curie = _curie(str(uri)) if isinstance(uri, URIRef) else None
        if curie:
            prefix = curie.partition(":")[0]
            self.namespaces[prefix] = URIRef(prefixes()[prefix])
        return curie

    def label(self, node: Node, position: int) -> str:
        """Numbers and booleans bare where Turtle reads them back as written, other literals in quotes."""
        if not isinstance(node, Literal):
            return str(super().label(node, position))
        bare = _BARE.get(str(node.datatype))
        if bare and bare.fullmatch(str(node)):
            return str(node)
        return str(node._literal_n3(use_plain=False, qname_callback=self.get_pname))

    def orderSubjects(self) -> list[Node]:  # noqa: N802 - the base class names it
        """Header blocks, then IRIs by CURIE, then blank nodes that nothing refers to."""
        header = {subject for kind in _HEADERS for subject in self.store.subjects(RDF.type, kind)}
        subjects = {s for s in self.store.subjects() if not (isinstance(s, BNode) and self._references[s] > 0)}
        return sorted(subjects, key=lambda s: (s not in header, isinstance(s, BNode), _compact(str(s))))

    def sortProperties(self, properties: Any) -> list[Node]:  # noqa: N802
        """Predicates in reading order, objects with Chinese first."""
        for objects in properties.values():
            objects.sort(key=_object_key)
        return sorted(properties, key=lambda p: (_RANK.get(_compact(str(p)), 0), _compact(str(p))))

    def predicateList(self, subject: Node, newline: bool = False) -> None:  # noqa: N802
        """Each statement on its own line, `a` on the line after the subject, ` ;` also after the last."""
        properties = self.buildPredicateHash(subject)
        if not properties:
            return
        statements = [(p, o) for p in self.sortProperties(properties) for o in properties[p]]
        for number, (predicate, node) in enumerate(statements):
            self.write((" ;\n" if number else "") + self.indent(1))
            self.verb(predicate, newline=True)
            self.path(node, OBJECT)
        self.write(" ;")

    def p_squared(self, node: Node, position: int) -> bool:
        """Lists stand on one line; other blank nodes as rdflib writes them."""
        if isinstance(node, BNode) and position != 0 and self.isValidList(node):
            self.write(" ( " if position == OBJECT else "( ")
            self.doList(node)
            self.write(")")
            return True
        return bool(super().p_squared(node, position))

    def doList(self, l_: Node) -> None:  # noqa: N802
        """The items of an RDF list, each followed by a space."""
        for item in Collection(self.store, l_):
            self.path(item, OBJECT, newline=True)
            self.write(" ")
        cell: Node | None = l_
        while cell is not None and cell != RDF.nil:
            self.subjectDone(cell)
            cell = self.store.value(cell, RDF.rest)


def format_graph(graph: Graph) -> str:
    """A graph as Turtle in the one look, with the prefixes that occur in it."""
    out = BytesIO()
    _Look(graph).serialize(out)
    text = out.getvalue().decode().strip("\n")
    head = list(takewhile(lambda line: line.startswith("PREFIX "), text.split("\n")))
    body = text[sum(len(line) + 1 for line in head) :].strip("\n")
    used = [line for line in head if line.split()[1] in body]  # rdflib lists the prefixes of datatypes too
    return "\n".join([*used, "", body, ""] if used else [body, ""])


def format_text(text: str, name: Path | str = "Turtle") -> str:
    """Turtle text in the one look; raises SourceFileError where it does not parse, or holds comments."""
    check_syntax(text, name)
    for found in _COMMENT.finditer(text):
        if found["comment"]:
            number = text.count("\n", 0, found.start()) + 1
            raise SourceFileError(name, number, "Comments are lost by formatting: write a skos:editorialNote.")
    formatted = format_graph(_parse(text))
    check_syntax(formatted, name)
    if _canonical(formatted) != _canonical(text):
        raise SourceFileError(name, 0, "Formatting would change a triple; the file is left as it is.")
    return formatted


def _parse(text: str) -> Graph:
    """The graph with every literal spelt as in the text; rdflib's own parser would respell numbers and dates.

    Blank nodes have their canonical labels, so that their order does not depend on the run.
    """
    graph = Graph(bind_namespaces="none")
    for quad in _dataset(text):
        graph.add((_rdflib(quad.subject), URIRef(quad.predicate.value), _rdflib(quad.object)))
    return graph


def _rdflib(term: object) -> URIRef | BNode | Literal:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    assert isinstance(term, ox.Literal)
    if term.language:
        return Literal(term.value, lang=term.language)
    plain = term.datatype.value == XSD + "string"
    return Literal(term.value, datatype=None if plain else URIRef(term.datatype.value), normalize=False)


def _canonical(text: str) -> set[str]:
    """The triples as canonical N-Quads (RDFC-1.0), which are equal only for the same graph."""
    return {str(quad) for quad in _dataset(text)}


def _dataset(text: str) -> ox.Dataset:
    dataset = ox.Dataset(ox.parse(text, format=ox.RdfFormat.TURTLE))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def check_syntax(text: str, name: Path | str) -> None:
    """Raise SourceFileError with file and line when the text is no Turtle (W3C Turtle 1.1)."""
    try:
        for _ in ox.parse(text, format=ox.RdfFormat.TURTLE):
            pass
    except SyntaxError as error:
        raise SourceFileError(name, error.lineno or 0, str(error.msg)) from None
