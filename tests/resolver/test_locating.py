"""Finding Poetry and uv, with programs that only say that they are one."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from pyproject_ls.resolver.interpreters import interpreters_of
from pyproject_ls.resolver.locating import (
    FoundPoetry,
    FoundUv,
    NotFound,
    ask_poetry,
    find_poetry,
    find_uv,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="writes scripts with #!")


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def interpreter(folder: Path, version: str = "2.1.3", can_import: bool = True) -> Path:
    """Something that answers like the interpreter of a Poetry."""
    answer = json.dumps({"poetry": version, "can_import": can_import, "python": "x"})
    return program(folder / "python", f"#!/bin/sh\necho noise\necho '{answer}'\n")


def environment(folder: Path, version: str = "2.1.3", can_import: bool = True) -> Path:
    """An environment with a Poetry; the path of the script."""
    python = interpreter(folder / "bin", version, can_import)
    return program(folder / "bin" / "poetry", f"#!{python}\nimport poetry\n")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Variables in which nothing is found."""
    home = tmp_path / "home"
    home.mkdir()
    return {"HOME": str(home), "PATH": str(tmp_path / "empty")}


def test_none(tmp_path: Path, environ: dict[str, str]) -> None:
    poetry = find_poetry(tmp_path, "", environ)
    assert isinstance(poetry, NotFound)
    assert "pyproject-ls.poetry.path" in poetry.message
    uv = find_uv(tmp_path, "", environ)
    assert isinstance(uv, NotFound)
    assert "pyproject-ls.uv.path" in uv.message


