"""What tables of other people can be reconciled with: types, properties, and the things of a release.

An identifier is the end of an IRI (`agency/dalian-shi-gonganju`), a type the kind in it. Persons are left out: nobody's
list of names is to be matched with who is told to have held an office.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox

from reformgraph.content import content_root
from reformgraph.engines.base import Engine
from reformgraph.namespaces import BASE, compact, expand
from reformgraph.results import Cell, cell

# Type -> its name in Chinese and in English, in the order in which they are offered.
TYPES = {
    "agency": ("公安机关", "Police agency"),
    "body": ("其他机构", "Other body"),
    "place": ("地区", "Place"),
    "initiative": ("改革举措", "Initiative"),
    "system": ("信息系统", "Information system"),
    "facility": ("场所设施", "Facility"),
    "mechanism": ("工作机制", "Mechanism"),
    "norm": ("规范文件", "Normative document"),
    "metric": ("指标", "Metric"),
    "award": ("荣誉", "Award"),
    "event": ("事件", "Event"),
    "group": ("排名范围", "Ranking group"),
}
LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Property:
    """What can be asked of the things of some types; `target` is the type of its values where they are things."""

    id: str
    zh: str
    en: str
    types: tuple[str, ...]
    target: str | None = None

    def name(self, language: str) -> str:
        """What it is called."""
        return self.zh if language == "zh" else self.en


_ALL = tuple(TYPES)
PROPERTIES = {
    found.id: found
    for found in (
        Property("zh", "中文名称", "Chinese name", _ALL),
        Property("en", "英文名称", "English name", _ALL),
        Property("alias", "别名", "Alias", _ALL),
        Property("iri", "IRI", "IRI", _ALL),
        Property("parent", "上级机构", "Parent body", ("agency", "body"), "agency"),
        Property("area", "地区", "Area", ("agency", "body", "facility", "event"), "place"),
        Property("level", "层级", "Level", ("agency",)),
        Property("class", "类别", "Class", ("system", "facility", "agency", "event")),
        Property("within", "所在地区", "Lies in", ("place",), "place"),
        Property("areaCode", "行政区划代码", "GB area code", ("place",)),
        Property("sameAs", "外部标识", "Identifier elsewhere", ("place",)),
        Property("operator", "运行单位", "Operator", ("system", "facility"), "agency"),
        Property("supports", "支撑的举措", "Supports", ("system", "facility"), "initiative"),
        Property("partOf", "所属", "Part of", ("initiative", "mechanism", "system", "facility", "event"), "initiative"),
        Property("implementer", "实施单位", "Implementer", ("initiative", "mechanism"), "agency"),
        Property("creator", "制定单位", "Creator", ("initiative", "norm", "system"), "agency"),
        Property("awarder", "授予单位", "Awarded by", ("award",), "agency"),
        Property("receiver", "获得者", "Receiver", ("award",), "agency"),
        Property("broader", "上位指标", "Broader metric", ("metric",), "metric"),
        Property("unit", "单位", "Unit", ("metric",)),
        Property("kind", "数值类型", "Kind of figure", ("metric",)),
        Property("stage", "阶段", "Stage", ("metric",)),
    )
}


@dataclass(frozen=True)
class Linked:
    """A value that is a thing: `id` is an identifier of ours, or None for things that are not reconciled."""

    id: str | None
    iri: str
    names: dict[str, str]

    def name(self, language: str) -> str:
        """What it is called in a language, else in the other, else its CURIE."""
        return self.names.get(language) or next(iter(self.names.values()), None) or compact(self.iri)


Value = str | int | float | bool | Linked


@dataclass(frozen=True)
class Entity:
    """A thing with its preferred names by language, its aliases, and the values of its properties."""

    id: str
    names: dict[str, str] = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)
    values: dict[str, list[Value]] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """The type, which is the kind in the identifier."""
        return self.id.partition("/")[0]

    @property
    def iri(self) -> str:
        """The IRI that the identifier is the end of."""
        return BASE + self.id

    def name(self, language: str) -> str:
        """What it is called in a language, else in the other."""
        return self.names.get(language) or next(iter(self.names.values()), self.id)


def read(engine: Engine) -> dict[str, Entity]:
    """All things of the types by identifier, in the order of their IRIs."""
    text = (content_root() / "queries" / "pages" / "reconcilable.rq").read_text("utf-8")
    found = engine.query(text)
    assert isinstance(found, ox.QuerySolutions)
    rows = [(row["thing"].value, row["property"].value, row["value"]) for row in found]
    names = _labels(rows)
    entities: dict[str, Entity] = {}
    for iri, name, term in rows:
        if (identifier := identifier_of(iri)) is not None:
            entity = entities.setdefault(identifier, Entity(identifier, names.get(iri, {})))
            _add(entity, name, term, names)
    return {identifier: entity for identifier, entity in entities.items() if entity.names}


def _labels(rows: Iterable[tuple[str, str, Cell]]) -> dict[str, dict[str, str]]:
    labels: dict[str, dict[str, str]] = {}
    for iri, name, term in rows:
        if name == "label" and isinstance(term, ox.Literal) and term.language:
            labels.setdefault(iri, {})[term.language] = term.value
    return labels


def _add(entity: Entity, name: str, term: Cell, names: dict[str, dict[str, str]]) -> None:
    """One value of a property; labels are there already, and double as the properties `zh` and `en`."""
    if name == "label":
        assert isinstance(term, ox.Literal)
        entity.values.setdefault(term.language or "", []).append(term.value)
        entity.values["iri"] = [entity.iri]
        return
    value: Value = cell(term)
    if isinstance(term, ox.NamedNode):
        value = Linked(identifier_of(term.value), term.value, names.get(term.value, {}))
    if name == "alias":
        entity.aliases.append(str(value))
    if entity.type in PROPERTIES[name].types:
        entity.values.setdefault(name, []).append(value)


def identifier_of(text: str) -> str | None:
    """The identifier that an IRI, a CURIE or an identifier means, None where it is of no type of ours."""
    iri = text if text.startswith(BASE) else expand(text) or BASE + text
    identifier = iri.removeprefix(BASE)
    kind, slash, slug = identifier.partition("/")
    return identifier if iri.startswith(BASE) and kind in TYPES and slash and slug else None
