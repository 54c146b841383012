"""The graph of a lock file: what is read, what is found in it, and how much work that is."""

from __future__ import annotations

import pytest

from pyproject_ls.project.lock_graph import LockGraph, lock_graph
from pyproject_ls.project.lock_packages import LockedPackage, locked_packages
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.toml import parse
from tests import feature_pages
from tests.toml_fuzz import mutations

POETRY = """
[[package]]
name = "Top"
version = "1.0"
groups = ["main", "dev"]
files = [
    {file = "top-1.0.tar.gz", hash = "sha256:0"},
    {file = "[[package]]", hash = "sha256:1"},
]

[package.dependencies]
low = ">=1,<2"
MID = {version = "*", extras = ["x"], markers = "extra == 'more' and os_name == 'nt'"}

[package.extras]
more = ["mid"]

[[package]]
name = "mid"
version = "3"
markers = {main = "os_name == 'nt'"}

[package.dependencies]
low = [
    {version = ">=2", markers = "python_version > '3'"},
    {git = "https://demo.example/low", rev = "abc"},
]
other = "*"

[package.source]
type = "git"
url = "https://demo.example/mid"
reference = "main"
resolved_reference = "abc"

[[package]]
name = "low"
version = "1.5"

[[package]]
name = "low"
version = "2.5"

[package.source]
type = "legacy"
url = "https://index.example/simple/"
reference = "corp"

[metadata]
name = "no package"
"""


def package(graph: LockGraph, name: str, version: str = "") -> LockedPackage:
    """The one of this name, and of this version where there are several."""
    (found,) = (each for each in graph.packages[name] if version in {"", each.version})
    return found


def test_what_is_read() -> None:
    graph = lock_graph(POETRY)
    assert sorted(graph.packages) == ["low", "mid", "top"]
    top, mid = package(graph, "top"), package(graph, "mid")
    assert (top.name, top.version, top.groups) == ("Top", "1.0", ("main", "dev"))
    low, other = top.needs
    assert (low.name, low.constraint, low.marker) == ("low", ">=1,<2", "")
    assert (other.normalized, other.constraint, other.extras) == ("mid", "", ("x",))
    assert other.extra == "more"
    assert mid.marker == "main: os_name == 'nt'"
    assert mid.place == "git https://demo.example/mid abc"
    assert mid.needs[1].place == "git https://demo.example/low abc"
    assert package(graph, "low", "2.5").index == "https://index.example/simple"


def test_who_needs_which_version() -> None:
    graph = lock_graph(POETRY)
    old, new = graph.packages["low"]
    assert [user.package.name for user in graph.needed_by(old)] == ["Top", "mid"]
    assert {user.package.name for user in graph.needed_by(new)} == {"mid"}
    assert graph.needed_by(package(graph, "top")) == ()
    dependency = Manifest(parse('[project]\ndependencies = ["low<2"]\n')).dependencies[0]
    assert graph.of(dependency) == (old,)


@pytest.mark.parametrize(
    ("starts", "ways"),
    [
        ({"top"}, ["top low"]),
        ({"mid"}, ["mid low"]),
        ({"top", "mid"}, ["top low", "mid low"]),
        ({"low"}, ["low"]),
        (set(), []),
    ],
)
def test_paths(starts: set[str], ways: list[str]) -> None:
    graph = lock_graph(POETRY)
    found = graph.paths(starts, package(graph, "low", "1.5"))
    assert [" ".join(each.normalized for each in way) for way in found] == ways


def test_paths_in_a_ring_end_and_are_short() -> None:
    size = 400
    text = "\n".join(
        f'[[package]]\nname = "p{n}"\n\n[package.dependencies]\np{(n + 1) % size} = "*"\n'
        for n in range(size)
    )
    graph = lock_graph(text)
    (way,) = graph.paths({"p0"}, package(graph, "p399"))
    assert [each.name for each in way] == [f"p{n}" for n in range(size)]
    many = graph.paths({f"p{n}" for n in range(size)}, package(graph, "p5"), limit=3)
    assert [each.name for each in many[0]] == ["p5"]
    assert len(many) <= 3


def test_uv_says_which_version() -> None:
    text = """
[[package]]
name = "a"
version = "1"
dependencies = [
    { name = "c", version = "1", marker = "os_name == 'nt'" },
    { name = "gone" },
]

[package.optional-dependencies]
more = [
    { name = "c", version = "2" },
]

[[package]]
name = "c"
version = "1"
resolution-markers = [
    "os_name == 'nt'",
    "os_name == 'posix'",
]

[[package]]
name = "c"
version = "2"

[[package]]
name = "demo"
source = { virtual = "." }
dependencies = [
    { name = "a" },
]
"""
    graph = lock_graph(text)
    assert "demo" not in graph.packages
    a = package(graph, "a")
    targets = [[each.version for each in graph.targets(need)] for need in a.needs]
    assert targets == [["1"], [], ["2"]]
    assert a.needs[2].extra == "more"
    assert graph.packages["c"][0].marker == "os_name == 'nt' or os_name == 'posix'"


def test_what_did_not_change_is_not_read_again() -> None:
    changed = POETRY.replace('version = "1.5"', 'version = "1.6"')
    first, second = locked_packages(POETRY), locked_packages(changed)
    same = [one is other for one, other in zip(first, second, strict=True)]
    assert same == [True, True, False, True]
    files = POETRY.replace("sha256:1", "sha256:2")
    assert [
        one.fingerprint == other.fingerprint
        for one, other in zip(first, locked_packages(files), strict=True)
    ] == [False, True, True, True]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[[package]]",
        '[[package]]\nname = 1\n[[package]]\nname = ""\n',
        '[[package]]\nname = "x"\nversion = 1\ndependencies = "y"\nsource = []\ngroups = 1',
        '[[package]]\nname = "x"\n[package.dependencies]\ny = 1\nz = [1, {}]\n"" = "*"',
        '[[package]]\nname = "x"\ndependencies = [1, {}, { name = 1 }, { name = "y", extra = 1 }]',
        '[[package]]\nname = "x"\nfiles = [\n' * 5000,
        '[[package]]\nname = "x"\ndependencies = ' + "[" * 20_000,
        "[[package]]\n" * 20_000,
        '[[package]]\nname = "x"\n\x00\ud800\u2028version = "1"',
    ],
)
def test_odd_files(text: str) -> None:
    graph = lock_graph(text)
    for versions in graph.packages.values():
        for each in versions:
            graph.needed_by(each)
            graph.paths({"x"}, each)


def test_broken_files() -> None:
    cases = feature_pages.all_cases("dependency_tree")
    locks = [content for case in cases for content in case.files.values() if content]
    for _, broken in mutations(locks, 400, 7):
        graph = lock_graph(broken)
        for versions in graph.packages.values():
            for each in versions:
                assert isinstance(each.version, str)
                graph.needed_by(each)
