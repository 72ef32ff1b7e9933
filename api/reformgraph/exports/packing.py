"""Compressed files and archives without clocks, owners and chance, so that equal content is equal bytes."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP file can tell
# What RocksDB writes beside its data: a log of the machine that built it, and a lock.
_NOT_DATA = ("LOG", "LOCK")


def gzipped(content: bytes) -> bytes:
    """The content as a gzip member without name and time (RFC 1952, 2.3.1: MTIME 0)."""
    return gzip.compress(content, 9, mtime=0)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A ZIP archive of files by name, in the order of their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def store_archive(store: Path, folder: str) -> bytes:
    """A gzipped tar of a store directory under the name `folder`, which Oxigraph opens where it is unpacked."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        archive.addfile(_entry(folder, tarfile.DIRTYPE, 0o755))
        for path in sorted(store.iterdir()):
            if not path.name.startswith(_NOT_DATA):
                content = path.read_bytes()
                entry = _entry(f"{folder}/{path.name}", tarfile.REGTYPE, 0o644)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
    return gzipped(out.getvalue())


def _entry(name: str, kind: bytes, mode: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode = kind, mode
    return entry
