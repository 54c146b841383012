"""The pages of ``fixtures/{definition,references,links}``: from a name to what it means."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from pyproject_ls.config import INDEX_PAGE
from pyproject_ls.features.definition import definitions
from pyproject_ls.features.links import links, web_address
from pyproject_ls.features.names import occurrence_at
from pyproject_ls.features.references import highlights, references
from pyproject_ls.host import Snapshot
from tests.feature_pages import Case, parameters

INDEX = INDEX_PAGE.partition("{")[0]


@pytest.mark.parametrize("case", parameters("definition"))
def test_definition(case: Case, tmp_path: Path) -> None:
    """Each line is a place: in this file with its text, or a path with line and column."""
    found = case.ask(tmp_path, lambda snapshot: definitions(snapshot, case.cursor))
    lines = [
        case.shown(each.span)
        if each.span is not None
        else f"{each.path} {each.line + 1}:{each.column + 1}"
        for each in found
    ]
    for each in found:
        assert each.origin.start <= case.cursor <= each.origin.end
    case.check("text definitions", "\n".join(lines))


@pytest.mark.parametrize("case", parameters("references"))
def test_references(case: Case, tmp_path: Path) -> None:
    """Each line is an occurrence of the name at the cursor."""
    found = case.ask(tmp_path, lambda snapshot: highlights(snapshot, case.cursor))
    lines = [
        case.shown(each.span) + (" (declaration)" if each.is_declaration else "") for each in found
    ]
    case.check("text references", "\n".join(lines))
    uses = [each.span for each in found if not each.is_declaration]
    assert case.ask(tmp_path, lambda snapshot: references(snapshot, case.cursor, False)) == uses
    for span in uses:
        here = occurrence_at(Snapshot(case.text), span.end)
        assert here is not None
        assert here.span == span


@pytest.mark.parametrize("case", parameters("links"))
def test_links(case: Case, tmp_path: Path) -> None:
    """Each line is a link: its text, then what it opens."""
    found = case.ask(tmp_path, links)
    case.check(
        "text links",
        "\n".join(
            # the address of the index stands in one place only, which is not a fixture
            f"{case.shown(each.span)} -> {each.url or each.path}".replace(INDEX, "INDEX/")
            for each in found
        ),
    )
    for one, other in pairwise(found):
        assert one.span.end <= other.span.start
    assert not any("@" in (each.url or "").split("/")[2] for each in found if each.url)


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://a:b@c.example/d", "https://c.example/d"),
        ("https://a@b@c.example", "https://c.example"),
        ("git+https://c.example/d.git@v1@2", "https://c.example/d.git@v1"),
        ("ssh://git@github.com/a/b.git", "https://github.com/a/b"),
        ("git+ssh://git@github.com/a/b.git@main", "https://github.com/a/b"),
        ("git@gitlab.com:a/b.git", "https://gitlab.com/a/b"),
        ("git@intern:a/b.git", None),
        ("file:///etc/passwd", None),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https://a.example/ b", None),
        ("https://a.example/\u202eb", None),
    ],
)
def test_web_address(url: str, page: str | None) -> None:
    """Only pages of the web are opened, and no link shows a password."""
    assert web_address(url) == page
