"""Neovim and Helix show what package indexes know: the real editors, the fixture index."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.index_server import IndexServer

if sys.platform == "win32":
    pytest.skip("there is no terminal to look at", allow_module_level=True)

from tests.editors.screens import Helix, Neovim
from tests.editors.terminal import Terminal

TEXT = """\
[project]
name = "demo"
version = "1.0"
requires-python = ">=3.10"
dependencies = [
    "flask>=2,<3",
    "reqests>=2",
    "numpy>=1.24,<3",
]
"""

LOCK = """\
[[package]]
name = "flask"
version = "2.2.5"

[[package]]
name = "numpy"
version = "1.26.4"
"""

ESCAPE, ENTER, NEXT, ACCEPT = "\x1b", "\r", "\x0e", "\x19"
OMNI, COMPLETE = "\x18\x0f", "\x18"
"""The keys that ask for completions: those of Neovim, and the one of Helix."""

FINDINGS = (
    "`flask` 3.1.0 is out, which `>=2,<3` does not allow",
    "has no package `reqests`; did you mean `requests`?",
)
HINTS = ('"flask>=2,<3" 2.2.5 → 3.1.0,', '"numpy>=1.24,<3" 1.26.4 → 2.2.0,')
HOVER = (
    "Locked to 2.2.5 in poetry.lock.",
    "A simple framework for building complex web applications.",
    "Newest 3.1.0 (2024-11-13) on 127.0.0.1",
    "License BSD-3-Clause · Python >=3.9",
)
OFFERED = (
    "Werkzeug Module >=3.1,<4.0 · popular",
    "werkzeuk Module >=0.0.1,<0.0.2 · popular",
)
"""Two rows of Neovim's menu behind ``werkz``."""

WERKZEUG = '"Werkzeug>=3.1,<4.0"'
"""A completed name, with a constraint in the style of the others."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with an old, a misspelt and a current dependency."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(TEXT, encoding="utf-8")
    (folder / "poetry.lock").write_text(LOCK, encoding="utf-8")
    return folder


def test_neovim(folder: Path, online: dict[str, str], index: IndexServer) -> None:
    with Neovim(folder, online, _ranking_in_lua(index.url("/ranking.json"))) as screen:
        screen.wait_for(*FINDINGS, *HINTS)
        lenses = "dependencies = [ Apply 2 compatible updates | Apply all 2 updates"
        screen.shows("neovim packages: findings, hints, lenses", lenses)

        screen.go("flask")
        _hover(screen, "jk", "K")  # moving closes it
        screen.shows("neovim packages: hover")
        screen.press("jk")  # moving closes it

        screen.go("numpy")
        screen.press("o")
        screen.type('"werkz')
        _ask_for(screen, OMNI, *OFFERED)
        screen.shows("neovim packages: names")
        _preview(screen, OMNI, "\x05", "werkzeuk Module", WERKZEUG)
        screen.press(ACCEPT)
        screen.wait_for(f"    {WERKZEUG},")

        screen.press(ENTER)
        screen.type('"django>=')
        _ask_for(screen, OMNI, "5.1.1  Value 2024-09-03", "4.2.16 Value 2024-09-03")
        screen.shows("neovim packages: versions")
        assert _in_order(screen, "5.1.1 ", "5.0.9 ", "4.2.16 ")
        screen.press(NEXT)
        screen.press(ACCEPT)
        screen.shows("neovim packages: a version", '    "django>=5.1.1",')

        screen.press(ENTER)
        screen.type('"pytset')
        _ask_for(screen, OMNI, "pytest Module >=8.3,<9.0 · did you mean this?")
        screen.shows("neovim packages: a typo")
        screen.press(ESCAPE)
        screen.press("dd")

        screen.go("reqests")
        screen.press("gra")
        screen.shows("neovim packages: fixes", "1: Write `requests`")
        screen.press(f"1{ENTER}")
        _wait_until_gone(screen, "has no package")
        screen.wait_for('    "requests>=2",')

        screen.go("dependencies")
        screen.wait_for("Apply all 2 updates")
        screen.command("lua vim.lsp.codelens.run()")
        screen.shows("neovim packages: lenses to run", "2: Apply all 2 updates")
        screen.press(f"2{ENTER}")
        _wait_until_gone(screen, "is out, which")
        screen.shows("neovim packages: updated", '    "flask>=3,<4" 2.2.5', '    "numpy>=2.2,<3"')


def test_helix(folder: Path, online: dict[str, str], index: IndexServer, program: Path) -> None:
    more = f"""
