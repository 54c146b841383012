"""Rule pages: Markdown files that explain a rule and test it.

A page is ``# code``, a summary, ``## Why``, ``## Cases`` and one ``### name`` for each case. A case
has fenced blocks, told apart by the words after the fence:

- ``toml`` (once): the file. Words that may follow: ``profile=poetry``, ``lock`` (as ``--lock``),
  ``poetry=1.8`` and ``poetry=2`` (the target), ``configuration`` (it is a ``pyproject-ls.toml``).
- ``toml fixed``: the file after the rule's fixes.
- ``files``: paths that exist beside it, one a line; folders end in ``/``.
- ``text NAME``: a file NAME beside it with this content.
- ``plugin NAME``: the module of an installed plugin (`tests.plugin_folders`).
- ``resolver``: what the project's resolver says of the file (`tests.resolver_pages`).

In a ``toml`` block a line that begins with carets is an expectation about the line above it,
counted in code points; it reads ``severity path: message``. The carets are one of

- ``^^^^`` under the span,
- ``^^^^…`` under the span's first line, where the span goes on,
- ``^|`` before the place of an empty span,
- ``^$`` for the very end of the file, after its last line break.

Lines ``= related LINE:COLUMN message`` after it (from 1) are the other places that belong to the
finding. ``<U+0007>`` stands for a character that is better not written down, ``<0xFF>`` for a
byte, ``<U+0061 * 2000000>`` for a long run of one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyproject_ls.checks.finding import Finding
from pyproject_ls.project.paths import dotted

FOLDER = Path(__file__).parent.parent / "fixtures" / "checks"
UPDATE = bool(os.environ.get("UPDATE_FIXTURES"))
"""Whether expectations are rewritten instead of compared."""

_FENCE = re.compile(r"(`{3,})([^`]*)$")
_EXPECTATION = re.compile(r"[ \t]*\^")
_RELATED = re.compile(r"[ \t]*= related ")
_TOKEN = re.compile(r"<(?:U\+([0-9A-F]{4,6})|0x([89A-F][0-9A-F]))(?: \* ([0-9]+))?>")
_RUN = re.compile(r"(.)\1{999,}")
_UNPRINTABLE = re.compile(r"[\0-\x08\x0a-\x1f\x7f\u2028\u2029\udc80-\udcff\ufeff]")


class PageError(Exception):
    """A page does not have the format."""


@dataclass
class Block:
    """A fenced block: `first` and `last` are the indexes of its fences among the page's lines."""

    words: list[str]
    first: int
    last: int = -1
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The content, each line with its line break, tokens replaced."""
        return "".join(decoded(line) + "\n" for line in self.lines)


@dataclass
class Case:
    """One example of a page."""

    name: str
    line: int
    blocks: list[Block] = field(default_factory=list)

    @property
    def source(self) -> Block:
        """The block with the file; raises PageError where there is not exactly one."""
        found = [block for block in self.blocks if is_toml(block) and "fixed" not in block.words]
        if len(found) != 1:
            raise PageError(f"line {self.line}: case {self.name!r} has {len(found)} toml blocks")
        return found[0]

    @property
    def fixed(self) -> Block | None:
        """The block with the fixed file."""
        found = [block for block in self.blocks if is_toml(block) and "fixed" in block.words]
        if len(found) > 1:
            raise PageError(f"line {self.line}: case {self.name!r} has several fixed blocks")
        return found[0] if found else None

    @property
    def options(self) -> list[str]:
        """The words after ``toml``."""
        return self.source.words[1:]

    @property
    def text(self) -> str:
        """The file without the expectations; ``<0xFF>`` is a lone surrogate (surrogateescape)."""
        return "".join(decoded(line) + "\n" for line in without_expectations(self.source.lines))

    @property
    def is_bad(self) -> bool:
        """Whether a finding is expected."""
        return any(_EXPECTATION.match(line) for line in self.source.lines)

    def lines_of(self, word: str) -> list[str]:
        """The lines of all blocks of the kind `word`."""
        return [line for block in self.blocks if block.words == [word] for line in block.lines]

    @property
    def plugins(self) -> dict[str, str]:
        """The installed plugins: their names and their modules."""
        return {
            block.words[1]: block.text for block in self.blocks if block.words[:1] == ["plugin"]
        }

    def write_files(self, folder: Path) -> None:
        """Make the files and folders of the case below `folder`."""
        for block in self.blocks:
            if block.words == ["files"]:
                for line in filter(None, map(str.strip, block.lines)):
                    path = folder / line
                    if line.endswith("/"):
                        path.mkdir(parents=True, exist_ok=True)
                    else:
                        path.parent.mkdir(parents=True, exist_ok=True)
                        path.touch()
            elif block.words[:1] == ["text"] and len(block.words) == 2:
                path = folder / block.words[1]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(block.text.encode("utf-8", "surrogateescape"))


@dataclass
class Page:
    """One page as it lies on the disk."""

    path: Path
    lines: list[str]
    prose: list[str]
    """The lines that stand in no fenced block."""
    cases: list[Case]

    @property
    def code(self) -> str:
        """The first heading."""
        return self.lines[0].removeprefix("# ") if self.lines else ""


def is_toml(block: Block) -> bool:
    """Whether a block holds TOML."""
    return block.words[:1] == ["toml"]


def all_paths() -> list[Path]:
    """The files of all pages."""
    return sorted(FOLDER.glob("*.md"))


def read(path: Path) -> Page:
    """The page at `path`; raises PageError where a fence is not closed."""
    lines = path.read_bytes().decode("utf-8").replace("\r\n", "\n").split("\n")
    if lines and not lines[-1]:
        lines.pop()
    cases: list[Case] = []
    prose: list[str] = []
    block: Block | None = None
    fence = ""
    for index, line in enumerate(lines):
        if block is not None:
            if line.rstrip() == fence:
                block.last = index
                block = None
            else:
                block.lines.append(line)
        elif found := _FENCE.match(line):
            fence = found[1]
            block = Block(found[2].split(), index)
            if cases:
                cases[-1].blocks.append(block)
        else:
            prose.append(line)
            if line.startswith("### "):
                cases.append(Case(line[4:].strip(), index + 1))
    if block is not None:
        raise PageError(f"{path.name}:{block.first + 1}: this block is not closed")
    return Page(path, lines, prose, cases)


def without_expectations(lines: Sequence[str]) -> list[str]:
    """The lines of the file itself."""
    kept: list[str] = []
    after_expectation = False
    for line in lines:
        if _EXPECTATION.match(line) or (after_expectation and _RELATED.match(line)):
            after_expectation = True
        else:
            after_expectation = False
            kept.append(line)
    return kept


def rendered(text: str, findings: Iterable[Finding]) -> list[str]:
    """The lines of `text` with an expectation under each finding's first line."""
    lines = text.split("\n")
    starts = [0]
    for content in lines:
        starts.append(starts[-1] + len(content) + 1)

    def place(offset: int) -> tuple[int, int]:
        offset = min(offset, len(text))
        number = text.count("\n", 0, offset)
        return number, offset - starts[number]

    below: dict[int, list[str]] = {}
    for finding in findings:
        number, column = place(finding.span.start)
        content = lines[number]
        start, end = finding.span
        if number == len(lines) - 1 and not content:
            mark = "^$"
        elif start == end:
            mark = encoded_blank(content[:column]) + "^|"
        else:
            first = content[column : column + end - start]
            goes_on = end > starts[number] + len(content)
            mark = encoded_blank(content[:column]) + "^" * max(len(encoded(first)), 1)
            mark += "…" if goes_on else ""
        what = f"{finding.severity.word} {encoded(dotted(finding.path))}".rstrip()
        under = below.setdefault(number, [])
        under.append(f"{mark} {what}: {encoded(finding.message)}")
        for related in finding.related:
            at, column = place(related.span.start)
            under.append(f"    = related {at + 1}:{column + 1} {encoded(related.message)}")
    written: list[str] = []
    for number, content in enumerate(lines):
        if content or number < len(lines) - 1:
            written.append(encoded(content))
        written += below.get(number, ())
    return written


