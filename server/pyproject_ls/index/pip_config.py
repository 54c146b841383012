"""What pip's configuration says of indexes (``pip/_internal/configuration.py``).

Files of the machine and of the user, then environment variables; a later value takes the place of
an earlier one, also of lists. The section of ``pip install`` goes over ``[global]``.
"""

from __future__ import annotations

from pyproject_ls.index.config_files import Reader
from pyproject_ls.index.config_folders import Machine, pip_files
from pyproject_ls.index.configured import Configured
from pyproject_ls.named import NamedTuple

_FALSE = frozenset({"0", "false", "no", "off", "n", "f"})
_OPTIONS = (
    "index-url",
    "extra-index-url",
    "cert",
    "trusted-host",
    "find-links",
    "no-index",
    "keyring-provider",
)


class PipConfig(NamedTuple):
    """pip's configuration on one machine."""

    default: Configured | None = None
    """What takes the place of the public index."""
    replaces_default: bool = False
    """Whether anything does, be it a folder that cannot be asked."""
    extra: tuple[Configured, ...] = ()
    cert: str = ""
    trusted_hosts: frozenset[str] = frozenset()
    """Hosts, with or without port, whose certificates are not checked."""
    is_partial: bool = False
    """Whether packages may also come from what cannot be asked: pages of links, folders."""
    no_index: bool = False
    keyring_enabled: bool = True

    def verify(self, host: str, port: int | None) -> bool | str:
        """Whether certificates of `host` are checked, or the file to check them with."""
        if self.trusted_hosts & {host, f"{host}:{port}"}:
            return False
        return self.cert or True


def read_pip(machine: Machine, reader: Reader) -> PipConfig:
    """The configuration of pip; that of a virtual environment is not known."""
    values: dict[tuple[str, str], str] = {}
    for path in pip_files(machine):
        for section, options in reader.ini(path).items():
            values.update({(section, name): value for name, value in options.items()})
    chosen: dict[str, str] = {}
    for name in _OPTIONS:
        variable = "PIP_" + name.upper().replace("-", "_")
        found = (
            machine.variable(variable),
            values.get(("install", name), ""),
            values.get(("global", name), ""),
        )
        chosen[name] = next((each.strip() for each in found if each.strip()), "")
    where = "pip's configuration"
    refused = reader.refused
    default = reader.address(chosen["index-url"], where)
    extra = [reader.address(word, where) for word in chosen["extra-index-url"].split()]
    cert = chosen["cert"]
    return PipConfig(
        Configured(default) if default is not None else None,
        bool(chosen["index-url"]),
        tuple(Configured(each) for each in extra if each is not None),
        str(machine.path(cert)) if cert else "",
        frozenset(chosen["trusted-host"].lower().split()),
        bool(chosen["find-links"]) or reader.refused > refused,
        bool(chosen["no-index"]) and chosen["no-index"].lower() not in _FALSE,
        chosen["keyring-provider"].lower() != "disabled",
    )
