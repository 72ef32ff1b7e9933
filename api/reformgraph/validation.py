"""SHACL: run the shapes over a store, and say in two languages what is wrong and how to mend it.

`fastlane` checks the core constraints; pyshacl is the reference, and does it where shapes use what is not built there.
SPARQL constraints run here, each `sh:select` once over the whole store with `$this` free, its solutions kept where
`$this` is a focus node: per focus node, as pyshacl runs them, the five reports take minutes. A select therefore binds
`$this` in a required pattern; tests hold both ways against each other. Messages are `sh:message` templates in zh and
en, filled here with labels and bindings, since pyshacl loses languages and fills no placeholder of a core constraint.
Specification: https://www.w3.org/TR/shacl/
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from reformgraph.errors import SourceFileError
from reformgraph.namespaces import BASE, SH
from reformgraph.shacl.constraints import UnsupportedShapeError
from reformgraph.shacl.coreshapes import CoreShapes
from reformgraph.shacl.fastlane import core_findings
from reformgraph.shacl.messages import Messages
from reformgraph.shacl.reference import reference_parts
from reformgraph.shacl.selects import solutions
from reformgraph.shacl.uniongraph import Node, name_of

SEVERITIES = ("Violation", "Warning", "Info")
FAMILIES = ("core", "plausibility", "all")
_SPARQL_COMPONENT = "SPARQLConstraintComponent"


@dataclass(frozen=True)
class Result:
    """One validation result: what is wrong with which node, by which shape."""

    focus: str
    shape: str
    severity: str
    component: str
    path: str | None = None
    value: str | None = None
    # The value as a term of N-Triples.
    value_term: str | None = field(default=None, compare=False)
    # Further claims that the finding rests on, and the calculation that shows it.
    claims: tuple[str, ...] = ()
    arithmetic: str = field(default="", compare=False)
    messages: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def iri(self) -> str:
        """IRI of the finding: the shape's name and a digest of the rule, the claims, the path and the value.

        A value that is told with its arithmetic is left out, so that a corrected figure keeps its finding.
        """
        value = "" if self.arithmetic else self.value or ""
        key = "\n".join((self.focus, self.shape, self.path or "", value, *self.claims))
        return f"{BASE}finding/{self.shape.rpartition('#')[2]}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"


@dataclass(frozen=True)
class Report:
    """All results, worst first; `conforms` is true when none is a Violation."""

    results: tuple[Result, ...]

    @property
    def conforms(self) -> bool:
        """Whether no result is a Violation: those are our faults, the others the sources'."""
        return not any(result.severity == "Violation" for result in self.results)

    def counts(self) -> dict[str, int]:
        """Number of results of each severity."""
        found = Counter(result.severity for result in self.results)
        return {severity: found[severity] for severity in SEVERITIES}

    def without(self, known: frozenset[str]) -> Report:
        """The results whose finding IRIs are not among the known ones."""
        return Report(tuple(result for result in self.results if result.iri not in known))


def validate(
    store: ox.Store,
    root: Path,
    family: str = "all",
    focus: Collection[Node] | None = None,
    *,
    reference: bool = False,
) -> Report:
    """Run the shapes of a family below a content root over the union of the store's graphs.

    `focus` narrows it to these nodes; `reference` has pyshacl check the core constraints.
    """
    shapes = read_shapes(root, family)
    messages = Messages(store, shapes)
    core = core_results(store, shapes, messages, focus, reference=reference)
    return ordered([*core, *sparql_results(store, shapes, messages, focus)])


def report_of(store: ox.Store, shapes: ox.Store, core: Collection[dict[str, str]], jobs: int = 1) -> Report:
    """The report of what core constraints found elsewhere (see `Found.parts`), and of the SPARQL constraints."""
    messages = Messages(store, shapes)
    results = [messages_of(parts, messages) for parts in core]
    return ordered([*results, *sparql_results(store, shapes, messages, jobs=jobs)])


