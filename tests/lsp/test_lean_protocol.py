"""lsprotocol as a server imports it: the same classes, made when they are used."""

from __future__ import annotations

import json
import subprocess
import sys

PROGRAM = """
import json, sys
if sys.argv[1] == "lean":
    from pyproject_ls.lsp.lean_protocol import import_lsprotocol
    import_lsprotocol()
import attrs
from lsprotocol import types
from lsprotocol.converters import get_converter

converter = get_converter()
made = [each for each in vars(types).values() if isinstance(each, type)]
made = [each for each in made if isinstance(vars(each).get("__attrs_attrs__"), tuple)]
params = converter.structure(
    {
        "textDocument": {"uri": "file:///a/pyproject.toml"},
        "range": {"start": {"line": 0, "character": 1}, "end": {"line": 2, "character": 3}},
        "context": {"diagnostics": [], "only": ["quickfix", "our.own"], "triggerKind": 1},
    },
    types.CodeActionParams,
)
try:
    types.Position(line=-1, character=0)
except ValueError:
    refused = True
fields = {
    each.__name__: [(one.name, str(one.type), repr(one.default)) for one in attrs.fields(each)]
    for each in types.ALL_TYPES_MAP.values()
    if isinstance(each, type) and attrs.has(each)
}
print(json.dumps([len(made), converter.unstructure(params), refused, fields]))
"""


def run(mode: str) -> tuple[int, object, bool, dict[str, object]]:
    """In a process of its own: what is made at once, a message there and back, and all fields."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, mode], capture_output=True, text=True, check=True
    )
    made, message, refused, fields = json.loads(done.stdout)
    return made, message, refused, fields


def test_classes_are_the_same_but_made_when_they_are_used() -> None:
    made, *plain = run("plain")
    made_at_once, *lean = run("lean")
    assert lean == plain
    assert made > 500
    assert made_at_once < 10
