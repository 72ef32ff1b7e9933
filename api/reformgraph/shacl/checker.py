"""The process that checks submissions: it holds our graph in memory behind the wall, and takes one at a time.

`checking.CheckPool` starts it by way of `engines.process` (`python -m reformgraph.shacl.checker RELEASE MEMORY
CPU_SECONDS ANSWER_BYTES`), with the frames of `engines.sandbox`: a request is a line of JSON and the data, a reply a
header and the report. All files are read before the first request; then the process can open nothing any more.
"""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from reformgraph.content import content_root
from reformgraph.engines.sandbox import described, read_frame, write_frame
from reformgraph.errors import AnswerTooLargeError, ReformgraphError, ReleaseError
from reformgraph.rules import read_rules
from reformgraph.shacl import submitted
from reformgraph.shacl.reports import FORMATS, Rendering, writer
from reformgraph.shacl.submissions import Ground
from reformgraph.validation import FAMILIES, read_shapes, rule_names

if sys.platform == "linux":
    from reformgraph.engines import wall

_WARMING = b"<https://example.org/x> a <https://w3id.org/reformgraph/ns#Observation> ."


@dataclass(frozen=True)
class Checker:
    """Our graph and the families of shapes."""

    ground: Ground
    shapes: dict[str, ox.Store]

    @classmethod
    def open(cls, release: Path) -> Checker:
        """Read a release directory into memory, the shapes and the rules; ReleaseError if there is none."""
        root, store = content_root(), ox.Store()
        try:
            store.bulk_load(path=str(release / "release.nq"), format=ox.RdfFormat.N_QUADS)
        except OSError as error:
            raise ReleaseError(f"No release at {release}: {error.strerror}.") from None
        ground = Ground.of(store, read_rules(root / "queries" / "rules"))
        return cls(ground, {family: read_shapes(root, family) for family in FAMILIES})

    def reply(self, header: dict[str, str], data: bytes) -> bytes:
        """The report on some data, as the header asks for it."""
        shapes = self.shapes[header["shapes"]]
        report = self.ground.check([submitted.read(data, header["syntax"])], shapes)
        return writer(header["format"])(report, Rendering(header["language"], rules=rule_names(shapes)))

    def warm_up(self) -> None:
        """Check something, and tell it in every format: so all modules are in before the wall closes."""
        report = self.ground.check([submitted.read(_WARMING, "ttl")], self.shapes["core"])
        for format_ in FORMATS:
            writer(format_)(report, Rendering())


def main() -> None:
    """Say hello or why not, then answer requests until the parent closes the pipe."""
    release, memory, cpu_seconds, answer_bytes = Path(sys.argv[1]), *map(int, sys.argv[2:5])
    requests, replies = io.FileIO(0, "r"), io.FileIO(1, "w")
    try:
        checker = _walled(release, memory)
    except ReformgraphError as error:
        return write_frame(replies, described(error))
    write_frame(replies, b"{}")
    while True:
        try:
            header, _, data = read_frame(requests).partition(b"\n")
        except EOFError:
            return None
        if sys.platform == "linux":
            wall.allow_cpu(cpu_seconds)
        for frame in _frames(checker, json.loads(header), data, answer_bytes):
            write_frame(replies, frame)


def _frames(checker: Checker, header: dict[str, Any], data: bytes, answer_bytes: int) -> tuple[bytes, bytes]:
    """The header and body of a reply."""
    try:
        body = checker.reply(header, data)
        if len(body) > answer_bytes:
            raise AnswerTooLargeError(f"more than {answer_bytes} bytes")
    except ReformgraphError as error:
        return described(error), b""
    except MemoryError:
        return described(AnswerTooLargeError("its memory ran out")), b""
    return json.dumps({"form": "report", "media_type": header["format"]}).encode(), body


def _walled(release: Path, memory: int) -> Checker:
    """The checker, with all that this process may do narrowed (on Linux; elsewhere not at all)."""
    if sys.platform == "linux":
        wall.forbid_sockets()
    checker = Checker.open(release)
    checker.warm_up()
    if sys.platform == "linux":
        wall.limit_memory(memory)
        wall.forbid_files()
    return checker


if __name__ == "__main__":
    main()
