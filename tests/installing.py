"""The wheel and the source archive built from a clean copy, and environments with the wheel for each Python found."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from tiny_graph import CHECKOUT

EDITOR = Path("api/reformgraph/web/pages/static/editor")  # of others, and so not in git: requirements/npm.txt
VERSIONS = ("3.11", "3.12", "3.13")
_PIP = ("-m", "pip", "--quiet", "--disable-pip-version-check")
_NO_COMPILER = {"CC": "false", "CXX": "false", "CARGO": "false", "RUSTC": "false"}


@dataclass(frozen=True)
class Built:
    """What is published, of which copy of the checkout; `again` is the wheel that is built from the archive."""

    clone: Path
    wheel: Path
    archive: Path
    again: Path


def tracked() -> list[Path]:
    """The files that git has, or would have if all were added; relative."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=CHECKOUT, capture_output=True, check=True).stdout.decode().split("\0")
    return sorted(Path(name) for name in set(names) if name and (CHECKOUT / name).is_file())


def editor() -> list[Path]:
    """The files of the SPARQL editor, none where it could not be installed; relative."""
    return sorted(path.relative_to(CHECKOUT) for path in (CHECKOUT / EDITOR).glob("*"))


def built(folder: Path) -> Built:
    """Build both from what a clone holds, and the editor as `make` puts it there; then the wheel from the archive."""
    clone, unpacked = folder / "clone", folder / "unpacked"
    for path in (*tracked(), *editor()):
        (clone / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKOUT / path, clone / path)
    _build(clone, folder / "dist", "sdist", "wheel")
    (archive,) = (folder / "dist").glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(unpacked, filter="data")
    (root,) = unpacked.iterdir()
    _build(root, folder / "again", "wheel")
    (wheel,), (again,) = (folder / "dist").glob("*.whl"), (folder / "again").glob("*.whl")
    return Built(clone, wheel, archive, again)


def _build(source: Path, target: Path, *kinds: str) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-d", target]
    command += [part for kind in kinds for part in ("-t", kind)]
    subprocess.run(command, cwd=source, check=True, stdout=subprocess.DEVNULL)


def pythons() -> dict[str, Path]:
    """This Python and those of VERSIONS that are found besides, on the path or with pyenv, by their versions."""
    running = "{}.{}".format(*sys.version_info)
    found = {running: Path(sys.executable)}
    for version in VERSIONS:
        for path in () if version in found else _candidates(version):
            if _makes_environments(path):
                found[version] = path
                break
    return dict(sorted(found.items()))


def _candidates(version: str) -> list[Path]:
    name = f"python{version}"
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    kept = sorted((root / "versions").glob(f"{version}.*/bin/{name}"), reverse=True)
    return [*([Path(there)] if (there := shutil.which(name)) else []), *kept]


def _makes_environments(python: Path) -> bool:
    """Whether it runs (a shim may not) and has what Debian keeps in a package of its own."""
    return subprocess.run([python, "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode == 0


def install(python: Path, wheel: Path, folder: Path) -> Path:
    """A new environment with the wheel and the pinned requirements and nothing else, without a compiler: its `bin`."""
    subprocess.run([python, "-m", "venv", folder], check=True)
    command = [folder / "bin" / "python", *_PIP, "install", "--no-compile", "--only-binary", ":all:"]
    environment = os.environ | _NO_COMPILER
    pinned = ["--require-hashes", "-r", CHECKOUT / "requirements" / "runtime.txt"]
    subprocess.run([*command, *pinned], check=True, env=environment)
    subprocess.run([*command, "--no-deps", "--no-index", wheel], check=True, env=environment)
    return folder / "bin"
