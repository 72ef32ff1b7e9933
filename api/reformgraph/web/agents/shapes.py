"""What the tools answer: typed objects, in which no number is without its unit, period, bound, voice and evidence.

Names of members are those of the JSON of `/queries` and `/compare`; each has a line that tells what it means, which
reaches the agent as the schema of the tool.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

CURSOR = "Give it as `cursor` to get what follows; null at the end"


class Shape(BaseModel):
    """A model whose members are called in JSON as everywhere in this service."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Named(Shape):
    """A thing with its names."""

    iri: str
    zh: str | None = None
    en: str | None = None


class Span(Shape):
    """Where in a report the words stand."""

    document: str = Field(description="Key of the report: first 12 hex digits of the SHA-256 of its bytes")
    document_title: str | None = Field(None, description="Title of the report, in Chinese")
    start: int = Field(description="Offset of the first character in the report, in Unicode code points from 0")
    end: int = Field(description="Offset after the last character")
    exact: str = Field(description="The words of the report between start and end")


class Period(Shape):
    """The days that a figure is of, or that a change is measured from."""

    start: str | None = None
    end: str | None = None
    inferred: bool = Field(description="Whether we inferred it; the report does not tell it")


class Figure(Shape):
    """One figure that a report states: a claim of somebody, not a fact. Cite it by its iri."""

    iri: str
    metric: Named
    value: int | float | None = Field(description="The number in base units; null where the words tell none")
    unit: str = Field(description="IRI of the unit")
    unit_word: str | None = Field(description="The unit in the words of the report")
    bound: str = Field(description="exact, approx, over, at-least, under, up-to or top-n: never quote value without it")
    lower: int | float | None = None
    upper: int | float | None = None
    kind: str = Field(description="level, share, ratio, change, change-pp, rank, money or duration")
    modality: str = Field(description="achieved, in-progress, planned, target or required")
    period: Period | None = Field(description="null where the report tells no period")
    baseline: Period | None = Field(None, description="What a change is measured from")
    agency: Named = Field(description="The body whose work the figure tells")
    area: Named | None = None
    claimant: Named = Field(description="Who makes the claim")
    voice: str = Field(description="How near the speaker is: self-report, oversight, media and so on")
    data_source: Named | None = Field(None, description="The source that the claimant names for the figure")
    evidence: Span
    inferred: list[str] = Field(description="Fields that we inferred from the context")


class Answer(Shape):
    """What every answer tells."""

    release: str = Field(description="Identifier of the release of the graph that answered: cite it")


class Match(Shape):
    """A thing or figure that a search found."""

    iri: str
    kind: str
    zh: str | None
    en: str | None
    matched: str = Field(description="The words that matched")
    field: str = Field(description="label, alias, or evidence: the words of a report")
    evidence: Span | None = Field(None, description="Where the words stand, if they are of a report")
    figure: Figure | None = Field(None, description="The figure, if it is one")


class SearchAnswer(Answer):
    """Results, best first."""

    total: int
    facets: dict[str, int] = Field(description="How many results of each kind there are; narrow with `kinds`")
    results: list[Match]
    nearest: list[Named] = Field(description="Names that are written or pronounced nearly so, where nothing is found")
    next: str | None = Field(description=CURSOR)


class Verdict(Shape):
    """How two figures compare."""

    left: str = Field(description="IRI of a figure")
    right: str = Field(description="IRI of a figure")
    verdict: str = Field(description="comparable, with-care or not-comparable")
    reasons: list[dict[str, Any]] = Field(description="Why, each with code, verdict and a sentence in zh and en")
    order: str | None = Field(description="left-greater, right-greater, equal or cannot-tell; null if not comparable")
    difference: dict[str, Any] | None = Field(description="left - right as an interval with its unit")
    ratio: dict[str, Any] | None = Field(description="left / right as an interval")


class Finding(Shape):
    """What validation or audit found about the figure."""

    rule: str
    severity: str
    zh: str | None
    en: str | None


class ClaimAnswer(Answer):
    """One figure with all its spans, and how other figures of its metric compare with it."""

    figure: Figure
    spans: list[Span]
    others: list[Figure] = Field(description="Other figures of the metric, those that compare best first")
    verdicts: list[Verdict] = Field(description="On the figure (left) and each of the others (right)")
    findings: list[Finding]


class ParameterShape(Shape):
    """A parameter of a canned query."""

    name: str
    kind: str = Field(description="A kind of thing (label, alias, CURIE or IRI are read), a code list, or a type")
    explanation: str
    required: bool
    many: bool = Field(description="Whether it takes a list")
    example: str | None
    allowed: list[str] | None = Field(None, description="The words of a code list")


class CannedQueryShape(Shape):
    """A question that the graph answers as it stands."""

    name: str
    question: str
    question_zh: str
    parameters: list[ParameterShape]
    columns: list[str]
    tags: list[str]


class CatalogueAnswer(Answer):
    """The canned queries."""

    queries: list[CannedQueryShape]


class RowsAnswer(Answer):
    """Rows of a canned query. Read numbers of claims in `figures`; other numbers are counts over the graph."""

    query: str
    version: str
    parameters: dict[str, Any] = Field(description="How each value was read")
    columns: dict[str, str] = Field(description="Title of each column")
    rows: list[dict[str, Any]]
    figures: dict[str, Figure] = Field(description="Every figure that a cell of the rows names, by its iri")
    next: str | None = Field(description=CURSOR)


class CompareAnswer(Answer):
    """Figures of one metric side by side."""

    metric: Named
    verdict: str | None = Field(description="The gravest over pairs of different places; null where there is no pair")
    figures: list[Figure]
    pairs: list[Verdict]
    missing: list[dict[str, Any]] = Field(description="Places without a number, why, and what is told instead")
    notes: list[dict[str, Any]] = Field(description="What to heed when figures of the metric are compared")
    next: str | None = Field(description="For further pairs. " + CURSOR)
