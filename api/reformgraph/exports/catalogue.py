"""Which files there are: name, media type, what each is in two languages, and how it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from reformgraph.canned import columnar
from reformgraph.errors import MissingLibraryError
from reformgraph.exports import cytoscape, datapackage, graphml, neo4j, packing, rdf, sheets, tabular
from reformgraph.exports.network import Network, read_network
from reformgraph.exports.workshop import Workshop, tables_of
from reformgraph.linked import jsonld
from reformgraph.results import FORMATS, json_bytes

Make = Callable[["Making"], bytes]
STEM = "reformgraph"
GROUPS = ("graph", "tables", "network")
_GZIP, _ZIP = "application/gzip", "application/zip"
_RDF = (
    ("nq", rdf.nquads, "规范 N-Quads，全部命名图", "Canonical N-Quads, all named graphs"),
    ("trig", rdf.trig, "TriG，全部命名图", "TriG, all named graphs"),
    ("ttl", rdf.turtle, "Turtle，各图之并", "Turtle, the union of all graphs"),
    ("nt", rdf.ntriples, "N-Triples，各图之并", "N-Triples, the union of all graphs"),
    ("jsonld", rdf.dataset_jsonld, "JSON-LD，全部命名图", "JSON-LD, all named graphs"),
    ("rdf", rdf.rdfxml, "RDF/XML，各图之并", "RDF/XML, the union of all graphs"),
)
SUFFIXES = tuple(suffix for suffix, *_ in _RDF)  # of the files that hold the whole graph


@dataclass(frozen=True)
class Export:
    """A file to take away; `library` is the optional one that making it needs."""

    name: str
    media_type: str
    group: str
    title: dict[str, str]
    make: Make
    library: str | None = None

    @property
    def packed(self) -> str | None:
        """The media type of what a compressed single file holds, None for the others."""
        plain = Path(self.name).suffixes[-2:-1]
        return FORMATS[plain[0][1:]].media_type if self.name.endswith(".gz") and plain != [".tar"] else None

    @property
    def available(self) -> bool:
        """Whether its library is installed."""
        return self.library is None or find_spec(self.library.lower()) is not None


@dataclass
class Making:
    """One round of making: the workshop, and the bytes of other files that a file is made of."""

    workshop: Workshop
    read: Callable[[str], bytes]
    tables: tuple[str, ...]
    _network: list[Network] = field(default_factory=list)

    def network(self) -> Network:
        """The network, read once."""
        if not self._network:
            self._network.append(read_network(self.workshop))
        return self._network[0]


def exports_of(root: Path) -> tuple[Export, ...]:
    """All files that a release of these queries has, the parts of a file before it."""
    tables = tables_of(root)
    return (*_graph(), *(export for name in tables for export in _table(name)), *_bundles(tables), *_networks())


def _graph() -> list[Export]:
    found = []
    for suffix, write, zh, en in _RDF:
        found += _with_gzip(f"{STEM}.{suffix}", FORMATS[suffix].media_type, zh, en, _of_workshop(write))
    found += _with_gzip(
        f"{STEM}-claims.jsonld", FORMATS["jsonld"].media_type, "JSON-LD，每条主张一个完整记录",
        "JSON-LD, framed: one whole record for each claim", _of_workshop(rdf.claims_jsonld),
    )  # fmt: skip
    context = {"zh": "JSON-LD 的上下文", "en": "The context of the JSON-LD files"}
    found.append(Export("context.jsonld", FORMATS["jsonld"].media_type, "graph", context, _context))
    store = {"zh": "Oxigraph 存储目录", "en": "Directory of the Oxigraph store"}
    found.append(Export(f"{STEM}-store.tar.gz", _GZIP, "graph", store, _store))
    return found


def _of_workshop(write: Callable[[Workshop], bytes]) -> Make:
    return lambda making: write(making.workshop)


def _with_gzip(name: str, media_type: str, zh: str, en: str, make: Make) -> list[Export]:
    plain = Export(name, media_type, "graph", {"zh": zh, "en": en}, make)
    packed = {"zh": f"{zh}（gzip）", "en": f"{en} (gzip)"}
    return [
        plain,
        Export(f"{name}.gz", _GZIP, "graph", packed, lambda making: packing.gzipped(making.read(name))),
    ]


def _context(_: Making) -> bytes:
    return json_bytes({"@context": jsonld.context()})


def _store(making: Making) -> bytes:
    return packing.store_archive(making.workshop.release.store, f"{STEM}-store")


def _table(name: str) -> list[Export]:
    def titled(what: str) -> dict[str, str]:
        return {"zh": f"{name}：{what}", "en": f"{name}: {what}"}

    def parquet(making: Making) -> bytes:
        return columnar.parquet(making.workshop.table(name), making.workshop.colophon(name))

    csv, csvw, excel = f"{name}.csv", f"{name}.csv-metadata.json", f"{name}.excel.csv"
    return [
        Export(csv, "text/csv", "tables", titled("CSV"), lambda m: tabular.csv_bytes(m.workshop, name)),
        Export(csvw, "application/csvm+json", "tables", titled("CSVW"), lambda m: tabular.csvw(m.workshop, name)),
        Export(excel, "text/csv", "tables", titled("CSV, Excel"), lambda m: tabular.excel_csv(m.workshop, name)),
        Export(f"{name}.parquet", FORMATS["parquet"].media_type, "tables", titled("Parquet"), parquet, "pyarrow"),
    ]


def _bundles(tables: tuple[str, ...]) -> list[Export]:
    book = {"zh": "全部表格，一个 Excel 工作簿", "en": "All tables as one Excel workbook"}
    described = {"zh": "Frictionless 数据包描述", "en": "Descriptor of the Frictionless Data Package"}
    bundle = {"zh": "Frictionless 数据包：全部表格", "en": "Frictionless Data Package: all tables"}
    return [
        Export(f"{STEM}.xlsx", FORMATS["xlsx"].media_type, "tables", book,
               lambda making: sheets.workbook(making.workshop, tables), "xlsxwriter"),
        Export(datapackage.FILE, "application/json", "tables", described, _descriptor),
        Export(f"{STEM}-datapackage.zip", _ZIP, "tables", bundle, _package),
    ]  # fmt: skip


def _descriptor(making: Making) -> bytes:
    files = {f"{name}.csv": making.read(f"{name}.csv") for name in making.tables}
    return datapackage.descriptor(making.workshop, files)


def _package(making: Making) -> bytes:
    """The descriptor with its CSV files and their metadata, and the same tables as Parquet and Excel."""
    names = [datapackage.FILE, f"{STEM}.xlsx"]
    names += [name + end for name in making.tables for end in (".csv", ".csv-metadata.json", ".parquet")]
    files = {}
    for name in names:
        try:
            files[name] = making.read(name)
        except MissingLibraryError:
            continue  # the package is whole without the forms that need an optional library
    return packing.zipped(files)


def _networks() -> list[Export]:
    kinds = (
        (f"{STEM}.graphml", "application/graphml+xml", "GraphML", graphml.graphml),
        (f"{STEM}.gexf", "application/gexf+xml", "GEXF 1.3", graphml.gexf),
        (f"{STEM}.cyjs", "application/json", "Cytoscape JSON", cytoscape.cyjs),
        (f"{STEM}-neo4j.zip", _ZIP, "Neo4j", neo4j.archive),
    )
    return [
        Export(name, media, "network", {"zh": f"网络：{what}", "en": f"Network: {what}"}, _of_network(write))
        for name, media, what, write in kinds
    ]


def _of_network(write: Callable[[Network], bytes]) -> Make:
    return lambda making: write(making.network())
