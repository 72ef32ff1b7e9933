"""The catalogue of canned queries as RDF, by the convention of the SIB's sparql-examples.

Each query is a `sh:SPARQLExecutable` with its text, keywords and endpoint (https://github.com/sib-swiss/sparql-examples;
SHACL Advanced Features 1.0, 5 for the executables), and a `sh:Parameter` for each of its parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from reformgraph.canned.files import CannedQuery
from reformgraph.canned.heads import Parameter
from reformgraph.canned.literals import LITERALS
from reformgraph.namespaces import DCTERMS, RDF, RDFS, RG, SH, SKOS, XSD, prefixes

_SCHEMA = "https://schema.org/"
_PREFIXES = ox.NamedNode(RG.removesuffix("#"))  # the node that declares our prefixes, see ontology/prefixes.ttl
_FORMS = {"select": "SPARQLSelectExecutable", "construct": "SPARQLConstructExecutable"}
_TYPE = ox.NamedNode(RDF + "type")


def describe(query: CannedQuery, base: str, versions: Sequence[str]) -> Iterator[ox.Triple]:
    """The triples of a query whose IRI is `<base>queries/<name>`, with its versions and the prefixes of the texts."""
    node = f"{base}queries/{query.name}"
    yield from _facts(
        node,
        (_TYPE.value, ox.NamedNode(SH + "SPARQLExecutable")),
        (_TYPE.value, ox.NamedNode(SH + _FORMS[query.form])),
        (SH + query.form, ox.Literal(query.text)),
        (SH + "prefixes", _PREFIXES),
        *((RDFS + "label", ox.Literal(text, language=tag)) for tag, text in query.summary.items()),
        *((RDFS + "comment", ox.Literal(text, language=tag)) for tag, text in query.description.items() if text),
        *((_SCHEMA + "keywords", ox.Literal(tag)) for tag in query.tags),
        (_SCHEMA + "target", ox.NamedNode(base + "sparql")),
        (_SCHEMA + "version", ox.Literal(query.version)),
        *((DCTERMS + "hasVersion", ox.NamedNode(f"{node}@{version}")) for version in versions),
        *((SH + "parameter", ox.NamedNode(f"{node}#parameter-{p.name}")) for p in query.parameters),
    )
    for parameter in query.parameters:
        yield from _parameter(node, parameter)
    yield from _declarations()


def _parameter(query: str, parameter: Parameter) -> Iterator[ox.Triple]:
    """A parameter: the local name of its path is the name that a caller gives (SHACL, 6.2.1)."""
    node = f"{query}#parameter-{parameter.name}"
    literal = LITERALS.get("string" if parameter.scheme else parameter.kind)
    datatype = (SH + "datatype", ox.NamedNode(XSD + literal.datatype)) if literal else None
    example = ox.Literal(parameter.example) if parameter.example else None
    yield from _facts(
        node,
        (_TYPE.value, ox.NamedNode(SH + "Parameter")),
        (SH + "path", ox.NamedNode(f"{query}#{parameter.name}")),
        datatype or (SH + "nodeKind", ox.NamedNode(SH + "IRI")),
        (SH + "optional", ox.Literal(not parameter.required)),
        *((SH + "name", ox.Literal(text, language=tag)) for tag, text in parameter.label.items()),
        *([(SKOS + "example", example)] if example else []),
        *([(SH + "defaultValue", ox.Literal(parameter.default))] if parameter.default else []),
    )


def _declarations() -> Iterator[ox.Triple]:
    for prefix, namespace in prefixes().items():
        declared = ox.NamedNode(f"{RG}prefix-{prefix}")
        yield ox.Triple(_PREFIXES, ox.NamedNode(SH + "declare"), declared)
        yield from _facts(
            declared.value,
            (SH + "prefix", ox.Literal(prefix)),
            (SH + "namespace", ox.Literal(namespace, datatype=ox.NamedNode(XSD + "anyURI"))),
        )


def _facts(subject: str, *pairs: tuple[str, ox.NamedNode | ox.Literal]) -> Iterator[ox.Triple]:
    node = ox.NamedNode(subject)
    return (ox.Triple(node, ox.NamedNode(predicate), value) for predicate, value in pairs)
