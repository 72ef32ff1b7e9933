"""The core of the ontology as a drawing: which classes and properties are shown, and where they stand on the paper.

The words are not here: they are the labels of the terms. A drawing has two layouts of the same nodes and edges, one for
a wide page and one for a phone. Coordinates are units of the view box, y downwards.
"""

from __future__ import annotations

from dataclasses import dataclass

from reformgraph.namespaces import OA, RG, SDMX_DIMENSION

Point = tuple[float, float]


@dataclass(frozen=True)
class Link:
    """A property drawn from a class to a class."""

    property: str
    source: str
    target: str


@dataclass(frozen=True)
class Node:
    """The box of a class: its centre and size; `part` is `world`, `figure` or `text`."""

    term: str
    part: str
    x: float
    y: float
    width: float
    height: float

    @property
    def left(self) -> float:
        """The left side of the box."""
        return self.x - self.width / 2

    @property
    def top(self) -> float:
        """The upper side of the box."""
        return self.y - self.height / 2


@dataclass(frozen=True)
class Edge:
    """The line of a link from corner to corner, and where its label is centred."""

    link: Link
    points: tuple[Point, ...]
    label: Point

    @property
    def path(self) -> str:
        """The line as the `d` of an SVG path."""
        return "M" + " L".join(f"{x:g},{y:g}" for x, y in self.points)


@dataclass(frozen=True)
class Layout:
    """One drawing: a name that is unique on the page, the view box, boxes and lines."""

    name: str
    view: tuple[float, float, float, float]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def _rg(name: str) -> str:
    return RG + name


# What happens in the world, the figure that tells of it, and the text that the figure was read from.
_PARTS = {
    "Initiative": "world",
    "Agency": "world",
    "InformationSystem": "world",
    "Metric": "figure",
    "Observation": "figure",
    "Period": "figure",
    "Place": "world",
    "SourceDocument": "text",
    "Evidence": "text",
    "Finding": "figure",
}
_LINKS = (
    (RG + "implements", "Agency", "Initiative"),
    (RG + "operatedBy", "InformationSystem", "Agency"),
    (RG + "supports", "InformationSystem", "Initiative"),
    (RG + "initiative", "Observation", "Initiative"),
    (RG + "agency", "Observation", "Agency"),
    (RG + "claimant", "Observation", "Agency"),
    (RG + "system", "Observation", "InformationSystem"),
    (RG + "metric", "Observation", "Metric"),
    (SDMX_DIMENSION + "refPeriod", "Observation", "Period"),
    (SDMX_DIMENSION + "refArea", "Observation", "Place"),
    (RG + "evidence", "Observation", "Evidence"),
    (OA + "hasSource", "Evidence", "SourceDocument"),
    (RG + "concerns", "Finding", "Observation"),
)
LINKS = tuple(Link(one, _rg(source), _rg(target)) for one, source, target in _LINKS)
CLASSES = tuple(_rg(name) for name in _PARTS)
_Box = tuple[float, float, float, float]  # centre and size


def _layout(
    name: str,
    view: tuple[float, float, float, float],
    boxes: dict[str, _Box],
    lines: tuple[tuple[tuple[Point, ...], Point], ...],
) -> Layout:
    """`boxes` by class, `lines` with their labels in the order of LINKS."""
    nodes = tuple(Node(_rg(one), part, *boxes[one]) for one, part in _PARTS.items())
    edges = tuple(Edge(link, points, label) for link, (points, label) in zip(LINKS, lines, strict=True))
    return Layout(name, view, nodes, edges)


WIDE = _layout(
    "wide",
    (20, 24, 960, 432),
    {
        "Initiative": (195, 60, 190, 58),
        "Agency": (195, 240, 190, 58),
        "InformationSystem": (195, 420, 190, 58),
        "Metric": (520, 60, 170, 58),
        "Observation": (520, 240, 200, 84),
        "Period": (425, 420, 160, 58),
        "Place": (615, 420, 160, 58),
        "SourceDocument": (860, 60, 190, 58),
        "Evidence": (860, 240, 190, 58),
        "Finding": (860, 420, 190, 58),
    },
    (
        (((195, 211), (195, 90)), (195, 150)),
        (((195, 391), (195, 270)), (195, 330)),
        (((100, 420), (62, 420), (62, 60), (99, 60)), (62, 240)),
        (((420, 215), (291, 85)), (355, 150)),
        (((420, 227), (291, 227)), (355, 227)),
        (((420, 255), (291, 255)), (355, 255)),
        (((420, 270), (291, 398)), (355, 335)),
        (((520, 198), (520, 90)), (520, 145)),
        (((490, 282), (435, 390)), (462, 337)),
        (((550, 282), (605, 390)), (578, 337)),
        (((620, 240), (764, 240)), (692, 240)),
        (((860, 211), (860, 90)), (860, 150)),
        (((765, 400), (621, 268)), (700, 338)),
    ),
)
TALL = _layout(
    "tall",
    (-40, 8, 400, 602),
    {
        "Initiative": (92, 40, 150, 54),
        "Agency": (92, 165, 150, 54),
        "InformationSystem": (92, 440, 150, 54),
        "Metric": (62, 580, 108, 54),
        "Observation": (180, 300, 180, 70),
        "Period": (180, 580, 108, 54),
        "Place": (298, 580, 108, 54),
        "SourceDocument": (268, 40, 150, 54),
        "Evidence": (268, 165, 150, 54),
        "Finding": (268, 440, 150, 54),
    },
    (
        (((92, 138), (92, 69)), (92, 103)),
        (((40, 413), (40, 194)), (38, 300)),
        (((17, 440), (-10, 440), (-10, 40), (15, 40)), (-4, 103)),
        (((180, 265), (180, 120), (154, 69)), (180, 116)),
        (((115, 265), (76, 194)), (82, 229)),
        (((152, 265), (140, 194)), (142, 229)),
        (((132, 335), (104, 411)), (115, 374)),
        (((180, 335), (180, 504), (62, 504), (62, 551)), (62, 528)),
        (((180, 335), (180, 551)), (180, 528)),
        (((180, 335), (180, 504), (298, 504), (298, 551)), (298, 528)),
        (((236, 265), (258, 194)), (248, 229)),
        (((268, 138), (268, 69)), (268, 103)),
        (((258, 413), (234, 337)), (248, 374)),
    ),
)
LAYOUTS = (WIDE, TALL)
