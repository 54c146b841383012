"""What Poetry's configuration says of sources: credentials and certificates.

``config.toml`` and ``auth.toml`` of the user, then ``poetry.toml`` of the project, the later ones
over the earlier (``poetry/factory.py``); environment variables over all (``poetry/config``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pyproject_ls.index.addresses import AddressError, origin
from pyproject_ls.index.config_files import Reader, Table, string, table
from pyproject_ls.index.config_folders import Machine, poetry_folder
from pyproject_ls.index.login import Login
from pyproject_ls.lazy import lazy_pattern

_SEPARATORS = lazy_pattern(r"[-.]")
_TRUE, _FALSE = frozenset({"true", "1"}), frozenset({"false", "0"})


class PoetryConfig:
    """Poetry's configuration for the sources of one project."""

    def __init__(self, machine: Machine, merged: Table, origins: Mapping[str, str]) -> None:
        """`merged` is all of it, `origins` where the user's own files place repositories."""
        self._machine = machine
        self._logins = table(merged.get("http-basic"))
        self._certificates = table(merged.get("certificates"))
        self._origins = origins
        enabled = table(merged.get("keyring")).get("enabled", True)
        chosen = machine.variable("POETRY_KEYRING_ENABLED").lower()
        self.keyring_enabled: bool = chosen in _TRUE if chosen else enabled is not False

    def login(self, name: str) -> Login | None:
        """The credentials of the source `name`; without a password if that is in the keyring."""
        username = self._variable("HTTP_BASIC", name, "USERNAME")
        password = self._variable("HTTP_BASIC", name, "PASSWORD")
        entry = table(self._logins.get(name))
        if username is None:
            username = string(entry.get("username"))
        if password is None:
            password = string(entry.get("password"))
        if not username and not password:
            return None
        return Login(username or "", password)

    def names_for(self, name: str, index_origin: str) -> Iterator[str]:
        """The names whose credentials Poetry would send to the source `name` at `index_origin`.

        Its own, unless the user gave that name to a repository elsewhere; then those of the user's
        repositories with this origin (``poetry/utils/authenticator.py``).
        """
        if self._origins.get(name, index_origin) == index_origin:
            yield name
        for other, known in self._origins.items():
            if known == index_origin and other != name:
                yield other

    def verify(self, name: str) -> bool | str:
        """Whether certificates of the source `name` are checked, or the file to check them with."""
        value: object = self._variable("CERTIFICATES", name, "CERT")
        if value is None:
            entry = table(self._certificates.get(name))
            value = entry.get("verify", entry.get("cert", True))
        if isinstance(value, str):
            if value.lower() in _TRUE | _FALSE:
                return value.lower() in _TRUE
            return str(self._machine.path(value)) if value else True
        return value is not False

    def _variable(self, section: str, name: str, key: str) -> str | None:
        middle = _SEPARATORS.sub("_", name).upper()
        return self._machine.environ.get(f"POETRY_{section}_{middle}_{key}")


def read_poetry(machine: Machine, folder: Path | None, reader: Reader) -> PoetryConfig:
    """Poetry's configuration, with the ``poetry.toml`` of the project's `folder`."""
    own = poetry_folder(machine)
    merged: dict[str, Any] = {}
    for path in (own / "config.toml", own / "auth.toml"):
        _merge(merged, reader.toml(path))
    origins = dict(_origins(table(merged.get("repositories"))))  # a project must not move them
    if folder is not None:
        _merge(merged, reader.toml(folder / "poetry.toml"))
    for name, entry in table(merged.get("certificates")).items():
        if isinstance(entry, dict) and entry.get("client-cert"):
            reader.problems.append(
                f"Poetry's client certificate for the source {name!r} is not used: pyproject-ls"
                " knows only user names and passwords."
            )
    return PoetryConfig(machine, merged, origins)


def _merge(into: dict[str, Any], other: Mapping[str, Any]) -> None:
    for key, value in other.items():
        below = into.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            _merge(below, value)
        else:
            into[key] = value


def _origins(repositories: Table) -> Iterator[tuple[str, str]]:
    for name, entry in repositories.items():
        url = string(table(entry).get("url"))
        if url:
            try:
                yield name, origin(url)
            except AddressError:
                continue
