"""What the SPARQL editor of the pages knows: prefixes, terms and names to complete with, the canned queries."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from starlette.requests import Request

from reformgraph.engines.base import Engine
from reformgraph.errors import NotFoundError, ParameterError
from reformgraph.namespaces import BASE, RDF, SKOS, prefixes
from reformgraph.web.site import Site

STATIC = Path(__file__).parent / "pages" / "static"
# Kinds whose things stand in questions by name; claims and spans are found, not named.
NAMED = ("code", "unit", "metric", "agency", "body", "place", "initiative", "system", "facility", "award", "doc")
_TYPES = f"SELECT DISTINCT ?term {{ ?s <{RDF}type> ?term }}"
_PREDICATES = "SELECT DISTINCT ?term { ?s ?term ?o }"
_LABELS = f"SELECT ?term ?label {{ ?term <{SKOS}prefLabel> ?label }}"
_HEAD = re.compile(r"^#\+.*\n", re.MULTILINE)


def is_installed() -> bool:
    """Whether the editor's script is there; it comes by npm (`requirements/npm.txt`), so it may be not."""
    return (STATIC / "editor" / "yasgui.min.js").is_file()


def knowledge(request: Request, site: Site) -> dict[str, Any]:
    """For the script of the editor: terms as `[IRI, zh, en]` by their role, prefixes, where the examples are."""
    labels = _labels(site.engine)
    base = str(request.base_url)
    return {
        "endpoint": f"{base}sparql",
        "base": BASE,
        "home": base,
        "prefixes": prefixes(),
        "classes": [_named(iri, labels) for iri in _terms(site.engine, _TYPES)],
        "properties": [_named(iri, labels) for iri in _terms(site.engine, _PREDICATES)],
        "things": [_named(iri, labels) for iri in sorted(labels) if _kind(iri) in NAMED],
    }


def _terms(engine: Engine, query: str) -> list[str]:
    found = engine.query(query)
    assert isinstance(found, ox.QuerySolutions)
    return sorted(row["term"].value for row in found if isinstance(row["term"], ox.NamedNode))


def _labels(engine: Engine) -> dict[str, dict[str, str]]:
    found = engine.query(_LABELS)
    assert isinstance(found, ox.QuerySolutions)
    labels: dict[str, dict[str, str]] = {}
    for row in found:
        labels.setdefault(row["term"].value, {})[row["label"].language or ""] = row["label"].value
    return labels


def _named(iri: str, labels: dict[str, dict[str, str]]) -> list[str]:
    known = labels.get(iri, {})
    return [iri, known.get("zh", ""), known.get("en", "")]


def _kind(iri: str) -> str:
    return iri.removeprefix(BASE).partition("/")[0] if iri.startswith(BASE) else ""


def example(site: Site, name: str, given: Mapping[str, Sequence[str]], language: str) -> str | None:
    """A canned query for the editor, its parameters filled in as terms; None where there is no such query.

    What does not fit stays open as UNDEF, and so does all that is not given.
    """
    try:
        query = site.queries.catalogue.get(name)
        own = {key: values for key, values in given.items() if query.parameter(key) and any(values)}
        text = site.queries.ask(name, own, language).text
    except NotFoundError:
        return None
    except ParameterError:
        text = query.text
    head = f"# {query.summary[language]}\n# {query.name}@{query.version}\n"
    return head + _HEAD.sub("", text).lstrip("\n")
