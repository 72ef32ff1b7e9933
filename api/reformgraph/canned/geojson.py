"""Tables as GeoJSON (RFC 7946): a Feature for each row, at the point of its place where the graph has one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox

from reformgraph.canned.tables import Colophon, Table
from reformgraph.engines.base import Engine
from reformgraph.results import json_bytes

# Columns that tell where a row belongs, the first that a table has counts.
PLACES = ("area", "place")
Point = tuple[float, float]

_GEO = "http://www.opengis.net/ont/geosparql#"
_WGS84 = "http://www.w3.org/2003/01/geo/wgs84_pos#"
_CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
# GeoSPARQL 1.1, 8.5.1: without an IRI the coordinates are CRS84, longitude first, as in GeoJSON; any other is left out.
_WKT = re.compile(rf"(?:<{re.escape(_CRS84)}>\s*)?POINT\s*\(\s*(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)\s*\)", re.I)


def place_column(columns: Iterable[str]) -> str | None:
    """The column of places of a table, None where it has none and so is no GeoJSON."""
    names = set(columns)
    return next((name for name in PLACES if name in names), None)


def feature_collection(table: Table, places: list[str | None], points: dict[str, Point], colophon: Colophon) -> bytes:
    """The rows as features; `places` has the IRI of each row's place, `points` longitude and latitude of places.

    The geometry is null where the graph has no point for the place (RFC 7946, 3.2).
    """
    features = [
        {"type": "Feature", "geometry": _geometry(points.get(place or "")), "properties": row}
        for row, place in zip(table.objects(), places, strict=True)
    ]
    told = {"query": colophon.query, "version": colophon.version, "release": colophon.release}
    members = {"type": "FeatureCollection"} | told | {"licence": colophon.licence, "source": colophon.source}
    return json_bytes(members | {"features": features})


def _geometry(point: Point | None) -> dict[str, Any] | None:
    return None if point is None else {"type": "Point", "coordinates": list(point)}


def points_of(engine: Engine, places: Iterable[str | None]) -> dict[str, Point]:
    """Longitude and latitude (WGS 84, degrees) of the places that have a centroid or a wgs84 position, by IRI."""
    terms = " ".join(sorted({str(ox.NamedNode(place)) for place in places if place}))
    found = engine.query(
        f"SELECT ?place ?wkt ?long ?lat {{ VALUES ?place {{ {terms} }} "
        f"OPTIONAL {{ ?place <{_GEO}hasCentroid>/<{_GEO}asWKT> ?wkt }} "
        f"OPTIONAL {{ ?place <{_WGS84}long> ?long ; <{_WGS84}lat> ?lat }} }} ORDER BY ?place ?wkt ?long ?lat"
    )
    assert isinstance(found, ox.QuerySolutions)
    points = {row["place"].value: _point(row["wkt"], row["long"], row["lat"]) for row in found}
    return {place: point for place, point in points.items() if point is not None}


def _point(wkt: ox.Literal | None, long: ox.Literal | None, lat: ox.Literal | None) -> Point | None:
    read = _WKT.fullmatch(wkt.value.strip()) if wkt is not None else None
    texts = (read[1], read[2]) if read else (long.value, lat.value) if long is not None and lat is not None else None
    try:
        return None if texts is None else (float(texts[0]), float(texts[1]))
    except ValueError:
        return None
