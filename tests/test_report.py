"""Reports: text, JSON, GitHub commands, SARIF and diffs, from findings made by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyproject_ls.checks.finding import Finding, Fix, Related, Rule, Severity
from pyproject_ls.report import Failure, FileReport, github, sarif, summary_of
from pyproject_ls.report import json as json_report
from pyproject_ls.report.diff import unified
from pyproject_ls.report.text import MAX_SHOWN, Style, render, summary_line
from pyproject_ls.report.visible import visible
from pyproject_ls.text import Edit, Span

BAD = Rule("bad-thing", Severity.ERROR, "a bad thing", poetry=Severity.ERROR)
ODD = Rule("odd-thing", Severity.INFORMATION, "an odd thing")
TEXT = "[project]\nname = 'x'\nname = 'y'\n"


def at(text: str, word: str, rule: Rule = BAD, message: str = "It is bad.", **more: Any) -> Finding:
    """A finding at the last `word` of `text`."""
    start = text.rindex(word)
    return rule.at(Span(start, start + len(word)), ("project", "name", 0), message, **more)


def report(text: str = TEXT, *findings: Finding, path: str = "pyproject.toml") -> FileReport:
    """A report on one file."""
    return FileReport(path, text, findings)


def duplicate() -> Finding:
    """A finding with everything."""
    start = TEXT.rindex("name = 'y'\n")
    edit = Edit(Span(start, len(TEXT)), "")
    related = (Related(Span(10, 14), "first here"),)
    return at(TEXT, "name", related=related, fix=Fix("Remove it", (edit,)))


def shown(text: str, *findings: Finding, **style: Any) -> list[str]:
    """The lines of a text report."""
    return render([report(text, *findings)], Style(**style)).splitlines()


def test_text() -> None:
    """Place, severity, code and message; the line underlined; other places; the fix."""
    assert shown(TEXT, duplicate()) == [
        "pyproject.toml:3:1: error[bad-thing] It is bad.",
        " 3 | name = 'y'",
        "   | ^^^^  (poetry check)",
        "   = 2:1: first here",
        "   = fix: Remove it",
        "",
    ]


@pytest.mark.parametrize(
    ("text", "word", "line", "carets"),
    [
        ("日本 = ü\n", "ü", "日本 = ü", "       ^"),
        ("日本 = ü\n", "日本", "日本 = ü", "^^^^"),
        ("\ta = 1\n", "a", "    a = 1", "    ^"),
        ("e\u0301 = 1\n", "1", "e\u0301 = 1", "    ^"),
        ("a = \x1b[31m\n", "[31m", "a = \\x1b[31m", "        ^^^^"),
        ("a = \u202e1\n", "1", "a = \\u202e1", "          ^"),
        ("a\x85b = \ufeff\n", "\ufeff", "a\\x85b = \\ufeff", "         ^^^^^^"),
        ("a = \n", "\n", "a =", "    ^"),
        ("a = '''x\ny'''\n", "'''x\ny'''", "a = '''x", "    ^^^^ ... to line 2"),
        ("a = 1\r\n", "\r\n", "a = 1", "     ^"),
    ],
)
def test_text_underlines_the_place(text: str, word: str, line: str, carets: str) -> None:
    """Whatever the line holds; nothing in it reaches the terminal as a command."""
    lines = shown(text, at(text, word, ODD))
    assert lines[1:] == [f" 1 | {line}", f"   | {carets}", ""]


def test_text_cuts_long_lines() -> None:
    """A window around the place is shown, whatever the length of the line."""
    text = "a" * 1_000_000 + "HERE" + "b" * 1_000_000
    _, line, carets, _ = shown(text, at(text, "HERE", ODD))
    assert len(line) < 200
    start, end = carets.index("^"), carets.rindex("^") + 1
    assert line[start:end] == "HERE"


def test_text_at_the_end_of_an_empty_file() -> None:
    """There is a line to show even then."""
    assert shown("", ODD.at(Span(0, 0), (), "Empty."))[1:] == [" 1 |", "   | ^", ""]


def test_text_escapes_names_and_messages() -> None:
    """They come from outside as well."""
    finding = at(TEXT, "name", ODD, "a\x1b[2Jb")
    line = render([report(TEXT, finding, path="p\x1b]0;\x07\udcff")], Style()).splitlines()[0]
    assert line == "p\\x1b]0;\\x07\\udcff:3:1: information[odd-thing] a\\x1b[2Jb"


def test_text_on_an_ascii_terminal() -> None:
    """What it cannot show is written as an escape, and the carets still fit."""
    text = "ü = 日\n"
    lines = shown(text, at(text, "日", ODD, "„no“"), encoding="ascii")
    assert lines == [
        "pyproject.toml:1:5: information[odd-thing] \\u201eno\\u201c",
        " 1 | \\xfc = \\u65e5",
        "   |        ^^^^^^",
        "",
    ]


@given(
    text=st.text(st.characters() | st.sampled_from("\r\n\t\x1b\ufeff日")),
    start=st.integers(0, 40),
    length=st.integers(0, 40),
    encoding=st.sampled_from(["utf-8", "ascii", "latin-1", "cp1252"]),
)
def test_text_of_anything(text: str, start: int, length: int, encoding: str) -> None:
    """Any place in any text can be shown on any terminal, and commands nothing there."""
    finding = ODD.at(Span(min(start, len(text)), min(start + length, len(text))), (), text)
    written = render([report(text, finding, path=text)], Style(encoding=encoding))
    written.encode(encoding)
    assert not set(written) & {"\x1b", "\x07", "\r", "\x9b", "\u202e", "\u2028"}
    assert "^" in written.splitlines()[2]


def test_text_in_colour() -> None:
    """Only the frame is painted, and every colour ends."""
    written = render([report(TEXT, duplicate())], Style(colour=True))
    assert "\x1b[1;31merror[bad-thing]\x1b[0m" in written
    assert written.count("\x1b[0m") * 2 == written.count("\x1b[")


def test_text_stops_somewhere() -> None:
    """A file with a million findings does not flood the terminal."""
    lines = shown(TEXT, *[at(TEXT, "name", ODD)] * (MAX_SHOWN + 5))
    assert lines[-2] == "pyproject.toml: and 5 more, which --format json lists"


@pytest.mark.parametrize(
    ("findings", "files", "fixed", "expected"),
    [
        ([], 1, 0, "pyproject.toml is fine"),
        ([], 3, 0, "All 3 files are fine"),
        ([], 1, 2, "pyproject.toml is fine (2 fixed)"),
        ([duplicate()], 1, 0, "1 error in 1 file (1 fixable with --fix)"),
        (
            [at(TEXT, "x"), at(TEXT, "x"), at(TEXT, "x", ODD)],
            2,
            1,
            "2 errors, 1 information message in 2 files (1 fixed)",
        ),
    ],
)
def test_summary_line(findings: list[Finding], files: int, fixed: int, expected: str) -> None:
    """Only what is there is counted out."""
    reports = [report(TEXT, *findings), *[report()] * (files - 1)]
    assert summary_line(summary_of(reports, fixed), reports, Style()) == expected


def test_json() -> None:
    """The shape that programs rely on."""
    reports = [report(TEXT, duplicate()), report(path="a/ü\udcff")]
    failures = [Failure("gone", "no such file or directory")]
    written = json_report.render(reports, summary_of(reports), failures)
    assert written.isascii()
    assert json.loads(written) == {
        "version": 1,
        "files": [
            {
                "path": "pyproject.toml",
                "findings": [
                    {
                        "code": "bad-thing",
                        "severity": "error",
                        "message": "It is bad.",
                        "path": ["project", "name", 0],
                        "span": [21, 25],
                        "range": {
                            "start": {"line": 3, "column": 1},
                            "end": {"line": 3, "column": 5},
                        },
                        "poetry": True,
                        "related": [
                            {
                                "message": "first here",
                                "span": [10, 14],
                                "range": {
                                    "start": {"line": 2, "column": 1},
                                    "end": {"line": 2, "column": 5},
                                },
                            }
                        ],
                        "fix": {
                            "title": "Remove it",
                            "safe": True,
                            "edits": [{"span": [21, 32], "text": ""}],
                        },
                        "rule": "https://github.com/pyproject-ls/pyproject-ls/blob/main/"
                        "fixtures/checks/bad-thing.md",
                    }
                ],
            },
            {"path": "a/ü?", "findings": []},
        ],
        "summary": {
            "files": 2,
            "errors": 1,
            "warnings": 0,
            "information": 0,
            "hints": 0,
            "fixable": 1,
            "fixed": 0,
            "unsafe_fixable": 0,
            "unreadable": [{"path": "gone", "message": "no such file or directory"}],
        },
    }


def test_json_without_anything() -> None:
    """No file, no finding: still JSON."""
    assert json.loads(json_report.render([], summary_of([])))["files"] == []


def test_json_has_the_line_ends_of_the_file() -> None:
    """A fix writes what the file has."""
    text = "a = 1\r\nb = 2\r\n"
    finding = at(text, "b", fix=Fix("Insert", (Edit(Span(7, 7), "c = 3\nd = 4\r\n"),)))
    written = json.loads(json_report.render([report(text, finding)], summary_of([])))
    fix = written["files"][0]["findings"][0]["fix"]
    assert fix["edits"][0]["text"] == "c = 3\r\nd = 4\r\n"


def test_github() -> None:
    """Commands are escaped, and columns are left out where GitHub would not understand them."""
    text = "a = '''x\ny'''\n"
    findings = [at(text, "a", message="100%\nsure: a,b"), at(text, "'''x\ny'''", ODD, "Two lines.")]
    written = github.render([report(text, *findings, path="a,b:c%.toml")], [Failure("x", "gone")])
    assert written.splitlines() == [
        "::error file=a%2Cb%3Ac%25.toml,line=1,col=1,endColumn=2,endLine=1,"
        "title=pyproject-ls (bad-thing)::100%25\\x0asure: a,b",
        "::notice file=a%2Cb%3Ac%25.toml,line=1,endLine=2,"
        "title=pyproject-ls (odd-thing)::Two lines.",
        "::error file=x::gone",
    ]


def test_sarif() -> None:
    """The properties that SARIF 2.1.0 requires, and those that code scanning uses."""
    reports = [
        report(TEXT, duplicate(), at(TEXT, "x", ODD)),
        report(path="a b/ü.toml"),
        report(path="/x y.toml"),
    ]
    log = json.loads(sarif.render(reports, [BAD, ODD], [Failure("gone", "no such file")]))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    [run] = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "pyproject-ls"
    assert [rule["id"] for rule in driver["rules"]] == ["bad-thing", "odd-thing"]
    assert all(rule["helpUri"].endswith(f"/{rule['id']}.md") for rule in driver["rules"])
    assert run["columnKind"] == "unicodeCodePoints"
    assert [each["location"]["uri"] for each in run["artifacts"]] == [
        "pyproject.toml",
        "a%20b/%C3%BC.toml",
        "file:///x%20y.toml",
    ]
    [invocation] = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"] == {"text": "no such file"}
    first, second = run["results"]
    assert (first["ruleId"], first["ruleIndex"], first["level"]) == ("bad-thing", 0, "error")
    assert (second["ruleId"], second["ruleIndex"], second["level"]) == ("odd-thing", 1, "note")
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "pyproject.toml", "index": 0}
    assert place["region"] == {
        "startLine": 3,
        "startColumn": 1,
        "endLine": 3,
        "endColumn": 5,
        "charOffset": 21,
        "charLength": 4,
    }
    assert first["relatedLocations"][0]["message"] == {"text": "first here"}
    [fix] = first["fixes"]
    [change] = fix["artifactChanges"]
    [replacement] = change["replacements"]
    assert replacement["deletedRegion"]["charLength"] == 11
    assert replacement["insertedContent"] == {"text": ""}


def test_sarif_without_findings() -> None:
    """An empty run is a run that succeeded."""
    [run] = json.loads(sarif.render([report()], [BAD]))["runs"]
    assert run["results"] == []
    assert run["tool"]["driver"]["rules"] == []
    assert run["invocations"] == [{"executionSuccessful": True}]


def test_diff() -> None:
    """It is what ``patch`` reads: line ends stay, and a missing one is told."""
    assert unified("p", "a\r\nb\u2028c", "a\r\nb\u2028d\n") == (
        "--- p\n+++ p\n@@ -1,2 +1,2 @@\n a\r\n-b\u2028c\n\\ No newline at end of file\n+b\u2028d\n"
    )
    assert unified("p", "a\n", "a\n") == ""
    assert "\x1b[32m+\\x1bb\x1b[0m\n" in unified("p", "", "\x1bb\n", colour=True, escape=True)


def test_visible_keeps_ordinary_text() -> None:
    """Letters of every script and emoji stay as they are."""
    for text in ("plain", "ünïcödé", "日本語", "👩\u200d💻", "a\u00a0b"):
        assert visible(text) == text
