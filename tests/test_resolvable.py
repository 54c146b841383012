"""What of a file is new to a resolver, and what is not."""

from __future__ import annotations

import pytest

from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.resolvable import digest_of
from pyproject_ls.toml import parse

FILE = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "demo"
version = "1.0"
description = "A demo"
requires-python = ">=3.9"
dynamic = ["readme"]
dependencies = ["app>=1", "core"]

[project.optional-dependencies]
fast = ["speedups"]

[dependency-groups]
dev = ["checkit"]

[tool.poetry]
packages = [{ include = "demo" }]

[tool.poetry.dependencies]
core = { version = "^1.0", source = "corp" }

[tool.poetry.group.docs.dependencies]
writer = "^2.0"

[[tool.poetry.source]]
name = "corp"
url = "https://corp.example/simple"

[tool.uv]
constraint-dependencies = ["low<2"]
package = true
publish-url = "https://corp.example/upload"

[tool.uv.sources]
app = { path = "../app" }

[tool.black]
line-length = 100
"""


def digest(text: str) -> str | None:
    return digest_of(Manifest(parse(text)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"app>=1"', '"app>=2"'),
        ('"app>=1", ', ""),
        ('">=3.9"', '">=3.10"'),
        ('"speedups"', '"speedups", "more"'),
        ("fast =", "faster ="),
        ('"checkit"', '"checkit>=1"'),
        ('"^1.0"', '"^1.1"'),
        ('source = "corp"', 'optional = true, source = "corp"'),
        ("group.docs", "group.web"),
        ("/simple", "/other"),
        ("packages = ", "package-mode = false\npackages = "),
        ('"low<2"', '"low<3"'),
        ("[tool.uv]\n", '[tool.uv]\noverride-dependencies = ["core==1"]\n'),
        ("[tool.uv]\n", "[tool.uv]\nenvironments = [\"sys_platform == 'linux'\"]\n"),
        ("../app", "../apps"),
        ('["readme"]', '["readme", "dependencies"]'),
        ('"core"]', '"core", 7]'),
        ('"core"]', '"core", "7"]'),
    ],
)
def test_what_matters(old: str, new: str) -> None:
    assert old in FILE
    after = digest(FILE.replace(old, new, 1))
    assert after is not None
    assert after != digest(FILE)


def test_a_number_is_no_string() -> None:
    one, other = FILE.replace('"core"]', '"core", 7]'), FILE.replace('"core"]', '"core", "7"]')
    assert digest(one) != digest(other)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"1.0"', '"2.0"'),
        ('"demo"', '"other"'),
        ("A demo", "Another demo"),
        ('["app>=1", "core"]', "[\n    'app>=1', # why\n    'core',\n]"),
        ('requires = ["hatchling"]', 'requires = ["hatchling>=1"]'),
        ("line-length = 100", "line-length = 88"),
        ('version = "^1.0", source = "corp"', 'source = "corp", version = "^1.0"'),
        ('include = "demo"', 'include = "src"'),
        ("/upload", "/elsewhere"),
        ("fast = ", "\n# a comment\nfast  = "),
        ('["readme"]', '["readme", "version"]'),
        (
            '[dependency-groups]\ndev = ["checkit"]\n',
            'dependency-groups = { dev = ["checkit"] }\n',
        ),
    ],
)
def test_what_does_not(old: str, new: str) -> None:
    assert old in FILE
    text = FILE.replace(old, new, 1)
    if new.startswith("dependency-groups ="):
        text = new + FILE.replace(old, "", 1)
    assert not parse(text).problems
    assert digest(text) == digest(FILE)


def test_the_name_matters_to_a_project_that_needs_itself() -> None:
    text = FILE.replace('"speedups"', '"Demo[fast]"')
    assert digest(text) != digest(text.replace('name = "demo"', 'name = "demos"'))
    assert digest(text) == digest(text.replace('name = "demo"', 'name = "DEMO"'))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[project]\nname = 'demo'\n",
        "[build-system]\nrequires = ['hatchling']\n",
        "[project]\ndependencies = ['core'\n",
        "[project]\ndependencies = ['core']\ndependencies = []\n",
        "project = 3\ntool = []\n",
        "[tool]\npoetry = 3\nuv = 'x'\n",
    ],
)
def test_there_is_nothing_to_resolve(text: str) -> None:
    assert digest(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "[project]\nrequires-python = '>=3.9'\n",
        "[tool.poetry.dependencies]\npython = '^3.9'\n",
        "[project]\ndependencies = [2024-01-01, { a = [[['core']]] }, 'core', 1e400, nan, -0.0]\n",
        "[project.dependencies]\ncore = 1\n[tool.poetry.dependencies]\ncore = 1979-05-27\n",
        "[tool.uv]\ndev-dependencies = ['core\\u0000', 99999999999999999999]\n",
    ],
)
def test_odd_files_have_one_too(text: str) -> None:
    found = digest(text)
    assert found is not None
    assert digest(text + "\n# more\n") == found


def test_it_is_made_once_for_a_manifest(monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = Manifest(parse(FILE))
    found = digest_of(manifest)

    def fails(*arguments: object) -> str:
        raise AssertionError("it is made again")

    monkeypatch.setattr("pyproject_ls.project.resolvable._digest", fails)
    assert digest_of(manifest) == found
