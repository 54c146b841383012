"""Files of configuration: they hold for the projects below, and are edited themselves."""

from __future__ import annotations

from pathlib import Path

from .client import PULL, Client

TEXT = '[project]\nname = "demo"\nversion = "1.0"\nnaem = "eggs"\n'
CODE = "unknown-field"


def project(tmp_path: Path, configuration: str) -> tuple[Path, Path]:
    """The file of a project, and that of the configuration above it."""
    above = tmp_path / "pyproject-ls.toml"
    above.write_text(configuration, "utf-8")
    (tmp_path / "project").mkdir()
    return tmp_path / "project" / "pyproject.toml", above


def test_a_file_above_is_followed(tmp_path: Path) -> None:
    path, above = project(tmp_path, f'ignore = ["{CODE}"]\n')
    with Client() as client:
        uri = client.open(path, TEXT)
        assert CODE not in client.codes(uri)
        above.write_text("", "utf-8")
        changes = [{"uri": above.as_uri(), "type": 2}]
        client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
        client.wait_for_request("workspace/diagnostic/refresh", 1)
        assert CODE in client.codes(uri)


def test_settings_go_before_it_where_it_allows_that(tmp_path: Path) -> None:
    path, above = project(tmp_path, "overridable = false\n")
    settings = {"ignore": [CODE], "presets": ["publish", "other"]}
    with Client(settings=settings) as client:
        uri = client.open(path, TEXT)
        assert {CODE, "override-forbidden"} <= set(client.codes(uri))
        assert "`pyproject-ls.presets`" in client.popups[0]
    above.write_text("", "utf-8")
    with Client(settings=settings) as client:
        assert CODE not in client.codes(client.open(path, TEXT))


def test_an_untrusted_workspace_fetches_nothing(tmp_path: Path) -> None:
    path, _ = project(tmp_path, f'extend = "https://localhost/x.toml#sha256={"0" * 64}"\n')
    with Client(PULL, options={"trusted": False}) as client:
        items = client.pull(client.open(path, TEXT))["items"]
        assert any("not trusted" in each["message"] for each in items)


def test_the_file_itself_is_edited(tmp_path: Path) -> None:
    with Client() as client:
        uri = client.open(tmp_path / "pyproject-ls.toml", 'profil = "all"\nselect = [""]\n')
        (first, *_) = client.pull(uri)["items"]
        assert first["message"] == "The file has no key `profil`; did you mean `profile`?"
        assert [each["title"] for each in client.actions(uri)] == ["Rename to `profile`"]
        assert not client.ask("codeLens", uri)
        position = {"line": 1, "character": 11}
        found = client.ask("completion", uri, position=position)
        assert "ambiguous-python" in [each["label"] for each in found["items"]]


def test_a_finding_is_ignored_by_a_comment(tmp_path: Path) -> None:
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        actions = client.actions(uri, ignores=True)
        action = next(each for each in actions if CODE in each["title"])
        assert action["title"] == f"Ignore `{CODE}` here"
        assert action["kind"] == "quickfix"
        (change,) = action["edit"]["documentChanges"]
        assert change["edits"][0]["newText"] == f"  # pyproject-ls: ignore[{CODE}] "