[language-server.pyproject-ls.config.index]
ranking = "{index.url("/ranking.json")}"
"""
    with Helix(program, folder, online, more) as screen:
        screen.wait_for(*FINDINGS)
        if not all(each in str(screen) for each in HINTS):
            for keys in ("O", ESCAPE, "u"):  # Helix 25.01 asks for hints again only after an edit
                screen.press(keys)
        screen.shows("helix packages: findings, hints", *FINDINGS, *HINTS)

        screen.go("flask")
        _hover(screen, ESCAPE, " k")
        screen.shows("helix packages: hover")
        screen.press(ESCAPE)

        screen.go("numpy")
        screen.press("o")
        screen.type('"werkz')
        _ask_for(screen, COMPLETE, "Werkzeug ", "werkzeuk ")
        screen.shows("helix packages: names")
        _preview(screen, COMPLETE, "\x03", "werkzeuk ", WERKZEUG)
        screen.shows("helix packages: a name", "The comprehensive WSGI web application library.")
        screen.press(ENTER)
        screen.press(ESCAPE)
        screen.press("A,")

        screen.press(ENTER)
        screen.type('"django>=')
        _ask_for(screen, COMPLETE, "5.1.1 ", "4.2.16 ")
        screen.shows("helix packages: versions")
        assert _in_order(screen, "5.1.1 ", "5.0.9 ", "4.2.16 ")
        screen.press(NEXT)
        screen.press(ENTER)
        screen.wait_for('"django>=5.1.1"')
        screen.press(ESCAPE)
        screen.press("A,")

        screen.press(ENTER)
        screen.type('"pytset')
        _ask_for(screen, COMPLETE, "pytest module")
        screen.shows("helix packages: a typo")
        screen.press(ESCAPE)
        screen.press("xd")

        screen.go("reqests")
        screen.press(" a")
        screen.shows("helix packages: fixes", "Write `requests`")
        screen.press(ENTER)
        _wait_until_gone(screen, "has no package")
        screen.wait_for('"requests>=2",')

        screen.go("flask")
        screen.press(" a")
        screen.shows("helix packages: updates", "3.1.0")


def _ranking_in_lua(url: str) -> str:
    settings = f"{{ ['pyproject-ls'] = {{ index = {{ ranking = '{url}' }} }} }}"
    return f"vim.lsp.config('pyproject_ls', {{ settings = {settings} }})\n"


def _hover(screen: Terminal, close: str, ask: str) -> None:
    """Ask for the hover until it has all; what an index knows arrives later than the first."""

    def is_complete() -> bool:
        screen.press(close)
        screen.press(ask)
        screen.wait_for("Versions >=2,<3")
        return all(text in str(screen) for text in HOVER)

    screen.wait_until(is_complete, repr(HOVER))


def _ask_for(screen: Terminal, keys: str, *texts: str) -> None:
    """Press `keys` until the list of completions has `texts`.

    Editors do not ask again by themselves when something has arrived in the meantime.
    """

    def is_shown() -> bool:
        if all(text in str(screen) for text in texts):
            return True
        screen.press(keys)
        return False

    screen.wait_until(is_shown, repr(texts))


def _preview(screen: Terminal, keys: str, cancel: str, label: str, wanted: str) -> None:
    """Select the first completion of a list that has `label`; while it is not `wanted`, ask again.

    A list that came before the releases are known has names without constraints.
    """

    def is_shown() -> bool:
        screen.press(NEXT)
        if wanted in str(screen):
            return True
        screen.press(cancel)
        _ask_for(screen, keys, label)
        return False

    screen.wait_until(is_shown, repr(wanted))


def _wait_until_gone(screen: Terminal, text: str) -> None:
    screen.wait_until(lambda: text not in str(screen), f"{text!r} to go")


def _in_order(screen: Terminal, *texts: str) -> bool:
    """Whether `texts` stand below each other, the first one highest."""
    places = [next(n for n, line in enumerate(screen.lines) if text in line) for text in texts]
    return places == sorted(places)
