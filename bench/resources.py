"""What the service needs: time to its first answer, memory, loading beside raw `bulk_load`; `--help` tells more.

Starting is from the command to the first answer of a canned query over a release that is built, in turn with the least
of FastAPI that answers the same query from the same store; memory is the proportional set size (PSS) of all processes
of the service after questions in both lanes; loading is our reading of Turtle files into graphs beside `bulk_load` of
pyoxigraph over the same files, in turn. All goes to `bench/results/resources.json`, from which `bench/table.py` makes
the table of the docs.
"""

from __future__ import annotations

import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import quote
from urllib.request import urlopen

import pyoxigraph as ox
from graph import quads, write_release
from peers import family, free_port, running, settle
from runs import ROOT, save

from reformgraph.assembly import _load
from reformgraph.content import content_root
from reformgraph.namespaces import GRAPH
from reformgraph.release import ensure

MIB = 1024 * 1024
_CANNED = "/queries/coverage?limit=5"


def starting(release: Path) -> dict[str, float]:
    """Seconds from the command to the first answer of a canned query, ours and of a bare service."""
    port, bare = free_port(), free_port()
    query = ROOT / "queries" / "coverage.rq"
    peer = [sys.executable, str(ROOT / "bench" / "bare_server.py"), str(release / "store"), str(query), str(bare)]
    return {"ours": _answering(_serve(release, port), port, _CANNED), "bare": _answering(peer, bare, "/")}


def _answering(command: list[str], port: int, path: str) -> float:
    begun = perf_counter()
    with running(command, port, path):
        return perf_counter() - begun


def memory(release: Path, *options: str) -> float:
    """MiB of all processes of the service after a hundred canned and ten ad-hoc questions."""
    port = free_port()
    with running([*_serve(release, port), *options], port, "/ready") as process:
        settle(process)
        for number in range(100):
            _read(f"http://127.0.0.1:{port}/queries/observations?limit={number + 1}")
        for number in range(10):
            query = f"SELECT ?kind (COUNT(*) AS ?n) {{ ?thing a ?kind }} GROUP BY ?kind LIMIT {number + 1}"
            _read(f"http://127.0.0.1:{port}/sparql?query={quote(query)}")
        return sum(_pss(number) for number in family(process.pid)) / MIB


def loading(triples: int) -> dict[str, float]:
    """Seconds that each way takes to read the same Turtle files into the graphs of a store in memory."""
    with tempfile.TemporaryDirectory() as folder:
        files = _turtle(triples, Path(folder))
        return {"ours": _timed(_load, files), "bulk_load": _timed(_bulk_load, files)}


def _timed(load: Callable[[ox.Store, Path, str], None], files: list[Path]) -> float:
    store, begun = ox.Store(), perf_counter()
    for number, path in enumerate(files):
        load(store, path, f"{GRAPH}doc-{number}")
    return perf_counter() - begun


def _bulk_load(store: ox.Store, path: Path, graph: str) -> None:
    store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(graph))


def _turtle(triples: int, folder: Path) -> list[Path]:
    """Turtle files of at most some 20,000 triples."""
    lines = [quad.triple for quad in quads(triples, ROOT)]
    files = []
    for start in range(0, len(lines), 20_000):
        files.append(folder / f"{start}.ttl")
        ox.serialize(lines[start : start + 20_000], str(files[-1]), format=ox.RdfFormat.TURTLE)
    return files


def _serve(release: Path, port: int) -> list[str]:
    return [sys.executable, "-m", "reformgraph", "serve", "--release", str(release), "--port", str(port)]


def _read(url: str) -> None:
    with urlopen(url) as answer:
        answer.read()


def _pss(process: int) -> int:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--releases", type=Path, default=ROOT / ".cache" / "bench")
    options = parser.parse_args()
    real = ensure(content_root(), ROOT / ".cache").path
    made_up = write_release(100_000, options.releases, ROOT)
    measured = {
        "starting_s": {name: [starting(path) for _ in range(options.rounds)]
                       for name, path in (("five reports", real), ("100,000 triples", made_up))},
        "memory_mib": {
            "one process, two workers": memory(made_up, "--workers", "2"),
            "two processes": memory(made_up, "--processes", "2"),
        },
        "loading_s": [loading(100_000) for _ in range(options.rounds)],
    }  # fmt: skip
    save("resources", measured)
    for name, samples in measured["starting_s"].items():
        for system in ("ours", "bare"):
            print(f"first answer, {name}, {system}: {median(sample[system] for sample in samples):.2f} s")
    for name, size in measured["memory_mib"].items():
        print(f"memory, {name}: {size:.0f} MiB")
    ratio = median(sample["bulk_load"] / sample["ours"] for sample in measured["loading_s"])
    print(f"loading, bulk_load's time over ours: {ratio:.2f}")


if __name__ == "__main__":
    main()
