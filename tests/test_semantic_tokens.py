"""The pages of ``fixtures/semantic_tokens/``, and tokens for any text and span."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyproject_ls.config import Settings
from pyproject_ls.features.inlay_hints import inlay_hints
from pyproject_ls.features.semantic_tokens import MODIFIERS, TYPES, semantic_tokens
from pyproject_ls.host import Snapshot
from pyproject_ls.text import Span
from tests import feature_pages
from tests.feature_pages import Case
from tests.shared import SHARED


@pytest.mark.parametrize("case", feature_pages.parameters("semantic_tokens"))
def test_semantic_tokens(case: Case, tmp_path: Path) -> None:
    tokens = case.ask(tmp_path, semantic_tokens)
    lines = (
        " ".join((case.shown(token.span), "=", token.type, *token.modifiers)) for token in tokens
    )
    case.check("text tokens", "\n".join(lines))


def assert_tokens(text: str) -> None:
    """All that holds for the tokens of any text."""
    snapshot = Snapshot(text)
    tokens = semantic_tokens(snapshot)
    done = 0
    for token in tokens:
        assert done <= token.span.start < token.span.end <= len(text)
        assert "\n" not in text[token.span.start : token.span.end]
        assert token.type in TYPES
        assert set(token.modifiers) <= set(MODIFIERS)
        done = token.span.end
    half = Span(len(text) // 3, len(text) // 2)
    assert semantic_tokens(snapshot, half) == [
        token for token in tokens if token.span.start <= half.end and half.start <= token.span.end
    ]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared corpus is not beside this checkout")
def test_real_files() -> None:
    for path in sorted((SHARED / "corpus").glob("*.toml"))[::3]:
        text = path.read_bytes().decode("utf-8", "replace")
        assert_tokens(text)
        hints = inlay_hints(Snapshot(text, settings=Settings(inlay_ranges=True)))
        assert all(0 <= hint.offset <= len(text) and hint.label for hint in hints)


@pytest.mark.parametrize("case", feature_pages.parameters("semantic_tokens"))
def test_truncated(case: Case) -> None:
    for end in range(0, len(case.text), 7):
        assert_tokens(case.text[:end])
