"""`reformgraph validate` from outside."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest

from reformgraph.namespaces import SH

ROOT = Path(__file__).parents[2]
REPORT = (ROOT / "tests" / "fixtures" / "tiny" / "reports" / "a.ttl").read_text("utf-8")
FAULTY = REPORT.replace("rg:value 92.5", "rg:value 192.5")
SHARE = "https://w3id.org/reformgraph/shapes#Observation-shareRange"


def run(*words: str | Path, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "reformgraph", "validate", *map(str, words)]
    done = subprocess.run(command, input=stdin and stdin.encode(), capture_output=True, check=False)
    result = subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in result.stderr
    return result


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("data"), "faulty.ttl", FAULTY)


def violations(output: str) -> list[str]:
    return [result["shape"] for result in json.loads(output)["results"] if result["severity"] == "Violation"]


def test_standard_input_is_read_as_turtle_or_as_told(faulty: Path) -> None:
    done = run("-", "-f", "json", stdin=FAULTY)
    assert (done.returncode, violations(done.stdout)) == (1, [SHARE])
    triples = {quad.triple for quad in ox.parse(path=str(faulty))}
    lines = (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    assert violations(run("-", "--from", "nt", "-f", "json", stdin=lines).stdout) == [SHARE]


def test_the_syntax_of_a_file_is_told_by_its_suffix(tmp_path: Path, faulty: Path) -> None:
    triples = {quad.triple for quad in ox.parse(path=str(faulty))}
    text = (ox.serialize(triples, format=ox.RdfFormat.JSON_LD) or b"").decode()
    assert violations(run(write(tmp_path, "a.jsonld", text), "-f", "json").stdout) == [SHARE]


def test_several_files_are_several_reports(tmp_path: Path, faulty: Path) -> None:
    other = (ROOT / "tests" / "fixtures" / "tiny" / "reports" / "b.ttl").read_text("utf-8")
    done = run(faulty, write(tmp_path, "b.ttl", other), "-f", "json")
    assert (done.returncode, violations(done.stdout)) == (1, [SHARE])


def test_html_turtle_and_junit_hold_the_same_fault(faulty: Path) -> None:
    html = run(faulty, "-f", "html", "--lang", "zh")
    assert (html.returncode, 'lang="zh-Hans"' in html.stdout, SHARE in html.stdout) == (1, True, True)
    quads = list(ox.parse(run(faulty, "-f", "turtle").stdout, format=ox.RdfFormat.TURTLE))
    assert SHARE in {quad.object.value for quad in quads if quad.predicate.value == SH + "sourceShape"}  # type: ignore[union-attr]
    failures = ElementTree.fromstring(run(faulty, "-f", "junit").stdout.encode()).findall(".//failure")
    assert [failure.attrib["type"] for failure in failures] == ["Violation"]


def test_the_threshold_decides_what_fails(tmp_path: Path) -> None:
    doubtful = write(tmp_path, "a.ttl", REPORT.replace('skos:prefLabel "', 'skos:prefLabel "x" ; skos:prefLabel "', 1))
    assert run(doubtful, "--shapes", "core").returncode == 0
    assert run(doubtful, "--shapes", "core", "--severity", "warning").returncode == 1
    assert "Does not conform" in run(doubtful, "--shapes", "core", "--severity", "warning").stdout


def test_families_of_shapes(faulty: Path) -> None:
    assert violations(run(faulty, "--shapes", "plausibility", "-f", "json").stdout) == []
    assert violations(run(faulty, "--shapes", "core", "-f", "json").stdout) == [SHARE]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--shapes", "half"), 2, "core, plausibility, all"),
        (("--severity", "bad"), 2, "Violation, Warning, Info"),
        (("--lang", "fr"), 2, "zh, en"),
        (("--format", "pdf"), 2, "junit"),
        (("missing.ttl",), 2, "No such file"),
        (("data.rdf",), 3, "ttl, nt, trig, nq, jsonld"),
        (("--store", "missing"), 2, "no such folder"),
        (("--document", "000000000000"), 2, "826ec1811efe"),
        (("--scheduler", "tcp://127.0.0.1:9"), 2, "no Dask scheduler answers"),
    ],
)
def test_what_cannot_be_done_is_told_with_its_code(words: tuple[str, ...], code: int, told: str) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr


def test_a_syntax_error_names_file_line_and_column(tmp_path: Path) -> None:
    done = run(write(tmp_path, "broken.ttl", "<https://a/b> <https://a/c> 1 .\nx"))
    assert done.returncode == 2
    assert "broken.ttl:2:1: " in done.stderr


def test_one_document_of_the_graph_can_be_checked_alone() -> None:
    results = json.loads(run("--document", "826ec1811efe", "-f", "json").stdout)["results"]
    assert results
    assert all("826ec1811efe" in result["focus"] for result in results)


def test_processes_and_the_reference_give_the_same_report() -> None:
    alone = run("-f", "json")
    assert alone.returncode == 0
    assert json.loads(run("--jobs", "2", "-f", "json").stdout) == json.loads(alone.stdout)
    assert json.loads(run("--reference", "-f", "json").stdout) == json.loads(alone.stdout)
