"""What a page of each type takes of a service that was just started: `python bench/pages.py`.

For each type the processor time of the service for the first answer of a page and for the same page again, and the
bytes of the page. Processor time is that of all threads of the service, read from `/proc`, so that other work on the
machine does not count; what the service makes ahead after its start is awaited first. All goes to
`bench/results/pages.json`.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

from peers import free_port, running
from runs import ROOT, save

sys.path.append(str(ROOT / "tests" / "pages"))
from page_types import PAGES

TICK = os.sysconf("SC_CLK_TCK")
AHEAD = 20.0  # s until all is made that is made ahead
REPEATS = 3  # languages and unknown parameters make the same page again for a cache that does not know it


def cpu(process: int) -> float:
    """ms of processor time that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / TICK


def ask(url: str) -> int:
    """Bytes of an answer, whatever its status."""
    try:
        with urlopen(Request(url, headers={"Accept": "text/html", "Accept-Language": "zh"})) as answer:
            return len(answer.read())
    except OSError as error:
        return len(error.read()) if hasattr(error, "read") else 0


def main() -> None:
    port = free_port()
    measured = {}
    command = [sys.executable, "-m", "reformgraph", "serve", "--port", str(port), "--workers", "1"]
    with running(command, port, "/ready") as process:
        time.sleep(AHEAD)
        for name, path in PAGES.items():
            url = f"http://127.0.0.1:{port}" + quote(path, safe="/?=&%:+")
            begun = cpu(process.pid)
            size = ask(url)
            first = cpu(process.pid) - begun
            mark = "&" if "?" in url else "?"
            for number in range(REPEATS):
                ask(f"{url}{mark}lang={('zh', 'en', 'zh')[number]}{'&release=' * (number == 2)}")
            again = (cpu(process.pid) - begun - first) / REPEATS
            ask(url)
            measured[name] = {"first": first, "again": round(again, 1), "bytes": size}
    save("pages", {"pages": measured})
    for name, found in sorted(measured.items(), key=lambda item: -item[1]["first"]):
        sys.stdout.write(f"{found['first']:7.0f} {found['again']:7.1f} {found['bytes']:8} {name}\n")


if __name__ == "__main__":
    main()
