"""Charts as they are asked for and sent: the look in the address, the picture in SVG or PNG, its Vega-Lite JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from reformgraph import results
from reformgraph.charts.drawing import available
from reformgraph.charts.look import SIZES, THEMES, Look, Spec
from reformgraph.errors import ParameterError
from reformgraph.results import Format
from reformgraph.web import respond
from reformgraph.web.charts.picturing import Picturing
from reformgraph.web.site import Site

FORMATS = ("svg", "png", "vegalite")
Suffix = Literal["svg", "png"]
# What a picture of a page takes from the page's own address besides its language.
_OWN = ("lang", "format", "theme", "size", "bom", "cursor")


def look(request: Request) -> Look:
    """The look that `lang`, `theme` and `size` ask for; ParameterError for a word that is none of theirs."""
    theme, size = (_word(request, name, allowed) for name, allowed in (("theme", THEMES), ("size", SIZES)))
    return Look(respond.language(request), theme, size)


def _word(request: Request, name: str, allowed: Sequence[str]) -> str:
    asked = request.query_params.get(name) or allowed[0]
    if asked not in allowed:
        raise ParameterError(name, f"{asked!r} is not offered here.", allowed)
    return asked


def send(site: Site, request: Request, chosen: Format, chart: Callable[[Picturing], Spec]) -> Response:
    """A chart in one of FORMATS, made by `chart` in the look of the request."""
    asked = look(request)

    def body() -> bytes:
        spec = chart(Picturing(site, asked))
        return results.json_bytes(spec) if chosen.suffix == "vegalite" else site.charts.draw(spec, chosen.suffix)

    return respond.answer(site, request, chosen, body)


def addresses(request: Request, path: str, pairs: Sequence[tuple[str, str]] | None = None) -> dict[str, Any]:
    """Where a page finds its picture at `path` (without its first slash): for each look, and to download.

    `pairs` are the parameters that choose what is shown, by default those of the page. `drawn` tells whether pictures
    can be drawn here at all.
    """
    root = request.scope.get("root_path", "").rstrip("/")
    given = request.query_params.multi_items() if pairs is None else pairs
    kept = [(key, value) for key, value in given if key not in _OWN and value]
    kept += [("lang", respond.language(request))]

    def at(suffix: str, **more: str) -> str:
        return f"{root}/{path}{suffix}?{urlencode([*kept, *more.items()])}"

    shown = {f"{size}_{theme}": at(".svg", theme=theme, size=size) for size in SIZES for theme in THEMES}
    download = {"SVG": at(".svg"), "PNG": at(".png"), "Vega-Lite": at("", format="vegalite")}
    return {"shown": shown, "download": download, "drawn": available()}
