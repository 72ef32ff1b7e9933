"""schema.org JSON-LD for search engines: the data set, one report as a data set, one figure as an Observation.

https://schema.org/Dataset, https://schema.org/Observation; the context stands as a name, for search engines know no
other, and is never fetched by us.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reformgraph.namespaces import BASE
from reformgraph.publishing.publication import CREATOR, Publication

CONTEXT = "https://schema.org/"
Labels = Mapping[str, Mapping[str, str]]
Row = Mapping[str, Any]


def dataset(
    publication: Publication,
    downloads: Iterable[tuple[str, str]],
    url: str,
    period: tuple[str | None, str | None] = (None, None),
    areas: Sequence[str] = (),
) -> dict[str, Any]:
    """The whole data set; `downloads` are pairs of media type and address, `areas` names of places."""
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": publication.dataset,
        "name": publication.title["en"],
        "alternateName": publication.title["zh"],
        "description": f"{publication.description['en']} {publication.description['zh']}",
        "url": url,
        "identifier": publication.release,
        "version": publication.short,
        "license": publication.licence,
        "creator": _creator(),
        "datePublished": publication.day,
        "inLanguage": ["zh", "en"],
        "isAccessibleForFree": True,
        "keywords": ["police reform", "China", "公安改革", "claims", "knowledge graph"],
        "citation": publication.citation,
        **_period(*period),
        **({"spatialCoverage": [{"@type": "Place", "name": name} for name in areas]} if areas else {}),
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": media_type, "contentUrl": address}
            for media_type, address in downloads
        ],
    }


def report(publication: Publication, iri: str, labels: Mapping[str, str], downloads: Iterable[tuple[str, str]]) -> Any:
    """The claims of one report as a data set that is part of the whole; the report itself is what it is based on."""
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": f"{BASE}graph/doc-{iri.rpartition('/')[2]}",
        "name": f"Claims of the report “{labels.get('en') or iri}”",
        "alternateName": f"报告《{labels.get('zh') or iri}》中的主张",
        "description": "Figures, names and relations that this report states, each traced to its characters. "
        "这份报告所述的数字、名称和关系，每一条都可追溯到原文的字符。",
        "isPartOf": {"@type": "Dataset", "@id": publication.dataset, "name": publication.title["en"]},
        "isBasedOn": {"@type": "CreativeWork", "@id": iri, "name": labels.get("zh") or iri},
        "license": publication.licence,
        "creator": _creator(),
        "version": publication.short,
        "url": iri,
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": media_type, "contentUrl": address}
            for media_type, address in downloads
        ],
    }


def observation(row: Row, labels: Labels, publication: Publication) -> dict[str, Any]:
    """One figure, a row of the query `observations`, with the claim that states it; absent parts are left out."""
    document = f"{BASE}doc/{row['document']}"
    told = {
        "@context": CONTEXT,
        "@type": "Observation",
        "@id": row["observation"],
        "name": f"{row['metricZh'] or ''} / {row['metricEn'] or ''}",
        "variableMeasured": _named("StatisticalVariable", row["metric"], labels),
        "observationAbout": _named("AdministrativeArea", row["area"], labels) if row["area"] else None,
        "observationDate": row["periodEnd"] or row["periodStart"],
        "value": row["value"],
        "minValue": row["lower"],
        "maxValue": row["upper"],
        "unitCode": row["unit"],
        "unitText": row["unitWord"],
        "subjectOf": {
            "@type": "Claim",
            "text": row["exact"],
            "inLanguage": "zh",
            "author": _named("Organization", row["claimant"], labels),
            "appearance": _named("CreativeWork", document, labels),
        },
        "mainEntityOfPage": publication.permalink(row["observation"].removeprefix(BASE)),
    }
    return {name: value for name, value in told.items() if value is not None}


def _named(type_: str, iri: str, labels: Labels) -> dict[str, Any]:
    names = labels.get(iri, {})
    told = {"@type": type_, "@id": iri, "name": names.get("zh") or iri, "alternateName": names.get("en")}
    return {name: value for name, value in told.items() if value is not None}


def _creator() -> dict[str, str]:
    return {"@type": "Organization", "name": CREATOR}


def _period(start: str | None, end: str | None) -> dict[str, str]:
    """ISO 8601 interval, open where a day is not known."""
    return {"temporalCoverage": f"{start or '..'}/{end or '..'}"} if start or end else {}
