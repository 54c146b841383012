"""Which tool locks and installs a project: the one place where that is decided."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, Protocol

from pyproject_ls.project.locked import LOCK_FILES
from pyproject_ls.project.manifest import Manifest

Tool = Literal["poetry", "uv"]
Wish = Literal["auto", "poetry", "uv"]

_UV_BACKENDS = ("uv_build",)


class ToolChoice(NamedTuple):
    """The tool, None where the project has none, and why, in words for a person."""

    name: Tool | None
    reason: str


class _Files(Protocol):
    """What is asked here of `pyproject_ls.facts.Facts`, which this layer must not know."""

    def path_kind(self, path: str) -> Any:
        """What is at `path`; None while unknown."""


def tool_of(manifest: Manifest, facts: _Files, wish: Wish = "auto") -> ToolChoice | None:
    """The tool of a project; None while the files that decide it are not known.

    The setting goes before all, then the tables of the file and its build backend, then the lock
    files that are there. A project with tables of both tools is Poetry's if it has a poetry.lock or
    Poetry builds it, else uv's.
    """
    if wish == "poetry" or wish == "uv":
        return ToolChoice(wish, f"the setting `pyproject-ls.tool` says `{wish}`")
    kinds = {name: facts.path_kind(path) for name, path in LOCK_FILES.items()}
    if any(kind is None for kind in kinds.values()):
        return None
    has_lock = {name: kind.value == "file" for name, kind in kinds.items()}
    has_uv = manifest.document.get("tool", "uv") is not None
    backend = manifest.build_backend or ""
    is_uv_built = backend.startswith(_UV_BACKENDS)
    if manifest.uses_poetry and not (
        (has_uv or is_uv_built) and has_lock["uv"] and not has_lock["poetry"]
    ):
        if manifest.document.get("tool", "poetry") is not None:
            return ToolChoice("poetry", "the file has `[tool.poetry]`")
        return ToolChoice("poetry", f"`{backend}` builds it")
    if has_uv:
        return ToolChoice("uv", "the file has `[tool.uv]`")
    if is_uv_built:
        return ToolChoice("uv", f"`{backend}` builds it")
    both = has_lock["uv"] and has_lock["poetry"]
    if both:
        return ToolChoice(None, "there are a `poetry.lock` and a `uv.lock`")
    names: tuple[Tool, ...] = ("poetry", "uv")
    for name in names:
        if has_lock[name]:
            return ToolChoice(name, f"there is a `{LOCK_FILES[name]}`")
    return ToolChoice(
        None, "the file has neither `[tool.poetry]` nor `[tool.uv]`, and there is no lock file"
    )
