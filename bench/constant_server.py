"""A FastAPI endpoint that returns constant bytes: `python bench/constant_server.py SIZE PORT PROCESSES`."""

from __future__ import annotations

import os
import sys

import uvicorn
from fastapi import FastAPI
from fastapi.responses import Response

BODY = b"x" * int(os.environ.get("CONSTANT_SIZE", "0"))
app = FastAPI()


@app.get("/")
async def constant() -> Response:
    return Response(BODY, media_type="application/json")


if __name__ == "__main__":
    os.environ["CONSTANT_SIZE"] = sys.argv[1]
    here = os.path.dirname(os.path.abspath(__file__))
    uvicorn.run("constant_server:app", port=int(sys.argv[2]), workers=int(sys.argv[3]), log_level="error",
                access_log=False, app_dir=here)  # fmt: skip
