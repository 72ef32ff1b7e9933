"""rdflib-endpoint over the N-Quads of a release: `python bench/rdflib_endpoint_server.py RELEASE PORT`."""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint

release, port = Path(sys.argv[1]), int(sys.argv[2])
dataset = Dataset(default_union=True)
dataset.parse(release / "release.nq", format="nquads")
app = SparqlEndpoint(graph=dataset, path="/sparql")


@app.get("/health")
def health() -> str:
    return "ok"


uvicorn.run(app, port=port, log_level="error")
