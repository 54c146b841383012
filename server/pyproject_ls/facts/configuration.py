"""The question for files of configuration, and its answer."""

from __future__ import annotations

from pyproject_ls.named import NamedTuple


class ConfigOf(NamedTuple):
    """The question for a file of configuration.

    `reference` is "" for the nearest ``pyproject-ls.toml``, in the project's folder or above;
    ``package:`` and a name for that of an installed package, which is also looked for in the
    project's own environment where that is `allowed`; an address for the content with the hash
    `sha256`, which may be fetched where that is `allowed`: until it is in the cache, the disk does
    not answer then. Answer: `ConfigFile`.
    """

    reference: str = ""
    sha256: str = ""
    allowed: bool = False


class ConfigFile(NamedTuple):
    """A file of configuration; `text` is None where it cannot be read, and `error` says why.

    For the nearest one `folder` is the project's, absolute, and `path` that of the file, absolute,
    "" where there is none.
    """

    text: str | None = None
    error: str = ""
    path: str = ""
    folder: str = ""
