"""Shadows of projects: what a tool sees in them, and what it cannot reach."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from pyproject_ls.resolver.shadow import Shadow, ShadowError, shadowed
from pyproject_ls.resolver.uv_workspace import texts_of_others, workspace_root


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's temporary folder, empty at first."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "work" / "area" / "project"
    write(
        folder,
        {
            "pyproject.toml": "on disk",
            "poetry.lock": "lock on disk",
            "README.md": "read me",
            "libs/inside/pyproject.toml": "inside",
            ".venv/pyvenv.cfg": "",
            "../beside/pyproject.toml": "beside",
            "../two words/pyproject.toml": "words",
            "../../far/pyproject.toml": "far",
            "../unrelated/x": "",
        },
    )
    return folder


def write(folder: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")


def shadow_of(project: Path, text: str, lock: str | None = None) -> Shadow:
    return Shadow(project, {"pyproject.toml": text}, "poetry.lock", lock)


def test_the_text_and_the_lock_are_its_own(project: Path) -> None:
    with shadow_of(project, "typed") as shadow:
        assert (shadow.folder / "pyproject.toml").read_text() == "typed"
        assert not shadow.lock_path.exists()
        assert (shadow.folder / "README.md").read_text() == "read me"
        assert (shadow.folder / "libs/inside/pyproject.toml").read_text() == "inside"
        assert not (shadow.folder / ".venv").exists()
        shadow.lock_path.write_text("new")
        assert shadow.lock_text() == "new"
    assert (project / "poetry.lock").read_text() == "lock on disk"
    assert (project / "pyproject.toml").read_text() == "on disk"


def test_nothing_is_left_of_it(project: Path, temporary: Path) -> None:
    with shadow_of(project, 'path = "../beside"') as shadow:
        (shadow.scratch / "environments" / "x").mkdir(parents=True)
        assert os.listdir(temporary)
    assert os.listdir(temporary) == []
    assert (project / "libs/inside/pyproject.toml").exists()
    assert (project / "../beside/pyproject.toml").exists()


@pytest.mark.parametrize(
    ("text", "path", "content"),
    [
        ('a = { path = "../beside" }', "../beside/pyproject.toml", "beside"),
        ('a = "../two words"', "../two words/pyproject.toml", "words"),
        ("a = \"b @ file:../beside ; os_name > ''\"", "../beside/pyproject.toml", "beside"),
        ('a = "b @ ../beside"', "../beside/pyproject.toml", "beside"),
        ('a = { path = "../../far" }', "../../far/pyproject.toml", "far"),
        ('a = ["../beside", "../../far"]', "../beside/pyproject.toml", "beside"),
        ('a = ["../beside", "../../far"]', "../../far/pyproject.toml", "far"),
        ('a = "libs/../../beside"', "../beside/pyproject.toml", "beside"),
        ('a = "../project/libs/inside"', "../project/libs/inside/pyproject.toml", "inside"),
        ('a = "../../area/beside"', "../../area/beside/pyproject.toml", "beside"),
        ("a = '..\\\\beside'", "../beside/pyproject.toml", "beside"),
    ],
)
def test_what_the_text_names_above_is_there(
    project: Path, text: str, path: str, content: str
) -> None:
    with shadow_of(project, text) as shadow:
        assert (Path(os.path.normpath(shadow.folder / path))).read_text() == content
        assert not (shadow.folder.parent / "unrelated").exists()


@pytest.mark.parametrize(
    "text", ['a = "' + "../" * 60 + 'etc"', 'a = "../nowhere"', 'a = ".."', 'a = "..."', "\0../\0"]
)
def test_paths_that_lead_nowhere(project: Path, text: str, temporary: Path) -> None:
    with shadow_of(project, text) as shadow:
        assert (shadow.folder / "README.md").exists()
    assert os.listdir(temporary) == []


LOCK = """\
[[package]]
name = "inside"
url = "libs/inside"

[package.source]
type = "directory"
url = "{inside}"

[package.source]
type = "file"
url = "{beside}"

