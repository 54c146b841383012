"""Plugins that misbehave: they are named, and everything else goes on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pyproject_ls.checks.finding import Finding
from pyproject_ls.host import Snapshot
from pyproject_ls.plugins import loading, role, running
from tests.plugin_folders import GOOD, PREAMBLE, TEXT, body, found_in, installed, lay_out

FOREVER = "__import__('time').sleep(60)"


MISBEHAVING = {
    # while it is imported
    "raises": ("raise ValueError('a\\n  b')", "it raised ValueError: a b (checks.py, line 6)"),
    "needs another module": ("import no_such_module", "No module named 'no_such_module'"),
    "ends the process": ("raise SystemExit(3)", "it wanted to end the process (checks.py, line 6)"),
    "has no check": ("", "it registers no check"),
    "other code": (
        "@check(Rule('other-rule', Severity.ERROR, 'x'))\ndef find(context): ...",
        "the code `other-rule` does not begin with the plugin's name; `acme-` must",
    ),
    "code is a path": (
        "@check(Rule('acme-../../x', Severity.ERROR, 'x'))\ndef find(context): ...",
        "is no code",
    ),
    "two rules with one code": (
        body("...") + "@check(RULE._replace(summary='b'))\ndef other(context): ...",
        "two rules with the code `acme-rule`",
    ),
    "no rule": ("@check('acme-rule')\ndef find(context): ...", "'acme-rule', which is no Rule"),
    "without parentheses": ("@check\ndef find(context): ...", "it registers no check"),
    "speaks for Poetry": (
        "@check(RULE._replace(poetry=Severity.ERROR))\ndef find(context): ...",
        "uses what only built-in rules may",
    ),
    "no page": (
        "@check(Rule(f'{RULE.code}-2', Severity.ERROR, 'x'))\ndef find(context): ...",
        "the page acme_rules/pages/acme-rule-2.md is missing",
    ),
    "wrong address of pages": (
        "PYPROJECT_LS_PAGES_URL = 'http://x/'\n" + body("..."),
        "`PYPROJECT_LS_PAGES_URL` must be an address with https",
    ),
    "no version": ("del PYPROJECT_LS_API\n" + body("..."), "set `PYPROJECT_LS_API = 1`"),
    "version of another kind": ("PYPROJECT_LS_API = True\n" + body("..."), "for version True"),
    # while it runs
    "raises later": (body("raise KeyError"), "it raised KeyError (checks.py, line 8)"),
    "raises in the middle": (
        body("yield RULE.at(Span(0, 1), (), 'x')", "raise KeyError"),
        "it raised KeyError",
    ),
    "ends the process later": (body("import sys", "sys.exit()"), "it wanted to end the process"),
    "interrupts": (body("raise KeyboardInterrupt"), "it raised KeyboardInterrupt"),
    "exception without words": (
        "class Bad(Exception):\n    __str__ = None\n" + body("raise Bad"),
        "it raised Bad",
    ),
    "exception that ends the process": (
        "class Bad(Exception):\n    def __str__(self): raise SystemExit\n" + body("raise Bad"),
        "it raised Bad",
    ),
    "recursion": (body("return find(context)"), "it raised RecursionError"),
    "nothing to iterate": (body("return 5"), "it raised TypeError"),
    "no finding": (body("yield None"), "it yields NoneType, which is no Finding"),
    "a rule of its own, not of the check": (
        body("yield RULE._replace(code='acme-x').at(Span(0, 1), (), 'x')"),
        "it reports `acme-x`, which is not among the rules of its check",
    ),
    "a built-in rule": (
        "from pyproject_ls.checks.syntax import TOO_LARGE\n"
        + body("yield TOO_LARGE.at(Span(0, 1), (), 'x')"),
        "it reports `too-large`",
    ),
    "a place behind the text": (body("yield RULE.at(Span(0, 10**6), (), 'x')"), "not in the text"),
    "a place that goes backwards": (body("yield RULE.at(Span(5, 2), (), 'x')"), "(5 to 2)"),
    "a place of a wrong type": (body("yield RULE.at(Span('a', 'b'), (), 'x')"), "no Span"),
    "no message": (body("yield RULE.at(Span(0, 1), (), ' ')"), "has no message"),
    "a path of a wrong type": (body("yield RULE.at(Span(0, 1), (None,), 'x')"), "path"),
    "an edit outside": (
        body("yield RULE.at(Span(0, 1), (), 'x', fix=Fix('y', (Edit(Span(-1, 1), ''),)))"),
        "not in the text",
    ),
    "edits that overlap": (
        body(
            "edits = (Edit(Span(0, 3), ''), Edit(Span(2, 4), ''))",
            "yield RULE.at(Span(0, 1), (), 'x', fix=Fix('y', edits))",
        ),
        "overlap",
    ),
    "a fix without edits": (
        body("yield RULE.at(Span(0, 1), (), 'x', fix=Fix('y', ()))"),
        "tuple of Edits",
    ),
    "no end of findings": (
        body("while True: yield RULE.at(Span(0, 1), (), 'x')"),
        "more than 1000",
    ),
    "empties the document": (
        body("context.document.root.values.clear()", "return ()"),
        "it changed the document that it was given",
    ),
    "changes a value": (
        body("context.document.get('project', 'name').value = 'x'", "return ()"),
        "it changed the document",
    ),
    "moves a node": (
        body("context.manifest.project.start = 9", "return ()"),
        "changed the document",
    ),
    "puts nonsense into the document": (
        body("context.document.root.values['project'] = 5", "return ()"),
        "it changed the document",
    ),
    "changes the folder": (body("__import__('os').chdir('/')", "return ()"), "current folder"),
    "changes the settings": (body("context.settings.severity['x'] = 1"), "it raised TypeError"),
}


def only_failure(findings: list[Finding], text: str = TEXT, name: str = "acme") -> Finding:
    """The one finding that says that a plugin failed; everything else goes on."""
    (failed,) = [each for each in findings if each.code == "plugin-failed"]
    assert failed.message.startswith(f"The plugin `{name}` of {name}-rules 1.0 cannot be used: ")
    assert "leave the plugin out with `plugins` in `[tool.pyproject-ls]`" in failed.message
    assert text[failed.span.start : failed.span.end] == text.splitlines()[0]
    assert "missing-version" in {each.code for each in findings}
    assert not [each for each in findings if each.code.startswith(name)]
    return failed


@pytest.mark.parametrize("what", MISBEHAVING)
def test_one_that_misbehaves_is_named_and_nothing_else_changes(what: str, tmp_path: Path) -> None:
    source, reason = MISBEHAVING[what]
    lay_out(tmp_path / "site", "acme", PREAMBLE.format(name="acme") + source)
    lay_out(tmp_path / "site", "good", PREAMBLE.format(name="good") + body(GOOD))
    here = os.getcwd()
    with installed(tmp_path / "site"):
        for _ in range(2):
            findings = found_in(TEXT, tmp_path)
            assert reason in only_failure(findings).message
            assert [each.message for each in findings if each.code == "good-rule"] == ["demo"]
    assert os.getcwd() == here


@pytest.mark.parametrize(
    ("name", "source"),
    [
        # each has a name of its own, since a module that is asleep cannot be imported again
        ("sleeper", FOREVER),
        ("looper", "while True: pass"),
        ("dreamer", body(FOREVER)),
        ("walker", body("while True: pass")),
    ],
)
def test_one_that_hangs_is_off_from_then_on(
    name: str, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "IMPORT_SECONDS", 0.5)
    monkeypatch.setattr(running, "RUN_SECONDS", 0.5)
    lay_out(tmp_path / "site", name, PREAMBLE.format(name=name) + source)
    with installed(tmp_path / "site"):
        failed = only_failure(found_in(TEXT, tmp_path), name=name)
        assert "it did not end within 0.5 seconds" in failed.message
        monkeypatch.setattr(running, "guarded", None)  # nothing is run any more
        only_failure(found_in(TEXT + "# more\n", tmp_path), name=name)


def test_one_that_is_slow_is_off_where_somebody_types(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "TYPING_SECONDS", -1.0)
    lay_out(tmp_path / "site", "acme", PREAMBLE.format(name="acme") + body(GOOD))
    with installed(tmp_path / "site"):
        for _ in range(running.MAX_SLOW + 1):
            assert "acme-rule" in {each.code for each in Snapshot(TEXT).findings}
        monkeypatch.setattr(role, "is_server", True)
        assert "3 times in a row" in only_failure(Snapshot(TEXT).findings).message


def test_a_failure_holds_for_one_text_only(tmp_path: Path) -> None:
    lay_out(tmp_path / "site", "acme", PREAMBLE.format(name="acme") + body(GOOD))
    with installed(tmp_path / "site"):
        text = "[build-system]\n[project]\n"
        assert "AttributeError" in only_failure(Snapshot(text).findings, text).message
        assert "acme-rule" in {each.code for each in Snapshot(TEXT).findings}


def test_questions_about_files_are_answered_and_no_others(tmp_path: Path) -> None:
    source = body(
        "seen = context.facts.text_of('OWNERS')",
        "context.facts.text_of(5)",
        "context.facts.details('flask', None)",
        "if seen is not None: yield RULE.at(Span(0, 1), (), seen.text)",
    )
    lay_out(tmp_path / "site", "acme", PREAMBLE.format(name="acme") + source)
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "OWNERS").write_text("us", encoding="utf-8")
    with installed(tmp_path / "site"):
        findings = found_in(TEXT, tmp_path)
        assert [each.message for each in findings if each.code == "acme-rule"] == ["us"]
        assert "plugin-failed" not in {each.code for each in findings}
