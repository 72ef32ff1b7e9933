"""Croissant 1.0 metadata (https://docs.mlcommons.org/croissant/docs/croissant-spec.html) of the main tables.

Each file is the CSV of a canned query at the permalink of the release, so that its checksum holds as long as the
release is kept; columns are described by the dictionary of columns.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reformgraph.canned.tables import Table
from reformgraph.publishing.publication import CREATOR, Publication

SPECIFICATION = "http://mlcommons.org/croissant/1.0"
TABLES = ("observations", "entities", "documents", "findings")
_TYPES = {
    "integer": "sc:Integer",
    "number": "sc:Float",
    "date": "sc:Date",
    "boolean": "sc:Boolean",
    "text": "sc:Text",
}
# The context that the specification gives (appendix), as it stands there.
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


@dataclass(frozen=True)
class Listed:
    """A table of the data set: the bytes of its CSV, where they are, and the question that it answers."""

    name: str
    table: Table
    csv: bytes
    address: str
    question: str


def metadata(publication: Publication, tables: Iterable[Listed], url: str) -> dict[str, Any]:
    """The metadata of the data set with its files and their records."""
    listed = list(tables)
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": SPECIFICATION,
        "name": "reformgraph",
        "description": publication.description["en"],
        "alternateName": [publication.title["en"], publication.title["zh"]],
        "citeAs": publication.citation,
        "license": publication.licence,
        "url": url,
        # The format wants a semantic version: the release is its build part (https://semver.org/, 10).
        "version": f"1.0.0+{publication.short}",
        "datePublished": publication.day,
        "creator": {"@type": "sc:Organization", "name": CREATOR},
        "inLanguage": ["zh", "en"],
        "keywords": ["police reform", "China", "claims"],
        "isLiveDataset": False,
        "distribution": [_file(one) for one in listed],
        "recordSet": [_records(one) for one in listed],
    }


def _file(one: Listed) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": f"{one.name}.csv",
        "name": f"{one.name}.csv",
        "description": one.question,
        "contentUrl": one.address,
        "contentSize": f"{len(one.csv)} B",
        "encodingFormat": "text/csv",
        "sha256": hashlib.sha256(one.csv).hexdigest(),
    }


def _records(one: Listed) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": one.name,
        "name": one.name,
        "description": one.question,
        "field": [_field(one, column) for column in one.table.columns],
    }


def _field(one: Listed, column: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{one.name}/{column}",
        "name": column,
        "description": one.table.column(column).explained("en"),
        "dataType": _TYPES[one.table.type_of(column)],
        "source": {"fileObject": {"@id": f"{one.name}.csv"}, "extract": {"column": column}},
    }