def ordered(results: Collection[Result]) -> Report:
    """The report of some results, each once."""
    return Report(tuple(sorted(set(results), key=_order)))


def _order(result: Result) -> tuple[Any, ...]:
    return (
        SEVERITIES.index(result.severity),
        result.shape,
        result.focus,
        result.path or "",
        result.value or "",
    )


def shape_files(root: Path, family: str = "all") -> list[Path]:
    """The files of a family of shapes: `plausibility` is the folder of that name, `core` the rest."""
    folder = root / "shapes" / "plausibility"
    files = sorted((root / "shapes").rglob("*.ttl"))
    return [path for path in files if family == "all" or (folder in path.parents) == (family == "plausibility")]


def read_shapes(root: Path, family: str = "all") -> ox.Store:
    """The shapes and the prefix table, which their `sh:select` texts use, in the default graph of a store."""
    shapes = ox.Store()
    for path in [root / "ontology" / "prefixes.ttl", *shape_files(root, family)]:
        try:
            shapes.load(path=str(path), format=ox.RdfFormat.TURTLE)
        except SyntaxError as error:
            raise SourceFileError(path, error.lineno or 0, str(error.msg)) from None
    return shapes


def rule_names(shapes: ox.Store) -> list[str]:
    """The IRIs of the shapes that can have a result: property shapes, and node shapes that check something."""
    checking = ("path", "sparql", "pattern")
    quads = (quad for name in checking for quad in shapes.quads_for_pattern(None, ox.NamedNode(SH + name), None))
    return sorted({quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)})


def core_results(
    store: ox.Store,
    shapes: ox.Store,
    messages: Messages,
    focus: Collection[Node] | None = None,
    *,
    reference: bool = False,
) -> Iterator[Result]:
    """The results of core constraints, at some focus nodes or everywhere."""
    try:
        if reference:
            raise UnsupportedShapeError
        compiled = CoreShapes.read(shapes)
    except UnsupportedShapeError:
        wanted = None if focus is None else {name_of(node) for node in focus}
        found = (parts for parts in reference_parts(store, shapes) if wanted is None or parts["focusNode"] in wanted)
        return (messages_of(parts, messages) for parts in found)
    return (messages_of(found.parts(), messages) for found in core_findings(store, compiled, focus))


def messages_of(parts: dict[str, str], messages: Messages) -> Result:
    """A Result from the local names of a `sh:ValidationResult`'s properties and their values."""
    bindings = {"this": parts["focusNode"]}
    bindings |= {name: parts[key] for name, key in (("value", "value"), ("path", "resultPath")) if key in parts}
    return Result(
        focus=parts["focusNode"],
        shape=parts["sourceShape"],
        severity=parts["resultSeverity"].removeprefix(SH),
        component=parts["sourceConstraintComponent"].removeprefix(SH),
        path=parts.get("resultPath"),
        value=parts.get("value"),
        value_term=parts.get("valueTerm"),
        messages=messages.both(parts["sourceShape"], bindings),
    )


def sparql_results(
    store: ox.Store, shapes: ox.Store, messages: Messages, focus: Collection[Node] | None = None, jobs: int = 1
) -> Iterator[Result]:
    """The results of SPARQL constraints, at some focus nodes or everywhere, by `jobs` threads."""
    for shape, severity, row in solutions(store, shapes, focus, jobs):
        yield Result(
            focus=row["this"],
            shape=shape,
            severity=severity,
            component=_SPARQL_COMPONENT,
            value=row.get("value"),
            value_term=row.get("value as term"),
            claims=_claims(row),
            arithmetic=row.get("arithmetic", ""),
            messages=messages.both(shape, row),
        )


def _claims(row: dict[str, str]) -> tuple[str, ...]:
    """The claims beside the focus node that a select names in `?claims`, each once; their order there is left open."""
    return tuple(sorted(set(row.get("claims", "").split()) - {row["this"]}))
