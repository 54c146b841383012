"""The pages of ``fixtures/declaring/``, and what holds for every edit of any file.

A case says what is asked in a block ``text ask``, in words as on a command line:
``add requests[socks] ^2 --group dev``, ``remove requests --extra web``; ``change requests >=3`` is
about the declaration at the cursor.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pyproject_ls.config import Settings
from pyproject_ls.features.declaring import (
    Addition,
    CannotDeclare,
    added,
    constraint_for,
    removed,
    renamed_constraint,
)
from pyproject_ls.features.hover.dependency import dependencies_at
from pyproject_ls.host import Snapshot
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.locate import locate
from pyproject_ls.text import Edit, apply_edits
from pyproject_ls.toml import to_python
from tests import feature_pages
from tests.feature_pages import Case
from tests.shared import SHARED
from tests.test_fixes import comments

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

NAME = "some-new-package"
_KEPT = frozenset({Home.BUILD, Home.POETRY_BUILD_CONSTRAINT, Home.POETRY_PLUGIN})


@pytest.mark.parametrize("case", feature_pages.parameters("declaring"))
def test_page(case: Case) -> None:
    snapshot = Snapshot(case.text)
    try:
        after = apply_edits(case.text, _asked(snapshot, case))
        refusal = ""
    except CannotDeclare as error:
        after, refusal = "", str(error)
    case.check("toml after", after)
    case.check("text refusal", refusal)
    if after:
        _assert_sound(case.text, after)


def _asked(snapshot: Snapshot, case: Case) -> Sequence[Edit]:
    verb, *words = case.blocks["text ask"].split()
    options = dict(pairwise(words))
    group, extra, source = (options.get(f"--{name}", "") for name in ("group", "extra", "source"))
    plain = [
        word
        for before, word in zip(["", *words], words, strict=False)
        if not word.startswith("--") and not before.startswith("--")
    ]
    if verb == "remove":
        return removed(snapshot, plain[0], group, extra)
    constraint = " ".join(plain[1:])
    if verb == "change":
        path = locate(snapshot.document, case.cursor).path
        return renamed_constraint(snapshot, dependencies_at(snapshot, path)[0], constraint)
    name, _, extras = plain[0].rstrip("]").partition("[")
    listed = tuple(filter(None, extras.split(",")))
    return added(snapshot, Addition(name, constraint, listed, group, extra, source))


def _assert_sound(before: str, after: str) -> None:
    new = Snapshot(after).document
    assert not [each for each in new.problems if each.kind != "toml-1.1"], after
    if "\r\n" in before:
        assert "\n" not in after.replace("\r\n", "")


# Real files


def _corpus() -> list[Path]:
    return sorted((SHARED / "corpus").glob("*.toml"))


def _texts() -> list[str]:
    texts = (path.read_bytes().decode("utf-8", "replace") for path in _corpus())
    return [text for text in texts if not Snapshot(text).document.problems]


def _addition(constraint: str, where: dict[str, str]) -> Addition:
    group, extra = where.get("group", ""), where.get("extra", "")
    return Addition(NAME, constraint, group=group, extra=extra)


def _bare(value: Any) -> Any:
    """`value` without empty tables and lists: taking away leaves them."""
    if isinstance(value, dict):
        below = {name: _bare(each) for name, each in value.items()}
        return {name: each for name, each in below.items() if each not in ({}, [])}
    return value


needs_corpus = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared corpus is not beside this checkout"
)


@needs_corpus
@pytest.mark.parametrize("where", [{}, {"group": "dev"}, {"group": "new"}, {"extra": "new"}])
def test_added_and_removed_again(where: dict[str, str]) -> None:
    """In every real file: it parses, only this is new, and removing gives the file back."""
    done = same = 0
    for number, text in enumerate(_texts()):
        text = text.replace("\n", "\r\n") if number % 7 == 0 and "\r" not in text else text
        snapshot = Snapshot(text)
        constraint = "^1.4" if number % 2 else ">=1.4,<2"
        try:
            after = apply_edits(text, added(snapshot, _addition(constraint, where)))
        except CannotDeclare:
            assert snapshot.manifest.project is None or snapshot.manifest.dynamic
            continue
        _assert_sound(text, after)
        assert comments(after) == comments(text)
        tomllib.loads(after.removeprefix("\ufeff"))
        found = [each for each in Snapshot(after).manifest.dependencies if each.normalized == NAME]
        assert len(found) == 1
        back = apply_edits(after, removed(Snapshot(after), NAME, **where))
        assert _bare(to_python(Snapshot(back).document.root)) == _bare(
            to_python(snapshot.document.root)
        )
        assert comments(back) == comments(text)
        done += 1
        same += back == text
    assert done > 150
    assert same > 100 or "new" in where.values()  # what was made for it stays, empty


@needs_corpus
def test_every_declared_dependency_can_be_removed() -> None:
    """It is gone, nothing else is, and no comment of another line is lost."""
    chance = random.Random(3)
    count = 0
    for text in _texts():
        snapshot = Snapshot(text)
        every = [each for each in snapshot.manifest.dependencies if _is_removable(snapshot, each)]
        for dependency in chance.sample(every, min(len(every), 6)):
            _assert_removed(snapshot, dependency)
            count += 1
    assert count > 500


def _is_removable(snapshot: Snapshot, dependency: Dependency) -> bool:
    declared, homes = dependency.declared, snapshot.manifest.by_home
    if declared.home is Home.POETRY and _has(homes.get(Home.EXTRA), dependency):
        return not _has(homes.get(Home.PROJECT), dependency)  # else it stays, for the extra
    return (
        dependency.normalized not in {"", "python"}
        and declared.home not in _KEPT
        and declared.group != "constraint-dependencies"
    )


def _has(members: list[Dependency] | None, dependency: Dependency) -> bool:
    return any(each.normalized == dependency.normalized for each in members or ())


def _assert_removed(snapshot: Snapshot, dependency: Dependency) -> None:
    text, name = snapshot.text, dependency.normalized
    where = _where(dependency)
    after = apply_edits(text, removed(snapshot, dependency.name, **where))
    _assert_sound(text, after)
    new = Snapshot(after)
    left = Counter(each.normalized for each in new.manifest.dependencies)
    before = Counter(each.normalized for each in snapshot.manifest.dependencies)
    assert set(before - left) == {name}
    assert not left - before
    assert not [
        each
        for each in new.manifest.dependencies
        if each.declared.path == dependency.declared.path and each.normalized == name
    ]
    lost = comments(text) - comments(after)
    own = sum(
        _lines(each, text) for each in snapshot.manifest.dependencies if each.normalized == name
    )
    assert sum(lost.values()) <= own


def _where(dependency: Dependency) -> dict[str, str]:
    declared = dependency.declared
    if declared.home is Home.EXTRA:
        return {"extra": declared.group}
    if declared.home is Home.UV:
        return {"group": "dev"}
    return {"group": declared.group or "main"}


def _lines(dependency: Dependency, text: str) -> int:
    """How many lines the declaration has: each may have one comment."""
    span = dependency.span
    return text.count("\n", span.start, span.end) + 1 + 10 * (not isinstance(dependency.where, int))


@pytest.mark.parametrize(
    ("style", "version", "text", "expected"),
    [
        (
            "auto",
            "2.32.3",
            '[project]\nname = "a"\ndependencies = ["x~=1.0", "y~=2.1"]\n',
            "~=2.32",
        ),
        ("auto", "2.32.3", '[project]\nname = "a"\n', ">=2.32"),
        ("auto", "2.32.3", '[tool.poetry.dependencies]\npython = "^3.9"\n', "^2.32"),
        ("exact", "2.32.3", '[tool.poetry.dependencies]\npython = "^3.9"\n', "2.32.3"),
        ("none", "2.32.3", '[project]\nname = "a"\n', ""),
    ],
)
def test_constraint_for(style: Any, version: str, text: str, expected: str) -> None:
    snapshot = Snapshot(text, None, Settings(constraint_style=style))
    assert constraint_for(snapshot, Addition("new"), version) == expected


@pytest.mark.parametrize(
    "addition",
    [
        Addition("a b"),
        Addition(""),
        Addition('x"]\n[tool.evil'),
        Addition("x" * 10_000),
        Addition("x", '>=1", "evil'),
        Addition("x", "not a constraint"),
        Addition("x", "^1 || ^2"),
        Addition("x", extras=('a"',)),
        Addition("x", group='a"\nb'),
        Addition("x", extra="a]"),
        Addition("x", source="nowhere"),
        Addition("x", group="a", extra="b"),
        Addition("demo"),
    ],
)
def test_what_cannot_be_added(addition: Addition) -> None:
    snapshot = Snapshot('[project]\nname = "Demo"\ndependencies = []\n')
    with pytest.raises(CannotDeclare) as caught:
        added(snapshot, addition)
    message = str(caught.value)
    assert message.endswith(".")
    assert message.isprintable()
    assert len(message) < 400


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[project]\nname = "a"\ndependencies = ["x\n', "line 3"),
        ('[project]\nname = "a"\n' + "# long\n" * 2_000_000, "too large"),
    ],
)
def test_files_that_are_left_alone(text: str, reason: str) -> None:
    snapshot = Snapshot(text)
    with pytest.raises(CannotDeclare, match=reason):
        added(snapshot, Addition("y"))
    with pytest.raises(CannotDeclare, match=reason):
        removed(snapshot, "x")


def test_after_a_byte_order_mark_and_without_a_last_line_end() -> None:
    text = "\ufeff[project]\r\nname = 'a'\r\ndependencies = []"
    after = apply_edits(text, added(Snapshot(text), Addition("y", ">=1")))
    assert after == text.replace("[]", '[\r\n    "y>=1",\r\n]')
    assert apply_edits(after, removed(Snapshot(after), "y")) == text
    after = apply_edits(text, added(Snapshot(text), Addition("y", ">=1", group="dev")))
    _assert_sound(text, after)
    assert after.endswith(']\r\n\r\n[dependency-groups]\r\ndev = [\r\n    "y>=1",\r\n]\r\n')
