"""What a Python file defines is found without running it, whatever is in the file."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pyproject_ls.facts import Facts, FileText, PathAt, PathKind, TextOf
from pyproject_ls.features.python_targets import PythonTarget, python_target
from pyproject_ls.host import Snapshot
from pyproject_ls.project.python_source import (
    PythonObject,
    function_at,
    module_docstring,
    objects_of,
)

SOURCE = '''\
"""About the module."""
from .cli import main as other
import os.path
é = 1; run = 2


@click.command()
async def main(a, *, b: int = 3) -> "str":
    """Do it.

    At once.
    """


class App(Base):
    def run(self): pass


try:
    import tomllib
except ImportError:
    tomllib = None
'''


def test_objects() -> None:
    """Functions, classes with their members, variables and imports, with their places."""
    assert module_docstring(SOURCE) == "About the module."
    found = objects_of(SOURCE)
    assert found["main"] == PythonObject(
        "main",
        "function",
        7,
        10,
        "async main(a, *, b: int=3) -> 'str'",
        "Do it.\n\nAt once.",
    )
    assert found["App"] == PythonObject("App", "class", 14, 6, "class App(Base)")
    assert found["App.run"] == PythonObject("App.run", "function", 15, 8, "run(self)")
    assert found["run"] == PythonObject("run", "variable", 3, 7)
    assert found["other"] == PythonObject("other", "import", 1, 17, imported=".cli:main")
    assert found["os"] == PythonObject("os", "import", 2, 7, imported="os")
    assert found["tomllib"].kind == "variable"
    assert function_at(SOURCE, "missing") is None


@pytest.mark.parametrize("end", ["def (", "\0", "(" * 2000, "if a:\n" * 3000, "\t x\n  y"])
def test_half_typed(end: str) -> None:
    """A file that does not parse is searched line by line."""
    found = objects_of(SOURCE + end)
    places = {name: (each.line, each.column) for name, each in found.items()}
    assert places["main"] == (7, 10)
    assert places["App.run"] == (15, 8)
    assert places["é"] == (3, 0)


def test_many_branches() -> None:
    """A chain of conditions longer than Python's stack."""
    chain = "if a == 0:\n    pass\n" + "".join(
        f"elif a == {i}:\n    def f{i}(): pass\n" for i in range(1, 900)
    )
    assert function_at(chain + SOURCE, "main") is not None


def test_any_text() -> None:
    """Cut and changed files: places lie within the file."""
    rng = random.Random(1)
    sources = [path.read_text("utf-8") for path in sorted(Path(__file__).parent.glob("test_*.py"))]
    for _ in range(60):
        text = rng.choice(sources)
        at = rng.randrange(len(text))
        text = (
            text[:at]
            + rng.choice(["", '"""', "\\", "\n", "(", "\f", "\r", "def "])
            + text[at + 3 :]
        )
        lines = text.count("\n") + text.count("\r") + 1
        assert all(each.line < lines and each.column >= 0 for each in objects_of(text).values())


def snapshot(files: dict[str, str], text: str = "") -> Snapshot:
    class Known(Facts):
        def path_kind(self, path: str) -> PathKind:
            return PathKind.FILE if path in files else PathKind.MISSING

    return Snapshot(
        text, Known({TextOf(name): FileText(content) for name, content in files.items()})
    )


def test_imports_in_a_circle() -> None:
    """Two modules that import a name from each other."""
    files = {"a.py": "from b import f\n", "b.py": "from a import f\n"}
    target = python_target(snapshot(files), "a:f")
    assert target is not None
    assert target.path == "a.py"


def test_relative_imports() -> None:
    """From the package's own folder, from the one above, and too far up."""
    files = {
        "pkg/__init__.py": "from .sub import go\n",
        "pkg/sub/__init__.py": "from ..core import go\n",
        "pkg/core.py": "\ndef go(): ...\n",
        "pkg/far.py": "from ....x import go\n",
    }
    go = PythonObject("go", "function", 1, 4, "go()")
    assert python_target(snapshot(files), "pkg:go") == PythonTarget("pkg/core.py", go, "go")
    assert python_target(snapshot(files), "pkg [extra]") == PythonTarget(
        "pkg/__init__.py", None, ""
    )
    far = python_target(snapshot(files), "pkg.far:go")
    assert far is not None
    assert far.path == "pkg/far.py"
    assert python_target(snapshot(files), "pkg..core:go") is None
    assert python_target(snapshot(files), "") is None


def test_waits_for_facts() -> None:
    """Nothing is answered from half of the facts, and what is missing is noted."""
    facts = Facts({PathAt("src/a.py"): PathKind.MISSING})
    waiting = Snapshot("", facts)
    assert python_target(waiting, "a:f") is None
    assert {PathAt("a.py"), PathAt("src/a/__init__.py")} <= facts.wanted
