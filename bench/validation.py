"""Validation side by side: pyshacl, pyrudof, the fast lane, its pool, one document. `--help` tells more.

The first four check the core constraints alone; form and content are the SPARQL constraints of the two families. Each
measure runs in a process of its own over the same made-up graph; times are seconds of wall and of CPU once the data
are loaded, memory is the peak in MiB, of a pool that of all its processes. Only ratios within a run mean anything on a
shared machine. Everything goes to `bench/results/validation.json`.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter
from typing import Any

import pyoxigraph as ox
from graph import write_release

from reformgraph.namespaces import GRAPH, SH, SHAPES
from reformgraph.shacl.coreshapes import CoreShapes
from reformgraph.shacl.fastlane import core_findings
from reformgraph.shacl.messages import Messages
from reformgraph.shacl.parallel import Work, on_cores
from reformgraph.validation import read_shapes, sparql_results, validate

ROOT = Path(__file__).parents[1]
_LONGEST = 900  # s for one measure
Timed = Callable[[], int]


def _prepared(name: str, directory: Path) -> Timed:
    """The work of a measure, its data loaded; it returns the number of results."""
    store = ox.Store.read_only(str(directory / "store"))
    shapes = read_shapes(ROOT)
    if name.startswith("py"):
        data = _text(quad.triple for quad in store if quad.graph_name != ox.NamedNode(SHAPES))
        if name == "pyshacl with form":
            return _pyshacl(data, _with_selects(read_shapes(ROOT, "core")))
        return _pyshacl(data, _core(shapes)) if name == "pyshacl" else _pyrudof(data, _core(shapes))
    if name == "fast lane":
        compiled = CoreShapes.read(shapes)
        return lambda: len(list(core_findings(store, compiled)))
    if name == "pool":
        return lambda: len(list(on_cores(Work(store, shapes, directory / "store"))))
    if name in ("form", "content"):
        family = read_shapes(ROOT, "core" if name == "form" else "plausibility")
        return lambda: len(list(sparql_results(store, family, Messages(store, family))))
    graph = min((g for g in store.named_graphs() if f"{GRAPH}doc-" in str(g)), key=str)
    nodes = {quad.subject for quad in store.quads_for_pattern(None, None, None, graph)}
    return lambda: len(validate(store, ROOT, "core" if name == "document" else "all", nodes).results)


def _with_selects(shapes: ox.Store) -> str:
    """All shapes of form but those that name graphs, which a single graph of rdflib has not."""
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


def _measure(name: str, directory: Path) -> dict[str, float]:
    """Medians over some runs, of which the fast ones are many."""
    work = _prepared(name, directory)
    walls, found, start = [], 0, _cpu()
    while not walls or (sum(walls) < 2 and len(walls) < 20):
        begin = perf_counter()
        found = work()
        walls.append(perf_counter() - begin)
    own, children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    memory = own + (os.cpu_count() or 1) * children if name == "pool" else own
    return {
        "seconds": round(statistics.median(walls), 4),
        "cpu": round((_cpu() - start) / len(walls), 4),
        "peakMiB": memory // 1024,
        "results": found,
    }


def _cpu() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _in_a_process(name: str, directory: Path) -> dict[str, float] | None:
    command = [sys.executable, __file__, "--measure", name, "--directory", str(directory)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LONGEST)
    except subprocess.TimeoutExpired:
        print(f"{name}: stopped after {_LONGEST} s", file=sys.stderr)
        return None
    if done.returncode:
        print(f"{name}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def _ratios(measured: dict[str, dict[str, float] | None]) -> dict[str, float]:
    """How many times longer the first takes, in CPU time, which a busy machine bends less; of the pool in seconds."""
    cpu, seconds = ({name: each[unit] for name, each in measured.items() if each} for unit in ("cpu", "seconds"))
    cpu["whole"] = cpu["fast lane"] + cpu["form"]
    pairs = (("pyshacl", "fast lane"), ("pyrudof", "fast lane"), ("pyshacl with form", "whole"), ("whole", "document"))
    found = {f"{one} / {other}": cpu[one] / cpu[other] for one, other in pairs if one in cpu}
    found["fast lane / pool"] = seconds["fast lane"] / seconds["pool"]
    return {name: round(value, 2) for name, value in found.items()}


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, nargs="+", default=[5_000, 100_000, 1_000_000])
    parser.add_argument("--pyshacl-most", type=int, default=100_000, help="largest graph that pyshacl is asked")
    parser.add_argument("--pyrudof-most", type=int, default=100_000, help="largest graph that pyrudof is asked")
    parser.add_argument("--releases", type=Path, default=ROOT / ".cache" / "bench")
    parser.add_argument("--selects-most", type=int, default=5_000, help="largest graph whose selects pyshacl runs")
    parser.add_argument("--content-most", type=int, default=5_000, help="largest graph whose content is checked")
    parser.add_argument("--measure", help="one measure only, to stdout")
    parser.add_argument("--directory", type=Path)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(_measure(options.measure, options.directory)))
        return
    most = {"pyshacl": options.pyshacl_most, "pyshacl with form": options.selects_most}
    most |= {"pyrudof": options.pyrudof_most}
    most |= dict.fromkeys(("content", "document with content"), options.content_most)
    results: dict[str, Any] = {"versions": _versions(), "cores": os.cpu_count(), "graphs": []}
    for triples in options.triples:
        directory = write_release(triples, options.releases, ROOT)
        names = (
            "pyshacl",
            "pyshacl with form",
            "pyrudof",
            "fast lane",
            "pool",
            "form",
            "document",
            "content",
            "document with content",
        )
        measured = {name: _in_a_process(name, directory) for name in names if triples <= most.get(name, triples)}
        results["graphs"].append({"triples": triples, "measured": measured, "ratios": _ratios(measured)})
        print(triples, json.dumps(results["graphs"][-1]["ratios"]), file=sys.stderr)
        target = ROOT / "bench" / "results" / "validation.json"
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(results, indent=1) + "\n", "utf-8")


def _versions() -> dict[str, str]:
    found = {}
    for name in ("reformgraph", "pyoxigraph", "pyshacl", "rdflib", "pyrudof"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


if __name__ == "__main__":
    main()
