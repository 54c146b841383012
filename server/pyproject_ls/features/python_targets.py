"""From the ``module:object`` of a script to the Python file and the definition in it.

Files are found where the project keeps its packages and are read, never imported. Names that a
module only imports are followed to where they are defined, as long as that is in the project.
"""

from __future__ import annotations

from pyproject_ls.checks.layout import module_roots
from pyproject_ls.facts import Facts, PathKind
from pyproject_ls.host import Snapshot
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.python_source import PythonObject, function_at

MAX_IMPORTS = 5
"""How far an imported name is followed."""

_REFERENCE = lazy_pattern(
    r"\s*(?P<module>[^\W\d]\w*(?:\.[^\W\d]\w*)*)\s*"
    r"(?::\s*(?P<object>[^\W\d]\w*(?:\.[^\W\d]\w*)*)?\s*(?:\(\s*\))?)?\s*(?:\[[^\]]*\]?)?\s*\Z"
)


class PythonTarget(NamedTuple):
    """What a reference stands for: the file (relative to the project), and the object in it.

    `object` is None where the reference names a module only, or where nothing of that name is
    found in the file.
    """

    path: str
    object: PythonObject | None
    wanted: str
    """The name of the object that the reference asks for; "" for a module."""


def python_target(snapshot: Snapshot, reference: str) -> PythonTarget | None:
    """The target of ``module:object`` (extras in brackets are ignored).

    None where the text is no reference, where no such module is in the project, and while the facts
    do not tell yet.
    """
    match = _REFERENCE.match(reference)
    if match is None:
        return None
    module, name = match["module"], match["object"] or ""
    first: PythonTarget | None = None
    for _ in range(MAX_IMPORTS):
        path = module_path(snapshot, module)
        if path is None:
            break
        found = None
        if name:
            source = snapshot.facts.text_of(path)
            if source is None:
                return None
            found = function_at(source.text or "", name)
        target = PythonTarget(path, found, name)
        first = first or target
        if found is None or found.kind != "import":
            return target
        followed = _origin(found, module, is_package=path.endswith("/__init__.py"))
        if followed is None:
            break
        module, name = followed
    return first


def module_path(snapshot: Snapshot, module: str) -> str | None:
    """The file of a module of the project; None where there is none, or that is not known yet."""
    base = module.replace(".", "/")
    unknown = False
    for root in sorted(module_roots(snapshot.manifest), key=len, reverse=True):
        for candidate in (f"{root}{base}.py", f"{root}{base}/__init__.py"):
            kind = snapshot.facts.path_kind(candidate)
            if kind is PathKind.FILE and not unknown:
                return candidate
            unknown = unknown or kind is None
    return None


def package_path(facts: Facts, base: str) -> str | None:
    """The file to open for a package folder or module `base` (a path without suffix)."""
    for candidate in (f"{base}/__init__.py", f"{base}.py", base):
        kind = facts.path_kind(candidate)
        if kind is PathKind.FILE or (kind is PathKind.DIRECTORY and candidate == base):
            return candidate
    return None


def _origin(found: PythonObject, module: str, *, is_package: bool) -> tuple[str, str] | None:
    """The module and the name that an import takes its name from."""
    origin, colon, name = found.imported.partition(":")
    if not colon:
        return origin, ""
    dots = len(origin) - len(origin.lstrip("."))
    if not dots:
        return origin, name
    parts = module.split(".")
    up = dots - 1 if is_package else dots
    if up > len(parts):
        return None
    parts = parts[: len(parts) - up]
    rest = origin[dots:]
    full = ".".join([*parts, *([rest] if rest else [])])
    return (full, name) if full else None
