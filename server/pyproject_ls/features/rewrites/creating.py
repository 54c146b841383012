"""Create a file that the project names and that is not there: readme, license, script."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.edits import quoted
from pyproject_ls.facts import Facts, PathKind
from pyproject_ls.features.rewrites.action import REWRITE, Action, NewFile, Request
from pyproject_ls.features.rewrites.licenses import license_text
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.manifest import Manifest, as_string, text_of
from pyproject_ls.project.paths import TomlPath

_RELATIVE = lazy_pattern(r"(?![/~])[^\\:*?\"<>|\[\]{}\x00-\x1f]{1,200}(?<![/. ])")
_TARGET = lazy_pattern(r"\s*([^\W\d]\w*(?:\.[^\W\d]\w*)*)\s*:\s*([^\W\d]\w*)\s*")


def offers(request: Request) -> Iterator[Action]:
    """Create what the touched value names, once it is known to be missing."""
    node = as_string(request.place.value)
    if node is None or not node.closed or not node.value:
        return
    path, facts, manifest = request.place.path, request.snapshot.facts, request.snapshot.manifest
    target = _TARGET.fullmatch(node.value)
    if _is_readme(path):
        yield from _create(facts, NewFile(node.value, _readme(node.value, manifest)))
    elif path == ("project", "license", "file") or path[:2] == ("project", "license-files"):
        yield from _create(facts, NewFile(node.value, license_text(manifest)))
    elif _is_script(path) and target is not None:
        files = _modules(facts, target[1], target[2], manifest)
        if files:
            yield Action(f"Create `{files[-1].path}`", REWRITE, creates=files)


def _is_readme(path: TomlPath) -> bool:
    return path in {("project", "readme"), ("project", "readme", "file")} or (
        path[:3] == ("tool", "poetry", "readme")
    )


def _is_script(path: TomlPath) -> bool:
    if path[:2] in {("project", "scripts"), ("project", "gui-scripts")}:
        return len(path) == 3
    return path[:3] == ("tool", "poetry", "scripts") and (
        len(path) == 4 or path[4:] == ("reference",)
    )


def _create(facts: Facts, file: NewFile) -> Iterator[Action]:
    if not _RELATIVE.fullmatch(file.path) or ".." in file.path.split("/"):
        return
    if facts.path_kind(file.path) is PathKind.MISSING:
        yield Action(f"Create `{file.path}`", REWRITE, creates=(file,))


def _readme(path: str, manifest: Manifest) -> str:
    name = str(manifest.name.value) if manifest.name is not None else "Project"
    name = " ".join(name.split())
    description = text_of(manifest.document.get("project", "description"))
    description = description or text_of(manifest.document.get("tool", "poetry", "description"))
    below = f"\n{' '.join(description.split())}\n" if description else ""
    if path.lower().endswith(".rst"):
        return f"{name}\n{'=' * len(name)}\n{below}"
    return f"# {name}\n{below}"


def _modules(facts: Facts, module: str, function: str, manifest: Manifest) -> tuple[NewFile, ...]:
    """The module with the function, behind the packages that it needs; none if there is one."""
    steps = module.split(".")
    base = "/".join(steps)
    places = [f"{root}{base}{end}" for root in ("", "src/") for end in (".py", "/__init__.py")]
    if any(facts.path_kind(place) is not PathKind.MISSING for place in places):
        return ()
    root = _root(facts, steps[0])
    if root is None:
        return ()
    files = []
    for depth in range(1, len(steps)):
        folder = root + "/".join(steps[:depth])
        kind = facts.path_kind(folder)
        if kind is None or kind is PathKind.FILE:
            return ()
        if kind is PathKind.MISSING:
            files.append(NewFile(f"{folder}/__init__.py", ""))
    is_folder = facts.path_kind(root + base) is PathKind.DIRECTORY
    path = f"{root}{base}{'/__init__.py' if is_folder else '.py'}"
    name = str(manifest.name.value) if manifest.name is not None else steps[0]
    return (*files, NewFile(path, _script(function, name)))


def _root(facts: Facts, package: str) -> str | None:
    """Where the project's packages lie: where this one is, else in ``src`` if that exists."""
    kinds = [facts.path_kind(path) for path in (package, f"src/{package}", "src")]
    if None in kinds:
        return None
    here, below, source = (kind is PathKind.DIRECTORY for kind in kinds)
    return "src/" if below or (source and not here) else ""


def _script(function: str, name: str) -> str:
    return (
        '"""The command line."""\n\n\n'
        f"def {function}() -> None:\n"
        '    """Run the program."""\n'
        f"    print({quoted(f'Hello from {name}!')})\n"
    )
