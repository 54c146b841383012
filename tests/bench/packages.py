"""``python -m tests.bench.packages``: what asking package indexes costs whoever edits.

A project of 60 dependencies in 300 lines, and an index on loopback that takes 50 ms an answer.
Prints a table with the targets of issue 4. Exit status 1 if one is missed. Needs about a minute and
a quiet machine; memory is read from ``/proc``, so it is measured on Linux only.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.bench.editor import Editor, Keystroke, Place
from tests.bench.names import Row
from tests.bench.slow_index import SlowIndex

DEPENDENCIES = 60
LINES = 300
LATENCY = 0.05
ROUNDS = 5
AFTER = 0.3
"""Keystrokes so many seconds after the last page still count as while fetching."""

IDLE = 1.0
"""Seconds after the handshake when a server has done what it does in advance."""


def main() -> int:
    """Measure and print; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.packages", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder, SlowIndex(LATENCY) as index:
        rows = Bench(Path(folder).resolve(), index, rounds).run()
    width = max(len(row.what) for row in rows)
    for row in rows:
        target = "" if row.target is None else f"  (at most {row.target:g})"
        verdict = "" if row.is_met else "  MISSED"
        print(f"{row.what:{width}}  {row.value:8.2f} {row.unit}{target}{verdict}")
    return 0 if all(row.is_met for row in rows) else 1


class Bench:
    """All measurements, in `folder`, against `index`."""

    def __init__(self, folder: Path, index: SlowIndex, rounds: int) -> None:
        self._index = index
        self._rounds = rounds
        self._folder = folder
        self._path = folder / "project" / "pyproject.toml"
        self._path.parent.mkdir()
        text = document()
        self._path.write_text(text, encoding="utf-8")
        self._text = place_of(text, "A project")
        self._name = place_of(text, "brary-0005")
        self._version = place_of(text, "3.4,<20")

    def run(self) -> list[Row]:
        """Everything, the quiet measurements first."""
        rows = self.starts()
        rows += self.typing()
        rows += self.answers_and_memory()
        return rows + self.hanging()

    def _editor(self, name: str, *, offline: bool = False) -> Editor:
        cache = self._folder / name
        cache.mkdir(exist_ok=True)
        return Editor(self._path, cache, self._index.url, offline=offline)

    def starts(self) -> list[Row]:
        """From opening the file, and from the index's last answer, to all hints."""
        first: list[float] = []
        after: list[float] = []
        whole: list[float] = []
        refreshes: list[float] = []
        warm: list[float] = []
        warmer: list[float] = []
        old: list[float] = []
        for each in range(self._rounds):
            self._index.answers()
            with self._editor(f"cold-{each}") as editor:
                first.append(editor.show() * 1e3)
                arrived = editor.until_hints(DEPENDENCIES)
                answers = self._index.answers()
                assert len(answers) == DEPENDENCIES, f"{len(answers)} requests"
                after.append((arrived - max(answers)) * 1e3)
                whole.append((arrived - editor.opened) * 1e3)
                refreshes.append(editor.asked_again)
            warm.append(self._warm(f"cold-{each}"))
            warmer.append(self._warm(f"cold-{each}", IDLE))
            assert not self._index.answers(), "what is fresh was asked for again"
            age(self._folder / f"cold-{each}")
            old.append(self._warm(f"cold-{each}"))
        return [
            Row("open to first diagnostics", statistics.median(first), "ms"),
            Row("cold: last answer to all hints, median", statistics.median(after), "ms", 1500),
            Row("cold: last answer to all hints, longest", max(after), "ms", 1500),
            Row("cold: open to all hints", statistics.median(whole), "ms"),
            Row("cold: requests to ask again", statistics.median(refreshes), ""),
            Row("warm: open to all hints, median", statistics.median(warm), "ms", 200),
            Row("warm: open to all hints, longest", max(warm), "ms"),
            Row("warm, server idle before: median", statistics.median(warmer), "ms", 200),
            Row("warm, cache of yesterday: median", statistics.median(old), "ms", 200),
        ]

    def _warm(self, name: str, idle: float = 0.0) -> float:
        """Milliseconds from opening to all hints in a server that was idle for `idle` seconds."""
        with self._editor(name) as editor:
            editor.settle(idle)
            editor.show()
            return (editor.until_hints(DEPENDENCIES) - editor.opened) * 1e3

    def typing(self) -> list[Row]:
        """Edit to diagnostics, while pages arrive and without an index."""
        rows: list[Row] = []
        for what, place in (("text", self._text), ("name", self._name)):
            for is_offline in (True, False):
                seen: list[Keystroke] = []
                inside: list[Keystroke] = []
                for each in range(self._rounds):
                    name = f"typing-{what}-{is_offline}-{each}"
                    strokes = self._typed(name, place, offline=is_offline)
                    seen += strokes[0]
                    inside += strokes[1]
                rows += _rows_of(
                    f"typing a {what}, " + ("offline" if is_offline else "while fetching"),
                    seen,
                    inside,
                )
        return rows

    def _typed(
        self, name: str, place: Place, *, offline: bool
    ) -> tuple[list[Keystroke], list[Keystroke]]:
        """Type from the start until all pages have come.

        The keystrokes as the client sees them, and as they are inside the server.
        """
        self._index.answers()
        with self._editor(name, offline=offline) as editor:
            editor.settle(IDLE)
            editor.show()
            if offline:
                return editor.type(place), editor.inside()
            strokes: list[Keystroke] = []
            answers: list[float] = []
            expected = DEPENDENCIES - 1  # nobody waits for the name that is being typed
            while len(answers) < expected and len(strokes) < 1000:
                strokes += editor.type(place)
                answers += self._index.answers()
            inside = editor.inside()
        assert len(answers) >= expected, f"{len(answers)} requests while typing"
        end = max(answers) + AFTER
        return (
            [each for each in strokes if each.when < end],
            [each for each in inside if each.when < end],
        )

    def answers_and_memory(self) -> list[Row]:
        """Completion, hover and typing when everything is known, and memory after that."""
        rows: list[Row] = []
        with self._editor("offline", offline=True) as editor:
            self._use(editor)
            without = editor.memory
        with self._editor("known") as editor:
            editor.show()
            editor.until_hints(DEPENDENCIES)
            rows += self._use(editor)
            used = editor.memory
        return [
            *rows,
            Row("private memory", used[0], "MB"),
            Row("resident memory", used[1], "MB", 60),
            Row("resident memory, offline", without[1], "MB"),
            Row("private memory above offline", used[0] - without[0], "MB"),
        ]

    def _use(self, editor: Editor) -> list[Row]:
        if not editor.opened:
            editor.show()
        editor.hints()
        typed = editor.type(self._text)
        questions: Mapping[str, tuple[str, Place]] = {
            "completion of a version": ("textDocument/completion", self._version),
            "completion of a name": ("textDocument/completion", self._name),
            "hover": ("textDocument/hover", self._name),
        }
        rows = _rows_of("typing, all known", typed, editor.inside())
        for what, (method, place) in questions.items():
            times = editor.asking(method, place)
            rows.append(Row(f"{what}, median", statistics.median(times), "ms", 3))
        return rows

    def hanging(self) -> list[Row]:
        """Completion and hover while the index says nothing. The index is of no use afterwards."""
        self._index.hang()
        with self._editor("hanging") as editor:
            editor.show()
            editor.settle(IDLE)
            longest = 0.0
            for method in ("completion", "hover"):
                for line, column in (self._name, self._version):
                    seconds, _ = editor.at(f"textDocument/{method}", line, column)
                    longest = max(longest, seconds * 1e3)
            typed = editor.type(self._name)
            inside = editor.inside()
        return [
            Row("completion and hover, index hangs, longest", longest, "ms", 100),
            *_rows_of("typing a name, index hangs", typed, inside),
        ]


