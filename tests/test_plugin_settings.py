"""Plugins: how they are found, and what configures them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pyproject_ls.config import Settings
from pyproject_ls.host import Snapshot
from pyproject_ls.plugins import discovery, known_rules, loading
from tests.plugin_folders import GOOD, PREAMBLE, TEXT, body, found_in, installed, lay_out

SILENT = PREAMBLE.format(name="acme") + body(GOOD)
"""The plugin acme, which has a finding in every project with a name."""


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("toml", "", "codes of built-in rules begin with `toml-`; choose another name"),
        ("Acme", "", "its name is no prefix for codes of rules"),
        ("acme", "not a module!", "its entry point is `not a module!`, which names no module"),
        ("acme", "acme_rules.checks:nothing", "has no attribute 'nothing'"),
        ("acme", "acme_rules.gone", "No module named 'acme_rules.gone'"),
    ],
)
def test_a_wrong_entry_point(name: str, value: str, reason: str, tmp_path: Path) -> None:
    lay_out(tmp_path / "site", name, SILENT, value)
    with installed(tmp_path / "site"):
        (failed,) = [each for each in Snapshot(TEXT).findings if each.code == "plugin-failed"]
        assert reason in failed.message


def test_an_entry_point_may_name_a_function(tmp_path: Path) -> None:
    source = PREAMBLE.format(name="acme") + "def start():\n    check(RULE)(find)\n"
    source += f"def find(context):\n    {GOOD}\n"
    lay_out(tmp_path / "site", "acme", source, "acme_rules.checks:start")
    with installed(tmp_path / "site"):
        assert "acme-rule" in {each.code for each in Snapshot(TEXT).findings}


def test_what_was_imported_before_is_a_plugin_too(tmp_path: Path) -> None:
    lay_out(tmp_path / "site", "acme", SILENT)
    with installed(tmp_path / "site"):
        __import__("acme_rules.checks")
        codes = [each.code for each in Snapshot(TEXT).findings]
        assert codes.count("acme-rule") == 1
        assert "plugin-failed" not in codes


def test_names_are_not_shared(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        lay_out(tmp_path / folder, "acme", SILENT)
    longer = PREAMBLE.format(name="acme-more") + body(GOOD)
    lay_out(tmp_path / "one", "acme-more", longer)
    os.rename(tmp_path / "two/acme_rules-1.0.dist-info", tmp_path / "two/other-1.0.dist-info")
    (tmp_path / "two/other-1.0.dist-info/METADATA").write_text("Name: other\n", encoding="utf-8")
    with installed(tmp_path / "two"), installed(tmp_path / "one"):
        names = [(each.name, each.distribution) for each in discovery.installed()]
        assert names == [
            ("acme", "acme-rules"),
            ("acme", "other"),
            ("acme-more", "acme-more-rules"),
        ]
        findings = Snapshot(TEXT).findings
        assert sum(each.code == "plugin-failed" for each in findings) == 1
        assert {"acme-rule", "acme-more-rule"} <= {each.code for each in findings}


def test_of_one_distribution_the_first_counts(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        lay_out(tmp_path / folder, "acme", SILENT)
    with installed(tmp_path / "two"), installed(tmp_path / "one"):
        assert [each.name for each in discovery.installed()] == ["acme"]


def test_discovery_agrees_with_importlib(tmp_path: Path) -> None:
    from importlib.metadata import entry_points

    lay_out(tmp_path / "site", "acme", PREAMBLE.format(name="acme"), "acme_rules.checks : a.b [x]")
    info = tmp_path / "site" / "old_rules-2.0-py3.11.egg-info"
    info.mkdir()
    text = "[console_scripts]\nx = y:z\n\n[pyproject_ls.checks]\n# why\nold = old_rules\n"
    (info / "entry_points.txt").write_text(text, encoding="utf-8")
    (info / "PKG-INFO").write_text("Name: old-rules\nVersion: 2.0\n\nName: no\n", encoding="utf-8")
    with installed(tmp_path / "site"):
        ours = [
            (each.name, each.module, each.attribute, each.source) for each in discovery.installed()
        ]
        theirs = sorted(
            (each.name, each.module, each.attr or "", f"{each.dist.name} {each.dist.version}")
            for each in entry_points(group=discovery.GROUP)
            if each.dist is not None
        )
        assert ours == theirs
        assert len(ours) == 2


def test_the_project_that_is_checked_cannot_be_a_plugin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path, "acme", "raise SystemExit")
    monkeypatch.chdir(tmp_path)
    for folder in ("", ".", str(tmp_path)):
        monkeypatch.syspath_prepend(folder)
    discovery.installed.cache_clear()
    assert discovery.installed() == ()
    monkeypatch.undo()
    discovery.installed.cache_clear()


# What configures them


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("", ["acme-rule"]),
        ("plugins = true", ["acme-rule"]),
        ("plugins = false", []),
        ("plugins = []", []),
        ('plugins = ["acme"]', ["acme-rule"]),
        ('plugins = ["other"]', ["unknown-plugin"]),
        ("plugins = 5", ["acme-rule", "wrong-type"]),
        ('profile = "poetry"', []),
        ('ignore = ["acme-*"]', []),
        ('ignore = ["acme-rule"]', []),
        ('ignore = ["acme-rul"]', ["acme-rule", "unknown-rule"]),
        ('plugins = false\nignore = ["acme-rul"]', []),
        ('select = ["acme-rule"]', ["acme-rule"]),
        ('severity = { "acme-*" = "hint" }', ["acme-rule"]),
    ],
)
def test_settings(table: str, expected: list[str], tmp_path: Path) -> None:
    text = f'[project]\nname = "demo"\n\n[tool.pyproject-ls]\n{table}\n'
    wanted = {"acme-rule", "plugin-failed", "unknown-plugin", "unknown-rule", "wrong-type"}
    lay_out(tmp_path / "site", "acme", SILENT)
    with installed(tmp_path / "site"):
        findings = [each for each in found_in(text, tmp_path) if each.code in wanted]
        assert sorted(each.code for each in findings) == expected
        if "hint" in table:
            assert findings[0].severity.word == "hint"
        runs = not any(each in table for each in ("false", "[]", "other", "poetry"))
        assert ("acme_rules.checks" in sys.modules) is runs


def test_comments_ignore_their_findings_too(tmp_path: Path) -> None:
    text = "[project]  # pyproject-ls: ignore[acme-rule] ours\nname = 'demo'\n"
    lay_out(tmp_path / "site", "acme", SILENT)
    with installed(tmp_path / "site"):
        codes = {each.code for each in Snapshot(text).findings}
        assert not codes & {"acme-rule", "unused-ignore", "ignore-unknown-rule"}
        off = Snapshot(text, settings=Settings(plugins=False)).findings
        assert "ignore-unknown-rule" not in {each.code for each in off}
    assert "ignore-unknown-rule" in {each.code for each in Snapshot(text).findings}


@pytest.mark.parametrize("table", ["plugins = false", "plugins = []", 'ignore = ["acme-rule"]'])
def test_what_is_demanded_stays(table: str, tmp_path: Path) -> None:
    above = 'overridable = false\nplugins = ["acme"]\nextend-select = ["acme-rule"]\n'
    (tmp_path / "pyproject-ls.toml").write_text(above, encoding="utf-8")
    lay_out(tmp_path / "site", "acme", SILENT)
    with installed(tmp_path / "site"):
        text = f'[project]\nname = "demo"\n\n[tool.pyproject-ls]\n{table}\n'
        codes = {each.code for each in found_in(text, tmp_path)}
        assert {"acme-rule", "override-forbidden"} <= codes


def test_a_folder_that_is_not_trusted_gets_none(tmp_path: Path) -> None:
    lay_out(tmp_path / "site", "acme", "raise SystemExit")
    with installed(tmp_path / "site"):
        found = Snapshot(TEXT, settings=Settings(trusted=False)).findings
        assert "plugin-failed" not in {each.code for each in found}


def test_built_in_rules_are_those_without_plugins(tmp_path: Path) -> None:
    lay_out(tmp_path / "site", "acme", SILENT)
    with installed(tmp_path / "site"):
        assert set(known_rules()) - set(known_rules(False)) == {"acme-rule"}


def test_a_check_without_plugins_imports_nothing_for_them(tmp_path: Path) -> None:
    for number in range(60):
        info = tmp_path / f"other{number}-1.0.dist-info"
        info.mkdir()
        (info / "entry_points.txt").write_text("[console_scripts]\na = b:c\n", encoding="utf-8")
    (tmp_path / "x.toml").write_text(TEXT, encoding="utf-8")
    code = (
        "import sys; from pyproject_ls.cli import main; main(['check', 'x.toml']);"
        "print([n for n in ('importlib.metadata', 'json', 'threading', 'email', 'zipfile',"
        " 'pyproject_ls.plugins.loading', 'pyproject_ls.plugins.running') if n in sys.modules])"
    )
    server = str(Path(loading.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{server}{os.pathsep}{tmp_path}"},
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.splitlines()[-1] == b"[]"
