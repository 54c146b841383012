"""What the store keeps of a page: it comes back as it was, and damage is noticed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pyproject_ls.facts.packages import Release, Status
from pyproject_ls.index.record_json import read_project, write_project
from pyproject_ls.index.records import Project
from pyproject_ls.index.releases import MAX_RELEASES

PROJECT = Project(
    "Flask",
    (
        Release("3.0rc1", "2025-06-01", ">=3.10", None, True),
        Release("2.0", "2024-06-01", ">=3.8", "broken wheels"),
        Release("1.0", yanked=""),
    ),
    Status.ARCHIVED,
    "nobody looks after it",
    (("2.0", "https://index.example/flask-2.0.metadata"),),
)


def kept(project: Project) -> Any:
    """The record of `project` as it comes out of the store."""
    return json.loads(json.dumps(write_project(project)))


@pytest.mark.parametrize("project", [PROJECT, Project("empty", ())])
def test_a_project_comes_back(project: Project) -> None:
    assert read_project(kept(project)) == project


def test_a_signed_address_is_not_kept() -> None:
    signed = ("1.0", "https://index.example/flask-1.0.metadata?signature=s3cret")
    record = kept(PROJECT._replace(metadata=(*PROJECT.metadata, signed)))
    assert read_project(record) == PROJECT


def test_not_more_comes_back_than_is_kept_of_a_page() -> None:
    releases = tuple(Release(f"{number}.0") for number in range(MAX_RELEASES + 1))
    assert read_project(kept(Project("many", releases))).releases == releases[:-1]


@pytest.mark.parametrize(
    ("column", "row", "value"),
    [(0, 1, 2.0), (1, 0, None), (2, 2, ["3"]), (3, 1, 0), (4, 0, 1), (4, 2, "no")],
)
def test_a_field_of_the_wrong_type_is_noticed(column: int, row: int, value: object) -> None:
    record = kept(PROJECT)
    record["releases"][column][row] = value
    with pytest.raises(ValueError, match="releases"):
        read_project(record)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("releases", None),
        ("releases", [["1.0"]]),
        ("releases", ["1.0", "", "", "", ""]),
        ("releases", [["1.0", "2.0"], [""], [""], [None], [False]]),
        ("releases", [["1.0", "2024-01-01", "", None, False]]),
        ("metadata", [["1.0"]]),
        ("metadata", [["1.0"], [2]]),
        ("name", 1),
        ("status", "gone"),
        ("status_reason", None),
    ],
)
def test_a_record_of_the_wrong_shape_is_noticed(key: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"{key}|shorter|valid Status"):
        read_project(kept(PROJECT) | {key: value})
