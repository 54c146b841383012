"""The pages of ``fixtures/inlay_hints/``, and hints for any text and span."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from pyproject_ls.config import Newest, Settings
from pyproject_ls.disk import answer
from pyproject_ls.facts import Facts
from pyproject_ls.features.inlay_hints import InlayHint, inlay_hints
from pyproject_ls.host import Snapshot
from pyproject_ls.project.locked import locked, locked_in
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.text import Edit, Span, apply_edits
from pyproject_ls.toml import parse
from tests import feature_pages
from tests.feature_pages import Case


@pytest.mark.parametrize("case", feature_pages.parameters("inlay_hints"))
def test_inlay_hints(case: Case, tmp_path: Path) -> None:
    def ask(snapshot: Snapshot) -> list[InlayHint]:
        settings = Settings(
            inlay_ranges="ranges" in case.options,
            inlay_locked="unlocked" not in case.options,
            inlay_newest=newest_setting(case),
            online="online" in case.options,
        )
        return inlay_hints(Snapshot(snapshot.text, snapshot.facts, settings))

    hints = case.ask(tmp_path, ask)
    shown = [Edit(Span(hint.offset, hint.offset), f"«{hint.label}»") for hint in hints]
    case.check("toml hints", apply_edits(case.text, shown) if shown else "")
    case.check("text tooltips", "".join(f"{hint.tooltip}\n" for hint in hints))


def newest_setting(case: Case) -> Newest:
    """What an option ``newest=all`` says."""
    values: tuple[Newest, ...] = get_args(Newest)
    return next((each for each in values if f"newest={each}" in case.options), "outdated")


def test_only_those_in_the_span() -> None:
    text = '[tool.poetry.dependencies]\na = "^1"\nb = "^2"\n'
    snapshot = Snapshot(text, settings=Settings(inlay_ranges=True))
    end = text.index('"^2"') + 4
    assert [hint.label for hint in inlay_hints(snapshot, Span(end, end))] == [">=2,<3"]
    assert len(inlay_hints(snapshot)) == 2


def test_a_lock_file_gives_places() -> None:
    text = '# x\r\n[[package]]\r\nname = "Foo.Bar"\r\nversion = "1"\r\n[[package]]\nname = "x'
    (entry,) = locked(text)["foo-bar"]
    assert text[entry.span.start : entry.span.end] == "Foo.Bar"
    assert entry.line == 2
    assert entry.version == "1"
    assert list(locked(text)) == ["foo-bar"]


@pytest.mark.parametrize("text", ["", "[[package]]", "<<<<<<< HEAD\n[[package]]\n=", "\0" * 9])
def test_broken_lock_files(text: str) -> None:
    assert not locked(text)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('[tool.poetry]\nname = "x"\n', "poetry.lock"),
        ('[project]\nname = "x"\n[tool.uv]\n', "uv.lock"),
        ('[project]\nname = "x"\n', "uv.lock"),
    ],
)
def test_the_lock_file_of_the_tool_in_use(tmp_path: Path, text: str, path: str) -> None:
    for name in ("poetry.lock", "uv.lock", "pylock.toml"):
        (tmp_path / name).write_text("", "utf-8")
    facts = Facts()
    for _ in range(3):
        found = locked_in(facts, Manifest(parse(text)))
        facts = facts.with_answers(answer(tmp_path, facts.wanted))
    assert found is not None
    assert found.path == path
