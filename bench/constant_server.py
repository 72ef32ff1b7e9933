"""A FastAPI endpoint that returns constant bytes: `python bench/constant_server.py SIZE PORT PROCESSES`."""

from __future__ import annotations

import os
import sys

import uvicorn
from fastapi import FastAPI
from fastapi.responses import Response

from reformgraph.web.listening import Spreading, listen

BODY = b"x" * int(os.environ.get("CONSTANT_SIZE", "0"))
app = FastAPI()


@app.get("/")
async def constant() -> Response:
    return Response(BODY, media_type="application/json")


if __name__ == "__main__":
    os.environ["CONSTANT_SIZE"] = sys.argv[1]
    here = os.path.dirname(os.path.abspath(__file__))
    config = uvicorn.Config("constant_server:app", workers=int(sys.argv[3]), log_level="error", access_log=False)
    sys.path.insert(0, here)
    Spreading(config, listen("127.0.0.1", int(sys.argv[2]))).run()
