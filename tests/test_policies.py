"""Policies: the documentation is true, layers add up, and nothing in a policy does harm."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pyproject_ls.checks.registry import all_rules
from pyproject_ls.checks.team_fixes import excluding
from pyproject_ls.checks.team_licenses import is_permitted
from pyproject_ls.config import Settings
from pyproject_ls.configuration import NO_POLICY
from pyproject_ls.configuration.policy import Style, merged, placed, read_policy
from pyproject_ls.disk import analyse
from pyproject_ls.host import Snapshot
from pyproject_ls.project.schema.own import OWN
from pyproject_ls.project.schema.own_policy import POLICY
from pyproject_ls.project.schema.validate import faults
from pyproject_ls.text import apply_edits
from pyproject_ls.toml import Table, parse
from tests import fixture_index, pages

PAGE = Path(__file__).parents[1] / "docs" / "policies.md"
CASES = pages.read(PAGE).cases

PROJECT = '[project]\nname = "demo"\nversion = "1.0"\n'


def example() -> Table:
    """The file that the page shows first."""
    block = re.search(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert block is not None
    document = parse(block[1])
    assert not document.problems
    return document.root


def analysed(text: str, folder: Path) -> Snapshot:
    """`text` in `folder`, judged by the rules of policies only."""
    settings = Settings(select=frozenset({"team-*"}), online=True)
    return analyse(text, folder, settings, packages=fixture_index.answers)


def test_the_example_has_every_key_and_no_fault() -> None:
    root = example()
    assert faults(OWN, root, (), poetry=False) == []
    policy = root.values["policy"]
    assert isinstance(policy, Table)
    assert set(policy.values) == set(POLICY.fields)
    read = read_policy(policy)
    same = [name for name in read._fields if getattr(read, name) == getattr(NO_POLICY, name)]
    assert same == []


def test_every_rule_has_an_example() -> None:
    assert sorted(case.name for case in CASES) == [x for x in all_rules() if x.startswith("team-")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_examples_break_the_rule_that_they_are_about(case: pages.Case, tmp_path: Path) -> None:
    case.write_files(tmp_path)
    assert {each.code for each in analysed(case.text, tmp_path).findings} == {case.name}


def test_what_is_wrong_is_passed_over() -> None:
    text = "requires-python = 3\nrequired-packages = [1, {}, 'a']\nnames = 'x'\nlock = []\n"
    assert [each.name for each in read_policy(parse(text).root).required_packages] == ["a"]


@pytest.mark.parametrize(
    "wrong",
    [
        'requires-python = "three"',
        'forbidden-packages = [{ name = "a", versions = "old" }]',
        'forbidden-packages = [{ versions = "<1" }]',
        'lock = { poetry = "" }',
        'licenses = ["MIT/X11"]',
        'constraints = { exact = "never" }',
        "names = { module = 'x' }",
        "direct-references = { hg = false }",
        "required-keys = { a = 1 }",
        "reasons = { python = 'x' }",
    ],
)
def test_a_value_that_nobody_understands_is_a_finding(wrong: str) -> None:
    snapshot = Snapshot(f"{PROJECT}[tool.pyproject-ls.policy]\n{wrong}\n", settings=Settings())
    found = [each for each in snapshot.findings if each.path[:2] == ("tool", "pyproject-ls")]
    assert len(found) == 1


def test_layers_add_up() -> None:
    lower = read_policy(
        parse(
            "licenses = ['MIT']\nrequired-groups = ['a']\nnames = {group='a*'}\n"
            "constraints = {exact='forbidden', main = {wildcard=false}}\n"
            "direct-references = false\nlocked-licenses = {allowed=['MIT'], except=['a']}"
        ).root
    )
    upper = read_policy(
        parse(
            "licenses = ['BSD']\nrequired-groups = ['b']\nnames = {extra='e'}\n"
            "constraints = {upper-bound='required'}\ndirect-references = {git=true}\n"
            "locked-licenses = {unknown='report'}"
        ).root
    )
    both = merged(lower, upper)
    assert both.licenses == ("BSD",)
    assert both.required_groups == ("a", "b")
    assert both.names == {"group": "a*", "extra": "e"}
    assert both.styles.anywhere == Style(None, "required", "forbidden")
    assert both.styles.main == Style(wildcard=False)
    assert both.direct_references == {"git": True, "path": False, "url": False}
    assert both.locked_licenses == (("MIT",), (), ("a",), True)
    assert merged(both, NO_POLICY) == both


def test_a_workspace_is_relative_to_the_file_that_names_it(tmp_path: Path) -> None:
    policy = read_policy(parse("workspace = ['libs/*']").root)
    assert placed(policy, "/repo/").workspace == ("/repo/libs/*",)
    (tmp_path / "pyproject-ls.toml").write_text("[policy]\nworkspace = ['libs/*']\n")
    for name, constraint in (("one", ">=1"), ("two", ">=2")):
        (tmp_path / "libs" / name).mkdir(parents=True)
        text = f'{PROJECT}dependencies = ["a{constraint}"]\n'
        (tmp_path / "libs" / name / "pyproject.toml").write_text(text)
    (found,) = analysed(text, tmp_path / "libs" / "two").findings
    assert "`a` in `project.dependencies` has `>=2`, but `../one` has `>=1`" in found.message
    (tmp_path / "libs" / "one" / "pyproject.toml").unlink()
    assert analysed(text, tmp_path / "libs" / "two").findings == []


@pytest.mark.parametrize("text", ["", "[tool.ruff]\n", "[project\n", "[project]\nx = "])
def test_nothing_is_asked_of_what_is_no_project_or_not_whole(text: str, tmp_path: Path) -> None:
    rest = PAGE.read_text("utf-8").split("[policy]\n", 1)[1].split("```", 1)[0]
    (tmp_path / "pyproject-ls.toml").write_text(f"[policy]\n{rest}")
    assert analysed(text, tmp_path).findings == []


HOSTILE = ["*" * 5_000, "[" * 5_000, "[z-a]", "a*" * 2_000 + "b", "(" * 5_000, "\u2028", "]]\\"]


@pytest.mark.parametrize("pattern", HOSTILE, ids=range(len(HOSTILE)))
def test_no_pattern_does_harm(pattern: str, tmp_path: Path) -> None:
    """A pattern is data from elsewhere; the subject is long, too."""
    name, one = "a" * 5_000, f"'{pattern}'"
    text = (
        f'[project]\nname = "{name}"\nlicense = "{"(" * 500}MIT"\nversion = "1.0"\n'
        f'dependencies = ["{name}", "b>=1"]\n'
        '[[tool.poetry.source]]\nname = "x"\nurl = "https://example.org"\n'
        "[tool.pyproject-ls.policy]\n"
        f"forbidden-packages = [{one}, {{ name = 'b', versions = {one}, use = {one} }}]\n"
        f"required-packages = [{one}, {{ name = 'c', versions = {one}, group = {one} }}]\n"
        f"agreed-constraints = {{ b = {one} }}\nworkspace = [{one}]\nallowed-sources = [{one}]\n"
        f"licenses = [{one}]\nrequired-keys = {{ {one} = {one} }}\nrequired-tools = [{one}]\n"
        f"names = {{ project = {one} }}\nrequires-python = {one}\nlock = {{ poetry = {one} }}\n"
        f"reasons = {{ names = {one} }}\n"
    )
    found = analysed(text, tmp_path).findings
    assert found
    for finding in found:
        edits = finding.fix.edits if finding.fix is not None else ()
        assert not parse(apply_edits(text, edits)).problems


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("GPL-3.0-only OR MIT", True),
        ("GPL-3.0-only AND MIT", False),
        ("(MIT OR GPL-3.0-only) AND BSD-3-Clause", True),
        ("MIT OR GPL-3.0-only AND BSD-3-Clause", True),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("BSD-3-Clause WITH LLVM-exception", True),
        ("BSD-4-Clause", False),
        ("MIT AND", False),
        ("", False),
    ],
)
def test_expressions(expression: str, expected: bool) -> None:
    allowed = ("MIT", "BSD-[23]-*", "Apache-2.0 WITH LLVM-exception")
    assert is_permitted(expression, allowed, ("BSD-4-*",)) is expected


@pytest.mark.parametrize(
    ("constraint", "versions", "expected"),
    [
        ("", "<2", ">=2"),
        ("*", "==2", "!=2"),
        (">=1,<3", "<2", ">=2,<3"),
        (">=1,>1.1", "<=2", ">2"),
        (">=1,<3,<4", ">=2", ">=1,<2"),
        ("^1.2", "==1.3", "^1.2,!=1.3"),
        ("==1", "<2", ""),
        ("^1 || ^2", "<2", ""),
        (">=1", ">1,<2", ""),
    ],
)
def test_versions_are_excluded(constraint: str, versions: str, expected: str) -> None:
    assert excluding(constraint, versions) == expected
