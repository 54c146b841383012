"""What ``--fix`` leaves: it parses, it has no new finding and every comment, and it stays so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyproject_ls.checks.finding import Finding, Fix, Rule, Severity
from pyproject_ls.checks.ignores import MARK
from pyproject_ls.cli import main
from pyproject_ls.config import Settings
from pyproject_ls.disk import analyse
from pyproject_ls.fixes import compatible, fix_all
from pyproject_ls.host import Snapshot
from pyproject_ls.text import Edit, Span
from tests import pages
from tests.parity.mutations import mutated
from tests.shared import SHARED
from tests.toml_fuzz import mutations

_COMMENT = re.compile(
    r'"""(?:[^"\\]|\\.|""?(?!"))*(?:"{3,5}|\Z)'
    r"|'''(?:[^']|''?(?!'))*(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\r\n]|\\[^\r\n])*"?'
    r"|'[^'\r\n]*'?"
    r"|(?P<comment>#[^\r\n]*)",
    re.DOTALL,
)

MUTATED = 400


def comments(text: str) -> Counter[str]:
    """The comments of a text, each as often as it is there; those for us alone may be changed."""
    found = (match["comment"] for match in _COMMENT.finditer(text))
    return Counter(comment.rstrip() for comment in found if comment and MARK not in comment)


def assert_fixes(text: str, folder: Path, unsafe: bool) -> None:
    """All that holds for the fixes of any text."""

    def again(changed: str, before: Snapshot | None = None) -> Snapshot:
        return analyse(changed, folder, Settings(), before.facts if before else None)

    before = again(text)
    after, made = fix_all(before, again, unsafe=unsafe)
    if not made:
        return
    assert len(after.document.problems) <= len(before.document.problems)
    assert not comments(text) - comments(after.text)
    assert fix_all(again(after.text), again, unsafe=unsafe)[1] == 0
    if not (unsafe or before.document.problems):  # a mistake in the syntax hides others
        left = Counter(finding.code for finding in before.findings)
        new = Counter(finding.code for finding in after.findings) - left
        assert not [each for each in after.findings if each.code in new and not _hid(before, each)]


def _hid(before: Snapshot, finding: Finding) -> bool:
    """Whether `finding` is about a value that was of a wrong type, or could not be read, before."""
    return any(
        each.fix is not None and finding.path[: len(each.path)] == each.path != ()
        for each in before.findings
    )


def texts() -> Iterator[str]:
    """Real files, the cases of all rule pages, and both with random changes."""
    corpus = sorted((SHARED / "corpus").glob("*.toml"))
    cases = [
        case.text for page in sorted(pages.FOLDER.glob("*.md")) for case in pages.read(page).cases
    ]
    yield from (path.read_bytes().decode("utf-8", "replace") for path in corpus)
    yield from cases
    if corpus:
        yield from mutated(corpus, MUTATED, seed=3)
    yield from (after for _, after in mutations(cases, MUTATED, seed=3))


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "all"])
def test_what_fixes_leave(unsafe: bool, tmp_path: Path) -> None:
    failures = []
    for number, text in enumerate(texts()):
        try:
            assert_fixes(text, tmp_path, unsafe)
        except AssertionError as error:
            failures.append(f"{number}: {error}\n{text[:2000]}")
    assert not failures, f"{len(failures)} texts\n" + "\n----\n".join(failures[:5])


def test_unsafe_fixes_are_left_out() -> None:
    rule = Rule("bad", Severity.ERROR, "bad")
    guess = Fix("Guess", (Edit(Span(0, 1), "b"),), safe=False)
    found: list[Finding] = [rule.at(Span(0, 1), (), "It is bad.", fix=guess)]
    assert compatible(found) == []
    assert compatible(found, unsafe=True) == [guess]


def test_the_command_asks_for_unsafe_fixes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pyproject.toml"
    text = '[project]\nname = "demo"\nversion = 1.0\ndescripton = "A demo"\n'
    path.write_text(text, "utf-8")
    main(["check", "--fix", "--color", "never", str(path)])
    safe = text.replace("1.0", '"1.0"')
    assert path.read_text("utf-8") == safe
    assert "(1 fixed, 1 fixable with --fix --unsafe-fixes)" in capsys.readouterr().out
    main(["check", "--fix", "--unsafe-fixes", "--color", "never", str(path)])
    assert path.read_text("utf-8") == safe.replace("descripton", "description")
