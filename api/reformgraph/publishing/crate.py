"""The answer of a canned query as an RO-Crate 1.1 (https://www.researchobject.org/ro-crate/1.1/) in a zip.

It holds what is needed to check the answer and to ask again: the query and its version, the query as it ran, the
parameters as they were read, the rows, the release, the reports they come from, how to cite it. The same request of
the same release gives the same bytes: entries have a fixed time and are stored, for compressors differ.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reformgraph import __version__
from reformgraph.publishing.publication import CREATOR, Publication

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
SPECIFICATION = "https://w3id.org/ro/crate/1.1"
METADATA = "ro-crate-metadata.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first time that a zip can tell
_SPARQL = "https://www.w3.org/TR/sparql11-query/"


@dataclass(frozen=True)
class Part:
    """A file of the crate."""

    name: str
    content: bytes
    media_type: str
    description: str


@dataclass(frozen=True)
class Answer:
    """What a crate is made of; `parameters` are the values as they were read, `sources` reports by IRI and title."""

    query: str
    version: str
    question: Mapping[str, str]
    text: str
    ran: str
    parameters: Mapping[str, str]
    results: tuple[Part, ...]
    sources: Mapping[str, str]
    address: str


def crate(answer: Answer, publication: Publication) -> bytes:
    """The zip."""
    parts = [*_query_parts(answer), *answer.results, _citation(publication)]
    metadata = json.dumps(_metadata(answer, publication, parts), ensure_ascii=False, indent=2) + "\n"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in [(METADATA, metadata.encode()), *((part.name, part.content) for part in parts)]:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # the same byte on every system
            archive.writestr(entry, content)
    return out.getvalue()


def _query_parts(answer: Answer) -> list[Part]:
    media_type = "application/sparql-query"
    name = f"{answer.query}@{answer.version}.rq"
    return [
        Part(name, answer.text.encode(), media_type, "The query with its head and its parameters open"),
        Part("as-run.rq", answer.ran.encode(), media_type, "The query as it ran, with the parameters filled in"),
    ]


def _citation(publication: Publication) -> Part:
    lines = [
        "cff-version: 1.2.0",
        "message: Please cite the release that the answer comes from.",
        "type: dataset",
        f"title: {json.dumps(publication.title['en'])}",
        f"version: {publication.short}",
        f"date-released: {publication.day}",
        f"url: {json.dumps(publication.iri)}",
        "license: CC-BY-4.0",
        "authors:",
        f"  - name: {CREATOR}",
    ]
    text = "\n".join(lines) + "\n"
    return Part("CITATION.cff", text.encode(), "application/yaml", "How to cite the release")


def _metadata(answer: Answer, publication: Publication, parts: list[Part]) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "@graph": [
            {
                "@id": METADATA,
                "@type": "CreativeWork",
                "conformsTo": {"@id": SPECIFICATION},
                "about": {"@id": "./"},
            },
            _root(answer, publication, parts),
            *(_file(answer, part) for part in parts),
            _run(answer),
            *_parameters(answer),
            *_contextual(answer, publication),
        ],
    }


def _root(answer: Answer, publication: Publication, parts: list[Part]) -> dict[str, Any]:
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{answer.question['en']} / {answer.question['zh']}",
        "description": f"Answer of the canned query {answer.query}, version {answer.version}, over release "
        f"{publication.short} of {publication.title['en']}.",
        "datePublished": publication.day,
        "license": {"@id": publication.licence},
        "creator": {"@id": "#contributors"},
        "publisher": {"@id": "#contributors"},
        "identifier": answer.address,
        "url": answer.address,
        "isBasedOn": _references([publication.iri, *answer.sources]),
        "creditText": publication.citation,
        "hasPart": _references(part.name for part in parts),
        "mentions": {"@id": "#run"},
        "mainEntity": {"@id": answer.results[0].name},
    }


def _file(answer: Answer, part: Part) -> dict[str, Any]:
    entity: dict[str, Any] = {
        "@id": part.name,
        "@type": "File",
        "name": part.name,
        "description": part.description,
        "encodingFormat": part.media_type,
        "contentSize": str(len(part.content)),
    }
    if part.name.endswith(".rq"):
        entity |= {"@type": ["File", "SoftwareSourceCode"], "programmingLanguage": {"@id": _SPARQL}}
        entity |= {"version": answer.version}
    return entity


def _run(answer: Answer) -> dict[str, Any]:
    return {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"Run of {answer.query}@{answer.version}",
        "instrument": {"@id": f"{answer.query}@{answer.version}.rq"},
        "agent": {"@id": "#contributors"},
        "object": _references(f"#parameter-{name}" for name in answer.parameters),
        "result": _references(part.name for part in answer.results),
    }


def _parameters(answer: Answer) -> list[dict[str, Any]]:
    return [
        {"@id": f"#parameter-{name}", "@type": "PropertyValue", "name": name, "value": value}
        for name, value in answer.parameters.items()
    ]


def _contextual(answer: Answer, publication: Publication) -> list[dict[str, Any]]:
    return [
        {"@id": _SPARQL, "@type": "ComputerLanguage", "name": "SPARQL", "version": "1.1", "url": {"@id": _SPARQL}},
        {"@id": "#contributors", "@type": "Organization", "name": CREATOR},
        {"@id": "#reformgraph", "@type": "SoftwareApplication", "name": "reformgraph", "version": __version__},
        {
            "@id": publication.licence,
            "@type": "CreativeWork",
            "name": "CC BY 4.0",
            "description": "Creative Commons Attribution 4.0 International; quoted phrases stay their publishers'.",
        },
        {
            "@id": publication.iri,
            "@type": "Dataset",
            "name": publication.title["en"],
            "version": publication.short,
            "identifier": publication.release,
            "license": {"@id": publication.licence},
        },
        *({"@id": iri, "@type": "CreativeWork", "name": title} for iri, title in answer.sources.items()),
    ]


def _references(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"@id": name} for name in names]
