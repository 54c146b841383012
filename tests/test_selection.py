"""Which release a dependency can be given: by constraint, yanks, Pythons and pre-releases."""

from __future__ import annotations

import pytest

from pyproject_ls.facts.packages import Package, Release
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.pythons import limited
from pyproject_ls.project.selection import (
    Outlook,
    allows,
    choice,
    newest,
    newest_allowed,
    project_python,
    supports,
)
from pyproject_ls.project.wants import Want, from_indexes
from pyproject_ls.toml import parse


def package(*releases: str) -> Package:
    """A package; each release is ``VERSION [pre] [yanked] [PYTHON]``, the newest first."""
    return Package("demo", tuple(map(_release, releases)))


def _release(text: str) -> Release:
    version, *words = text.split()
    return Release(
        version,
        requires_python=next((word for word in words if word[0] in "<>="), ""),
        yanked="why" if "yanked" in words else None,
        is_prerelease="pre" in words,
    )


FLASK = package("3.2rc1 pre", "3.1 >=3.9", "3.0 yanked", "2.3 >=3.8", "1.0")


@pytest.mark.parametrize(
    ("constraint", "outlook", "version", "newer"),
    [
        ("", Outlook.FINE, "3.1", None),
        ("*", Outlook.FINE, "3.1", None),
        ("<3", Outlook.FINE, "2.3", "3.1"),
        ("==1.0", Outlook.FINE, "1.0", "3.1"),
        ("<=3.1,!=3.1", Outlook.FINE, "2.3", None),
        ("==3.0", Outlook.YANKED, "3.0", "3.1"),
        (">3.1", Outlook.PRERELEASES, "3.2rc1", None),
        (">=3.2rc1", Outlook.FINE, "3.2rc1", None),
        ("!=3.2rc1", Outlook.FINE, "3.1", None),
        (">4", Outlook.NO_VERSION, None, None),
        ("three", Outlook.UNREADABLE, None, None),
    ],
)
def test_choice(constraint: str, outlook: Outlook, version: str | None, newer: str | None) -> None:
    for is_poetry in (False, True):
        found = choice(FLASK, Want(constraint, is_poetry), ">=3.9", False)
        assert found.outlook is outlook
        assert getattr(found.release, "version", None) == version
        assert getattr(found.newer, "version", None) == newer


@pytest.mark.parametrize(
    ("option", "outlook"), [(True, Outlook.FINE), (False, Outlook.PRERELEASES)]
)
def test_poetry_says_whether_prereleases_are_meant(option: bool, outlook: Outlook) -> None:
    found = choice(FLASK, Want(">3.1", True, prereleases=option), "", False)
    assert found.outlook is outlook


def test_what_has_only_prereleases_has_them_taken() -> None:
    found = choice(package("0.2b1 pre", "0.1a1 pre"), Want("", False), "", False)
    assert (found.outlook, getattr(found.release, "version", None)) == (Outlook.FINE, "0.2b1")


@pytest.mark.parametrize(
    ("release", "python", "some", "whole"),
    [
        ("", ">=3.9", True, True),
        (">=3.9", "", True, True),
        (">=3.9", ">=3.10", True, True),
        (">=3.10", ">=3.9", False, False),
        (">=3.9,<4.0", ">=3.9", True, False),
        (">=3.9,<4.0", "^3.9", True, True),
        (">=3.9.2", ">=3.9", True, False),
        ("!=3.9.*,>=3.8", ">=3.9", False, False),
        ("<3.9", "<3.12", True, False),
        ("nonsense", ">=3.9", True, True),
        (">=3.9", "nonsense", True, True),
    ],
)
def test_supports(release: str, python: str, some: bool, whole: bool) -> None:
    found = Release("1.0", requires_python=release)
    assert supports(found, python) is some
    assert supports(found, python, whole=True) is whole


