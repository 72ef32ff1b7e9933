"""A minute of requests made from our OpenAPI document: none may find an undeclared status, type or fault."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from serving import serving

CONFIG = Path(__file__).parent / "schemathesis.toml"


def test_schemathesis_finds_nothing(tmp_path: Path) -> None:
    with serving("--deadline", "2") as url:
        command = [str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(CONFIG), "run"]
        options = ["--max-time", "60", "--seed", "1", "--no-color", "--warnings", "off"]
        found = subprocess.run(
            [*command, f"{url}/openapi.json", *options],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
    assert found.returncode == 0, found.stdout[-8000:] + found.stderr[-2000:]
