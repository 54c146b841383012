"""What all Python files of a project import."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path

from pyproject_ls.facts.usage import Imports, Use, UseKind
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.module_names import SHARED, packages_with
from pyproject_ls.usage.source import Found, imports_in, imports_in_notebook
from pyproject_ls.usage.walk import Source, Tree, folders_above, text_of, tree_of

MAX_FILE = 2**20
"""Of larger files the beginning counts: imports stand there, and tables of data below."""

MAX_NOTEBOOK = 16 * 2**20
MAX_ALL = 200 * 2**20
"""So many bytes are read of all files together."""

MAX_KEPT = 50_000
"""What so many files import is remembered until they change."""

_TESTS = lazy_pattern(
    r"(?:^|/)(?:tests?|testing|[^/]*_tests?|tests_[^/]*|test_[^/]*)/"
    r"|(?:^|/)(?:conftest|noxfile|fabfile|dodo|[^/]*_test|test[^/]*)\.py$"
    r"|^(?:setup|tasks|\w*build\w*|release|conf|versioneer)\.py$|\.(?:ipynb|pyi)$"
    r"|^\w*build_?(?:backend|hooks?|system|tools?|utils)?/"
    r"|^(?:scripts|tools|ci|tasks|dev|utils|hack|bin|fixtures|bench)/"
)
"""Paths of code that no user runs."""

_BESIDE = lazy_pattern("docs?|examples?|samples?|demos?|benchmarks?|notebooks|tutorials?")
"""Folders of such code, unless they are packages."""

_kept: OrderedDict[str, tuple[tuple[int, int], tuple[Found, ...]]] = OrderedDict()


def imports(root: Path, roots: Iterable[str] = ()) -> Imports:
    """The imports of the project in the folder `root`, one use for each kind of each module."""
    tree = tree_of(root)
    extra = {each.strip("/") for each in roots} | {"", "src", "lib", "python"}
    shipped = _shipped(tree, extra)
    anywhere = {name for names in tree.modules.values() for name in names}
    uses: dict[tuple[str, UseKind], Use] = {}
    left = MAX_ALL
    complete, has_code = tree.complete, False
    for source in sorted(tree.sources):
        left -= min(source.stamp[1], MAX_NOTEBOOK)
        if left < 0:
            complete = False
            break
        found, has_code = _found(source), True
        if not found:
            continue
        own = _own(tree, source.path, extra)
        is_aside = _is_aside(tree, source.path) or not shipped(source.path)
        for each in found:
            kind = UseKind.ASIDE if is_aside else each.kind
            top = each.module.partition(".")[0]
            if top in own or (top in anywhere and not packages_with(each.module)):
                kind = UseKind.OWN  # there are ways to import what lies elsewhere
            uses.setdefault((each.module, kind), Use(each.module, kind, source.path, each.line))
    return Imports(tuple(sorted(uses.values())), complete, has_code)


def _found(source: Source) -> tuple[Found, ...]:
    """What a file imports; it is read where it has changed."""
    kept = _kept.get(source.place)
    if kept is not None and kept[0] == source.stamp:
        return kept[1]
    if source.path.endswith(".ipynb"):
        found = tuple(imports_in_notebook(text_of(source, MAX_NOTEBOOK)))
    else:
        found = tuple(imports_in(text_of(source, MAX_FILE)))
    _kept[source.place] = source.stamp, found
    while len(_kept) > MAX_KEPT:
        _kept.popitem(last=False)
    return found


def _is_aside(tree: Tree, path: str) -> bool:
    return _TESTS.search(path) is not None or any(
        folder not in tree.packages and _BESIDE.fullmatch(folder.rpartition("/")[2])
        for folder in folders_above(path)
    )


def _shipped(tree: Tree, roots: set[str]) -> Callable[[str], bool]:
    """Whether a file at some path may be part of what the project is for.

    Where the project has packages, folders beside them that are none hold something else; a project
    without packages is a program that lies where it lies.
    """
    inner = {each for each in roots if each and any(_is_in(path, each) for path in tree.modules)}
    outer = {
        path for path in tree.packages if path and "/" not in path and not _TESTS.search(f"{path}/")
    }

    def is_shipped(path: str) -> bool:
        first, slash, _ = path.partition("/")
        if any(_is_in(path, each) for each in inner):
            return True
        if slash:
            return first in outer or first in SHARED or not (inner or outer)
        return not inner

    return is_shipped


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _own(tree: Tree, path: str, roots: set[str]) -> set[str]:
    """The names of modules that a file at `path` can import from the project itself.

    They are in the roots, and beside the file unless that is a module of a package.
    """
    found: set[str] = set()
    for each in roots:
        found |= tree.modules.get(each, set())
    for folder in folders_above(path):
        if folder not in tree.packages:
            found |= tree.modules.get(folder, set())
    return found
