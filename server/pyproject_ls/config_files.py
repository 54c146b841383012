"""Where files of configuration come from: folders above, installed packages, the cache."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pyproject_ls.config import CONFIG_NAME, cache_folder
from pyproject_ls.facts import ConfigFile, ConfigOf
from pyproject_ls.lazy import lazy_pattern

if TYPE_CHECKING:
    from importlib.metadata import Distribution

MAX_BYTES = 2**20
"""A larger file is no configuration that anybody has written."""

_SEPARATORS = lazy_pattern(r"[-_.]+")


def answer(root: Path, question: ConfigOf) -> ConfigFile | None:
    """The answer for the project in the folder `root`; None where it has to be fetched first."""
    if not question.reference:
        return nearest(root)
    if question.reference.startswith("package:"):
        name = question.reference.removeprefix("package:")
        return of_package(name, root, question.allowed)
    return fetched(question)


def nearest(root: Path) -> ConfigFile:
    """The ``pyproject-ls.toml`` in the folder `root` or in the nearest folder above it."""
    root = Path(os.path.abspath(root))
    for folder in (root, *root.parents):
        path = os.path.join(folder, CONFIG_NAME)
        if os.path.isfile(path):
            return read(Path(path))._replace(path=path, folder=str(root))
    return ConfigFile(folder=str(root))


def read(path: Path) -> ConfigFile:
    """What the file at `path` holds, or why it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        return ConfigFile(None, (error.strerror or "it cannot be read").lower())
    return decoded(data)


def decoded(data: bytes) -> ConfigFile:
    """The text of a file of configuration."""
    if len(data) > MAX_BYTES:
        return ConfigFile(None, f"it is larger than {MAX_BYTES // 2**20} MB")
    try:
        return ConfigFile(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return ConfigFile(None, f"byte {error.start} is not UTF-8")


def of_package(name: str, root: Path, trusted: bool) -> ConfigFile:
    """The ``pyproject-ls.toml`` that the installed package `name` ships; its code is not run."""
    found = _distribution(name, list(_beside_us()))
    if found is None and trusted:
        found = _distribution(name, list(_own_environment(root)))
    if found is None:
        where = "" if trusted else " beside pyproject-ls, and the workspace is not trusted"
        return ConfigFile(None, f"no package of this name is installed{where}")
    shipped = [each for each in found.files or () if each.name == CONFIG_NAME]
    shipped.sort(key=lambda each: len(each.parts))
    if not shipped:
        return _of_editable(found) or ConfigFile(None, f"the package has no file {CONFIG_NAME}")
    return read(Path(str(found.locate_file(shipped[0]))))


def _distribution(name: str, path: list[str]) -> Distribution | None:
    from importlib.metadata import distributions

    try:
        return next(iter(distributions(name=name, path=path)), None)
    except (OSError, ValueError):
        return None


def _beside_us() -> Iterator[str]:
    """Where the packages are that this program can import, but for the folder it was started in."""
    here = os.path.realpath(os.curdir)
    for folder in sys.path:
        if os.path.isabs(folder) and os.path.realpath(folder) != here:
            yield folder


def _own_environment(root: Path) -> Iterator[str]:
    """Where the packages of the environment in the project's own folder are."""
    for name in (".venv", "venv"):
        folder = root / name
        yield from map(str, folder.glob("lib/python3*/site-packages"))
        yield str(folder / "Lib" / "site-packages")


def _of_editable(found: Distribution) -> ConfigFile | None:
    """The file of a package that is installed from its sources, where metadata lists none."""
    import json

    try:
        address = json.loads(found.read_text("direct_url.json") or "{}").get("url", "")
        names = (found.read_text("top_level.txt") or "").split()
    except (OSError, ValueError, AttributeError):
        return None
    if not isinstance(address, str) or not address.startswith("file://"):
        return None
    from urllib.parse import unquote, urlsplit

    folder = Path(unquote(urlsplit(address).path))
    names.append(_SEPARATORS.sub("_", found.name))
    for base in (folder / "src", folder):
        for name in names:
            path = base / name / CONFIG_NAME
            if path.is_file():
                return read(path)
    return None


def fetched(question: ConfigOf) -> ConfigFile | None:
    """What the cache has for an address, or why nothing is there; None where it may be fetched."""
    from hashlib import sha256

    path = cache_path(question.sha256)
    try:
        data = path.read_bytes()
    except OSError:
        data = None
    if data is not None and sha256(data).hexdigest() == question.sha256:
        return decoded(data)
    if question.allowed:
        return None
    return ConfigFile(
        None,
        "it has not been fetched yet; run `pyproject-ls config --fetch` where the network can be"
        " used",
    )


def cache_path(digest: str) -> Path:
    """Where the fetched file with this hash is kept."""
    return cache_folder(os.environ) / "configuration" / f"{digest}.toml"
