"""The pages of ``fixtures/rename``, and renames and navigation at any place of any file."""

from __future__ import annotations

import random

import pytest

from pyproject_ls.features import definition, folding, links, names, references, selection, symbols
from pyproject_ls.features.files import path_dependencies
from pyproject_ls.features.rename import (
    RenameError,
    concerns_others,
    prepare_rename,
    rename,
    rename_in,
)
from pyproject_ls.host import Snapshot
from pyproject_ls.text import Span, apply_edits
from pyproject_ls.toml import parse
from tests.feature_pages import Case, parameters
from tests.shared import REPO, SHARED

OTHER = "../app/pyproject.toml"


@pytest.mark.parametrize("case", parameters("rename"))
def test_rename(case: Case) -> None:
    """The file after the rename, that of the project that depends on it, or why not."""
    snapshot = Snapshot(case.text)
    to = case.blocks["text to"].strip()
    error = after = other_after = ""
    try:
        renaming = prepare_rename(snapshot, case.cursor)
        edits = rename(snapshot, case.cursor, to)
        after = apply_edits(case.text, edits) if edits else ""
        other = case.files.get(OTHER)
        if other is not None and renaming is not None and concerns_others(snapshot, renaming.name):
            owner = snapshot.manifest.normalized_name
            edits = rename_in(Snapshot(other), renaming.name, owner, to)
            other_after = apply_edits(other, edits) if edits else ""
    except RenameError as refusal:
        error = str(refusal)
    case.check("text refused", error)
    case.check("toml after", after)
    case.check(f"toml after {OTHER}", other_after)


def texts() -> list[str]:
    files = [REPO / "fixtures" / "projects" / "demo" / "pyproject.toml", REPO / "pyproject.toml"]
    if SHARED.is_dir():
        files += sorted((SHARED / "corpus").rglob("*.toml"))[::12]
    return [path.read_bytes().decode("utf-8", "replace") for path in files]


def mutated(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) + 1)
    cut = rng.randrange(20)
    what = rng.choice(
        ['"', "'", "[", "[[", "]", "{", "}", "=", ".", "#", "\n", '"""', ",", "\\", ""]
    )
    return text[:at] + what + text[at + cut :] if rng.random() < 0.8 else text[:at]


@pytest.mark.parametrize("seed", range(6))
def test_any_offset(seed: int) -> None:
    """Whole, cut and changed files: no exception, nothing outside the text, chains that grow."""
    rng = random.Random(seed)
    for text in rng.sample(texts(), 2) + [mutated(rng.choice(texts()), rng) for _ in range(40)]:
        snapshot = Snapshot(text)
        whole = Span(0, len(text))
        for symbol in symbols.symbols(snapshot):
            check_symbol(symbol, whole)
        for fold in folding.folds(snapshot):
            assert 0 <= fold.start_line < fold.end_line < snapshot.lines.line_count
        for link in links.links(snapshot):
            assert is_within(link.span, whole)
        found = names.occurrences(snapshot)
        offsets = [each.span.start for each in rng.sample(found, min(4, len(found)))]
        for offset in [0, len(text), *offsets, *(rng.randrange(len(text) + 1) for _ in range(6))]:
            for place in definition.definitions(snapshot, offset):
                assert place.path is not None or is_within(place.span or place.origin, whole)
            for span in references.references(snapshot, offset):
                assert is_within(span, whole)
            chain = selection.selection(snapshot, offset)
            assert all(span.start <= offset <= span.end for span in chain)
            assert all(is_within(a, b) for a, b in zip(chain, [*chain[1:], whole], strict=True))
            check_rename(snapshot, offset, rng.choice(["new-name", "New.Name", "dev", "x_1"]))


def check_rename(snapshot: Snapshot, offset: int, to: str) -> None:
    """After a rename as many places have the new name as had the old one, and no more is wrong."""
    try:
        renaming = prepare_rename(snapshot, offset)
        edits = rename(snapshot, offset, to)
    except RenameError:
        return
    if renaming is None or not edits:
        return
    after = apply_edits(snapshot.text, edits)
    assert len(parse(after).problems) <= len(snapshot.document.problems)
    if not names.is_own_name(snapshot, renaming.name):
        renamed = prepare_rename(Snapshot(after), edits[0].span.start)
        assert renamed is not None
        before = len(names.occurrences_of(snapshot, renaming.name))
        assert len(names.occurrences_of(Snapshot(after), renamed.name)) == before


def check_symbol(symbol: symbols.Symbol, outer: Span) -> None:
    assert symbol.name
    assert is_within(symbol.selection, symbol.span)
    assert is_within(symbol.span, outer)
    for child in symbol.children:
        check_symbol(child, symbol.span)


def is_within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start <= inner.end <= outer.end


def test_path_dependencies() -> None:
    """All ways to take a package from a folder."""
    text = """
    [project]
    dependencies = [
        "One @ file:///abs/one", "two @ {root:uri}/../two", "three @ file:../three#egg=x",
        "four @ file:///${PROJECT_ROOT}/../four", "five @ https://example.org/five.zip",
    ]
    [tool.poetry.dependencies]
    six = [{ path = "../six" }, { git = "x" }]
    [tool.uv.sources]
    seven = { path = "../seven" }
    """
    assert sorted(path_dependencies(Snapshot(text))) == [
        ("four", "../four"),
        ("one", "/abs/one"),
        ("seven", "../seven"),
        ("six", "../six"),
        ("three", "../three"),
        ("two", "../two"),
    ]


def test_own_name_in_a_workspace() -> None:
    """The project's own name changes in the members of its workspace, not where it is taken."""
    name = names.Name(names.NameKind.PACKAGE, "lib")
    other = '[project]\ndependencies = ["Lib>=1"]\n[tool.uv.sources]\nlib = { workspace = true }\n'
    edits = rename_in(Snapshot(other), name, "lib", "core")
    assert apply_edits(other, edits) == other.replace("Lib", "core").replace("lib", "core")
    taken = other.replace('"]', '", "core"]')
    with pytest.raises(RenameError, match="already a package `core`"):
        rename_in(Snapshot(taken), name, "lib", "core")
