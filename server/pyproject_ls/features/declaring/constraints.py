"""Constraints as they are written: checked, put into the form of their place, replaced."""

from __future__ import annotations

from collections.abc import Sequence

from pyproject_ls.checks.edits import part_of
from pyproject_ls.features.declaring.model import CannotDeclare
from pyproject_ls.features.hover.versions import spelled_out
from pyproject_ls.features.markdown import visible
from pyproject_ls.host import Snapshot
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.requirement import Requirement
from pyproject_ls.project.upgrades import constraint_node
from pyproject_ls.project.verdicts import FaultKind, constraint_fault, standard_fault
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Scalar

_NAME = lazy_pattern(r"\s*[A-Za-z0-9._-]+(?:[ \t]*\[[^\]]*\])?")
_VALID_NAME = lazy_pattern(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
MAX_LENGTH = 500


def checked_name(name: str, what: str = "package") -> str:
    """`name` if it is one that a package (or an extra) can have (PEP 508)."""
    if len(name) > MAX_LENGTH or not _VALID_NAME.fullmatch(name):
        raise CannotDeclare(
            f"`{visible(name, 60)}` is not the name of {_article(what)} {what}: letters, digits and"
            " `-_.` between them are allowed."
        )
    return name


def standard_constraint(constraint: str) -> str:
    """`constraint` as PEP 440 has it; Poetry's ``^ ~`` are spelled out, "" and ``*`` are "".

    Raises CannotDeclare where it cannot be read, or is one of Poetry's alternatives (``||``).
    """
    written = constraint.strip().strip("()").strip()
    if written in {"", "*"}:
        return ""
    _check_length(written)
    if standard_fault(f"x {written}") is None and written[0] in "<>=!~":
        return written
    meant = spelled_out(written)
    if meant is None or " or " in meant or standard_fault(f"x {meant}") is not None:
        raise _unreadable(written, "write one such as `>=1.4,<2`")
    return "" if meant == "any version" else meant


def poetry_constraint(constraint: str) -> str:
    """`constraint` for one of Poetry's tables; "" becomes ``*``. Raises CannotDeclare."""
    written = constraint.strip().strip("()").strip() or "*"
    _check_length(written)
    fault = constraint_fault(written)
    if fault is not None and fault.kind is not FaultKind.IMPOSSIBLE:
        raise _unreadable(written, "write one such as `^1.4`")
    return written


def renamed_constraint(
    snapshot: Snapshot, dependency: Dependency, constraint: str
) -> Sequence[Edit]:
    """The edits that give the declaration `dependency` of `snapshot` another `constraint`.

    "" takes the constraint away (``*`` in Poetry's tables). Raises CannotDeclare where the
    declaration has no place for one, or where `constraint` cannot be read.
    """
    node = constraint_node(dependency)
    requirement = dependency.requirement
    name = visible(dependency.name, 60)
    if requirement is not None and requirement.url is not None:
        raise CannotDeclare(f"`{name}` comes from an address, so it takes no constraint.")
    if node is None or not node.closed or not dependency.name:
        raise CannotDeclare(f"The declaration of `{name}` has no version that can be replaced.")
    if requirement is None:
        new = poetry_constraint(constraint)
        return (Edit(part_of(snapshot.text, node, Span(0, len(node.value))), new),)
    return (_in_requirement(snapshot.text, node, requirement, standard_constraint(constraint)),)


def _in_requirement(text: str, node: Scalar, requirement: Requirement, new: str) -> Edit:
    span = requirement.specifier_span
    match = _NAME.match(requirement.text)
    end = match.end() if match is not None else len(requirement.text)
    if span is None:
        return Edit(part_of(text, node, Span(end, end)), new)
    if not new:  # with parentheses and blanks before
        close = requirement.text.find(")", span.end)
        behind = requirement.text[span.end : close] if close >= 0 else "x"
        span = Span(end, close + 1 if not behind.strip() else span.end)
    return Edit(part_of(text, node, span), new)


def _check_length(constraint: str) -> None:
    if (
        len(constraint) > MAX_LENGTH
        or not constraint.isprintable()
        or {'"', "'", "\\"} & set(constraint)
    ):
        raise _unreadable(constraint, "write one such as `>=1.4,<2`")


def _unreadable(constraint: str, advice: str) -> CannotDeclare:
    return CannotDeclare(
        f"`{visible(constraint, 60)}` is not a version constraint for this place; {advice}."
    )


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"
