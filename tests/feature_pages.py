"""Feature pages: Markdown files that show what a feature does, and test it.

A page lies in ``fixtures/<feature>/``. It begins with ``# title`` and prose; each ``### name`` is a
case with fenced blocks, told apart by the words after the fence (`tests.pages` has the reader):

- the first ``toml`` block is the file. ``▮`` (U+25AE) is the cursor and is removed; two of them are
  a selection. Words that may follow: ``profile=poetry``, ``online`` (packages are looked up in
  the index of ``fixtures/index``).
- ``files``: paths that exist beside it, one a line; folders end in ``/``.
- ``LANGUAGE NAME`` with a dot or a slash in NAME (``python src/demo/cli.py``, ``text LICENSE.txt``,
  ``toml poetry.lock``): a file NAME beside it with this content.
- every other block is something expected: ``text definitions``, ``toml after``, ``markdown hover``.

A runner is about ten lines::

    @pytest.mark.parametrize("case", feature_pages.parameters("folding"))
    def test_folding(case: Case, tmp_path: Path) -> None:
        result = case.ask(tmp_path, folds)
        case.check("text folds", shown(result))

UPDATE_FIXTURES=1 makes `Case.check` write what it was given instead of comparing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest

from pyproject_ls.config import Settings
from pyproject_ls.disk import answer
from pyproject_ls.facts import Facts
from pyproject_ls.host import Snapshot
from pyproject_ls.text import LineIndex, Span
from tests import fixture_index, pages

FIXTURES = pages.FOLDER.parent
CURSOR = "▮"
MAX_ROUNDS = 8

Result = TypeVar("Result")


@dataclass
class Case:
    """One example of a page."""

    path: Path
    name: str
    line: int
    text: str
    """The file, without the cursor."""
    selection: Span | None
    """Between the two marks; empty at the one mark; None without one."""
    options: list[str]
    """The words after ``toml``."""
    files: dict[str, str | None] = field(default_factory=dict)
    """What exists beside the file: names with their content, None for a mere folder."""
    blocks: dict[str, str] = field(default_factory=dict)
    """What is expected, by the words after the fence."""

    @property
    def cursor(self) -> int:
        """The offset of the cursor in `text`."""
        assert self.selection is not None, f"{self.where}: no {CURSOR} in the toml block"
        return self.selection.end

    @property
    def where(self) -> str:
        """Page, line and name, for messages."""
        return f"{self.path.name}:{self.line}: {self.name}"

    @property
    def settings(self) -> Settings:
        """The settings that the options ask for."""
        return Settings(
            profile="poetry" if "profile=poetry" in self.options else "all",
            online="online" in self.options,
        )

    def write_files(self, folder: Path) -> None:
        """Make the files and folders of the case below `folder`."""
        for name, content in self.files.items():
            path = folder / name
            if content is None:
                path.mkdir(parents=True, exist_ok=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.encode("utf-8", "surrogateescape"))

    def ask(self, tmp_path: Path, feature: Callable[[Snapshot], Result]) -> Result:
        """What `feature` says, once it has all the facts that it wants from the disk.

        The files are made in a folder ``work/project`` below `tmp_path`, so that names may begin
        with ``../``.
        """
        folder = tmp_path / "work" / "project"
        folder.mkdir(parents=True, exist_ok=True)
        self.write_files(folder)
        facts = Facts()
        for _ in range(MAX_ROUNDS):
            snapshot = Snapshot(self.text, facts, self.settings)
            result = feature(snapshot)
            wanted = snapshot.facts.wanted
            if not wanted:
                break
            new = {**answer(folder, wanted), **fixture_index.answers(wanted)}
            facts = snapshot.facts.with_answers(new)
        return result

    def check(self, kind: str, actual: str) -> None:
        """Compare `actual` with the block `kind` of the page; "" stands for no block."""
        actual = _ended(actual)
        if pages.UPDATE:
            if self.blocks.get(kind, "") != actual:
                rewrite(self.path, self.name, kind, actual)
            return
        expected = self.blocks.get(kind, "")
        assert actual == expected, f"{self.where} (UPDATE_FIXTURES=1 rewrites what is expected)"

    def place(self, offset: int) -> str:
        """``LINE:COLUMN`` of an offset, from 1, for readable expectations."""
        line, column = LineIndex(self.text).position(offset)
        return f"{line + 1}:{column + 1}"

    def shown(self, span: Span) -> str:
        """A span for readable expectations: ``2:8 name``, its text shortened to one line."""
        text = self.text[span.start : span.end]
        first, more = text.partition("\n")[::2]
        return f"{self.place(span.start)} {first}{'…' if more else ''}".rstrip()


def read_cases(path: Path) -> list[Case]:
    """The cases of the page at `path`; raises `pages.PageError` where it is malformed."""
    return [_case(path, each) for each in pages.read(path).cases]


def all_cases(feature: str) -> list[Case]:
    """The cases of all pages of ``fixtures/<feature>/``."""
    return [case for path in sorted((FIXTURES / feature).glob("*.md")) for case in read_cases(path)]


def parameters(feature: str) -> list[object]:
    """`all_cases` as parameters for pytest, named by page and case."""
    return [pytest.param(case, id=f"{case.path.stem}: {case.name}") for case in all_cases(feature)]


def rewrite(path: Path, name: str, kind: str, content: str) -> None:
    """Put `content` into the block `kind` of the case `name`; "" takes the block away."""
    page = pages.read(path)
    case = next(case for case in page.cases if case.name == name)
    lines = page.lines
    blocks = [block for block in case.blocks if " ".join(block.words) == kind]
    block = next((block for block in blocks if block is not _source(case)), None)
    written = pages.fixed_lines(content)
    fence = "```"
    while any(line.startswith(fence) for line in written):
        fence += "`"
    new = [f"{fence}{kind}", *written, fence]
    if block is not None and content:
        lines[block.first : block.last + 1] = new
    elif block is not None:
        del lines[block.first - 1 : block.last + 1]
    elif content:
        after = case.blocks[-1].last + 1
        lines[after:after] = ["", *new]
    path.write_bytes(("\n".join(lines) + "\n").encode("utf-8"))


def _source(case: pages.Case) -> pages.Block:
    for block in case.blocks:
        if pages.is_toml(block) and not _is_file(block):
            return block
    raise pages.PageError(f"line {case.line}: case {case.name!r} has no toml block")


def _is_file(block: pages.Block) -> bool:
    return len(block.words) == 2 and any(mark in block.words[1] for mark in "./")


def _case(path: Path, read: pages.Case) -> Case:
    source = _source(read)
    marked = source.text
    parts = marked.split(CURSOR)
    if len(parts) > 3:
        raise pages.PageError(f"line {read.line}: case {read.name!r} has {len(parts) - 1} cursors")
    text = "".join(parts)
    first = len(parts[0])
    selection = {1: None, 2: Span(first, first), 3: Span(first, len(text) - len(parts[-1]))}
    case = Case(path, read.name, read.line, text, selection[len(parts)], source.words[1:])
    for block in read.blocks:
        if block is source:
            continue
        if block.words == ["files"]:
            for name in filter(None, map(str.strip, block.lines)):
                case.files[name] = None if name.endswith("/") else ""
        elif _is_file(block):
            case.files[block.words[1]] = block.text
        else:
            case.blocks[" ".join(block.words)] = block.text
    return case


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"