def test_a_release_for_all_pythons_goes_before_a_newer_one_for_some() -> None:
    numpy = package("2.2 >=3.10", "2.0 >=3.9", "1.0 >=3.8")
    assert newest(numpy, ">=3.9") == numpy.releases[1]
    found = choice(numpy, Want(">=1", False), ">=3.9", False)
    assert found.release == numpy.releases[1]
    only_some = choice(numpy, Want(">=2.1", False), ">=3.9", False)
    assert (only_some.outlook, only_some.release) == (Outlook.FINE, numpy.releases[0])
    assert choice(numpy, Want(">=2.1", True), ">=3.9", True).outlook is Outlook.PYTHON


def test_newest_falls_back_to_prereleases_but_never_to_yanked_ones() -> None:
    assert newest(package("2.0rc1 pre", "1.0 yanked"), "") == _release("2.0rc1 pre")
    assert newest(package("1.0 yanked"), "") is None
    assert newest(FLASK, "", prereleases=True) == FLASK.releases[0]


@pytest.mark.parametrize(
    ("python", "constraint", "marker", "left"),
    [
        (">=3.9", ">=3.11", "", ">=3.11"),
        (">=3.9", "", "python_version < '3.11'", ">=3.9,<3.11"),
        ("", "", "sys_platform == 'win32'", ""),
        (">=3.9,<4", "", "python_version < '3.8'", None),
        (">=3.9", "three", "", None),
        (">=3.9", "", "python_version <", None),
    ],
)
def test_conditions_limit_the_pythons(
    python: str, constraint: str, marker: str, left: str | None
) -> None:
    assert limited(python, constraint, marker) == left


@pytest.mark.parametrize(
    ("text", "python"),
    [
        ('[project]\nrequires-python = ">=3.9"\n', ">=3.9"),
        ('[tool.poetry.dependencies]\npython = "^3.9"\n', "^3.9"),
        ('[tool.poetry.dependencies]\npython = "*"\n', ""),
        (
            '[project]\nrequires-python = ">=3.9"\n'
            '[tool.poetry.dependencies]\npython = ">=3.9,<4.0"\n',
            ">=3.9,<4.0",
        ),
        ("[project]\nrequires-python = 3\n", ""),
        ("", ""),
    ],
)
def test_the_pythons_of_a_project(text: str, python: str) -> None:
    assert project_python(Manifest(parse(text))) == python


TEXT = """\
[project]
name = "demo"
dependencies = ["demo[x]", "a<3", "b @ https://files.example/b.zip", "c==x", "d", "-e .", ""]

[tool.poetry.dependencies]
python = "^3.9"
d = { path = "../d" }
e = { version = "^2.0", python = ">=3.10", markers = "os_name == 'nt'", allow-prereleases = true }
f = { extras = ["x"] }
g = ["^1.0", { git = "https://code.example/g.git" }]
h = "requests>=2"
"""


def test_what_is_taken_from_an_index() -> None:
    found = {dependency.name: want for dependency, want in from_indexes(Manifest(parse(TEXT)))}
    assert found == {
        "a": Want("<3", False),
        "c": Want("==x", False),
        "e": Want("^2.0", True, True, ">=3.10", "os_name == 'nt'"),
        "g": Want("^1.0", True),
    }


def test_by_dependency() -> None:
    manifest = Manifest(parse(TEXT))
    by_name = {each.name: each for each in manifest.dependencies}
    assert newest_allowed(FLASK, by_name["a"], TEXT, "") == FLASK.releases[3]
    assert newest_allowed(FLASK, by_name["b"], TEXT, "") is None
    assert newest_allowed(FLASK, by_name["c"], TEXT, "") is None
    assert allows(by_name["a"], TEXT, "2.9") is True
    assert allows(by_name["a"], TEXT, "3.0") is False
    assert allows(by_name["e"], TEXT, "2.5") is True
    assert allows(by_name["c"], TEXT, "3.0") is None
    assert allows(by_name["d"], TEXT, "3.0") is None
    assert allows(by_name["a"], TEXT, "not a version") is False
