"""Whatever stands in a file, checking it ends, in time, with findings that lie within the text."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyproject_ls.config import Settings
from pyproject_ls.disk import analyse
from pyproject_ls.fixes import fix_all
from pyproject_ls.host import Snapshot
from pyproject_ls.project.schema.poetry import POETRY
from pyproject_ls.project.schema.shapes import ListOf, OneOf, Shape, TableForms, TableOf
from pyproject_ls.project.schema.standard import TOP_LEVEL
from pyproject_ls.text import apply_edits
from tests.shared import REPO

VALUES = (
    '""',
    '"x"',
    '"^1.2"',
    '"a b; c"',
    f'">={"1" * 5000},<2"',
    f'["x>={"1" * 5000},<2"]',
    """["x; python_version > '""" + "1" * 5000 + """'"]""",
    '"\\u0000\\U0001F600"',
    "1",
    "-0.5",
    "nan",
    "true",
    "1979-05-27T07:32:00Z",
    "07:32:00",
    "[]",
    '["x", 1, [], {}, true]',
    "[[[1]]]",
    "{}",
    "{ x = 1 }",
    '{ "" = {} }',
    '[{ name = 1 }, { include = [] }, { "include-group" = {} }]',
    "{ version = 1, git = [], markers = {}, extras = 2, source = 3, python = [] }",
    '"""\nmany\nlines\n"""',
    "",
    "= 1",
    "[",
    '"open',
)
"""One value of every kind, well-formed or not."""

DEMO = (REPO / "fixtures" / "projects" / "demo" / "pyproject.toml").read_text("utf-8")


def paths(shape: Shape, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every key that the schema knows, with `x` for a free one."""
    if path:
        yield path
    if isinstance(shape, OneOf):
        shape = shape.table or shape.array or shape
    if isinstance(shape, ListOf):
        yield from ()
    elif isinstance(shape, TableForms):
        for form in (*shape.forms.values(), shape.otherwise):
            yield from paths(form, path)
    elif isinstance(shape, TableOf):
        for name, below in shape.fields.items():
            yield from paths(below, (*path, name))
        if shape.others is not None:
            for name in ("x", '"odd name"'):
                yield from paths(shape.others, (*path, name))


EVERY_PATH = sorted(
    {*paths(TOP_LEVEL)}
    | {("tool", "poetry", *path) for path in paths(POETRY)}
    | {("tool", "poetry")}
)


def is_sound(snapshot: Snapshot) -> None:
    """Assert what holds of any snapshot: places within the text, messages, fixes that apply."""
    end = len(snapshot.text)
    for finding in snapshot.findings:
        assert 0 <= finding.span.start <= finding.span.end <= end, finding
        assert finding.message.strip(), finding
        assert all(0 <= each.span.start <= each.span.end <= end for each in finding.related)
        if finding.fix is not None:
            apply_edits(snapshot.text, finding.fix.edits)


@pytest.mark.parametrize("profile", ["all", "poetry"])
@pytest.mark.parametrize("path", EVERY_PATH, ids=".".join)
def test_any_value_at_any_key(path: tuple[str, ...], profile: str, tmp_path: Path) -> None:
    settings = Settings(profile="poetry" if profile == "poetry" else "all", lock=True)
    for value in VALUES:
        is_sound(analyse(f"{'.'.join(path)} = {value}\n", tmp_path, settings))


def test_any_damage_to_a_real_file(tmp_path: Path) -> None:
    source = random.Random(20261120)
    for _ in range(400):
        text = DEMO
        for _ in range(source.randint(1, 4)):
            start = source.randrange(len(text))
            end = min(len(text), start + source.choice((0, 1, 1, 5, 40)))
            text = (
                text[:start] + source.choice(('"', "[", "}", "=", "\n", "é", "", "x")) + text[end:]
            )
        is_sound(analyse(text, tmp_path))


@pytest.mark.parametrize("cut", range(0, len(DEMO), 7))
def test_a_file_that_is_being_typed(cut: int, tmp_path: Path) -> None:
    is_sound(analyse(DEMO[:cut], tmp_path))


def test_fixes_come_to_an_end(tmp_path: Path) -> None:
    after, made = fix_all(
        analyse(DEMO, tmp_path),
        lambda text, before: analyse(text, tmp_path, facts=before.facts),
        unsafe=True,
    )
    assert made
    assert not [finding for finding in after.findings if finding.fix is not None]
    assert not after.document.problems or len(after.document.problems) <= DEMO.count('"')


LARGE = {
    "ten megabytes": "[tool.x]\n" + "".join(f"key{i} = {i}\n" for i in range(700_000)),
    "one long string": 'x = "' + "a" * 1_900_000 + '"\n',
    "many lines": "[tool.x]\n" + "".join(f"key{i} = {i}\n" for i in range(110_000)),
    "many tables": "".join(f"[tool.x{i}]\n" for i in range(130_000)),
    "one key again and again": "a = 1\n" * 320_000,
    "deep arrays": "x = " + "[" * 100_000 + "]" * 100_000 + "\n",
    "unclosed brackets": "[" * 1_900_000,
    "open strings": 'x = "\n' * 380_000,
    "garbage": "= = = [[ ]\n" * 170_000,
    "dependencies": "[project]\ndependencies = [\n" + '    "package>=1",\n' * 110_000 + "]\n",
    "one package in many groups": "[tool.uv]\n[dependency-groups]\n"
    + "".join(f'g{i} = ["x>={i}"]\n' for i in range(80_000)),
    "one package in one list": "[dependency-groups]\ng = [\n"
    + "".join(f'    "x>={i}",\n' for i in range(120_000))
    + "]\n",
    "control characters": "\x00\x01\x02" * 600_000,
    "one long marker": f'[project]\ndependencies = ["x; {"(" * 100_000}"]\n',
    "one long constraint": f'[tool.poetry.dependencies]\nx = "{">=1," * 100_000}"\n',
    "one long version": f'[project]\nversion = "{"1." * 500_000}"\n',
    "one long glob": f'[project]\nlicense-files = ["{"*/" * 100_000}"]\n',
}


@pytest.mark.parametrize("name", LARGE)
def test_large_input_ends(name: str, tmp_path: Path) -> None:
    start = time.monotonic()
    is_sound(analyse(LARGE[name], tmp_path))
    assert time.monotonic() - start < 60, (
        "far beyond what any machine takes: something is not linear"
    )
