"""Logs as lines of JSON on stderr: time, level, event, and the facts of the event."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from time import time
from typing import Any

_requests = logging.getLogger("reformgraph.requests")
LEVELS = ("debug", "info", "warning", "error")


_ENCODER = json.JSONEncoder(ensure_ascii=False, default=str)


class JsonLines(logging.Formatter):
    """One line of JSON for each record; `extra={"facts": {...}}` adds members of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its newline."""
        facts = getattr(record, "facts", {})
        if record.exc_info:
            facts = {**facts, "trace": self.formatException(record.exc_info)}
        return line(record.created, record.levelname.lower(), record.getMessage(), facts)


def line(seconds: float, level: str, event: str, facts: dict[str, Any]) -> str:
    """The line of an event at `seconds` since the epoch, without its newline."""
    told = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return _ENCODER.encode({"time": told, "level": level, "event": event, **facts})


def tell_request(facts: dict[str, Any]) -> None:
    """The line of one request, where such lines are told; without a record, which costs more than its line."""
    if not _requests.isEnabledFor(logging.INFO):
        return
    if _is_ours():
        sys.stderr.write(line(time(), "info", "request", facts) + "\n")
    else:
        _requests.info("request", extra={"facts": facts})


def _is_ours() -> bool:
    """Whether lines go where `configure` sends them: another host of the application has handlers of its own."""
    handlers = logging.root.handlers
    return len(handlers) == 1 and type(handlers[0].formatter) is JsonLines


def configure(level: str) -> None:
    """Send all logs of this process to stderr; of uvicorn only what goes wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.getLogger("uvicorn").setLevel(max(logging.WARNING, logging.getLevelName(level.upper())))