def fixed_lines(text: str) -> list[str]:
    """The lines of a ``fixed`` block."""
    return [encoded(line) for line in text.removesuffix("\n").split("\n")] if text else []


def rewrite(path: Path, name: str, source: list[str], fixed: list[str] | None) -> None:
    """Put the `source` block and the `fixed` block (None: there is none) of the case `name`."""
    page = read(path)
    case = next(case for case in page.cases if case.name == name)
    lines = page.lines
    fence = lines[case.source.last].rstrip()
    if case.fixed is not None and fixed is not None:
        _replace(lines, case.fixed, fixed)
    elif case.fixed is not None:
        del lines[case.fixed.first - 1 : case.fixed.last + 1]
    elif fixed is not None:
        after = case.source.last + 1
        lines[after:after] = ["", f"{fence}toml fixed", *fixed, fence]
    _replace(lines, read_again(lines, path, name).source, source)
    path.write_bytes(("\n".join(lines) + "\n").encode("utf-8"))


def read_again(lines: list[str], path: Path, name: str) -> Case:
    """The case `name` of a page whose lines have changed."""
    path.write_bytes(("\n".join(lines) + "\n").encode("utf-8"))
    return next(case for case in read(path).cases if case.name == name)


def _replace(lines: list[str], block: Block, content: list[str]) -> None:
    lines[block.first + 1 : block.last] = content


def decoded(line: str) -> str:
    """A line of a page with its tokens replaced; ``<0xFF>`` becomes the lone surrogate U+DCFF."""
    return _TOKEN.sub(
        lambda m: chr(int(m[1], 16) if m[1] else 0xDC00 + int(m[2], 16)) * int(m[3] or 1), line
    )


def encoded(text: str) -> str:
    """`text` as a page writes it."""
    runs = _RUN.sub(lambda run: f"<U+{ord(run[1]):04X} * {len(run[0])}>", text)
    return _UNPRINTABLE.sub(lambda found: _token(ord(found[0])), runs)


def encoded_blank(text: str) -> str:
    """As many blanks as `text` takes on a page."""
    return " " * len(encoded(text))


def _token(point: int) -> str:
    return f"<0x{point - 0xDC00:02X}>" if 0xDC80 <= point <= 0xDCFF else f"<U+{point:04X}>"
