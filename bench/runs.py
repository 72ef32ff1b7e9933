"""What every run of a benchmark notes beside its samples: commit, versions, cores."""

from __future__ import annotations

import json
import os
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_PACKAGES = ("reformgraph", "pyoxigraph", "oxigraph", "fastapi", "uvicorn")


def save(name: str, measured: dict[str, Any]) -> None:
    """Write `bench/results/<name>.json`: the samples with what they were measured on."""
    noted = {"commit": commit(), "versions": versions(), "cores": os.cpu_count(), **measured}
    path = ROOT / "bench" / "results" / f"{name}.json"
    path.write_text(json.dumps(noted, indent=1) + "\n", "utf-8")


def commit() -> str:
    """The commit of the checkout."""
    command = ["git", "rev-parse", "HEAD"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def versions() -> dict[str, str]:
    """Package -> version of what is measured and what it stands on."""
    return {name: version(name) for name in _PACKAGES}
