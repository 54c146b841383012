"""Which of a project's dependencies provide which of the modules that its files import."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.layout import module_roots
from pyproject_ls.facts.usage import Imports, Use, UseKind
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Home
from pyproject_ls.project.lock_graph import LockGraph, lock_file_in
from pyproject_ls.project.locked import POETRY_LOCK, PYLOCK, UV_LOCK
from pyproject_ls.project.manifest import Manifest, as_table, strings, text_of
from pyproject_ls.project.module_names import (
    SHARED,
    is_embedded,
    is_standard,
    is_stub,
    known_modules,
    likely_modules,
    packages_with,
)
from pyproject_ls.toml import Array, Table

RELEASED = frozenset({Home.PROJECT, Home.EXTRA, Home.POETRY})
"""What users get, some of it only if they ask for it."""

DEVELOPMENT = frozenset({Home.GROUP, Home.POETRY_GROUP, Home.POETRY_DEV, Home.UV, Home.PDM_DEV})
"""What only those get who work on the project."""

_CONSTRAINTS = "constraint-dependencies"

_SIGNS = lazy_pattern(r"[-_.]+")
_LEAST = 4
"""So many letters of two names have to be the same."""


class Providers:
    """The modules of some packages, by their normalised names.

    What is installed says most; then what is known of well-known packages. A name that is neither
    stands for several modules by custom, and if none of them is among the `imported` ones, for any
    whose name is a part of it.
    """

    def __init__(
        self,
        names: Iterable[str],
        installed: Mapping[str, tuple[str, ...]],
        imported: Collection[str],
    ) -> None:
        self._modules: dict[str, set[str]] = {}
        self._parents: dict[str, set[str]] = {}
        uncertain: set[str] = set()
        for name in names:
            if is_stub(name):
                continue
            certain = (*installed.get(name, ()), *known_modules(name))
            if not certain:
                uncertain.add(name)
            for module in (*certain, *likely_modules(name)):
                self._add(module.lower(), name)
        matched = {name for module in imported for name in self.certainly(module)}
        self._vague = {name: _SIGNS.sub("", name) for name in uncertain - matched}
        used = {name for module in imported for name in self._alike(module)}
        self.unexplained = self._vague.keys() - used
        """Packages whose modules are only guessed, and that no import speaks of."""

    def _add(self, module: str, name: str) -> None:
        self._modules.setdefault(module, set()).add(name)
        while "." in module:
            module = module.rpartition(".")[0]
            self._parents.setdefault(module, set()).add(name)

    def of(self, module: str) -> set[str]:
        """The packages that may provide `module`."""
        return self.certainly(module) | self._alike(module)

    def certainly(self, module: str) -> set[str]:
        """The packages that have `module` or a part of it, as far as that is known or custom."""
        parent = module.lower()
        found = set(self._parents.get(parent, ()))
        while parent:
            found |= self._modules.get(parent, set())
            parent = parent.rpartition(".")[0]
        return found

    def _alike(self, module: str) -> set[str]:
        short = _SIGNS.sub("", module.lower())
        if len(short) < _LEAST:
            return set()
        return {
            name
            for name, squeezed in self._vague.items()
            if short in squeezed or (len(squeezed) >= _LEAST and squeezed in short)
        }


class Usage(NamedTuple):
    """What is known of a project: its imports, its dependencies and what they provide.

    `foreign` are the uses of what is neither Python's own nor the project's.
    """

    imports: Imports
    foreign: tuple[Use, ...]
    released: Providers
    all: Providers
    installed: Mapping[str, tuple[str, ...]]

    @property
    def puzzles(self) -> set[str]:
        """Modules of which nobody knows where they come from, imported where that matters."""
        code = [use for use in self.foreign if use.kind is not UseKind.ASIDE]
        return {
            use.module
            for use in code or self.foreign
            if not self.all.of(use.module) and not packages_with(use.module)
        }


def usage_of(context: Context) -> Usage | None:
    """What the project of `context` uses; None while it is not known."""
    manifest, facts = context.manifest, context.facts
    roots = tuple(sorted(each.rstrip("/") for each in module_roots(manifest) if each))
    imports, installed = facts.imports(roots), facts.installed()
    if imports is None or installed is None:
        return None
    own = _own_modules(manifest)
    foreign = tuple(use for use in imports.uses if _is_foreign(use, own))
    modules = {use.module for use in foreign}
    released, every = (
        Providers(_declared(manifest, homes), installed.modules, modules)
        for homes in (RELEASED, RELEASED | DEVELOPMENT)
    )
    return Usage(imports, foreign, released, every, installed.modules)


def _declared(manifest: Manifest, homes: frozenset[Home]) -> set[str]:
    """The normalised names of what is declared in lists of the kinds `homes`."""
    return {
        name
        for declared, members in manifest.lists
        if declared.home in homes and declared.group != _CONSTRAINTS
        for each in members
        if (name := each.normalized)
    }


def _is_foreign(use: Use, own: set[str]) -> bool:
    top = use.module.partition(".")[0]
    if use.kind is UseKind.OWN or top.lower() in own:
        return False
    return not (is_standard(top) or is_embedded(top)) and use.module not in SHARED


def _own_modules(manifest: Manifest) -> set[str]:
    """The top-level modules that the file says are the project's own, in lower case."""
    document = manifest.document
    names = {*likely_modules(manifest.normalized_name)} if manifest.normalized_name else set()
    for path in (
        ("project", "import-names"),
        ("project", "import-namespaces"),
        ("tool", "setuptools", "packages"),
        ("tool", "setuptools", "py-modules"),
        ("tool", "flit", "module", "name"),
        ("tool", "maturin", "module-name"),
        ("tool", "uv", "build-backend", "module-name"),
    ):
        node = document.get(*path)
        names |= {each.value for each in strings(node)} | {text_of(node) or ""}
    moved = as_table(document.get("tool", "setuptools", "package-dir"))
    names |= set(moved.values) if moved is not None else set()
    packages = document.get("tool", "poetry", "packages")
    for item in packages.items if isinstance(packages, Array) else ():
        if isinstance(item, Table):
            names.add((text_of(item.values.get("include")) or "").partition("/")[0])
    tops = {
        _SIGNS.split(name.partition(";")[0].strip())[0].lower() for name in names if "." in name
    }
    return ({name.lower() for name in names} | tops) - {""} - SHARED


def lock_of(context: Context) -> LockGraph | None:
    """The graph of the project's lock file, an empty one without; None while it is not known."""
    facts = context.facts
    kinds = {name: facts.path_kind(name) for name in (POETRY_LOCK, UV_LOCK, PYLOCK)}
    if None in kinds.values():
        return None
    lock = lock_file_in(facts, context.manifest)
    if lock is not None:
        return lock.graph
    there = [name for name, kind in kinds.items() if kind is not None and kind.value == "file"]
    return None if any(facts.text_of(name) is None for name in there) else LockGraph(())
