"""Earlier runs, from the JSON reports that were kept of them."""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Iterable
from typing import Any

from pyproject_ls.cli import UsageError
from pyproject_ls.report.html.trend import Run


def read_runs(patterns: Iterable[str]) -> list[Run]:
    """The runs in the JSON reports at `patterns` (paths, or globs), in the order of their names.

    Raises UsageError for a file that is no report.
    """
    paths: dict[str, None] = {}
    for pattern in patterns:
        found = sorted(glob.glob(pattern, recursive=True)) if glob.has_magic(pattern) else [pattern]
        paths.update(dict.fromkeys(found))
    return [_run(path) for path in paths]


def _run(path: str) -> Run:
    try:
        with open(path, "rb") as file:
            data: Any = json.load(file)
        summary = data["summary"]
        files, errors, warnings, information, hints = (
            int(summary[each]) for each in ("files", "errors", "warnings", "information", "hints")
        )
    except OSError as error:
        raise UsageError(f"--trend {path}: it cannot be read: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError(f"--trend {path}: it is no report of --format json") from error
    name = os.path.splitext(os.path.basename(path))[0]
    return Run(name, files, errors, warnings, information + hints)
