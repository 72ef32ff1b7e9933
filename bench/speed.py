"""Speed beside the peers, in alternating rounds of one run: `make bench`, or `python bench/speed.py --help`.

Each cell is requests a second of `wrk`; only ratios within a run mean anything on a shared machine. The samples,
the commit and the versions go to `bench/results/speed.json`, from which `bench/table.py` makes the table of the docs.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode
from urllib.request import urlopen

import pyoxigraph as ox
from graph import write_release
from peers import constant, endpoint, ours, oxigraph
from runs import ROOT, save

from reformgraph.namespaces import BASE
from reformgraph.queries import MAX_LIMIT, Catalogue, QueryService, slice_of
from reformgraph.release import open_release

CONNECTIONS = 16
LINES = 10_000  # more than any system answers in one sample
ROUNDS = 6  # at most: each has limits of its own
MOST_FOR_ALL = 200_000  # triples: over more of them both systems take more than a sample for one answer


@dataclass(frozen=True)
class Question:
    """A canned query with its parameters, one for each request in turn."""

    name: str
    parameters: Sequence[dict[str, str]]


def questions(release: Path) -> dict[str, Question]:
    """One row, one page, an aggregate of one metric and one of all, over things of the made-up graph."""
    opened = open_release(release)
    with opened.engine() as engine:
        found = engine.query(f"SELECT ?o {{ ?o a <{BASE}ns#Observation> }} ORDER BY ?o LIMIT 200")
        assert isinstance(found, ox.QuerySolutions)
        observations = [row["o"].value for row in found]
        found = engine.query(f"SELECT DISTINCT ?a {{ ?o <{BASE}ns#agency> ?a }} ORDER BY ?a LIMIT 200")
        assert isinstance(found, ox.QuerySolutions)
        agencies = [row["a"].value for row in found]
        found = engine.query(f"SELECT DISTINCT ?m {{ ?o <{BASE}ns#metric> ?m }} ORDER BY ?m LIMIT 200")
        assert isinstance(found, ox.QuerySolutions)
        metrics = [row["m"].value for row in found]
    return {
        "one row": Question("evidence", [{"observation": iri} for iri in observations]),
        "one page": Question("agency-profile", [{"agency": iri} for iri in agencies]),
        "aggregate": Question("coverage", [{"metric": iri} for iri in metrics]),
    } | ({"aggregate of all": Question("coverage", [{"min_agencies": str(least)} for least in range(1, 21)])}
         if opened.triples <= MOST_FOR_ALL else {})  # fmt: skip


def targets(question: Question, release: Path, round_: int) -> dict[str, list[str]]:
    """The same questions as each system is asked them: SPARQL JSON with all rows, each with a LIMIT of its own.

    So no line is asked twice, and no cache of answers has seen it; the limits are above what there is.
    """
    opened = open_release(release)
    limits = range(1000 + round_, MAX_LIMIT, ROUNDS)[: -(-LINES // len(question.parameters))]
    with opened.engine() as engine:
        service = QueryService(engine, Catalogue.read(ROOT / "queries"), opened.id)
        given = [{key: [value] for key, value in each.items()} for each in question.parameters]
        texts = [service.ask(question.name, each).text for each in given]
    accept = "\tAccept: application/sparql-results+json"
    ours = [
        f"/queries/{question.name}.srj?{urlencode({**each, 'limit': limit})}"
        for limit in limits
        for each in question.parameters
    ]
    theirs = [quote(text + slice_of(limit, 0)) + accept for limit in limits for text in texts]
    return {
        "reformgraph": ours,
        "oxigraph": ["/query?query=" + line for line in theirs],
        "rdflib-endpoint": ["/sparql?query=" + line for line in theirs],
    }


def load(url: str, lines: Sequence[str], seconds: int) -> dict[str, float]:
    """Requests a second and latencies (ms) under `wrk`; raises where an answer is no success."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        command = [
            "wrk",
            "-t1",
            f"-c{CONNECTIONS}",
            f"-d{seconds}s",
            "--latency",
            "-s",
            str(ROOT / "bench" / "load.lua"),
        ]
        told = subprocess.run(
            [*command, url], env={**os.environ, "TARGETS": file.name}, capture_output=True, text=True, check=False
        )
    if told.returncode or ("Non-2xx" in told.stdout and "304" not in lines[0]):
        raise RuntimeError(told.stdout + told.stderr)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told.stdout)
    assert rate is not None, told.stdout
    return {"per_second": float(rate[1])} | {f"p{p}_ms": _latency(told.stdout, p) for p in (50, 99)}


def _latency(told: str, percent: int) -> float:
    found = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s|m)", told)
    assert found is not None, told
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[found[2]]


@contextmanager
def systems(release: Path, processes: int, rdflib_python: Path | None) -> Iterator[dict[str, str]]:
    """Name -> address of all systems over one graph, running side by side."""
    with ExitStack() as stack:
        started = {
            "reformgraph": stack.enter_context(ours(release, processes)),
            "oxigraph": stack.enter_context(oxigraph(release)),
        }
        if rdflib_python:
            started["rdflib-endpoint"] = stack.enter_context(endpoint(release, rdflib_python))
        yield started


def fresh(release: Path, started: dict[str, str], rounds: int, seconds: int, tell: Callable[[str], None]) -> list[dict]:
    """Samples of questions that no cache has seen: the systems in turn, round after round."""
    samples = []
    for kind, question in questions(release).items():
        for number in range(rounds):
            asked = targets(question, release, number)
            for system, url in started.items():
                cell = load(url, asked[system], seconds)
                samples.append({"kind": kind, "system": system, "round": number, **cell})
                tell(f"{release.name} {kind:10} {system:16} {cell['per_second']:10.1f}/s")
    return samples


def repeated(url: str, processes: int, rounds: int, seconds: int, tell: Callable[[str], None]) -> list[dict]:
    """A repeated question and its 304, beside constant bytes of the same size from FastAPI."""
    path = "/queries/agency-profile?" + urlencode({"agency": BASE + "agency/made-up-0"})
    with urlopen(url + path) as answer:
        size, etag = len(answer.read()), answer.headers["ETag"]
    cells = {"cached": (url, path), "304": (url, f"{path}\tIf-None-Match: {etag}")}
    samples = []
    with constant(size, processes) as peer:
        for number in range(rounds):
            for system, (address, line) in {**cells, "constant": (peer, "/")}.items():
                cell = load(address, [line], seconds)
                samples.append({"kind": "repeated", "system": system, "round": number, **cell})
                tell(f"repeated {system:10} {cell['per_second']:10.1f}/s")
    return samples


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, nargs="+", default=[5_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=5, choices=range(1, ROUNDS + 1))
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--releases", type=Path, default=ROOT / ".cache" / "bench")
    parser.add_argument("--rdflib-python", type=Path, help="Python of an environment with rdflib-endpoint")
    parser.add_argument("--rdflib-most", type=int, default=100_000, help="largest graph that rdflib is asked to hold")
    options = parser.parse_args()
    graphs = []
    for triples in options.triples:
        release = write_release(triples, options.releases, ROOT)
        python = options.rdflib_python if triples <= options.rdflib_most else None
        with systems(release, options.processes, python) as started:
            samples = fresh(release, started, options.rounds, options.seconds, print)
            samples += repeated(started["reformgraph"], options.processes, options.rounds, options.seconds, print)
        graphs.append({"triples": triples, "samples": samples})
        save("speed", {"graphs": graphs})


if __name__ == "__main__":
    main()
