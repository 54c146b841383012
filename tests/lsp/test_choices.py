"""Commands that lack an argument, with nothing but what every editor has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.index_server import IndexServer

from .client import Client, Json, ServerError, at

TEXT = """\
[project]
name = "demo"
version = "1.2.3"
requires-python = ">=3.10"
dependencies = ["pytest>=8"]

[project.optional-dependencies]
http = ["flask>=2,<3"]

[dependency-groups]
test = ["pytest>=8"]
"""
TOOL = "\n[tool.uv]\npackage = false\n"
FINISHED = "pyproject-ls/jobFinished"
PROJECT = {"uri": "file:///path/to/pyproject.toml"}
REFUSED = ServerError({"code": -32601, "message": "what is that?"})


class Person(Client):
    """Somebody with a bare client, who answers questions with what begins with `choice`.

    None closes the question; REFUSED is an editor that cannot ask.
    """

    def __init__(self, **more: Any) -> None:
        self.choice: Any = None
        self.questions: list[Json] = []
        super().__init__({"textDocument": {"publishDiagnostics": {}}}, **more)

    def __enter__(self) -> Person:
        return self

    def _answer(self, message: Json) -> Any:
        if message["method"] != "window/showMessageRequest":
            return super()._answer(message)
        self.questions.append(message["params"])
        if isinstance(self.choice, ServerError):
            raise self.choice
        if not isinstance(self.choice, str):
            return self.choice
        (chosen,) = [each for each in self.offered if each["title"].startswith(self.choice)]
        return chosen

    @property
    def offered(self) -> list[Json]:
        """What could be chosen the last time."""
        offered: list[Json] = self.questions[-1]["actions"]
        return offered

    @property
    def titles(self) -> list[str]:
        """The same, as it is read."""
        return [each["title"] for each in self.offered]

    def run(self, command: str, *arguments: Any) -> Json:
        """Give a command and wait for its outcome."""
        before = len(self.seen(FINISHED))
        params = {"command": f"pyproject-ls.{command}", "arguments": list(arguments)}
        assert self.request("workspace/executeCommand", params) is None
        return self.wait_for(FINISHED, before + 1)

    def refusal(self, command: str, *arguments: Any) -> str:
        """Give a command that is not accepted: why."""
        params = {"command": f"pyproject-ls.{command}", "arguments": list(arguments)}
        with pytest.raises(ServerError) as caught:
            self.request("workspace/executeCommand", params)
        return str(caught.value)


@pytest.fixture(scope="module")
def index() -> Iterator[IndexServer]:
    with IndexServer() as server:
        yield server


@pytest.fixture
def person(tmp_path: Path, index: IndexServer) -> Iterator[Person]:
    url = index.url("/simple/")
    options = {"index": {"url": url, "ranking": index.url("/ranking.json")}}
    environment = {
        "PYPROJECT_LS_OFFLINE": "",
        "PYPROJECT_LS_CACHE_DIR": str(tmp_path / "cache"),
        "HOME": str(tmp_path),
        "PATH": str(tmp_path),  # no tool is there
    }
    with Person(options=options, environment=environment) as person:
        yield person
        assert person.shutdown() == 0


def show(person: Client, folder: Path, text: str = TEXT + TOOL) -> str:
    path = folder / "pyproject.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return person.open(path, text)


@pytest.mark.parametrize(
    ("command", "given", "choice", "titles", "outcome"),
    [
        (
            *("bumpVersion", {}, "minor"),
            ["patch: 1.2.4", "minor: 1.3.0", "major: 2.0.0", "prerelease: 1.2.4a0"],
            'line 3 becomes `version = "1.3.0"`',
        ),
        (
            *("removeDependency", {}, "flask"),
            ["pytest", "flask"],
            "line 8 becomes `http = []`",
        ),
        (
            *("removeDependency", {"name": "pytest"}, "From the group"),
            ["From the main dependencies", "From the group `test`"],
            "line 11 becomes `test = []`",
        ),
        (
            *("removeDependency", {"name": "pytest"}, "From the main"),
            ["From the main dependencies", "From the group `test`"],
            "line 5 becomes `dependencies = []`",
        ),
        (
            *("addDependency", {"name": "attrs", "constraint": ">=23", "group": "?"}, "The group"),
            ["The main dependencies", "The extra `http`", "The group `test`"],
            'line 11 becomes `test = ["pytest>=8", "attrs>=23"]`',
        ),
        (
            *("addDependency", {"name": "attrs", "constraint": ">=23", "group": "?"}, "The main"),
            ["The main dependencies", "The extra `http`", "The group `test`"],
            'line 5 becomes `dependencies = ["pytest>=8", "attrs>=23"]`',
        ),
        (
            *("addDependency", {"name": "attrs", "constraint": ">=23", "extra": "?"}, "The extra"),
            ["The extra `http`"],
            'line 8 becomes `http = ["flask>=2,<3", "attrs>=23"]`',
        ),
        ("export", {}, "pylock", ["requirements.txt", "pylock.toml"], "pyproject-ls.uv.path"),
        (
            *("lock", {"mode": "?"}, "Keep"),
            ["Keep locked versions where possible", "Lock from scratch"],
            "pyproject-ls.uv.path",
        ),
        ("update", {"names": "?"}, "flask", ["All", "pytest", "flask"], "pyproject-ls.uv.path"),
        (
            *("install", {"groups": "?"}, "Also"),
            ["What is installed by default", "Also the group `test`"],
            "pyproject-ls.uv.path",
        ),
        (
            *("install", {"extras": "?"}, "Also"),
            ["What is installed by default", "Also the extra `http`"],
            "pyproject-ls.uv.path",
        ),
        (
            *("install", {"only": "?"}, "What"),
            ["What is installed by default", "Only the group `test`"],
            "pyproject-ls.uv.path",
        ),
        ("install", {"tool": "?"}, "Poetry", ["Poetry", "uv"], "pyproject-ls.poetry.path"),
        ("why", {}, "flask", ["pytest", "flask"], "why `flask`"),
    ],
)
def test_a_choice(
    person: Person,
    tmp_path: Path,
    command: str,
    given: Json,
    choice: str,
    titles: list[str],
    outcome: str,
) -> None:
    uri = show(person, tmp_path)
    person.choice = choice
    found = person.run(command, {"uri": uri, **given})
    assert person.titles == titles
    assert len(person.questions) == 1
    assert person.questions[0]["message"].endswith("?")
    assert outcome in found["message"]
    assert found["uri"] == uri
    assert found["message"] in person.popups

    for nothing in None, {}, {"title": "?"}, "":
        person.choice = nothing if nothing != "" else [1]
        found = person.run(command, {"uri": uri, **given})
        assert found["message"] == f"pyproject-ls.{command} was cancelled; nothing has changed."
        assert (found["ok"], found["changed"]) == (False, False)

    person.choice = REFUSED
    found = person.run(command, {"uri": uri, **given})
    argument = next((name for name, value in given.items() if value == "?"), "")
    assert f"`{argument}" in found["message"]
    assert "is missing; give it as in {" in found["message"]
    assert not found["ok"]


def test_a_version(person: Person, tmp_path: Path) -> None:
    uri = show(person, tmp_path)
    given = {"uri": uri, "name": "requests", "constraint": "?"}
    person.choice = "2.31.0"
    found = person.run("addDependency", given)
    assert person.titles[0] == "The newest that fits the other dependencies"
    assert "requests>=2.31" in found["message"]
    person.choice = "The newest"
    assert "pyproject-ls.uv.path" in person.run("addDependency", given)["message"]
    found = person.run("addDependency", {**given, "name": "no-such-package"})
    assert "give `constraint`" in found["message"]


def test_which_tool(person: Person, tmp_path: Path) -> None:
    uri = show(person, tmp_path, TEXT)
    for choice, path in ("uv", "uv"), ("Poetry", "poetry"):
        person.choice = choice
        found = person.run("lock", {"uri": uri})
        assert f"pyproject-ls.{path}.path" in found["message"]
        assert person.titles == ["Poetry", "uv"]
        assert "pyproject-ls.tool" in person.questions[-1]["message"]
    count = len(person.questions)
    assert "pyproject-ls.uv.path" in person.run("lock", {"uri": uri, "tool": "uv"})["message"]
    assert "one of poetry, uv" in person.refusal("lock", {"uri": uri, "tool": "pdm"})
    assert "knows no `tool`" in person.refusal("why", {"uri": uri, "name": "a", "tool": "uv"})
    assert len(person.questions) == count


def test_what_cannot_be_chosen_is_named(person: Person, tmp_path: Path) -> None:
    """With an example that can be copied."""
    uri = show(person, tmp_path)
    said = person.refusal("addDependency", {"uri": uri})
    assert (
        '`name` is missing; give it as in {"uri": "file:///path/to/pyproject.toml", "name":' in said
    )
    many = ", ".join(f'"package-{number}"' for number in range(40))
    person.replace(uri, TEXT.replace('"pytest>=8"]\n\n[project.', f"{many}]\n\n[project.") + TOOL)
    said = person.refusal("removeDependency", {"uri": uri})
    assert '"name": "package-0"}' in said
    assert "`package-11` and 30 more" in said
    person.replace(uri, '[project]\nname = "demo"\ndynamic = ["version"]\n')
    assert "not written in this file" in person.refusal("bumpVersion", {"uri": uri})
    assert "`name` is missing" in person.refusal("removeDependency", {"uri": uri})
    assert "`name` is missing" in person.refusal("why", {"uri": uri})
    assert person.questions == []


def test_which_project(person: Person, tmp_path: Path) -> None:
    """A list of commands, such as that of Helix, gives no argument at all."""
    nothing: list[list[Any]] = [[], [{}], [None]]
    for arguments in nothing:
        said = person.run("dependencyTree", *arguments)["message"]
        assert "`uri` is missing" in said
    uri = show(person, tmp_path / "one")
    assert person.run("dependencyTree")["uri"] == uri
    assert person.questions == []
    other = show(person, tmp_path / "two", TEXT.replace("demo", "other"))
    person.choice = "other"
    assert person.run("dependencyTree")["uri"] == other
    assert person.titles == [f"demo ({tmp_path / 'one'})", f"other ({tmp_path / 'two'})"]
    person.choice = None
    assert "cancelled" in person.run("dependencyTree")["message"]
    assert "takes one object" in person.refusal("dependencyTree", uri, uri)
    assert "takes one object" in person.refusal("dependencyTree", [uri])


def test_the_one_project_of_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(TEXT, "utf-8")
    with Person(folders=(tmp_path,)) as person:
        assert person.run("dependencyTree")["ok"]
        assert person.questions == []


def test_the_end_while_a_question_is_open(tmp_path: Path) -> None:
    class Silent(Person):
        def _take(self, message: Json) -> None:
            if message.get("method") == "window/showMessageRequest":
                self.questions.append(message["params"])
            else:
                super()._take(message)

    with Silent() as person:
        uri = show(person, tmp_path)
        params = {"command": "pyproject-ls.bumpVersion", "arguments": [{"uri": uri}]}
        person.request("workspace/executeCommand", params)
        person.wait_until(lambda: bool(person.questions))
        assert person.ask("hover", uri, None, position=at(0, 3)["start"])
        assert person.shutdown() == 0


# Code actions instead of questions


@pytest.fixture(scope="module")
def acting(index: IndexServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("project")
    indexes = {"url": index.url("/simple/"), "ranking": ""}
    environment = {"PYPROJECT_LS_OFFLINE": "", "PYPROJECT_LS_CACHE_DIR": str(folder / "cache")}
    options = {"index": indexes, "resolve": "off"}
    with Client(ACTIONS, options=options, environment=environment) as client:
        show(client, folder)
        yield client


ACTIONS: Json = {
    "textDocument": {
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}}
    }
}


@pytest.mark.parametrize(
    ("place", "kind", "titles"),
    [
        ('"flask>=2,<3"', "refactor.rewrite", ["Use `flask` 3.1.0 (`>=3.1`)"]),
        ('"flask>=2,<3"', "source.pyproject-ls.install", ["Install with the extra `http`"]),
        (
            *('test = ["pytest>=8"]', "source.pyproject-ls.install"),
            ["Install with the group `test`", "Install only the group `test`"],
        ),
        ("1.2.3", "refactor.rewrite", ["Bump the version to 1.3.0 (minor)"]),
        ('"flask>=2,<3"', "refactor.move", ["Move `flask` to the group `test`"]),
    ],
)
def test_an_action_for_each_choice(
    acting: Client, place: str, kind: str, titles: list[str]
) -> None:
    (uri,) = acting.texts
    line = next(at for at, each in enumerate(acting.texts[uri].splitlines()) if place in each)
    range_ = at(line, acting.texts[uri].splitlines()[line].index(place[-8:]) + 1)
    acting.ask("inlayHint", uri, range=at(0, 0, 99, 0))  # which waits for the index
    found = [each["title"] for each in acting.actions(uri, range_, {"only": [kind]})]
    assert set(titles) <= set(found)
    automatic = acting.actions(uri, range_, {"triggerKind": 2, "only": ["refactor"]})
    assert not [each for each in automatic if each["title"].startswith("Use ")]
