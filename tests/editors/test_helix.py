"""Helix shows diagnostics, completions and hovers in its terminal, and uses what else it knows."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.editors import story
from tests.editors.documented import code
from tests.lsp import project

if sys.platform != "linux":
    pytest.skip("Helix comes as Debian's package", allow_module_level=True)

from tests.editors.screens import Helix


def test_helix(tmp_path: Path, program: Path, environment: dict[str, str]) -> None:
    path = project.make(tmp_path)
    with Helix(program, path.parent, environment) as screen:
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


def test_story(tmp_path: Path, program: Path, environment: dict[str, str]) -> None:
    settings = code("helix", "Settings", "toml")
    with Helix(program, story.make(tmp_path), environment, settings) as screen:
        screen.wait_for("is listed twice")
        screen.press(" d")
        screen.shows("story: a fault as grave as the settings say", "ERROR    duplicate-keyword")
        screen.press("\x1b")

        screen.go("requires-python")
        screen.press("O")
        screen.type("licen")
        screen.shows("story: completion", "license  ", "license-files ")
        screen.press("\x1b")
        screen.press("u")
        screen.press(" k")
        screen.shows("story: hover", "Python")
        screen.press("\x1b")

        screen.go('"parcels", "parcels')
        screen.press(" a")
        screen.wait_for("Remove the second keyword")
        screen.press("\r")
        screen.shows("story: a fix", story.MENDED)

        screen.command("lsp-workspace-command")
        screen.shows("story: the commands", "pyproject-ls.lock", "pyproject-ls.bumpVersion")
        screen.press("\x1b")
        screen.go('version = "1')
        screen.press(" a")
        screen.wait_for("Bump the version to 1.1.0 (minor)")
        screen.press("\x0e")
        screen.press("\r")
        screen.shows("story: the next version", story.BUMPED)
        screen.command("q!")
