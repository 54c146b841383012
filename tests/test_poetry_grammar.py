"""Our reading of poetry-core's grammar is that of poetry-core."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from poetry.core.version import markers, requirements
from poetry.core.version.parser import Parser

from pyproject_ls.project.poetry_grammar import Kind, Refusal, Token, read_marker, read_requirement
from pyproject_ls.project.poetry_markers import marker_of

VALID = [
    "a>=1,<2",
    "a[b,c] (>=1) ; python_version<'3' and (sys_platform=='linux' or 'x' in os.name)",
    "a @ https://x/y.whl ; extra == 'b'",
]
BROKEN = ["a", "[", "]", "b", ",", "(", ")", ">=", "==", "1.2", "~=", "===", "@", "https://x", ";"]
QUOTES = ["'", '"', "é", "\t", "\n", "\\", "", " "]
WORDS = [
    "python_version",
    "sys.platform",
    " in ",
    " not in ",
    " and ",
    " or ",
    "'3'",
    '"a\\"b"',
    "in",
]
texts = st.lists(
    st.tuples(st.integers(0, 80), st.integers(0, 3), st.sampled_from(BROKEN + QUOTES + WORDS)),
    max_size=3,
).flatmap(lambda edits: st.sampled_from(VALID).map(lambda text: _edited(text, edits)))


def _edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    for start, length, new in edits:
        text = text[:start] + new + text[start + length :]
    return text


def _refused_by(parser: Parser, text: str) -> int | None:
    """Where lark refuses `text`: the offset in its line."""
    try:
        parser.parse(text)
    except Exception as error:  # lark's errors have no common public base
        column: int = getattr(error, "column", 0)
        return column - 1
    return None


def _tokens(tree: Any, terminal: str) -> list[str]:
    """What lark has read as `terminal`."""
    return [str(each) for each in tree.scan_values(lambda token: token.type == terminal)]


def _agree(ours: list[Token] | Refusal, theirs: int | None, text: str) -> None:
    refused = ours.at if isinstance(ours, Refusal) else None
    assert (refused is None) == (theirs is None)
    assert refused == theirs or "\n" in text  # lark counts from the last one


@settings(derandomize=True, max_examples=3000, deadline=None)
@given(texts)
def test_requirements(text: str) -> None:
    ours = read_requirement(text)
    _agree(ours, _refused_by(requirements._parser, text), text)
    if isinstance(ours, list):
        tree = requirements._parser.parse(text)
        for kind, terminal in ((Kind.EXTRA, "EXTRA"), (Kind.CLAUSE, "LEGACY_VERSION_CONSTRAINT")):
            written = [each.text for each in ours if each.kind is kind]
            assert written == _tokens(tree, terminal)


@settings(derandomize=True, max_examples=3000, deadline=None)
@given(texts.map(lambda text: text.rpartition(";")[2]))
def test_markers(text: str) -> None:
    _agree(read_marker(text), _refused_by(markers._parser, text), text)
    try:
        theirs: object = markers.parse_marker(text)
    except Exception as error:  # lark's errors have no common public base
        if not isinstance(error, ValueError):
            assert isinstance(marker_of(text), Refusal)
            return
        with pytest.raises(type(error)):
            marker_of(text)
        return
    assert marker_of(text) == theirs


@pytest.mark.parametrize("text", ["", "*", "<empty>"])
def test_markers_without_a_grammar(text: str) -> None:
    assert marker_of(text) == markers.parse_marker(text)
