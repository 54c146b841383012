"""What tools configure outside a project's file: read once for each project folder."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from os import PathLike
from pathlib import Path

from pyproject_ls.config import IndexSettings
from pyproject_ls.index.addresses import Address, AddressError, index_address, origin
from pyproject_ls.index.config_files import Reader
from pyproject_ls.index.config_folders import Machine
from pyproject_ls.index.login import Login
from pyproject_ls.index.pdm_config import PdmConfig, read_pdm
from pyproject_ls.index.pip_config import PipConfig, read_pip
from pyproject_ls.index.poetry_config import PoetryConfig, read_poetry
from pyproject_ls.index.uv_config import UvConfig, UvFile, read_uv
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.lookup import IndexTool


class Embedded(NamedTuple):
    """A login that stood in the address of an index, and so belongs to its origin.

    `variables` are the names of the environment variables that it was made of.
    """

    login: Login
    origin: str
    variables: tuple[str, ...] = ()


class Surroundings:
    """What is known of indexes besides the file itself. It changes in one way: logins are kept.

    In a workspace that is not trusted no configuration is read at all: it could only name indexes
    and credentials, and neither is used there.
    """

    def __init__(
        self,
        folder: Path | None,
        settings: IndexSettings,
        machine: Machine,
        reader: Reader,
    ) -> None:
        self.folder = folder
        self.settings = settings
        self.machine = machine
        self.setting: Address | None = None
        """The index of the setting ``index.url``."""
        self.setting_error = ""
        """Why that setting cannot be used, or ""."""
        if settings.url.strip():
            try:
                self.setting = index_address(settings.url)
            except AddressError as error:
                self.setting_error = str(error)
                reader.problems.append(
                    f"The setting `pyproject-ls.index.url` is no address of an index: {error}."
                )
        if settings.trusted:
            self.poetry = read_poetry(machine, folder, reader)
            self.uv = read_uv(machine, folder, reader)
            self.pdm = read_pdm(machine, folder, reader)
            self.pip = read_pip(machine, reader)
        else:
            self.poetry = PoetryConfig(machine, {}, {})
            self.uv = UvConfig(machine, UvFile(), None, (), is_partial=False)
            self.pdm = PdmConfig(Machine({}, machine.platform), {}, reader)
            self.pip = PipConfig()
        self.problems: tuple[str, ...] = tuple(reader.problems)
        """What is wrong with configuration files, in sentences without any secret."""
        self._embedded: list[Embedded] = []

    @classmethod
    def read(
        cls,
        folder: Path | None,
        settings: IndexSettings,
        environ: Mapping[str, str],
        platform: str = sys.platform,
        root: str | PathLike[str] = "/",
    ) -> Surroundings:
        """The surroundings of the project in `folder` (None: of a file that is in no folder).

        `platform` is what `sys.platform` says on the machine, `root` the folder that stands for
        ``/`` there.
        """
        return cls(folder, settings, Machine(environ, platform, root), Reader())

    def login(self, tool: str, name: str) -> Login | None:
        """The credentials that `tool` keeps under an index's name; the keyring is not asked."""
        if not self.settings.trusted:
            return None
        config: dict[str, PoetryConfig | UvConfig | PdmConfig] = {
            "poetry": self.poetry,
            "uv": self.uv,
            "pdm": self.pdm,
        }
        found = config.get(tool)
        return found.login(name) if found is not None and name else None

    def keyring_enabled(self, tool: IndexTool | str) -> bool:
        """Whether the user lets `tool` ask the keyring."""
        if tool == "poetry":
            return self.poetry.keyring_enabled
        if tool == "uv":
            return self.uv.keyring_enabled
        return self.pip.keyring_enabled if tool == "pip" else True

    def keep(self, address: Address, variables: tuple[str, ...] = ()) -> str:
        """Keep the login of `address`: a mark by which `embedded` finds it, "" if it has none."""
        if address.login is None:
            return ""
        entry = Embedded(address.login, origin(address.url), variables)
        if entry not in self._embedded:
            self._embedded.append(entry)
        return f"{self._embedded.index(entry)}@"

    def embedded(self, mark: str) -> Embedded | None:
        """The login that was kept under `mark`."""
        number = mark.removesuffix("@")
        is_known = number.isdecimal() and int(number) < len(self._embedded)
        return self._embedded[int(number)] if is_known else None

    def embedded_for(self, index_origin: str) -> Embedded | None:
        """The login that was last kept for an origin, as pip shares it between its indexes."""
        found = [each for each in self._embedded if each.origin == index_origin]
        return found[-1] if found else None
