"""Poetry 1.8.5 beside us, for projects that are for it: above all what it calls deprecated.

Over the corpus. Which messages it has is read from its installed sources, so that none of them is
forgotten.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pyproject_ls.checks.finding import Finding, Severity
from pyproject_ls.config import PoetryTarget, Settings
from pyproject_ls.disk import analyse
from pyproject_ls.files import read_source
from pyproject_ls.toml.convert import to_python
from tests.parity.messages import (
    CONFIG,
    CRASHES,
    ERRORS,
    POETRY_1,
    WARNINGS,
    Expected,
    read_message,
)

SOURCES = ("poetry/core/factory.py", "poetry/factory.py", "poetry/console/commands/check.py")
"""Where ``poetry check`` finds its words."""

DEPRECATIONS = frozenset(
    {
        *("deprecated-field", "ignored-field", "field-not-dynamic", "deprecated-dev-dependencies"),
        *("deprecated-allows-prereleases", "script-with-extras", "deprecated-classifier"),
        *("license-classifier", "license-table", "ambiguous-python"),
    }
)
"""The rules that say the same as a deprecation of some Poetry."""


class Difference(NamedTuple):
    """What one side alone calls deprecated in a file."""

    name: str
    missed: list[Expected]
    extra: list[Finding]


def catalogue(python: Path) -> Iterator[str]:
    """The texts in the sources of the Poetry under `python` that become errors or warnings."""
    program = "import sysconfig; print(sysconfig.get_path('purelib'))"
    run = subprocess.run([python, "-c", program], capture_output=True, text=True, check=True)
    for name in SOURCES:
        tree = ast.parse((Path(run.stdout.strip()) / name).read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"append"}:
                yield from filter(None, (_text(each) for each in node.args))
            elif isinstance(node, ast.AugAssign) and isinstance(node.value, ast.List):
                yield from filter(None, (_text(each) for each in node.value.elts))


def _text(node: ast.expr) -> str:
    """A string of the source, with X for what is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(each.value) if isinstance(each, ast.Constant) else "X" for each in node.values
        )
    return ""


def unknown(python: Path) -> list[str]:
    """The messages about deprecated things that no pattern of ours knows."""
    known = (*POETRY_1, *WARNINGS, *ERRORS, *CONFIG, *CRASHES)
    found = (each for each in catalogue(python) if re.search("deprecat|ambiguous", each))
    return [each for each in found if not any(one.pattern.match(each) for one in known)]


def deprecations(
    results: Mapping[str, dict[str, Any]], paths: Mapping[str, Path], target: PoetryTarget
) -> tuple[Counter[str], list[Difference]]:
    """How often both sides call something deprecated, by rule, and where they differ.

    What Poetry had no chance to say, because it stopped before, does not count.
    """
    agreed: Counter[str] = Counter()
    differing = []
    for name, result in results.items():
        path = paths[name]
        text = read_source(str(path)).text
        settings = Settings(profile="poetry", poetry=target)
        snapshot = analyse(text, path.parent, settings)
        ours = [each for each in snapshot.findings if each.code in DEPRECATIONS]
        ours = [each for each in ours if each.severity <= Severity.WARNING]
        data = to_python(snapshot.document.root)
        said = dict.fromkeys(_said(result, data))  # Poetry says some of it twice
        theirs = [each for each in said if each.codes & DEPRECATIONS]
        left = list(ours)
        missed = []
        for each in theirs:
            same = [one for one in left if one.code in each.codes and _is_there(each, one)]
            if same:
                left.remove(same[0])
                agreed[same[0].code] += 1
            else:
                missed.append(each)
        if missed or (left and not _is_cut(result)):
            differing.append(Difference(name, missed, left))
    return agreed, differing


def _is_there(expected: Expected, finding: Finding) -> bool:
    if expected.path is None:
        return True
    shorter = min(len(expected.path), len(finding.path))
    return expected.path[:shorter] == finding.path[:shorter]


def _is_cut(result: dict[str, Any]) -> bool:
    """Whether Poetry stopped, and nobody can tell what it would have said."""
    return result["crash"] is not None and result["uncut"] is None


def _said(result: dict[str, Any], data: dict[str, Any]) -> Iterator[Expected]:
    lists = result["uncut"] or result
    for text in lists["warnings"]:
        yield from read_message("warning", text, WARNINGS, data)
