"""The killable process: opens a store read-only behind the wall, and answers one query at a time.

`process.WorkerProcess` starts it (`python -m reformgraph.engines.sandbox PATH MEMORY CPU_SECONDS
ANSWER_BYTES`) and talks to it over two pipes. It is not started by multiprocessing: so it inherits no
file, no thread and no `__main__`, and imports pyoxigraph and little else.
"""

from __future__ import annotations

import io
import json
import struct
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import pyoxigraph as ox

from reformgraph.engines.base import QueryResult, RdfDataset, engine_errors
from reformgraph.engines.embedded import evaluate, open_read_only
from reformgraph.errors import AnswerTooLargeError, NotAcceptableError, ReformgraphError

if sys.platform == "linux":
    from reformgraph.engines import wall

_LENGTH = struct.Struct("!Q")


def write_frame(stream: BinaryIO, data: bytes) -> None:
    """Write a length of eight bytes and the data."""
    view = memoryview(_LENGTH.pack(len(data)) + data)
    while view:
        view = view[stream.write(view) :]


def read_frame(stream: BinaryIO) -> bytes:
    """Read what `write_frame` wrote; `EOFError` if the other side is gone."""
    (length,) = _LENGTH.unpack(_read_exactly(stream, _LENGTH.size))
    return _read_exactly(stream, length)


def main() -> None:
    """Say hello or why not, then answer requests until the parent closes the pipe."""
    path, memory, cpu_seconds, answer_bytes = sys.argv[1], *map(int, sys.argv[2:5])
    requests, replies = io.FileIO(0, "r"), io.FileIO(1, "w")
    try:
        store = _open_walled(Path(path), memory)
    except ReformgraphError as error:
        return write_frame(replies, described(error))
    write_frame(replies, b"{}")
    while True:
        try:
            request = json.loads(read_frame(requests))
        except EOFError:
            return None
        if sys.platform == "linux":
            wall.allow_cpu(cpu_seconds)
        try:
            header, body = _answer(store, request, answer_bytes)
        except ReformgraphError as error:
            header, body = described(error), b""
        except MemoryError:
            header, body = described(AnswerTooLargeError("its memory ran out")), b""
        write_frame(replies, header)
        write_frame(replies, body)


def _answer(store: ox.Store, request: dict[str, Any], answer_bytes: int) -> tuple[bytes, bytes]:
    query, dataset = request["query"], request["dataset"]
    output = _Capped(answer_bytes)
    with engine_errors(query):
        result = evaluate(store, query, None if dataset is None else RdfDataset(*map(tuple, dataset)))
        form, media_type = _serialize(result, request["solutions"], request["graph"], output)
    return json.dumps({"form": form, "media_type": media_type}).encode(), output.getvalue()


def _serialize(result: QueryResult, solutions: str, graph: str, output: io.BytesIO) -> tuple[str, str]:
    """Write the result; returns its form and the media type that was chosen for that form."""
    if isinstance(result, ox.QueryTriples):
        graph_format = ox.RdfFormat.from_media_type(graph)
        result.serialize(output, graph_format)
        return "construct", graph
    solutions_format = ox.QueryResultsFormat.from_media_type(solutions)
    if isinstance(result, ox.QuerySolutions):
        result.serialize(output, solutions_format)
        return "select", solutions
    booleans = (ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.XML)
    if solutions_format not in booleans:  # SPARQL 1.1 CSV and TSV have no boolean
        raise NotAcceptableError(solutions, [each.media_type for each in booleans])
    result.serialize(output, solutions_format)
    return "ask", solutions


class _Capped(io.BytesIO):
    """A buffer that refuses to grow past a size, so that an endless answer ends there."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self._size:
            raise AnswerTooLargeError(f"more than {self._size} bytes")
        return super().write(data)


def _open_walled(path: Path, memory: int) -> ox.Store:
    """The store, with all that this process may do already narrowed (on Linux; elsewhere not at all)."""
    if sys.platform != "linux":
        return open_read_only(path)
    filtered = wall.forbid_sockets()
    store = open_read_only(path)
    if not filtered:
        store = _copy_in_memory(store)
    wall.limit_memory(memory)
    if not filtered:
        wall.forbid_files()
    return store


def _copy_in_memory(store: ox.Store) -> ox.Store:
    copy = ox.Store()
    for graph in store.named_graphs():
        copy.add_graph(graph)
    copy.bulk_extend(store.quads_for_pattern(None, None, None, None))
    return copy


def described(error: ReformgraphError) -> bytes:
    """The header of a reply that is an error: its class and its data."""
    return json.dumps({"error": type(error).__name__, "fields": asdict(error)}, default=str).encode()  # type: ignore[call-overload]


def _read_exactly(stream: BinaryIO, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        chunk = stream.read(min(size - len(data), 1 << 20))
        if not chunk:
            raise EOFError
        data += chunk
    return bytes(data)


if __name__ == "__main__":
    main()
