"""The configuration: where its files come from, what they come to, and what is told of it."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from pyproject_ls.checks.finding import Severity
from pyproject_ls.cli import main
from pyproject_ls.config import CACHE_DIR, Settings
from pyproject_ls.configuration.comments import ignores_in
from pyproject_ls.configuration.paths import covers
from pyproject_ls.configuration.target import poetry_target
from pyproject_ls.disk import analyse
from pyproject_ls.facts import (
    ConfigFile,
    ConfigOf,
    Facts,
    FileText,
    InstalledPoetry,
    PathAt,
    PathKind,
    TextOf,
)
from pyproject_ls.features.completion import complete
from pyproject_ls.features.hover import hover
from pyproject_ls.features.ignoring import ignoring
from pyproject_ls.fixes import fix_all
from pyproject_ls.host import Snapshot
from pyproject_ls.index import policies
from pyproject_ls.text import apply_edits
from pyproject_ls.toml import parse

BASE = '[project]\nname = "spam"\nversion = "1"\nnaem = "eggs"\n'
"""A project with one finding, `unknown-field`, a warning."""

POLICY = 'severity = { unknown-field = "error" }\n'
URL = "https://example.com/policy.toml"


def project(folder: Path, text: str = BASE, **files: str) -> Path:
    """A project in `folder`, with `files` beside it (``above`` is one in the folder above)."""
    folder = folder / "work" / "project"
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(text, "utf-8")
    if above := files.pop("above", ""):
        (folder.parent / "pyproject-ls.toml").write_text(above, "utf-8")
    for name, content in files.items():
        (folder / f"{name}.toml").write_text(content, "utf-8")
    return folder


def found(folder: Path, settings: Settings | None = None) -> dict[str, Severity]:
    """The codes of the findings, with their severities."""
    text = (folder / "pyproject.toml").read_text("utf-8")
    return {each.code: each.severity for each in analyse(text, folder, settings).findings}


def own(configuration: str) -> str:
    return f"{BASE}\n[tool.pyproject-ls]\n{configuration}"


# Layers


def test_each_layer_goes_before_those_below(tmp_path: Path) -> None:
    folder = project(
        tmp_path,
        own('extend = "team.toml"\n[tool.pyproject-ls.severity]\nunknown-field = "hint"\n'),
        above='ignore = ["unknown-field"]\n',
        team='extend-select = ["unknown-field"]\nseverity = { "unknown-*" = "error" }\n',
    )
    assert found(folder)["unknown-field"] is Severity.HINT
    (folder / "pyproject.toml").write_text(own('extend = "team.toml"\n'), "utf-8")
    assert found(folder)["unknown-field"] is Severity.ERROR
    (folder / "pyproject.toml").write_text(own(""), "utf-8")
    assert "unknown-field" not in found(folder)
    settings = Settings(extend_select=frozenset({"unknown-field"}))
    assert found(folder, settings)["unknown-field"] is Severity.WARNING


def test_a_layer_that_is_final_keeps_its_rules(tmp_path: Path) -> None:
    folder = project(tmp_path, own('ignore = ["unknown-field"]\n'), above="overridable = false\n")
    assert found(folder)["unknown-field"] is Severity.WARNING
    settings = Settings(ignore=frozenset({"unknown-*"}), profile="poetry")
    assert found(folder, settings)["unknown-field"] is Severity.WARNING
    assert found(folder, settings)["override-forbidden"] is Severity.ERROR


def test_the_project_may_forbid_the_editor_to_override(tmp_path: Path) -> None:
    folder = project(tmp_path, own("overridable = false\n"))
    settings = Settings(severity={"unknown-field": Severity.HINT})
    assert found(folder, settings)["unknown-field"] is Severity.WARNING
    assert "override-forbidden" in found(folder, settings)
    assert "override-forbidden" not in found(folder)


def test_lower_settings_hold_until_something_is_given(tmp_path: Path) -> None:
    folder = project(tmp_path, above='profile = "poetry"\nonline = false\n')
    configuration = analyse(BASE, folder, Settings(online=True)).configuration
    assert (configuration.settings.profile, configuration.settings.online) == ("poetry", False)
    given = Settings(online=True, given=frozenset({"profile", "online"}))
    configuration = analyse(BASE, folder, given).configuration
    assert (configuration.settings.profile, configuration.settings.online) == ("all", True)


@pytest.mark.parametrize(
    ("glob", "path", "is_covered"),
    [
        ("legacy/**", "legacy/pyproject.toml", True),
        ("legacy", "legacy/a/pyproject.toml", True),
        ("legacy/", "legacy/pyproject.toml", True),
        ("./legacy", "legacy/pyproject.toml", True),
        ("leg*", "legacy/pyproject.toml", True),
        ("*", "legacy/a/pyproject.toml", True),
        ("*.toml", "legacy/pyproject.toml", False),
        ("**/a", "legacy/a/pyproject.toml", True),
        ("**/pyproject.toml", "pyproject.toml", True),
        ("legacy/*/b", "legacy/a/c/b/pyproject.toml", False),
        ("[kl]egacy", "legacy/pyproject.toml", True),
        ("[!kl]egacy", "legacy/pyproject.toml", False),
        ("[z-a]", "z/pyproject.toml", False),
        ("leg", "legacy/pyproject.toml", False),
        ("../other/**", "../other/pyproject.toml", True),
    ],
)
def test_globs_of_paths(glob: str, path: str, is_covered: bool) -> None:
    assert covers(glob, path) is is_covered


def test_paths_are_relative_to_the_file_that_names_them(tmp_path: Path) -> None:
    ignores = 'per-path-ignores = { "project/**" = ["unknown-field"], "other" = ["unknown-key"] }\n'
    folder = project(tmp_path, above=ignores)
    assert "unknown-field" not in found(folder)
    (folder / "pyproject.toml").write_text(own('extend = "../shared/team.toml"\n'), "utf-8")
    (folder.parent / "pyproject-ls.toml").unlink()
    (folder.parent / "shared").mkdir()
    (folder.parent / "shared" / "team.toml").write_text(ignores, "utf-8")
    assert "unknown-field" in found(folder)
    (folder.parent / "shared" / "team.toml").write_text(
        ignores.replace("project/**", "../project/**"), "utf-8"
    )
    assert "unknown-field" not in found(folder)


# Packages and addresses


def install(folder: Path, name: str, text: str) -> None:
    """Put a package with a file of configuration into a folder of packages, without running it."""
    packages = folder / ".venv" / "lib" / "python3.12" / "site-packages"
    (packages / name).mkdir(parents=True)
    (packages / name / "__init__.py").write_text("raise SystemExit('imported')\n", "utf-8")
    (packages / name / "pyproject-ls.toml").write_text(text, "utf-8")
    info = packages / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", "utf-8")
    (info / "RECORD").write_text(f"{name}/__init__.py,,\n{name}/pyproject-ls.toml,,\n", "utf-8")


def test_a_package_of_the_project(tmp_path: Path) -> None:
    folder = project(tmp_path, own('extend = "package:Acme.Rules"\n'))
    install(folder, "acme_rules", POLICY)
    assert found(folder)["unknown-field"] is Severity.ERROR
    untrusted = found(folder, Settings(trusted=False))
    assert untrusted["unknown-field"] is Severity.WARNING
    assert untrusted["extend-failed"] is Severity.ERROR


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the cache, which is empty."""
    monkeypatch.setenv(CACHE_DIR, str(tmp_path / "cache"))
    return tmp_path / "cache"


