"""Which environment a project has, with a small script in the place of Poetry."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from pyproject_ls.resolver.backend import Environment
from pyproject_ls.resolver.environments import (
    poetry_environment,
    python_in,
    uv_environment,
    without_active,
    without_vanished,
)
from pyproject_ls.resolver.outcome import Failure

SETTINGS = """\
virtualenvs.create = {create}
virtualenvs.in-project = {in_project}
virtualenvs.path = "{{cache-dir}}/virtualenvs"  # {path}
virtualenvs.use-poetry-python = true
"""


class Fake:
    """A Poetry that answers what it is told to, and notes what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project = folder / "project"
        self.project.mkdir()
        (self.project / "pyproject.toml").write_text('[project]\nname = "My Demo"\n', "utf-8")
        self.bin = folder / "bin"
        self.bin.mkdir()
        (self.bin / "python").symlink_to(sys.executable)
        self.executable = self.bin / "poetry"
        self.environ = {"PATH": "/usr/bin:/bin"}
        self.answer()

    def answer(
        self, *, env: str = "exit 1", create: str = "true", in_project: str = "null"
    ) -> None:
        """Have `env` as what ``env info`` does; settings as Poetry prints them."""
        settings = SETTINGS.format(
            create=create, in_project=in_project, path=self.folder / "environments"
        )
        self.executable.write_text(
            f'#!/bin/sh\necho "$@" >> {self.folder}/asked\n'
            f'case "$1" in\nenv) {env};;\nconfig) cat <<"EOF"\n{settings}EOF\n;;\n'
            f'run) shift; exec {sys.executable} $2 "$3";;\nesac\n',
            "utf-8",
        )
        self.executable.chmod(0o755)

    def environment(self) -> Environment | Failure:
        """What comes of it."""
        return asyncio.run(poetry_environment([self.executable], self.project, self.environ))

    def make(self, path: Path) -> Path:
        """An environment at `path`, as far as that is looked at."""
        python = python_in(path)
        python.parent.mkdir(parents=True)
        python.symlink_to(sys.executable)
        return path


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    return Fake(tmp_path)


def test_what_poetry_says_counts(fake: Fake) -> None:
    path = fake.make(fake.folder / "environments" / "x-py3.11")
    fake.answer(env=f"echo a plugin says hello; echo {path}")
    assert fake.environment() == Environment(path, "Poetry's own", True)
    assert (fake.folder / "asked").read_text().count("\n") == 1  # nothing else was asked


def test_one_in_the_project(fake: Fake) -> None:
    path = fake.make(fake.project / ".venv")
    fake.answer(env=f"echo {path}")
    assert fake.environment() == Environment(path, "in the project", True)


def test_the_active_one(fake: Fake) -> None:
    path = fake.make(fake.folder / "active")
    fake.environ["VIRTUAL_ENV"] = str(path)
    fake.answer(env='echo "$VIRTUAL_ENV"')
    assert fake.environment() == Environment(path, "active", True)


def test_an_active_one_that_has_vanished_is_not_told_to_poetry(fake: Fake) -> None:
    fake.environ["VIRTUAL_ENV"] = str(fake.folder / "gone")
    fake.answer(env='test -z "$VIRTUAL_ENV" || echo "it is told" >&2; exit 1')
    found = fake.environment()
    assert isinstance(found, Environment), found
    assert not found.exists


def test_one_that_lost_its_interpreter_does_not_exist(fake: Fake) -> None:
    path = fake.folder / "environments" / "x-py3.11"
    (path / "bin").mkdir(parents=True)
    (path / "bin" / "python").symlink_to("/nowhere/python")
    fake.answer(env=f"echo {path}")
    assert fake.environment() == Environment(path, "Poetry's own", False)


def test_where_a_new_one_would_be(fake: Fake) -> None:
    """The name is Poetry's: that of the project, a hash of its folder, the Python."""
    found = fake.environment()
    assert isinstance(found, Environment), found
    assert (found.origin, found.exists) == ("Poetry's own", False)
    assert found.path.parent == fake.folder / "environments"
    name, _, python = found.path.name.rpartition("-py")
    assert name.startswith("my_demo-")
    assert len(name) == len("my_demo-") + 8
    assert python == "{}.{}".format(*sys.version_info[:2])


@pytest.mark.parametrize("folder_is_there", [False, True])
def test_a_new_one_in_the_project(fake: Fake, folder_is_there: bool) -> None:
    if folder_is_there:
        (fake.project / ".venv").mkdir()
    else:
        fake.answer(in_project="true")
    assert fake.environment() == Environment(fake.project / ".venv", "in the project", False)


def test_a_folder_does_not_count_where_it_is_switched_off(fake: Fake) -> None:
    (fake.project / ".venv").mkdir()
    fake.answer(in_project="false")
    found = fake.environment()
    assert isinstance(found, Environment), found
    assert found.origin == "Poetry's own"


def test_poetry_makes_none_where_it_must_not(fake: Fake) -> None:
    fake.answer(create="false")
    found = fake.environment()
    assert isinstance(found, Environment), found
    assert found.path == Path(sys.prefix)
    assert "`virtualenvs.create`" in found.origin


def test_a_poetry_that_fails(fake: Fake) -> None:
    fake.answer(env="echo 'pyproject.toml is not a valid TOML file.' >&2; exit 1")
    found = fake.environment()
    assert isinstance(found, Failure), found
    assert "does not accept" in found.message


def test_a_poetry_that_is_not_there(fake: Fake) -> None:
    fake.executable.unlink()
    with pytest.raises(FileNotFoundError):
        fake.environment()


def test_uv_has_one_place(tmp_path: Path) -> None:
    usual = tmp_path / ".venv"
    assert uv_environment(tmp_path, {}) == Environment(usual, "in the project", False)
    python_in(usual).parent.mkdir(parents=True)
    python_in(usual).symlink_to(sys.executable)
    active = {"VIRTUAL_ENV": "/somewhere/else"}
    assert uv_environment(tmp_path, active) == Environment(usual, "in the project", True)
    for chosen, path in (("x", tmp_path / "x"), ("/abs/x", Path("/abs/x"))):
        found = uv_environment(tmp_path, {"UV_PROJECT_ENVIRONMENT": chosen})
        assert found == Environment(path, "by `UV_PROJECT_ENVIRONMENT`", False)


def test_variables_of_the_active_environment(tmp_path: Path) -> None:
    environ = {"VIRTUAL_ENV": str(tmp_path), "CONDA_PREFIX": str(tmp_path / "gone"), "A": "b"}
    assert without_vanished(environ) == {"VIRTUAL_ENV": str(tmp_path), "A": "b"}
    assert without_active(environ) == {"A": "b"}
