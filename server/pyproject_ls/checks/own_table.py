"""Our own configuration against its schema: in ``[tool.pyproject-ls]`` or in its own file."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from pyproject_ls.checks.configuration import CONFIGURATION_ERROR
from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.schema import (
    CONFLICTING_KEYS,
    EMPTY_LIST,
    INVALID_KEY,
    INVALID_VALUE,
    MISSING_KEY,
    UNKNOWN_KEY,
    WRONG_TYPE,
)
from pyproject_ls.configuration import OWN
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.schema.validate import FaultKind
from pyproject_ls.text import Span

if TYPE_CHECKING:
    from pyproject_ls.configuration.layers import Layer

_RULES = {
    FaultKind.TYPE: WRONG_TYPE,
    FaultKind.VALUE: INVALID_VALUE,
    FaultKind.UNKNOWN: UNKNOWN_KEY,
    FaultKind.MISSING: MISSING_KEY,
    FaultKind.CONFLICT: CONFLICTING_KEYS,
    FaultKind.NAME: INVALID_KEY,
    FaultKind.EMPTY: EMPTY_LIST,
}


@check(*_RULES.values(), CONFIGURATION_ERROR)
def own_table(context: Context) -> Iterator[Finding]:
    """Every deviation of ``[tool.pyproject-ls]`` from its schema; Poetry does not look at it."""
    document = context.document
    node = document.get(*OWN)
    if node is None:
        return
    from pyproject_ls.checks.schema_faults import fix, message
    from pyproject_ls.project.schema.own import OWN as SHAPE
    from pyproject_ls.project.schema.validate import faults

    for fault in faults(SHAPE, node, OWN):
        yield _RULES[fault.kind].at(
            Span(fault.place.start, fault.place.end),
            fault.path,
            message(document, fault),
            fix=fix(document, fault),
            poetry=False,
        )


def faults_in(layer: Layer) -> tuple[tuple[int, str], ...]:
    """What is wrong with the content of another file of configuration: lines and messages."""
    return _faults_in(layer.document.text)


@lru_cache(maxsize=32)
def _faults_in(text: str) -> tuple[tuple[int, str], ...]:
    from pyproject_ls.checks.schema_faults import message
    from pyproject_ls.project.schema.own import OWN as SHAPE
    from pyproject_ls.project.schema.validate import faults
    from pyproject_ls.toml import parse

    document = parse(text).below(*OWN)
    node = document.get(*OWN)
    found = faults(SHAPE, node, OWN) if node is not None else []
    return tuple(
        (text.count("\n", 0, fault.place.start) + 1, as_in_file(message(document, fault)))
        for fault in found
    )


def in_own_file(finding: Finding, base: TomlPath) -> Finding:
    """`finding` about our table, as it is said where the text begins below `base`."""
    path = finding.path[len(base) :] if finding.path[: len(base)] == base else finding.path
    return finding._replace(message=as_in_file(finding.message), path=path)


def as_in_file(message: str) -> str:
    """`message` about our table as it is said of a file that has only its content."""
    message = message.replace("`tool.pyproject-ls.", "`")
    message = message.replace("`tool.pyproject-ls`", "the file")
    return message[:1].upper() + message[1:]
