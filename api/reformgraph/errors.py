"""Every error that reformgraph raises on purpose; callers see these and nothing else.

    ReformgraphError
    ├── InputError                 somebody's input is wrong: an HTTP route answers 4xx
    │   ├── NotFoundError          a name that is not there, with the nearest names
    │   ├── ParameterError         a parameter that is unknown, missing or ill-typed
    │   ├── QuerySyntaxError       SPARQL that does not parse, with line and column
    │   ├── QueryRefusedError      SPARQL that we do not run: update, SERVICE, too large, unknown graph
    │   ├── EvaluationError        SPARQL that the engine cannot evaluate
    │   ├── DataSyntaxError        RDF that does not parse, with line and column
    │   ├── DataRefusedError       RDF that we do not read: a context from elsewhere, too much to check
    │   ├── BodyTooLargeError      a body beyond the size that is stated
    │   ├── UnsupportedSyntaxError a syntax of RDF that we do not read
    │   └── NotAcceptableError     no format that the caller accepts
    ├── LimitError                 the service is at a limit: an HTTP route answers 503
    │   ├── QueryTimeoutError      the deadline passed
    │   ├── CheckTimeoutError      the deadline passed while data were checked
    │   ├── AnswerTooLargeError    memory or bytes ran out
    │   └── BusyError              the queue is full
    ├── EndpointError              a remote SPARQL endpoint failed or is silent: 502 or 504
    ├── SourceFileError            a file of ours (Turtle, query, settings) is wrong: file, line, reason
    ├── MissingLibraryError        an answer needs a library that is not installed: an HTTP route answers 501
    ├── MissingFontError           a picture needs a font that is not installed: an HTTP route answers 501
    └── ReleaseError               no release, or one that cannot be opened or built

The classes carry data and build their message; how they look over HTTP is decided in `web/problems.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


class ReformgraphError(Exception):
    """Base of all errors raised on purpose; `str()` of each gives cause and remedy in one or two sentences."""


class InputError(ReformgraphError):
    """The caller's input is wrong; the same input will fail again."""


@dataclass
class NotFoundError(InputError):
    """Nothing of this kind has this name."""

    kind: str
    name: str
    nearest: Sequence[str] = ()

    def __str__(self) -> str:
        hint = f" Nearest: {', '.join(self.nearest)}." if self.nearest else ""
        return f"There is no {self.kind} named {self.name!r}.{hint}"


@dataclass
class ParameterError(InputError):
    """A parameter is unknown, missing, or has a value that it cannot have."""

    parameter: str
    reason: str
    allowed: Sequence[str] = ()

    def __str__(self) -> str:
        hint = f" Allowed: {', '.join(self.allowed)}." if self.allowed else ""
        return f"Parameter {self.parameter!r}: {self.reason}{hint}"


@dataclass
class QuerySyntaxError(InputError):
    """SPARQL that does not parse; line and column count from 1, 0 where the parser does not tell."""

    reason: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        place = f" at line {self.line}, column {self.column}" if self.line else ""
        return f"The query does not parse{place}: {self.reason}"


@dataclass
class QueryRefusedError(InputError):
    """SPARQL that parses, perhaps, but that this service does not run."""

    reason: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"The query is refused: {self.reason}" + (f" {self.remedy}" if self.remedy else "")


@dataclass
class EvaluationError(InputError):
    """The engine met something that it cannot evaluate, such as an unknown function."""

    reason: str

    def __str__(self) -> str:
        return f"The query cannot be evaluated: {self.reason}"


@dataclass
class DataSyntaxError(InputError):
    """RDF that does not parse; line and column count from 1, 0 where the parser does not tell."""

    source: str
    reason: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        place = f":{self.line}:{self.column}" if self.line else ""
        return f"{self.source}{place}: {self.reason}"


@dataclass
class DataRefusedError(InputError):
    """RDF that parses, perhaps, but that is not checked."""

    reason: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"The data are refused: {self.reason}" + (f" {self.remedy}" if self.remedy else "")


@dataclass
class BodyTooLargeError(InputError):
    """The body of a request is larger than this service reads."""

    limit: int

    def __str__(self) -> str:
        return f"The body is larger than {self.limit} bytes. Send less, or use the command line on your own machine."


@dataclass
class UnsupportedSyntaxError(InputError):
    """A syntax that is not read here."""

    given: str
    offered: Sequence[str]

    def __str__(self) -> str:
        return f"{self.given} is not read here. Read are: {', '.join(self.offered)}."


@dataclass
class NotAcceptableError(InputError):
    """None of the offered media types is acceptable."""

    asked: str
    offered: Sequence[str]

    def __str__(self) -> str:
        return f"No offered format fits {self.asked!r}. Offered: {', '.join(self.offered)}."


@dataclass
class LimitError(ReformgraphError):
    """The service is at one of its limits; `retry_after` seconds is a fair time to wait."""

    retry_after: int = field(default=5, kw_only=True)


@dataclass
class QueryTimeoutError(LimitError):
    """The query ran past its deadline and was stopped; no part of its answer is given."""

    seconds: float

    def __str__(self) -> str:
        return (
            f"The query was stopped after {self.seconds:g} s without an answer. "
            "Ask for less: name a graph, a type or a thing, or add a LIMIT to an unordered query."
        )


@dataclass
class CheckTimeoutError(LimitError):
    """Checking data ran past its deadline and was stopped; no part of the report is given."""

    seconds: float

    def __str__(self) -> str:
        return f"The check was stopped after {self.seconds:g} s without a report. Send less at once, or fewer shapes."


@dataclass
class AnswerTooLargeError(LimitError):
    """The query needed more memory, or its answer more bytes, than one question may have."""

    limit: str

    def __str__(self) -> str:
        return f"The answer is too large ({self.limit}). Page with ORDER BY, LIMIT and OFFSET, or load a dump."


@dataclass
class BusyError(LimitError):
    """All workers are busy and the queue is full."""

    def __str__(self) -> str:
        return f"All workers are busy. Try again in {self.retry_after} s."


@dataclass
class EndpointError(ReformgraphError):
    """A remote SPARQL endpoint refused, failed or did not answer in time."""

    endpoint: str
    reason: str
    timed_out: bool = False

    def __str__(self) -> str:
        return f"The SPARQL endpoint {self.endpoint} failed: {self.reason}"


@dataclass
class SourceFileError(ReformgraphError):
    """A file of the graph, the shapes or the queries is wrong; line counts from 1, 0 where none is known."""

    path: Path | str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}" if self.line else f"{self.path}: {self.reason}"


@dataclass
class MissingLibraryError(ReformgraphError):
    """An optional library is not installed; `extra` names the group of `reformgraph[...]` that brings it."""

    library: str
    extra: str

    def __str__(self) -> str:
        return f"{self.library} is not installed here: pip install 'reformgraph[{self.extra}]' adds it."


@dataclass
class MissingFontError(ReformgraphError):
    """No font of the machine draws some characters that a picture needs."""

    text: str

    def __str__(self) -> str:
        return (
            f"No font here draws {self.text!r}: a package such as fonts-noto-cjk adds one. "
            "SVG and Vega-Lite JSON are drawn with the fonts of the reader."
        )


@dataclass
class ReleaseError(ReformgraphError):
    """There is no release that can be opened, or building one failed."""

    reason: str

    def __str__(self) -> str:
        return self.reason
