"""Imports run one way only, and heavy or foreign packages stay where they belong."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "server" / "pyproject_ls"

LAYERS = (
    {"text", "lazy", "named"},
    {"toml"},
    {"project"},
    {"facts", "config", "configuration", "checks", "plugins"},
    {"host"},
    {"features"},
    {"globs", "config_files", "uv_members", "tool_places", "installed", "usage", "disk"},
    {"files", "fixes", "formatting", "report", "rulebook", "plugin", "index", "resolver"},
    {
        *(
            "arguments",
            "baseline",
            "cli",
            "check_command",
            "config_command",
            "checking",
            "migrate_command",
        ),
        *("online_facts", "resolved_facts", "lsp", "__main__"),
    },
)
"""From the bottom up: a layer imports from itself and from those before it."""

MODULES = sorted(PACKAGE.rglob("*.py"))


def level(name: str) -> int:
    return next(i for i, layer in enumerate(LAYERS) if name in layer)


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, at any depth."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    own = path.relative_to(PACKAGE).with_suffix("").parts[0]
    if own == "__init__":
        return
    for module in imports(path):
        package, _, rest = module.partition(".")
        if package == "pyproject_ls" and rest:
            assert level(rest.split(".")[0]) <= level(own), f"{own} must not import {module}"
        if package in {"pygls", "lsprotocol"}:
            assert own == "lsp", f"{own} must not import {module}"
        if package == "poetry":
            assert module.startswith("poetry.core"), f"{own} must not import Poetry itself"


def test_check_imports_no_server() -> None:
    """The command line starts fast: no pygls, no parser of requirements before it is needed."""
    program = (
        "import sys, pyproject_ls.cli as cli;"
        "status = cli.main(['check', '--color', 'never', sys.argv[1]]);"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'pygls', 'lsprotocol', 'httpx'}))"
    )
    path = PACKAGE.parents[1] / "pyproject.toml"
    run = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_importing_is_cheap(path: Path) -> None:
    """`named` and `lazy` say why. The worker knows neither, and bytes have no lazy patterns."""
    if path.is_relative_to(PACKAGE / "resolver" / "worker") or path.name == "named.py":
        return
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module == "typing":
            assert "NamedTuple" not in {each.name for each in node.names}
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            written = ast.unparse(node.value)
            assert "re.compile(" not in written or "re.compile(b" in written
