"""The pages of ``fixtures/code_lens/``, and lenses for any text.

``text lenses`` lists place, title and arguments; ``toml after KIND`` is the file after all updates.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import cast

import pytest

from pyproject_ls.config import Settings
from pyproject_ls.disk import answer
from pyproject_ls.facts import Facts
from pyproject_ls.facts.resolution import ToolStateOf
from pyproject_ls.features.code_lens import APPLY_UPDATES, Lens, code_lenses
from pyproject_ls.features.updates import KINDS, Kind, update_edits
from pyproject_ls.host import Snapshot
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.text import apply_edits
from tests import feature_pages, fixture_index
from tests.feature_pages import Case

ONLINE = Settings(online=True)
CASES = feature_pages.parameters("code_lens")


@pytest.mark.parametrize("case", CASES)
def test_code_lenses(case: Case, tmp_path: Path) -> None:
    lenses = case.ask(tmp_path, code_lenses)
    case.check("text lenses", "".join(f"{shown(case, lens)}\n" for lens in lenses))
    for kind in KINDS:
        edits = case.ask(tmp_path, partial(update_edits, path=(), kind=kind))
        case.check(f"toml after {kind}", apply_edits(case.text, edits) if edits else "")


def shown(case: Case, lens: Lens) -> str:
    line = f"{case.shown(lens.span)}: {lens.title}"
    if not lens.command:
        assert lens.arguments == ()
        return line
    path, kind = target(lens)
    return f"{line} ({dotted(path)}, {kind})"


def target(lens: Lens) -> tuple[TomlPath, Kind]:
    """What the command of a lens is told."""
    path, kind = lens.arguments
    assert lens.command == APPLY_UPDATES
    return cast("TomlPath", path), cast("Kind", kind)


@pytest.mark.parametrize("case", CASES)
def test_a_lens_does_what_it_says(case: Case, tmp_path: Path) -> None:
    """Each button edits, and is gone when it was pressed; the buttons make up the whole file's."""
    lenses = [each for each in case.ask(tmp_path, code_lenses) if each.command]
    for lens in lenses:
        path, kind = target(lens)
        edits = case.ask(tmp_path, partial(update_edits, path=path, kind=kind))
        assert edits
        case.text, before = apply_edits(case.text, edits), case.text
        after = case.ask(tmp_path, code_lenses)
        assert lens.arguments not in [each.arguments for each in after], lens.title
        case.text = before


@pytest.mark.parametrize("case", CASES)
def test_while_nothing_is_known(case: Case) -> None:
    snapshot = Snapshot(case.text, Facts(), ONLINE)
    assert code_lenses(snapshot) == []
    assert all(update_edits(snapshot, (), kind) == [] for kind in KINDS)


@pytest.mark.parametrize("case", CASES)
def test_offline_nothing_is_asked(case: Case) -> None:
    snapshot = Snapshot(case.text)
    assert code_lenses(snapshot) == []
    assert snapshot.facts.wanted == {ToolStateOf()}, "which asks no index"


@pytest.mark.parametrize("case", CASES)
def test_truncated(case: Case) -> None:
    for end in range(0, len(case.text), 23):
        text, facts = case.text[:end], Facts()
        for _ in range(4):
            snapshot = Snapshot(text, facts, ONLINE)
            for lens in code_lenses(snapshot):
                assert 0 <= lens.span.start <= lens.span.end <= end
                assert lens.title.isprintable()
            facts = snapshot.facts.with_answers(fixture_index.answers(snapshot.facts.wanted))


def test_a_new_dependency_does_not_make_the_text_jump() -> None:
    facts, text = Facts(), '[dependency-groups]\ndev = ["flask>=2,<3"]\n'
    assert titles(text, facts) == []
    for _ in range(2):
        snapshot = Snapshot(text, facts, ONLINE)
        code_lenses(snapshot)
        wanted = snapshot.facts.wanted
        answers = {**answer(Path(), wanted), **fixture_index.answers(wanted)}
        facts = snapshot.facts.with_answers(answers)
    before = titles(text, facts)
    assert "flask" in " ".join(before)
    assert titles(text.replace("]\n", ', "req"]\n', 2), facts) == before


def titles(text: str, facts: Facts) -> list[str]:
    return [lens.title for lens in code_lenses(Snapshot(text, facts, ONLINE))]
