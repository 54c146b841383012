"""Comparing our findings with Poetry's verdict on one file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyproject_ls.checks.finding import Finding, Severity
from pyproject_ls.config import PoetryTarget, Settings
from pyproject_ls.disk import analyse
from pyproject_ls.files import decoding_findings, read_source
from pyproject_ls.toml.convert import to_python
from tests.parity.messages import POETRY_1, SCHEMA, Expected, expected

AFTER_VALIDATION = frozenset(
    {
        "invalid-constraint",
        "requirement-in-constraint",
        "invalid-requires-python",
        "refused-by-poetry",
        "invalid-requirement",
        "poetry-syntax-in-requirement",
        "impossible-constraint",
        "invalid-marker",
        "invalid-direct-reference",
        "unknown-group",
        "duplicate-include",
        "python-outside-requires-python",
        "invalid-version",
        "license-table-with-files",
        "license-file-missing",
        "license-file-unreadable",
        "license-files-pattern",
        "license-files-path",
        "source-pypi-url",
        "source-without-url",
        "source-duplicate",
        "source-all-explicit",
        "poetry-toml-unreadable",
        "lock-unreadable",
        "lock-outdated",
        "lock-missing",
    }
)
"""Rules for what Poetry raises after its validation, one at a time: it hides all but the first."""


@dataclass
class Verdict:
    """How one file compares; the lists hold what one side alone has said."""

    name: str
    agreed: int = 0
    said: int = 0
    """How many of our findings Poetry shares, or had no chance to say."""
    missed: list[Expected] = field(default_factory=list)
    extra: list[Finding] = field(default_factory=list)
    exits: list[str] = field(default_factory=list)


def compare(
    name: str,
    path: Path,
    result: dict[str, Any],
    lock: bool = False,
    target: PoetryTarget = "2",
) -> Verdict:
    """Our findings about the file at `path` beside Poetry's `result` (of the oracle)."""
    settings = Settings(profile="poetry", lock=lock, poetry=target)
    source = read_source(str(path))
    snapshot = analyse(source.text, path.parent, settings)
    found = decoding_findings(source, settings) or snapshot.findings
    findings = [each for each in found if each.severity <= Severity.WARNING]
    data = to_python(snapshot.document.root)
    verdict = Verdict(name)
    shared: set[int] = set()
    for message in expected(result, data, POETRY_1 if target == "1.8" else ()):
        matching = [i for i, each in enumerate(findings) if _same(message, each)]
        if matching:
            verdict.agreed += 1
            shared.update(matching)
        else:
            verdict.missed.append(message)
    for index, finding in enumerate(findings):
        if index in shared or _is_hidden(finding, result):
            verdict.said += 1
        else:
            verdict.extra.append(finding)
    verdict.exits = _exits(findings, result)
    return verdict


def _same(message: Expected, finding: Finding) -> bool:
    if message.severity != finding.severity.word or finding.code not in message.codes:
        return False
    if message.path is None:
        return True
    shorter = min(len(message.path), len(finding.path))
    return message.path[:shorter] == finding.path[:shorter] and shorter >= len(message.path) - 1


def _is_hidden(finding: Finding, result: dict[str, Any]) -> bool:
    """Whether Poetry stopped before it could have said the same.

    It lists one error a schema, raises one error of the many after validation, and says nothing
    else where it crashes.
    """
    if result["crash"] is None:
        return False
    if finding.code in AFTER_VALIDATION or result["uncut"] is None:
        return True
    listed = result["uncut"]["errors"]
    return finding.code in SCHEMA and any("must" in t or "cannot be validated" in t for t in listed)


def _exits(findings: list[Finding], result: dict[str, Any]) -> list[str]:
    wrong = []
    error = any(each.severity is Severity.ERROR for each in findings)
    if int(error) != result["exit"]:
        wrong.append(f"exit {int(error)}, Poetry {result['exit']}")
    if int(bool(findings)) != result["exit_strict"]:
        wrong.append(f"exit with --strict {int(bool(findings))}, Poetry {result['exit_strict']}")
    return wrong
