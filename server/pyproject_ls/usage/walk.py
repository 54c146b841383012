"""Which files of a project's folder are its own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple

MAX_ENTRIES = 50_000
"""So many files and folders are looked at."""

MAX_DEPTH = 40

SOURCES = (".py", ".pyw", ".pyx", ".pyi", ".ipynb")

_MODULES = (".py", ".pyx", ".pyi", ".so", ".pyd")
_SKIPPED = frozenset(
    {
        *("node_modules", "site-packages", "__pycache__", "__pypackages__", "bower_components"),
        *("_vendor", "_vendored", "vendor", "vendored", "third_party", "3rdparty"),
    }
)
_OUTPUT = frozenset({"build", "dist", "target", "htmlcov", "site"})
"""Folders beside pyproject.toml that tools write, unless they are packages."""

_CONFIGURATION = lazy_pattern(
    r".*\.(?:cfg|ini|toml|ya?ml|json|conf|sh|bash|bat|cmd|ps1|service|tf|nix)"
    r"|.*Dockerfile.*|Containerfile.*|Procfile.*|GNUmakefile|Makefile.*|.*\.mk|[Jj]ustfile"
    r"|Vagrantfile|Jenkinsfile|crontab"
)
_NO_EVIDENCE = lazy_pattern(
    r"pyproject\.toml|.*lock.*\.(?:toml|json|ya?ml)|package\.json|environment.*\.ya?ml|meta\.ya?ml"
    r"|mypy\.ini|ruff\.toml|pyrightconfig\.json|renovate\.json|codecov\.yml|conda.*\.ya?ml"
    r"|.*requirements.*|.*constraints.*|pixi\.toml|tox\.ini|mkdocs\.yml",
    re.IGNORECASE,
)
"""They list dependencies, or speak of the code from outside."""

_SCRIPTS = frozenset({"bin", "scripts"})
_NESTED = re.compile(rb"^\s*\[\s*(?:project|build-system|tool\s*\.\s*poetry)\b", re.MULTILINE)


class Source(NamedTuple):
    """A file: its path below the root with slashes, where it is, when it changed, its size."""

    path: str
    place: str
    stamp: tuple[int, int]


class Tree(NamedTuple):
    """What a project's folder holds.

    `modules` has for each folder ("" is the root) the names that can be imported where it is on
    the path; `packages` are the folders with an ``__init__.py``.
    """

    sources: list[Source]
    configuration: list[Source]
    modules: dict[str, set[str]]
    packages: set[str]
    complete: bool


def tree_of(root: Path) -> Tree:
    """The project's own files below `root`.

    Left out are hidden folders, virtual environments, what tools write or copy in, and projects
    of their own; links to folders are not followed.
    """
    tree = Tree([], [], {}, set(), True)
    waiting = [("", str(root), 0)]
    left = MAX_ENTRIES
    while waiting:
        path, place, depth = waiting.pop()
        entries = _entries(place)
        left -= len(entries)
        if left < 0:
            return tree._replace(complete=False)
        names = {entry.name for entry in entries}
        if path and (_is_environment(names) or _is_nested(place, names)):
            _note_nested(tree, path, place, entries)
            continue
        if "__init__.py" in names:
            tree.packages.add(path)
        for entry in entries:
            below = f"{path}/{entry.name}" if path else entry.name
            if _is_folder(entry):
                if depth < MAX_DEPTH and not _is_skipped(entry, path):
                    waiting.append((below, entry.path, depth + 1))
            else:
                _take(tree, path, below, entry)
    for path in list(tree.modules):  # a folder with modules somewhere below can be imported
        while path:
            path, _, name = path.rpartition("/")
            tree.modules.setdefault(path, set()).add(name)
    return tree


def _entries(place: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(place) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError:
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _is_skipped(entry: os.DirEntry[str], path: str) -> bool:
    name = entry.name
    if name.startswith(".") or name in _SKIPPED or name.endswith((".egg-info", ".dist-info")):
        return True
    if not path and name in _OUTPUT and not os.path.exists(f"{entry.path}/__init__.py"):
        return True
    return entry.is_symlink()


def _is_environment(names: set[str]) -> bool:
    return "pyvenv.cfg" in names or "conda-meta" in names


def _is_nested(place: str, names: set[str]) -> bool:
    """Whether the folder holds a project of its own, and no mere settings of tools."""
    if "pyproject.toml" not in names:
        return False
    try:
        with open(os.path.join(place, "pyproject.toml"), "rb") as file:
            return _NESTED.search(file.read(200_000)) is not None
    except OSError:
        return True


def _note_nested(tree: Tree, path: str, place: str, entries: list[os.DirEntry[str]]) -> None:
    """Remember the modules of another project in the same repository: they are nobody's package."""
    if os.path.exists(os.path.join(place, "pyvenv.cfg")):
        return
    own = tree.modules.setdefault("", set())
    for entry in (*entries, *_entries(os.path.join(place, "src"))):
        name, dot, suffix = entry.name.partition(".")
        is_module = f".{suffix}" in _MODULES
        if is_module if dot else os.path.exists(f"{entry.path}/__init__.py"):
            own.add(name)


def _take(tree: Tree, path: str, below: str, entry: os.DirEntry[str]) -> None:
    name = entry.name
    stem, dot, _ = name.partition(".")
    if dot and name.endswith(_MODULES):
        tree.modules.setdefault(path, set()).add(stem)
    if name.endswith(SOURCES) or (not dot and _is_script(path, entry)):
        into = tree.sources
    elif not name.startswith(".") and _is_configuration(name):
        into = tree.configuration
    else:
        return
    try:
        state = entry.stat()
        if entry.is_file():
            into.append(Source(below, entry.path, (state.st_mtime_ns, state.st_size)))
    except OSError:
        return


def _is_configuration(name: str) -> bool:
    return _CONFIGURATION.fullmatch(name) is not None and not _NO_EVIDENCE.fullmatch(name)


def _is_script(path: str, entry: os.DirEntry[str]) -> bool:
    """Whether a file without a suffix in a folder of scripts is one of Python's."""
    if path.rpartition("/")[2] not in _SCRIPTS:
        return False
    try:
        with open(entry.path, "rb") as file:
            first = file.read(80)
    except OSError:
        return False
    return first.startswith(b"#!") and b"python" in first.partition(b"\n")[0]


def text_of(source: Source, limit: int) -> str:
    """The first `limit` bytes of a file, with plain line ends; what is no UTF-8 is replaced."""
    try:
        with open(source.place, "rb") as file:
            data = file.read(limit)
    except OSError:
        return ""
    is_wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = data.decode("utf-16" if is_wide else "utf-8-sig", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def folders_above(path: str) -> Iterator[str]:
    """The folders above `path`, the nearest first, the last one is ""."""
    while path:
        path = path.rpartition("/")[0]
        yield path
