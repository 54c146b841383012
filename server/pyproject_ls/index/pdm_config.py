"""What PDM's configuration says of indexes, outside ``pyproject.toml``.

``config.toml`` of the machine and of the user, ``pdm.toml`` of the project, environment variables:
the later ones over the earlier (``pdm/project/config.py``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pyproject_ls.index.config_files import Reader, Table, string, table
from pyproject_ls.index.config_folders import Machine, pdm_files
from pyproject_ls.index.configured import Configured
from pyproject_ls.index.login import Login

_FALSE = frozenset({"false", "no", "0"})


class PdmConfig:
    """PDM's configuration for one project."""

    keyring_enabled = True

    def __init__(self, machine: Machine, merged: Table, reader: Reader) -> None:
        self._machine = machine
        self._values = {key: each for key, each in merged.items() if not isinstance(each, dict)}
        self._named = {key: each for key, each in merged.items() if isinstance(each, dict)}
        refused = reader.refused
        url = machine.variable("PDM_PYPI_URL") or string(self._values.get("url"))
        where = "PDM's configuration"
        address = reader.address(url, where)
        self.default = Configured(address, "pypi") if address is not None else None
        """What takes the place of the public index."""
        self.replaces_default = bool(url)
        """Whether anything does, be it a folder that cannot be asked."""
        found = [
            (name, reader.address(each.get("url"), where)) for name, each in self._named.items()
        ]
        self.stored = tuple(Configured(url, name) for name, url in found if url is not None)
        """Indexes that count for every project."""
        self.is_partial = reader.refused > refused
        """Whether packages may also come from what cannot be asked."""
        ignored = machine.variable("PDM_IGNORE_STORED_INDEX").lower()
        if (ignored and ignored not in _FALSE) or self._values.get("ignore_stored_index") is True:
            self.stored = ()

    def login(self, name: str) -> Login | None:
        """The credentials of the source `name`; "pypi" is the default one."""
        entry = self._named.get(name, {})
        username, password = string(entry.get("username")), string(entry.get("password"))
        if name == "pypi":
            environ = self._machine.environ
            values = self._values
            username = environ.get("PDM_PYPI_USERNAME") or string(values.get("username"))
            password = environ.get("PDM_PYPI_PASSWORD") or string(values.get("password"))
        if not username and not password:
            return None
        return Login(username or "", password)

    def verify(self, name: str) -> bool | str:
        """Whether certificates of the source `name` are checked, or the file to check them with."""
        entry = self._values if name == "pypi" else self._named.get(name, {})
        flag = entry.get("verify_ssl", True)
        if name == "pypi":
            flag = self._machine.variable("PDM_PYPI_VERIFY_SSL") or flag
        if flag is False or (isinstance(flag, str) and flag.lower() in _FALSE):
            return False
        bundle = string(entry.get("ca_certs"))
        return str(self._machine.path(bundle)) if bundle else True


def read_pdm(machine: Machine, folder: Path | None, reader: Reader) -> PdmConfig:
    """PDM's configuration, with the ``pdm.toml`` of the project's `folder`."""
    merged: dict[str, Any] = {}
    paths = [*pdm_files(machine), *([folder / "pdm.toml"] if folder is not None else [])]
    for path in paths:
        for key, value in table(reader.toml(path).get("pypi")).items():
            below = merged.get(key)
            is_more = isinstance(value, dict) and isinstance(below, dict)
            merged[key] = {**table(below), **value} if is_more else value
    return PdmConfig(machine, merged, reader)
