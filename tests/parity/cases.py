"""The files on which we are compared with Poetry: the corpus of real ones, and the probes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.shared import SHARED

CORPUS = SHARED / "corpus"
PROBES = SHARED / "oracle" / "probes"


class Case(NamedTuple):
    """A file, whether ``--lock`` is asked for, and Poetry's result for it."""

    name: str
    path: Path
    lock: bool
    result: dict[str, Any]


def recorded(folder: Path) -> Iterator[Case]:
    """The cases with the results that were recorded; corpus files are laid alone into `folder`."""
    corpus = json.loads((CORPUS / "expected.json").read_text("utf-8"))
    probes = json.loads((SHARED / "oracle" / "probes.expected.json").read_text("utf-8"))
    for name, result in corpus.items():
        yield Case(name, staged(name, folder), False, result)
    for name, modes in probes.items():
        for mode, result in modes.items():
            yield Case(name, PROBES / name / "pyproject.toml", "--lock" in mode, result)


def staged(name: str, folder: Path) -> Path:
    """The corpus file `name` as the only file of a folder of its own."""
    target = folder / name / "pyproject.toml"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(CORPUS / name, target)
    return target
