"""The editors that run in a terminal, as people use them: by keys, and by what the screen shows."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from tests.editors.documented import PAGES, code
from tests.editors.install import neovim
from tests.editors.terminal import Terminal


class Helix(Terminal):
    """Helix, with the configuration of the page in the environment's folder for it.

    `more` is added to ``languages.toml``.
    """

    def __init__(
        self, program: Path, folder: Path, environment: Mapping[str, str], more: str = ""
    ) -> None:
        own = Path(environment["XDG_CONFIG_HOME"]) / "helix"
        own.mkdir(parents=True)
        languages, editor = code("helix", "", "toml"), code("helix", "", "toml", 1)
        keys = code("helix", "Commands", "toml")
        (own / "languages.toml").write_text(languages + more, encoding="utf-8")
        (own / "config.toml").write_text(editor + keys, encoding="utf-8")
        super().__init__([str(program), "pyproject.toml"], folder, environment)

    def go(self, text: str) -> None:
        """Put the cursor on the last letter of the first `text` of the file, a regex."""
        for keys in ("\x1b", "gg", "/", text, "\r", ";"):  # escape and a letter at once are Alt
            self.press(keys)

    def command(self, command: str) -> None:
        """Run a typable command."""
        self.press("\x1b")
        self.press(f":{command}\r")


class Neovim(Terminal):
    """Neovim, with the configuration of the page and `more` before it, both Lua."""

    def __init__(self, folder: Path, environment: Mapping[str, str], more: str = "") -> None:
        own = Path(environment["XDG_CONFIG_HOME"]) / "nvim"
        shutil.copytree(PAGES / "nvim", own)
        init = own / "init.lua"
        init.write_text(more + code("neovim", "Neovim 0.11 and newer", "lua"), encoding="utf-8")
        command = [str(neovim()), "-n", "-i", "NONE", "-u", str(init), "pyproject.toml"]
        log = {"NVIM_LOG_FILE": str(own / "nvim.log")}
        super().__init__(command, folder, MappingProxyType({**environment, **log}))

    def go(self, text: str) -> None:
        """Put the cursor on the first letter of the first `text` of the file, a regex."""
        self.press("\x1b")
        self.press("gg")
        self.press(f"/{text}\r")

    def command(self, command: str) -> None:
        """Run a command."""
        self.press("\x1b")
        self.press(f":{command}\r")
