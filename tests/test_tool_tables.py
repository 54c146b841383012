"""The tables of other tools while people type: what was right once is not looked at again."""

from __future__ import annotations

import pytest

from pyproject_ls.host import Snapshot

BEGINNING = '[project]\nname = "a"\nversion = "1"\n\n'
RIGHT = "[tool.black]\nline-length = 88\n\n[tool.mypy]\nstrict = true\n"
WRONG = RIGHT.replace("88", '"88"')


def told(text: str, previous: Snapshot | None = None) -> list[str]:
    """What is said of the tables of tools: the key, and the text that the finding stands on."""
    snapshot = Snapshot(text, previous=previous)
    return [
        f"{'.'.join(map(str, each.path))}: {text[each.span.start : each.span.end]}"
        for each in snapshot.findings
        if each.code.startswith("tool-")
    ]


@pytest.mark.parametrize("before", ["", "# moved\n"])
def test_a_fault_is_found_behind_what_was_right(before: str) -> None:
    last = Snapshot(BEGINNING + RIGHT)
    assert told(last.text) == []
    for _ in range(2):
        faulty = before + BEGINNING + WRONG
        assert told(faulty, last) == ['tool.black.line-length: "88"']
        last = Snapshot(faulty)
        assert told(BEGINNING + before + RIGHT, last) == []


@pytest.mark.parametrize(
    "text",
    [
        "tool.mypy.strict = 1\n" + BEGINNING + "[tool.black]\nline-length = 88\n",
        BEGINNING + "[tool]\nmypy.strict = 1\n\n[tool.black]\nline-length = 88\n",
    ],
)
def test_a_fault_outside_of_the_headers_of_its_tool(text: str) -> None:
    assert told(BEGINNING + RIGHT) == []
    assert told(text) == ["tool.mypy.strict: 1"]
    assert told(text.replace("strict = 1", "strict = true")) == []
    assert told(text) == ["tool.mypy.strict: 1"]


def test_the_same_text_of_another_tool() -> None:
    right = BEGINNING + "[tool.mypy]\nstrict = true\n"
    assert told(right) == []
    assert told(right.replace("mypy", "black")) == ["tool.black.strict: strict"]
