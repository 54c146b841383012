"""The pages of ``fixtures/rewrites/``, and what holds for every rewrite of any file.

A case offers the actions that its block ``text actions`` lists; the one marked with ``*`` (that of
the word ``take=N`` behind ``toml``, or the first) makes ``toml after`` and the files of
``text created``.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from pyproject_ls.facts import Facts
from pyproject_ls.features.rewrites import MOVE, REWRITE, Action, rewrites
from pyproject_ls.host import Snapshot
from pyproject_ls.text import Span, apply_edits
from pyproject_ls.toml import to_python
from tests import feature_pages
from tests.feature_pages import Case
from tests.shared import SHARED
from tests.test_fixes import comments

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PLACES = 25
"""How many offsets of each real file are tried."""


@pytest.mark.parametrize("case", feature_pages.parameters("rewrites"))
def test_rewrites(case: Case, tmp_path: Path) -> None:
    selection = case.selection
    assert selection is not None
    found = case.ask(tmp_path, lambda snapshot: rewrites(snapshot, selection))
    take = next((int(word[5:]) for word in case.options if word.startswith("take=")), 1) - 1
    marks = ("* " if at == take else "- " for at in range(len(found)))
    titles = [f"{mark}{each.title}" for mark, each in zip(marks, found, strict=True)]
    case.check("text actions", "\n".join(titles))
    action = found[take] if found else Action("", "")
    case.check("toml after", apply_edits(case.text, action.edits) if action.edits else "")
    created = (f"=== {file.path}\n{file.text}" for file in action.creates)
    case.check("text created", "".join(created))
    for each in found:
        assert_rewrite(case.text, each)


def assert_rewrite(text: str, action: Action) -> None:
    """All that holds for every action: it parses, keeps comments, and means what it says."""
    assert action.kind in {REWRITE, MOVE}
    assert action.title
    assert "\n" not in action.title
    for edit in action.edits:
        assert 0 <= edit.span.start <= edit.span.end <= len(text)
    after = apply_edits(text, action.edits)
    if not action.title.startswith("Remove"):  # comments behind it go along: see test_declaring
        assert not comments(text) - comments(after), action.title
    before = Snapshot(text).document
    new = Snapshot(after).document
    assert len(new.problems) <= len(before.problems), action.title
    if not before.problems:
        tomllib.loads(after.removeprefix("\ufeff"))
    if action.title.startswith("Write as a"):
        assert to_python(new.root) == to_python(before.root), action.title
    if action.title.startswith(("Sort", "Move")):
        assert sorted(all_strings(to_python(new.root))) == sorted(
            all_strings(to_python(before.root))
        ), action.title


def all_strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for below in value.values() for text in all_strings(below)]
    if isinstance(value, list):
        return [text for below in value for text in all_strings(below)]
    return [str(value)]


def assert_everywhere(text: str, places: int, seed: int = 5) -> int:
    """`assert_rewrite` for what is offered at `places` offsets of `text`; how much that was."""
    chance = random.Random(seed)
    snapshot = Snapshot(text, Facts())
    count = 0
    for _ in range(places):
        offset = chance.randrange(len(text) + 1)
        for action in rewrites(snapshot, Span(offset, offset)):
            assert_rewrite(text, action)
            count += 1
    return count


@pytest.mark.parametrize("case", feature_pages.parameters("rewrites"))
def test_everywhere_and_truncated(case: Case) -> None:
    assert_everywhere(case.text, 20)
    assert_everywhere(case.text.replace("\n", "\r\n"), 10)
    for end in range(0, len(case.text), 37):
        snapshot = Snapshot(case.text[:end])
        for action in rewrites(snapshot, Span(end, end)):
            assert_rewrite(case.text[:end], action)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared corpus is not beside this checkout")
def test_real_files() -> None:
    paths = sorted((SHARED / "corpus").glob("*.toml"))[::4]
    texts = [path.read_bytes().decode("utf-8", "replace") for path in paths]
    assert sum(assert_everywhere(text, PLACES) for text in texts) > len(texts)


@pytest.mark.parametrize(
    "constraint",
    ["^1.4", "^0.0.3", "^0", "~1", "~1.2.3", "^1.2rc1", "^1 || ~2.3", "~0.1,!=0.1.2", ">=1.2,<2"],
)
def test_ranges_mean_the_same(constraint: str) -> None:
    """Judged by poetry-core; and what is written as a range can be written back."""
    from poetry.core.constraints.version import parse_constraint

    text = f'[tool.poetry.dependencies]\nx = "{constraint}"\n'
    at = Span(len(text) - 3, len(text) - 3)
    actions = [each for each in rewrites(Snapshot(text), at) if each.title.startswith("Write `")]
    assert len(actions) == 1
    other = actions[0].edits[0].text
    assert other != constraint
    assert parse_constraint(other) == parse_constraint(constraint)
