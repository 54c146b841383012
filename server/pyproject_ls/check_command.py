"""The command ``check``: from paths to findings to a report."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

from pyproject_ls.cli import FOUND, OK, UNUSABLE, UsageError, complain, settings_from
from pyproject_ls.config import Settings
from pyproject_ls.disk import analyse
from pyproject_ls.files import (
    FILE_NAME,
    FileError,
    decode,
    decoding_findings,
    nearest,
    read_bytes,
    search,
    write,
)
from pyproject_ls.fixes import fix_all
from pyproject_ls.report import Failure, FileReport, Summary, summary_of

if TYPE_CHECKING:
    from pyproject_ls.online_facts import OnlineFacts
    from pyproject_ls.resolved_facts import ResolvedFacts

STDIN = "-"
STDIN_NAME = "<stdin>"


class Input(NamedTuple):
    """A text to check: its name in reports, where it belongs, whether it comes from stdin."""

    name: str
    path: str
    is_stdin: bool = False


class Sources(NamedTuple):
    """Who knows of packages and of resolutions, where they are asked at all."""

    packages: OnlineFacts | None
    resolver: ResolvedFacts | None

    def close(self) -> Iterator[tuple[str, str]]:
        """End them; what could not be found out, and of whom."""
        for what, each in (("package indexes", self.packages), ("resolver", self.resolver)):
            if each is not None:
                each.close()
                yield from ((what, reason) for reason in each.failures)


class Checked(NamedTuple):
    """One input, done: the report on it as it is, the report on it with all fixes, their number."""

    source: Input
    report: FileReport
    fixed: FileReport
    made: int
    data: bytes

    @property
    def changes(self) -> bool:
        """Whether the fixes change anything."""
        return self.fixed.text != self.report.text


def check(options: argparse.Namespace) -> int:
    """Run ``pyproject-ls check``; the exit status. Raises UsageError."""
    if options.stdin_filename is not None and STDIN not in options.paths:
        raise UsageError("--stdin-filename is for standard input: give - as PATH")
    if options.resolve and options.offline:
        raise UsageError("--resolve asks the package indexes, so it cannot go with --offline")
    settings = settings_from(options)
    sources = Sources(
        _online_facts() if settings.online else None, _resolved_facts() if options.resolve else None
    )
    failures: list[Failure] = []
    done: list[Checked] = []
    reports: list[FileReport] = []
    fixed = 0
    for source in _inputs(options):
        try:
            if isinstance(source, Failure):
                raise FileError(source.reason)
            fixes = options.fix or options.diff
            checked = _checked(source, settings, sources, fixes, options.unsafe_fixes)
            done.append(checked)
            reports.append(checked.report)
            if options.fix and checked.changes:
                if not source.is_stdin:
                    write(source.path, checked.fixed.text)
                reports[-1] = checked.fixed
                fixed += checked.made
        except FileError as error:
            name = source.path if isinstance(source, Failure) else source.name
            failures.append(Failure(name, str(error)))
            complain(f"{name}: {error}")
    for what, reason in sources.close():
        failures.append(Failure(what, reason))
        complain(f"{what}: {reason}")
    summary = summary_of(reports, fixed)
    if options.diff:
        _print_diffs(done, options)
    else:
        output = _print_fixed_input(done) if options.fix else sys.stdout
        _print_report(output, reports, summary, failures, options)
    if failures:
        return UNUSABLE
    return FOUND if summary.errors or (options.strict and summary.warnings) else OK


def _inputs(options: argparse.Namespace) -> Iterator[Input | Failure]:
    """What to check, each file once."""
    if not options.paths:
        path = nearest(os.curdir)
        if path is None:
            raise UsageError(f"there is no {FILE_NAME} in this folder or in one above it")
        yield Input(_relative(path), path)
        return
    seen: set[str] = set()
    for given in options.paths:
        for found in _below(given, options.stdin_filename):
            key = STDIN if isinstance(found, Input) and found.is_stdin else found.path
            key = os.path.abspath(key) if key != STDIN else key
            if key not in seen:
                seen.add(key)
                yield found


def _below(given: str, stdin_name: str | None) -> Iterator[Input | Failure]:
    if given == STDIN:
        yield Input(stdin_name or STDIN_NAME, stdin_name or FILE_NAME, is_stdin=True)
        return
    if not os.path.isdir(given):
        yield Input(given, given)
        return
    empty = True
    for found in search(given):
        empty = False
        if isinstance(found, tuple):
            yield Failure(os.path.normpath(found[0]), str(found[1]))
        else:
            yield Input(os.path.normpath(found), found)
    if empty:
        yield Failure(given, f"there is no {FILE_NAME} in this folder or below it")


def _online_facts() -> OnlineFacts:
    from pyproject_ls.online_facts import OnlineFacts

    return OnlineFacts()


def _resolved_facts() -> ResolvedFacts:
    from pyproject_ls.resolved_facts import ResolvedFacts

    return ResolvedFacts()


def _checked(
    source: Input,
    settings: Settings,
    sources: Sources,
    with_fixes: bool,
    unsafe: bool,
) -> Checked:
    """Check one input, fix it by safe fixes or by all of them. Raises FileError."""
    data = _read_input() if source.is_stdin else read_bytes(source.path)
    decoded = decode(data)
    text = decoded.text
    if decoded.problem is not None:
        report = FileReport(source.name, text, decoding_findings(decoded, settings))
        return Checked(source, report, report, 0, data)
    root = Path(os.path.dirname(os.path.abspath(source.path)))
    online = sources.packages.for_project(root) if sources.packages is not None else None
    resolve = sources.resolver.for_project(root) if sources.resolver is not None else None
    try:
        snapshot = analyse(text, root, settings, packages=online, resolve=resolve)
        report = FileReport(source.name, text, snapshot.findings)
        if not with_fixes:
            return Checked(source, report, report, 0, data)
        after, made = fix_all(
            snapshot,
            lambda new, old: analyse(new, root, settings, old.facts, online, resolve),
            unsafe=unsafe,
        )
        return Checked(
            source, report, FileReport(source.name, after.text, after.findings), made, data
        )
    except Exception as error:
        if os.environ.get("PYPROJECT_LS_DEBUG"):
            raise
        raise FileError(
            f"internal error ({type(error).__name__}: {error}); this is a bug of pyproject-ls"
        ) from error


def _read_input() -> bytes:
    try:
        return sys.stdin.buffer.read()
    except (AttributeError, OSError, ValueError) as error:
        raise FileError("it cannot be read") from error


def _print_fixed_input(done: list[Checked]) -> TextIO:
    """Write the fixed standard input, byte by byte; where the report shall go then."""
    for checked in done:
        if checked.source.is_stdin:
            data = checked.fixed.text.encode("utf-8") if checked.changes else checked.data
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            return sys.stderr
    return sys.stdout


def _print_report(
    output: TextIO,
    reports: list[FileReport],
    summary: Summary,
    failures: list[Failure],
    options: argparse.Namespace,
) -> None:
    encoding = getattr(output, "encoding", None) or "ascii"
    if options.format == "json":
        from pyproject_ls.report import json

        output.write(json.render(reports, summary, failures))
    elif options.format == "sarif":
        from pyproject_ls.checks.registry import all_rules
        from pyproject_ls.report import sarif

        output.write(sarif.render(reports, list(all_rules().values()), failures))
    elif options.format == "github":
        from pyproject_ls.report import github

        output.write(github.render(reports, failures, encoding))
    else:
        from pyproject_ls.report.text import Style, render, summary_line

        style = Style(
            has_colour(options.color, output), encoding, mark_poetry=options.profile == "all"
        )
        output.write(render(reports, style))
        if reports:
            output.write(summary_line(summary, reports, style) + "\n")


def _print_diffs(done: list[Checked], options: argparse.Namespace) -> None:
    from pyproject_ls.report.diff import unified

    colour = has_colour(options.color, sys.stdout)
    made = files = 0
    for checked in done:
        if checked.changes:
            made += checked.made
            files += 1
            sys.stdout.write(
                unified(
                    checked.source.name,
                    checked.report.text,
                    checked.fixed.text,
                    colour=colour,
                    escape=sys.stdout.isatty(),
                )
            )
    sys.stdout.flush()
    if made:
        from pyproject_ls.report.text import counted

        sys.stderr.write(
            f"--fix would make {counted(made, 'fix').replace('fixs', 'fixes')}"
            f" in {counted(files, 'file')}\n"
        )
    else:
        sys.stderr.write("--fix would change nothing\n")


def has_colour(wish: str, stream: object) -> bool:
    """Whether to write in colour: as the option, the environment or the terminal says."""
    if wish != "auto":
        return wish == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    isatty = getattr(stream, "isatty", None)
    return bool(isatty is not None and isatty()) and os.environ.get("TERM") != "dumb"


def _relative(path: str) -> str:
    try:
        return os.path.relpath(path)
    except ValueError:  # another drive
        return path
