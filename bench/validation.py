"""Validation side by side: pyshacl, pyrudof, our lane, its pool, one report. `--help` tells more.

The first three check the core constraints alone; `whole` is all that `reformgraph validate` does, messages and all,
with `pyshacl whole` beside it; `report` is the whole for one report of the graph; `selects` are the SPARQL constraints
on one thread, `threads` the same on one for each core. Each measure has a process of its own over the same graph in
memory, and begins when that is loaded; the pool, and `disk` beside it, read a store directory. CPU time counts, for a
shared machine bends it least. What has not ended after `--longest` CPU seconds is stopped: that is a lower bound.
Everything goes to `bench/results/validation.json`; `bench/validationtable.py` makes the page of the docs of it.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import statistics
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any

import pyoxigraph as ox
from graph import write_release
from runs import save

from reformgraph.assembly import assemble
from reformgraph.namespaces import GRAPH, SH, SHAPES
from reformgraph.shacl.coreshapes import CoreShapes
from reformgraph.shacl.fastlane import core_findings
from reformgraph.shacl.parallel import Work, on_cores
from reformgraph.shacl.selects import solutions
from reformgraph.validation import read_shapes, validate

ROOT = Path(__file__).parents[1]
Timed = Callable[[], int]
Measured = dict[str, dict[str, float]]
REAL = "real"  # the reports of the checkout
_OURS = ("lane", "disk", "pool", "whole", "report", "selects", "threads")
# One to be divided by the other: their CPU times, or of what uses all cores the seconds.
_PAIRS = (
    ("pyshacl", "lane", "cpu"),
    ("pyrudof", "lane", "cpu"),
    ("pyshacl whole", "whole", "cpu"),
    ("whole", "report", "cpu"),
    ("disk", "pool", "seconds"),
    ("selects", "threads", "seconds"),
)


def _prepared(name: str, graph: str, releases: Path) -> Timed:
    """The work of a measure, its data loaded; it returns the number of results."""
    store, directory = _store(graph, releases)
    shapes = read_shapes(ROOT)
    if name.startswith("py"):
        return _by_others(name, store, shapes)
    if name in ("disk", "pool"):
        return _from_disk(name, directory, shapes)
    if name in ("selects", "threads"):
        jobs = 1 if name == "selects" else os.cpu_count() or 1
        return lambda: len(list(solutions(store, shapes, jobs=jobs)))
    if name == "lane":
        compiled = CoreShapes.read(shapes)
        return lambda: len(list(core_findings(store, compiled)))
    nodes = _first_report(store) if name == "report" else None
    return lambda: len(validate(store, ROOT, "all", nodes).results)


def _by_others(name: str, store: ox.Store, shapes: ox.Store) -> Timed:
    data = _text(quad.triple for quad in store if quad.graph_name != ox.NamedNode(SHAPES))
    asked = _without_graphs(shapes) if name == "pyshacl whole" else _core(shapes)
    return _pyrudof(data, asked) if name == "pyrudof" else _pyshacl(data, asked)


def _from_disk(name: str, directory: Path | None, shapes: ox.Store) -> Timed:
    store, compiled = ox.Store.read_only(str(directory)), CoreShapes.read(shapes)
    if name == "disk":
        return lambda: len(list(core_findings(store, compiled)))
    return lambda: len(list(on_cores(Work(store, shapes, directory))))


def _first_report(store: ox.Store) -> set[Any]:
    """The nodes that one report of the graph describes."""
    first = min((g for g in store.named_graphs() if f"{GRAPH}doc-" in str(g)), key=str)
    return {quad.subject for quad in store.quads_for_pattern(None, None, None, first)}


def _store(graph: str, releases: Path) -> tuple[ox.Store, Path | None]:
    """A graph in memory, and its directory if it has one."""
    if graph == REAL:
        return assemble(ROOT), None
    directory = write_release(int(graph), releases, ROOT)
    store = ox.Store()
    store.bulk_load(path=str(directory / "release.nq"), format=ox.RdfFormat.N_QUADS)
    return store, directory / "store"


def _without_graphs(shapes: ox.Store) -> str:
    """All shapes but those whose selects name graphs, which a single graph of rdflib has not."""
    selects = shapes.quads_for_pattern(None, ox.NamedNode(SH + "select"), None)
    out = {quad.subject for quad in selects if "GRAPH" in quad.object.value}  # type: ignore[union-attr]
    return _text(quad.triple for quad in shapes if quad.object not in out)


def _core(shapes: ox.Store) -> str:
    return _text(quad.triple for quad in shapes if quad.predicate.value != SH + "sparql")


def _text(triples: Any) -> str:
    return (ox.serialize(set(triples), format=ox.RdfFormat.N_TRIPLES) or b"").decode()


def _pyshacl(data: str, shapes: str) -> Timed:
    import pyshacl  # noqa: PLC0415
    from rdflib import Graph, URIRef  # noqa: PLC0415

    graphs = [Graph(bind_namespaces="none").parse(data=text, format="nt") for text in (data, shapes)]

    def run() -> int:
        _, report, _ = pyshacl.validate(graphs[0], shacl_graph=graphs[1], inplace=True, allow_warnings=True)
        return len(list(report.objects(None, URIRef(SH + "result"))))

    return run


def _pyrudof(data: str, shapes: str) -> Timed:
    import pyrudof  # noqa: PLC0415

    rudof = pyrudof.Rudof(pyrudof.RudofConfig())
    rudof.read_shacl(shapes, pyrudof.ShaclFormat.NTriples)
    rudof.read_data(data, pyrudof.RDFFormat.NTriples)
    return lambda: len(rudof.validate_shacl().violations)


def _measure(name: str, graph: str, releases: Path, longest: int) -> dict[str, float]:
    """Medians over some runs, of which the fast ones are many."""
    work = _prepared(name, graph, releases)
    begun = _cpu()
    resource.setrlimit(resource.RLIMIT_CPU, (int(begun) + longest, resource.RLIM_INFINITY))
    walls: list[float] = []
    cpus: list[float] = []
    found = 0
    while not walls or (sum(walls) < 2 and len(walls) < 20):
        start, cpu = perf_counter(), _cpu()
        found = work()
        walls.append(perf_counter() - start)
        cpus.append(_cpu() - cpu)
    own, children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    memory = own + (os.cpu_count() or 1) * children if name == "pool" else own
    times = {"seconds": round(statistics.median(walls), 4), "cpu": round(statistics.median(cpus), 4)}
    return times | {"peakMiB": memory // 1024, "results": found, "runs": len(walls)}


def _cpu() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _in_a_process(name: str, graph: str, options: Any) -> dict[str, float] | None:
    command = [sys.executable, __file__, "--measure", name, "--graphs", graph]
    command += ["--releases", str(options.releases), "--longest", str(options.longest)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == -signal.SIGXCPU:
        return {"cpu": options.longest, "stopped": 1}
    if done.returncode:
        print(f"{name}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def _ratios(measured: Measured) -> dict[str, float]:
    """How many times more the first takes."""
    return {
        f"{one} / {other}": round(measured[one][unit] / measured[other][unit], 2)
        for one, other, unit in _PAIRS
        if one in measured and other in measured
    }


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--graphs", nargs="+", default=[REAL, "5000", "100000", "1000000"], help="real, or triples")
    parser.add_argument("--others-most", type=int, default=100_000, help="largest graph that the others are asked")
    parser.add_argument("--longest", type=int, default=600, help="CPU seconds of one measure")
    parser.add_argument("--releases", type=Path, default=ROOT / ".cache" / "bench")
    parser.add_argument("--measure", help="one measure only, to stdout")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(_measure(options.measure, options.graphs[0], options.releases, options.longest)))
        return
    graphs = []
    for graph in options.graphs:
        small = graph == REAL or int(graph) <= options.others_most
        names = [*_OURS, *(("pyshacl", "pyrudof", "pyshacl whole") if small else ())]
        if graph == REAL:
            names = [name for name in names if name not in ("disk", "pool")]
        each = {name: _in_a_process(name, graph, options) for name in names}
        measured = {name: times for name, times in each.items() if times}
        triples = len(_store(graph, options.releases)[0])
        graphs.append({"graph": graph, "triples": triples, "measured": measured, "ratios": _ratios(measured)})
        print(graph, json.dumps(graphs[-1]["ratios"]), file=sys.stderr)
        others = {name: version(name) for name in ("pyshacl", "rdflib", "pyrudof")}
        save("validation", {"others": others, "longest": options.longest, "graphs": graphs})


if __name__ == "__main__":
    main()
