"""What every engine does: answer a SPARQL query over an RDF dataset with the result objects of pyoxigraph."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import pyoxigraph as ox

from reformgraph.errors import EvaluationError, QueryRefusedError, QuerySyntaxError
from reformgraph.tokens import from_clauses, undeclared_prefix

QueryResult = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


@dataclass(frozen=True)
class RdfDataset:
    """An exact RDF dataset (SPARQL 1.1 Protocol, 2.1.4): the graphs of the default graph, those of GRAPH."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Engine(ABC):
    """A store that answers SPARQL 1.1 queries. It trusts them: those of strangers go to `workers.WorkerPool`.

    Solutions and triples are read lazily and belong to the thread that asked: read or serialize them there.
    """

    @abstractmethod
    def query(self, query: str, dataset: RdfDataset | None = None) -> QueryResult:
        """The answer over `dataset`, else over the FROM clauses, else with the union as default graph.

        A dataset that is given replaces FROM, as the SPARQL protocol has it. Raises `QuerySyntaxError`,
        `EvaluationError`, and `QueryRefusedError` for a graph that the store does not have.
        """

    @abstractmethod
    def graphs(self) -> list[str]:
        """The IRIs of the named graphs, sorted."""

    @property
    def calls_labels(self) -> bool:
        """Whether queries over the union may call `labels.LABEL`, now and from now on."""
        return False

    def close(self) -> None:  # noqa: B027 - most stores need no closing
        """Let go of the store; the engine is not used afterwards."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def dataset_of(query: str, dataset: RdfDataset | None) -> RdfDataset | None:
    """The dataset of a question: the one given, else that of the FROM clauses, None for the union."""
    if dataset is not None:
        return dataset
    clauses = from_clauses(query)
    return None if clauses is None else RdfDataset(*clauses)


def require_graphs(dataset: RdfDataset, known: Callable[[str], bool]) -> None:
    """Raise `QueryRefusedError` for the first graph of a dataset that is not known."""
    for iri in dataset.default + dataset.named:
        if not known(iri):
            raise QueryRefusedError(
                f"there is no graph <{iri}>.", "SELECT ?graph { GRAPH ?graph {} } lists the graphs."
            )


@contextmanager
def engine_errors(query: str) -> Iterator[None]:
    """Turn what pyoxigraph raises, while it prepares an answer or while one is read, into errors of ours."""
    try:
        yield
    except SyntaxError as error:
        raise syntax_error(query, str(error)) from error
    except (RuntimeError, OSError, ValueError) as error:
        raise EvaluationError(str(error)) from error


def syntax_error(query: str, message: str) -> QuerySyntaxError:
    """The error for a parser's message, with its place where there is one (`error at 2:8: ...`).

    A prefix that is not declared is told as such: oxigraph names the tokens that it would have liked instead.
    """
    if (name := undeclared_prefix(query)) is not None:
        line = query.count("\n", 0, name.start) + 1
        column = name.start - query.rfind("\n", 0, name.start)
        return QuerySyntaxError(f"the prefix of {name.text} is not declared.", line, column)
    if (place := re.match(r"error at (\d+):(\d+): (.*)", message, re.DOTALL)) is None:
        return QuerySyntaxError(message)
    line, column = int(place[1]), int(place[2])
    before = query.split("\n")[line - 1][: column - 1] if query else ""
    # What oxigraph expected is often noise, but the reasons of its own checks stand among it.
    if sentence := re.search(r"(?:expected (?:one of )?|, )((?:The|An?|[A-Z][a-z]+) [a-zA-Z][^,\[]*)", place[3]):
        return QuerySyntaxError(sentence[1].strip(), line, column)
    return QuerySyntaxError(f"the parser gave up after {before[-30:]!r}.", line, column)


def triples_result(triples: Iterable[ox.Triple]) -> ox.QueryTriples:
    """A graph from elsewhere as the result of a CONSTRUCT query: a set, in no order."""
    store = ox.Store()
    store.bulk_extend(ox.Quad(*triple) for triple in triples)
    result = store.query("CONSTRUCT WHERE { ?s ?p ?o }")
    assert isinstance(result, ox.QueryTriples)
    return result
