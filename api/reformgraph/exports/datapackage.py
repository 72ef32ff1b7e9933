"""The tables as a Frictionless Data Package: one descriptor, and a ZIP file that holds it beside what it describes.

Specifications: https://specs.frictionlessdata.io/data-package/, .../table-schema/
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from reformgraph.canned.tables import Table
from reformgraph.exports.tabular import datatype, is_full, primary_key
from reformgraph.exports.workshop import Workshop
from reformgraph.namespaces import BASE

FILE = "datapackage.json"
_LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0 International",
}
_TYPES = {"integer": "integer", "decimal": "number", "date": "date", "boolean": "boolean", "anyURI": "string"}
# Columns that hold the key of another table: column -> (table, its column).
_KEYS = {
    "document": ("documents", "document"),
    "metric": ("metrics", "metric"),
    "broader": ("metrics", "metric"),
    "partOf": ("observations", "observation"),
    "measuredAgainst": ("observations", "observation"),
}


def descriptor(workshop: Workshop, files: Mapping[str, bytes]) -> bytes:
    """`datapackage.json` over CSV files by name (`observations.csv`): schemas, sizes, hashes, licence, sources."""
    names = [name.removesuffix(".csv") for name in files]
    package = {
        "profile": "tabular-data-package",
        "name": "reformgraph",
        "title": "reformgraph: figures of Chinese police reform, each a claim",
        "description": "警务改革报告中的数字，每个都是某人的主张，可追溯到原文。 "
        "Every figure is somebody's claim, not a fact, and names the characters it was read from.",
        "homepage": BASE,
        "version": workshop.release.id,
        "keywords": ["China", "police", "reform", "公安", "改革"],
        "licenses": [_LICENCE],
        "sources": _sources(workshop),
        "resources": [_resource(workshop, name, files[f"{name}.csv"], names) for name in names],
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def _sources(workshop: Workshop) -> list[dict[str, str]]:
    rows = workshop.table("documents").objects()
    return [{"title": row["titleZh"], "path": f"{BASE}doc/{row['document']}"} for row in rows]


def _resource(workshop: Workshop, name: str, content: bytes, names: list[str]) -> dict[str, Any]:
    query = workshop.query(name)
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "title": query.summary["en"],
        "description": f"{query.description.get('zh', '')} {query.description.get('en', '')}".strip(),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "dialect": {"lineTerminator": "\r\n", "quoteChar": '"', "header": True},
        "schema": _schema(workshop.table(name), name, names),
        "licenses": [_LICENCE],
    }


def _schema(table: Table, name: str, names: list[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(table, column) for column in table.columns], "missingValues": [""]}
    if key := primary_key(table):
        schema["primaryKey"] = key
    keys = [(column, *_KEYS[column]) for column in table.columns if column in _KEYS]
    foreign = [
        {"fields": column, "reference": {"resource": "" if other == name else other, "fields": field}}
        for column, other, field in keys
        if other in names and (other, field) != (name, column)
    ]
    return schema | ({"foreignKeys": foreign} if foreign else {})


def _field(table: Table, name: str) -> dict[str, Any]:
    column, kind = table.column(name), datatype(table, name)
    described: dict[str, Any] = {
        "name": name,
        "type": _TYPES.get(kind, "string"),
        "title": f"{column.titled('zh')} / {column.titled('en')}",
        "description": f"{column.explained('zh')} {column.explained('en')}".strip(),
    }
    if kind == "anyURI":
        described["format"] = "uri"
    if is_full(table, name):
        described["constraints"] = {"required": True}
    return described