PLACES = {
    "the workspace": "project/.venv",
    "the active environment": "active",
    "pipx": "home/.local/share/pipx/venvs/poetry",
    "pipx as it was": "home/.local/pipx/venvs/poetry",
    "pipx elsewhere": "pipx/venvs/poetry",
    "the installer": "home/.local/share/pypoetry/venv",
    "the installer on macOS": "home/Library/Application Support/pypoetry/venv",
    "the installer elsewhere": "poetry-home/venv",
    "uv tool": "home/.local/share/uv/tools/poetry",
    "uv tool elsewhere": "uv-tools/poetry",
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_places(tmp_path: Path, environ: dict[str, str], place: str) -> None:
    environ |= {
        "VIRTUAL_ENV": str(tmp_path / "active"),
        "PIPX_HOME": str(tmp_path / "pipx"),
        "POETRY_HOME": str(tmp_path / "poetry-home"),
        "UV_TOOL_DIR": str(tmp_path / "uv-tools"),
    }
    script = environment(tmp_path / place)
    found = find_poetry(tmp_path / "project", "", environ)
    if " " in place:  # no #! can hold a path with spaces; the interpreter is beside it
        assert isinstance(found, FoundPoetry)
        assert found.python == script.parent / "python"
    assert found == FoundPoetry(script.parent / "python", "2.1.3", script, True)


def test_the_workspace_goes_before_path(tmp_path: Path, environ: dict[str, str]) -> None:
    own = environment(tmp_path / "project" / ".venv", "2.0.0")
    other = environment(tmp_path / "other", "2.3.0")
    environ["PATH"] = str(other.parent)
    found = find_poetry(tmp_path / "project", "", environ)
    assert isinstance(found, FoundPoetry)
    assert found.executable == own
    found = find_poetry(tmp_path / "elsewhere", "", environ)
    assert isinstance(found, FoundPoetry)
    assert found.executable == other


def test_a_place_that_does_not_answer_is_passed_over(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    program(tmp_path / "project" / ".venv" / "bin" / "poetry", "#!/nowhere/python\n")
    other = environment(tmp_path / "other")
    environ["PATH"] = str(other.parent)
    found = find_poetry(tmp_path / "project", "", environ)
    assert isinstance(found, FoundPoetry)
    assert found.executable == other


def test_relative_entries_of_path_are_not_looked_at(
    tmp_path: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment(tmp_path / "tools")
    monkeypatch.chdir(tmp_path)
    environ["PATH"] = os.pathsep.join(["tools/bin", "", "."])
    assert isinstance(find_poetry(tmp_path, "", environ), NotFound)


@pytest.mark.parametrize("form", ["script", "folder", "environment", "relative", "home"])
def test_the_setting(tmp_path: Path, environ: dict[str, str], form: str) -> None:
    script = environment(tmp_path / "home" / "mine")
    environment(tmp_path / "project" / ".venv", "1.0.0")
    setting = {
        "script": str(script),
        "folder": str(script.parent),
        "environment": str(script.parent.parent),
        "relative": "../home/mine/bin/poetry",
        "home": "~/mine/bin/poetry",
    }[form]
    found = find_poetry(tmp_path / "project", setting, environ)
    assert isinstance(found, FoundPoetry)
    assert found.version == "2.1.3"
    assert found.executable.resolve() == script


def test_what_is_named_is_the_only_place(tmp_path: Path, environ: dict[str, str]) -> None:
    environment(tmp_path / "project" / ".venv")
    found = find_poetry(tmp_path / "project", "/nowhere/poetry", environ)
    assert isinstance(found, NotFound)
    assert "pyproject-ls.poetry.path" in found.message
    assert "/nowhere/poetry" in found.message
    environ["PYPROJECT_LS_POETRY"] = "/not/there"
    found = find_poetry(tmp_path / "project", "", environ)
    assert isinstance(found, NotFound)
    assert "PYPROJECT_LS_POETRY" in found.message


def test_the_variable(tmp_path: Path, environ: dict[str, str]) -> None:
    script = environment(tmp_path / "mine")
    environ["PYPROJECT_LS_POETRY"] = str(script)
    found = find_poetry(tmp_path, "", environ)
    assert isinstance(found, FoundPoetry)
    assert found.executable == script


def test_poetry_1_and_a_broken_one_cannot_be_imported(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    first = ask_poetry(environment(tmp_path / "first", "1.8.5"), environ)
    assert first is not None
    assert (first.version, first.can_import) == ("1.8.5", False)
    broken = ask_poetry(environment(tmp_path / "broken", "2.1.3", can_import=False), environ)
    assert broken is not None
    assert (broken.version, broken.can_import) == ("2.1.3", False)


def test_a_shim_says_its_version_itself(tmp_path: Path, environ: dict[str, str]) -> None:
    script = program(tmp_path / "shim" / "poetry", "#!/bin/sh\necho 'Poetry (version 2.3.1)'\n")
    assert ask_poetry(script, environ) == FoundPoetry(script, "2.3.1", script, False)
    other = program(tmp_path / "other" / "poetry", "#!/bin/sh\necho 'Prose 2.3.1'\n")
    assert ask_poetry(other, environ) is None


def interpreters(script: Path, environ: dict[str, str]) -> list[Path]:
    return list(interpreters_of(script, environ))


def test_interpreters(tmp_path: Path, environ: dict[str, str]) -> None:
    python = interpreter(tmp_path / "some" / "bin")
    environ["PATH"] = str(python.parent)
    scripts = tmp_path / "scripts"
    forms = {
        "plain": f"#!{python}\n",
        "with an option": f"#!{python} -sE\n",
        "env": "#!/usr/bin/env python\n",
        "env with options": "#!/usr/bin/env -S python -I\n",
        "long": f"#!/bin/sh\n'''exec' \"{python}\" \"$0\" \"$@\"\n' '''\n",
        "long of uv": f"#!/bin/sh\n'''exec' '{python}' \"$0\" \"$@\"\n' '''\n",
    }
    for form, text in forms.items():
        script = program(scripts / form, text)
        assert interpreters(script, environ) == [python], form
    for text in ("", "#!", "#!\n", "#!/usr/bin/env\n", "#!/bin/sh\nexit\n", "\0\xff"):
        assert interpreters(program(scripts / "odd", text), environ) == []
    assert interpreters(tmp_path / "nowhere" / "poetry", environ) == []


def test_a_launcher_of_windows(tmp_path: Path, environ: dict[str, str]) -> None:
    python = interpreter(tmp_path / "Scripts")
    exe = python.rename(python.with_suffix(".exe"))
    launcher = tmp_path / "elsewhere" / "poetry.exe"
    launcher.parent.mkdir()
    launcher.write_bytes(
        b"MZ" + b"\0" * 5000 + f"#!{exe}\r\n".encode() + b"PK\x05\x06" + b"\0" * 18
    )
    launcher.chmod(0o755)
    assert interpreters(launcher, environ) == [exe]


def test_a_link_leads_to_the_interpreter_beside_its_target(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    script = environment(tmp_path / "venv")
    script.write_text("#!/nowhere/python\n")
    link = tmp_path / "bin" / "poetry"
    link.parent.mkdir()
    link.symlink_to(script)
    found = ask_poetry(link, environ)
    assert found == FoundPoetry(script.parent / "python", "2.1.3", link, True)


UV_PLACES = {
    "the workspace": "project/.venv/bin",
    "its installer": "home/.local/bin",
    "cargo": "home/.cargo/bin",
    "pipx": "home/.local/share/pipx/venvs/uv/bin",
}


@pytest.mark.parametrize("place", UV_PLACES.values(), ids=UV_PLACES)
def test_places_of_uv(tmp_path: Path, environ: dict[str, str], place: str) -> None:
    script = program(tmp_path / place / "uv", "#!/bin/sh\necho 'uv 0.9.1 (abc 2026-01-01)'\n")
    assert find_uv(tmp_path / "project", "", environ) == FoundUv(script, "0.9.1")
    assert find_uv(tmp_path / "project", str(script.parent), environ) == FoundUv(script, "0.9.1")
    environ["PYPROJECT_LS_UV"] = "/not/there"
    assert isinstance(find_uv(tmp_path / "project", "", environ), NotFound)
