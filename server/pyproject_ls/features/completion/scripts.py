"""Targets of scripts and entry points: ``module:function``, from the project's Python files.

Modules are followed folder by folder, as far as is typed; files are read and parsed, never
imported. For the packages of the project the usual places of a ``main`` are looked into at once.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.features.completion import paths
from pyproject_ls.features.completion.model import Choice, Choices, Kind, Request
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.manifest import strings, text_of
from pyproject_ls.project.python_source import objects_of
from pyproject_ls.toml import Array, Table

_LIKELY = ("__main__", "cli", "main", "app", "__init__", "console", "commands", "server")
"""Modules that functions to be started are usually in."""
_NO_PACKAGES = frozenset({"tests", "test", "docs", "doc", "examples", "scripts", "build", "dist"})
_KINDS = {
    "function": Kind.FUNCTION,
    "class": Kind.CLASS,
    "variable": Kind.OBJECT,
    "import": Kind.OBJECT,
}
_MAX_TEXTS = 16
"""How many files one completion reads."""


class _Module(NamedTuple):
    """A module or package; `path` is that of its file, or of its folder with a slash."""

    name: str
    path: str


def function(request: Request) -> Choices:
    """A function that can be started."""
    return _targets(request, ("function", "class", "import", "variable"))


def any_object(request: Request) -> Choices:
    """Any object of a module, as plugins are."""
    return _targets(request, ("class", "function", "variable", "import"))


def reference(request: Request) -> Choices:
    """What a script of Poetry refers to: a file or, by its ``type``, a function."""
    kind = text_of(request.table.values.get("type")) if request.table is not None else None
    return function(request) if kind == "console" else paths.any_path(request)


def module(request: Request) -> Choices:
    """A module by its dotted name."""
    start, choices = _modules(request, request.typed)
    return Choices(start, _end(request, start, "."), choices)


def _targets(request: Request, kinds: tuple[str, ...]) -> Choices:
    name, colon, _ = request.typed.partition(":")
    if colon:
        start = len(name) + 1
        dot = request.typed.rfind(".", start)
        start = max(start, dot + 1)
        prefix = request.typed[len(name) + 1 : start]
        choices = list(_objects(request, name.strip(), prefix, kinds))
        return Choices(start, _end(request, start, ".["), choices)
    start, choices = _modules(request, request.typed)
    rest = request.content[request.at :]
    end = _end(request, start, ".:[")
    if ":" not in rest and "." not in rest:
        choices = [*_likely(request, start, choices, kinds), *choices]
    return Choices(start, end, choices)


def _end(request: Request, start: int, stops: str) -> int:
    """The end of the word at the cursor."""
    content = request.content
    found = [content.find(stop, max(request.at, start)) for stop in (*stops, " ")]
    return min((at for at in found if at >= 0), default=len(content))


def _modules(request: Request, typed: str) -> tuple[int, list[Choice]]:
    """The modules that may stand for the last part of the dotted name `typed`."""
    start = typed.rfind(".") + 1
    above = typed[:start].replace(".", "/")
    found: dict[str, Choice] = {}
    for root in _roots(request):
        for each in _listed(request, f"{root}{above}", is_root=not above):
            if each.name == "__init__" or each.name in found:
                continue
            is_package = each.path.endswith("/")
            rank = 100 if is_package else 200
            if not above:
                rank += _rank_of_top(request, each.name, root)
            found[each.name] = Choice(
                each.name,
                Kind.MODULE,
                detail=each.path,
                order=rank,
                commit=(".", ":"),
                retrigger=False,
            )
    return start, list(found.values())


def _rank_of_top(request: Request, name: str, root: str) -> int:
    """The package that is named like the project comes first, what lies beside it last."""
    own = request.snapshot.manifest.normalized_name.replace("-", "_")
    if name.lower() == own:
        return -50
    return 300 if name in _NO_PACKAGES or (not root and name.startswith("_")) else 0


def _likely(
    request: Request, start: int, modules: list[Choice], kinds: tuple[str, ...]
) -> Iterator[Choice]:
    """Whole targets in the usual modules of the packages at hand."""
    budget = _MAX_TEXTS
    above = request.typed[:start]
    for choice in sorted(modules, key=lambda each: each.order)[:8]:
        if choice.order >= 400:
            continue
        if choice.detail.endswith("/"):
            files = request.snapshot.facts.listing(choice.detail.rstrip("/")) or ()
            names = [name for name in _LIKELY if f"{name}.py" in files]
            if not above:
                names = names[:6]
            places = [
                (f"{choice.text}.{name}" if name != "__init__" else choice.text, name)
                for name in names
            ]
            listed = [(dotted, f"{choice.detail}{name}.py") for dotted, name in places]
        else:
            is_likely = not above or choice.text in _LIKELY
            listed = [(choice.text, choice.detail)] if is_likely else []
        for dotted, path in listed:
            budget -= 1
            if budget < 0:
                return
            text = request.snapshot.facts.text_of(path)
            if text is None or text.text is None:
                continue
            for name, found in objects_of(text.text).items():
                if "." in name or name.startswith("_") or found.kind != kinds[0]:
                    continue
                is_main = name in ("main", "cli", "app", "run")
                yield Choice(
                    f"{dotted}:{name}",
                    _KINDS[found.kind],
                    detail=found.signature,
                    order=0 if is_main else 20,
                    data=("text", _documentation(found.docstring)),
                )


def _objects(request: Request, name: str, prefix: str, kinds: tuple[str, ...]) -> Iterator[Choice]:
    """The objects of the module `name` below `prefix` ("", or ``Class.``)."""
    for text in _texts(request, name):
        for order, (written, found) in enumerate(objects_of(text).items()):
            if not written.startswith(prefix) or "." in written[len(prefix) :]:
                continue
            last = written[len(prefix) :]
            is_private = last.startswith("_")
            if found.kind not in kinds or (found.kind == "import" and not found.imported):
                continue
            if found.kind == "import" and ":" not in found.imported:
                continue  # a module
            rank = kinds.index(found.kind) * 1000 + is_private * 10000
            yield Choice(
                last,
                _KINDS[found.kind],
                detail=found.signature or found.imported,
                order=rank + order,
                data=("text", _documentation(found.docstring)),
            )
        return


def _texts(request: Request, name: str) -> Iterator[str]:
    """The text of the module `name`, from the first root that has it."""
    parts = name.split(".")
    if not all(part.isidentifier() for part in parts):
        return
    facts = request.snapshot.facts
    for root in _roots(request):
        folder = root + "".join(f"{part}/" for part in parts[:-1])
        entries = facts.listing(folder.rstrip("/")) or ()
        path = ""
        if f"{parts[-1]}/" in entries:
            path = f"{folder}{parts[-1]}/__init__.py"
        elif f"{parts[-1]}.py" in entries:
            path = f"{folder}{parts[-1]}.py"
        text = facts.text_of(path) if path else None
        if text is not None and text.text is not None:
            yield text.text


def _listed(request: Request, folder: str, is_root: bool) -> Iterator[_Module]:
    """The modules and packages in a folder."""
    for name in request.snapshot.facts.listing(folder.rstrip("/")) or ():
        base = name.rstrip("/").removesuffix(".py")
        if not base.isidentifier() or (is_root and base in ("setup", "conftest", "noxfile")):
            continue
        if name.endswith("/"):
            if not (is_root and name in ("src/", "lib/")):
                yield _Module(base, f"{folder}{name}")
        elif name.endswith(".py"):
            yield _Module(base, f"{folder}{name}")


def _roots(request: Request) -> list[str]:
    """The folders that top-level packages are in, each "" or ending in a slash."""
    document = request.snapshot.document
    found = ["src", ""]
    packages = document.get("tool", "poetry", "packages")
    for item in packages.items if isinstance(packages, Array) else ():
        if isinstance(item, Table):
            found.append(text_of(item.values.get("from")) or "")
    found += [
        item.value
        for item in strings(document.get("tool", "setuptools", "packages", "find", "where"))
    ]
    for path in (
        ("tool", "setuptools", "package-dir", ""),
        ("tool", "pdm", "build", "package-dir"),
        ("tool", "uv", "build-backend", "module-root"),
    ):
        found.append(text_of(document.get(*path)) or "")
    roots = (root.strip().removeprefix("./").strip("/") for root in found)
    return list(dict.fromkeys(f"{root}/" if root not in ("", ".") else "" for root in roots))


def _documentation(docstring: str) -> str:
    """The first paragraph of a docstring, as plain text."""
    return docstring.split("\n\n")[0].strip()[:500]
