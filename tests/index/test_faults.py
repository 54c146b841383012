"""A short storm of faults; the long one is ``python -m tests.faults``."""

from __future__ import annotations

import pytest

from tests.faults import storm


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_servers_do(seed: int) -> None:
    result = storm(80, seed)
    assert result.problems == []
    assert sum(result.faults.values()) >= 80
    assert len(result.faults) > 10
    assert sum(result.answers.values()) > 40