def pinned(text: str) -> str:
    return f"{URL}#sha256={sha256(text.encode()).hexdigest()}"


def test_an_address_is_fetched_once(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project(tmp_path, own(f'extend = "{pinned(POLICY)}"\n'))
    assert found(folder)["extend-failed"] is Severity.ERROR
    asked: list[str] = []

    def download(url: str) -> bytes:
        asked.append(url)
        return POLICY.encode()

    monkeypatch.setattr(policies, "download", download)
    assert main(["config", str(folder), "--fetch"]) == 0
    assert asked == [URL]
    assert found(folder)["unknown-field"] is Severity.ERROR
    assert found(folder, Settings(trusted=False))["extend-failed"] is Severity.ERROR
    (kept,) = (cache / "configuration").iterdir()
    kept.write_text("tampered = true\n", "utf-8")
    assert "extend-failed" in found(folder)


def test_what_has_changed_is_refused(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project(tmp_path, own(f'extend = "{pinned(POLICY)}"\n'))
    monkeypatch.setattr(policies, "download", lambda url: b"overridable = true\n")
    assert main(["config", str(folder), "--fetch"]) == 1
    assert "its content has changed" in capsys.readouterr().err
    assert not cache.exists()


def test_what_cannot_be_fetched(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project(tmp_path, own(f'extend = ["{pinned(POLICY)}", "{URL}"]\n'))
    monkeypatch.setattr(policies, "download", lambda url: "example.com is not there")
    assert main(["config", str(folder), "--fetch"]) == 1
    said = capsys.readouterr().err
    assert "example.com is not there" in said
    assert "is not pinned" in said


def test_the_hash_of_what_is_not_pinned_is_told(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project(tmp_path, own(f'extend = "{URL}"\n'))
    monkeypatch.setattr(policies, "download", lambda url: POLICY.encode())
    main(["config", str(folder), "--fetch"])
    assert f"pin it as {pinned(POLICY)}" in capsys.readouterr().err


def test_chains_and_crowds_end(tmp_path: Path) -> None:
    files = {f"f{n}": f'extend = "f{n + 1}.toml"\n' for n in range(15)}
    folder = project(tmp_path, own('extend = "f0.toml"\n'), **files)
    assert "extend-failed" in found(folder)
    many = ", ".join(f'"f{n}.toml"' for n in range(15))
    for name in files:
        (folder / f"{name}.toml").write_text(f"extend = [{many}]\n", "utf-8")
    assert "extend-failed" in found(folder)


# The target

OLD = """\
[tool.poetry]
name = "old"
version = "1.0"
description = "Before"
authors = ["Ann Author <ann@example.org>"]

[tool.poetry.dependencies]
python = "*"
"""
"""Poetry 1.8 warns of the range of Pythons."""


@pytest.mark.parametrize(
    ("requires", "header", "expected"),
    [
        ("", "", "auto"),
        ("<2", "Poetry 2.1.0 and", "1.8"),
        (">=2.0", "Poetry 1.8.5 and", "2"),
        (">=1.5", "Poetry 1.8.5 and", "1.8"),
        ("", "Poetry 1.8.5 and", "1.8"),
        ("", "Poetry and", "1.8"),
        ("", "Poetry 2.5.1 and", "2"),
        ("", "Poetry 99999999999999999999 and", "2"),
        ("", "Poetry x and", "auto"),
        ("nonsense", "nobody", "auto"),
    ],
)
def test_the_target(requires: str, header: str, expected: str) -> None:
    text = f'[tool.poetry]\nrequires-poetry = "{requires}"\n'
    facts = Facts(
        {
            PathAt("poetry.lock"): PathKind.FILE,
            TextOf("poetry.lock"): FileText(f"# This file is automatically @generated by {header}"),
            InstalledPoetry(): "",
        }
    )
    version, reason = poetry_target(parse(text), facts, Settings())
    assert version == expected
    assert bool(reason) == (expected != "auto")
    assert poetry_target(parse(text), facts, Settings(poetry="1.8")) == ("1.8", "declared")


@pytest.mark.parametrize(("version", "expected"), [("1.8.5", "1.8"), ("2.5.1", "2"), ("", "auto")])
def test_the_target_is_the_poetry_that_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, expected: str
) -> None:
    packages = tmp_path / "tools" / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    script = tmp_path / "tools" / "bin" / "poetry"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\n", "utf-8")
    script.chmod(0o755)
    (packages / "poetry_core-9.0.dist-info").mkdir()
    if version:
        (packages / f"poetry-{version}.dist-info").mkdir()
    monkeypatch.setenv("PATH", str(script.parent))
    monkeypatch.setenv("HOME", str(tmp_path))
    snapshot = analyse('[tool.poetry]\nname = "demo"\n', tmp_path)
    found, reason = poetry_target(snapshot.document, snapshot.facts, Settings())
    assert found == expected
    assert reason == (f"Poetry {version} is installed" if version else "")


@pytest.mark.parametrize(("target", "status"), [("1.8", 1), ("2", 0)])
def test_poetry_1_fails_on_warnings(tmp_path: Path, target: str, status: int) -> None:
    text = OLD + f'\n[tool.pyproject-ls]\npoetry = "{target}"\n'
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    arguments = ["check", "--profile", "poetry", str(tmp_path)]
    assert main(arguments) == status
    assert main([*arguments, "--exit-zero"]) == 0


# Fixes


@pytest.mark.parametrize(
    ("policy", "unsafe", "is_fixed"),
    [
        ("", False, False),
        ("", True, True),
        ("unsafe = true", False, True),
        ('unfixable = ["unknown-*"]', True, False),
        ('unsafe = true\nfixable = ["license-*"]', True, False),
        ('unsafe = true\nfixable = ["unknown-*"]', False, True),
    ],
)
def test_which_fixes_are_made(policy: str, unsafe: bool, is_fixed: bool, tmp_path: Path) -> None:
    text = '[project]\nname = "a"\nversion = "1"\ndescripton = "b"\n'
    text = f"{text}[tool.pyproject-ls.fix]\n{policy}\n"

    def analysed(text: str, _: Snapshot | None = None) -> Snapshot:
        return analyse(text, tmp_path)

    after, _ = fix_all(analysed(text), analysed, unsafe=unsafe)
    assert ("description" in after.text) is is_fixed
    (fix,) = (each.fix for each in analysed(text).findings if each.code == "unknown-field")
    assert fix is not None


# Comments


def ignored(text: str, code: str, folder: Path) -> str:
    """`text` with the comment that ignores the first finding of the rule `code`."""
    snapshot = analyse(text, folder)
    finding = next(each for each in snapshot.findings if each.code == code)
    edit = ignoring(snapshot, finding)
    assert edit is not None
    after = apply_edits(text, [edit])
    assert code not in {each.code for each in analyse(after, folder).findings}
    return after


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (BASE, "unknown-field", 'naem = "eggs"  # pyproject-ls: ignore[unknown-field] '),
        (
            BASE.replace('"eggs"\n', '"eggs" # because\n'),
            "unknown-field",
            'naem = "eggs" # because  # pyproject-ls: ignore[unknown-field] ',
        ),
        (
            BASE.replace('"eggs"\n', '"eggs" # pyproject-ls: ignore[unused-ignore] why\n'),
            "unknown-field",
            'naem = "eggs" # pyproject-ls: ignore[unused-ignore, unknown-field] why',
        ),
        (
            BASE.replace('"eggs"\n', '"""\neggs\n"""\n'),
            "unknown-field",
            "# pyproject-ls: ignore[unknown-field] ",
        ),
        (
            '[project]\nname = "spam"\n',
            "missing-version",
            "[project]  # pyproject-ls: ignore[missing-version] ",
        ),
        (
            BASE.replace('naem = "eggs"', 'keywords = [\n    "a",\n    "a",\n]'),
            "duplicate-keyword",
            '    "a",  # pyproject-ls: ignore[duplicate-keyword] ',
        ),
    ],
)
def test_the_comment_that_ignores(text: str, code: str, line: str, tmp_path: Path) -> None:
    assert line in ignored(text, code, tmp_path).split("\n")


def test_what_cannot_be_ignored(tmp_path: Path) -> None:
    folder = project(tmp_path, 'name = "a"\nname = "b"\n')
    snapshot = analyse('name = "a"\nname = "b"\n', folder)
    assert [ignoring(snapshot, each) for each in snapshot.findings if each.code == "duplicate-key"]
    assert not any(ignoring(snapshot, each) for each in snapshot.findings)


@pytest.mark.parametrize(
    "line",
    [
        "# pyproject-ls: ignore[a,b]",
        "#pyproject-ls:ignore [ a , b ] reason",
        "x = 1 # other words # pyproject-ls: ignore[a b] reason",
    ],
)
def test_how_a_comment_may_be_written(line: str) -> None:
    (comment,) = ignores_in(parse(f"{line}\n"))
    assert [each.pattern for each in comment.codes] == ["a", "b"]
    assert comment.reason in ("", "reason")


@pytest.mark.parametrize(
    "line", ["# pyproject-ls: fix[a]", "# pyproject-ls: ignored", "# ignore[a]"]
)
def test_what_is_no_such_comment(line: str) -> None:
    assert not list(ignores_in(parse(f"{line}\n")))


# The files of configuration themselves


def configuration(text: str, folder: Path) -> Snapshot:
    return analyse(text, folder, Settings(subject="configuration"))


def test_a_file_of_configuration_is_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pyproject-ls.toml"
    path.write_text('profil = "all"\nextend = "nothing.toml"\n', "utf-8")
    assert main(["check", "--format", "json", str(path)]) == 1
    (file,) = json.loads(capsys.readouterr().out)["files"]
    messages = [each["message"] for each in file["findings"]]
    assert any("has no key `profil`; did you mean `profile`?" in each for each in messages)
    assert any("`nothing.toml` cannot be used" in each for each in messages)
    assert not any("tool.pyproject-ls" in each for each in messages)


def test_a_file_of_configuration_is_written_with_help(tmp_path: Path) -> None:
    text = 'profile = ""\nselect = ["lock-missing"]\n\n[]\n'
    snapshot = configuration(text, tmp_path)
    values = complete(snapshot, text.index('""') + 1)
    assert [each.label for each in values.items] == ["all", "poetry"]
    headers = complete(snapshot, text.index("[]") + 1)
    tables = {each.label.rstrip("]") for each in headers.items}
    assert {"severity", "per-path-ignores", "fix", "policy"} <= tables
    assert not {each for each in tables if each.startswith(("tool", "project"))}
    keys = complete(configuration("\n", tmp_path), 0)
    assert "extend" in [each.label for each in keys.items]
    assert "[project]" not in [each.label for each in keys.items]
    text_of_key = hover(snapshot, text.index("select"))
    assert text_of_key is not None
    assert "The only rules to run" in text_of_key.markdown


# What is told


def test_what_is_in_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = project(
        tmp_path,
        own('poetry = "1.8"\nignore = ["unknown-key"]\n'),
        above='profile = "all"\nextend-select = ["python-upper-bound"]\n',
    )
    path = folder / "pyproject.toml"
    assert main(["config", str(path), "--format", "json", "--severity", "unknown-field=hint"]) == 0
    told = json.loads(capsys.readouterr().out)
    values = {(each["key"], str(each["value"])): each["from"] for each in told["values"]}
    assert values["profile", "all"] == "../pyproject-ls.toml:1"
    assert values["online", "False"] == "default"
    assert values["poetry", "1.8"] == f"{path}:7"
    assert values["ignore", "unknown-key"] == f"{path}:8"
    assert values["severity.unknown-field", "hint"] == "command line"
    rules = {each["code"]: (each["severity"], each["from"]) for each in told["rules"]}
    assert rules["python-upper-bound"] == ("information", "../pyproject-ls.toml")
    assert rules["unknown-field"] == ("hint", "command line")
    assert rules["wrong-type"] == ("error", "default")
    assert "unknown-key" not in rules
    assert main(["config", str(path)]) == 0
    assert 'poetry = "1.8"' in capsys.readouterr().out


def test_files_that_are_not_known_yet_are_wanted() -> None:
    snapshot = Snapshot(own('extend = ["package:a", "b.toml"]\n'))
    assert snapshot.configuration.layers[-1].is_own
    assert ConfigOf() in snapshot.facts.wanted
    known = Facts({ConfigOf(): ConfigFile(folder="/work")})
    snapshot = Snapshot(snapshot.text, known)
    assert not snapshot.configuration.troubles
    assert ConfigOf("package:a", allowed=True) in known.wanted


def test_rules_are_explained_where_they_are_named(tmp_path: Path) -> None:
    text = 'ignore = ["unknown-key", "toml-*", "no-rule"]\n[severity]\nunknown-key = "hint"\n'
    snapshot = configuration(text, tmp_path)

    def said(word: str) -> str:
        found = hover(snapshot, text.index(word) + 1)
        return found.markdown if found is not None else ""

    assert "a key that no tool knows" in said("unknown-key")
    assert "a key that no tool knows" in said("unknown-key =")
    assert "toml-syntax" in said("toml-")
    assert "Rules not to run" in said("no-rule")
