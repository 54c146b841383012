"""The pages of ``fixtures/{symbols,folding,selection}``: the structure of a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyproject_ls.checks.syntax import MAX_LENGTH
from pyproject_ls.features.folding import folds
from pyproject_ls.features.selection import selection
from pyproject_ls.features.symbols import Symbol, symbols, workspace_symbols
from pyproject_ls.host import Snapshot
from tests.feature_pages import Case, parameters


def tree(found: tuple[Symbol, ...], depth: int = 0) -> list[str]:
    lines = []
    for each in found:
        detail = f": {each.detail}" if each.detail else ""
        lines.append(f"{'  ' * depth}{each.name}{detail} ({each.kind.value})")
        lines += tree(each.children, depth + 1)
    return lines


@pytest.mark.parametrize("case", parameters("symbols"))
def test_symbols(case: Case, tmp_path: Path) -> None:
    """The tree of the file; where the page has a query, the names of the workspace."""
    query = case.blocks.get("text query")
    if query is None:
        case.check("text symbols", "\n".join(tree(tuple(case.ask(tmp_path, symbols)))))
        return
    found = case.ask(tmp_path, lambda snapshot: workspace_symbols([("a.toml", snapshot)], query))
    lines = [
        f"{each.name} ({each.kind.value}) in {each.container}, {each.path} {case.shown(each.span)}"
        for each in found
    ]
    case.check("text found", "\n".join(lines))


@pytest.mark.parametrize("case", parameters("folding"))
def test_folding(case: Case, tmp_path: Path) -> None:
    """Each line is a fold: its first line, its last line (from 1), the text of the first."""
    texts = case.text.split("\n")
    case.check(
        "text folds",
        "\n".join(
            f"{each.start_line + 1}-{each.end_line + 1} {texts[each.start_line]}"
            + (" (comment)" if each.kind == "comment" else "")
            for each in case.ask(tmp_path, folds)
        ),
    )


@pytest.mark.parametrize("case", parameters("selection"))
def test_selection(case: Case, tmp_path: Path) -> None:
    """Each line is the text of one range, from the innermost outwards."""
    chain = case.ask(tmp_path, lambda snapshot: selection(snapshot, case.cursor))
    lines = [case.text[span.start : span.end].replace("\n", "⏎") for span in chain]
    case.check("text selection", "\n".join(lines))


def test_too_large() -> None:
    """A text that is not looked into has no structure, and nothing fails."""
    snapshot = Snapshot("# x\n" * (MAX_LENGTH // 4 + 1))
    assert folds(snapshot) == []
    assert symbols(snapshot) == []
    assert selection(snapshot, MAX_LENGTH)[-1] == (0, len(snapshot.text))
