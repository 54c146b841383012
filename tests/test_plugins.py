"""Plugins as they are installed: the example of ``fixtures/plugins``, wherever it shows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pyproject_ls import plugin
from pyproject_ls.config import Settings
from pyproject_ls.disk import analyse
from pyproject_ls.fixes import fix_all
from tests import pages
from tests.lsp.client import Client, applied
from tests.plugin_folders import PREAMBLE, body, installed, lay_out

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "fixtures" / "plugins" / "acme-rules"
URL = "https://rules.acme.example/{}.html"
TEXT = '[project]\nname = "Rocket"  # ours\nversion = "1.0"\n'
ONLY = ("--select", "acme-*")

NOISY = PREAMBLE.format(name="loud") + body(
    "import os, subprocess, sys, warnings",
    "print('NOISE'); print('NOISE', file=sys.stderr); sys.stdout.buffer.write(b'NOISE')",
    "os.write(1, b'NOISE'); os.write(2, b'NOISE'); warnings.warn('NOISE')",
    "subprocess.run([sys.executable, '-S', '-c', 'print(\"NOISE\")'])",
    "yield RULE.at(Span(0, 1), (), 'heard')",
)
NOISY = f"print('NOISE')\n{NOISY}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which pip has installed the example."""
    folder = tmp_path_factory.mktemp("example")
    shutil.copytree(EXAMPLE, folder / "source")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--disable-pip-version-check"]
    command += ["--target", str(folder / "site"), str(folder / "source")]
    subprocess.run(command, check=True, timeout=120)
    return folder / "site"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a project that breaks both rules."""
    (tmp_path / "pyproject.toml").write_text(TEXT, encoding="utf-8")
    return tmp_path


def run(site: Path, project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command line in `project`, with what is installed in `site`."""
    return subprocess.run(
        [sys.executable, "-c", "from pyproject_ls.cli import entry; entry()", *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "server"), str(site)))},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_check_and_fix(site: Path, project: Path) -> None:
    done = run(site, project, "check")
    assert (done.returncode, done.stderr) == (1, "")
    assert "pyproject.toml:1:1: error[acme-owner] Nobody owns the project" in done.stdout
    assert "pyproject.toml:2:8: warning[acme-shouting-name]" in done.stdout
    done = run(site, project, "check", "--fix", "--ignore", "acme-owner")
    assert done.returncode == 0
    assert "(1 fixed)" in done.stdout
    assert (project / "pyproject.toml").read_text() == TEXT.replace("Rocket", "rocket")


@pytest.mark.parametrize(
    ("arguments", "status", "codes"),
    [
        (ONLY, 1, ["acme-owner", "acme-shouting-name"]),
        (("--select", "acme-shouting-name"), 0, ["acme-shouting-name"]),
        ((*ONLY, "--severity", "acme-owner=hint"), 0, ["acme-owner", "acme-shouting-name"]),
        ((*ONLY, "--jobs", "2"), 1, ["acme-owner", "acme-shouting-name"]),
        ((*ONLY, "--no-plugins"), 0, []),
        ((*ONLY, "--profile", "poetry"), 0, []),
    ],
)
def test_options(
    arguments: tuple[str, ...], status: int, codes: list[str], site: Path, project: Path
) -> None:
    (project / "other").mkdir()
    (project / "other" / "pyproject.toml").write_text(TEXT, encoding="utf-8")
    done = run(site, project, "check", "--format", "json", *arguments, ".")
    assert (done.returncode, done.stderr) == (status, "")
    for file in json.loads(done.stdout)["files"]:
        findings = file["findings"]
        assert [each["code"] for each in findings] == codes
        assert [each["rule"] for each in findings] == [URL.format(code) for code in codes]


def test_sarif(site: Path, project: Path) -> None:
    done = run(site, project, "check", *ONLY, "--format", "sarif", "--jobs", "2")
    (log,) = json.loads(done.stdout)["runs"]
    rules = log["tool"]["driver"]["rules"]
    assert [each["id"] for each in rules] == ["acme-owner", "acme-shouting-name"]
    assert [each["helpUri"] for each in rules] == [URL.format(each["id"]) for each in rules]
    assert rules[0]["help"]["markdown"] == page("acme-owner")
    assert [each["ruleIndex"] for each in log["results"]] == [0, 1]


@pytest.mark.parametrize("form", ["text", "github", "gitlab", "junit", "html"])
def test_every_other_format(form: str, site: Path, project: Path) -> None:
    done = run(site, project, "check", *ONLY, "--format", form)
    assert (done.returncode, done.stderr) == (1, "")
    assert "acme-owner" in done.stdout


def test_a_baseline(site: Path, project: Path) -> None:
    assert run(site, project, "check", *ONLY, "--write-baseline", "b.json").returncode == 0
    done = run(site, project, "check", *ONLY, "--baseline", "b.json")
    assert done.returncode == 0
    assert "2 findings in the baseline left out" in done.stdout


