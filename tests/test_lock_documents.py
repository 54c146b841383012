"""The pages of ``fixtures/dependency_tree/`` and ``fixtures/lock_preview/``; hostile text."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyproject_ls.facts import Answer, Facts, FileText, PathAt, PathKind, Question, TextOf
from pyproject_ls.features import dependency_tree, lock_preview
from pyproject_ls.features.dependency_tree import tree_document, why_document, why_lines
from pyproject_ls.features.lock_preview import preview_document
from pyproject_ls.features.trees import MAX_DEPTH
from pyproject_ls.host import Snapshot
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.toml import parse
from tests import feature_pages
from tests.feature_pages import Case
from tests.toml_fuzz import mutations


@pytest.mark.parametrize("case", feature_pages.parameters("dependency_tree"))
def test_tree_pages(case: Case, tmp_path: Path) -> None:
    name = case.blocks.get("text ask", "").strip()
    if name:
        case.check(
            "markdown why", case.ask(tmp_path, lambda snapshot: why_document(snapshot, name))
        )
    else:
        case.check("markdown tree", case.ask(tmp_path, tree_document))


@pytest.mark.parametrize("case", feature_pages.parameters("lock_preview"))
def test_preview_pages(case: Case) -> None:
    old, new = case.files.get("old.lock"), case.files["new.lock"]
    assert new is not None
    manifest = Manifest(parse(case.text))
    case.check("markdown preview", preview_document(old, new, manifest))


def _snapshot(text: str, lock: str) -> Snapshot:
    answers: dict[Question, Answer] = {
        PathAt("poetry.lock"): PathKind.FILE,
        PathAt("uv.lock"): PathKind.MISSING,
        PathAt("pylock.toml"): PathKind.MISSING,
        TextOf("poetry.lock"): FileText(lock),
    }
    return Snapshot(text, Facts(answers))


def _ladder(width: int, depth: int) -> str:
    """Each package needs all of the next layer: a tree of `width` to the power of `depth`."""
    parts = []
    for layer in range(depth):
        for each in range(width):
            parts.append(f'[[package]]\nname = "p{layer}-{each}"\nversion = "1"\n')
            if layer + 1 < depth:
                needs = "".join(f'p{layer + 1}-{other} = "*"\n' for other in range(width))
                parts.append(f"\n[package.dependencies]\n{needs}")
    return "\n".join(parts)


def test_documents_are_bounded() -> None:
    text = '[project]\nname = "demo"\ndependencies = ["p0-0", "p0-1"]\n'
    wide = _snapshot(text, _ladder(40, 12))
    assert tree_document(wide).count("\n") < dependency_tree.MAX_LINES + 20
    assert dependency_tree.CUT in tree_document(wide)
    assert why_document(wide, "p11-0").count("\n") < dependency_tree.MAX_LINES + 20
    deep = _snapshot(text, _ladder(1, 3000))
    assert tree_document(deep).count("\n") < MAX_DEPTH + 20
    assert why_document(deep, "p2999-0").count("\n") < MAX_DEPTH + 20
    new = "\n".join(f'[[package]]\nname = "p{n}"\nversion = "1"\n' for n in range(3000))
    preview = preview_document(None, new, Manifest(parse(text)))
    assert preview.count("\n") < lock_preview.MAX_CHANGES + 20
    assert "and 2600 more" in preview


def test_while_nothing_is_known_the_questions_are_asked() -> None:
    snapshot = Snapshot('[project]\nname = "demo"\ndependencies = ["x"]\n')
    assert "There is no lock file" in tree_document(snapshot)
    assert PathAt("poetry.lock") in snapshot.facts.wanted
    assert why_lines(snapshot, snapshot.manifest.dependencies) == ""


@pytest.mark.parametrize("page", ["dependency_tree", "lock_preview"])
def test_broken_lock_files(page: str) -> None:
    """Whatever stands in a lock file, the documents stay text: fences closed, one line an item."""
    cases = feature_pages.all_cases(page)
    locks = [content for case in cases for content in case.files.values() if content]
    for number, (before, after) in enumerate(mutations(locks, 150, 11)):
        snapshot = _snapshot(cases[number % len(cases)].text, after)
        for document in (
            tree_document(snapshot),
            why_document(snapshot, "markupsafe"),
            preview_document(before, after, snapshot.manifest),
            preview_document(None, after, snapshot.manifest),
        ):
            _assert_harmless(document)


def _assert_harmless(document: str) -> None:
    open_fence = ""
    for line in document.split("\n"):
        assert all(char.isprintable() for char in line), line
        if open_fence:
            assert "`" * len(open_fence) not in line or line == open_fence, document
            open_fence = "" if line == open_fence else open_fence
        elif line.startswith("```"):
            open_fence = line.removesuffix("text")
        else:
            assert "](http" not in line, document
    assert not open_fence, document
