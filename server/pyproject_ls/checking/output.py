"""Telling what was found: the report in the wanted form, and diffs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TextIO

from pyproject_ls.checking.work import Checked
from pyproject_ls.named import NamedTuple
from pyproject_ls.report import Failure, FileReport, Summary


class Outcome(NamedTuple):
    """All that a run has found."""

    done: Sequence[Checked]
    reports: Sequence[FileReport]
    summary: Summary
    failures: Sequence[Failure]
    known: int = 0
    """How many findings the baseline has left out."""
    gone: int = 0
    """How many entries of the baseline no finding has any longer."""


def print_report(output: TextIO, found: Outcome, options: argparse.Namespace) -> None:
    """Write the report that ``--format`` asks for."""
    encoding = getattr(output, "encoding", None) or "ascii"
    if options.statistics:
        from pyproject_ls.report import statistics

        render = statistics.render_json if options.format == "json" else statistics.render
        output.write(render(found.reports))
    elif options.format == "json":
        from pyproject_ls.report import json

        output.write(json.render(found.reports, found.summary, found.failures))
    elif options.format == "sarif":
        from pyproject_ls.checks.registry import all_rules
        from pyproject_ls.report import sarif

        used = {each.code: each.rule for report in found.reports for each in report.findings}
        rules = dict(sorted({**used, **all_rules()}.items()))  # `used` may have some of plugins
        output.write(sarif.render(found.reports, rules.values(), found.failures))
    elif options.format == "github":
        from pyproject_ls.report import github

        output.write(github.render(found.reports, found.failures, encoding))
    elif options.format == "gitlab":
        from pyproject_ls.report import gitlab

        output.write(gitlab.render(found.reports, found.failures))
    elif options.format == "junit":
        from pyproject_ls.report import junit

        output.write(junit.render(found.reports, found.failures))
    elif options.format == "html":
        _print_page(output, found, options)
    else:
        _print_text(output, found, options, encoding)


def _print_text(output: TextIO, found: Outcome, options: argparse.Namespace, encoding: str) -> None:
    from pyproject_ls.report.text import Style, counted, render, summary_line

    style = Style(
        has_colour(options.color, output), encoding, mark_poetry=options.profile != "poetry"
    )
    output.write(render(found.reports, style))
    if found.known and not found.summary.total:
        output.write(f"Nothing new in {counted(found.summary.files, 'file')}\n")
    elif found.reports:
        output.write(summary_line(found.summary, found.reports, style) + "\n")
    if found.known:
        output.write(f"{counted(found.known, 'finding')} in the baseline left out\n")
    if found.gone:
        entries = "1 entry" if found.gone == 1 else f"{found.gone} entries"
        output.write(f"{entries} of the baseline can go; --write-baseline drops what is fixed\n")


def _print_page(output: TextIO, found: Outcome, options: argparse.Namespace) -> None:
    from pyproject_ls.checking.trend import read_runs
    from pyproject_ls.report import html

    overviews = {each.source.name: each.overview for each in found.done if each.overview}
    page = html.render(
        found.reports, found.summary, found.failures, overviews, read_runs(options.trend)
    )
    reconfigure = getattr(output, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8")  # as the page says of itself
    output.write(page)


def print_fixed_input(done: Sequence[Checked]) -> TextIO:
    """Write the fixed standard input, byte by byte; where the report shall go then."""
    for checked in done:
        if checked.source.is_stdin:
            data = checked.fixed.text.encode("utf-8") if checked.changes else checked.data
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            return sys.stderr
    return sys.stdout


def print_diffs(done: Sequence[Checked], options: argparse.Namespace) -> None:
    """Write what the fixes change."""
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
