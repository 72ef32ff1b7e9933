"""The least of FastAPI that answers a query from a store: `python bench/bare_server.py STORE QUERY PORT`.

No parameters, no formats, no checks: what a start costs in Python, to hold ours against on the same machine.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyoxigraph as ox
import uvicorn
from fastapi import FastAPI
from fastapi.responses import Response

app = FastAPI()
store = ox.Store.read_only(sys.argv[1])
text = Path(sys.argv[2]).read_text("utf-8") + "\nLIMIT 5"


@app.get("/")
def answer() -> Response:
    solutions = store.query(text, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    return Response(solutions.serialize(format=ox.QueryResultsFormat.JSON), media_type="application/json")


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[3]), log_level="error", access_log=False)
