"""What one Python text imports, and how."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from pyproject_ls.facts.usage import UseKind as Kind
from pyproject_ls.usage.source import imports_in, imports_in_notebook

SERVER = Path(__file__).parents[1] / "server"


def kinds(text: str) -> dict[str, Kind]:
    """How each module of `text` is imported; the least kind where there are several."""
    found: dict[str, Kind] = {}
    for each in imports_in(text):
        found[each.module] = min(each.kind, found.get(each.module, each.kind))
    return found


@pytest.mark.parametrize(
    "text",
    [
        "import a",
        "import a.b.c as d",
        "from a.b import (\n    c,  # why\n    d,\n)",
        "from a import *",
        "from a \\\n    import b",
        "import \\\n    a",
        "x = 1; import a",
        "class C:\n    import a",
        "with open(x) as y:\n    import a",
        "for x in y: import a",
        "try:\n    import a\nfinally:\n    pass",
        "try:\n    import a\nexcept ValueError:\n    pass",
        "if __name__ == '__main__':\n    import a",
        "print 'python 2'\nimport a\nexec x",
        "'''\nimport b\n'''\nimport a",
        "x = 'it\\'s' # \"\nimport a",
        "class Broken(:\n    import a",
        "import a, ",
        "s = f'{x!r:>{w}}'\nimport a",
        "s = f'{d['k']}'\nimport a",
        's = """it\'s\\""" + """\nimport a',
    ],
)
def test_needed(text: str) -> None:
    assert kinds(text) == {"a": Kind.NEEDED}


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    import a\nexcept ImportError:\n    pass",
        "try:\n    import a\nexcept (\n    ModuleNotFoundError,\n):\n    pass",
        "try:\n    x()\nexcept KeyError:\n    pass\nexcept:\n    import a",
        "try: import a\nexcept ImportError: a = None",
        "try:\n    if x:\n        def f():\n            import a\nexcept Exception:\n    pass",
        "if sys.version_info < (3, 11):\n    import a",
        "if (\n    x\n    and y\n):\n    import a",
        "if x: import a",
        "if x:\n    pass\nelse:\n    import a",
        "with suppress(ImportError):\n    import a",
        "x = importlib.import_module('a.b')",
        '__import__( "a" )',
        "pytest.importorskip('a')",
    ],
)
def test_optional(text: str) -> None:
    assert kinds(text) == {"a": Kind.OPTIONAL}


def test_later() -> None:
    assert kinds("def f():\n\timport a") == {"a": Kind.LATER}
    assert kinds("class C:\n  async def f():\n    with x:\n      import a") == {"a": Kind.LATER}
    assert kinds("async def f(\n    x,\n):\n    import a\nimport b") == {
        "a": Kind.LATER,
        "b": Kind.NEEDED,
    }


def test_aside() -> None:
    assert kinds("if TYPE_CHECKING:\n    import a") == {"a": Kind.ASIDE}
    assert kinds("if typing.TYPE_CHECKING: import a") == {"a": Kind.ASIDE}
    part = "try:\n    from a.b import c\nexcept ImportError:\n    c = None"
    assert kinds(part) == {"a": Kind.ASIDE}, "an older version may lack the part"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "from . import a",
        "from .a import b",
        "from .. a import b",
        "important = 1",
        "# import a",
        "x = 'import a'",
        '"""\nfrom a import b\n\\"""\nimport c\n"""',
        "raise ValueError from a",
        "yield from a",
        "x.import_a()",
        "import",
        "from a imp",
    ],
)
def test_no_import(text: str) -> None:
    assert kinds(text) == {}


def test_an_import_far_below_its_condition() -> None:
    """Whoever writes so long a block is given the benefit of the doubt."""
    text = "if x:\n" + "    pass\n" * 4000 + "    import a\n"
    assert kinds(text) == {"a": Kind.OPTIONAL}


def test_shared_namespaces_are_told_apart() -> None:
    text = "from google.cloud import storage, bigquery as bq\nimport google.auth.transport.x.y\n"
    found = ["google.cloud.storage", "google.cloud.bigquery", "google.auth.transport.x"]
    assert list(kinds(text)) == found


def test_lines() -> None:
    text = "'''\n\n'''\nimport a\nx = \"\"\"\n\"\"\"\nif x:\n    import b\n"
    assert [(each.module, each.line) for each in imports_in(text)] == [("a", 4), ("b", 8)]


def test_a_notebook() -> None:
    text = '{"source": ["import a.b\\n", "  from c import d"], "x": "import e\\nfrom f import g"}'
    assert [each.module for each in imports_in_notebook(text)] == ["a", "c", "e", "f"]


def test_it_agrees_with_ast() -> None:
    """Over all of our own files, however they are written."""
    for path in sorted(SERVER.rglob("*.py")):
        text = path.read_text("utf-8")
        wanted: set[str] = set()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                wanted |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                wanted.add(node.module.split(".")[0])
        assert {each.module for each in imports_in(text)} >= wanted, path
