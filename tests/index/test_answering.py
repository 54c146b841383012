"""From questions to indexes: what is asked of whom, and what that comes to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyproject_ls.config import IndexSettings
from pyproject_ls.facts import Answer, Question
from pyproject_ls.facts.packages import Missing, Package, ReleasesOf, Unreachable
from pyproject_ls.index.service import Service
from pyproject_ls.index.trust import Approvals
from pyproject_ls.project.lookup import IndexRef, IndexTool, Lookup
from tests.index_server import Answer as Served
from tests.index_server import IndexServer


@pytest.fixture
def server() -> Iterator[IndexServer]:
    with IndexServer() as server:
        yield server


def lookup(server: IndexServer, tool: IndexTool) -> Lookup:
    """First the private index, then the public one."""
    private = IndexRef("corp", server.url("/private/simple/"), tool)
    public = IndexRef("public", server.url("/public/simple/"), tool)
    return Lookup(((private,), (public,)))


def ask(folder: Path, *questions: Question) -> list[Answer | None]:
    service = Service(IndexSettings(ranking=""), folder / "cache", fetch_names=False)
    try:
        found = service.answers(questions, None, 30)
    finally:
        service.close()
    return [found.get(each) for each in questions]


@pytest.mark.parametrize("tool", ["poetry", "uv"])
def test_an_index_that_is_down_hides_the_next_one(
    server: IndexServer, tmp_path: Path, tool: IndexTool
) -> None:
    """What has the same name elsewhere may be another package."""
    server.instead["/private/simple/flask/"] = Served(403)
    (answer,) = ask(tmp_path, ReleasesOf("flask", lookup(server, tool)))
    assert isinstance(answer, Unreachable)
    assert "corp" in answer.reason
    assert "/public/simple/flask/" not in {each.path for each in server.requests}


def test_the_next_index_is_asked_where_the_first_has_nothing(
    server: IndexServer, tmp_path: Path
) -> None:
    (answer,) = ask(tmp_path, ReleasesOf("flask", lookup(server, "uv")))
    assert isinstance(answer, Package)
    assert answer.found_on == "public"
    assert not answer.is_partial


@pytest.mark.parametrize(("tool", "is_partial"), [("poetry", True), ("uv", False)])
def test_poetry_goes_on_where_no_release_fits(
    server: IndexServer, tmp_path: Path, tool: IndexTool, is_partial: bool
) -> None:
    (answer,) = ask(tmp_path, ReleasesOf("torch", lookup(server, tool)))
    assert isinstance(answer, Package)
    assert [each.version for each in answer.releases] == ["2.5.1+cu124"]
    assert answer.is_partial == is_partial


def test_a_question_that_fails_takes_no_other_with_it(server: IndexServer, tmp_path: Path) -> None:
    asked = lookup(server, "uv")
    answers = ask(tmp_path, ReleasesOf("\ud800", asked), ReleasesOf("nothing", asked))
    assert isinstance(answers[0], (Unreachable, Missing))
    assert isinstance(answers[1], Missing)
    assert answers[1].indexes == ("corp", "public")


@pytest.mark.parametrize(
    ("origin", "is_bound"),
    [
        ("https://corp.example", True),
        ("http://localhost:8080", True),
        ("http://corp.example", False),
    ],
)
def test_without_a_person_nothing_is_bound_to_plain_http(
    tmp_path: Path, origin: str, is_bound: bool
) -> None:
    approvals = Approvals(tmp_path / "approvals.json")
    assert asyncio.run(approvals.allows("poetry:corp", origin)) == is_bound
