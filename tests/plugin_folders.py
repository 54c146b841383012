"""Plugins for tests: folders that look as if something was installed in them."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyproject_ls.checks import configuration_layers, registry, run
from pyproject_ls.checks.finding import Finding
from pyproject_ls.config import Settings
from pyproject_ls.disk import analyse
from pyproject_ls.plugins import copies, discovery, known_rules, loading

_CODE = re.compile(r'Rule\(\s*"([a-z0-9-]+)"')

PREAMBLE = """\
from pyproject_ls.plugin import *

PYPROJECT_LS_API = 1
RULE = Rule("{name}-rule", Severity.WARNING, "a rule")

"""
"""What nearly every plugin begins with."""


GOOD = "yield RULE.at(Span(0, 1), (), context.manifest.name.value)"
"""The line of a check that finds every project with a name."""

TEXT = '[build-system]\nrequires = ["hatchling"]\n\n[project]\nname = "demo"\n'
"""With a finding of a built-in rule: there is no version."""


def body(*lines: str) -> str:
    """The source of a check with these lines."""
    return "\n    ".join(("@check(RULE)\ndef find(context):", *lines)) + "\n"


def found_in(text: str, folder: Path, settings: Settings | None = None) -> list[Finding]:
    """What is found in `text`, in a folder where nothing else is."""
    work = folder / "work"
    work.mkdir(exist_ok=True)
    return analyse(text, work, settings).findings


def lay_out(folder: Path, name: str, source: str, value: str = "") -> None:
    """Make the plugin `name` in `folder`: its package, the pages of its rules, its metadata.

    `value` is what its entry point says: by default the module with this source.
    """
    distribution = f"{name}-rules"
    package = distribution.replace("-", "_")
    pages = folder / package / "pages"
    pages.mkdir(parents=True)
    (folder / package / "__init__.py").touch()
    (folder / package / "checks.py").write_text(source, encoding="utf-8")
    for code in _CODE.findall(source):
        (pages / f"{code}.md").write_text(f"# {code}\n", encoding="utf-8")
    info = folder / f"{package}-1.0.dist-info"
    info.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    lines = f"[pyproject_ls.checks]\n{name} = {value or f'{package}.checks'}\n"
    (info / "entry_points.txt").write_text(lines, encoding="utf-8")


@contextmanager
def installed(folder: Path) -> Iterator[None]:
    """Have this process find the plugins in `folder`, and forget them afterwards."""
    registry.all_checks()
    modules, checks = set(sys.modules), list(registry._CHECKS)
    sys.path.insert(0, str(folder))
    _look_anew()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - modules:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(str(folder)):
                del sys.modules[name]
        registry._CHECKS[:] = checks
        _look_anew()


def _look_anew() -> None:
    importlib.invalidate_caches()
    loading._plugins.clear()
    copies.drop()
    for cached in (
        *(discovery.installed, known_rules, run._plan, run._demanded, configuration_layers._lost),
    ):
        cached.cache_clear()
