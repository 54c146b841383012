"""Every rule page of ``fixtures/checks`` is true: its cases show what the rule finds and fixes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyproject_ls.checks.registry import all_rules
from pyproject_ls.config import PoetryTarget, Settings
from pyproject_ls.disk import analyse
from pyproject_ls.files import decode, decoding_findings
from pyproject_ls.fixes import fix_all
from pyproject_ls.host import Snapshot
from tests import fixture_index, pages, plugin_folders, resolver_pages

HINT = "UPDATE_FIXTURES=1 rewrites what is expected"

OPTIONS = {"profile=poetry", "lock", "poetry=1.8", "poetry=2", "configuration"}
"""What a case may ask for, as words after ``toml``."""

AMONG_OTHERS = {"override-forbidden", "plugin-failed", "unused-ignore"}
"""Rules about other rules, which have to run beside them."""

CASES = [
    pytest.param(path, case.name, id=f"{path.stem}: {case.name}")
    for path in pages.all_paths()
    for case in pages.read(path).cases
]


@pytest.mark.parametrize(("path", "name"), CASES)
def test_case(path: Path, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The findings, their places and their fixes are those of the page."""
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    case = next(case for case in pages.read(path).cases if case.name == name)
    if not case.plugins:
        run_case(path, case, tmp_path)
        return
    for plugin, source in case.plugins.items():
        plugin_folders.lay_out(tmp_path / "site", plugin, source)
    with plugin_folders.installed(tmp_path / "site"):
        run_case(path, case, tmp_path)


def run_case(path: Path, case: pages.Case, tmp_path: Path) -> None:
    """Compare what is found with what a case of the page at `path` expects."""
    settings, name = settings_for(path.stem, case), case.name
    folder = tmp_path / "work" / "project"
    folder.mkdir(parents=True)
    case.write_files(folder)
    said = case.lines_of("resolver")
    resolution = resolver_pages.answer(said)
    source = decode(case.text.encode("utf-8", "surrogateescape"))
    if source.problem is not None:
        found, fixed = decoding_findings(source, settings), None
    else:

        def analysed(text: str, _: Snapshot | None = None) -> Snapshot:
            snapshot = analyse(
                text,
                folder,
                settings,
                resolver_pages.facts(said),
                packages=fixture_index.answers,
                resolve=lambda _: resolution if text == source.text else resolver_pages.NOTHING,
            )
            own = [each for each in snapshot.findings if each.code == path.stem]
            snapshot.__dict__["findings"] = own if path.stem in AMONG_OTHERS else snapshot.findings
            return snapshot

        snapshot = analysed(source.text)
        found = snapshot.findings
        after, made = fix_all(snapshot, analysed, unsafe=True)
        fixed = pages.fixed_lines(after.text) if made else None
    lines = pages.rendered(case.text, found)
    if pages.UPDATE:
        pages.rewrite(path, name, lines, fixed)
        return
    where = f"{path.name}:{case.line}: {name} ({HINT})"
    assert "\n".join(case.source.lines) == "\n".join(lines), where
    if case.fixed is None or fixed is None:
        assert case.fixed is None, f"{where}: nothing is fixed here"
        assert fixed is None, f"{where}: a `toml fixed` block is missing"
    else:
        assert "\n".join(case.fixed.lines) == "\n".join(fixed), where


def settings_for(code: str, case: pages.Case) -> Settings:
    """The settings of a case: only the page's own rule runs, if it can."""
    for option in case.options:
        assert option in OPTIONS, f"unknown option {option!r}"
    target: PoetryTarget = "1.8" if "poetry=1.8" in case.options else "auto"
    return Settings(
        profile="poetry" if "profile=poetry" in case.options else "all",
        poetry="2" if "poetry=2" in case.options else target,
        select=frozenset() if code in AMONG_OTHERS else frozenset({code}),
        lock="lock" in case.options,
        subject="configuration" if "configuration" in case.options else "project",
        online=all_rules()[code].online,
        resolve="save" if all_rules()[code].resolves or case.lines_of("resolver") else "off",
    )


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    """No rule without its page, no page without its rule."""
    assert sorted(path.stem for path in pages.all_paths()) == sorted(all_rules())


@pytest.mark.parametrize("path", pages.all_paths(), ids=lambda path: path.stem)
def test_page_is_complete(path: Path) -> None:
    """A page is headed by its code, says what and why, and has a bad and a good case."""
    page = pages.read(path)
    headings = [line for line in page.prose if line.startswith("#")]
    assert page.code == path.stem
    assert [line for line in headings if line.startswith("## ")] == ["## Why", "## Cases"]
    summary = page.prose[1 : page.prose.index("## Why")]
    why = page.prose[page.prose.index("## Why") + 1 : page.prose.index("## Cases")]
    assert any(map(str.strip, summary)), "it does not say what it finds"
    assert any(map(str.strip, why)), "it does not say why"
    names = [case.name for case in page.cases]
    assert len(set(names)) == len(names), "two cases have one name"
    assert any(case.is_bad for case in page.cases), "no case with a finding"
    assert any(not case.is_bad for case in page.cases), "no case without a finding"
