"""The page of the docs from the samples: `python bench/validationtable.py > docs/reference/validation-speed.md`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results" / "validation.json"
_HEAD = """# Speed of validation

Made by `python bench/validationtable.py` from
[bench/results/validation.json](../../bench/results/validation.json), which `python bench/validation.py` writes: one run
on {cores} cores, commit `{commit}`, pyoxigraph {pyoxigraph}, {others}.
Only ratios within the run mean anything, for the machine was shared; they are of CPU time, and begin when the data are
loaded. `real` are the reports of this repository, the other graphs are made up on the same model (`bench/graph.py`).

## Ratios

How many times more CPU time the first takes than the second; ≥ where it was stopped after {longest} s of CPU.

| compared | {graphs} |
|---|{lines}|
"""
_ROWS = {
    "pyshacl / lane": "core constraints: pyshacl, ours",
    "pyrudof / lane": "core constraints: pyrudof, ours",
    "pyshacl whole / whole": "all constraints: pyshacl, ours",
    "whole / report": "all constraints: the whole graph, one report of it",
    "disk / pool": "core constraints of a store directory: one process, one on each core (seconds)",
    "selects / threads": "SPARQL constraints: one thread, one on each core (seconds)",
}
_MEASURES = ("lane", "disk", "pool", "selects", "threads", "whole", "report", "pyshacl", "pyrudof", "pyshacl whole")
_TAIL = """
`lane` is the evaluator of the core constraints, `disk` the same over a store directory and `pool` that on all cores;
`selects` are the SPARQL constraints, `threads` these on all cores; `whole` is all of `reformgraph validate`, with its
messages, and `report` that for one report. Memory is the peak of the process, the data included; of the pool it is that
of all its processes, each taken for as large as the largest.

Two things bend the picture. pyshacl is asked without the constraints that name graphs, since a graph of rdflib has
none. And three rules hold each figure against all others of its metric (S22, S24, S25): their time grows with the
square of the figures of one metric, and they are most of `whole` at a million triples.
"""


def name(graph: dict[str, Any]) -> str:
    return f"{graph['graph'] if graph['graph'] == 'real' else 'made up'}, {graph['triples']:,}"


def ratio(graph: dict[str, Any], compared: str) -> str:
    """The ratio as the table has it; a dash where it was not measured."""
    value = graph["ratios"].get(compared)
    bound = "≥ " if graph["measured"].get(compared.partition(" / ")[0], {}).get("stopped") else ""
    return "–" if value is None else f"{bound}{value:,.0f}" if value >= 20 else f"{bound}{value:.2g}"


def measure(graph: dict[str, Any], which: str) -> str:
    """`1.29 s, 109 MiB`, or when it was stopped."""
    found = graph["measured"].get(which)
    if found is None:
        return "–"
    return f"stopped at {found['cpu']} s" if "stopped" in found else f"{found['cpu']:.2g} s, {found['peakMiB']:,} MiB"


def main() -> None:
    results = json.loads(RESULTS.read_text("utf-8"))
    graphs = results["graphs"]
    print(
        _HEAD.format(
            cores=results["cores"],
            commit=results["commit"][:12],
            pyoxigraph=results["versions"]["pyoxigraph"],
            others=", ".join(f"{package} {number}" for package, number in results["others"].items()),
            longest=results["longest"],
            graphs=" | ".join(map(name, graphs)),
            lines="|".join("---" for _ in graphs),
        ),
        end="",
    )
    for compared, words in _ROWS.items():
        if not any(compared in graph["ratios"] for graph in graphs):
            continue
        print(f"| {words} | {' | '.join(ratio(graph, compared) for graph in graphs)} |")
    print(f"\n## CPU time and memory\n\n| measure | {' | '.join(map(name, graphs))} |\n|---|{'---|' * len(graphs)}")
    for which in _MEASURES:
        if not any(which in graph["measured"] for graph in graphs):
            continue
        print(f"| {which} | {' | '.join(measure(graph, which) for graph in graphs)} |")
    print(_TAIL, end="")


if __name__ == "__main__":
    main()
