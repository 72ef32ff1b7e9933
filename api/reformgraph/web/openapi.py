"""The OpenAPI document: shared schemas, and what FastAPI would say of errors that we answer otherwise."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

_PROBLEM = {
    "type": "object",
    "title": "Problem (RFC 9457)",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "parameter": {"type": "string"},
        "allowed": {"type": "array", "items": {"type": "string"}},
        "nearest": {"type": "array", "items": {"type": "string"}},
    },
}
_ROWS = {
    "type": "object",
    "title": "Rows of a canned query",
    "required": ["query", "version", "release", "parameters", "columns", "columnTitles", "rows", "next"],
    "properties": {
        "query": {"type": "string"},
        "version": {"type": "string"},
        "release": {"type": "string"},
        "parameters": {"type": "object"},
        "columns": {"type": "array", "items": {"type": "string"}},
        "columnTitles": {"type": "object", "additionalProperties": {"type": "string"}},
        "rows": {"type": "array", "items": {"type": "object"}},
        "next": {"type": ["string", "null"], "format": "uri"},
    },
}


def describe(app: FastAPI) -> None:
    """Give the application its OpenAPI document: FastAPI's own with our schemas and our form of 422."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = generate()
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            schemas |= {"Problem": _PROBLEM, "Rows": _ROWS}
            _replace_validation_errors(document)
            _free_json(document)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _free_json(document: dict[str, Any]) -> None:
    """Where a media type is JSON and all that is said of it is that it is text, say nothing."""
    for operations in document["paths"].values():
        for operation in operations.values():
            for response in operation.get("responses", {}).values():
                for media_type, told in response.get("content", {}).items():
                    if media_type.endswith("json") and told.get("schema") == {"type": "string"}:
                        told["schema"] = {}


def _replace_validation_errors(document: dict[str, Any]) -> None:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in document["paths"].values():
        for operation in operations.values():
            responses = operation.get("responses", {})
            if "422" in responses:
                # A browser is told on the page that it asked for, the form with the reason.
                page: dict[str, Any] = (
                    {"text/html": {}} if "text/html" in responses.get("200", {}).get("content", {}) else {}
                )
                responses["422"] = {"description": "A parameter does not fit", "content": problem | page}
