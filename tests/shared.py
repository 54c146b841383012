"""The material prepared beside the checkout, where it is there; never part of the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]
SHARED = REPO.parent / "shared"
CACHE = REPO / ".cache"

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared corpus is not beside this checkout"
)
