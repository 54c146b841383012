"""What is told of a readme is what the index's own renderer says, where that is installed."""

from __future__ import annotations

import pytest

from pyproject_ls.checks import publish_rst
from tests import pages

PAGE = pages.read(pages.FOLDER / "publish-readme-rst.md")
TEXTS = [
    (case.name, block.text)
    for case in PAGE.cases
    for block in case.blocks
    if block.words[0] == "text" and "rst" in "".join(case.options + block.words)
]


@pytest.mark.parametrize(("name", "text"), TEXTS)
def test_the_renderer_agrees(name: str, text: str) -> None:
    renderer = pytest.importorskip("readme_renderer.rst")
    assert (renderer.render(text) is None) == bool(list(publish_rst.unknown_in(text))), name


def test_all_directives_and_roles_of_docutils_are_known() -> None:
    names = pytest.importorskip("docutils.parsers.rst.languages.en")
    assert set(names.directives) - {"include", "raw"} <= publish_rst._DIRECTIVES
    assert set(names.roles) - {"raw"} <= publish_rst._ROLES


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("A :ref:`b`.", [":ref:"]),
        (r"A \:ref:`b`.", []),
        ("a:ref:`b`", []),
        (":field: value\n:other:`x`", [":other:"]),
        ("::\n\n  :ref:`b`\n\n:ref:`c`", [":ref:"]),
        (".. note::\n   :ref:`b`\n\n   .. only:: html", [":ref:", ".. only::"]),
        ("- item\n\n  .. seealso:: x", [".. seealso::"]),
        (".. not-closed:", []),
        (".. |x| replace:: :doc:`y`", [":doc:"]),
        (".. role:: mine(strong)\n\n:mine:`x` :Mine:`y`", []),
        (">>> f(':a:`b`')\n:a:`b`\n\n:a:`b`", [":a:"]),
    ],
)
def test_unknown(text: str, expected: list[str]) -> None:
    assert [each.written for each in publish_rst.unknown_in(text)] == expected
