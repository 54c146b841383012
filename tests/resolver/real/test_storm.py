"""Kills, cancels and edits in the middle of jobs: files stay whole, and nothing is left behind."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sys
import time
from pathlib import Path

import pytest

from pyproject_ls.toml import parse
from tests.lsp.client import Json
from tests.resolver.editor import FINISHED, Editor
from tests.resolver.package_index import PackageIndex
from tests.resolver.tools import poetry_environ, tool

if sys.platform != "linux":
    pytest.skip("processes are looked for in /proc", allow_module_level=True)

STEPS = 200
MARK = "PYPROJECT_LS_STORM"
"""A variable that all processes of the test inherit."""

MOST_MEMORY = 600
"""MB for a worker that has nothing to do."""

TEXT = """\
[project]
name = "demo"
version = "1.0"
requires-python = ">=3.10,<4"
dependencies = [
    "lantern>=2.3",
    "courier>=2.28",
]

[tool.poetry]
package-mode = false

[[tool.poetry.source]]
name = "local"
url = "{url}"
"""

COMMANDS: list[tuple[str, Json]] = [
    ("lock", {}),
    ("lock", {"mode": "regenerate"}),
    ("update", {}),
    ("addDependency", {"name": "datewise"}),
    ("removeDependency", {"name": "datewise"}),
    ("addDependency", {"name": "parcel", "constraint": ">=2"}),
    ("removeDependency", {"name": "parcel"}),
]


def processes(mark: str) -> dict[int, str]:
    """The command lines of the processes with `mark`, by their numbers."""
    found: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if f"{MARK}={mark}".encode() in (entry / "environ").read_bytes():
                    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    if command:  # a zombie has none
                        found[int(entry.name)] = command
    return found


def workers(mark: str) -> list[int]:
    """The processes of Poetry."""
    return [number for number, command in processes(mark).items() if "resolver/worker" in command]


def memory(process: int) -> float:
    """Its resident memory in MB."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


class Storm:
    """One editor, one project, and what may happen to them."""

    def __init__(self, editor: Editor, uri: str, folder: Path, mark: str, seed: int) -> None:
        self.editor = editor
        self.uri = uri
        self.folder = folder
        self.mark = mark
        self.random = random.Random(seed)
        self.given = 0
        self.kills = 0
        self.cancels = 0

    def step(self) -> None:
        """One thing happens."""
        happenings = [self.command, self.edit, self.cancel, self.kill]
        self.random.choices(happenings, [5, 3, 2, 1])[0]()
        self.editor.sync()
        if self.random.random() < 0.4:
            time.sleep(self.random.random() * 0.3)  # until something is under way
        self.look()

    def command(self) -> None:
        """A person asks for something."""
        name, options = self.random.choice(COMMANDS)
        self.editor.start(name, self.uri, **options)
        self.given += 1

    def edit(self) -> None:
        """A person types."""
        text = self.editor.texts[self.uri]
        version = self.random.choice(["2.28", "2.31", "2.32"])
        old = next(line for line in text.splitlines() if "courier" in line)
        self.editor.replace(self.uri, text.replace(old, f'    "courier>={version}",'))

    def cancel(self) -> None:
        """A person has waited long enough."""
        begun = [
            each["token"]
            for each in self.editor.seen("$/progress")
            if each["value"]["kind"] == "begin"
        ]
        if begun:
            self.editor.notify("window/workDoneProgress/cancel", {"token": begun[-1]})
            self.cancels += 1

    def kill(self) -> None:
        """The worker dies."""
        for process in workers(self.mark):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
                self.kills += 1

    def look(self) -> None:
        """The files are whole, and the text is TOML."""
        assert not parse(self.editor.texts[self.uri]).problems
        lock = self.folder / "poetry.lock"
        if lock.exists():
            text = lock.read_text(encoding="utf-8")
            assert not parse(text).problems
            assert "content-hash = " in text, "its end is missing"

    def calm(self) -> None:
        """Wait until all that was given has ended."""
        self.editor.wait_until(lambda: len(self.editor.seen(FINISHED)) >= self.given, 120)


@pytest.mark.parametrize("seed", [1])
def test_a_storm(tmp_path: Path, seed: int) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    mark = f"{os.getpid()}-{seed}"
    with PackageIndex(latency=0.01) as index:
        text = TEXT.format(url=index.url)
        (folder / "pyproject.toml").write_text(text, encoding="utf-8")
        environ = {
            **poetry_environ(tmp_path / "tools"),
            "PYPROJECT_LS_POETRY": str(tool("poetry-newest")),
            "PYPROJECT_LS_INDEX_URL": index.url,
            "PYPROJECT_LS_CACHE_DIR": str(tmp_path / "cache"),
            MARK: mark,
        }
        with Editor(folder, environ=environ, settings={"resolve": "type"}) as editor:
            uri = editor.show(folder)
            storm = Storm(editor, uri, folder, mark, seed)
            for _ in range(STEPS):
                storm.step()
            storm.calm()
            assert storm.kills > 2
            assert storm.cancels > 5
            # after all this the next command works; back-off may make it wait
            deadline = time.monotonic() + 90
            outcome = editor.run("lock", uri)
            while not outcome["ok"] and time.monotonic() < deadline:
                time.sleep(1)
                outcome = editor.run("lock", uri)
            assert outcome["ok"], outcome
            left = {each.name for each in folder.iterdir()}
            assert left == {"pyproject.toml", "poetry.lock"}
            alive = workers(mark)
            assert len(alive) == 1
            assert memory(alive[0]) < MOST_MEMORY
            assert not [line for line in editor.log if "Traceback" in line]
            assert editor.shutdown() == 0
        deadline = time.monotonic() + 10
        while processes(mark) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not processes(mark), "processes were left behind"
