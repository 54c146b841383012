"""Which tool locks and installs a project: the one place where that is decided."""

from __future__ import annotations

from typing import Any, Literal, Protocol

from pyproject_ls.named import NamedTuple
from pyproject_ls.project.locked import LOCK_FILES
from pyproject_ls.project.manifest import Manifest

Tool = Literal["poetry", "uv"]
Wish = Literal["auto", "poetry", "uv"]


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
    files that are there. Where both tools have a say, the lock file decides that is there alone,
    then the backend, and Poetry's tables after that.
    """
    if wish == "poetry" or wish == "uv":
        return ToolChoice(wish, f"the setting `pyproject-ls.tool` says `{wish}`")
    kinds = {name: facts.path_kind(path) for name, path in LOCK_FILES.items()}  # asked at once
    poetry, uv = _poetrys_say(manifest), _uvs_say(manifest)
    if poetry and not uv:
        return ToolChoice("poetry", poetry)
    if uv and not poetry:
        return ToolChoice("uv", uv)
    if any(kind is None for kind in kinds.values()):
        return None
    names: tuple[Tool, ...] = ("poetry", "uv")
    locks = [name for name in names if kinds[name].value == "file"]
    if len(locks) == 1:
        found = f"there is a `{LOCK_FILES[locks[0]]}`"
        return ToolChoice(locks[0], f"the file is for both tools, and {found}" if uv else found)
    if uv:
        is_uvs = _is_built_by_uv(manifest)
        return ToolChoice("uv", uv) if is_uvs else ToolChoice("poetry", poetry)
    if locks:
        return ToolChoice(None, "there are a `poetry.lock` and a `uv.lock`")
    return ToolChoice(
        None, "the file has neither `[tool.poetry]` nor `[tool.uv]`, and there is no lock file"
    )


def _poetrys_say(manifest: Manifest) -> str:
    """Why the project is Poetry's, "" if nothing in the file says so."""
    if not manifest.uses_poetry:
        return ""
    if manifest.document.get("tool", "poetry") is not None:
        return "the file has `[tool.poetry]`"
    return "Poetry's backend builds it"


def _uvs_say(manifest: Manifest) -> str:
    """Why the project is uv's, "" if nothing in the file says so."""
    if _is_built_by_uv(manifest):
        return "uv's backend builds it"
    return "the file has `[tool.uv]`" if manifest.document.get("tool", "uv") is not None else ""


def _is_built_by_uv(manifest: Manifest) -> bool:
    return (manifest.build_backend or "").split(":")[0].split(".")[0] == "uv_build"
