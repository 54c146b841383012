"""From ``[tool.poetry]`` to ``[project]``: the pages, the command, and files of every kind."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from pyproject_ls import cli
from pyproject_ls.features.migrate import Migration, MigrationRefused, migrate, migrate_field
from pyproject_ls.features.migrate.layout import Layout
from pyproject_ls.features.migrate.requirements import Inexpressible, convert, requires_python
from pyproject_ls.host import Snapshot
from pyproject_ls.text import apply_edits
from tests import feature_pages
from tests.feature_pages import Case
from tests.parity.cases import CORPUS
from tests.parity.mutations import mutated
from tests.shared import needs_shared

POETRY_1 = """\
[tool.poetry]
name = "demo"
version = "1"
description = "x"
authors = []
"""


@pytest.mark.parametrize("case", feature_pages.parameters("migrate"))
def test_page(case: Case, tmp_path: Path) -> None:
    field = next((each[6:] for each in case.options if each.startswith("field=")), None)

    def ask(snapshot: Snapshot) -> Migration | str:
        try:
            return migrate(snapshot) if field is None else migrate_field(snapshot, field)
        except MigrationRefused as reason:
            return str(reason)

    result = case.ask(tmp_path, ask)
    if isinstance(result, str):
        case.check("text refused", result)
        return
    after = apply_edits(case.text, result.edits)
    assert not Snapshot(after).document.problems
    assert not comments(case.text) - comments(after)
    case.check("toml after", after if after != case.text else "")
    notes = [
        f"{case.place(note.span.start) if note.span else 'file'} {note.message}"
        for note in result.notes
    ]
    case.check("text notes", "\n".join(notes))
    if field is None:
        assert not migrate(Snapshot(after)).edits


def comments(text: str) -> Counter[str]:
    snapshot = Snapshot(text)
    layout = Layout(snapshot.document, snapshot.lines)
    return Counter(map(layout.text_at, layout.comments))


@needs_shared
def test_anything() -> None:
    """Whatever the file: edits that leave it valid with all comments, or a reason."""
    files = sorted(CORPUS.glob("*.toml"))
    texts = [path.read_bytes().decode("utf-8", "replace") for path in files]
    for text in [*texts, *mutated(files, 300, 7), "", "\ufeff[tool.poetry]", POETRY_1[:40]]:
        try:
            after = apply_edits(text, migrate(Snapshot(text)).edits)
        except MigrationRefused:
            continue
        assert not {p.kind for p in Snapshot(after).document.problems} - {"toml-1.1"}
        assert not comments(text) - comments(after)
        assert not migrate(Snapshot(after)).edits


def test_line_ends_and_byte_order_mark() -> None:
    text = "\ufeff" + POETRY_1.replace("\n", "\r\n")
    after = apply_edits(text, migrate(Snapshot(text)).edits)
    assert after.startswith("\ufeff[project]\r\n")
    assert after.count("\n") == after.count("\r\n")


@pytest.mark.parametrize(
    "constraint",
    [3, {"version": "^1", "yaml": True}, "not a version", {"version": "1", "markers": "nonsense"}],
)
def test_inexpressible(constraint: object) -> None:
    with pytest.raises(Inexpressible):
        convert("name", constraint)


def test_requires_python() -> None:
    assert requires_python("*") is None
    assert requires_python("^3.8") == (">=3.8,<4.0", True)
    meant = requires_python("~2.7 || ^3.4")
    assert meant is not None
    assert not meant.is_exact


def test_command_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(POETRY_1, "utf-8")
    assert cli.main(["migrate", "--diff", "--color", "never", str(tmp_path)]) == 0
    assert "+[project]\n" in capsys.readouterr().out
    assert path.read_text("utf-8") == POETRY_1
    assert cli.main(["migrate", str(path)]) == 0
    assert path.read_text("utf-8").startswith("[project]\n")
    assert "migrated" in capsys.readouterr().err
    assert cli.main(["migrate", str(path)]) == 0
    assert "nothing to migrate" in capsys.readouterr().err


def test_command_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "pyproject.toml"
    assert cli.main(["migrate", str(path)]) == 2
    path.write_text("[tool.black]\n", "utf-8")
    assert cli.main(["migrate", str(path)]) == 1
    assert path.read_text("utf-8") == "[tool.black]\n"
    assert "not migrated: there is no [tool.poetry] table" in capsys.readouterr().err
    path.write_bytes(b"\xff")
    assert cli.main(["migrate", str(path)]) == 2