def document() -> str:
    """A file of `LINES` lines with `DEPENDENCIES` dependencies, in three kinds of tables."""
    names = [f"library-{number:04}" for number in range(DEPENDENCIES - 1)]  # and the backend
    third = len(names) // 3
    lines = [
        "[project]",
        'name = "bench-app"',
        'version = "1.2.3"',
        'description = "A project made for benchmarks"',
        'requires-python = ">=3.10"',
        "dependencies = [",
        *(f'    "{each}>=3.4,<20",' for each in names[:third]),
        "]",
        "",
        "[dependency-groups]",
        "test = [",
        *(f'    "{each}~=2.5",' for each in names[third : 2 * third]),
        "]",
        "",
        "[tool.poetry.group.dev.dependencies]",
        *(f'{each} = "^4.2"' for each in names[2 * third :]),
        "",
        "[build-system]",
        'requires = ["poetry-core>=2.0,<3"]',
        'build-backend = "poetry.core.masonry.api"',
        "",
        "[tool.ruff.lint.per-file-ignores]",
    ]
    room = LINES - len(lines)
    lines += [f'"src/module_{number:04}.py" = ["E501"]' for number in range(room)]
    return "\n".join(lines) + "\n"


def place_of(text: str, part: str) -> Place:
    """Where `part` stands first in `text`."""
    before = text[: text.index(part)]
    return before.count("\n"), len(before) - before.rfind("\n") - 1


def _rows_of(what: str, seen: list[Keystroke], inside: list[Keystroke]) -> list[Row]:
    """The budget is for the server; a person waits for the client and both their processes, too."""
    times = sorted(each.milliseconds for each in seen)
    return [
        Row(f"{what}: in the server, median", _median_of(inside), "ms", 6),
        Row(f"{what}: for the client, median", _median_of(seen), "ms"),
        Row(f"{what}: for the client, p95", times[int(len(times) * 0.95)], "ms"),
        Row(f"{what}: for the client, longest", times[-1], "ms"),
    ]


def _median_of(strokes: list[Keystroke]) -> float:
    return statistics.median(each.milliseconds for each in strokes)


def age(cache: Path) -> None:
    """Make the store a day older: an index has to be asked whether it still holds."""
    (path,) = cache.glob("packages-*.sqlite")
    database = sqlite3.connect(path)
    with database:
        database.execute("UPDATE records SET fetched = fetched - 86400")
    database.close()


if __name__ == "__main__":
    sys.exit(main())
