"""Globs answer like pathlib's, with a bound on the work."""

from pathlib import Path

import pytest

from pyproject_ls.globs import matches

FILES = ("README.md", "src/demo/__init__.py", "src/demo/data/a.json", ".hidden/x.txt", "LICENSE")
PATTERNS = (
    "README.md",
    "README*",
    "*.rst",
    "src",
    "src/",
    "src/**/*.json",
    "**/*.json",
    "**/a.json",
    "src/**",
    "src/d?mo",
    "src/[a-d]emo/*.py",
    "src/[!d]emo",
    ".*/x.txt",
    "LICEN[CS]E*",
    "demo",
    "**/demo/**/*.py",
    "src/../README.md",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in FILES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


@pytest.mark.parametrize("pattern", PATTERNS)
def test_like_pathlib(project: Path, pattern: str) -> None:
    assert matches(str(project), pattern) == any(True for _ in project.glob(pattern))


@pytest.mark.parametrize("pattern", ["", ".", "/etc/*", "../" * 100_000, "src/nothing"])
def test_patterns_that_match_nothing(project: Path, pattern: str) -> None:
    assert not matches(str(project), pattern)


def test_a_search_without_end_is_taken_for_a_match(project: Path) -> None:
    assert not matches(str(project), "**/nothing")
    assert matches(str(project), "**/nothing", steps=3)


def test_a_loop_of_links_ends(project: Path) -> None:
    (project / "src" / "again").symlink_to(project)
    assert not matches(str(project), "**/nothing")
