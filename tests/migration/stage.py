"""Projects on the disk: a file with everything beside it that it names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def is_for_poetry_1(text: str) -> bool:
    """Whether Poetry 1 wrote a file: ``[tool.poetry]`` with a name, and no ``[project]``."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    tool = data.get("tool")
    poetry = tool.get("poetry") if isinstance(tool, dict) else None
    if not isinstance(poetry, dict) or "project" in data:
        return False
    return "name" in poetry or poetry.get("package-mode") is False


def stage(folder: Path, text: str, original: str | None = None) -> None:
    """Write a project into `folder`; the files beside it are those that `original` names."""
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_bytes(text.encode())
    poetry: dict[str, Any] = tomllib.loads(original or text)["tool"]["poetry"]
    readme = poetry.get("readme") or []
    for name in [readme] if isinstance(readme, str) else readme:
        _file(folder / str(name), f"The text of {name}.\n")
    for package in _tables(poetry.get("packages")):
        _file(folder / package.get("from", "") / package.get("include", "x") / "__init__.py", "")
    module = str(poetry.get("name", "")).replace("-", "_").replace(".", "_")
    if module:
        _file(folder / module / "__init__.py", "")


def _tables(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _file(path: Path, text: str) -> None:
    if "*" in str(path):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_text(text, "utf-8")
