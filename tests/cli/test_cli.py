"""The command line from outside."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

ROOT = Path(__file__).parents[2]
TEXT = ROOT / "tests" / "fixtures" / "tiny" / "a.txt"


def run(*words: str | Path, stdin: bytes | None = None) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "reformgraph", *map(str, words)], input=stdin, capture_output=True, check=False
    )
    result = subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in result.stderr
    return result


def test_the_whole_graph_conforms() -> None:
    done = run("validate", "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["counts"]["Violation"]) == (0, 0)


def test_a_faulty_report_does_not_and_only_its_faults_are_told(tmp_path: Path) -> None:
    case = tmp_path / "faulty.ttl"
    report = (ROOT / "tests" / "fixtures" / "tiny" / "reports" / "a.ttl").read_text("utf-8")
    case.write_text(report.replace("rg:value 92.5", "rg:value 192.5"), "utf-8")
    done = run("validate", case, "--lang", "zh")
    assert done.returncode == 1
    assert "Observation-shareRange" in done.stdout


def test_broken_turtle_is_an_error_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text("a b\nc")
    done = run("validate", tmp_path / "broken.ttl")
    assert done.returncode == 2
    assert "broken.ttl:1" in done.stderr


def test_every_span_and_figure_holds_against_the_texts(sources: Path) -> None:
    done = run("verify", "--sources", sources)
    assert done.returncode == 0, done.stderr
    assert "826ec1811efe: 429 spans, 27 figures" in done.stdout


def test_verify_without_the_texts_says_so(tmp_path: Path) -> None:
    done = run("verify", "--sources", tmp_path)
    assert done.returncode == 1
    assert "826ec1811efe: its text is not in" in done.stderr


def test_mentions_and_span_help_to_enter_a_report() -> None:
    listed = run("mentions", TEXT)
    assert "[4200余台]" in listed.stdout
    assert "over 4200 NUM 台" in listed.stdout
    span = run("span", TEXT, "4200余台")
    assert 'rg:exact "4200余台"' in span.stdout
    missing = run("span", TEXT, "9999台")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "not in the text" in missing.stderr


def test_mentions_reads_standard_input_and_refuses_what_is_no_text() -> None:
    assert "[下降三成]" in run("mentions", "-", stdin="投诉下降三成。".encode()).stdout
    assert "Not UTF-8" in run("mentions", "-", stdin=b"\xff\xfe").stderr


def test_queries_run_without_a_server() -> None:
    assert "observations" in run("query").stdout
    done = run("query", "observations", "agency=大连市公安局", "kind=change")
    assert done.stdout.count("\r\n") == 3
    wrong = run("query", "observation")
    assert wrong.returncode == 2
    assert "Nearest: observations" in wrong.stderr


def test_sparql_runs_without_a_server() -> None:
    assert run("sparql", "ASK { ?s ?p ?o }", "--format", "srj").stdout.startswith("{")
    assert run("sparql", "SELECT nonsense").returncode == 2


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["serve", "--help"], ["info"]])
def test_it_tells_about_itself(words: list[str]) -> None:
    assert run(*words).returncode == 0


def test_build_prints_the_directory_of_the_release_that_info_tells(tmp_path: Path) -> None:
    built, told = run("build"), json.loads(run("info").stdout)
    assert built.returncode == 0
    assert Path(built.stdout.strip()) == Path(told["path"])
    assert told["release"] in built.stderr
    assert sum(told["graphs"].values()) == told["triples"]


@pytest.mark.parametrize("format_", ["text", "json", "turtle"])
def test_validate_tells_in_every_format(format_: str) -> None:
    done = run("validate", "--format", format_)
    assert done.returncode == 0
    if format_ == "turtle":
        kinds = {str(quad.object) for quad in ox.parse(done.stdout, format=ox.RdfFormat.TURTLE)}
        assert "<http://www.w3.org/ns/shacl#ValidationReport>" in kinds


def test_a_text_that_changed_is_missing_because_texts_are_found_by_their_bytes(sources: Path, tmp_path: Path) -> None:
    for path in sources.glob("*.txt"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    changed = next(iter(sorted(tmp_path.glob("*.txt"))))
    changed.write_bytes(changed.read_bytes() + b"\n")
    done = run("verify", "--sources", tmp_path)
    assert done.stderr.count("its text is not in") == 1
    assert done.stdout.count(" spans, ") == 4
    assert done.returncode == 1


@pytest.mark.parametrize(
    "words",
    [
        ["query", "observations", "nope=1"],
        ["query", "observations", "from=yesterday"],
        ["query", "observations", "--format", "docx"],
        ["query", "observations", "kind"],
        ["sparql", "@no-such-file.rq"],
        ["sparql", "ASK {}", "--format", "docx"],
        ["mentions", "no-such-file.txt"],
        ["span", "no-such-file.txt", "x"],
        ["validate", "--format", "docx"],
        ["verify", "--sources", "no-such-folder"],
        ["no-such-command"],
        ["query", "observations", "--limit", "0"],
    ],
    ids=" ".join,
)
def test_a_users_mistake_is_one_of_exit_code_2_without_data(words: list[str]) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr
