"""What uv's configuration says of indexes, outside ``pyproject.toml``.

Environment variables go first, then ``uv.toml`` of the project (which takes the place of
``[tool.uv]``), of the user, of the machine; the lists of all of them count, and the first default
index. See uv's pages on configuration files and on package indexes.
"""

from __future__ import annotations

import re
from pathlib import Path

from pyproject_ls.index.config_files import Reader, Table, string, tables
from pyproject_ls.index.config_folders import Machine, uv_system_file, uv_user_file
from pyproject_ls.index.configured import Configured
from pyproject_ls.index.login import Login
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple

_NAMED = lazy_pattern(r"([A-Za-z0-9_.-]+)=(.+)", re.DOTALL)
_OTHER = lazy_pattern(r"[^A-Z0-9]")
_TRUE = frozenset({"1", "true", "yes", "on", "y", "t"})


class UvFile(NamedTuple):
    """The indexes of one ``uv.toml``, or of the environment."""

    indexes: tuple[Configured, ...] = ()
    default: Configured | None = None
    replaces_default: bool = False
    """Whether a default index is declared, be it one that only counts where it is named."""


class UvConfig(NamedTuple):
    """uv's configuration for one project."""

    machine: Machine
    environment: UvFile
    project: UvFile | None
    ambient: tuple[UvFile, ...]
    """Of the user, of the machine."""
    is_partial: bool
    """Whether packages may also come from what cannot be asked: pages of links, folders."""

    def login(self, name: str) -> Login | None:
        """The credentials of the index `name` in ``UV_INDEX_<NAME>_USERNAME``/``_PASSWORD``."""
        if not name:
            return None
        stem = "UV_INDEX_" + _OTHER.sub("_", name.upper())
        username = self.machine.environ.get(f"{stem}_USERNAME")
        password = self.machine.environ.get(f"{stem}_PASSWORD")
        if not username and not password:
            return None
        return Login(username or "", password)

    @property
    def keyring_enabled(self) -> bool:
        """Whether the keyring may be asked: unless it is switched off."""
        return self.machine.variable("UV_KEYRING_PROVIDER").lower() != "disabled"


def read_uv(machine: Machine, folder: Path | None, reader: Reader) -> UvConfig:
    """The configuration of uv, with the ``uv.toml`` of the project's `folder`."""
    chosen = machine.variable("UV_CONFIG_FILE")
    project: Table = {}
    ambient: list[Table] = []
    if chosen:
        project = reader.toml(machine.path(chosen))
    elif machine.variable("UV_NO_CONFIG").lower() not in _TRUE:
        project = reader.toml(folder / "uv.toml") if folder is not None else {}
        ambient = [reader.toml(uv_user_file(machine)), reader.toml(uv_system_file(machine))]
    refused = reader.refused
    links = any(map(_has_pages, (project, *ambient))) or bool(machine.variable("UV_FIND_LINKS"))
    environment = _environment(machine, reader)
    own = _file(project, reader) if project else None
    others = tuple(_file(each, reader) for each in ambient if each)
    return UvConfig(machine, environment, own, others, links or reader.refused > refused)


def _has_pages(content: Table) -> bool:
    is_flat = any(each.get("format") == "flat" for each in tables(content.get("index")))
    return is_flat or bool(content.get("find-links"))


def _file(content: Table, reader: Reader) -> UvFile:
    indexes: list[Configured] = []
    default: Configured | None = None
    replaces = False
    for each in tables(content.get("index")):
        address = reader.address(each.get("url"), "uv's configuration")
        if address is None or each.get("format") == "flat":
            continue
        found = Configured(address, string(each.get("name")) or "")
        is_explicit = each.get("explicit") is True
        if each.get("default") is True:
            if not replaces:
                replaces, default = True, None if is_explicit else found
        elif not is_explicit:
            indexes.append(found)
    extra = content.get("extra-index-url")
    for url in extra if isinstance(extra, list) else ():
        address = reader.address(url, "uv's configuration")
        indexes += [Configured(address)] if address else []
    if not replaces:
        url = string(content.get("index-url"))
        address = reader.address(url, "uv's configuration")
        if url:
            replaces, default = True, Configured(address) if address is not None else None
    return UvFile(tuple(indexes), default, replaces)


def _environment(machine: Machine, reader: Reader) -> UvFile:
    indexes: list[Configured] = []
    for variable in ("UV_INDEX", "UV_EXTRA_INDEX_URL"):
        for word in machine.variable(variable).split():
            indexes += _named(word, variable, reader)
    for variable in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        text = machine.variable(variable)
        if text:
            found = _named(text, variable, reader)
            return UvFile(tuple(indexes), found[0] if found else None, replaces_default=True)
    return UvFile(tuple(indexes))


def _named(text: str, where: str, reader: Reader) -> list[Configured]:
    """The index that ``URL`` or ``NAME=URL`` stands for."""
    match = _NAMED.fullmatch(text)
    name, url = (match[1], match[2]) if match else ("", text)
    address = reader.address(url, f"`{where}`")
    return [Configured(address, name)] if address is not None else []
