"""The commands of the server with the real tools, against the index on loopback."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.lsp.client import Json, ServerError, at
from tests.resolver.editor import FINISHED, TIMEOUT, Editor
from tests.resolver.package_index import PackageIndex
from tests.resolver.tools import poetry_environ, tool

COMMON = """\
[project]
name = "demo"
version = "1.2.3"
requires-python = ">=3.10,<4"
dependencies = [
    "parcel>=1.26,<2",  # kept
    "lantern>=2.3,<3",
]

[dependency-groups]
dev = ["courier>=2.28"]

"""

SOURCES = {
    "poetry": """\
[tool.poetry]
package-mode = false

[[tool.poetry.source]]
name = "local"
url = "{url}"

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
""",
    "uv": """\
[tool.uv]
package = false

[[tool.uv.index]]
url = "{url}"
default = true
""",
}


class Desk(NamedTuple):
    """An editor with a project of one tool."""

    name: str
    editor: Editor
    folder: Path
    uri: str

    @property
    def lock(self) -> Path:
        """Where its lock file is."""
        return self.folder / f"{self.name}.lock"

    @property
    def text(self) -> str:
        """The text in the editor."""
        return self.editor.texts[self.uri]

    def state(self) -> dict[str, bytes]:
        """All files of the project, by name."""
        files = (each for each in self.folder.rglob("*") if each.is_file())
        return {
            str(each.relative_to(self.folder)): each.read_bytes()
            for each in files
            if ".venv" not in each.parts
        }

    def version_of(self, package: str) -> str:
        """The locked version of a package."""
        from pyproject_ls.project.locked import locked

        return locked(self.lock.read_text(encoding="utf-8"))[package][0].version

    def diagnostics(self, code: str) -> list[Json]:
        """The diagnostics with this code."""
        items = self.editor.pull(self.uri, timeout=TIMEOUT)["items"]
        return [each for each in items if each["code"] == code]


@pytest.fixture(scope="module")
def index() -> Iterator[PackageIndex]:
    with PackageIndex() as index:
        yield index


@pytest.fixture(params=["poetry", "uv"])
def desk(request: pytest.FixtureRequest, tmp_path: Path, index: PackageIndex) -> Iterator[Desk]:
    name: str = request.param
    folder = tmp_path / "project"
    folder.mkdir()
    text = COMMON + SOURCES[name].format(url=index.url)
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    environ = {
        **poetry_environ(tmp_path / "tools"),
        "PYPROJECT_LS_POETRY": str(tool("poetry-newest")),
        "PYPROJECT_LS_UV": str(tool("uv")),
        "PYPROJECT_LS_INDEX_URL": index.url,
        "PYPROJECT_LS_CACHE_DIR": str(tmp_path / "cache"),
        "POETRY_VIRTUALENVS_IN_PROJECT": "true",
    }
    with Editor(folder, environ=environ) as editor:
        yield Desk(name, editor, folder, editor.show(folder))
        assert editor.shutdown() == 0


def test_lock_and_its_lens(desk: Desk) -> None:
    editor, uri = desk.editor, desk.uri
    editor.until(lambda: f"no {desk.name}.lock" in editor.lenses(uri), "the lens")
    outcome = editor.run("lock", uri)
    assert outcome["ok"], outcome
    assert outcome["changed"]
    assert desk.version_of("lantern") == "2.3.3"
    editor.notify(
        "workspace/didChangeWatchedFiles",
        {"changes": [{"uri": desk.lock.as_uri(), "type": 1}]},
    )
    fresh = f"{desk.name}.lock is up to date"
    editor.save(uri)
    editor.until(lambda: fresh in editor.lenses(uri), "the fresh lens")
    before = desk.state()
    outcome = editor.run("lock", uri)
    assert (outcome["ok"], outcome["changed"]) == (True, False), outcome
    assert desk.state() == before


def test_unsaved_text_counts_and_a_preview_writes_nothing(desk: Desk) -> None:
    editor, uri = desk.editor, desk.uri
    editor.replace(uri, desk.text.replace("lantern>=2.3,<3", "lantern>=3"))
    before = desk.state()
    outcome = editor.run("previewLock", uri)
    assert outcome["ok"], outcome
    assert desk.state() == before
    preview = editor.shown[-1].read_text(encoding="utf-8")
    assert "lantern" in preview
    assert "3.1.0" in preview
    assert editor.run("lock", uri)["ok"]
    assert desk.version_of("lantern") == "3.1.0"


def test_add_takes_the_newest_version_that_fits(desk: Desk) -> None:
    editor, uri = desk.editor, desk.uri
    outcome = editor.run("addDependency", uri, name="Wick", group="dev")
    assert outcome["ok"], outcome
    assert desk.version_of("wick") == "3.1.3"
    assert 'dev = ["courier>=2.28", "Wick>=3.1"]' in desk.text
    assert '"parcel>=1.26,<2",  # kept' in desk.text
    assert outcome["changed"]


def test_add_and_remove(desk: Desk) -> None:
    editor, uri = desk.editor, desk.uri
    original = desk.text
    outcome = editor.run("addDependency", uri, name="clapper", constraint="<8.1", extras=[])
    assert not outcome["ok"], "lantern 2.3.3 needs clapper 8.1.3"
    assert desk.text == original
    assert not desk.lock.exists()
    outcome = editor.run("addDependency", uri, name="datewise")
    assert outcome["ok"], outcome
    assert "datewise" in desk.text
    outcome = editor.run("removeDependency", uri, name="datewise")
    assert outcome["ok"], outcome
    assert desk.text == original
    assert "datewise" not in desk.lock.read_text(encoding="utf-8")


def test_update_within_constraints_and_raising_them(desk: Desk) -> None:
    editor, uri = desk.editor, desk.uri
    editor.replace(uri, desk.text.replace("courier>=2.28", "courier==2.28.2"))
    assert editor.run("lock", uri)["ok"]
    editor.replace(uri, desk.text.replace("courier==2.28.2", "courier>=2.28"))
    assert editor.run("lock", uri)["ok"]
    assert desk.version_of("courier") == "2.28.2"
    outcome = editor.run("update", uri, names=["courier"])
    assert outcome["ok"], outcome
    assert desk.version_of("courier") == "2.32.3"
    outcome = editor.run("update", uri, names=["courier"])
    assert (outcome["ok"], outcome["changed"]) == (True, False)
    # the index has to have answered before constraints can be raised
    editor.until(lambda: bool(desk.diagnostics("newer-version")), "the newer version")
    outcome = editor.run("update", uri, **{"names": ["lantern"], "raise": True})
    assert outcome["ok"], outcome
    assert desk.version_of("lantern") == "3.1.0"
    assert '"lantern>=3.1,<4"' in desk.text


def test_install_import_and_what_the_lock_tells(desk: Desk) -> None:
    editor, uri = desk.editor, desk.uri
    assert editor.run("lock", uri)["ok"]
    outcome = editor.run("install", uri, groups=["dev"])
    assert outcome["ok"], outcome
    python = desk.folder / ".venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    program = "import lantern, courier; print(lantern.__version__)"
    done = subprocess.run([python, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "2.3.3"
    assert editor.run("dependencyTree", uri)["ok"]
    tree = editor.shown[-1].read_text(encoding="utf-8")
    assert "wick" in tree
    assert editor.run("why", uri, name="safemark")["ok"]
    why = editor.shown[-1].read_text(encoding="utf-8")
    assert "lantern" in why


def test_bump(desk: Desk) -> None:
    outcome = desk.editor.run("bumpVersion", desk.uri, part="minor")
    assert outcome["ok"], outcome
    assert 'version = "1.3.0"' in desk.text


def test_a_conflict_is_shown_and_its_fix_resolves(desk: Desk) -> None:
    editor, uri = desk.editor, desk.uri
    editor.replace(
        uri,
        desk.text.replace("parcel>=1.26,<2", "parcel>=2").replace(
            "courier>=2.28", "courier==2.28.2"
        ),
    )
    editor.save(uri)
    editor.until(lambda: len(desk.diagnostics("resolution-conflict")) == 2, "the conflict")
    outcome = editor.run("lock", uri)
    assert not outcome["ok"]
    assert not desk.lock.exists()
    line = next(at for at, each in enumerate(desk.text.splitlines()) if "courier" in each)

    def fixes() -> list[Json]:
        found = desk.diagnostics("resolution-conflict")
        actions = editor.actions(uri, at(line, 0, line, 60), {"diagnostics": found})
        return [each for each in actions if each["kind"] == "quickfix" and "edit" in each]

    # they are tried after the conflict is shown, and the lock went before that
    editor.until(lambda: bool(fixes()), "a fix that was tried")
    assert editor._apply(fixes()[0]["edit"])
    editor.save(uri)
    editor.until(lambda: not desk.diagnostics("resolution-conflict"), "the end of the conflict")
    assert editor.run("lock", uri)["ok"]


def test_locking_is_the_fix_of_a_stale_lock(desk: Desk) -> None:
    if desk.name == "uv":
        pytest.skip("uv.lock has no hash of the file it was made for")
    editor, uri = desk.editor, desk.uri
    assert editor.run("lock", uri)["ok"]
    editor.replace(uri, desk.text.replace("courier>=2.28", "courier>=2.31"))
    (stale,) = desk.diagnostics("lock-outdated")
    actions = editor.actions(uri, stale["range"], {"diagnostics": [stale]})
    (lock,) = (each for each in actions if each["kind"] == "quickfix" and "command" in each)
    assert lock["diagnostics"][0]["code"] == "lock-outdated"
    before = len(editor.seen(FINISHED))
    command = lock["command"]
    params = {"command": command["command"], "arguments": command["arguments"]}
    editor.request("workspace/executeCommand", params)
    assert editor.wait_for(FINISHED, before + 1, TIMEOUT)["ok"]
    assert not desk.diagnostics("lock-outdated")


def test_what_editors_offer_without_lenses(desk: Desk) -> None:
    editor, uri = desk.editor, desk.uri
    editor.until(lambda: bool(editor.lenses(uri)), "the lens")
    lines = desk.text.splitlines()
    line = next(at for at, each in enumerate(lines) if "lantern" in each)

    def titles() -> set[str]:
        return {each["title"] for each in editor.actions(uri, at(line, 6))}

    always = {
        f"Lock the dependencies ({desk.name})",
        f"Install the dependencies ({desk.name})",
        "Remove `lantern`",
    }
    of_what_is_locked = {
        "Update `lantern` in the lock file",
        "Update all 2 of `project.dependencies` in the lock file",
        "Why is `lantern` locked?",
    }
    assert always <= titles()
    assert not of_what_is_locked & titles()
    assert editor.run("lock", uri)["ok"]
    editor.until(lambda: always | of_what_is_locked <= titles(), "what is about the lock file")


def test_a_conflict_is_found_while_somebody_types(tmp_path: Path, index: PackageIndex) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    text = COMMON + SOURCES["poetry"].format(url=index.url)
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    environ = {
        **poetry_environ(tmp_path / "tools"),
        "PYPROJECT_LS_POETRY": str(tool("poetry-newest")),
    }
    with Editor(folder, environ=environ, settings={"resolve": "type"}) as editor:
        uri = editor.show(folder)
        desk = Desk("poetry", editor, folder, uri)
        editor.replace(uri, text.replace("parcel>=1.26,<2", "parcel>=2").replace("2.28", "2.20"))
        editor.replace(uri, editor.texts[uri].replace("courier>=2.20", "courier==2.20.0"))
        editor.until(lambda: len(desk.diagnostics("resolution-conflict")) == 2, "the conflict")
        assert sorted(each.name for each in folder.iterdir()) == ["pyproject.toml"]


def test_nothing_changes_when_the_text_has_moved_on(desk: Desk) -> None:
    editor, uri = desk.editor, desk.uri
    editor.refuses_edits = True
    before, text = desk.state(), desk.text
    outcome = editor.run("addDependency", uri, name="datewise")
    assert not outcome["ok"]
    assert "again" in outcome["message"]
    assert (desk.state(), desk.text) == (before, text)


def test_a_cancelled_job_leaves_all_as_it_was(desk: Desk, index: PackageIndex) -> None:
    editor, uri = desk.editor, desk.uri
    before = desk.state()
    index.hold()
    try:
        count = editor.start("lock", uri)
        begun = editor.wait_for("$/progress")
        assert begun["value"]["kind"] == "begin"
        assert begun["value"]["cancellable"]
        editor.notify("window/workDoneProgress/cancel", {"token": begun["token"]})
        outcome = editor.wait_for(FINISHED, count + 1, TIMEOUT)
    finally:
        index.release()
    assert not outcome["ok"]
    assert "cancelled" in outcome["message"]
    assert desk.state() == before
    assert editor.run("lock", uri)["ok"]


def test_a_lock_file_that_changed_meanwhile_stays(desk: Desk, index: PackageIndex) -> None:
    editor, uri = desk.editor, desk.uri
    assert editor.run("lock", uri)["ok"]
    editor.replace(uri, desk.text.replace("lantern>=2.3,<3", "lantern>=3"))
    other = desk.lock.read_text(encoding="utf-8") + "# by a second tool\n"
    index.hold()
    try:
        count = editor.start("lock", uri, mode="regenerate")
        editor.wait_for("$/progress", 2)
        deadline = time.monotonic() + 1.0  # long enough for the old one to have been read
        while time.monotonic() < deadline:
            editor.sync()
        desk.lock.write_text(other, encoding="utf-8")
    finally:
        index.release()
    outcome = editor.wait_for(FINISHED, count + 1, TIMEOUT)
    assert not outcome["ok"], outcome
    assert "changed by another program" in outcome["message"]
    assert desk.lock.read_text(encoding="utf-8") == other


@pytest.mark.parametrize(
    ("command", "options", "words"),
    [
        ("lock", {"mode": "fast"}, "keep, regenerate"),
        ("addDependency", {}, "`name` is missing"),
        ("addDependency", {"name": "a\nb"}, "characters that do not show"),
        ("update", {"names": ["--all"]}, "list of names"),
        ("install", {"group": ["dev"]}, "knows no `group`"),
        ("bumpVersion", {"part": "epoch"}, "patch"),
    ],
)
def test_wrong_arguments_are_refused(desk: Desk, command: str, options: Json, words: str) -> None:
    with pytest.raises(ServerError, match=words):
        desk.editor.start(command, desk.uri, **options)


def test_an_untrusted_workspace_runs_nothing(tmp_path: Path, index: PackageIndex) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    text = COMMON + SOURCES["poetry"].format(url=index.url)
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    environ = {**poetry_environ(tmp_path / "tools"), "PYPROJECT_LS_POETRY": "/no/such/program"}
    with Editor(folder, environ=environ, options={"trusted": False}) as editor:
        uri = editor.show(folder)
        editor.until(lambda: any("not trusted" in each for each in editor.lenses(uri)), "the lens")
        outcome = editor.run("lock", uri)
        assert not outcome["ok"]
        assert "not trusted" in outcome["message"]


def test_no_tool_is_told_with_what_to_do(tmp_path: Path, index: PackageIndex) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    text = COMMON + SOURCES["poetry"].format(url=index.url)
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    empty = tmp_path / "bin"
    empty.mkdir()
    environ = {**poetry_environ(tmp_path / "tools"), "PATH": str(empty)}
    with Editor(folder, environ=environ) as editor:
        uri = editor.show(folder)
        outcome = editor.run("lock", uri)
        assert not outcome["ok"]
        assert "pyproject-ls.poetry.path" in outcome["message"]
        assert editor.pull(uri)["kind"] == "full", "everything else goes on working"
