"""Policies and presets: what the documentation shows is known and does something."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pyproject_ls import arguments
from pyproject_ls.checks.registry import all_rules
from pyproject_ls.cli import main
from pyproject_ls.configuration import NO_POLICY
from pyproject_ls.configuration.policy import merged, read_policy
from pyproject_ls.project.schema.own import OWN, PRESETS
from pyproject_ls.project.schema.own_policy import POLICY
from pyproject_ls.project.schema.validate import faults
from pyproject_ls.toml import Table, parse

PAGE = Path(__file__).parents[1] / "docs" / "policies.md"


def example() -> Table:
    """The file that the page shows."""
    (block,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    document = parse(block)
    assert not document.problems
    return document.root


def test_the_example_has_every_key_and_no_fault() -> None:
    root = example()
    assert faults(OWN, root, (), poetry=False) == []
    policy = root.values["policy"]
    assert isinstance(policy, Table)
    assert set(policy.values) == set(POLICY.fields)
    read = read_policy(policy)
    same = [name for name in read._fields if getattr(read, name) == getattr(NO_POLICY, name)]
    assert same == []


def test_what_is_wrong_is_passed_over() -> None:
    text = "requires-python = 3\nrequired-packages = [1, {}, 'a']\nnames = 'x'\nlock = []\n"
    assert [each.name for each in read_policy(parse(text).root).required_packages] == ["a"]


def test_layers_add_up() -> None:
    lower = read_policy(
        parse("licenses = ['MIT']\nrequired-groups = ['a']\nnames = {group='a*'}").root
    )
    upper = read_policy(
        parse("licenses = ['BSD']\nrequired-groups = ['b']\nnames = {extra='e'}").root
    )
    both = merged(lower, upper)
    assert both.licenses == ("BSD",)
    assert both.required_groups == ("a", "b")
    assert both.names == {"group": "a*", "extra": "e"}
    assert merged(both, NO_POLICY) == both


def test_presets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From the command line, and from the file."""
    file = tmp_path / "pyproject.toml"
    text = '[project]\nname = "demo"\nversion = "1.0+x"\ndependencies = ["a"]\n'

    def codes(*arguments: str) -> set[str]:
        main(["check", str(file), "--format", "json", *arguments])
        (found,) = json.loads(capsys.readouterr().out)["files"]
        return {each["code"] for each in found["findings"]}

    file.write_text(text, "utf-8")
    usual = codes()
    strict = {"floating-version", "python-missing", "not-locked"}
    publish = {"publish-local-version", "publish-no-license", "publish-no-readme"}
    assert codes("--preset", "strict") == usual | strict
    assert codes("--preset", "strict", "--preset", "publish") == usual | strict | publish
    file.write_text(f'{text}[tool.pyproject-ls]\npresets = ["publish"]\n', "utf-8")
    assert codes() == usual | publish
    assert codes("--ignore", "publish-*") == usual


def test_every_preset_has_rules() -> None:
    found = {preset for rule in all_rules().values() for preset in rule.presets}
    assert found == set(PRESETS) == set(arguments.PRESETS)