[package.source]
type = "git"
url = "../beside"
"""


def test_poetry_s_paths_are_turned_both_ways(project: Path) -> None:
    """Poetry resolves links: what it writes leads from the shadow to the project's own files."""
    own = LOCK.format(inside="libs/inside", beside="../beside")
    with shadow_of(project, 'a = "../beside"', own) as shadow:
        seen = shadow.lock_text()
        assert seen is not None
        real = os.path.realpath(shadow.folder)
        assert seen == LOCK.format(
            inside=os.path.relpath(project / "libs/inside", real),
            beside=os.path.relpath(project.parent / "beside", real),
        )
        assert shadow.outwards(seen) == own


def test_a_project_that_has_gone(tmp_path: Path, temporary: Path) -> None:
    with pytest.raises(ShadowError, match="no such file"), shadow_of(tmp_path / "gone", ""):
        pass
    assert os.listdir(temporary) == []


def test_no_room(project: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ShadowError, match="no space left"), shadow_of(project, ""):
        pass
    assert os.listdir(temporary) == []


def test_cancelled_at_any_moment(project: Path, temporary: Path) -> None:
    async def work() -> None:
        async with shadowed(shadow_of(project, "")):
            await asyncio.sleep(60)

    async def cancelled_after(turns: int) -> None:
        task = asyncio.create_task(work())
        for _ in range(turns):
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    for turns in (0, 1, 2, 5, 50):
        asyncio.run(cancelled_after(turns))
        assert os.listdir(temporary) == []


def test_several_texts_of_a_workspace(project: Path) -> None:
    texts = {"pyproject.toml": "root", "libs/inside/pyproject.toml": 'typed = "../../../beside"'}
    write(project, {"libs/inside/x.py": "x", "libs/other/y.py": "y"})
    with Shadow(project, texts, "uv.lock", "lock") as shadow:
        assert (shadow.folder / "libs/inside/pyproject.toml").read_text() == texts[
            "libs/inside/pyproject.toml"
        ]
        assert (shadow.folder / "libs/inside/x.py").read_text() == "x"
        assert (shadow.folder / "libs/other/y.py").read_text() == "y"
        assert (shadow.folder.parent / "beside/pyproject.toml").read_text() == "beside"
        assert shadow.lock_text() == "lock"
    assert (project / "libs/inside/pyproject.toml").read_text() == "inside"


WORKSPACE = '[tool.uv.workspace]\nmembers = ["packages/*", "deep/**"]\nexclude = ["packages/not"]\n'


@pytest.mark.parametrize(
    ("member", "belongs"),
    [
        (".", True),
        ("packages/one", True),
        ("packages/one/inner", False),
        ("packages/not", False),
        ("deep/a/b/c", True),
        ("elsewhere", False),
    ],
)
def test_the_root_of_a_workspace(tmp_path: Path, member: str, belongs: bool) -> None:
    root = tmp_path / "root"
    write(root, {"pyproject.toml": WORKSPACE, f"{member}/pyproject.toml": ""})
    if member == ".":
        write(root, {"pyproject.toml": WORKSPACE})
    folder = Path(os.path.normpath(root / member))
    assert workspace_root(folder) == (root if belongs else folder)


@pytest.mark.parametrize("members", ["3", '["["]', '["/abs/*"]', '[""]', "{ a = 1 }", '["**"]'])
def test_members_that_make_no_sense(tmp_path: Path, members: str) -> None:
    text = (
        f"[tool.uv.workspace]\nmembers = {members}\n[tool.uv.sources]\na = [3]\nb = {{ path = 4 }}"
    )
    write(tmp_path / "root", {"pyproject.toml": text, "x/pyproject.toml": "[["})
    workspace_root(tmp_path / "root" / "x")
    found = texts_of_others(tmp_path / "root", text)
    assert set(found) <= {"x/pyproject.toml"}


def test_others_are_found_through_paths_and_members_once(tmp_path: Path) -> None:
    root = tmp_path / "root"
    sources = '[tool.uv.sources]\nx = {{ path = "{}" }}\n'
    write(
        root,
        {
            "packages/one/pyproject.toml": sources.format("../../../outside"),
            "../outside/pyproject.toml": sources.format("../root/packages/one"),
            "../uv.toml": "",
        },
    )
    found = texts_of_others(root, WORKSPACE)
    assert set(found) >= {"packages/one/pyproject.toml", "../outside/pyproject.toml"}
    assert "../uv.toml" in found.values()
