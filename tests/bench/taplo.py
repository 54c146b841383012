"""taplo as the VS Code extension Even Better TOML runs it: WebAssembly under Node."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from .session import Server

STORE = "https/www.schemastore.org"
_STORE_REFERENCE = re.compile(
    r"(?:https?://(?:json|www)\.schemastore\.org/)?([A-Za-z0-9-]+)\.json(#.*)?"
)


def server(node_modules: Path, schemas: Path | None, work: Path) -> Server:
    """Describe the server; `work` takes a copy of the schemas that needs no network.

    taplo pushes the diagnostics of an edit three times and without a version, and those of a
    fresh file once more a second later. Each edit is followed by a pause, or the next one would
    be credited with the last one's pushes; hence fewer edits.
    """
    schema: dict[str, Any] = {"enabled": False}
    if schemas is not None:
        root = _localise_schemas(schemas / STORE, work)
        associations = {r".*pyproject\.toml$": root}
        schema = {"enabled": True, "catalogs": [], "links": True, "associations": associations}
    settings = {"schema": schema, "taplo": {"configFile": {"enabled": False}}}
    return Server(
        "taplo",
        ("node", str(Path(__file__).with_name("taplo_stdio.cjs"))),
        environment={"NODE_PATH": str(node_modules)},
        settings={"evenBetterToml": settings},
        settle=1.5,
        quiet=0.4,
        open_quiet=2.0,
        edits=10,
        requests=10,
    )


def _localise_schemas(store: Path, folder: Path) -> str:
    """Copy the schemas of `store` with references between files; the URL of pyproject's schema."""
    folder.mkdir(parents=True)
    for path in sorted(store.glob("*.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        if "$id" in schema:
            schema["$id"] = (folder / path.name).as_uri()
        _localise(schema, folder)
        (folder / path.name).write_text(json.dumps(schema), encoding="utf-8")
    return (folder / "pyproject.json").as_uri()


def _localise(node: object, folder: Path) -> None:
    """Point every reference to SchemaStore below `node` at the file of that name in `folder`."""
    if isinstance(node, list):
        for child in node:
            _localise(child, folder)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                match = _STORE_REFERENCE.fullmatch(value)
                if match:
                    node[key] = (folder / f"{match[1]}.json").as_uri() + (match[2] or "")
            elif key != "$id":
                _localise(value, folder)
