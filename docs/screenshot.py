"""Draws docs/demo.svg, the terminal run that the README shows: ``make screenshot``."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

REPO = Path(__file__).resolve().parents[1]
COMMAND = ["check", "fixtures/projects/demo", "--color", "always"]
BLOCKS = 7
"""How many findings of the run are shown."""


def main() -> None:
    """Run the command, keep its beginning and its last line, and write the picture."""
    program = [sys.executable, "-m", "pyproject_ls", *COMMAND]
    run = subprocess.run(program, cwd=REPO, capture_output=True, text=True, check=False)
    *blocks, summary = run.stdout.rstrip().split("\n\n")
    shown = "\n\n".join([*blocks[-BLOCKS:], summary])
    console = Console(record=True, width=132, file=io.StringIO())
    console.print(Text("$ pyproject-ls check fixtures/projects/demo", style="bold"))
    console.print(Text("…\n", style="dim"))
    console.print(Text.from_ansi(shown))
    picture = console.export_svg(title="pyproject-ls")
    # without the fonts that it would load from the web; the reader's own will do
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
    (REPO / "docs" / "demo.svg").write_text(picture, "utf-8")


if __name__ == "__main__":
    main()
