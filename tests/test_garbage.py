"""Nothing that is made for a keystroke waits for the garbage collector.

The server collects garbage only when nobody types, so trees that refer to themselves would pile up
in between: a quarter of a megabyte a letter, in a long file.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable

import pytest

from pyproject_ls.config import Settings
from pyproject_ls.facts import Answer, Facts, Question
from pyproject_ls.features.code_lens import code_lenses
from pyproject_ls.features.completion import complete
from pyproject_ls.features.hover import hover
from pyproject_ls.features.inlay_hints import inlay_hints
from pyproject_ls.features.links import links
from pyproject_ls.features.rewrites import rewrites
from pyproject_ls.features.semantic_tokens import semantic_tokens
from pyproject_ls.features.symbols import symbols
from pyproject_ls.host import Snapshot
from pyproject_ls.text import Span
from tests import fixture_index

POETRY = """\
[tool.poetry.dependencies]
python = "^3.10"
flask = { version = "^2.0", source = "corp" }
[[tool.poetry.source]]
name = "corp"
url = "https://corp.example/simple/"
"""
UV = """\
[tool.uv.sources]
flask = { index = "corp" }
[[tool.uv.index]]
name = "corp"
url = "https://corp.example/simple/"
"""
PDM = """\
[[tool.pdm.source]]
name = "corp"
url = "https://corp.example/simple/"
include_packages = ["fla*"]
"""
PROJECT = """\
[project]
name = "demo"
version = "1.0"
requires-python = ">=3.10"
dependencies = ["flask>=2,<3", "no-such-package[extra]>=1"]
[dependency-groups]
dev = ["pytest", "broken >=", "x; broken", "y @ broken:"]
"""
BROKEN = ["broken >=", "x; broken", "y @ broken:"]
"""Nobody has judged these before: what is wrong is told by an error."""

ASKED: dict[str, Callable[[Snapshot], object]] = {
    "findings": lambda snapshot: snapshot.findings,
    "hints": inlay_hints,
    "lenses": code_lenses,
    "links": links,
    "symbols": symbols,
    "tokens": semantic_tokens,
    "completion": lambda snapshot: complete(snapshot, snapshot.text.index("flask") + 3),
    "hover": lambda snapshot: hover(snapshot, snapshot.text.index("flask") + 3),
    "rewrites": lambda snapshot: rewrites(snapshot, Span(0, len(snapshot.text))),
}


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("table", [POETRY, UV, PDM, ""], ids=["poetry", "uv", "pdm", "pip"])
def test_what_was_found_out_leaves_no_cycles(asked: str, table: str) -> None:
    question, settings = ASKED[asked], Settings(online=True)
    known: dict[Question, Answer] = {}
    for _ in range(4):  # also so that what is kept for good is there
        snapshot = Snapshot(PROJECT + table, Facts(known), settings)
        question(snapshot)
        known = {**known, **fixture_index.answers(snapshot.facts.wanted)}

    def typing() -> None:
        last = None
        for letter in "abcdefgh":
            text = PROJECT.replace('"demo"', f'"demo-{letter}"') + table
            for broken in BROKEN:
                text = text.replace(broken, broken.replace("broken", f"broken-{letter}"))
            last = Snapshot(text, Facts(known), settings, last)
            question(last)

    assert cyclic(typing) == {}


def cyclic(work: Callable[[], object]) -> dict[str, int]:
    """How many objects of which of our types only the garbage collector frees after `work`."""
    gc.collect()
    gc.disable()
    try:
        work()
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.collect()
        types = [type(each) for each in gc.garbage]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    return dict(Counter(each.__qualname__ for each in types if "pyproject_ls" in each.__module__))
