"""What OpenAPI says of a canned query: its parameters, those of every query, its answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reformgraph.canned.files import CannedQuery
from reformgraph.canned.geojson import place_column
from reformgraph.canned.heads import Parameter
from reformgraph.canned.views import OPERATORS
from reformgraph.queries import DEFAULT_LIMIT, MAX_LIMIT
from reformgraph.results import FORMATS

RELEASE = "^([0-9a-f]{12,64})?$"
ROW_FORMATS = ("json", "html", "csv", "tsv", "srj", "srx", "parquet", "xlsx", "crate", "rq")
GRAPH_FORMATS = ("ttl", "html", "nt", "jsonld", "rdf", "crate", "rq")


def formats_of(query: CannedQuery) -> tuple[str, ...]:
    """The suffixes that a query answers in, the default first; GeoJSON only where a column tells a place."""
    if query.form != "select":
        return GRAPH_FORMATS
    return (*ROW_FORMATS, "geojson") if place_column(query.columns) else ROW_FORMATS


def responses(query: CannedQuery) -> dict[int | str, dict[str, Any]]:
    """Every status and media type that the operation answers with."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    problem = {"application/problem+json": schema}
    shown = problem | {"text/html": {"schema": {"type": "string"}}}  # to browsers: the form with the reason
    content: dict[str, Any] = {FORMATS[n].media_type: {"schema": {"type": "string"}} for n in formats_of(query)}
    if query.form == "select":
        content["application/json"] = {"schema": {"$ref": "#/components/schemas/Rows"}}
        content |= {FORMATS[name].media_type: {} for name in ("parquet", "xlsx", "crate")}
    return {
        200: {"description": "The rows", "content": content},
        304: {"description": "Not modified since the ETag given"},
        406: {"description": "No acceptable format", "content": problem},
        422: {"description": "A parameter does not fit", "content": shown},
        501: {"description": "The library for this format is not installed", "content": problem},
        404: {"description": "The release that is asked for is not kept", "content": shown},
        503: {"description": "At a limit; see Retry-After", "content": problem},
    }


def operation(query: CannedQuery, method: str) -> dict[str, Any]:
    """The parameters of the operation: in the query of a GET, in the form of a POST."""
    parameters = [_parameter(p, query) for p in query.parameters]
    own = {parameter["name"] for parameter in parameters}
    parameters += [p for p in common(query) if p["name"] not in own]
    if method == "GET":
        return {"parameters": parameters}
    properties = {p["name"]: p["schema"] for p in parameters}
    required = [p["name"] for p in parameters if p["required"]]
    schema = {"type": "object", "properties": properties} | ({"required": required} if required else {})
    content = {"application/x-www-form-urlencoded": {"schema": schema}}
    return {"requestBody": {"content": content, "required": bool(required)}}


def _parameter(parameter: Parameter, query: CannedQuery) -> dict[str, Any]:
    kinds = {
        "integer": {"type": "integer"},
        "decimal": {"type": "number"},
        "date": {"type": "string", "format": "date"},
    }
    schema: dict[str, Any] = kinds.get(parameter.kind, {"type": "string"})
    example: Any = query.example.get(parameter.name, [parameter.example])[0]
    if parameter.many:
        schema, example = {"type": "array", "items": schema}, [example]
    declared = {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": f"{parameter.label['zh']} / {parameter.label['en']} ({parameter.kind})",
        "schema": schema,
    }
    # An example of an optional parameter would be filled in by clients that try the operation out.
    return declared | ({"example": example} if parameter.required or parameter.name in query.example else {})


def common(query: CannedQuery) -> list[dict[str, Any]]:
    """The parameters that every canned query has; those of rows only where the answer is rows."""
    shared = [
        _entry("format", "Format of the answer; a suffix of the path does the same", enum=list(formats_of(query)))
    ]
    shared += [_entry("lang", "Language of the page, of labels and of titles of columns", enum=["zh", "en"])]
    shared += [_entry("release", "A kept release, 12 to 64 hex digits; that of now if not given", pattern=RELEASE)]
    if query.form != "select":
        return shared
    return [
        _entry("limit", f"Rows on a page of JSON and HTML ({DEFAULT_LIMIT} if not given), or rows in all",
               type="integer", minimum=1, maximum=MAX_LIMIT),
        _entry("cursor", "Place to go on from, as `next` gives it"),
        _entry("sort", "Columns to order by, joined by commas, `-` before one for descending; absent cells come last"),
        _entry("filter", f"`column:operator:value`, repeated conditions hold together. Operators: {_listed(OPERATORS)}",
               type="array", items={"type": "string", "pattern": r"^$|^\w+:(" + "|".join(OPERATORS) + "):"}),
        _entry("fields", f"Columns to give, in this order, joined by commas, of {_listed(query.columns)}"),
        *shared,
        _entry("bom", "1 puts a byte order mark before CSV, for Excel", enum=["0", "1"]),
    ]  # fmt: skip


def _entry(name: str, description: str, **schema: Any) -> dict[str, Any]:
    schema = {"type": "string"} | schema
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
