"""Our findings under ``--profile poetry`` are those of ``poetry check`` (as recorded)."""

from pathlib import Path

from tests.parity.cases import recorded
from tests.parity.report import agreement, described
from tests.shared import needs_shared


@needs_shared
def test_agrees_with_poetry(tmp_path: Path) -> None:
    total = agreement(recorded(tmp_path))
    differing = "\n".join(described(verdict) for verdict in total.differing)
    assert total.holds, f"{total}\n{differing}"