def test_explain_rules_and_config(site: Path, project: Path) -> None:
    done = run(site, project, "explain", "acme-owner")
    assert (done.returncode, done.stdout) == (0, page("acme-owner"))
    assert "did you mean acme-owner?" in run(site, project, "explain", "acme-ower").stderr
    assert run(Path("/"), project, "explain", "acme-owner").returncode == 2
    listed = {line.split()[0]: line for line in run(site, project, "rules").stdout.splitlines()}
    assert "  fix  " in listed["acme-shouting-name"]
    with (project / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write('\n[tool.pyproject-ls]\nplugins = ["acme"]\n')
    values = json.loads(run(site, project, "config", "--format", "json").stdout)
    assert {"key": "plugins", "value": ["acme"], "from": "pyproject.toml:6"} in values["values"]
    assert {"code": "acme-owner", "severity": "error", "from": "default"} in values["rules"]


def test_a_broken_one_on_the_command_line(project: Path) -> None:
    lay_out(project / "site", "acme", "raise RuntimeError('no disk')")
    done = run(project / "site", project, "check", *ONLY)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.count("error[plugin-failed] The plugin `acme` of acme-rules 1.0") == 1
    done = run(project / "site", project, "explain", "acme-owner")
    assert "it raised RuntimeError: no disk" in done.stderr
    done = run(project / "site", project, "rules")
    assert done.returncode == 0
    assert "The plugin `acme` of acme-rules 1.0 cannot be used" in done.stderr


@pytest.mark.parametrize("line", ["import time; time.sleep(600)", "while True: pass"])
def test_one_that_hangs_does_not_keep_the_command(line: str, project: Path) -> None:
    lay_out(project / "site", "acme", PREAMBLE.format(name="acme") + body(line))
    done = run(project / "site", project, "check", *ONLY)
    assert (done.returncode, done.stderr) == (1, "")
    assert "it did not end within 2 seconds" in done.stdout


@pytest.mark.parametrize("form", ["json", "text"])
def test_what_it_prints_is_nowhere(form: str, project: Path) -> None:
    lay_out(project / "site", "loud", NOISY)
    done = run(project / "site", project, "check", "--select", "loud-*", "--format", form)
    assert "heard" in done.stdout
    assert "NOISE" not in done.stdout + done.stderr


def page(code: str) -> str:
    """The page of a rule of the example."""
    return (EXAMPLE / "acme_rules" / "pages" / f"{code}.md").read_text(encoding="utf-8")


# In an editor


def session(site: Path, *also: Path, **settings: object) -> Client:
    """A server with what is installed in `site` and `also`."""
    path = os.pathsep.join(map(str, (ROOT / "server", site, *also)))
    return Client(environment={"PYTHONPATH": path}, settings=settings)


def test_an_editor_may_do_without(site: Path, project: Path) -> None:
    with session(site, plugins=False) as client:
        uri = client.open(project / "pyproject.toml", TEXT)
        assert not [each for each in client.codes(uri) if each.startswith("acme-")]


def test_diagnostic_link_and_fix(site: Path, project: Path) -> None:
    lay_out(project / "site", "loud", NOISY)
    with session(site, project / "site") as client:
        uri = client.open(project / "pyproject.toml", TEXT)
        found: dict[str, Any] = {each["code"]: each for each in client.pull(uri)["items"]}
        assert {"acme-owner", "acme-shouting-name", "loud-rule"} <= found.keys()
        assert found["acme-owner"]["codeDescription"] == {"href": URL.format("acme-owner")}
        file = found["loud-rule"]["codeDescription"]["href"]
        assert file == (project / "site/loud_rules/pages/loud-rule.md").as_uri()
        diagnostic = found["acme-shouting-name"]
        (action,) = [
            each
            for each in client.actions(uri)
            if each["title"] == "Write the name in small letters"
        ]
        assert [each["code"] for each in action["diagnostics"]] == [diagnostic["code"]]
        if "edit" not in action:
            action = client.request("codeAction/resolve", action)
        (change,) = action["edit"]["documentChanges"]
        assert applied(TEXT, change["edits"]) == TEXT.replace("Rocket", "rocket")


def test_completion_and_hover(site: Path, project: Path) -> None:
    text = '[tool.pyproject-ls]\nplugins = ["acme"]\nignore = ["acme-owner"]\n'
    with session(site) as client:
        uri = client.open(project / "pyproject.toml", text)
        for line, column, label, words in (
            (1, 12, "acme", "`acme` · plugin"),
            (2, 12, "acme-owner", "`acme-owner` · rule, error"),
        ):
            position = {"line": line, "character": column}
            hover = client.ask("hover", uri, position=position)
            assert words in hover["contents"]["value"]
            found = client.ask("completion", uri, position=position)
            assert label in [each["label"] for each in found["items"]]


# The API


@pytest.mark.parametrize("code", ["acme-owner", "acme-shouting-name"])
def test_the_pages_of_the_example_are_true(code: str, site: Path, project: Path) -> None:
    path = EXAMPLE / "acme_rules" / "pages" / f"{code}.md"
    settings = Settings(select=frozenset({code}))
    with installed(site):
        for case in pages.read(path).cases:
            snapshot = analyse(case.text, project, settings)
            lines = pages.rendered(case.text, snapshot.findings)
            after, made = fix_all(snapshot, lambda new, _: analyse(new, project, settings))
            fixed = pages.fixed_lines(after.text) if made else None
            if pages.UPDATE:
                pages.rewrite(path, case.name, lines, fixed)
                continue
            assert case.source.lines == lines
            assert (case.fixed.lines if case.fixed else None) == fixed


def test_the_api(site: Path) -> None:
    assert plugin.API_VERSION == 1
    assert all(hasattr(plugin, name) for name in plugin.__all__)
    with installed(site):
        found = plugin.findings_in(TEXT, plugin="acme")
        assert [each.code for each in found] == ["acme-owner", "acme-shouting-name"]
        assert len(plugin.findings_in(TEXT)) > 2
