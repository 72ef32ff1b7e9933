"""`/queries/{name}/arrange`: a condition, put together by a form, goes into the address of the answer.

A form without script sends column, operator and value apart; `filter` has them in one. This redirects, and answers
nothing itself, so that every answer keeps one address.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from reformgraph.web.dependencies import SiteOf

routes = APIRouter(include_in_schema=False)


@routes.get("/queries/{name}/arrange")
def arrange(
    request: Request,
    site: SiteOf,
    name: str,
    column: str = "",
    operator: str = "has",
    value: str = "",
    kept: str = "",
    lang: str = "",
) -> RedirectResponse:
    """303 to the answer with the condition added; with `eq` and `ne` an empty value asks for absence."""
    site.queries.catalogue.get(name)
    pairs = parse_qsl(kept)
    if column and (value.strip() or operator in ("eq", "ne")):
        pairs.append(("filter", f"{column}:{operator}:{value.strip()}"))
    pairs += [("lang", lang)] if lang else []
    root = request.scope.get("root_path", "").rstrip("/")
    return RedirectResponse(f"{root}/queries/{name}" + (f"?{urlencode(pairs)}" if pairs else ""), 303)
