"""Constraints that begin at another version, and what is newer than what a project has."""

from __future__ import annotations

import pytest

from pyproject_ls.facts import Facts
from pyproject_ls.project.locked import Lock, locked
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.upgrades import raised, updates
from pyproject_ls.text import apply_edits
from pyproject_ls.toml import parse
from tests import fixture_index

STANDARD = [
    (">=1.4", "2.1.3", ">=2.1"),
    (">=1.4.2", "2.1", ">=2.1.0"),
    (">=1", "2.1.3", ">=2"),
    (">1.4", "2.1.3", ">=2.1"),
    ("==1.4", "2.1.3", "==2.1.3"),
    ("==1.4.*", "2.1.3", "==2.1.*"),
    ("~=1.4.2", "2.1", "~=2.1.0"),
    ("~=1.4", "2.1.3", "~=2.1"),
    (">=1.4,<2", "2.1", ">=2.1,<3"),
    (">= 1.4, != 1.5, < 2.0.0", "2.1.0", ">= 2.1, != 1.5, < 3.0.0"),
    (">=1.4.2,<1.5", "2.1.3", ">=2.1.3,<2.2"),
    (">=1.4,<1.9", "1.8.1", ">=1.8,<1.9"),
    (">=5,<6", "3.1.0", ">=3,<4"),
    ("<2", "2.1.0", "<3"),
    ("<=1.9", "2.1.0", "<=2.1.0"),
    (">=1,<2", "2.1rc1", ">=2.1rc1,<3"),
    (">=1.4", "2.1.0.post1", ">=2.1"),
    ("==1.4", "2.5.1+cu124", "==2.5.1"),
    (">=2024.1", "2025.2.3", ">=2025.2"),
    ("(>=1.4)", "2.1", "(>=2.1)"),
]
POETRY = [
    ("^1.4", "2.1.3", "^2.1"),
    ("^0.2.3", "0.5.1", "^0.5.1"),
    ("~1.4", "2.1.3", "~2.1"),
    ("1.4.2", "2.1.3", "2.1.3"),
    ("1.4.*", "2.1.3", "2.1.*"),
    ("1.*", "2.1", "2.*"),
    (">=1.4 <2", "2.1", ">=2.1 <3"),
    ("^1.4", "2.1rc1", "^2.1rc1"),
]
EXACTLY = [
    (">=2.28", "2.31.2", ">=2.31.2"),
    (">=2.28", "2.31.0", ">=2.31"),
    ("<3", "2.31.2", ">=2.31.2,<3"),
    ("~=2.28", "2.31.2", "~=2.31,>=2.31.2"),
    ("", "2.31.2", ">=2.31.2"),
]
IMPOSSIBLE = [
    ("===1", "2"),
    (">=1!2.0", "3.0"),
    ("!=2.1.0", "2.1.0"),
    (">=1,>=1.2", "2.0"),
    ("==1.4.*", "2.1rc1"),
    (">=1", "not a version"),
    ("", "2.0"),
    (">=2.1", "2.1.0"),
    (">=1,", "2.0!"),
]


def _raised(text: str, version: str, *, exactly: bool = False) -> str | None:
    (dependency,) = Manifest(parse(text)).dependencies
    edits = raised(dependency, text, version, exactly=exactly)
    return None if edits is None else apply_edits(text, edits)


@pytest.mark.parametrize(("old", "version", "new"), STANDARD)
def test_a_requirement_is_raised(old: str, version: str, new: str) -> None:
    text = "project.dependencies = [\"\\u0061 [x] {}; os_name == 'nt'\"]\n"
    assert _raised(text.format(old), version) == text.format(new)


@pytest.mark.parametrize(("old", "version", "new"), POETRY)
def test_a_poetry_constraint_is_raised(old: str, version: str, new: str) -> None:
    for text in ('dependencies.a = "{}"', 'dependencies.a = {{ version = "{}", optional = true }}'):
        text = f"[tool.poetry]\n{text}\n"
        assert _raised(text.format(old), version) == text.format(new)


@pytest.mark.parametrize(("old", "version", "new"), EXACTLY)
def test_nothing_older_than_the_version_is_left(old: str, version: str, new: str) -> None:
    text = 'project.dependencies = ["a[x]{}"]\n'
    assert _raised(text.format(old), version, exactly=True) == text.format(new)


@pytest.mark.parametrize(("old", "version"), IMPOSSIBLE)
def test_what_is_not_certain_is_left_alone(old: str, version: str) -> None:
    assert _raised(f'project.dependencies = ["a{old}"]\n', version) is None


@pytest.mark.parametrize(
    ("old", "exactly"), [("^1 || ^2", False), ("*", False), ("~2", True), ("^0", True), ("x", True)]
)
def test_poetry_constraints_that_are_left_alone(old: str, exactly: bool) -> None:
    version = "0.31.2" if old == "^0" else "3.1.2"
    assert _raised(f'tool.poetry.dependencies.a = "{old}"\n', version, exactly=exactly) is None


def test_any_version_in_poetry_gets_a_lower_bound() -> None:
    raised_text = _raised('tool.poetry.dependencies.a = "*"\n', "2.31.2", exactly=True)
    assert raised_text == 'tool.poetry.dependencies.a = ">=2.31.2"\n'


def test_a_half_typed_constraint_is_left_alone() -> None:
    assert _raised('project.dependencies = ["a>=1', "2.0") is None
    assert _raised('tool.poetry.dependencies.a = "^1', "2.0") is None


PROJECT = """\
[project]
name = "demo"
requires-python = ">=3.9"
dependencies = ["requests>=2,<3", "Flask<3", "numpy", "demo[x]", "pytest>=8", "withdrawn"]

[tool.uv]
constraint-dependencies = ["werkzeug<3"]

[build-system]
requires = ["poetry-core<2"]
"""
LOCK = """\
[[package]]
name = "requests"
version = "2.28.0"
[[package]]
name = "requests"
version = "2.31.0"
[[package]]
name = "flask"
version = "2.2.5"
[[package]]
name = "poetry-core"
version = "0.1"
"""


def _updates(lock: Lock | None) -> list[tuple[str, str, str | None, str | None]]:
    facts, manifest = Facts(), Manifest(parse(PROJECT))
    updates(facts, manifest, lock)
    facts = facts.with_answers(fixture_index.answers(facts.wanted))
    return [
        (
            each.dependency.name,
            each.current,
            each.compatible.version if each.compatible else None,
            each.newest.version if each.newest else None,
        )
        for each in updates(facts, manifest, lock)
    ]


def test_updates_without_a_lock_file() -> None:
    assert _updates(None) == [
        ("poetry-core", "1.9.1", None, "2.0.1"),
        ("Flask", "2.3.3", None, "3.1.0"),
        ("werkzeug", "2.3.7", None, "3.1.3"),
    ]


def test_updates_of_locked_versions() -> None:
    assert _updates(Lock("uv.lock", locked(LOCK))) == [
        ("poetry-core", "1.9.1", None, "2.0.1"),
        ("requests", "2.31.0", "2.32.3", "2.32.3"),
        ("Flask", "2.2.5", "2.3.3", "3.1.0"),
        ("werkzeug", "2.3.7", None, "3.1.3"),
    ]
