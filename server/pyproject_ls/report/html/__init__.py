"""The report as one page that holds all it needs, for people; readable in light and dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from pyproject_ls import __version__
from pyproject_ls.checks.finding import Finding
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.report import Failure, FileReport, Summary, valid_unicode
from pyproject_ls.report.html import dependencies
from pyproject_ls.report.html.trend import Run, drawing
from pyproject_ls.report.overview import Overview
from pyproject_ls.report.statistics import counts
from pyproject_ls.report.text import Style, underlined
from pyproject_ls.report.visible import visible
from pyproject_ls.rulebook import rule_url

MOST_SHOWN = 200
"""So many findings of one file are shown."""

NOW = "now"

_CODE = lazy_pattern(r"`([^`]+)`")


def render(
    reports: Sequence[FileReport],
    summary: Summary,
    failures: Sequence[Failure] = (),
    overviews: Mapping[str, Overview] | None = None,
    runs: Sequence[Run] = (),
) -> str:
    """The page. `overviews` go by the paths of `reports`; `runs` are earlier ones, oldest first."""
    parts = [
        f"<h1>pyproject.toml report</h1>{_cards(summary, failures)}",
        _trend(runs, summary),
        _failures(failures),
        _rules(reports),
        _projects(reports, overviews or {}),
        f"<h2>Dependencies</h2>{dependencies.table(overviews)}" if overviews else "",
        f'<p class="dim">Made by pyproject-ls {escape(__version__)}.</p>',
    ]
    style = Path(__file__).with_name("style.css").read_text("utf-8")
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>pyproject.toml report</title><style>{style}</style>"
    )
    body = "\n".join(part for part in parts if part)
    return valid_unicode(
        f'<!doctype html>\n<html lang="en"><head>{head}</head><body>\n{body}\n</body></html>\n'
    )


def _cards(summary: Summary, failures: Sequence[Failure]) -> str:
    cards = [
        (summary.files, "projects", ""),
        (summary.errors, "errors", "error" if summary.errors else "good"),
        (summary.warnings, "warnings", "warning" if summary.warnings else "good"),
        (summary.information + summary.hints, "remarks", ""),
        (summary.fixable, "fixable", ""),
    ]
    if failures:
        cards.append((len(failures), "not checked", "error"))
    shown = "".join(
        f'<div class="card"><b class="{kind}">{number}</b>{what}</div>'
        for number, what, kind in cards
    )
    return f'<div class="cards">{shown}</div>'


def _trend(runs: Sequence[Run], summary: Summary) -> str:
    if not runs:
        return ""
    others = summary.information + summary.hints
    now = Run(NOW, summary.files, summary.errors, summary.warnings, others)
    return f"<h2>Trend</h2>{drawing([*runs, now])}"


def _failures(failures: Sequence[Failure]) -> str:
    if not failures:
        return ""
    items = "".join(
        f"<li><code>{_text(each.path)}</code>: {_text(each.reason)}</li>" for each in failures
    )
    return f"<h2>Not checked</h2><ul>{items}</ul>"


def _rules(reports: Sequence[FileReport]) -> str:
    rows = "".join(
        f'<tr><td class="{row.severity.word}">{row.severity.word}</td>'
        f'<td><a href="{escape(rule_url(row.code))}">{escape(row.code)}</a></td>'
        f'<td class="number">{row.findings}</td><td class="number">{row.files}</td>'
        f'<td class="number">{row.fixable}</td></tr>'
        for row in counts(reports)
    )
    if not rows:
        return '<h2>Findings by rule</h2><p class="good">Nothing was found.</p>'
    head = (
        '<tr><th>Severity</th><th>Rule</th><th class="number">Findings</th>'
        '<th class="number">Projects</th><th class="number">Fixable</th></tr>'
    )
    return f"<h2>Findings by rule</h2><table><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _projects(reports: Sequence[FileReport], overviews: Mapping[str, Overview]) -> str:
    ordered = sorted(reports, key=lambda each: (_worst(each), -len(each.findings), each.path))
    return "<h2>Projects</h2>" + "".join(
        _project(each, overviews.get(each.path)) for each in ordered
    )


def _worst(report: FileReport) -> int:
    return min((finding.severity for finding in report.findings), default=9)


def _project(report: FileReport, overview: Overview | None) -> str:
    number = len(report.findings)
    worst = min((finding.severity for finding in report.findings), default=None)
    kind = worst.word if worst is not None else "good"
    said = f"{number} finding{'' if number == 1 else 's'}" if number else "fine"
    title = f"<code>{_text(report.path)}</code>"
    if overview is not None and overview.name:
        title = f"<b>{_text(f'{overview.name} {overview.version}'.strip())}</b> {title}"
        if overview.requires_python:
            title += f" <small>Python {_text(overview.requires_python)}</small>"
    if not number:
        return f'<details><summary><span class="{kind}">{said}</span> {title}</summary></details>'
    shown = "".join(_finding(report, each) for each in report.findings[:MOST_SHOWN])
    more = number - MOST_SHOWN
    rest = f'<p class="dim">and {more} more</p>' if more > 0 else ""
    return (
        f'<details{" open" if worst == 1 else ""}><summary><span class="{kind}">{said}</span>'
        f" {title}</summary><div>{shown}{rest}</div></details>"
    )


def _finding(report: FileReport, finding: Finding) -> str:
    place = report.place(finding.span.start)
    line, indent, carets = underlined(report, finding.span, Style())
    fix = f"<br><small>Fix: {_words(finding.fix.title)}</small>" if finding.fix is not None else ""
    return (
        f'<div class="finding"><span class="tag {finding.severity.word}">'
        f'{finding.severity.word}</span> <a href="{escape(rule_url(finding.code))}">'
        f"{escape(finding.code)}</a> <small>line {place.line}</small><br>"
        f"{_words(finding.message)}{fix}"
        f"<pre>{escape(line)}\n{indent}{carets}</pre></div>"
    )


def _text(text: str) -> str:
    """`text` for a page: nothing in it is markup, and nothing in it is invisible."""
    return escape(visible(text))


def _words(message: str) -> str:
    """`message`, with what stands in backticks as code."""
    return _CODE.sub(r"<code>\1</code>", _text(message))
