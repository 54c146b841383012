"""Emacs, with eglot and with lsp-mode, and with the configuration of the page."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("Emacs comes as Debian's packages", allow_module_level=True)

from tests.editors import story
from tests.editors.debian import CannotInstallError
from tests.editors.documented import PAGES, code
from tests.editors.install import emacs

STORY = Path(__file__).parent / "emacs_story.el"
TIMEOUT = 120

CONFIGURATIONS = {
    "eglot": code("emacs", "Eglot", "elisp") + code("emacs", "Eglot", "elisp", 1),
    "lsp-mode": code("emacs", "lsp-mode", "elisp"),
}


@pytest.mark.parametrize("client", CONFIGURATIONS)
def test_story(client: str, tmp_path: Path, environment: dict[str, str]) -> None:
    try:
        program = emacs()
    except CannotInstallError as error:
        pytest.skip(str(error))
    init = tmp_path / "init.el"
    init.write_text(CONFIGURATIONS[client], encoding="utf-8")
    done = subprocess.run(
        [program, "-Q", "--batch", "-L", PAGES / "emacs", "-l", init, "-l", STORY],
        cwd=story.make(tmp_path),
        env={**environment, "CLIENT": client},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=TIMEOUT,
        check=False,
    )
    output = done.stdout.decode(errors="replace")
    assert output.rstrip().endswith("OK"), output
