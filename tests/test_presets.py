"""The presets: groups of rules that are on besides the usual ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pyproject_ls import arguments
from pyproject_ls.checks.registry import all_rules
from pyproject_ls.cli import main
from pyproject_ls.project.schema.own import PRESETS


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
