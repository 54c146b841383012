"""Formatting runs the user's pyproject-fmt: a stand-in for it here."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from pyproject_ls.formatting import find_program, format_text
from pyproject_ls.text import apply_edits

PYTHON = sys.executable  # before a test hides it
TEXT = '[project]\nname="demo" # é\n'

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script")


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pyproject-fmt in the project's environment; what it does is written into it."""
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere" / "python"))
    program = tmp_path / ".venv" / "bin" / "pyproject-fmt"
    program.parent.mkdir(parents=True)
    return program


def write(program: Path, body: str) -> None:
    program.write_text(f"#!{PYTHON}\n{body}\n", "utf-8")
    program.chmod(0o755)


def test_edits(stand_in: Path, tmp_path: Path) -> None:
    write(
        stand_in,
        "import sys; data = sys.stdin.buffer.read()\n"
        'sys.stdout.buffer.write(data.replace(b"=", b" = ")); sys.exit(1)',
    )
    done = format_text(TEXT, tmp_path)
    assert apply_edits(TEXT, done.edits) == '[project]\nname = "demo" # é\n'
    assert not done.reason
    returns = TEXT.replace("\n", "\r\n")
    done = format_text(returns, tmp_path)
    assert apply_edits(returns, done.edits) == '[project]\r\nname = "demo" # é\r\n'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("print('= 1')", "not TOML"),
        ("import sys; sys.exit('it broke')", "it broke"),
        ("raise SystemExit(3)", "failed"),
        ("import time; time.sleep(60)", "within 0.5 seconds"),
        ("import sys; sys.stdout.buffer.write(bytes([255]))", "cannot be run"),
    ],
)
def test_failures(stand_in: Path, tmp_path: Path, body: str, reason: str) -> None:
    write(stand_in, body)
    done = format_text(TEXT, tmp_path, time_limit=0.5)
    assert not done.edits
    assert reason in done.reason


def test_only_trusted_projects_run_their_own(stand_in: Path, tmp_path: Path) -> None:
    write(stand_in, "raise SystemExit(3)")
    assert find_program(tmp_path) == str(stand_in)
    assert find_program(tmp_path, trusted=False) is None
    assert "not installed" in format_text(TEXT, tmp_path, trusted=False).reason


def test_lone_surrogates(stand_in: Path, tmp_path: Path) -> None:
    write(stand_in, "raise SystemExit(3)")
    assert format_text("x = '\udc80'", tmp_path).reason
