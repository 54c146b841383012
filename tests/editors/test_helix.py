"""Helix shows diagnostics, completions and hovers in its terminal, and uses what else it knows."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.editors.install import CannotInstallError, helix
from tests.lsp import project

if sys.platform != "linux":
    pytest.skip("Helix comes as Debian's package", allow_module_level=True)

from tests.editors.terminal import Terminal

ROOT = Path(__file__).parents[2]
CONFIGURATION = ROOT / "fixtures" / "editors" / "helix.toml"
SETTINGS = """\
[editor]
end-of-line-diagnostics = "hint"

[editor.lsp]
display-inlay-hints = true
"""
CAPTURES = os.environ.get("CAPTURES")
"""A folder to put what the screen shows into, for people to look at."""


class Helix(Terminal):
    """Helix in a terminal."""

    def go(self, text: str) -> None:
        """Put the cursor on the last letter of the first `text` of the file, a regex."""
        for keys in ("\x1b", "gg", "/", text, "\r", ";"):  # escape and a letter at once are Alt
            self.press(keys)

    def shows(self, name: str, *texts: str) -> None:
        """Wait until `texts` are shown, and keep the screen under `name`."""
        self.wait_for(*texts)
        if CAPTURES:
            Path(CAPTURES).mkdir(parents=True, exist_ok=True)
            Path(CAPTURES, f"{name}.txt").write_text(f"{self}\n", encoding="utf-8")

    def command(self, command: str) -> None:
        """Run a typable command."""
        self.press("\x1b")
        self.press(f":{command}\r")


@pytest.fixture
def program() -> Path:
    try:
        return helix()
    except CannotInstallError as error:
        pytest.skip(str(error))


def test_helix(tmp_path: Path, program: Path, environment: dict[str, str]) -> None:
    path = project.make(tmp_path)
    configuration = tmp_path / "config" / "helix"
    configuration.mkdir(parents=True)
    shutil.copy(CONFIGURATION, configuration / "languages.toml")
    (configuration / "config.toml").write_text(SETTINGS, encoding="utf-8")
    with Helix([str(program), "pyproject.toml"], path.parent, environment) as screen:
        screen.shows("diagnostics", "pyproject.toml", "2.32.3")

        screen.go("requests>=2.31")
        screen.press(" k")
        screen.shows("hover", "Locked to", "Only on Python 3.11 and newer")
        screen.press("\x1b")

        screen.go("demo.cli:main")
        screen.press("gd")
        screen.shows("definition", "def main(name", "demo/cli.py")
        screen.press("\x0f")
        screen.wait_for("[project.scripts]")

        screen.press(" s")
        screen.shows("symbols", "dependency-groups")
        screen.press("\x1b")
        screen.press(" S")
        screen.press("near")
        screen.shows("workspace symbols", "package near")
        screen.press("\x1b\x1b")

        screen.go('= "test')
        screen.press(" r")
        screen.press("s\r")
        screen.shows("rename", 'tests = ["pytest>=8"', 'include-group = "tests"')
        screen.press("u")
        screen.wait_for('include-group = "test"')

        screen.go("requests>=2.31")
        screen.press(" a")
        screen.shows("code actions", "Pin `requests` to 2.32.3")
        screen.press("\x1b")

        screen.go("license = .MIT.")
        screen.press("xd")
        screen.press("O")
        screen.type("licens")
        screen.shows("completion of a key", "license-files property")
        screen.press("\x0e")
        screen.shows("its documentation", "SPDX")
        screen.press("\r")
        screen.shows("a completed key", 'license = ""')
        screen.type("MI")
        screen.press("\x18")
        screen.shows("completion of a value", "MIT   ")
        screen.press("\x1b")
        screen.command("format")
        screen.shows("formatting", "# formatted")
        screen.command("q!")


def test_the_readme_shows_the_configuration() -> None:
    quoted = f"```toml\n{CONFIGURATION.read_text(encoding='utf-8')}```\n"
    assert quoted in (ROOT / "README.md").read_text(encoding="utf-8")
