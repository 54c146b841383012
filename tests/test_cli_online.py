"""``pyproject-ls check --online`` against the index of ``fixtures/index``."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pyproject_ls import online_facts
from pyproject_ls.cli import main
from tests.index_server import Answer, IndexServer

TEXT = """\
[build-system]
requires = ["poetry-core>=2"]
build-backend = "poetry.core.masonry.api"

[tool.poetry]
package-mode = false

[project]
name = "demo"
version = "1.0"
requires-python = ">=3.10"
dependencies = [
    "flask>=9",
    "reqeusts>=2",
    "no-such-package",
    "werkzeug>=2,<3",
    "withdrawn==1.0",
]
"""
FIXED = TEXT.replace("flask>=9", "flask>=3").replace("reqeusts", "requests")
FIXED = FIXED.replace("werkzeug>=2,<3", "werkzeug>=3,<4")
GOOD = TEXT.partition("dependencies")[0] + 'dependencies = ["flask>=3"]\n'

NOWHERE = "http://127.0.0.1:9/simple/"
"""Nobody listens there."""


class Done(NamedTuple):
    """The exit status of a command and what it wrote."""

    status: int
    out: str
    err: str

    def findings(self) -> list[dict[str, Any]]:
        """The findings of all files, from a report in JSON."""
        return [each for file in json.loads(self.out)["files"] for each in file["findings"]]

    def codes(self) -> list[str]:
        """Their codes."""
        return [each["code"] for each in self.findings()]


Check = Callable[..., Done]


@pytest.fixture
def index() -> Iterator[IndexServer]:
    with IndexServer() as server:
        yield server


@pytest.fixture
def check(
    index: IndexServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Check:
    """Run ``check`` in an empty folder, with an empty cache, asking `index` if any."""
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    for name in ("NO_COLOR", "FORCE_COLOR", "PYPROJECT_LS_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PYPROJECT_LS_INDEX_URL", index.url())
    monkeypatch.setenv("PYPROJECT_LS_CACHE_DIR", str(tmp_path / "cache"))

    def call(*arguments: str, stdin: str | None = None) -> Done:
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        status = main(("check", *arguments))
        return Done(status, *capfd.readouterr())

    return call


def write(text: str = TEXT, path: str = "pyproject.toml") -> Path:
    """A file below the current folder."""
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


# What is found


def test_findings(check: Check) -> None:
    write()
    done = check("--online")
    assert (done.status, done.err) == (1, "")
    assert "no release of `flask` satisfies `>=9`; the newest is 3.1.0" in done.out
    assert "has no package `reqeusts`; did you mean `requests`?" in done.out
    assert "has no package `no-such-package`" in done.out
    assert "`werkzeug` 3.1.3 is out" in done.out


def test_nothing_to_find(check: Check) -> None:
    write(GOOD)
    assert check("--online", "--strict").status == 0


def test_json(check: Check) -> None:
    write()
    done = check("--online", "--format", "json")
    codes = done.codes()
    assert codes.count("unknown-package") == 2
    assert codes.count("no-matching-version") == 1
    taken = next(each for each in done.findings() if each["code"] == "no-matching-version")
    assert (taken["severity"], taken["fix"]["title"]) == ("error", "Take `flask` 3.1.0")
    assert json.loads(done.out)["summary"]["unreadable"] == []


def test_sarif_and_github(check: Check) -> None:
    write()
    for format in ("sarif", "github"):
        done = check("--online", "--format", format)
        assert done.status == 1
        assert "no-such-package" in done.out


def test_select_and_severity(check: Check, index: IndexServer) -> None:
    write()
    select = ("--online", "--select", "unknown-package")
    assert check(*select, "--severity", "unknown-package=hint").status == 0
    assert check(*select).status == 1
    assert check("--online", "--select", "toml-syntax").status == 0


def test_no_index_is_asked_for_rules_that_do_not_need_it(check: Check, index: IndexServer) -> None:
    write()
    check("--online", "--select", "toml-syntax")
    assert index.paths() == []


def test_standard_input(check: Check) -> None:
    done = check("--online", "-", stdin=TEXT)
    assert done.status == 1
    assert "has no package `no-such-package`" in done.out


# Fixes


def test_safe_fixes_leave_names_and_versions_alone(check: Check) -> None:
    path = write()
    assert check("--online", "--fix").status == 1
    assert path.read_text("utf-8") == TEXT


def test_unsafe_fixes(check: Check) -> None:
    path = write()
    done = check("--online", "--fix", "--unsafe-fixes", "--format", "json")
    assert path.read_text("utf-8") == FIXED
    assert done.status == 1, "what has no fix is still there"
    assert "no-matching-version" not in done.codes()
    assert done.codes().count("unknown-package") == 1
    assert json.loads(done.out)["summary"]["fixed"] == 3


def test_diff(check: Check) -> None:
    path = write()
    done = check("--online", "--diff", "--unsafe-fixes")
    assert '-    "flask>=9",\n' in done.out
    assert '+    "flask>=3",\n' in done.out
    assert done.err == "--fix would make 3 fixes in 1 file\n"
    assert path.read_text("utf-8") == TEXT


def test_fixed_standard_input(check: Check) -> None:
    done = check("--online", "--fix", "--unsafe-fixes", "-", stdin=TEXT)
    assert done.out == FIXED


# Who is asked, and how often


@pytest.mark.parametrize(
    "arguments", [(), ("--offline",), ("--fix",), ("--fix", "--unsafe-fixes"), ("--strict",)]
)
def test_without_online_nobody_is_asked(
    check: Check, index: IndexServer, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    write()
    done = check(*arguments, "--format", "json")
    assert done.status == 0
    assert "unknown-package" not in done.codes()
    assert index.paths() == []
    assert not (tmp_path / "cache").exists()


def test_online_and_offline_exclude_each_other(check: Check) -> None:
    write()
    assert check("--online", "--offline").status == 2


def test_files_share_what_is_known(check: Check, index: IndexServer) -> None:
    for name in ("a", "b", "c"):
        write(GOOD, f"{name}/pyproject.toml")
    write(GOOD.replace("flask>=3", "flask>=9"), "d/pyproject.toml")
    done = check("--online", "--format", "json", ".")
    assert done.codes() == ["no-matching-version"]
    assert sorted(index.paths()) == ["/simple/flask/", "/simple/poetry-core/"]


def test_what_was_fetched_is_kept_in_the_folder_of_the_environment(
    check: Check, index: IndexServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(GOOD)
    check("--online")
    asked = len(index.requests)
    assert check("--online").status == 0
    assert len(index.requests) == asked, "it was asked a moment ago"
    assert any((tmp_path / "cache").iterdir())
    monkeypatch.setenv("PYPROJECT_LS_CACHE_DIR", str(tmp_path / "other"))
    check("--online")
    assert len(index.requests) == 2 * asked


def test_nothing_is_asked_but_pages(check: Check, index: IndexServer) -> None:
    """No list of names, no ranking, no vulnerabilities."""
    write()
    check("--online")
    assert {path.split("/")[1] for path in index.paths()} == {"simple"}
    assert "/simple/" not in index.paths()


def test_credentials_in_the_address(
    check: Check, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(GOOD)
    with IndexServer(password="me:s3cret") as private:
        url = private.url().replace("://", "://me:s3cret@")
        monkeypatch.setenv("PYPROJECT_LS_INDEX_URL", url)
        done = check("--online")
        assert (done.status, done.err) == (0, "")
        monkeypatch.setenv("PYPROJECT_LS_INDEX_URL", private.url().replace("://", "://me:no@"))
        monkeypatch.setenv("PYPROJECT_LS_CACHE_DIR", str(tmp_path / "other"))
        done = check("--online")
    assert done.status == 2
    assert "does not accept the user name and password (401)" in done.err
    assert "me:no" not in done.err


# Indexes that do not answer


def test_nobody_is_there(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYPROJECT_LS_INDEX_URL", NOWHERE)
    write()
    done = check("--online", "--format", "json")
    assert done.status == 2
    assert done.err == (
        "pyproject-ls: package indexes: `127.0.0.1:9` cannot be reached: it refuses connections\n"
    )
    assert done.codes() == []
    assert json.loads(done.out)["summary"]["unreadable"] == [
        {
            "path": "package indexes",
            "message": "`127.0.0.1:9` cannot be reached: it refuses connections",
        }
    ]


def test_an_index_with_a_fault(check: Check, index: IndexServer) -> None:
    """What the others say is reported all the same."""
    write()
    index.instead["/simple/flask/"] = Answer(403)
    done = check("--online", "--format", "json")
    assert done.status == 2
    assert "refuses access (403)" in done.err
    assert "no-matching-version" not in done.codes()
    assert done.codes().count("unknown-package") == 2


def test_an_address_that_is_none(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYPROJECT_LS_INDEX_URL", "simple")
    write()
    done = check("--online", "--format", "json")
    assert done.status == 2
    assert done.err.count("\n") == 1
    assert "it does not begin with `https://` or `http://`" in done.err
    assert done.codes() == []


def test_an_index_that_hangs(
    check: Check, index: IndexServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(online_facts, "PATIENCE", 0.2)
    index.hold()
    write()
    done = check("--online", "--format", "json")
    index.release()
    assert done.status == 2
    assert done.err.startswith("pyproject-ls: package indexes: not all of them answered within ")
    assert done.err.count("\n") == 1
    assert done.codes() == []


def test_offline_by_the_environment(
    check: Check, index: IndexServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(TEXT.replace('    "no-such-package",\n', "").replace("reqeusts", "requests"))
    check("--online")
    asked = len(index.requests)
    monkeypatch.setenv("PYPROJECT_LS_OFFLINE", "1")
    done = check("--online", "--format", "json")
    assert len(index.requests) == asked
    assert "no-matching-version" in done.codes(), "what was fetched earlier still counts"
    assert (done.status, done.err) == (1, "")


def test_offline_by_the_environment_and_nothing_known(
    check: Check, index: IndexServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()
    monkeypatch.setenv("PYPROJECT_LS_OFFLINE", "1")
    done = check("--online", "--format", "json")
    assert done.status == 2
    assert "offline mode is on, and nothing was fetched earlier" in done.err
    assert (index.paths(), done.codes()) == ([], [])
