"""Commands that leave a choice to a person, with the real tools: what was chosen is done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pyproject_ls.project.locked import locked
from tests.lsp.client import Json
from tests.resolver.editor import Editor
from tests.resolver.package_index import PackageIndex
from tests.resolver.real.test_commands import COMMON, SOURCES
from tests.resolver.tools import poetry_environ, tool


class Asked(Editor):
    """An editor whose user takes the choice that begins with `choice`."""

    choice = ""

    def __enter__(self) -> Asked:
        return self

    def _answer(self, message: Json) -> Any:
        if message["method"] != "window/showMessageRequest":
            return super()._answer(message)
        offered = message["params"]["actions"]
        return next(each for each in offered if each["title"].startswith(self.choice))

    def chosen(self, choice: str, command: str, uri: str, **options: Any) -> str:
        """Give a command and choose: its message."""
        self.choice = choice
        outcome = self.run(command, uri, **options)
        assert outcome["ok"], outcome
        message: str = outcome["message"]
        return message


@pytest.mark.parametrize("name", ["poetry", "uv"])
def test_what_is_chosen_is_done(name: str, tmp_path: Path, index: PackageIndex) -> None:
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
    }
    lock = folder / f"{name}.lock"
    with Asked(folder, environ=environ) as editor:
        uri = editor.show(folder)
        editor.chosen("Lock from scratch", "lock", uri, mode="?")
        before = locked(lock.read_text("utf-8"))
        assert {"lantern", "parcel", "courier"} <= before.keys()

        editor.chosen("lantern", "removeDependency", uri)
        assert "lantern" not in editor.texts[uri]
        assert "lantern" not in locked(lock.read_text("utf-8"))

        version = before["lantern"][0].version
        editor.chosen(version, "addDependency", uri, name="lantern", constraint="?")
        number = ".".join(version.split(".")[:2])
        assert f'"lantern>={number}' in editor.texts[uri]
        assert "lantern" in locked(lock.read_text("utf-8"))

        editor.chosen("The group `dev`", "addDependency", uri, name="parcel", group="?")
        editor.chosen("From the group", "removeDependency", uri, name="parcel")
        assert editor.texts[uri].count('"parcel') == 1

        editor.chosen("major: 2.0.0", "bumpVersion", uri)
        assert 'version = "2.0.0"' in editor.texts[uri]
        assert editor.shutdown() == 0
