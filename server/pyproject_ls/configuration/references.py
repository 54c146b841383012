"""Entries of `extend`: a path, a package or an address."""

from __future__ import annotations

import os
from typing import Literal

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.requirement import normalized_name

_PACKAGE = lazy_pattern(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_SCHEME = lazy_pattern(r"([A-Za-z][A-Za-z0-9+.-]+):")
_DIGEST = lazy_pattern(r"sha256=([0-9a-fA-F]{64})")


class Reference(NamedTuple):
    """Another file of configuration.

    `name` is what people call it; `where` the absolute path, the package or the address; `folder`
    the folder that it lies in, "" where it lies in none of the project's.
    """

    kind: Literal["path", "package", "url"]
    name: str
    where: str
    folder: str = ""
    sha256: str = ""

    @property
    def identity(self) -> str:
        """What is equal for two entries that mean one file."""
        return self.where if self.kind == "path" else f"{self.kind}:{self.where}"


def reference(entry: str, folder: str) -> Reference | str:
    """What `entry`, in a file of the folder `folder`, means; or the rest of a sentence why not."""
    if not entry.strip() or "\0" in entry:
        return "is no path; write the path of a file, `package:name` or an address."
    if entry.startswith("package:"):
        name = entry.removeprefix("package:").strip()
        if not _PACKAGE.fullmatch(name):
            return "does not name a package; write `package:` and the name of an installed package."
        return Reference("package", f"package:{name}", normalized_name(name))
    scheme = _SCHEME.match(entry)
    if scheme is not None and len(scheme[1]) > 1:  # one letter is a drive
        return _address(entry, scheme[1].lower())
    path = os.path.normpath(os.path.join(folder, entry))
    return Reference("path", entry, path, os.path.dirname(path))


def _address(entry: str, scheme: str) -> Reference | str:
    if scheme != "https":
        return "cannot be extended; addresses begin with `https://`, and packages with `package:`."
    address, _, fragment = entry.partition("#")
    digest = _DIGEST.fullmatch(fragment)
    if digest is None:
        return (
            "is not pinned; add `#sha256=` and the 64 hexadecimal digits of the file's hash, which"
            " `pyproject-ls config --fetch` prints."
        )
    if "@" in address.split("/", 3)[2]:
        return "has a user name or password in it; fetch the policy from where none is needed."
    return Reference("url", address, address, "", digest[1].lower())
