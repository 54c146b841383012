"""The format of rule pages: what `pages` writes it reads again, and the carets stand in place."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyproject_ls.checks.finding import Finding, Related, Rule, Severity
from pyproject_ls.text import Span
from tests import pages

RULE = Rule("a-rule", Severity.WARNING, "a rule")
TEXT = '[project]\n\tname = "日本"\nx = """\na\n"""\n'


def finding(start: int, end: int, related: tuple[Related, ...] = ()) -> Finding:
    """A finding of `RULE`."""
    return RULE.at(Span(start, end), ("project", "a key", 0), "Not so.", related=related)


@pytest.mark.parametrize(
    ("start", "end", "line", "expected"),
    [
        (0, 9, 1, "^^^^^^^^^ warning"),
        (11, 15, 2, " ^^^^ warning"),
        (18, 22, 2, "        ^^^^ warning"),
        (27, 36, 3, "    ^^^… warning"),
        (11, 11, 2, " ^| warning"),
        (len(TEXT), len(TEXT), 5, "^$ warning"),
    ],
)
def test_carets(start: int, end: int, line: int, expected: str) -> None:
    """Columns are code points; long, empty and last spans have their own signs."""
    lines = pages.rendered(TEXT, [finding(start, end)])
    assert lines[line] == f'{expected} project."a key"[0]: Not so.'
    assert pages.without_expectations(lines) == TEXT.splitlines()


def test_related_places_are_listed() -> None:
    """They follow the carets, and are no part of the file."""
    lines = pages.rendered(TEXT, [finding(11, 15, (Related(Span(1, 8), "the table"),))])
    assert lines[3] == "    = related 1:2 the table"
    assert pages.without_expectations(lines) == TEXT.splitlines()


def test_characters_that_are_better_not_written_down() -> None:
    """They are tokens on the page and themselves in the file."""
    written = "a = <U+0007><0xFF><U+FEFF>"
    text = pages.decoded(written)
    assert text == "a = \x07\udcff\ufeff"
    assert pages.encoded(text) == written
    assert pages.rendered(text, [finding(5, 6)])[1].startswith(" " * 12 + "^" * 6 + " ")


def test_rewriting_keeps_the_rest(tmp_path: Path) -> None:
    """Only the two blocks change; a fixed block comes and goes."""
    path = tmp_path / "a-rule.md"
    text = "# a-rule\n\n## Cases\n\n### One\n\n```toml\na\n^ old\n```\n\n### Two\n\nProse.\n"
    path.write_text(text, encoding="utf-8")
    pages.rewrite(path, "One", ["a", "^ new"], ["b"])
    changed = text.replace("^ old\n```\n", "^ new\n```\n\n```toml fixed\nb\n```\n")
    assert path.read_text(encoding="utf-8") == changed
    pages.rewrite(path, "One", ["a", "^ old"], ["c", "d"])
    assert "```toml fixed\nc\nd\n```\n\n### Two" in path.read_text(encoding="utf-8")
    pages.rewrite(path, "One", ["a", "^ old"], None)
    assert path.read_text(encoding="utf-8") == text


def test_files_of_a_case(tmp_path: Path) -> None:
    """Listed paths exist, texts have their content."""
    path = tmp_path / "a-rule.md"
    blocks = (
        "```files\nsrc/\ndocs/a.md\n```\n\n```text poetry.lock\nx = 1\n```\n\n```toml lock\n```\n"
    )
    path.write_text(f"# a-rule\n\n### One\n\n{blocks}", encoding="utf-8")
    case = pages.read(path).cases[0]
    case.write_files(tmp_path)
    assert (tmp_path / "src").is_dir()
    assert (tmp_path / "docs/a.md").read_bytes() == b""
    assert (tmp_path / "poetry.lock").read_bytes() == b"x = 1\n"
    assert case.text == ""
    assert case.options == ["lock"]
    assert not case.is_bad


def test_a_block_that_is_not_closed(tmp_path: Path) -> None:
    """It is told, with its line."""
    path = tmp_path / "a-rule.md"
    path.write_text("# a-rule\n\n### One\n\n```toml\n", encoding="utf-8")
    with pytest.raises(pages.PageError, match=r"a-rule\.md:5"):
        pages.read(path)
