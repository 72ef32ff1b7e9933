"""The page of the docs from the samples: `python bench/table.py > docs/reference/speed.md`."""

from __future__ import annotations

import json
from collections import defaultdict
from math import inf, isinf
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).parent
_HEAD = """# Speed

Made by `python bench/table.py` from [bench/results/speed.json](../../bench/results/speed.json): {rounds} alternating
rounds in one run on {cores} cores, 16 connections, commit `{commit}`, {versions}.
Only ratios within the run mean anything: the machine was shared.
A ratio above 1 says that reformgraph answered more requests a second than the other.

One row is `evidence` of a figure, one page `agency-profile` of a body, the aggregate `coverage` of one metric (the
smallest that a reader asks for, one row at 5,000 triples) or of all. No line was asked twice;
"repeated" is one line asked again and again. Oxigraph and rdflib-endpoint are asked the published text of each query;
ours answers the first questions from disk, later ones from a copy in memory, short ones with labels from a table.
What HTTP costs in Python shows in the smallest answers, where the engine has the least to do.
"""
_NEEDS = """
## Start, memory, loading

Commit `{commit}`. The first answer is of `coverage`, from disk; the bare service (`bench/bare_server.py`) runs the same
query over the same store, and reads no parameter.
"""


def rates(samples: list[dict[str, Any]]) -> dict[str, dict[str, list[float]]]:
    """Kind -> system -> requests a second, one for each round."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for sample in samples:
        found[sample["kind"]][sample["system"]].append(sample["per_second"])
    return found


def ratio(ours: list[float], theirs: list[float]) -> str:
    """The median of the ratios of each round, with the least and the greatest; infinite where the other gave none."""
    each = [mine / other if other else inf for mine, other in zip(ours, theirs, strict=True)]
    return "(no answer in a sample)" if isinf(median(each)) else _spread(each).replace("inf", "no answer")


def table(graph: dict[str, Any]) -> list[str]:
    """The lines of one graph."""
    lines = [
        f"\n## Some {graph['triples']:,} triples\n",
        "| question | beside | ratio (least-greatest) | ours, a second |",
    ]
    lines.append("|---|---|---|---|")
    for kind, systems in rates(graph["samples"]).items():
        for system, mine in systems.items() if kind == "repeated" else [("reformgraph", systems["reformgraph"])]:
            if system == "constant":
                continue
            for other, theirs in systems.items():
                if other == system or (kind == "repeated" and other != "constant"):
                    continue
                name = f"{kind}: {system}" if kind == "repeated" else kind
                lines.append(f"| {name} | {other} | {ratio(mine, theirs)} | {median(mine):.0f} |")
    return lines


def needs(measured: dict[str, Any]) -> list[str]:
    """The lines of start, memory and loading."""
    loading = [sample["bulk_load"] / sample["ours"] for sample in measured["loading_s"]]
    return [
        _NEEDS.format(commit=measured["commit"][:12]),
        "| measure | median (least-greatest) |",
        "|---|---|",
        *(f"| first answer after {command}, {name} | {_spread([sample[system] for sample in samples])} s |"
          for name, samples in measured["starting_s"].items()
          for system, command in (("ours", "`reformgraph serve`"), ("bare", "a bare FastAPI with pyoxigraph"))),
        *(f"| memory (PSS of all processes) over 100,000 triples, {name} | {size:.0f} MiB |"
          for name, size in measured["memory_mib"].items()),
        f"| time of pyoxigraph's `bulk_load` over that of our loading, the same files | {_spread(loading)} |",
    ]  # fmt: skip


def _spread(samples: list[float]) -> str:
    return f"{median(samples):.2f} ({min(samples):.2f}-{max(samples):.2f})"


def main() -> None:
    results = json.loads((HERE / "results" / "speed.json").read_text("utf-8"))
    rounds = 1 + max(sample["round"] for graph in results["graphs"] for sample in graph["samples"])
    versions = ", ".join(f"{name} {number}" for name, number in results["versions"].items())
    print(_HEAD.format(rounds=rounds, cores=results["cores"], commit=results["commit"][:12], versions=versions), end="")
    for graph in results["graphs"]:
        print("\n".join(table(graph)))
    print("\n".join(needs(json.loads((HERE / "results" / "resources.json").read_text("utf-8")))))


if __name__ == "__main__":
    main()
