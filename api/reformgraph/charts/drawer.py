"""The process that draws charts: a Vega-Lite specification in, SVG or PNG out, nothing from outside.

`charting.ChartPool` starts it by way of `engines.process` with the frames of `engines.sandbox`: a request is JSON with
`spec` and `format`, a reply a header and the picture. vl-convert carries Vega and its JavaScript engine; addresses in
a specification are refused, so it reads neither network nor files but the fonts of the machine.
"""

from __future__ import annotations

import io
import json
import sys
from functools import cache
from typing import Any
from xml.sax.saxutils import quoteattr

import vl_convert

from reformgraph.charts.look import FONTS, VERSION
from reformgraph.engines.sandbox import described, read_frame, write_frame
from reformgraph.errors import AnswerTooLargeError, MissingFontError, ReformgraphError

if sys.platform == "linux":
    from reformgraph.engines import wall

_NOWHERE = "\U000ffffd"  # a character of private use, which no font draws but as its box for what it lacks
SCALE = 2  # pixels of a PNG for each one of the chart
TYPES = {"svg": "image/svg+xml", "png": "image/png"}
_WARMING = {"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {"x": {"field": "a", "type": "quantitative"}}}


def draw(spec: dict[str, Any], format_: str) -> bytes:
    """The picture; MissingFontError for a PNG where the machine has no Chinese font."""
    svg: str = vl_convert.vegalite_to_svg(spec, vl_version=VERSION, allowed_base_urls=[])
    if format_ == "svg":
        told = f'<svg role="img" aria-label={quoteattr(str(spec.get("description", "")))} '
        return svg.replace("<svg ", told, 1).encode()
    require_glyphs("公")
    png: bytes = vl_convert.svg_to_png(svg, scale=SCALE)
    return png


@cache
def require_glyphs(text: str) -> None:
    """MissingFontError where no font of the machine draws a text: every picture would have a blank or a box for it."""
    if _drawn(text) in (_drawn(""), _drawn(_NOWHERE)):
        raise MissingFontError(text)


def _drawn(text: str) -> bytes:
    words = f'<text y="16" font-family="{FONTS}">{text}</text>'
    image: bytes = vl_convert.svg_to_png(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{words}</svg>'
    )
    return image


def main() -> None:
    """Say hello, then draw until the parent closes the pipe."""
    memory, cpu_seconds, answer_bytes = map(int, sys.argv[2:5])
    requests, replies = io.FileIO(0, "r"), io.FileIO(1, "w")
    draw(_WARMING, "svg")  # the JavaScript engine maps its memory now, before the limit
    if sys.platform == "linux":
        wall.limit_memory(memory)
    write_frame(replies, b"{}")
    while True:
        try:
            request = json.loads(read_frame(requests))
        except EOFError:
            return
        if sys.platform == "linux":
            wall.allow_cpu(cpu_seconds)
        for frame in _frames(request, answer_bytes):
            write_frame(replies, frame)


def _frames(request: dict[str, Any], answer_bytes: int) -> tuple[bytes, bytes]:
    """The header and body of a reply."""
    try:
        body = draw(request["spec"], request["format"])
        if len(body) > answer_bytes:
            raise AnswerTooLargeError(f"more than {answer_bytes} bytes")
    except ReformgraphError as error:
        return described(error), b""
    return json.dumps({"form": "report", "media_type": TYPES[request["format"]]}).encode(), body


if __name__ == "__main__":
    main()
