"""A member of a uv workspace is locked by the workspace: what is shown of it comes from there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pyproject_ls.config import Settings
from pyproject_ls.disk import analyse
from pyproject_ls.facts import Answer, Facts, FileText, PathAt, Question, TextOf
from pyproject_ls.facts.resolution import ResolutionOf, Solution, ToolState, ToolStateOf
from pyproject_ls.features.code_lens import code_lenses
from pyproject_ls.features.definition import definitions
from pyproject_ls.features.inlay_hints import inlay_hints
from pyproject_ls.features.lock_status import Status, lock_status
from pyproject_ls.host import Snapshot
from pyproject_ls.lsp.answers import Answers
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.resolvable import digest_of
from pyproject_ls.toml import parse

WORKSPACE = "[tool.uv.workspace]\nmembers = ['packages/*']\nexclude = ['packages/not']\n"
MEMBER = "[project]\nname = 'one'\nversion = '1'\ndependencies = ['flask>=2']\n"
LOCK = 'version = 1\n\n[[package]]\nname = "flask"\nversion = "{}"\n'
"""What the workspace has locked."""


def workspace(root: Path, lock: str | None = LOCK.format("2.0")) -> Path:
    """A workspace in `root`; the folder of its member ``one``."""
    for name in ("one", "not"):
        (root / "packages" / name).mkdir(parents=True)
    (root / "pyproject.toml").write_text(WORKSPACE)
    if lock is not None:
        (root / "uv.lock").write_text(lock)
    return root / "packages" / "one"


def seen(folder: Path, solution: Solution | None = None) -> Snapshot:
    """The project in `folder`, after all was looked at that it asks the disk for."""
    answers: dict[Question, Answer] = {ToolStateOf(): ToolState()}
    digest = digest_of(Manifest(parse(MEMBER)))
    if solution is not None and digest is not None:
        answers[ResolutionOf(digest)] = solution
    facts = Facts(answers)
    for _ in range(8):
        snapshot = analyse(MEMBER, folder, Settings(resolve="save"), facts)
        list(code_lenses(snapshot))
        list(inlay_hints(snapshot))
        definitions(snapshot, MEMBER.index("flask"))
        facts = snapshot.facts
    return snapshot


def test_the_lock_of_the_workspace_is_that_of_its_member(tmp_path: Path) -> None:
    snapshot = seen(workspace(tmp_path), Solution((("flask", "2.0"),)))
    choice, path, status = lock_status(snapshot)
    assert choice is not None
    assert (choice.name, path, status) == ("uv", "../../uv.lock", Status.FRESH)


def test_a_lock_that_is_behind_is_stale(tmp_path: Path) -> None:
    snapshot = seen(workspace(tmp_path), Solution((("flask", "3.0"),)))
    assert lock_status(snapshot).status is Status.STALE


def test_hints_and_definitions_lead_to_the_workspace(tmp_path: Path) -> None:
    snapshot = seen(workspace(tmp_path))
    assert [each.label.strip() for each in inlay_hints(snapshot)] == ["2.0"]
    found = definitions(snapshot, MEMBER.index("flask"))
    assert "../../uv.lock" in [each.path for each in found]


@pytest.mark.parametrize("name", ["not", "one/inner"])
def test_who_is_no_member_has_no_lock_there(tmp_path: Path, name: str) -> None:
    workspace(tmp_path)
    folder = tmp_path / "packages" / name
    folder.mkdir(exist_ok=True)
    assert lock_status(seen(folder)).path == ""


def test_its_own_lock_goes_first(tmp_path: Path) -> None:
    folder = workspace(tmp_path)
    (folder / "uv.lock").write_text(LOCK.format("1.0"))
    snapshot = seen(folder, Solution((("flask", "1.0"),)))
    assert lock_status(snapshot)[1:] == ("uv.lock", Status.FRESH)


def test_a_workspace_without_a_lock(tmp_path: Path) -> None:
    folder = workspace(tmp_path, None)
    assert lock_status(seen(folder)).path == ""


def test_a_member_behind_a_link(tmp_path: Path) -> None:
    folder = workspace(tmp_path / "root")
    link = tmp_path / "link"
    link.symlink_to(folder)
    path = lock_status(seen(link)).path
    assert os.path.realpath(os.path.join(folder, path)) == str(tmp_path / "root" / "uv.lock")


def test_a_changed_lock_of_the_workspace_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pyproject_ls.lsp.answers.GOOD_FOR", -1.0)
    answers = Answers(workspace(tmp_path), lambda late: None)
    questions: set[Question] = {PathAt("uv.lock"), TextOf("uv.lock")}
    answers.learn(questions)
    (tmp_path / "uv.lock").write_text(LOCK.format("2.0.1"))
    assert answers.look_again()
    found = answers.known[TextOf("uv.lock")]
    assert isinstance(found, FileText)
    assert "2.0.1" in (found.text or "")
