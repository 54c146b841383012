"""What is said of the team in ``fixtures/teams``: the same bytes, whoever is asked.

The command line's JSON is what counts; what an editor shows is brought into its form: places count
code points from 1, not units of another encoding from 0.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).parents[1] / "fixtures" / "teams"
PROJECTS = ("billing", "legacy", "parcels")
SAID = ROOT / "findings.json"

Json = dict[str, Any]

SEVERITIES = {1: "error", 2: "warning", 3: "information", 4: "hint"}
"""Of the Language Server Protocol."""

Encoding = Literal["utf-8", "utf-16"]

_UNITS: dict[Encoding, tuple[str, int]] = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2)}
"""The codec of each encoding, and the bytes of a unit."""

_SHARED = ("code", "severity", "message", "range", "related")
"""What the command line says and editors show, too; the rest of its JSON is for programs."""


def copied(folder: Path) -> Path:
    """The team's projects and their policy in `folder`, where nothing else configures them."""
    return shutil.copytree(ROOT, folder / "team", ignore=shutil.ignore_patterns("findings.json"))


def of_command_line(output: str) -> str:
    """What ``check --format json`` has said."""
    files = json.loads(output)["files"]
    return _written(
        {
            Path(file["path"]).parent.name: [
                {**{key: each[key] for key in _SHARED}, "related": _related(each["related"])}
                for each in file["findings"]
            ]
            for file in files
        }
    )


def of_editor(shown: Mapping[str, list[Json]], folder: Path, encoding: Encoding = "utf-16") -> str:
    """The diagnostics that an editor shows of each project in `folder`, as LSP has them.

    `encoding` is what the editor and the server have agreed on to count in.
    """
    found: dict[str, list[Json]] = {}
    for name, diagnostics in shown.items():
        lines = (folder / name / "pyproject.toml").read_text("utf-8").split("\n")
        found[name] = [
            {
                "code": each["code"],
                "severity": SEVERITIES[each["severity"]],
                "message": each["message"],
                "range": _range(lines, each["range"], encoding),
                "related": [
                    {"message": it["message"], "range": _range(lines, place["range"], encoding)}
                    for it in each.get("relatedInformation") or ()
                    for place in (it["location"],)
                ],
            }
            for each in diagnostics
        ]
    return _written(found)


def _related(found: list[Json]) -> list[Json]:
    return [{key: each[key] for key in ("message", "range")} for each in found]


def _written(found: Mapping[str, list[Json]]) -> str:
    """One finding a line."""
    return "".join(
        f"{json.dumps({'project': name, **each}, sort_keys=True)}\n"
        for name in PROJECTS
        for each in sorted(found[name], key=_by_place)
    )


def _by_place(finding: Json) -> tuple[Any, ...]:
    start, end = finding["range"]["start"], finding["range"]["end"]
    return (
        *(start["line"], start["column"], end["line"], end["column"]),
        *(finding["code"], finding["message"]),
    )


def _range(lines: list[str], found: Json, encoding: Encoding) -> Json:
    return {side: _place(lines[place["line"]], place, encoding) for side, place in found.items()}


def _place(line: str, place: Json, encoding: Encoding) -> Json:
    codec, size = _UNITS[encoding]
    before = line.encode(codec)[: size * place["character"]].decode(codec)
    return {"line": place["line"] + 1, "column": len(before) + 1}
