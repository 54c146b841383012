"""What a project's files import, held against what it declares: whole small projects."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyproject_ls.config import Settings
from pyproject_ls.disk import analyse
from tests import pages

FOLDER = pages.FOLDER.parent / "imports"
RULES = frozenset({"strict-unused-dependency", "strict-undeclared-import"})
PROJECTS = sorted(FOLDER.glob("*.md"))


@pytest.mark.parametrize("path", PROJECTS, ids=lambda path: path.stem)
def test_project(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a false alarm nor a missed fault; the page says what is right."""
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    (case,) = pages.read(path).cases
    folder = tmp_path / "work" / "project"
    folder.mkdir(parents=True)
    case.write_files(folder)
    found = analyse(case.text, folder, Settings(select=RULES)).findings
    lines = pages.rendered(case.text, found)
    if pages.UPDATE:
        pages.rewrite(path, case.name, lines, None)
        return
    assert "\n".join(case.source.lines) == "\n".join(lines), path.name
