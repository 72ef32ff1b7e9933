"""Named rules: each `queries/rules/*.rq` is a CONSTRUCT that fills `g:derived` or `g:inferred`.

A rule says in its head which graph it fills (`#+ graph: derived`). Rules read the union of all graphs and run
in rounds until none adds a triple, so that their order cannot matter. They may not make blank nodes: a round
would never be the last, and two builds would differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from reformgraph.engines.base import syntax_error
from reformgraph.errors import SourceFileError
from reformgraph.namespaces import DERIVED, INFERRED

_TARGETS = {"derived": DERIVED, "inferred": INFERRED}
_ROUNDS = 10


@dataclass(frozen=True)
class Rule:
    """One CONSTRUCT query and the graph that takes its triples."""

    path: Path
    text: str
    graph: ox.NamedNode


def read_rules(folder: Path) -> list[Rule]:
    """The rules of a folder in the order of their names; raises SourceFileError for a head without a graph."""
    return [_read(path) for path in sorted(folder.glob("*.rq"))]


def _read(path: Path) -> Rule:
    text = path.read_text("utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#+ graph:"):
            name = line.partition(":")[2].strip()
            if name not in _TARGETS:
                raise SourceFileError(path, number, f"Unknown graph {name!r}. Known: {', '.join(_TARGETS)}.")
            return Rule(path, text, ox.NamedNode(_TARGETS[name]))
    raise SourceFileError(path, 1, "A rule names the graph that it fills: '#+ graph: derived' or 'inferred'.")


def apply_rules(store: ox.Store, rules: list[Rule]) -> dict[str, int]:
    """Run the rules until nothing is new; returns the number of triples that each rule added."""
    added = dict.fromkeys((rule.path.stem for rule in rules), 0)
    for _ in range(_ROUNDS):
        new = {rule.path.stem: _apply(store, rule) for rule in rules}
        for name, count in new.items():
            added[name] += count
        if not any(new.values()):
            return added
    raise SourceFileError(rules[0].path.parent, 0, f"The rules still add triples after {_ROUNDS} rounds.")


def _apply(store: ox.Store, rule: Rule) -> int:
    before = len(store)
    try:
        triples = store.query(rule.text, use_default_graph_as_union=True)
    except SyntaxError as error:
        found = syntax_error(rule.text, str(error))
        raise SourceFileError(rule.path, found.line, found.reason) from None
    if not isinstance(triples, ox.QueryTriples):
        raise SourceFileError(rule.path, 0, "A rule is a CONSTRUCT query.")
    # A triple that stands somewhere already is not added: oxigraph's union would count it once for each graph.
    new = [t for t in triples if next(store.quads_for_pattern(t.subject, t.predicate, t.object, None), None) is None]
    store.extend([ox.Quad(t.subject, t.predicate, t.object, rule.graph) for t in new])
    return len(store) - before
