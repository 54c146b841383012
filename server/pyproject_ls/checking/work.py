"""Checking one input: a text goes in, a report and the fixed text come out."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pyproject_ls.checking.inputs import Input
from pyproject_ls.checks.finding import Severity
from pyproject_ls.config import Settings, for_file
from pyproject_ls.configuration.target import poetry_target
from pyproject_ls.disk import analyse, answer
from pyproject_ls.files import FileError, decode, decoding_findings, read_bytes
from pyproject_ls.fixes import fix_all
from pyproject_ls.named import NamedTuple
from pyproject_ls.report import FileReport

if TYPE_CHECKING:
    from pyproject_ls.host import Snapshot
    from pyproject_ls.online_facts import OnlineFacts
    from pyproject_ls.report.overview import Overview
    from pyproject_ls.resolved_facts import ResolvedFacts


class Sources(NamedTuple):
    """Who knows of packages and of resolutions, where they are asked at all."""

    packages: OnlineFacts | None = None
    resolver: ResolvedFacts | None = None

    def close(self) -> Iterator[tuple[str, str]]:
        """End them; what could not be found out, and of whom."""
        for what, each in (("package indexes", self.packages), ("resolver", self.resolver)):
            if each is not None:
                each.close()
                yield from ((what, reason) for reason in each.failures)


class Wishes(NamedTuple):
    """What to do with each input."""

    settings: Settings
    fixes: bool = False
    """Whether to make fixes, too."""
    unsafe: bool = False
    overview: bool = False
    """Whether to look what the project depends on."""


class Checked(NamedTuple):
    """One input, done: the report on it as it is, the report on it with all fixes, their number."""

    source: Input
    report: FileReport
    fixed: FileReport
    made: int
    data: bytes
    overview: Overview | None = None
    is_strict: bool = False
    """Whether warnings are as bad as errors here: `poetry check` of Poetry 1.8 fails on both."""

    @property
    def fails(self) -> bool:
        """Whether what is left has warnings that are as bad as errors."""
        return self.is_strict and any(
            each.severity is Severity.WARNING for each in self.fixed.findings
        )

    @property
    def changes(self) -> bool:
        """Whether the fixes change anything."""
        return self.fixed.text != self.report.text


def check_input(source: Input, wishes: Wishes, sources: Sources) -> Checked:
    """Check one input, fix it by safe fixes or by all of them. Raises FileError."""
    data = _read_input() if source.is_stdin else read_bytes(source.path)
    decoded = decode(data)
    text, settings = decoded.text, for_file(wishes.settings, os.path.basename(source.path))
    if decoded.problem is not None:
        report = FileReport(source.name, text, decoding_findings(decoded, settings))
        return Checked(source, report, report, 0, data)
    root = Path(os.path.dirname(os.path.abspath(source.path)))
    online = sources.packages.for_project(root) if sources.packages is not None else None
    resolve = sources.resolver.for_project(root) if sources.resolver is not None else None
    try:
        snapshot = analyse(text, root, settings, packages=online, resolve=resolve)
        report = FileReport(source.name, text, snapshot.findings)
        overview = _overview(snapshot, root) if wishes.overview else None
        if not wishes.fixes:
            return Checked(source, report, report, 0, data, overview, _is_strict(snapshot))
        after, made = fix_all(
            snapshot,
            lambda new, old: analyse(new, root, settings, old.facts, online, resolve),
            unsafe=wishes.unsafe,
        )
        fixed = FileReport(source.name, after.text, after.findings)
        return Checked(source, report, fixed, made, data, overview, _is_strict(after))
    except Exception as error:
        if os.environ.get("PYPROJECT_LS_DEBUG"):
            raise
        raise FileError(
            f"internal error ({type(error).__name__}: {error}); this is a bug of pyproject-ls"
        ) from error


def _is_strict(snapshot: Snapshot) -> bool:
    settings = snapshot.configuration.settings
    if settings.profile != "poetry":
        return False
    return poetry_target(snapshot.document, snapshot.facts, settings)[0] == "1.8"


def _overview(snapshot: Snapshot, root: Path) -> Overview:
    from pyproject_ls.report.overview import overview_of

    overview_of(snapshot.facts, snapshot.manifest)  # notes what it wants to know of the lock file
    facts = snapshot.facts.with_answers(answer(root, snapshot.facts.wanted))
    overview_of(facts, snapshot.manifest)
    return overview_of(facts.with_answers(answer(root, facts.wanted)), snapshot.manifest)


def _read_input() -> bytes:
    try:
        return sys.stdin.buffer.read()
    except (AttributeError, OSError, ValueError) as error:
        raise FileError("it cannot be read") from error
