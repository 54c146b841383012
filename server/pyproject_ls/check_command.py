"""The command ``check``: from paths to findings to a report."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from pyproject_ls.checking.inputs import STDIN, inputs
from pyproject_ls.checking.output import Outcome, print_diffs, print_fixed_input, print_report
from pyproject_ls.checking.pool import check_all
from pyproject_ls.checking.work import Checked, Sources, Wishes
from pyproject_ls.cli import FOUND, OK, UNUSABLE, UsageError, complain, settings_from
from pyproject_ls.files import FileError, write
from pyproject_ls.report import Failure, FileReport, summary_of

if TYPE_CHECKING:
    from pyproject_ls.online_facts import OnlineFacts
    from pyproject_ls.resolved_facts import ResolvedFacts


def check(options: argparse.Namespace) -> int:
    """Run ``pyproject-ls check``; the exit status. Raises UsageError."""
    _refuse_contradictions(options)
    if options.watch:
        from pyproject_ls.checking.watch import watch

        return watch(options, lambda: _check(options))
    return _check(options)


def _check(options: argparse.Namespace) -> int:
    found = _compared(_find(options), options)
    if options.write_baseline:
        return _write_baseline(options.write_baseline, found)
    if options.diff:
        print_diffs(found.done, options)
    else:
        output = print_fixed_input(found.done) if options.fix else sys.stdout
        print_report(output, found, options)
    if found.failures:
        return UNUSABLE
    summary = found.summary
    is_bad = summary.errors or (options.strict and summary.warnings)
    is_bad = is_bad or any(each.fails for each in found.done)
    return FOUND if is_bad and not options.exit_zero else OK


def _refuse_contradictions(options: argparse.Namespace) -> None:
    """Raise UsageError for options that cannot go together."""
    if options.stdin_filename is not None and STDIN not in options.paths:
        raise UsageError("--stdin-filename is for standard input: give - as PATH")
    if options.resolve and options.offline:
        raise UsageError("--resolve asks the package indexes, so it cannot go with --offline")
    if options.changed_since is not None and STDIN in options.paths:
        raise UsageError("--changed-since is for files: standard input has no history")
    if options.trend and options.format != "html":
        raise UsageError("--trend is for --format html")
    if options.watch and STDIN in options.paths:
        raise UsageError("--watch is for files: standard input does not change")
    if options.statistics and options.format not in ("text", "json"):
        raise UsageError("--statistics can be had as --format text or json")


def _find(options: argparse.Namespace) -> Outcome:
    """Check, and with ``--fix`` fix, all inputs."""
    settings = settings_from(options)
    wishes = Wishes(
        settings, options.fix or options.diff, options.unsafe_fixes, options.format == "html"
    )
    sources = Sources(
        _online_facts() if settings.online else None, _resolved_facts() if options.resolve else None
    )
    failures: list[Failure] = []
    done: list[Checked] = []
    reports: list[FileReport] = []
    fixed = 0
    for result in check_all(inputs(options), wishes, sources, options.jobs):
        try:
            if isinstance(result, Failure):
                raise FileError(result.reason)
            done.append(result)
            reports.append(result.report)
            if options.fix and result.changes:
                if not result.source.is_stdin:
                    write(result.source.path, result.fixed.text)
                reports[-1] = result.fixed
                fixed += result.made
        except FileError as error:
            name = result.path if isinstance(result, Failure) else result.source.name
            failures.append(Failure(name, str(error)))
            complain(f"{name}: {error}")
    for what, reason in sources.close():
        failures.append(Failure(what, reason))
        complain(f"{what}: {reason}")
    return Outcome(done, reports, summary_of(reports, fixed), failures)


def _compared(found: Outcome, options: argparse.Namespace) -> Outcome:
    """`found` without what the baseline knows."""
    if not options.baseline or options.write_baseline:
        return found
    from pyproject_ls.baseline import Baseline, BaselineError

    try:
        baseline = Baseline.read(options.baseline)
    except BaselineError as error:
        raise UsageError(str(error)) from error
    compared = [baseline.without_known(each) for each in found.reports]
    reports = [each.report for each in compared]
    return found._replace(
        reports=reports,
        summary=summary_of(reports, found.summary.fixed),
        known=sum(each.known for each in compared),
        gone=sum(each.gone for each in compared),
    )


def _write_baseline(path: str, found: Outcome) -> int:
    from pyproject_ls.baseline import write_baseline
    from pyproject_ls.report.text import counted

    if found.failures:
        complain("the baseline was not written, because not everything could be checked")
        return UNUSABLE
    try:
        number = write_baseline(path, found.reports)
    except FileError as error:
        raise UsageError(f"the baseline {path} cannot be written: {error}") from error
    sys.stdout.write(f"{counted(number, 'finding')} written to {path}\n")
    return OK


def _online_facts() -> OnlineFacts:
    from pyproject_ls.online_facts import OnlineFacts

    return OnlineFacts()


def _resolved_facts() -> ResolvedFacts:
    from pyproject_ls.resolved_facts import ResolvedFacts

    return ResolvedFacts()
