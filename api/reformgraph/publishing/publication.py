"""What every publication of the graph says of itself: title, licence, release, day, how to cite it."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from reformgraph.engines.base import Engine
from reformgraph.namespaces import BASE, CATALOG, DCTERMS

CREATOR = "The reformgraph contributors"
SHORT = 12  # hex digits of the release that stand for it
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class Publication:
    """One release as a publication; `title` and `description` by language, `day` an ISO date.

    The day is the latest that catalogue and ontology date themselves by: a graph that knows no clock of a build gives
    the same publication wherever it is built.
    """

    release: str
    title: dict[str, str]
    description: dict[str, str]
    day: str
    dataset: str = CATALOG
    licence: str = LICENCE

    @property
    def short(self) -> str:
        """The release as addresses and citations write it, 12 hex digits."""
        return self.release[:SHORT]

    @property
    def iri(self) -> str:
        """The lasting address of this release of the data set."""
        return self.permalink("catalog")

    @property
    def citation(self) -> str:
        """One line to cite the release by."""
        return f"{CREATOR}: {self.title['en']}. Release {self.short}, {self.day}. {self.iri}"

    def permalink(self, path: str) -> str:
        """The lasting address of a path below the base as this release answers it."""
        return f"{BASE}{path}{'&' if '?' in path else '?'}release={self.short}"


def read(engine: Engine, release: str) -> Publication:
    """The publication that the catalogue of a release describes."""
    title, description = (_by_language(engine, name) for name in ("title", "description"))
    labels = _by_language(engine, "prefLabel", "http://www.w3.org/2004/02/skos/core#")
    return Publication(release, title | labels, description, _day(engine))


def _by_language(engine: Engine, name: str, namespace: str = DCTERMS) -> dict[str, str]:
    found = engine.query(f"SELECT ?text {{ <{CATALOG}> <{namespace}{name}> ?text }}")
    assert isinstance(found, ox.QuerySolutions)
    texts = [row["text"] for row in found]
    return {"zh": "reformgraph", "en": "reformgraph"} | {
        text.language: text.value for text in texts if isinstance(text, ox.Literal) and text.language
    }


def _day(engine: Engine) -> str:
    found = engine.query(
        f"PREFIX dcterms: <{DCTERMS}> SELECT (MAX(STR(?day)) AS ?latest) {{ VALUES ?head {{ <{CATALOG}> <{BASE}ns> }} "
        "?head dcterms:created|dcterms:issued|dcterms:modified ?day }"
    )
    assert isinstance(found, ox.QuerySolutions)
    latest = next(iter(found))["latest"]
    return latest.value if isinstance(latest, ox.Literal) and latest.value else "1970-01-01"
