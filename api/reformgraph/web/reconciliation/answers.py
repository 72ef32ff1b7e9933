"""What reconciliation answers: manifests, candidates, suggestions, values, in the shapes of API versions 0.2 and 1.0.

Both versions tell the same in other shapes; `reconcile_queries` names their specifications.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reformgraph import __version__
from reformgraph.namespaces import BASE
from reformgraph.reconciliation.reconcilable import PROPERTIES, TYPES, Entity, Linked, Property, Value
from reformgraph.reconciliation.reconciling import Candidate, Query, Reconciler, properties_of
from reformgraph.web.pages import href
from reformgraph.web.reconciliation.queries import one_of

BATCH = 50  # queries in one batch
EXTENDED = 200  # things in one data extension
WIDTH, HEIGHT = 400, 200  # pixels of a preview
DRAFT = "1.0-draft"

Json = dict[str, Any]


def manifest(here: str, root: str, language: str) -> Json:
    """The manifest of version 0.2; `here` is the address of the service, `root` that of the site, with a slash."""
    suggesting = {
        kind: {"service_url": here, "service_path": f"/suggest/{kind}"} for kind in ("entity", "type", "property")
    }
    return _shared(root, "{{id}}", language) | {
        "versions": ["0.2"],
        "identifierSpace": BASE,
        "schemaSpace": BASE,
        "preview": {"url": f"{here}/preview?id={{{{id}}}}", "width": WIDTH, "height": HEIGHT},
        "suggest": suggesting,
        "extend": {"propose_properties": {"service_url": here, "service_path": "/extend/propose"}},
    }


def draft_manifest(root: str, language: str) -> Json:
    """The manifest of version 1.0, whose routes have fixed places below the address of the service."""
    return _shared(root, "{id}", language) | {
        "versions": [DRAFT],
        "lang": language,
        "preview": {"width": WIDTH, "height": HEIGHT},
        "suggest": {"entity": True, "type": True, "property": True},
        "extend": {"proposeProperties": True, "propertySettings": []},
        "standardizedScore": True,
    }


def _shared(root: str, variable: str, language: str) -> Json:
    return {
        "name": "警务改革图谱" if language == "zh" else "reformgraph",
        "documentation": f"{root}docs",
        "serviceVersion": __version__,
        "view": {"url": f"{root}{variable}"},
        "defaultTypes": [type_(kind, language) for kind in TYPES],
        "batchSize": BATCH,
    }


def type_(kind: str, language: str) -> Json:
    """A type with its name."""
    return {"id": kind, "name": TYPES[kind][language == "en"]}


def results(reconciler: Reconciler, batch: Mapping[str, Query], language: str) -> Json:
    """The candidates of each query, by its key."""
    return {
        key: {"result": [_candidate(hit, language) for hit in reconciler.candidates(query)]}
        for key, query in batch.items()
    }


def draft_results(reconciler: Reconciler, batch: Sequence[Query], language: str) -> Json:
    """The candidates of each query, in the order of the queries."""
    found = [[_candidate(hit, language) for hit in reconciler.candidates(query)] for query in batch]
    return {"results": [{"candidates": candidates} for candidates in found]}


def _candidate(hit: Candidate, language: str) -> Json:
    return {
        "id": hit.entity.id,
        "name": hit.entity.name(language),
        "description": description(hit.entity, language),
        "type": [type_(hit.entity.type, language)],
        "score": hit.score,
        "match": hit.match,
        "features": [
            {"id": name, "name": PROPERTIES[name].name(language), "value": held} for name, held in hit.held.items()
        ],
    }


def description(entity: Entity, language: str) -> str:
    """The name in the other language, and where the thing belongs."""
    homes = [value for name in ("parent", "within", "operator", "partOf") for value in entity.values.get(name, [])]
    told = [entity.name("en" if language == "zh" else "zh")]
    told += [value.name(language) for value in homes if isinstance(value, Linked)][:1]
    return " · ".join(told)


def entities(found: Sequence[Entity], language: str) -> Json:
    """Suggested things."""
    return {
        "result": [
            {
                "id": entity.id,
                "name": entity.name(language),
                "description": description(entity, language),
                "notable": [type_(entity.type, language)],
            }
            for entity in found
        ]
    }


def types_like(prefix: str, language: str) -> list[Json]:
    """The types whose identifier or name has the text."""
    return [type_(kind, language) for kind, names in TYPES.items() if _has(prefix, kind, *names)]


def properties_like(prefix: str, language: str) -> list[Json]:
    """The properties whose identifier or name has the text."""
    return [_property(found, language) for found in PROPERTIES.values() if _has(prefix, found.id, found.zh, found.en)]


def _has(prefix: str, *names: str) -> bool:
    return any(prefix.strip().lower() in name.lower() for name in names)


def _property(found: Property, language: str) -> Json:
    return {"id": found.id, "name": found.name(language)}


def proposals(kind: str | None, limit: int, language: str) -> Json:
    """The properties that things of a type may have, of any type if none is given."""
    known = list(PROPERTIES.values()) if not kind else properties_of(one_of("type", kind, tuple(TYPES)))
    told: Json = {"properties": [_property(found, language) for found in known[:limit]], "limit": limit}
    return told | ({"type": kind} if kind else {})


def extension(reconciler: Reconciler, ids: Sequence[str], asked: Sequence[Property], language: str) -> Json:
    """The values in the shape of version 0.2: rows by identifier."""
    rows = {identifier: dict(_cells(reconciler, identifier, asked, language)) for identifier in ids}
    return {"meta": _meta(asked, language), "rows": rows}


def draft_extension(reconciler: Reconciler, ids: Sequence[str], asked: Sequence[Property], language: str) -> Json:
    """The values in the shape of version 1.0: rows in the order of the identifiers."""
    rows = [
        {
            "id": identifier,
            "properties": [
                {"id": name, "values": told} for name, told in _cells(reconciler, identifier, asked, language)
            ],
        }
        for identifier in ids
    ]
    return {"meta": _meta(asked, language), "rows": rows}


def _meta(asked: Sequence[Property], language: str) -> list[Json]:
    return [
        _property(found, language) | ({"type": type_(found.target, language)} if found.target else {})
        for found in asked
    ]


def _cells(
    reconciler: Reconciler, identifier: str, asked: Sequence[Property], language: str
) -> Iterator[tuple[str, list[Json]]]:
    entity = reconciler.get(identifier)
    for found in asked:
        yield found.id, [cell(value, language) for value in (entity.values.get(found.id, []) if entity else [])]


def cell(value: Value, language: str) -> Json:
    """A value as data extension has it: a thing of ours with its identifier, what else has a name by its name."""
    if isinstance(value, Linked):
        if value.id is not None:
            return {"id": value.id, "name": value.name(language)}
        return {"str": value.name(language) if value.names else value.iri}
    if isinstance(value, bool | str):
        return {"str": str(value)}
    return {"int": value} if isinstance(value, int) else {"float": value}


def shown(entity: Entity, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a preview shows: names of properties with texts and addresses of their values."""
    names = [found for found in properties_of(entity.type) if found.id not in ("zh", "en", "iri", "alias")]
    return [
        (found.name(language), [_told(value, language) for value in entity.values[found.id][:3]])
        for found in names
        if entity.values.get(found.id)
    ]


def _told(value: Value, language: str) -> tuple[str, str]:
    return (value.name(language), href(value.iri)) if isinstance(value, Linked) else (str(value), "")
